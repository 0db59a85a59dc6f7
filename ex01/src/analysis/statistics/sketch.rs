//! How are quantiles found if memory cannot hold all numbers?
//!
//! The leading bits of a float are the number of its cell: the sign, the exponent and ten binary digits of the
//! fraction. So a cell is as narrow as a thousandth of its values, over the whole range of floats. Counts are exact,
//! and those of several threads add up to the same in any order. A cell also keeps its least and greatest value: only
//! the values between them are unknown, and a cell of equal values is exact. HdrHistogram and DDSketch (Masson, Rim and
//! Lee, 2019) use the same idea.

use crate::faults::Trouble;

/// Binary digits of the fraction in the number of a cell.
const DIGITS: u32 = 10;
/// How many bits are shifted away.
const SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - DIGITS;
/// A cell is narrower than this share of its values.
pub const RELATIVE_ERROR: f64 = 1.0 / (1 << DIGITS) as f64;

/// The number of cells for all floats together: a sign, eleven digits of exponent, ten of fraction.
const CELLS: usize = 1 << (1 + 11 + DIGITS);
/// Cells with the same sign and exponent.
const OCTAVE: usize = 1 << DIGITS;
/// Octaves of one sign.
const OCTAVES: usize = 1 << 11;
/// The octave from 1 up to 2: the exponent of 1, without a sign.
const ONE: usize = 1023;

/// A cell that counts: how many values, the smallest bits of a value, and how far the largest bits are above them.
///
/// An empty cell is all zero. So the system gives memory only to cells in use, some 500 KB.
type Slot = [u64; 3];

/// How many values are in each cell, by their distance from a centre.
pub struct Sketch {
    centre: f64,
    slots: Vec<Slot>,
    counted: u64,
}

/// Some neighbours in ascending order, like the values in a cell. They are equal, or only the first and the last one are
/// known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// How many there are, at least one.
    pub count: u64,
    /// The first one.
    pub least: f64,
    /// The last one.
    pub greatest: f64,
}

impl Sketch {
    /// Nothing counted yet.
    pub fn new(centre: f64) -> Result<Self, Trouble> {
        // `vec!` would end the program if the system refuses the memory.
        let slots = bytemuck::allocation::try_zeroed_vec(CELLS);
        Ok(Self {
            centre,
            slots: slots.map_err(|()| Trouble::NoMemory(CELLS * size_of::<Slot>()))?,
            counted: 0,
        })
    }

    /// Counts finite numbers.
    pub fn count(&mut self, values: &[f64]) {
        let centre = self.centre;
        if centre.abs() > 0.0 {
            self.add(values, |value| (value - centre).to_bits());
        } else {
            self.add(values, f64::to_bits);
        }
    }

    /// Counts numbers by the bits of their distance from the centre.
    fn add(&mut self, values: &[f64], distance: impl Fn(f64) -> u64) {
        self.counted += values.len() as u64;
        // With a known length, the compiler sees that an index of 22 bits is in range.
        let Some(slots) = self.slots.first_chunk_mut::<CELLS>() else {
            return;
        };
        let mut add = |value| {
            let bits = distance(value);
            let slot = &mut slots[(bits >> SHIFT) as usize];
            let [count, smallest, span] = slot;
            *count += 1;
            // Bits below the smallest wrap around to a very large distance.
            if bits.wrapping_sub(*smallest) > *span {
                widen(slot, bits);
            }
        };
        // Four in one round: a fifth of the time would go into the loop itself.
        let (fours, rest) = values.as_chunks::<4>();
        for four in fours {
            four.iter().copied().for_each(&mut add);
        }
        rest.iter().copied().for_each(add);
    }

    /// Adds the counts of another one around the same centre.
    pub fn merge(&mut self, other: &Self) {
        for range in other.used() {
            for (ours, theirs) in self.slots[range.clone()]
                .iter_mut()
                .zip(&other.slots[range])
            {
                let [count, smallest, span] = *theirs;
                if ours[0] == 0 {
                    *ours = *theirs;
                } else if count > 0 {
                    ours[0] += count;
                    widen(ours, smallest);
                    widen(ours, smallest + span);
                }
            }
        }
        self.counted += other.counted;
    }

    /// The octaves in use.
    ///
    /// It goes outwards from 1 until every value is found: to look at an unused octave makes the system map its memory.
    fn used(&self) -> Vec<std::ops::Range<usize>> {
        let mut left = self.counted;
        let exponents = (0..=ONE).flat_map(|far| [ONE - far, ONE + 1 + far]);
        let octaves = exponents.flat_map(|it| [it, it + OCTAVES]);
        let mut used = Vec::new();
        for octave in octaves {
            if left == 0 {
                break;
            }
            let range = octave * OCTAVE..(octave + 1) * OCTAVE;
            let here: u64 = self.slots[range.clone()].iter().map(|it| it[0]).sum();
            if here > 0 {
                used.push(range);
                left -= here;
            }
        }
        used
    }

