//! The sentences about the fact that decides about a claim.

use std::fmt::{self, Display, Formatter};

use crate::around::Meaning;
use crate::finding::{Cause, Unusable};
use crate::support::PyPath;

/// The fact that decides about a claim.
impl Display for Meaning {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let not_first =
            "the Python that starts is in no virtual environment, and the bin of this one is not";
        f.write_str(&match self {
            Self::StartsAnyway => "its Python is still the one that starts".into(),
            Self::ThisOnes => "the Python that starts is this environment's".into(),
            Self::TakenBy { file, own } => {
                format!("{file} starts and uses this environment, because its own python does not start: {own}")
            }
            Self::NoFolder => "there is no such folder".into(),
            Self::Closed(folder) => {
                format!("you may not enter the folder {folder}, so it is not known what is there (permission denied)")
            }
            Self::NoMark(mark) => format!("the folder has no {mark}, so it is no environment"),
            Self::CondaWithoutPython => {
                "the environment has no python of its own, so another one starts".into()
            }
            Self::MadeOnWindows => {
                "the environment was made on Windows: it has no python for this system".into()
            }
            Self::PythonGone(Cause::NotStartable { file, why: Unusable::Absent }) => {
                format!("the environment has no python of its own: {file} is not there")
            }
            Self::PythonGone(cause) => format!("no python of this environment starts: {cause}"),
            Self::CannotStart => "the python of this environment cannot start".into(),
            Self::OfAnotherEnvironment => {
                "the Python that starts belongs to another environment".into()
            }
            Self::NotFirst { on_path: true } => format!("{not_first} first on PATH"),
            Self::NotFirst { on_path: false } => format!("{not_first} on PATH"),
            Self::FirstWithout { typed, has } => first_without(typed, has),
            Self::BaseOfTheOne => {
                "the Python that starts is in a virtual environment that was made from this one".into()
            }
            Self::Asked(it) => {
                let said = it.to_string();
                said.replacen("that starts", "that --python asks about", 1)
            }
            Self::NotAskedAbout => {
                "it is active in this shell, but --python asks about another Python".into()
            }
            Self::LeadsElsewhere(prefix) => {
                format!("its python is the one that starts, but it takes its library from {prefix}")
            }
            Self::BehindShims { folder, tool } => {
                format!("{tool}'s shims in {folder} come before this environment on PATH")
            }
            Self::OtherCannotStart => {
                "the Python that was found is another one, and it cannot start".into()
            }
            Self::NoPython => "no Python starts".into(),
            Self::NotKnown => "it is not known which Python starts".into(),
            Self::SomeEnvironment(tool) => {
                format!("an environment is used; whether it belongs to {tool} is not checked")
            }
            Self::ShellEntered(tool) => {
                format!("this should be {tool}'s shell, but no environment is used: leave the shell and enter it again")
            }
        })
    }
}

/// The shell passes over the name that was typed. Another name starts.
fn first_without(typed: &Cause, has: &PyPath) -> String {
    let name = typed.subject().map(PyPath::basename).unwrap_or_default();
    let but = match typed {
        Cause::NotStartable {
            why: Unusable::Absent,
            ..
        } => format!("has no {name}"),
        cause => cause.to_string(),
    };
    format!("its bin is first, but {but}: `{has}` is this environment's, `{name}` is not")
}
