//! What is known when the analysis is done? The report and the JSON show these structs.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::Serialize;

use crate::faults::SourceFault;
use crate::programs::Dependency;

/// The quantiles that are shown. As text, each is its own name.
pub const QUANTILES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/// The statistics of one column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// How many values.
    pub count: u64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Sample standard deviation (divided by n - 1); one value has none.
    pub std: Option<f64>,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// One value for each of [`QUANTILES`], interpolated between neighbours as numpy does by default.
    #[serde(serialize_with = "by_name")]
    pub quantiles: [f64; QUANTILES.len()],
    /// The error of each quantile is at most this; 0 if all are exact.
    pub quantile_error: f64,
    /// The error is also at most this share of the quantile.
    pub quantile_relative_error: f64,
}

/// Risk of the points with one activity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// 0 to 9.
    pub agent_activity: u8,
    /// How many points have it.
    pub count: u64,
    /// Their mean risk.
    pub mean: f64,
    /// Their highest risk.
    pub max: f64,
}

/// How often each risk occurs: bins of equal width from `lo` to `hi`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Histogram {
    /// Where the first bin begins.
    pub lo: f64,
    /// Where the last bin ends.
    pub hi: f64,
    /// Points in each bin. A bin includes its lower edge, but not its upper edge; the last bin includes both.
    pub counts: Vec<u64>,
    /// Points below `lo`.
    pub underflow: u64,
    /// Points at `hi` or above.
    pub overflow: u64,
    /// Whether each bin holds one value, in its middle.
    #[serde(skip)]
    pub values: bool,
}

/// What is left of some neighbouring points of the series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// How many points.
    pub count: u64,
    /// The sum of their risk.
    pub sum: f64,
    /// Their lowest risk.
    pub min: f64,
    /// Their highest risk.
    pub max: f64,
}

/// Risk over time, reduced to what a picture can show. Each bucket holds `size` points, the last one may hold fewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Points per bucket, a power of two; 1 means that every point is here.
    pub size: u64,
    /// The buckets in the order of time.
    pub buckets: Vec<Bucket>,
}

/// Everything that the analysis found out about the data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Findings {
    /// How many points.
    pub n: u64,
    /// The column `signal`.
    pub signal: Column,
    /// The column `risk` = |signal| + 0.2 × `agent_activity`.
    pub risk: Column,
    /// Risk by activity, ascending; an activity that does not occur is not listed.
    pub groups: Vec<Group>,
    /// The histogram of risk.
    pub histogram: Histogram,
    /// Risk over time, for the picture.
    #[serde(skip)]
    pub series: Series,
}

/// A JSON object with one member per quantile.
fn by_name<S: serde::Serializer>(
    values: &[f64; QUANTILES.len()],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(QUANTILES.map(|q| q.to_string()).iter().zip(values))
}

/// What was exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// The file or folder, as given.
    pub path: PathBuf,
    /// Rows in all files together.
    pub rows: u64,
    /// How many files.
    pub files: usize,
}

/// How a run of the analysis ended.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Where the data came from: `simulated`, a path, or an address without its password. It is the name itself, as a
    /// script needs it; no character of it is escaped.
    pub source: Option<OsString>,
    /// The seed, if the data was simulated.
    pub seed: Option<u64>,
    /// Why the data was simulated although a source was given.
    pub fallback: Option<SourceFault>,
    /// The findings; none if polars or ndarray is missing.
    pub findings: Option<Findings>,
    /// The file of the picture. It was read again after it was written.
    pub output: Option<PathBuf>,
    /// The exported data.
    pub exported: Option<Exported>,
    /// The programs that cannot be used, so what was asked of them is not done.
    pub undone: Vec<Dependency>,
}
