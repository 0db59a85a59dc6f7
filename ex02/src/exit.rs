//! What does the exit code mean?
//!
//! 0, 1 and 2 are the contract of grep and diff: yes, no, could not find out.

use std::process::ExitCode;

use crate::words::Words;

/// How a run ended that did its job. (A run that could not do it ends with a [`Trouble`].)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the job is done, or the answer is yes. A closed pipe counts as done.
    Yes = 0,
    /// 1: the job is done and the answer is no.
    No = 1,
    /// 78: the configuration was read and is refused (`EX_CONFIG` of sysexits.h).
    Refused = 78,
}

/// The exit code of a run that could not find out. clap uses the same for a wrong flag.
pub const TROUBLE: u8 = 2;

/// Why the program could not do its job, and what the user can do.
///
/// `hint` is not an `Option`: an error without a hint does not compile.
#[derive(Debug)]
pub struct Trouble {
    /// In lower case, without a full stop. It names the file, line, variable or flag.
    pub what: Words,
    /// What to type or to change.
    pub hint: Words,
}

impl Trouble {
    /// An error and its hint.
    pub fn new(what: impl Into<Words>, hint: impl Into<Words>) -> Self {
        Self {
            what: what.into(),
            hint: hint.into(),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
