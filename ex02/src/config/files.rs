//! What is wrong with the lines of a layer file?

use std::collections::HashMap;

use serde::Serialize;

use crate::config::judge::Problem;
use crate::sources::file::{LayerFile, State};
use crate::sources::layers::{self};
use crate::variables::table;
use crate::words::wording::MOST_LISTED;

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
pub fn report(file: &LayerFile) -> FileReport {
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
    let mut seen = HashMap::new();
    for entry in file.entries() {
        let place = format!("{}:{}", file.shown, entry.line);
        let mut mend = |what: String, fix: &str| report.problems.push(Problem::new(what, fix));
        if table::named(&entry.name).is_some() {
            if entry.name == "MATRIX_MODE" && layers::is_of_mode(file.name) {
                mend(
                    format!("{place}: MATRIX_MODE has no effect here, the mode chooses this file"),
                    "set it in .env or in the process environment",
                );
            }
            // Their other problems stand with the variable.
            continue;
        }
        // A name that nothing here reads may be a piece of a secret: only its place is said.
        if let Some(before) = seen.insert(&entry.name, entry.line) {
            mend(
                format!("{place}: set twice in one file, line {before} sets the same name"),
                "delete all but one",
            );
        }
        if entry.change.is_some() {
            mend(
                format!("{place}: the value is not what is written there, dotenvy changed it"),
                "write it in single quotes",
            );
        }
    }
    let unlisted = report.problems.len().saturating_sub(MOST_LISTED);
    if unlisted > 0 {
        report.problems.truncate(MOST_LISTED);
        let what = format!("{}: and {unlisted} more lines to mend", file.shown);
        let fix = "is this a .env file? mend those above, then run this again";
        report.problems.push(Problem::new(what, fix));
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a `.env` of this text.
    fn problems(text: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), text).unwrap();
        let sources = layers::read(std::iter::empty(), folder.path());
        let problems = report(&sources.files[0]).problems;
        problems.into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn a_name_that_nothing_reads_is_pointed_at_by_its_place() {
        assert_eq!(problems("SMTP_HOST=a\nLOG_LEVEL=INFO\n"), [""; 0]);
        assert_eq!(
            problems("SMTP_HOST=a\n\nSMTP_HOST=b$c\n"),
            [
                ".env:3: set twice in one file, line 1 sets the same name",
                ".env:3: the value is not what is written there, dotenvy changed it",
            ]
        );
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        let problems = problems(&"SMTP_HOST=a\n".repeat(200_000 / 12));
        assert_eq!(problems.len(), MOST_LISTED + 1);
        assert_eq!(problems[MOST_LISTED], ".env: and 16645 more lines to mend");
    }
}
