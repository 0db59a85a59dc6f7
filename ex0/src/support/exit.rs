//! What does the exit code mean?
//!
//! 0, 1 and 2 are the contract of grep and diff: yes, no, could not find out.

use std::fmt::Display;
use std::process::ExitCode;

/// How a run ended that has a report to show. (One that has none is a [`Trouble`].)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the job is done, or the answer is yes. A closed pipe counts as done.
    Yes = 0,
    /// 1: the job is done and the answer is no.
    No = 1,
    /// 2: could not find out, because there is nothing of the name or path that was given.
    NothingNamed = 2,
}

/// The exit code of a run that could not find out, clap's own for a wrong flag too.
pub const TROUBLE: u8 = 2;

/// Why the job could not be done, and what to type to mend it.
///
/// The hint is a field and not an option: an error without a way out does not compile.
#[derive(Debug)]
pub struct Trouble {
    /// Lower case, names the file, line, variable or flag, no full stop.
    pub what: String,
    /// What to type or to change.
    pub hint: String,
}

impl Trouble {
    /// Puts an error and its remedy together.
    pub fn new(what: impl Display, hint: impl Display) -> Self {
        Self {
            what: what.to_string(),
            hint: hint.to_string(),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An operating system's reason in lower case, without Rust's "(os error 2)".
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}
