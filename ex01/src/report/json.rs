//! What does a script get? One JSON object, from the structs that the text shows.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::Path;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{managers, repair, words};
use crate::faults::Trouble;
use crate::programs::{Dependency, Manager};
use crate::results::{Column, Exported, Findings, Group, Histogram, Outcome};
use crate::text;

/// Everything about a run. What the run did not do is `null`.
#[derive(serde::Serialize)]
pub struct Object<'a> {
    n: Option<u64>,
    /// The seed of simulated data.
    seed: Option<u64>,
    /// `simulated`, a path, or an address.
    source: Option<PathText<'a>>,
    /// Why the data was simulated although a source was given.
    fallback: Option<String>,
    signal: Option<&'a Column>,
    risk: Option<&'a Column>,
    groups: Option<&'a [Group]>,
    histogram: Option<&'a Histogram>,
    dependencies: Vec<Program<'a>>,
    managers: Vec<Tool<'a>>,
    output: Option<PathText<'a>>,
    export: Option<Export<'a>>,
    /// What the user asked for and the run could not do.
    undone: Vec<String>,
    /// The only part that differs between two runs.
    timing: Timing,
}

/// One program, and what the report says of it.
#[derive(serde::Serialize)]
struct Program<'a> {
    #[serde(flatten)]
    facts: &'a Dependency,
    problem: Option<String>,
    fix: Option<String>,
}

/// One package manager, and what the report says of it.
#[derive(serde::Serialize)]
struct Tool<'a> {
    #[serde(flatten)]
    facts: &'a Manager,
    promise: &'static str,
}

#[derive(serde::Serialize)]
struct Timing {
    /// From start to end, in seconds.
    seconds: f64,
}

#[derive(serde::Serialize)]
struct Export<'a> {
    path: PathText<'a>,
    rows: u64,
    files: usize,
}

/// A path: text, or `{"hex": "…"}` if it is not UTF-8.
struct PathText<'a>(&'a OsStr);

impl Serialize for PathText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(text) = self.0.to_str() {
            return serializer.serialize_str(text);
        }
        let bytes = self.0.as_encoded_bytes();
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("hex", &hex.concat())?;
        map.end()
    }
}

impl<'a> Object<'a> {
    pub fn new(
        dependencies: &'a [Dependency],
        tools: &'a [Manager],
        outcome: &'a Outcome,
        seconds: f64,
    ) -> Self {
        let findings: Option<&Findings> = outcome.findings.as_ref();
        let path = |path: &'a Path| PathText(path.as_os_str());
        let program = |facts| Program {
            facts,
            problem: repair::problem(facts),
            fix: repair::fix(facts),
        };
        let tool = |facts: &'a Manager| Tool {
            facts,
            promise: managers::promise(facts.counts),
        };
        let export = |it: &'a Exported| Export {
            path: path(&it.path),
            rows: it.rows,
            files: it.files,
        };
        Self {
            n: findings.map(|it| it.n),
            seed: outcome.seed,
            source: outcome.source.as_deref().map(PathText),
            fallback: outcome.fallback.as_ref().map(words::unread),
            signal: findings.map(|it| &it.signal),
            risk: findings.map(|it| &it.risk),
            groups: findings.map(|it| it.groups.as_slice()),
            histogram: findings.map(|it| &it.histogram),
            dependencies: dependencies.iter().map(program).collect(),
            managers: tools.iter().map(tool).collect(),
            output: outcome.output.as_deref().map(path),
            export: outcome.exported.as_ref().map(export),
            undone: outcome.undone.iter().map(repair::undone).collect(),
            timing: Timing { seconds },
        }
    }

    /// The object as text, with a line break at the end.
    pub fn text(&self) -> Result<String, Trouble> {
        // serde_json writes NaN and infinity as null.
        let text = serde_json::to_string_pretty(self);
        text.map(|text| escaped(&text) + "\n")
            .map_err(Trouble::Report)
    }
}

/// Writes invisible characters as JSON escapes. They occur only inside strings.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && (c.is_control() || text::is_unseen(c)) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing into a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}
