//! Where do the rows come from? Simulated or read, they end in the same sums and counters.

use std::time::Duration;

use super::files::Export;
use super::statistics::{Counts, Partial};
use crate::exit::Trouble;

mod simulate; // Made: a random stream for each chunk of the data.
mod normal; // 64 random bits become a number of the normal distribution.
mod source; // Read: from where, and what is said when it cannot be had.
mod parts; // A folder or a pattern of names stands for several files.
mod stream; // Bytes, unpacked, counted, and no more than is allowed.
mod format; // Which format is it?
mod pieces; // Threads that parse, and pieces in the order of the data.
mod csv;
mod record; // One record of a CSV file.
mod json;
mod json_columns; // What stands behind a column's name.
mod bounded; // No string of a JSON file is endless.
mod parquet;
mod footer; // What a Parquet file says about itself.
mod pages; // The pages of a Parquet file's column.
mod numbers; // Which types hold numbers.
mod room; // How much of a file is on its way at once.
#[cfg_attr(not(feature = "ureq"), path = "data/fetch_missing.rs")]
mod fetch;
#[cfg(feature = "ureq")]
mod failure; // Why there is no answer.
#[cfg(feature = "ureq")]
mod address; // Where an address leads, and a redirection.
#[cfg(feature = "ureq")]
mod absolute; // A proxy is asked for a whole address.
#[cfg(feature = "ureq")]
mod proxy; // Through which proxy is an address asked?
mod gather; // Rows become tiles and blocks.
mod rows; // What a cell may hold.
mod refusal; // What is wrong with a source's content, and where.
mod progress; // How far is it?

pub use gather::Unread;
pub use simulate::Plan;
pub use source::Source;

use gather::Gatherer;
use progress::Progress;

/// How much of a source to take, how long to wait for it, and on how many threads to parse it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a download in all.
    pub timeout: Duration,
    /// After decompression.
    pub bytes: u64,
    /// At least one.
    pub threads: usize,
}

/// All points, reduced.
pub struct Data {
    /// Sums, and the values themselves while they are few.
    pub total: Partial,
    /// Counters, where the values are not kept.
    pub counts: Option<Counts>,
}

/// Makes the points.
pub fn simulate(plan: Plan, export: &mut Option<Export>) -> Result<Data, Trouble> {
    let progress = Progress::new(Some(plan.points));
    let mut blocks = simulate::Blocks::start(plan);
    let mut total = Partial::new();
    while let Some(block) = blocks.next() {
        if let Some(export) = export {
            export.add(&block)?;
        }
        total.merge(block);
        progress.at(total.count());
    }
    let counts = blocks.counts()?;
    Ok(Data { total, counts })
}

/// Reads all rows.
pub fn read(source: &Source, limits: Limits, export: &mut Option<Export>) -> Result<Data, Unread> {
    let progress = Progress::new(None);
    let mut gatherer = Gatherer::new(export);
    source.read(limits, &progress, &mut gatherer)?;
    gatherer.finish()
}
