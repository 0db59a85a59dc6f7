//! What does the exit code mean?
//!
//! 0, 1 and 2 are the contract of grep and diff: yes, no, could not find out.

use std::io::ErrorKind;
use std::process::ExitCode;

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

/// Why the program could not do its job. `report` puts it into words and adds the hint. It never holds what
/// the user typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The system does not tell the current folder, for this reason.
    NoFolder(ErrorKind),
    /// An argument that is no flag. Perhaps this flag was meant.
    UnknownArgument(Option<&'static str>),
    /// A flag, as `--help` writes it, was not used in the right way.
    Flag(&'static str, Misuse),
    /// stdout does not take the report, for this reason.
    NotWritten(ErrorKind),
}

/// What is wrong with the use of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// It is given twice.
    Twice,
    /// It has a value, and takes none.
    TakesNoValue,
    /// It has no value.
    ValueMissing,
    /// Its value is not a number of seconds from the range.
    NoSeconds,
    /// Its value is not a choice of colour.
    NoColor,
    /// Its value is not one of the five variables. Perhaps this one was meant.
    UnknownName(Option<&'static str>),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
