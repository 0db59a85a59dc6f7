//! Which fields does the JSON have? The reference page names each.

use serde::Serialize;

use super::explain::LayerShown;
use super::summary::Outcome;
use crate::config::FileStatus;
use crate::probe::Reached;
use crate::safety::Verdict;
use crate::variables::{Mode, Status};

/// The report.
#[derive(Serialize)]
pub struct SummaryJson {
    pub mode: Mode,
    pub status: Outcome,
    pub variables: Vec<VariableJson>,
    pub connections: ConnectionsJson,
    pub checks: Vec<CheckJson>,
    pub files: Vec<FileJson>,
}

/// One of the five.
#[derive(Serialize)]
pub struct VariableJson {
    pub name: &'static str,
    pub status: Status,
    pub origin: Option<OriginJson>,
    /// The entries that gave it parts of its value: `HOST of .env:1`.
    pub parts: Vec<String>,
    pub overrides: Vec<OriginJson>,
    pub shown: Option<String>,
    pub problems: Vec<String>,
}

/// Where a value comes from.
#[derive(Serialize)]
pub struct OriginJson {
    pub layer: &'static str,
    pub file: Option<String>,
    pub line: Option<usize>,
}

/// The three connections.
#[derive(Serialize)]
pub struct ConnectionsJson {
    pub database: ConnectionJson,
    pub api: ConnectionJson,
    pub zion: ConnectionJson,
}

/// One of them.
#[derive(Serialize)]
pub struct ConnectionJson {
    pub status: Reached,
    pub shown: String,
}

/// One of the three checks.
#[derive(Serialize)]
pub struct CheckJson {
    pub name: &'static str,
    pub status: Verdict,
    pub evidence: Vec<FactJson>,
    /// How to mend the worst of the facts.
    pub hint: Option<String>,
}

/// One fact of a check.
#[derive(Serialize)]
pub struct FactJson {
    pub kind: &'static str,
    pub status: Verdict,
    pub file: Option<String>,
    pub line: Option<usize>,
    pub message: String,
    pub hint: Option<String>,
}

/// One layer file.
#[derive(Serialize)]
pub struct FileJson {
    pub layer: &'static str,
    pub path: String,
    pub status: FileStatus,
    pub entries: usize,
    pub problems: Vec<String>,
    /// How many more lines are wrong than are listed.
    pub more_problems: usize,
}

/// The places of one variable.
#[derive(Serialize)]
pub struct ExplanationJson<'a> {
    pub name: &'static str,
    pub about: &'static str,
    pub status: Status,
    pub layers: &'a [LayerShown],
    pub problems: Vec<String>,
}
