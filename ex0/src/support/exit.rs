//! What does the exit code mean?
//!
//! grep and diff use the same three codes: 0 is yes, 1 is no, 2 means that the program could not find out.

use std::fmt::Display;
use std::process::ExitCode;

/// How a run with a report ended. (A run without a report ends with a [`Trouble`].)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the job is done, or the answer is yes. A closed pipe counts as done.
    Yes = 0,
    /// 1: the job is done, and the answer is no.
    No = 1,
    /// 2: could not find out. There is no file with the given name or path, `--verify` could not ask, or a [`Trouble`] came first. clap uses
    /// the same code for a wrong flag.
    Unanswered = 2,
}

/// Why the job could not be done, and what the user can do.
///
/// The hint is not an `Option`: an error without a hint does not compile.
#[derive(Debug)]
pub struct Trouble {
    /// In lower case, without a full stop. It names the file, line, variable or flag.
    pub what: String,
    /// What the user should type or change.
    pub hint: String,
}

impl Trouble {
    /// An error and its hint.
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

/// The operating system's reason, in lower case and without Rust's "(os error 2)".
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}
