//! Do the variables tell the truth?
//!
//! `activate` sets `VIRTUAL_ENV`, and any other program may set it too. Python never reads it. The variable stays when the environment is
//! deleted, when a second `activate` comes, and in every program that this shell starts. Then it claims something that is no longer true.

mod hint; // the command that makes a claim true
mod pixi; // the commands of pixi
mod folder; // is the folder an environment, and where is it on PATH?

use serde::Serialize;

use self::folder::{first_without, is_active, meaning_on_path, shims_before, stale, taken};
use self::hint::{Hint, hint};
use crate::finding::Cause;
use crate::lookup::Request;
use crate::support::files;
use crate::support::in_words;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Environment, Kind, Running, Status};

/// Is a claim true?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It names the environment that is used, or that is active in this shell.
    Agrees,
    /// It names no folder, or a folder that is not an environment.
    Stale,
    /// It names an environment, but the Python that would start belongs to another one.
    Another,
    /// It names an environment, but no environment is used. Or an environment is used, but no variable names it.
    NotActivated,
}

/// The fact that decides about a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// No variable names it, but its python is the one that starts.
    StartsAnyway,
    ThisOnes,
    /// Its `own` python cannot start. Another one does, and takes the environment for its own.
    TakenBy {
        file: PyPath,
        own: Cause,
    },
    NoFolder,
    /// This user may not enter this folder, so it is not known whether the environment is there.
    Closed(PyPath),
    /// The folder does not have this mark of an environment.
    NoMark(&'static str),
    /// conda also makes environments without a Python.
    CondaWithoutPython,
    MadeOnWindows,
    /// None of its pythons starts, and why.
    PythonGone(Cause),
    CannotStart,
    OfAnotherEnvironment,
    /// The Python that starts is in an environment that was made from this one.
    BaseOfTheOne,
    /// The same of the Python that `--python` asks about: another one may start.
    Asked(Box<Self>),
    /// It starts when the user types `python3`, but `--python` asks about another one.
    NotAskedAbout,
    /// Its bin comes after the Python that starts, or is not on PATH.
    NotFirst {
        on_path: bool,
    },
    /// Its bin comes first. The name that was typed does not start there, but another one does.
    FirstWithout {
        typed: Cause,
        has: PyPath,
    },
    /// Its python is the one that starts, but uses a library in another folder.
    LeadsElsewhere(PyPath),
    /// A tool's shims come before its bin on PATH.
    BehindShims {
        folder: PyPath,
        tool: &'static str,
    },
    OtherCannotStart,
    NoPython,
    NotKnown,
    /// An environment is used. Whether it belongs to the tool is not checked.
    SomeEnvironment(&'static str),
    ShellEntered(&'static str),
}

/// The claim of a variable, and whether it is true.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The name of the variable.
    pub name: &'static str,
    /// Its value; `None` if it is not set.
    pub value: Option<PyPath>,
    /// Is it true?
    #[serde(rename = "verdict", serialize_with = "in_words")]
    pub truth: Truth,
    #[serde(serialize_with = "in_words")]
    pub meaning: Meaning,
    #[serde(flatten)]
    pub hint: Hint,
}

/// The variables. Some name the folder of an environment; the others only say that the environment of this tool is on.
const VARIABLES: [(&str, Option<&str>); 7] = [
    ("VIRTUAL_ENV", None),
    ("PYENV_VIRTUAL_ENV", None),
    ("CONDA_PREFIX", None),
    ("PIPENV_ACTIVE", Some("pipenv")),
    ("POETRY_ACTIVE", Some("Poetry")),
    ("HATCH_ENV_ACTIVE", Some("Hatch")),
    (pixi::IN_SHELL, Some("pixi")),
];

/// Compares every claim with the answer.
pub fn check_claims(request: &Request, answer: &Answer, world: &World) -> Vec<Claim> {
    let is_isolated = answer.status() == Status::Isolated;
    let used = answer.environment().filter(|_| is_isolated);
    let mut claims = Vec::new();
    for (name, tool) in VARIABLES {
        let value = world.non_empty(name);
        let unnamed = used.filter(|_| name == "VIRTUAL_ENV").map(|it| &it.path);
        let Some(folder) = value.or(unnamed) else {
            continue;
        };
        // In pixi's shell, this variable names the environment.
        let of_pixi = world.non_empty("CONDA_PREFIX");
        let of_pixi = of_pixi.filter(|it| name == pixi::IN_SHELL && pixi::is_pixis(it, world));
        let folder = of_pixi.unwrap_or(folder);
        let conda = name == "CONDA_PREFIX" || of_pixi.is_some();
        let (truth, meaning) = match tool {
            _ if value.is_none() => {
                let meaning = taken(answer).unwrap_or(Meaning::StartsAnyway);
                (Truth::NotActivated, meaning)
            }
            Some(tool) if of_pixi.is_none() => judge_switch(tool, answer),
            _ => judge(folder, conda, request, answer, world),
        };
        claims.push(Claim {
            name,
            value: value.cloned(),
            truth,
            hint: hint(name, folder, &meaning, answer, world),
            meaning: match meaning {
                it @ (Meaning::StartsAnyway
                | Meaning::ThisOnes
                | Meaning::OfAnotherEnvironment
                | Meaning::BaseOfTheOne
                | Meaning::NotFirst { .. }
                | Meaning::LeadsElsewhere(_))
                    if *request != Request::Typed =>
                {
                    Meaning::Asked(Box::new(it))
                }
                it => it,
            },
        });
    }
    claims
}

/// Is an environment used, as a tool's variable says?
fn judge_switch(tool: &'static str, answer: &Answer) -> (Truth, Meaning) {
    let pixi = answer.environment().is_some_and(|it| it.kind == Kind::Pixi);
    let on = answer.status() == Status::Isolated || (pixi && answer.running().is_some());
    if on {
        (Truth::Agrees, Meaning::SomeEnvironment(tool))
    } else {
        (Truth::Stale, Meaning::ShellEntered(tool))
    }
}

/// Is it the environment that is used? The answer, and the fact that decides.
fn judge(
    value: &PyPath,
    conda: bool,
    request: &Request,
    answer: &Answer,
    world: &World,
) -> (Truth, Meaning) {
    // A conda environment is not a virtual environment, and a virtual environment is not conda's.
    let running = answer.running();
    let fits = |it: &Running| match it.environment.kind {
        Kind::Conda | Kind::Pixi => conda,
        _ => !conda && it.is_isolated(),
    };
    if running.is_some_and(|it| same_folder(&it.site.prefix, value) && fits(it)) {
        return (Truth::Agrees, taken(answer).unwrap_or(Meaning::ThisOnes));
    }
    if let Some(stale) = stale(value, conda, answer) {
        return stale;
    }
    // What is not known about a Python is not which one it is.
    let its_own = |it: &Environment| same_folder(&it.path, value);
    if answer.status() == Status::Unknown && answer.environment().is_some_and(its_own) {
        return (Truth::Agrees, Meaning::ThisOnes);
    }
    if *request != Request::Typed && is_active(value, world) {
        let truth = unless_another(answer, Truth::Agrees);
        return (truth, Meaning::NotAskedAbout);
    }
    if running.is_some_and(|it| conda && same_folder(&it.base.prefix, value)) {
        return (Truth::Another, Meaning::BaseOfTheOne);
    }
    if let Some((folder, tool)) = shims_before(value, answer, world) {
        return (Truth::NotActivated, Meaning::BehindShims { folder, tool });
    }
    let meaning = first_without(value, answer, world).unwrap_or_else(|| match answer.status() {
        Status::Isolated => Meaning::OfAnotherEnvironment,
        Status::Global => meaning_on_path(value, answer, world),
        Status::Broken => Meaning::OtherCannotStart,
        Status::NoPython => Meaning::NoPython,
        Status::Unknown => Meaning::NotKnown,
    });
    (unless_another(answer, Truth::NotActivated), meaning)
}

/// The verdict about an environment that is not used, unless another one is.
fn unless_another(answer: &Answer, truth: Truth) -> Truth {
    if answer.status() == Status::Isolated {
        Truth::Another
    } else {
        truth
    }
}

/// Are both paths the same folder?
fn same_folder(a: &PyPath, b: &PyPath) -> bool {
    let trim = PyPath::without_trailing_slashes;
    trim(a) == trim(b) || files::canonical(a).is_some_and(|it| files::canonical(b) == Some(it))
}