    /// The cells in use, in the order of their values.
    pub fn cells(&self) -> Vec<Step> {
        let slots = self.used().into_iter().flat_map(|range| &self.slots[range]);
        let value = |bits: u64| f64::from_bits(bits) + self.centre;
        let cells = slots
            .filter(|it| it[0] > 0)
            .map(|&[count, smallest, span]| {
                let (one, other) = (value(smallest), value(smallest + span));
                Step {
                    count,
                    least: one.min(other),
                    greatest: one.max(other),
                }
            });
        let mut cells: Vec<Step> = cells.collect();
        cells.sort_unstable_by(|one, other| one.least.total_cmp(&other.least));
        cells
    }
}

/// Moves the ends of a cell, so that these bits are between them. The first bits of a cell are both ends.
#[cold]
#[inline(never)]
fn widen([count, smallest, span]: &mut Slot, bits: u64) {
    let largest = if *count == 1 {
        *smallest = bits;
        bits
    } else {
        (*smallest + *span).max(bits)
    };
    *smallest = bits.min(*smallest);
    *span = largest - *smallest;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(values: &[f64], centre: f64) -> Vec<Step> {
        let mut sketch = Sketch::new(centre).unwrap();
        sketch.count(values);
        sketch.cells()
    }

    #[test]
    fn a_cell_of_one_value_is_exact() {
        for value in [0.0, 1.0, 0.3, 1024.0, 1e-7, 1e-300, 5e-324, 1e300, f64::MAX] {
            for value in [value, -value] {
                let expected = Step {
                    count: 3,
                    least: value,
                    greatest: value,
                };
                assert_eq!(cells(&[value; 3], 0.0), [expected]);
            }
        }
    }

    #[test]
    fn a_cell_knows_its_least_and_its_greatest_value_in_any_order() {
        let (low, middle, high) = (1.5, 1.5 + 1e-9, 1.5 + 2e-9);
        for values in [
            [low, middle, high],
            [low, high, middle],
            [middle, low, high],
            [middle, high, low],
            [high, low, middle],
            [high, middle, low],
        ] {
            let expected = |least, greatest| Step {
                count: 3,
                least,
                greatest,
            };
            assert_eq!(cells(&values, 0.0), [expected(low, high)]);
            let below = values.map(|it| -it);
            assert_eq!(cells(&below, 0.0), [expected(-high, -low)]);
            let mut merged = Sketch::new(0.0).unwrap();
            for value in values {
                let mut one = Sketch::new(0.0).unwrap();
                one.count(&[value]);
                merged.merge(&one);
            }
            assert_eq!(merged.cells(), [expected(low, high)]);
        }
        // The smallest cell is the one whose bits are all zero.
        assert_eq!(cells(&[5e-324, 0.0], 0.0)[0].least.to_bits(), 0);
        assert_eq!(cells(&[5e-324], 0.0)[0].least.to_bits(), 1);
    }

    #[test]
    fn cells_are_narrow_and_come_in_the_order_of_their_values() {
        let values: Vec<f64> = (-5000..5000).map(|it| f64::from(it) * 0.0137).collect();
        let cells = cells(&values, 0.0);
        assert!(cells.len() > 3000);
        for pair in cells.windows(2) {
            assert!(pair[0].greatest < pair[1].least, "{pair:?}");
        }
        for cell in &cells {
            assert!(cell.greatest - cell.least <= RELATIVE_ERROR * cell.greatest.abs());
        }
        let counted: u64 = cells.iter().map(|it| it.count).sum();
        assert_eq!(counted, 10_000);
    }

    #[test]
    fn around_a_centre_cells_are_as_narrow_as_the_distance_from_it() {
        let values: Vec<f64> = (0..1000).map(|it| 1e9 + f64::from(it) / 512.0).collect();
        for cell in cells(&values, 1e9) {
            assert!(cell.greatest - cell.least <= RELATIVE_ERROR * (cell.greatest - 1e9));
            assert!(values.contains(&cell.least) && values.contains(&cell.greatest));
        }
    }

    #[test]
    fn two_sketches_merge_into_one_of_both() {
        let values: Vec<f64> = (0..10_000).map(|it| f64::from(it - 3000) * 0.37).collect();
        let (mut left, mut right) = (Sketch::new(0.0).unwrap(), Sketch::new(0.0).unwrap());
        left.count(&values[..1234]);
        right.count(&values[1234..]);
        right.merge(&left);
        assert_eq!(right.cells(), cells(&values, 0.0));
    }
}
