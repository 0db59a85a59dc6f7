//! What can be wrong with a variable or a file?

use crate::sources::{Cause, EnvFile, Flaw, Unreadable};
use crate::variables::Fault;
use crate::words::{Outside, Place};

/// One thing to mend. What it is called and how it is mended is said in `report`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which of the five it is about; `None`: a file.
    pub variable: Option<&'static str>,
    /// Where it stands; `None`: in no file.
    pub place: Option<Place>,
    /// What is wrong.
    pub wrong: Wrong,
}

impl Problem {
    /// Something that is wrong with a file.
    pub fn of_file(file: &EnvFile, line: Option<usize>, wrong: Wrong) -> Self {
        let place = line.map_or_else(|| file.whole(), |line| file.at(line));
        Self {
            variable: None,
            place: Some(place),
            wrong,
        }
    }
}

/// What is wrong. It says nothing of any value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The value has a fault.
    Value(Fault),
    /// The value is no UTF-8.
    NotText,
    /// dotenvy left nothing of the value.
    NothingLeft,
    /// dotenvy changed the value: by this character.
    Changed(Cause),
    /// dotenvy put a value of the process environment into the value.
    FromProcess,
    /// No place sets it.
    Missing,
    /// It is empty there, perhaps because dotenvy changed it.
    Empty(Option<Cause>),
    /// Set on these lines of the same file, too.
    SetTwice(Vec<usize>),
    /// Names like it, which nothing reads.
    Misspelt(Vec<Alike>),
    /// The file could not be read.
    Unreadable(Unreadable),
    /// The file is a link to somewhere outside of the repository.
    LeadsOutside,
    /// A line of the file.
    Line(Flaw),
    /// `MATRIX_MODE` in a file that the mode chooses.
    WithoutEffect,
    /// A name that nothing here reads is set on this line, too.
    NameTwice(usize),
}

/// A name one edit away from one of the five. So it is no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// As it is written.
    pub name: Outside,
    /// Where it stands.
    pub place: Place,
}
