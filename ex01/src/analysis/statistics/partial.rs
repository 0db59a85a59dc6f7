//! What is left of some points, and how do the results of many blocks become one?
//!
//! Blocks are merged in the order of the data, even if a later block was ready first: the same additions in the same
//! order give the same bits. A block leaves only a few numbers, so memory does not grow with the data.

use super::moments::Moments;
use super::quantiles::Ladder;
use super::sketch::Sketch;
use super::tile::{ACTIVITIES, GroupSum, TILE, Tile};
use crate::faults::Trouble;
use crate::results::Series;

/// Up to this number, every value is kept and the quantiles are exact.
pub const KEPT: u64 = 65_536;

/// How many partial rows polars gets per activity at most.
const MOST_PARTS: usize = 64;

/// Some of the points, with risk, for the export.
#[derive(Default)]
pub struct Rows {
    pub signal: Vec<f64>,
    pub activity: Vec<u8>,
    pub risk: Vec<f64>,
}

/// What is left of some consecutive points.
pub struct Partial {
    pub signal: Moments,
    pub risk: Moments,
    /// Risk by activity, for each part of the data: a block, and every 64th block after it.
    pub parts: Vec<[GroupSum; ACTIVITIES]>,
    /// Blocks merged so far.
    blocks: usize,
    /// Risk over time.
    pub series: Series,
    /// The values themselves, for exact quantiles and for the export: kept if they are few or needed.
    pub rows: Option<Rows>,
}

impl Partial {
    /// No points yet.
    pub fn new() -> Self {
        Self {
            signal: Moments::default(),
            risk: Moments::default(),
            parts: Vec::new(),
            blocks: 0,
            series: Series::new(1),
            rows: Some(Rows::default()),
        }
    }

    /// An empty block with buckets of `size` points; `keep` says whether it keeps the values.
    pub fn block(size: u64, keep: bool) -> Self {
        Self {
            series: Series::new(size.min(TILE as u64)),
            rows: keep.then(Rows::default),
            ..Self::new()
        }
    }

    pub fn count(&self) -> u64 {
        self.signal.count
    }

    /// Adds the next tile.
    pub fn add(&mut self, tile: &Tile) {
        let mut part = self.parts.pop().unwrap_or_default();
        let risk = tile.group(&mut part);
        self.parts.push(part);
        self.signal.merge(&Moments::of(tile.signal()));
        self.risk.merge(&risk);
        let buckets = tile.buckets(self.series.size, &risk);
        self.series.buckets.extend(buckets);
        if let Some(rows) = &mut self.rows {
            rows.signal.extend_from_slice(tile.signal());
            rows.activity.extend_from_slice(tile.activity());
            rows.risk.extend_from_slice(tile.risk());
        }
    }

    /// Adds the next block. Its values are kept as long as all values are few. A part takes every 64th block, so there are never
    /// too many parts.
    pub fn merge(&mut self, block: Self) {
        self.signal.merge(&block.signal);
        self.risk.merge(&block.risk);
        for part in block.parts {
            match self.parts.get_mut(self.blocks % MOST_PARTS) {
                None => self.parts.push(part),
                Some(ours) => ours
                    .iter_mut()
                    .zip(&part)
                    .for_each(|(it, theirs)| it.merge(theirs)),
            }
            self.blocks += 1;
        }
        for bucket in block.series.buckets {
            self.series.add(bucket);
        }
        self.rows = match (self.rows.take(), block.rows) {
            (Some(mut rows), Some(next)) if self.signal.count <= KEPT => {
                rows.signal.extend(next.signal);
                rows.activity.extend(next.activity);
                rows.risk.extend(next.risk);
                Some(rows)
            }
            _ => None,
        };
    }
}

/// The counters of one thread, for `signal` and `risk`: cells around zero, and around a centre if the numbers are far from
/// zero and close together.
pub struct Counts([Vec<Sketch>; 2]);

impl Counts {
    /// Counters for numbers like these, which are also counted. Without any, they are for numbers around zero.
    pub fn of(rows: &Rows) -> Result<Self, Trouble> {
        Ok(Self([sketches(&rows.signal)?, sketches(&rows.risk)?]))
    }

