//! What does the exit code mean?
//!
//! 0, 1 and 2 are the contract of grep and diff: yes, no, could not find out.

use std::any::Any;
use std::fmt::Display;
use std::process::ExitCode;

/// How a run that did its job ended. A run that could not do its job returns a [`Trouble`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the job is done, or the answer is yes. A closed pipe counts as done.
    Yes = 0,
    /// 1: the job is done and the answer is no.
    No = 1,
}

/// The exit code of a run that could not find out. clap uses the same code for a wrong flag.
pub const TROUBLE: u8 = 2;

/// Why the run could not do its job, and what the user can do about it.
///
/// The hint is no `Option`: an error without a hint does not compile.
#[derive(Debug)]
pub struct Trouble {
    /// Names the file, line, variable or flag. It begins with a small letter and has no full stop.
    pub what: String,
    /// What to type or to change.
    pub hint: String,
}

impl Trouble {
    /// Makes an error from what went wrong and a hint.
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

/// The message of a panic.
pub fn panicked(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("without a message"))
}

/// Turns a panic into an error. A panic is a bug in this program or in a library, never the user's mistake.
pub fn bug(payload: &(dyn Any + Send)) -> Trouble {
    Trouble::new(
        panicked(payload),
        "this is a bug; please report it with the versions that `loading --check` shows",
    )
}
