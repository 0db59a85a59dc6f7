//! What can be wrong with a variable or a file?

use crate::sources::{Cause, EnvFile, Flaw, Layer, Origin, Unreadable};
use crate::variables::Fault;
use crate::words::{Outside, Place};

/// One thing to mend. `report` puts it into words and adds the hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable that has the problem. `None`: a file has it.
    pub variable: Option<&'static str>,
    /// The file and line. `None`: it is in no file.
    pub place: Option<Place>,
    /// The layer of this place.
    pub layer: Option<Layer>,
    /// What is wrong.
    pub wrong: Wrong,
}

impl Problem {
    /// A problem of a variable, in the place that sets it.
    pub fn of_variable(name: &'static str, origin: Option<&Origin>, wrong: Wrong) -> Self {
        Self {
            variable: Some(name),
            place: origin.map(Origin::at),
            layer: origin.map(|it| it.layer),
            wrong,
        }
    }

    /// A problem of a file.
    pub fn of_file(file: &EnvFile, line: Option<usize>, wrong: Wrong) -> Self {
        let place = line.map_or_else(|| file.whole(), |line| file.at(line));
        Self {
            variable: None,
            place: Some(place),
            layer: file.layer,
            wrong,
        }
    }
}

/// What is wrong. It never quotes a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The value has a fault.
    Value(Fault),
    /// The value is not UTF-8.
    NotText,
    /// dotenvy left nothing of the value.
    NothingLeft,
    /// dotenvy changed the value, for this cause.
    Changed(Cause),
    /// dotenvy put a value of the process environment into the value.
    FromProcess,
    /// No place sets it.
    Missing,
    /// This place sets it, and counts in another mode only.
    OtherMode(Origin),
    /// No place that was read sets it. These files were not read, and may set it.
    Unread(Vec<Place>),
    /// A line names it, and dotenvy cannot read that line.
    Lost,
    /// Its value is empty, perhaps because dotenvy changed it.
    Empty(Option<Cause>),
    /// These lines of the same file set it too.
    SetTwice(Vec<usize>),
    /// Similar names that the program does not read.
    Misspelt(Vec<Alike>),
    /// The file could not be read. The example can be copied in its place.
    Unreadable(Unreadable, Option<Place>),
    /// The file is a link to a place outside the repository.
    LeadsOutside,
    /// A line of the file has this flaw.
    Line(Flaw),
    /// `MATRIX_MODE` in a file that the mode chooses.
    WithoutEffect,
    /// This line sets the same name too. The program does not read the name.
    NameTwice(usize),
}

/// A name that is one edit away from a name of the five. So it is not a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The name as it is written.
    pub name: Outside,
    /// The file and line that set it.
    pub place: Place,
}