    pub fn count(&mut self, tile: &Tile) {
        for (sketches, values) in self.0.iter_mut().zip([tile.signal(), tile.risk()]) {
            for sketch in sketches {
                sketch.count(values);
            }
        }
    }

    /// Adds the counts of another thread.
    pub fn merge(&mut self, other: &Self) {
        let theirs = other.0.iter().flatten();
        for (ours, theirs) in self.0.iter_mut().flatten().zip(theirs) {
            ours.merge(theirs);
        }
    }

    /// Both columns in ascending order, `signal` first.
    pub fn ladders(&self) -> [Ladder; 2] {
        self.0
            .each_ref()
            .map(|it| Ladder::counted(&it[0], it.get(1)))
    }
}

/// The counters of a column, which begin with these numbers.
fn sketches(values: &[f64]) -> Result<Vec<Sketch>, Trouble> {
    let centre = centre(values);
    let far = (centre.abs() > 0.0).then_some(centre);
    let centres = [0.0].into_iter().chain(far);
    let begun = centres.map(|centre| {
        let mut sketch = Sketch::new(centre)?;
        sketch.count(values);
        Ok(sketch)
    });
    begun.collect()
}

/// Where the cells should be narrowest: at 0, unless most of these numbers are further from 0 than from each other. The
/// twentieth at either end does not count: a sensor that is off writes zeros between its values.
fn centre(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let outer = sorted.len() / 20;
    let inner = &sorted[outer..sorted.len() - outer];
    let (Some(min), Some(max)) = (inner.first(), inner.last()) else {
        return 0.0;
    };
    let range = max - min;
    if min - range <= 0.0 && 0.0 <= max + range {
        return 0.0;
    }
    let median = sorted[sorted.len() / 2];
    // A round number, so that most distances from it are floats.
    let unit = power_of_two(range) / 1024.0;
    let round = (median / unit).round() * unit;
    if round.is_finite() { round } else { median }
}

/// The largest power of two that is not larger; 0 for 0.
pub fn power_of_two(value: f64) -> f64 {
    f64::from_bits(value.to_bits() & f64::INFINITY.to_bits())
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values must be exact")]
mod tests {
    use super::*;

    #[test]
    fn groups_of_many_blocks_join_and_keep_every_point() {
        let mut total = Partial::new();
        let mut tile = Tile::new();
        tile.fill(10, |signal, activity| {
            signal.fill(1.0);
            activity[..10].copy_from_slice(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        });
        for _ in 0..1000 {
            let mut block = Partial::block(1, false);
            block.add(&tile);
            total.merge(block);
        }
        assert!(total.parts.len() <= MOST_PARTS);
        for activity in 0..ACTIVITIES {
            let counts = total.parts.iter().map(|part| part[activity].count);
            assert_eq!(counts.sum::<u64>(), 1000);
        }
    }

    #[test]
    fn a_few_numbers_far_away_do_not_move_the_centre() {
        let mut values: Vec<f64> = (0..1000)
            .map(|it| 293.14 + f64::from(it % 21) / 1e3)
            .collect();
        for (at, far) in [(3, 0.0), (500, -999.0), (900, 1e9)] {
            values[at] = far;
            let found = centre(&values);
            assert!((found - 293.15).abs() < 0.01, "{found}");
        }
        // If they are many, they are not far away.
        values[..60].fill(0.0);
        assert_eq!(centre(&values), 0.0);
    }

    #[test]
    fn a_centre_is_among_the_numbers_unless_zero_is_near() {
        assert_eq!(centre(&[]), 0.0);
        assert_eq!(centre(&[-1.0, 0.5, 2.0]), 0.0);
        assert_eq!(centre(&[0.1, 5.0]), 0.0);
        assert_eq!(centre(&[7.3; 4]), 7.3);
        for offset in [293.15, 1e9, -1013.25] {
            let found = centre(&[offset - 0.01, offset, offset + 0.01]);
            assert!((found - offset).abs() < 1e-4, "{found}");
        }
    }
}
