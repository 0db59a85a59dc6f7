//! What can go wrong? These types hold facts; the room `report` has words for them.

use std::any::Any;
use std::io;

mod content; // What is wrong with the content of a source, and where.
mod fetch; // Why an address gave no data.
mod source; // Why a source cannot be read.
mod target; // Why a file cannot be written.

pub use content::{
    Cell, ColumnKind, Content, Foreign, Json, MOST_NAMES, Parquet, Place, TableKind,
};
pub use fetch::{Connection, Failure, HostName, Login, ProxyFault, RootsFault};
pub use source::{ReadFault, Refusal, SourceFault};
pub use target::TargetFault;

/// Why the run could not do its job.
#[derive(Debug)]
pub enum Trouble {
    /// A flag is wrong. clap says which one.
    Usage(String),
    /// `--source` names this protocol, which is not read.
    Protocol(String),
    /// stdout cannot be written.
    Stdout(io::Error),
    /// The JSON of the report cannot be made.
    Report(serde_json::Error),
    /// polars cannot make a table, for this reason.
    Table(String),
    /// plotters cannot draw, for this reason.
    Drawing(String),
    /// The system refuses another thread, for this reason.
    NoThread(io::Error),
    /// The system refuses this many bytes of memory.
    NoMemory(usize),
    /// A panic with this message. It is a bug in this program or in a library, never the user's mistake.
    Panic(String),
    Source(SourceFault),
    Target(TargetFault),
}

impl From<TargetFault> for Trouble {
    fn from(fault: TargetFault) -> Self {
        Self::Target(fault)
    }
}

/// The message of a panic.
pub fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message").to_owned()
}
