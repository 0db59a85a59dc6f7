//! What is wrong with the lines of a layer file?

use serde::Serialize;

use crate::config::Problem;
use crate::sources::{self, LayerFile, State};
use crate::spec::{self, Mode};

/// More broken lines than this are counted, not listed.
const MOST_LISTED: usize = 20;

/// One layer file in the report.
#[derive(Debug, Serialize)]
pub struct FileReport {
    /// Its name alone, which is the layer's name.
    pub layer: &'static str,
    /// As a person would type it.
    pub path: String,
    /// `read`, `absent` or `unreadable`.
    pub status: &'static str,
    /// How many entries.
    pub entries: usize,
    /// What is wrong with its lines.
    pub problems: Vec<Problem>,
    /// True when a line may be lost: production does not start on that.
    #[serde(skip)]
    pub damaged: bool,
}

/// What is wrong with a file and its lines.
pub fn report(file: &LayerFile, mode: Mode) -> FileReport {
    let mut report = FileReport {
        layer: file.name,
        path: file.shown.clone(),
        status: "read",
        entries: file.entries().len(),
        problems: Vec::new(),
        damaged: false,
    };
    match &file.state {
        State::Absent => report.status = "absent",
        State::Unreadable(why, fix) => {
            report.status = "unreadable";
            report.damaged = true;
            report
                .problems
                .push(Problem::new(format!("{}: {why}", file.shown), fix));
        }
        State::Read { parsed, .. } => {
            report.damaged = !parsed.flaws.is_empty();
            for (line, flaw) in &parsed.flaws {
                let (what, fix) = flaw.words();
                report
                    .problems
                    .push(Problem::new(format!("{}:{line}: {what}", file.shown), fix));
            }
        }
    }
    let unlisted = report.problems.len().saturating_sub(MOST_LISTED);
    if unlisted > 0 {
        report.problems.truncate(MOST_LISTED);
        let what = format!("{}: and {unlisted} more broken lines", file.shown);
        let fix = "is this a .env file? mend those above, then run this again";
        report.problems.push(Problem::new(what, fix));
    }
    for entry in file.entries() {
        let place = format!("{}:{}", file.shown, entry.line);
        if entry.name == "MATRIX_MODE" && sources::is_of_mode(file.name) {
            report.problems.push(Problem::new(
                format!("{place}: MATRIX_MODE has no effect here, the mode chooses this file"),
                "set it in .env or in the process environment",
            ));
        }
        // A name that nothing here reads: only its being changed would be of interest.
        if spec::named(&entry.name).is_none() && entry.change.is_some() && mode != Mode::Unknown {
            let what =
                format!("{place}: the value is not what is written there, dotenvy changed it");
            report
                .problems
                .push(Problem::new(what, "write it in single quotes"));
        }
    }
    report
}
