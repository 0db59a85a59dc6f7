//! What is wrong with the lines of a layer file?

use std::collections::HashMap;

use super::problem::{Problem, Wrong};
use crate::sources::{Cause, EnvFile, Sources, State};
use crate::variables::{MATRIX_MODE, named};
use crate::words::MOST_KEPT;

/// A layer file, and what is wrong with it.
pub struct FileReport<'a> {
    /// The file.
    pub file: &'a EnvFile,
    /// The first [`MOST_KEPT`] problems with its lines.
    pub problems: Vec<Problem>,
    /// How many more lines are wrong.
    pub more: usize,
}

/// What is wrong with a file and its lines.
pub fn report<'a>(file: &'a EnvFile, sources: &Sources) -> FileReport<'a> {
    // With the line, if it is one line. Only the first ones become problems: there may be very many.
    let mut wrong = Vec::new();
    if file.leads_outside {
        wrong.push((None, Wrong::LeadsOutside));
    }
    match &file.state {
        State::Absent => {}
        State::Unreadable(why) => {
            wrong.push((None, Wrong::Unreadable(*why, sources.copy_for(file))));
        }
        State::Read { parsed, .. } => {
            let lines = parsed.flaws.iter();
            wrong.extend(lines.map(|(line, flaw)| (Some(*line), Wrong::Line(*flaw))));
        }
    }
    wrong.extend(of_entries(file));
    let more = wrong.len().saturating_sub(MOST_KEPT);
    let first = wrong.into_iter().take(MOST_KEPT);
    let problems = first.map(|(line, wrong)| Problem::of_file(file, line, wrong));
    FileReport {
        file,
        problems: problems.collect(),
        more,
    }
}

/// What is wrong with its entries. Problems of the five variables are listed at the variable.
fn of_entries(file: &EnvFile) -> Vec<(Option<usize>, Wrong)> {
    let mut problems = Vec::new();
    let mut seen = HashMap::new();
    for entry in file.entries() {
        let mut wrong = |wrong| problems.push((Some(entry.line), wrong));
        if named(&entry.name).is_some() {
            let of_mode = file.layer.is_some_and(|it| it.mode().is_some());
            if entry.name == MATRIX_MODE.name && of_mode {
                wrong(Wrong::WithoutEffect);
            }
            continue;
        }
        // The program does not use this name, so it may be a piece of a secret. Only its place is shown.
        if let Some(before) = seen.insert(&entry.name, entry.line) {
            wrong(Wrong::NameTwice(before));
        }
        if entry.from_process {
            wrong(Wrong::FromProcess);
        } else if let Some(cause) = entry.change.filter(|it| *it != Cause::LineBreakInQuotes) {
            // A key in one line, with `\n` for its line breaks: every parser reads it as it is meant.
            wrong(Wrong::Changed(cause));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::{Process, read};

    /// The problems of a `.env` with this text.
    fn problems(text: &str) -> (Vec<(usize, Wrong)>, usize) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), text).unwrap();
        let sources = read(Process::new(std::iter::empty()), folder.path());
        let report = report(&sources.files[0], &sources);
        let problems = report.problems.into_iter();
        let problems = problems.map(|it| (it.place.unwrap().line.unwrap(), it.wrong));
        (problems.collect(), report.more)
    }

    #[test]
    fn a_name_that_the_program_does_not_read_is_shown_by_its_place() {
        assert_eq!(problems("SMTP_HOST=a\nLOG_LEVEL=INFO\n").0, []);
        assert_eq!(problems("PEM=\"a\\nb\"\n").0, []);
        assert_eq!(
            problems("X=C:\\new\n").0,
            [(1, Wrong::Changed(Cause::LineBreak))]
        );
        assert_eq!(
            problems("SMTP_HOST=a\n\nSMTP_HOST=b$c\n").0,
            [(3, Wrong::NameTwice(1)), (3, Wrong::Changed(Cause::Dollar))]
        );
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        let (problems, more) = problems(&"SMTP_HOST=a\n".repeat(200_000 / 12));
        assert_eq!((problems.len(), more), (MOST_KEPT, 15_665));
    }
}
