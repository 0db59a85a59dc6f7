//! How does polars turn partial rows into the tables that are shown?
//!
//! The threads of polars group and add in any order, and a sum of floats depends on the order. So polars gets the sums
//! as whole numbers, as multiples of a tiny unit. Whole numbers add up to the same in any order.

use polars::prelude::*;

use super::data::Data;
use super::statistics::{ACTIVITIES, GroupSum, Ladder, Moments, float, power_of_two};
use crate::faults::Trouble;
use crate::results::{self, Findings, Group, Histogram};

mod bins; // Where the histogram's bins begin and end.

/// Makes all tables.
pub fn findings(data: Data) -> Result<Findings, Trouble> {
    let Data { mut total, counts } = data;
    let [signal, risk] = match (total.rows.take(), counts) {
        (Some(rows), _) => [Ladder::exact(rows.signal), Ladder::exact(rows.risk)],
        (None, Some(counts)) => counts.ladders(),
        (None, None) => return Err(Trouble::Table("neither kept nor counted".to_owned())),
    };
    Ok(Findings {
        n: total.count(),
        signal: column(&total.signal, &signal),
        risk: column(&total.risk, &risk),
        groups: groups(&total.parts).map_err(|error| failed(&error))?,
        histogram: histogram(&risk).map_err(|error| failed(&error))?,
        series: total.series,
    })
}

/// The statistics of a column.
fn column(moments: &Moments, ladder: &Ladder) -> results::Column {
    let quantiles = ladder.quantiles();
    results::Column {
        count: moments.count,
        mean: moments.mean(),
        std: moments.std(),
        min: moments.min,
        max: moments.max,
        quantiles: quantiles.values,
        quantile_error: quantiles.error,
        quantile_relative_error: quantiles.relative_error,
    }
}

/// Risk by activity, from the rows of many parts.
fn groups(parts: &[[GroupSum; ACTIVITIES]]) -> PolarsResult<Vec<Group>> {
    // Each activity has its own unit. In the unit of large sums, small sums would vanish.
    let units: [f64; ACTIVITIES] =
        std::array::from_fn(|activity| unit(parts.iter().map(|part| part[activity].sum.value())));
    let rows: Vec<(u8, &GroupSum)> = parts
        .iter()
        .flat_map(|part| (0..).zip(part))
        .filter(|(_, row)| row.count > 0)
        .collect();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the unit keeps it below 2^56"
    )]
    let fixed = |(activity, row): &(u8, &GroupSum)| {
        (row.sum.value() / units[usize::from(*activity)]).round() as i64
    };
    let table = df!(
        "agent_activity" => rows.iter().map(|(activity, _)| *activity).collect::<Vec<_>>(),
        "count" => rows.iter().map(|(_, row)| row.count).collect::<Vec<_>>(),
        "sum" => rows.iter().map(fixed).collect::<Vec<_>>(),
        "max" => rows.iter().map(|(_, row)| row.max).collect::<Vec<_>>(),
    )?
    .lazy()
    .group_by([col("agent_activity")])
    .agg([col("count").sum(), col("sum").sum(), col("max").max()])
    .sort(["agent_activity"], SortMultipleOptions::default())
    .collect()?;
    let activity = table.column("agent_activity")?.u8()?.into_no_null_iter();
    let count = table.column("count")?.u64()?.into_no_null_iter();
    let sum = table.column("sum")?.i64()?.into_no_null_iter();
    let max = table.column("max")?.f64()?.into_no_null_iter();
    let rows = activity.zip(count).zip(sum.zip(max));
    Ok(rows
        .map(|((agent_activity, count), (sum, max))| {
            let sum = integer(sum) * units[usize::from(agent_activity)];
            Group {
                agent_activity,
                count,
                mean: (sum / float(count)).min(max),
                max,
            }
        })
        .collect())
}

/// A whole number as a float, rounded once.
#[expect(clippy::cast_precision_loss, reason = "the result is rounded once")]
fn integer(value: i64) -> f64 {
    value as f64
}

/// A power of two. It is so small that no digit of a sum is lost, and so large that 64 sums fit into an `i64`.
fn unit(sums: impl Iterator<Item = f64>) -> f64 {
    let largest = sums.fold(0.0, |largest: f64, sum| largest.max(sum.abs()));
    (power_of_two(largest) * f64::EPSILON / 8.0).max(f64::from_bits(1))
}

/// How often each risk occurs.
fn histogram(risk: &Ladder) -> PolarsResult<Histogram> {
    let mut histogram = bins::empty_bins(risk);
    let shares = risk.steps.iter().flat_map(|step| histogram.shares(step));
    let (bin, count): (Vec<u32>, Vec<u64>) = shares.unzip();
    let table = df!("bin" => bin, "count" => count)?
        .lazy()
        .group_by([col("bin")])
        .agg([col("count").sum()])
        .collect()?;
    let bin = table.column("bin")?.u32()?.into_no_null_iter();
    for (bin, count) in bin.zip(table.column("count")?.u64()?.into_no_null_iter()) {
        histogram.counts[bin as usize] = count;
    }
    if let Some(check) = &risk.check {
        histogram.keep_within(check);
    }
    Ok(histogram)
}

/// The error for a refusal of polars.
fn failed(error: &PolarsError) -> Trouble {
    Trouble::Table(error.to_string())
}
