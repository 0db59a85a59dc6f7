//! Where do the rows come from? They are simulated or read, and end in the same sums and counters.

use std::thread;
use std::time::Duration;

use super::files::Export;
use super::statistics::{Counts, Partial};
use crate::cli::Args;
use crate::faults::Trouble;

mod workers; // Threads, and their results in the order of the data.
mod simulate; // Makes rows: each chunk of the data has its own random stream.
mod normal; // Turns 64 random bits into a number of the normal distribution.
mod source; // Opens a file, standard input or an address.
mod url; // How an address begins.
mod parts; // Several files, from a folder or a pattern of names.
mod pattern; // The paths that match a pattern.
mod stream; // Unpacks bytes, counts them, and stops at the limit.
mod format; // Which format is it?
mod pieces; // Deals out tasks to threads that parse.
mod csv;
mod record; // One record of a CSV file.
mod json;
mod parquet;
mod footer; // What a Parquet file says about itself.
mod row_group; // Where the two columns are in each group of its rows.
mod pages; // The pages of a Parquet file's column.
mod batch; // Pages that are unpacked together.
mod unpack; // Pages become numbers.
mod plain; // Pages, unpacked before polars reads them.
mod numbers; // The types that hold numbers.
mod memory; // How much of a file is in memory at once.
#[cfg_attr(not(feature = "ureq"), path = "data/fetch_missing.rs")]
mod fetch;
#[cfg(feature = "ureq")]
mod headers; // What headers say.
#[cfg(feature = "ureq")]
mod connection; // Why there is no connection.
#[cfg(feature = "ureq")]
mod roots; // Whose certificates are trusted?
#[cfg(feature = "ureq")]
mod address; // Where an address and a redirection lead.
#[cfg(feature = "ureq")]
mod absolute; // Asks a proxy for a whole address.
#[cfg(feature = "ureq")]
mod proxy; // Finds the proxy for an address.
mod gather; // Collects rows into tiles and blocks.
mod rows; // What a cell may hold.
mod progress; // How far is it?

pub use simulate::Plan;
pub use source::Source;

use gather::Gatherer;
use progress::Progress;

/// The most threads that work. Each takes one or two megabytes, and all together must not take 100.
const MOST_THREADS: usize = 32;
/// The most threads that make points for an export. One thread writes them, and for each thread that makes them 20
/// megabytes of points wait for it.
const MOST_EXPORTING: usize = 2;

/// The limits for a source, and how many threads parse it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a whole download.
    pub timeout: Duration,
    /// After unpacking.
    pub bytes: u64,
    /// At least one.
    pub threads: usize,
}

/// How many threads work: as many as are asked for, or one for each core, up to the limit.
pub fn threads(args: &Args) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let wanted = args.threads.map_or_else(cores, usize::from);
    wanted.min(if args.export.is_some() {
        MOST_EXPORTING
    } else {
        MOST_THREADS
    })
}

/// All points, reduced.
pub struct Data {
    /// Sums, and the values themselves if they are few.
    pub total: Partial,
    /// Counters, if the values are not kept.
    pub counts: Option<Counts>,
}

/// Simulates the points.
pub fn simulate(plan: Plan, export: &mut Option<Export>) -> Result<Data, Trouble> {
    let progress = Progress::new(Some(plan.points));
    let mut workers = simulate::start(plan)?;
    let mut total = Partial::new();
    // `next` calls its argument while it waits. Here nothing is to be done meanwhile.
    while let Some(block) = workers.next(&|| ()) {
        if let Some(export) = export {
            export.add(&block)?;
        }
        total.merge(block);
        progress.at(total.count());
    }
    let counts = workers.end().map_err(Trouble::Panic)?;
    let counts = counts.into_iter().flatten().reduce(|mut all, next| {
        all.merge(&next);
        all
    });
    Ok(Data { total, counts })
}

/// Reads all rows of a source's parts.
pub fn read(
    source: &Source,
    parts: Vec<Source>,
    limits: Limits,
    export: &mut Option<Export>,
) -> Result<Data, Trouble> {
    let progress = Progress::new(None);
    let mut gatherer = Gatherer::new(export);
    source.read(parts, limits, &progress, &mut gatherer)?;
    gatherer.finish()
}
