//! The sentences about the fact that decides about a claim.

use std::fmt::{self, Display, Formatter};

use crate::around::Meaning;
use crate::finding::{Cause, Unusable};
use crate::support::PyPath;

/// The fact that decides about a claim.
impl Display for Meaning {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&sentence(self, "that starts"))
    }
}

/// The sentence about the Python `that starts`, or the one that --python asks about.
fn sentence(meaning: &Meaning, that_starts: &str) -> String {
    let not_first = format!(
        "the Python {that_starts} is in no virtual environment, and the bin of this one is not"
    );
    match meaning {
        Meaning::StartsAnyway => format!("its Python is still the one {that_starts}"),
        Meaning::ThisOnes => format!("the Python {that_starts} is this environment's"),
        Meaning::TakenBy { file, own } => {
            format!(
                "{file} starts and uses this environment, because its own python does not start: {own}"
            )
        }
        Meaning::NoFolder => "there is no such folder".into(),
        Meaning::Closed(folder) => {
            format!(
                "you may not enter the folder {folder}, so it is not known what is there (permission denied)"
            )
        }
        Meaning::NoMark(mark) => format!("the folder has no {mark}, so it is no environment"),
        Meaning::CondaWithoutPython => {
            "the environment has no python of its own, so another one starts".into()
        }
        Meaning::MadeOnWindows => {
            "the environment was made on Windows: it has no python for this system".into()
        }
        Meaning::PythonGone(Cause::NotStartable {
            file,
            why: Unusable::Absent,
        }) => {
            format!("the environment has no python of its own: {file} is not there")
        }
        Meaning::PythonGone(cause) => format!("no python of this environment starts: {cause}"),
        Meaning::CannotStart => "the python of this environment cannot start".into(),
        Meaning::OfAnotherEnvironment => {
            format!("the Python {that_starts} belongs to another environment")
        }
        Meaning::NotFirst { on_path: true } => format!("{not_first} first on PATH"),
        Meaning::NotFirst { on_path: false } => format!("{not_first} on PATH"),
        Meaning::FirstWithout { typed, has } => first_without(typed, has),
        Meaning::BaseOfTheOne => {
            format!(
                "the Python {that_starts} is in a virtual environment that was made from this one"
            )
        }
        Meaning::Asked(it) => sentence(it, "that --python asks about"),
        Meaning::NotAskedAbout => {
            "it is active in this shell, but --python asks about another Python".into()
        }
        Meaning::LeadsElsewhere(prefix) => {
            format!("its python is the one {that_starts}, but it takes its library from {prefix}")
        }
        Meaning::BehindShims { folder, tool } => {
            format!("{tool}'s shims in {folder} come before this environment on PATH")
        }
        Meaning::OtherCannotStart => {
            "the Python that was found is another one, and it cannot start".into()
        }
        Meaning::NoPython => "no Python starts".into(),
        Meaning::NotKnown => "it is not known which Python starts".into(),
        Meaning::SomeEnvironment(tool) => {
            format!("an environment is used; whether it belongs to {tool} is not checked")
        }
        Meaning::ShellEntered(tool) => {
            format!(
                "this should be {tool}'s shell, but no environment is used: leave the shell and enter it again"
            )
        }
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
