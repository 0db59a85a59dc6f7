//! What is left of a quarter of a million points, the unit of work of a thread?

use ndarray::{Array1, ArrayView1};

use super::moments::{self, Moments};
use super::tile::{self, ACTIVITIES, GroupSum, Sketches, TILE};
use crate::results::Bucket;

/// Points per block, the unit of work of a thread: 128 tiles.
pub const BLOCK: usize = 128 * TILE;

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
    pub signal: Moments,
    /// Moments of the column `risk`.
    pub risk: Moments,
    /// Risk by activity.
    pub groups: [GroupSum; ACTIVITIES],
    /// Points per bucket.
    size: usize,
    /// The piece of the series.
    pub buckets: Vec<Bucket>,
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
