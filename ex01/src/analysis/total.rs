//! How do the results of many blocks become those of all points?
//!
//! Blocks are merged in the order of the data, whichever thread finished first: the same additions in the same order
//! give the same bits. What a block leaves behind is a few rows, so memory does not grow with the data.

use super::block::{Block, Rows};
use super::moments::Moments;
use super::sketch::{self, RELATIVE_ERROR};
use super::tile::{ACTIVITIES, GroupSum, Sketches};
use crate::exit::Trouble;
use crate::results::{Column, Findings, QUANTILES, Series};

/// Up to here every value is kept and quantiles are exact.
pub const KEPT: u64 = 65_536;

/// The most partial rows per activity that are handed to polars.
const MOST_PARTS: usize = 64;

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
            series: Series::new(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array1;

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
