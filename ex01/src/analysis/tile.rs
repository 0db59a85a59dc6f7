//! What is computed from a few thousand points while they lie in the processor's nearest cache?
//!
//! The smallest step of the whole analysis, and the only one whose cost is paid per point.

use ndarray::{ArrayView1, ArrayViewMut1, Axis, Slice, Zip};

use super::moments::{self, Edges, Moments, Sum};
use super::sketch::Sketch;
use crate::results::Bucket;

/// Points per tile: the three columns and the busy counters fit into 48 KiB together.
pub const TILE: usize = 2048;

/// How many activities there are: 0 to 9.
pub const ACTIVITIES: usize = 10;

/// Risk among points of one activity, on its way to a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupSum {
    /// How many points.
    pub count: u64,
    /// The sum of their risk.
    pub sum: Sum,
    /// Their highest risk.
    pub max: f64,
}

impl Default for GroupSum {
    fn default() -> Self {
        Self {
            count: 0,
            sum: Sum::default(),
            max: f64::NEG_INFINITY,
        }
    }
}

impl GroupSum {
    /// Takes in the points of another one.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum.merge(other.sum);
        self.max = self.max.max(other.max);
    }
}

/// The counters of one thread, for both columns.
pub struct Sketches {
    /// Of the column `signal`.
    pub signal: Sketch,
    /// Of the column `risk`.
    pub risk: Sketch,
}

impl Sketches {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self {
            signal: Sketch::new(),
            risk: Sketch::new(),
        }
    }

    /// Takes in what another thread counted.
    pub fn merge(&mut self, other: Self) {
        self.signal.merge(other.signal);
        self.risk.merge(other.risk);
    }
}

/// The first values of an array; ndarray's own `s![..length]` contains `allow(unsafe_code)`, which we forbid.
pub fn first<T>(mut values: ArrayView1<'_, T>, length: usize) -> ArrayView1<'_, T> {
    values.slice_axis_inplace(Axis(0), Slice::from(..length));
    values
}

/// The same, to be overwritten.
pub fn first_mut<T>(mut values: ArrayViewMut1<'_, T>, length: usize) -> ArrayViewMut1<'_, T> {
    values.slice_axis_inplace(Axis(0), Slice::from(..length));
    values
}

/// risk = |signal| + 0.2 × activity, point by point.
pub fn risk(
    signal: &ArrayView1<'_, f64>,
    activity: &ArrayView1<'_, u8>,
    risk: ArrayViewMut1<'_, f64>,
) {
    Zip::from(risk)
        .and(signal)
        .and(activity)
        .for_each(|risk, signal, activity| *risk = signal.abs() + 0.2 * f64::from(*activity));
}

/// Count, sum and maximum of risk for each activity.
///
/// Four tables take turns, so that an addition need not wait for the one before it.
pub fn groups(activity: &[u8], risk: &[f64]) -> [GroupSum; ACTIVITIES] {
    let mut counts = [[0_u64; 16]; 4];
    let mut sums = [[0.0; 16]; 4];
    let mut tops = [[f64::NEG_INFINITY; 16]; 4];
    let mut add = |table: usize, activity: u8, risk: f64| {
        let row = usize::from(activity & 15);
        counts[table][row] += 1;
        sums[table][row] += risk;
        let top = &mut tops[table][row];
        *top = if risk > *top { risk } else { *top };
    };
    let (activities, last) = activity.as_chunks::<4>();
    let (risks, last_risks) = risk.as_chunks::<4>();
    for (activity, risk) in activities.iter().zip(risks) {
        for table in 0..4 {
            add(table, activity[table], risk[table]);
        }
    }
    for (activity, risk) in last.iter().zip(last_risks) {
        add(0, *activity, *risk);
    }
    std::array::from_fn(|row| {
        let mut group = GroupSum::default();
        for table in 0..4 {
            group.count += counts[table][row];
            group.sum.add(sums[table][row]);
            group.max = group.max.max(tops[table][row]);
        }
        group
    })
}

/// Moments of the column whose groups these are: sum and maximum are theirs, only the minimum is looked for.
pub fn moments(risk: &[f64], groups: &[GroupSum]) -> Moments {
    let mut sum = Sum::default();
    for group in groups {
        sum.merge(group.sum);
    }
    let max = groups.iter().map(|group| group.max);
    let edges = Edges {
        sum: sum.value(),
        min: moments::min(risk),
        max: max.fold(f64::NEG_INFINITY, f64::max),
    };
    Moments::of(risk, edges)
}

/// Risk in steps of `size` points, for the picture.
pub fn buckets(risk: &[f64], size: usize) -> impl Iterator<Item = Bucket> {
    risk.chunks(size).map(|part| {
        let edges = moments::edges(part);
        Bucket {
            count: part.len() as u64,
            sum: edges.sum,
            min: edges.min,
            max: edges.max,
        }
    })
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact values are what is promised")]
mod tests {
    use super::*;
    use ndarray::{Array1, arr1};

    #[test]
    fn risk_is_the_distance_of_the_signal_plus_a_fifth_of_the_activity() {
        let mut out = Array1::zeros(3);
        risk(
            &arr1(&[1.5, -1.5, 0.0]).view(),
            &arr1(&[0, 5, 9]).view(),
            out.view_mut(),
        );
        assert_eq!(out, arr1(&[1.5, 2.5, 0.2 * 9.0]));
    }

    #[test]
    fn groups_agree_with_a_plain_loop() {
        let activity: Vec<u8> = (0..=9).cycle().step_by(7).take(1003).collect();
        let risk: Vec<f64> = (0..1003).map(|it| f64::from(it * 31 % 101)).collect();
        let found = groups(&activity, &risk);
        for (row, group) in found.iter().enumerate() {
            let of_row = || {
                let pairs = activity.iter().zip(&risk);
                pairs
                    .filter(|(it, _)| usize::from(**it) == row)
                    .map(|(_, it)| *it)
            };
            assert_eq!(group.count, of_row().count() as u64);
            assert_eq!(group.sum.value(), of_row().sum::<f64>());
            assert_eq!(group.max, of_row().fold(0.0, f64::max));
        }
    }

    #[test]
    fn the_moments_of_risk_are_those_of_all_its_groups() {
        let activity: Vec<u8> = (0..=9).cycle().take(1003).collect();
        let risk: Vec<f64> = (0..1003).map(|it| f64::from(it * 31 % 101)).collect();
        let found = moments(&risk, &groups(&activity, &risk));
        assert_eq!(found, Moments::of(&risk, moments::edges(&risk)));
    }

    #[test]
    fn a_bucket_reduces_neighbours() {
        let found: Vec<Bucket> = buckets(&[1.0, 3.0, 2.0, 5.0, 4.0], 2).collect();
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
