//! Where are the quantiles of more numbers than fit into memory?
//!
//! A float's own leading bits, sign, exponent and the first ten digits of the fraction, are the number of its cell:
//! cells as narrow as a thousandth of the value, over the whole range of floats. Counting is exact, so the counts of
//! several threads add up to the same whatever the order; only the place inside a cell is unknown.
//! The idea is that of HdrHistogram and of DDSketch (Masson, Rim and Lee, 2019).

use std::collections::BTreeMap;

/// Binary digits of the fraction that a cell is named by.
const DIGITS: u32 = 10;
/// What is shifted away.
const SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - DIGITS;
/// Cells are narrower than this share of the value they hold.
pub const RELATIVE_ERROR: f64 = 1.0 / (1 << DIGITS) as f64;

/// A sign, eleven digits of exponent, ten of fraction: so many cells there are for all floats together.
const CELLS: usize = 1 << (1 + 11 + DIGITS);
/// The first cell of the negative numbers.
const NEGATIVE: u32 = 1 << (11 + DIGITS);

/// Cells that share sign and exponent. Their small counters fill a page of memory.
const OCTAVE: u32 = 1 << DIGITS;
/// The octave from 1 up to 2: the exponent of 1, without a sign.
const ONE: u32 = 1023;

/// So many values fit into the small counters before they must be emptied.
const MOST_PENDING: u64 = u32::MAX as u64 - (1 << 24);

/// How many values fell into each cell.
pub struct Sketch {
    /// A counter for every cell there is. The system gives memory to those that are used: some 200 KB.
    near: Vec<u32>,
    /// How many values those counters hold.
    pending: u64,
    /// What they held when they were emptied: octaves in the order of the values, each with its cells in that order.
    full: BTreeMap<i64, Vec<u64>>,
}

/// A cell and the number of values in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// In the order of the values: negative ones below zero.
    pub key: i64,
    /// At least one.
    pub count: u64,
}

impl Cell {
    /// The lower and the upper edge.
    pub fn range(self) -> (f64, f64) {
        let edge = |cell: u64| f64::from_bits(cell << SHIFT).min(f64::MAX);
        match u64::try_from(self.key) {
            Ok(cell) => (edge(cell), edge(cell + 1)),
            Err(_) => (
                -edge(self.key.unsigned_abs()),
                -edge(self.key.unsigned_abs() - 1),
            ),
        }
    }
}

/// The key of a cell: -1 is just below zero.
fn key(cell: u32) -> i64 {
    match cell.checked_sub(NEGATIVE) {
        None => i64::from(cell),
        Some(cell) => -i64::from(cell) - 1,
    }
}

/// The octave of a key, and the place in it: both ascend with the values.
fn place(key: i64) -> (i64, usize) {
    let octave = i64::from(OCTAVE);
    let place = usize::try_from(key.rem_euclid(octave));
    (key.div_euclid(octave), place.unwrap_or_default())
}

/// The cells of numbers in ascending order, without a sketch.
pub fn cells(sorted: &[f64]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for value in sorted {
        let key = key((value.to_bits() >> SHIFT) as u32);
        match cells.last_mut() {
            Some(last) if last.key == key => last.count += 1,
            _ => cells.push(Cell { key, count: 1 }),
        }
    }
    cells
}

impl Sketch {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self {
            near: vec![0; CELLS],
            pending: 0,
            full: BTreeMap::new(),
        }
    }

    /// Counts finite numbers. Three instructions for each: load, shift, increment.
    pub fn count(&mut self, values: &[f64]) {
        if self.pending > MOST_PENDING {
            self.empty();
        }
        self.pending += values.len() as u64;
        // With the length known, the compiler sees that a number of 22 bits cannot miss.
        let Some(near) = self.near.first_chunk_mut::<CELLS>() else {
            return;
        };
        for value in values {
            let cell = (value.to_bits() >> SHIFT) as usize;
            near[cell] += 1;
        }
    }

    /// Takes in what another one counted.
    pub fn merge(&mut self, mut other: Self) {
        other.empty();
        for (octave, theirs) in other.full {
            for (ours, theirs) in self.octave(octave).iter_mut().zip(theirs) {
                *ours += theirs;
            }
        }
    }

    /// The large counters of an octave.
    fn octave(&mut self, octave: i64) -> &mut Vec<u64> {
        self.full
            .entry(octave)
            .or_insert_with(|| vec![0; OCTAVE as usize])
    }

    /// Moves the small counters' contents into the large ones.
    ///
    /// Outwards from 1, until every value is found: looking at an octave that was never used makes the system map it.
    fn empty(&mut self) {
        let mut near = std::mem::take(&mut self.near);
        let octaves = (0..=2 * ONE).flat_map(|step| {
            let exponent = match step % 2 {
                0 => ONE - step / 2,
                _ => ONE + step / 2 + 1,
            };
            [exponent, exponent + NEGATIVE / OCTAVE]
        });
        for octave in octaves {
            if self.pending == 0 {
                break;
            }
            let first = octave * OCTAVE;
            let small = &mut near[first as usize..][..OCTAVE as usize];
            if small.iter().all(|count| *count == 0) {
                continue;
            }
            for (cell, count) in (first..).zip(small) {
                let (octave, place) = place(key(cell));
                self.octave(octave)[place] += u64::from(*count);
                self.pending -= u64::from(std::mem::take(count));
            }
        }
        self.near = near;
    }

    /// The cells that hold something, in the order of the values.
    pub fn cells(&mut self) -> Vec<Cell> {
        self.empty();
        let mut cells = Vec::new();
        for (octave, counts) in &self.full {
            let keys = octave * i64::from(OCTAVE)..;
            let both = keys.zip(counts).filter(|(_, count)| **count > 0);
            cells.extend(both.map(|(key, &count)| Cell { key, count }));
        }
        cells
    }
}

