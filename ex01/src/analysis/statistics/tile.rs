//! What is computed from a few thousand points while they are in the processor's nearest cache?
//!
//! This is the smallest step of the analysis, and the only one whose cost grows with every point.

use ndarray::{ArrayView1, ArrayViewMut1, Zip};

use super::moments::{self, Moments, Splitter};
use super::sum::Sum;
use crate::results::Bucket;

/// Points per tile. With them, the three columns and the counters in use fit into the cache.
pub const TILE: usize = 2048;

/// How many activities there are: 0 to 9.
pub const ACTIVITIES: usize = 10;

/// Risk of the points with one activity, before it goes into a table.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GroupSum {
    pub count: u64,
    pub sum: Sum,
    /// At least 0, as every risk is.
    pub max: f64,
}

impl GroupSum {
    /// Adds the points of another one.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum.merge(other.sum);
        self.max = self.max.max(other.max);
    }
}

/// Up to [`TILE`] points: two columns that are given, and a third one that is computed from them.
pub struct Tile {
    signal: Vec<f64>,
    activity: Vec<u8>,
    risk: Vec<f64>,
    /// The smallest and the largest risk.
    extremes: (f64, f64),
    length: usize,
}

impl Tile {
    /// No points yet.
    pub fn new() -> Self {
        Self {
            signal: vec![0.0; TILE],
            activity: vec![0; TILE],
            risk: vec![0.0; TILE],
            extremes: moments::extremes(&[]),
            length: 0,
        }
    }

    /// Takes the next points. `write` may fill both columns of a whole tile, but only the first `length` points count.
    pub fn fill(&mut self, length: usize, write: impl FnOnce(&mut [f64], &mut [u8])) {
        write(&mut self.signal, &mut self.activity);
        self.compute(length.min(TILE));
    }

    /// risk = |signal| + 0.2 × activity, point by point.
    fn compute(&mut self, length: usize) {
        self.length = length;
        Zip::from(ArrayViewMut1::from(&mut self.risk[..length]))
            .and(ArrayView1::from(&self.signal[..length]))
            .and(ArrayView1::from(&self.activity[..length]))
            .for_each(|risk, signal, activity| *risk = signal.abs() + 0.2 * f64::from(*activity));
        self.extremes = moments::extremes(self.risk());
    }

    pub fn signal(&self) -> &[f64] {
        &self.signal[..self.length]
    }

    pub fn activity(&self) -> &[u8] {
        &self.activity[..self.length]
    }

    pub fn risk(&self) -> &[f64] {
        &self.risk[..self.length]
    }

    /// Adds count, sum and maximum of risk for each activity to groups of earlier points. Returns the moments of risk,
    /// whose sum comes from the groups.
    ///
    /// Four tables take turns, so an addition need not wait for the one before.
    pub fn group(&self, groups: &mut [GroupSum; ACTIVITIES]) -> Moments {
        let splitter = Splitter::new(self.extremes.1);
        let mut counts = [[0_u64; 16]; 4];
        let mut sums = [[[0.0; 2]; 16]; 4];
        let mut tops = [f64::INFINITY; 16];
        for (top, group) in tops.iter_mut().zip(&*groups) {
            *top = group.max;
        }
        let mut add = |table: usize, activity: u8, risk: f64| {
            let row = usize::from(activity & 15);
            counts[table][row] += 1;
            let (high, low) = splitter.split(risk);
            sums[table][row][0] += high;
            sums[table][row][1] += low;
            if risk > tops[row] {
                raise(&mut tops[row], risk);
            }
        };
        let (activities, last) = self.activity().as_chunks::<4>();
        let (risks, last_risks) = self.risk().as_chunks::<4>();
        for (activity, risk) in activities.iter().zip(risks) {
            for table in 0..4 {
                add(table, activity[table], risk[table]);
            }
        }
        for (activity, risk) in last.iter().zip(last_risks) {
            add(0, *activity, *risk);
        }
        let mut sum = Sum::default();
        for (row, group) in groups.iter_mut().enumerate() {
            let (mut high, mut low) = (0.0, 0.0);
            for table in 0..4 {
                group.count += counts[table][row];
                high += sums[table][row][0];
                low += sums[table][row][1];
            }
            group.max = tops[row];
            group.sum.merge(Sum::of(high, low));
            sum.merge(Sum::of(high, low));
        }
        Moments::with_sum(self.risk(), sum, self.extremes)
    }

