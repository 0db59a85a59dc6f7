//! How does polars turn partial rows into the tables that are shown?
//!
//! polars groups and adds in whatever order its threads like, and a sum of floats depends on the order. Sums
//! therefore travel as whole numbers, multiples of a fixed tiny unit: those add up to the same in any order.

use polars::prelude::*;

use super::moments::float;
use super::sketch::Cell;
use super::tile::{ACTIVITIES, GroupSum};
use crate::exit::Trouble;
use crate::results::{Group, Histogram};

/// Bins of the histogram.
const BINS: u32 = 128;

/// Risk by activity out of the rows of many parts.
pub fn groups(parts: &[[GroupSum; ACTIVITIES]]) -> Result<Vec<Group>, Trouble> {
    let rows: Vec<(u8, &GroupSum)> = parts
        .iter()
        .flat_map(|part| (0..).zip(part))
        .filter(|(_, row)| row.count > 0)
        .collect();
    // A unit of its own for each activity: small sums would vanish in the unit of much larger ones.
    let units: [f64; ACTIVITIES] =
        std::array::from_fn(|activity| unit(parts.iter().map(|part| part[activity].sum.value())));
    let unit = |activity: u8| units[usize::from(activity)];
    #[expect(
        clippy::cast_possible_truncation,
        reason = "below 2^56 by the choice of the unit"
    )]
    let fixed =
        |(activity, row): &(u8, &GroupSum)| (row.sum.value() / unit(*activity)).round() as i64;
    let frame = || -> PolarsResult<Vec<Group>> {
        let rows = df!(
            "agent_activity" => rows.iter().map(|(activity, _)| *activity).collect::<Vec<_>>(),
            "count" => rows.iter().map(|(_, row)| row.count).collect::<Vec<_>>(),
            "sum" => rows.iter().map(fixed).collect::<Vec<_>>(),
            "max" => rows.iter().map(|(_, row)| row.max).collect::<Vec<_>>(),
        )?;
        let by_activity =
            |frame: DataFrame| frame.sort(["agent_activity"], SortMultipleOptions::default());
        let sums = sums(&rows, "agent_activity", &["count", "sum"])?;
        let tops = tops(&rows, "agent_activity", &["max"])?;
        let (sums, tops) = (by_activity(sums)?, by_activity(tops)?);
        let activity = sums.column("agent_activity")?.u8()?;
        let (count, sum) = (
            sums.column("count_sum")?.u64()?,
            sums.column("sum_sum")?.i64()?,
        );
        let max = tops.column("max_max")?.f64()?;
        let table = activity.into_no_null_iter().zip(count.into_no_null_iter());
        let table = table.zip(sum.into_no_null_iter().zip(max.into_no_null_iter()));
        Ok(table
            .map(|((agent_activity, count), (sum, max))| Group {
                agent_activity,
                count,
                mean: (integer(sum) * unit(agent_activity) / float(count)).min(max),
                max,
            })
            .collect())
    };
    frame().map_err(|error| polars_failed(&error))
}

/// Adds up columns of whole numbers, group by group.
#[expect(
    deprecated,
    reason = "lazy aggregations, polars' own advice, bring in 130 more crates"
)]
fn sums(rows: &DataFrame, key: &str, columns: &[&str]) -> PolarsResult<DataFrame> {
    rows.group_by([key])?.select(columns.iter().copied()).sum()
}

/// The largest values, group by group.
#[expect(
    deprecated,
    reason = "lazy aggregations, polars' own advice, bring in 130 more crates"
)]
fn tops(rows: &DataFrame, key: &str, columns: &[&str]) -> PolarsResult<DataFrame> {
    rows.group_by([key])?.select(columns.iter().copied()).max()
}

/// A whole number as a float, rounded once.
#[expect(clippy::cast_precision_loss, reason = "rounding is what is wanted")]
fn integer(value: i64) -> f64 {
    value as f64
}

/// A power of two so small that no digit of a sum is lost, and so large that 64 sums fit into an `i64`.
fn unit(sums: impl Iterator<Item = f64>) -> f64 {
    let largest = sums.fold(0.0, |largest: f64, sum| largest.max(sum.abs()));
    // The exponent of the largest sum, without its fraction: a power of two, at most `largest`.
    let power = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits());
    (power * f64::EPSILON / 8.0).max(f64::from_bits(1))
}

/// The histogram of risk out of the sketch's cells.
///
/// The range ends at the next power of two, and a bin is 1/128 of it: every cell lies within one bin, so the counts
/// are exact.
pub fn histogram(cells: &[Cell], max: f64) -> Result<Histogram, Trouble> {
    let hi = upper(max);
    let width = hi / f64::from(BINS);
    let mut histogram = Histogram {
        lo: 0.0,
        hi,
        counts: vec![0; BINS as usize],
        underflow: 0,
        overflow: 0,
    };
    let bin = |cell: &Cell| {
        let (low, high) = cell.range();
        // The middle, so that an edge's rounding does not matter.
        low.midpoint(high) / width
    };
    let frame = || -> PolarsResult<DataFrame> {
        #[expect(clippy::cast_possible_truncation, reason = "clamped to a few bins")]
        let bins = cells
            .iter()
            .map(|cell| bin(cell).floor().clamp(-1.0, f64::from(BINS)) as i32);
        let rows = df!(
            "bin" => bins.collect::<Vec<_>>(),
            "count" => cells.iter().map(|cell| cell.count).collect::<Vec<_>>(),
        )?;
        sums(&rows, "bin", &["count"])
    };
    let mut fill = || -> PolarsResult<()> {
        let table = frame()?;
        let bins = table.column("bin")?.i32()?.into_no_null_iter();
        for (bin, count) in bins.zip(table.column("count_sum")?.u64()?.into_no_null_iter()) {
            match usize::try_from(bin) {
                Err(_) => histogram.underflow = count,
                Ok(bin) if bin < histogram.counts.len() => histogram.counts[bin] = count,
                Ok(_) => histogram.overflow = count,
            }
        }
        Ok(())
    };
    fill().map_err(|error| polars_failed(&error))?;
    Ok(histogram)
}

/// The next power of two above the largest value; 1 when all are zero.
fn upper(max: f64) -> f64 {
    let power = f64::from_bits(max.to_bits() & f64::INFINITY.to_bits());
    match power > 0.0 {
        true => 2.0 * power,
        false => 1.0,
    }
}

/// polars' refusal as an error of ours.
fn polars_failed(error: &PolarsError) -> Trouble {
    Trouble::new(
        format_args!("polars failed to make a table: {error}"),
        "this is a bug in `loading`; `loading --check` tells the versions to report",
    )
}