/// The value at a fractional rank, for each of some ascending ranks, in `values` sorted or counted: linear between neighbours.
///
/// `q` of n values is at rank `q × (n - 1)`, counted from 0, as in numpy's default method.
fn between(at: impl Fn(u64) -> f64, count: u64, q: f64) -> f64 {
    let rank = q * super::moments::float(count - 1);
    let whole = rank.floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 <= rank < count"
    )]
    let below = whole as u64;
    let (low, high) = (at(below), at((below + 1).min(count - 1)));
    let step = rank - whole;
    // From the nearer side, as numpy does it.
    match step < 0.5 {
        true => low + (high - low) * step,
        false => high - (high - low) * (1.0 - step),
    }
}

/// A quantile of numbers in ascending order, exactly.
pub fn exact(sorted: &[f64], q: f64) -> f64 {
    let at = |rank: u64| sorted[usize::try_from(rank).unwrap_or(usize::MAX)];
    between(at, sorted.len() as u64, q)
}

/// A quantile of counted numbers: inside a cell they are taken to lie at equal distances.
///
/// Off by no more than the width of a cell: [`RELATIVE_ERROR`] of the value.
pub fn estimate(cells: &[Cell], min: f64, max: f64, q: f64) -> f64 {
    let count = cells.iter().map(|cell| cell.count).sum();
    let at = |rank: u64| {
        let mut below = 0;
        for cell in cells {
            if rank < below + cell.count {
                let (low, high) = cell.range();
                let place = super::moments::float(rank - below) + 0.5;
                let share = place / super::moments::float(cell.count);
                return (low + (high - low) * share).clamp(min, max);
            }
            below += cell.count;
        }
        max
    };
    between(at, count, q)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact values are what is promised")]
mod tests {
    use super::*;

    fn sketch(values: &[f64]) -> Vec<Cell> {
        let mut sketch = Sketch::new();
        sketch.count(values);
        sketch.cells()
    }

    #[track_caller]
    fn check(value: f64) {
        let cells = sketch(&[value]);
        let (low, high) = cells[0].range();
        assert!(low <= value && value <= high, "{value}: {low} to {high}");
        let narrow = (high - low) <= RELATIVE_ERROR * value.abs().max(f64::MIN_POSITIVE);
        assert!(narrow, "{value}: {low} to {high}");
    }

    #[test]
    fn a_value_lies_in_its_cell_and_the_cell_is_narrow() {
        for value in [
            0.0,
            1.0,
            1.5,
            0.3,
            1023.99,
            1024.0,
            1e-7,
            1e-300,
            1e300,
            f64::MAX,
        ] {
            check(value);
            check(-value);
        }
    }

    #[test]
    fn cells_come_in_the_order_of_their_values() {
        let values = [-1e300, -5.0, -1.0, -1e-9, 0.0, 1e-9, 0.5, 2.0, 1e9];
        let cells = sketch(&values);
        assert_eq!(cells.len(), values.len());
        assert_eq!(cells, super::cells(&values));
        for (cell, value) in cells.iter().zip(values) {
            let (low, high) = cell.range();
            assert!(low <= value && value <= high, "{value}: {low} to {high}");
        }
    }

    #[test]
    fn two_sketches_merge_into_that_of_both() {
        let values: Vec<f64> = (0..10_000).map(|it| f64::from(it - 3000) * 0.37).collect();
        let (mut left, mut right) = (Sketch::new(), Sketch::new());
        left.count(&values[..1234]);
        right.count(&values[1234..]);
        right.merge(left);
        assert_eq!(right.cells(), sketch(&values));
    }

    #[test]
    fn an_exact_quantile_is_that_of_numpy() {
        // numpy.quantile([1, 2, 4, 8], …)
        let sorted = [1.0, 2.0, 4.0, 8.0];
        for (q, expected) in [
            (0.0, 1.0),
            (0.25, 1.75),
            (0.5, 3.0),
            (0.75, 5.0),
            (1.0, 8.0),
        ] {
            assert_eq!(exact(&sorted, q), expected);
        }
        assert_eq!(exact(&[7.0], 0.99), 7.0);
    }

    #[test]
    fn an_estimated_quantile_keeps_its_bound() {
        let values: Vec<f64> = (0..50_001)
            .map(|it| f64::from(it) / 1000.0 - 20.0)
            .collect();
        let cells = sketch(&values);
        for q in [0.0, 0.01, 0.05, 0.25, 0.4, 0.5, 0.75, 0.95, 0.99, 1.0] {
            let (seen, real) = (estimate(&cells, -20.0, 30.0, q), exact(&values, q));
            // Zero shares its cell with the smallest floats there are.
            let bound = RELATIVE_ERROR * real.abs() + f64::MIN_POSITIVE;
            assert!((seen - real).abs() <= bound, "{q}: {seen} for {real}");
        }
    }
}
