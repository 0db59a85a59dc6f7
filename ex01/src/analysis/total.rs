//! How do the results of many blocks become those of all points?
//!
//! Blocks are merged in the order of the data, whichever thread finished first: the same additions in the same order
//! give the same bits. What a block leaves behind is a few rows, so memory does not grow with the data.

use ndarray::{Array1, ArrayView1};

use super::moments::{self, Moments, float};
use super::sketch::{self, RELATIVE_ERROR};
use super::tile::{self, ACTIVITIES, GroupSum, Sketches, TILE};
use crate::exit::Trouble;
use crate::results::{Bucket, Column, Findings, QUANTILES, Series};

/// Points per block, the unit of work of a thread: 128 tiles.
pub const BLOCK: usize = 128 * TILE;

/// Up to here every value is kept and quantiles are exact.
pub const KEPT: u64 = 65_536;

/// The width of the drawn series in pixels.
pub const PIXELS: u16 = 850;

/// The most buckets of the drawn series: two for each pixel.
pub const MOST_BUCKETS: usize = 2 * PIXELS as usize;

/// The most partial rows per activity that are handed to polars.
const MOST_PARTS: usize = 64;

/// Some of the points, with risk, as they are exported.
#[derive(Default)]
pub struct Rows {
    /// The column `signal`.
    pub signal: Vec<f64>,
    /// The column `agent_activity`.
    pub activity: Vec<u8>,
    /// The column `risk`.
    pub risk: Vec<f64>,
}

/// The results of one block, merged tile by tile.
pub struct Block {
    /// Moments of the column `signal`.
    signal: Moments,
    /// Moments of the column `risk`.
    risk: Moments,
    /// Risk by activity.
    groups: [GroupSum; ACTIVITIES],
    /// Points per bucket.
    size: usize,
    /// The piece of the series.
    buckets: Vec<Bucket>,
    /// The values themselves: for exact quantiles, and for export.
    pub rows: Option<Rows>,
    /// Space for a tile's risk.
    space: Array1<f64>,
}

impl Block {
    /// An empty block whose buckets hold `size` points; `keep` the values, or not.
    pub fn new(size: u64, keep: bool) -> Self {
        Self {
            signal: Moments::default(),
            risk: Moments::default(),
            groups: Default::default(),
            size: usize::try_from(size).unwrap_or(TILE).min(TILE),
            buckets: Vec::new(),
            rows: keep.then(Rows::default),
            space: Array1::zeros(TILE),
        }
    }

    /// How many points are in it.
    pub fn count(&self) -> u64 {
        self.signal.count
    }

    /// Reduces the next tile of at most [`TILE`] points.
    pub fn add(
        &mut self,
        signal: &ArrayView1<'_, f64>,
        activity: &ArrayView1<'_, u8>,
        sketches: &mut Sketches,
    ) {
        let mut risk = tile::first_mut(self.space.view_mut(), signal.len());
        tile::risk(signal, activity, risk.view_mut());
        let slices = (signal.as_slice(), activity.as_slice(), risk.as_slice());
        let (Some(signal), Some(activity), Some(risk)) = slices else {
            return; // arrays that were made in one piece always are one
        };
        let groups = tile::groups(activity, risk);
        let of_risk = tile::moments(risk, &groups);
        self.signal
            .merge(&Moments::of(signal, moments::edges(signal)));
        self.risk.merge(&of_risk);
        for (ours, theirs) in self.groups.iter_mut().zip(groups) {
            ours.merge(&theirs);
        }
        sketches.signal.count(signal);
        sketches.risk.count(risk);
        match self.size < TILE {
            true => self.buckets.extend(tile::buckets(risk, self.size)),
            false => self.buckets.push(Bucket {
                count: of_risk.count,
                sum: of_risk.sum.value(),
                min: of_risk.min,
                max: of_risk.max,
            }),
        }
        if let Some(rows) = &mut self.rows {
            rows.signal.extend_from_slice(signal);
            rows.activity.extend_from_slice(activity);
            rows.risk.extend_from_slice(risk);
        }
    }
}