    /// Risk in buckets of `size` points, for the picture. If the bucket is the whole tile, its moments are known
    /// already.
    pub fn buckets(&self, size: u64, whole: &Moments) -> Vec<Bucket> {
        let size = usize::try_from(size).unwrap_or(TILE);
        if size >= TILE {
            return vec![Bucket {
                count: whole.count,
                sum: whole.sum.value(),
                min: whole.min,
                max: whole.max,
            }];
        }
        let parts = self.risk().chunks(size).map(|part| {
            let (min, max) = moments::extremes(part);
            Bucket {
                count: part.len() as u64,
                sum: part.iter().sum(),
                min,
                max,
            }
        });
        parts.collect()
    }
}

/// A new maximum. It is rare after the first few points: the caller's loop stays short without it.
#[cold]
#[inline(never)]
fn raise(top: &mut f64, risk: f64) {
    *top = risk;
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values must be exact")]
mod tests {
    use super::*;

    fn tile(signal: &[f64], activity: &[u8]) -> Tile {
        let mut tile = Tile::new();
        tile.fill(signal.len(), |signals, activities| {
            signals[..signal.len()].copy_from_slice(signal);
            activities[..activity.len()].copy_from_slice(activity);
        });
        tile
    }

    fn groups(tile: &Tile) -> [GroupSum; ACTIVITIES] {
        let mut groups = Default::default();
        tile.group(&mut groups);
        groups
    }

    #[test]
    fn risk_is_the_distance_of_the_signal_plus_a_fifth_of_the_activity() {
        let tile = tile(&[1.5, -1.5, 0.0], &[0, 5, 9]);
        assert_eq!(tile.risk(), [1.5, 2.5, 0.2 * 9.0]);
    }

    /// 1003 points of all activities.
    fn many() -> Tile {
        let activity: Vec<u8> = (0..=9).cycle().step_by(7).take(1003).collect();
        let signal: Vec<f64> = (0..1003).map(|it| f64::from(it * 31 % 101)).collect();
        tile(&signal, &activity)
    }

    #[test]
    fn groups_agree_with_a_plain_loop() {
        let tile = many();
        for (row, group) in groups(&tile).iter().enumerate() {
            let pairs = tile.activity().iter().zip(tile.risk());
            let of_row = pairs.filter(|(it, _)| usize::from(**it) == row);
            let of_row: Vec<f64> = of_row.map(|(_, it)| *it).collect();
            assert_eq!(group.count, of_row.len() as u64);
            assert!((group.sum.value() - of_row.iter().sum::<f64>()).abs() < 1e-10);
            assert_eq!(group.max, of_row.into_iter().fold(0.0, f64::max));
        }
    }

    #[test]
    fn the_moments_of_risk_agree_with_all_its_groups() {
        let tile = many();
        let found = tile.group(&mut Default::default());
        let expected = Moments::of(tile.risk());
        assert_eq!((found.min, found.max), (expected.min, expected.max));
        assert_eq!(
            (found.mean(), found.std()),
            (expected.mean(), expected.std())
        );
    }

    #[test]
    fn a_sum_in_a_tile_keeps_small_numbers_beside_large_ones() {
        let tile = tile(&[1.0, 1e100, 1.0, -1e100], &[0; 4]);
        assert_eq!(Moments::of(tile.signal()).sum.value(), 2.0);
        let tile = self::tile(&[1e16, 1.0, 1.0], &[3, 3, 3]);
        assert_eq!(groups(&tile)[3].sum.value(), 1e16 + 2.0 + 1.8);
    }

    #[test]
    fn a_bucket_reduces_neighbours() {
        let tile = tile(&[1.0, 3.0, 2.0, 5.0, 4.0], &[0; 5]);
        let found = tile.buckets(2, &Moments::of(tile.signal()));
        let expected = [(2, 4.0, 1.0, 3.0), (2, 7.0, 2.0, 5.0), (1, 4.0, 4.0, 4.0)];
        let expected = expected.map(|(count, sum, min, max)| Bucket {
            count,
            sum,
            min,
            max,
        });
        assert_eq!(found, expected);
    }
}
