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

/// Cells that have a counter of their own, for each sign: from 2^-22 to 2^10, where nearly all values lie.
const NEAR: u64 = 32 << DIGITS;
/// The cell of 2^-22.
const FIRST: u64 = (1023 - 22) << DIGITS;

/// So many values fit into the small counters before they must be emptied.
const MOST_PENDING: u64 = u32::MAX as u64 - (1 << 24);

/// How many values fell into each cell.
pub struct Sketch {
    /// Small counters, half the cache of large ones: positive values, then negative ones.
    near: Vec<u32>,
    /// What the small counters held when they were emptied.
    full: Vec<u64>,
    /// How many values the small counters hold.
    pending: u64,
    /// The cells that few values need.
    far: BTreeMap<i64, u64>,
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
fn key(cell: u64, negative: bool) -> i64 {
    let key = i64::try_from(cell).unwrap_or(i64::MAX);
    if negative { -key - 1 } else { key }
}

impl Sketch {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let cells = usize::try_from(2 * NEAR).unwrap_or(0);
        Self {
            near: vec![0; cells],
            full: vec![0; cells],
            pending: 0,
            far: BTreeMap::new(),
        }
    }

    /// Counts finite numbers.
    pub fn count(&mut self, values: &[f64]) {
        if self.pending > MOST_PENDING {
            self.empty();
        }
        self.pending += values.len() as u64;
        for value in values {
            let bits = value.to_bits();
            let cell = (bits << 1) >> (SHIFT + 1);
            let near = cell.wrapping_sub(FIRST);
            if near < NEAR {
                #[expect(clippy::cast_possible_truncation, reason = "below 2^16")]
                let place = (near + (bits >> 63) * NEAR) as usize;
                self.near[place] += 1;
            } else {
                *self.far.entry(key(cell, bits >> 63 == 1)).or_default() += 1;
            }
        }
    }

    /// Takes in what another one counted.
    pub fn merge(&mut self, mut other: Self) {
        self.empty();
        other.empty();
        for (ours, theirs) in self.full.iter_mut().zip(&other.full) {
            *ours += theirs;
        }
        for (key, count) in other.far {
            *self.far.entry(key).or_default() += count;
        }
    }

    /// Moves the small counters' contents into the large ones.
    fn empty(&mut self) {
        if self.pending > 0 {
            for (full, near) in self.full.iter_mut().zip(&mut self.near) {
                *full += u64::from(std::mem::take(near));
            }
            self.pending = 0;
        }
    }

    /// The cells that hold something, in the order of the values.
    pub fn cells(&mut self) -> Vec<Cell> {
        self.empty();
        let mut cells: Vec<Cell> = self
            .far
            .iter()
            .map(|(key, count)| Cell {
                key: *key,
                count: *count,
            })
            .collect();
        for (place, count) in (0..).zip(&self.full).filter(|(_, count)| **count > 0) {
            cells.push(Cell {
                key: key(FIRST + place % NEAR, place >= NEAR),
                count: *count,
            });
        }
        cells.sort_unstable_by_key(|cell| cell.key);
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