/// The results of all blocks so far.
pub struct Total {
    /// Moments of the column `signal`.
    signal: Moments,
    /// Moments of the column `risk`.
    risk: Moments,
    /// Risk by activity, for some consecutive stretches of the data.
    parts: Vec<[GroupSum; ACTIVITIES]>,
    /// Blocks per stretch, a power of two.
    stretch: usize,
    /// Blocks so far.
    blocks: usize,
    /// Risk over time.
    pub series: Series,
    /// Every value so far, while there are few.
    kept: Option<Rows>,
}

impl Total {
    /// Before the first block.
    pub fn new() -> Self {
        Self {
            signal: Moments::default(),
            risk: Moments::default(),
            parts: Vec::new(),
            stretch: 1,
            blocks: 0,
            series: Series {
                size: 1,
                buckets: Vec::new(),
            },
            kept: Some(Rows::default()),
        }
    }

    /// How many points so far.
    pub fn count(&self) -> u64 {
        self.signal.count
    }

    /// Merges the next block in the order of the data.
    pub fn add(&mut self, block: &Block) {
        self.signal.merge(&block.signal);
        self.risk.merge(&block.risk);
        self.add_groups(&block.groups);
        for bucket in &block.buckets {
            self.series.add(*bucket);
        }
        let few = self.count() <= KEPT;
        match (&mut self.kept, &block.rows) {
            (Some(kept), Some(rows)) if few => {
                kept.signal.extend_from_slice(&rows.signal);
                kept.risk.extend_from_slice(&rows.risk);
            }
            _ => self.kept = None,
        }
    }

    /// One more row for each activity; when there are too many, neighbours join.
    fn add_groups(&mut self, groups: &[GroupSum; ACTIVITIES]) {
        if self.blocks.is_multiple_of(self.stretch) {
            self.parts.push(Default::default());
        }
        self.blocks += 1;
        if let Some(last) = self.parts.last_mut() {
            join(last, groups);
        }
        if self.parts.len() > MOST_PARTS {
            let pairs = self.parts.chunks(2).map(|pair| {
                let mut joined = pair[0];
                pair[1..].iter().for_each(|next| join(&mut joined, next));
                joined
            });
            self.parts = pairs.collect();
            self.stretch *= 2;
        }
    }

    /// What all of it says, with the tables made by polars.
    pub fn findings(mut self, mut sketches: Sketches) -> Result<Findings, Trouble> {
        let (signal, risk, cells) = if let Some(mut kept) = self.kept.take() {
            kept.risk.sort_unstable_by(f64::total_cmp);
            kept.signal.sort_unstable_by(f64::total_cmp);
            let cells = sketch::cells(&kept.risk);
            (exact(&kept.signal), exact(&kept.risk), cells)
        } else {
            let (signal, risk) = (sketches.signal.cells(), sketches.risk.cells());
            let quantiles = estimated(&self.signal, &signal);
            (quantiles, estimated(&self.risk, &risk), risk)
        };
        Ok(Findings {
            n: self.count(),
            signal: column(&self.signal, signal),
            risk: column(&self.risk, risk),
            groups: super::tables::groups(&self.parts)?,
            histogram: super::tables::histogram(&cells, self.risk.max)?,
            series: self.series,
        })
    }
}

/// Adds the second groups to the first.
fn join(ours: &mut [GroupSum; ACTIVITIES], theirs: &[GroupSum; ACTIVITIES]) {
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        ours.merge(theirs);
    }
}

/// Quantiles, and the share of their value by which they may be off.
type Quantiles = ([f64; QUANTILES.len()], f64);

/// Quantiles of numbers in ascending order.
fn exact(sorted: &[f64]) -> Quantiles {
    (QUANTILES.map(|(_, q)| sketch::exact(sorted, q)), 0.0)
}

/// Quantiles of counted numbers.
fn estimated(moments: &Moments, cells: &[sketch::Cell]) -> Quantiles {
    let (min, max) = (moments.min, moments.max);
    let quantiles = QUANTILES.map(|(_, q)| sketch::estimate(cells, min, max, q));
    (quantiles, RELATIVE_ERROR)
}

