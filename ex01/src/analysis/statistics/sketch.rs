//! Where are the quantiles of more numbers than fit into memory?
//!
//! A float's own leading bits, sign, exponent and the first ten digits of the fraction, are the number of its cell:
//! cells as narrow as a thousandth of the value, over the whole range of floats. Counting is exact, so the counts of
//! several threads add up to the same whatever the order. A cell knows its least and its greatest value too: only what
//! lies between the two is unknown, and a cell of equal values hides nothing.
//! The idea is that of HdrHistogram and of DDSketch (Masson, Rim and Lee, 2019).

/// Binary digits of the fraction that a cell is named by.
const DIGITS: u32 = 10;
/// What is shifted away.
const SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - DIGITS;
/// Cells are narrower than this share of the value they hold.
pub const RELATIVE_ERROR: f64 = 1.0 / (1 << DIGITS) as f64;

/// A sign, eleven digits of exponent, ten of fraction: so many cells there are for all floats together.
const CELLS: usize = 1 << (1 + 11 + DIGITS);
/// Cells that share sign and exponent.
const OCTAVE: usize = 1 << DIGITS;
/// Octaves of one sign.
const OCTAVES: usize = 1 << 11;
/// The octave from 1 up to 2: the exponent of 1, without a sign.
const ONE: usize = 1023;

/// A cell on its way: how many values, the largest bits of one, and the largest complement of the bits of one.
///
/// All zero is an empty cell, so that the system gives memory to those only that are used: some 500 KB.
type Slot = [u64; 3];

/// How many values fell into each cell, by their distance from a centre.
pub struct Sketch {
    centre: f64,
    slots: Vec<Slot>,
    counted: u64,
}

/// A cell that holds something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// At least one.
    pub count: u64,
    /// Its least value.
    pub least: f64,
    /// Its greatest value.
    pub greatest: f64,
}

impl Sketch {
    /// Nothing counted yet.
    pub fn new(centre: f64) -> Self {
        Self {
            centre,
            slots: vec![[0; 3]; CELLS],
            counted: 0,
        }
    }

    /// Where its cells are narrowest.
    pub fn centre(&self) -> f64 {
        self.centre
    }

    /// Counts finite numbers.
    pub fn count(&mut self, values: &[f64]) {
        self.counted += values.len() as u64;
        // With the length known, the compiler sees that a number of 22 bits cannot miss.
        let Some(slots) = self.slots.first_chunk_mut::<CELLS>() else {
            return;
        };
        // Around a centre, cells below it include their lower edge as those above it do: bins can be made of them.
        // Around zero that would tell -0.0 from 0.0.
        let tilt = u64::from(self.centre.abs() > 0.0);
        for value in values {
            let bits = (value - self.centre).to_bits();
            let cell = (bits - (bits >> 63 & tilt)) >> SHIFT;
            let [count, most, least] = &mut slots[cell as usize];
            *count += 1;
            if bits > *most {
                *most = bits;
            }
            if !bits > *least {
                *least = !bits;
            }
        }
    }

    /// Takes in what another one counted, around the same centre.
    pub fn merge(&mut self, other: &Self) {
        for range in other.used() {
            for (ours, theirs) in self.slots[range.clone()]
                .iter_mut()
                .zip(&other.slots[range])
            {
                ours[0] += theirs[0];
                ours[1] = ours[1].max(theirs[1]);
                ours[2] = ours[2].max(theirs[2]);
            }
        }
        self.counted += other.counted;
    }

    /// The octaves that hold something.
    ///
    /// Outwards from 1, until every value is found: looking at an octave that was never used makes the system map it.
    fn used(&self) -> Vec<std::ops::Range<usize>> {
        let mut left = self.counted;
        let octaves = (0..=2 * ONE + 1).flat_map(|step| {
            let exponent = if step % 2 == 0 {
                ONE - step / 2
            } else {
                ONE + step / 2 + 1
            };
            [exponent, exponent + OCTAVES]
        });
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

    /// The cells that hold something, in the order of the values.
    pub fn cells(&self) -> Vec<Cell> {
        let slots = self.used().into_iter().flat_map(|range| &self.slots[range]);
        let value = |bits: u64| f64::from_bits(bits) + self.centre;
        let cells = slots.filter(|it| it[0] > 0).map(|&[count, most, least]| {
            let (one, other) = (value(most), value(!least));
            Cell {
                count,
                least: one.min(other),
                greatest: one.max(other),
            }
        });
        let mut cells: Vec<Cell> = cells.collect();
        cells.sort_unstable_by(|one, other| one.least.total_cmp(&other.least));
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(values: &[f64], centre: f64) -> Vec<Cell> {
        let mut sketch = Sketch::new(centre);
        sketch.count(values);
        sketch.cells()
    }

    #[test]
    fn a_cell_of_one_value_hides_nothing() {
        for value in [0.0, 1.0, 0.3, 1024.0, 1e-7, 1e-300, 5e-324, 1e300, f64::MAX] {
            for value in [value, -value] {
                let expected = Cell {
                    count: 3,
                    least: value,
                    greatest: value,
                };
                assert_eq!(cells(&[value; 3], 0.0), [expected]);
            }
        }
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
    fn two_sketches_merge_into_that_of_both() {
        let values: Vec<f64> = (0..10_000).map(|it| f64::from(it - 3000) * 0.37).collect();
        let (mut left, mut right) = (Sketch::new(0.0), Sketch::new(0.0));
        left.count(&values[..1234]);
        right.count(&values[1234..]);
        right.merge(&left);
        assert_eq!(right.cells(), cells(&values, 0.0));
    }
}
