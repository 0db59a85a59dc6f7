//! What does the exit code mean?
//!
//! 0, 1 and 2 are the contract of grep and diff: yes, no, could not find out.

use std::process::ExitCode;

/// How a run that did its job ended. A run that could not do its job returns a `Trouble`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the job is done, or the answer is yes. A closed pipe counts as done.
    Yes = 0,
    /// 1: the job is done and the answer is no.
    No = 1,
}

/// The exit code of a run that could not find out. clap uses the same code for a wrong flag.
pub const TROUBLE: u8 = 2;

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