/// Puts a column's figures together.
fn column(moments: &Moments, (quantiles, quantile_relative_error): Quantiles) -> Column {
    Column {
        count: moments.count,
        mean: moments.mean(),
        std: moments.std(),
        min: moments.min,
        max: moments.max,
        quantiles,
        quantile_relative_error,
    }
}

impl Series {
    /// Adds the next points, no more than a bucket holds; when there are too many buckets, neighbours join.
    fn add(&mut self, next: Bucket) {
        if self.buckets.is_empty() {
            // A long simulation begins with large buckets; later ones only fill up or join.
            self.size = self.size.max(next.count.next_power_of_two());
        }
        match self.buckets.last_mut() {
            Some(last) if last.count < self.size => {
                last.count += next.count;
                last.sum += next.sum;
                last.min = last.min.min(next.min);
                last.max = last.max.max(next.max);
            }
            _ => self.buckets.push(next),
        }
        if self.buckets.len() > MOST_BUCKETS {
            let mut joined = Self {
                size: 2 * self.size,
                buckets: Vec::with_capacity(MOST_BUCKETS),
            };
            for bucket in self.buckets.drain(..) {
                joined.add(bucket);
            }
            *self = joined;
        }
    }

    /// Points per bucket that a series of `count` points ends with.
    pub fn size_for(count: u64) -> u64 {
        let most = MOST_BUCKETS as u64;
        count.div_ceil(most).next_power_of_two()
    }
}

impl Bucket {
    /// The mean risk of its points.
    pub fn mean(&self) -> f64 {
        self.sum / float(self.count)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact values are what is promised")]
mod tests {
    use super::*;

    /// A series of single points 0, 1, 2, …
    fn series(count: u32) -> Series {
        let mut series = Total::new().series;
        for value in (0..count).map(f64::from) {
            series.add(Bucket {
                count: 1,
                sum: value,
                min: value,
                max: value,
            });
        }
        series
    }

    #[test]
    fn a_series_never_outgrows_the_picture_and_loses_no_point() {
        for count in [1, 2, 1699, 1700, 1701, 3400, 3401, 100_000] {
            let series = series(count);
            assert!(series.buckets.len() <= MOST_BUCKETS);
            assert_eq!(series.size, Series::size_for(u64::from(count)), "{count}");
            let points: u64 = series.buckets.iter().map(|it| it.count).sum();
            assert_eq!(points, u64::from(count));
            let (last, all_but_last) = series.buckets.split_last().unwrap();
            assert!(all_but_last.iter().all(|it| it.count == series.size));
            assert_eq!(last.max, f64::from(count - 1));
        }
    }

    #[test]
    fn a_series_that_begins_with_large_buckets_ends_with_the_right_size() {
        for (count, each) in [(1700, 2048), (3000, 2048), (5000, 64)] {
            let mut series = Total::new().series;
            for _ in 0..count {
                series.add(Bucket {
                    count: each,
                    sum: 1.0,
                    min: 0.0,
                    max: 1.0,
                });
            }
            assert_eq!(series.size, Series::size_for(count * each), "{count}");
            let points: u64 = series.buckets.iter().map(|it| it.count).sum();
            assert_eq!(points, count * each);
        }
    }

    #[test]
    fn groups_of_many_blocks_become_few_rows_that_hold_all_of_them() {
        let mut total = Total::new();
        let mut block = Block::new(1, false);
        let mut sketches = Sketches::new();
        let (signal, activity) = (Array1::ones(10), Array1::from_iter(0..10));
        block.add(&signal.view(), &activity.view(), &mut sketches);
        for _ in 0..1000 {
            total.add(&block);
        }
        assert!(total.parts.len() <= MOST_PARTS);
        let findings = total.findings(sketches);
        let groups = findings.unwrap().groups;
        assert!(groups.iter().all(|group| group.count == 1000));
        assert!((groups[9].mean - 2.8).abs() < 1e-15);
    }
}
