//! Do the variables tell the truth?
//!
//! `activate` sets `VIRTUAL_ENV`, and any other program may set it too. Python never reads it. The variable stays when the environment is
//! deleted, when a second `activate` comes, and in every program that this shell starts. Then it claims something that is no longer true.

mod place; // the position of an environment on PATH
mod switches; // variables that only say "on"

use serde::Serialize;

use self::place::{meaning_on_path, shims_before};
use self::switches::{SWITCHES, switch};
use crate::lookup::starts;
use crate::pyvenv_cfg;
use crate::support::escape::in_words;
use crate::support::files;
use crate::support::shell::{Shell, quoted};
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Repair, Status, instructions, repair};

/// Is a claim true?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It names the environment that is used.
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
    NoFolder,
    /// The folder does not have this mark of an environment.
    NoMark(&'static str),
    /// conda also makes environments without a Python.
    CondaWithoutPython,
    MadeOnWindows,
    PythonGone,
    CannotStart,
    OfAnotherEnvironment,
    /// Its bin comes after the Python that starts, or is not on PATH.
    NotFirst {
        on_path: bool,
    },
    /// Its bin comes first. It does not have the name that was typed, but it has another one.
    FirstWithout {
        typed: PyPath,
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
    /// The command that makes it true; `None` if it is true, or if no command helps.
    pub hint: Option<String>,
}

/// Variables that name the folder of an environment.
const FOLDERS: [&str; 3] = ["VIRTUAL_ENV", "PYENV_VIRTUAL_ENV", "CONDA_PREFIX"];

/// Compares every claim with the answer.
pub fn check_claims(answer: &Answer, world: &World) -> Vec<Claim> {
    let folders = FOLDERS
        .iter()
        .filter_map(|name| Some(folder(name, world.non_empty(name)?, answer, world)));
    let switches = SWITCHES
        .iter()
        .filter_map(|(name, tool)| Some(switch(name, tool, world.non_empty(name)?, answer)));
    let mut claims: Vec<Claim> = folders.chain(switches).collect();
    let path = (answer.environment())
        .map(|it| &it.path)
        .filter(|_| answer.status() == Status::Isolated);
    if let (Some(path), None) = (path, world.non_empty("VIRTUAL_ENV")) {
        let claim = Claim {
            name: "VIRTUAL_ENV",
            value: None,
            truth: Truth::NotActivated,
            meaning: Meaning::StartsAnyway,
            hint: instructions::activate(path, world),
        };
        claims.insert(0, claim);
    }
    claims
}

/// The claim of a variable that names a folder.
fn folder(name: &'static str, value: &PyPath, answer: &Answer, world: &World) -> Claim {
    let conda = name == "CONDA_PREFIX";
    let (truth, meaning) = judge(value, conda, answer, world);
    let hint = match &meaning {
        Meaning::NoFolder | Meaning::NoMark(_) | Meaning::MadeOnWindows if conda => {
            Some("conda deactivate".to_owned())
        }
        Meaning::NoFolder | Meaning::NoMark(_) | Meaning::MadeOnWindows => {
            Some(Shell::at_hand(world).unset(name))
        }
        Meaning::CondaWithoutPython => Some("conda install python".to_owned()),
        Meaning::PythonGone => command(repair::for_folder(value, world)),
        Meaning::CannotStart => command(answer.fault().map(|it| it.repair.clone())),
        Meaning::ThisOnes | Meaning::LeadsElsewhere(_) => None,
        _ if conda => quoted(value).map(|it| format!("conda activate {it}")),
        _ => instructions::activate(value, world),
    };
    let value = Some(value.clone());
    Claim {
        name,
        value,
        truth,
        meaning,
        hint,
    }
}

/// The command of a repair, if it has one.
fn command(repair: Option<Repair>) -> Option<String> {
    match repair? {
        Repair::Run { command, .. } => Some(command),
        Repair::Advise(_) => None,
    }
}

/// Is it the environment that is used? The answer, and the fact that decides.
fn judge(value: &PyPath, conda: bool, answer: &Answer, world: &World) -> (Truth, Meaning) {
    let running = answer.running();
    // A conda environment is not a virtual environment. If a venv has a conda environment as its base, conda's claim is still true.
    let is_used = running.is_some_and(|it| {
        (same_folder(&it.prefix, value) && (it.is_isolated() || conda))
            || (conda && same_folder(&it.base_prefix, value))
    });
    if is_used {
        return (Truth::Agrees, Meaning::ThisOnes);
    }
    if !files::is_dir(value) {
        return (Truth::Stale, Meaning::NoFolder);
    }
    let mark = if conda {
        "conda-meta"
    } else {
        pyvenv_cfg::NAME
    };
    if !files::exists(&value.os_join(mark)) {
        return (Truth::Stale, Meaning::NoMark(mark));
    }
    let pythons = ["bin/python3", "bin/python"].map(|it| value.os_join(it));
    let has_python = pythons.iter().any(starts);
    if !has_python && conda {
        return (Truth::NotActivated, Meaning::CondaWithoutPython);
    }
    if !has_python && files::is_file(&value.os_join("Scripts/python.exe")) {
        return (Truth::Stale, Meaning::MadeOnWindows);
    }
    if !has_python {
        return (Truth::Stale, Meaning::PythonGone);
    }
    let is_broken = answer.status() == Status::Broken;
    if is_broken && answer.executable().is_some_and(|it| pythons.contains(it)) {
        return (Truth::Stale, Meaning::CannotStart);
    }
    if let Some((folder, tool)) = shims_before(value, answer, world) {
        return (Truth::NotActivated, Meaning::BehindShims { folder, tool });
    }
    match answer.status() {
        Status::Isolated => (Truth::Another, Meaning::OfAnotherEnvironment),
        Status::Global => (Truth::NotActivated, meaning_on_path(value, answer, world)),
        Status::Broken => (Truth::NotActivated, Meaning::OtherCannotStart),
        Status::NoPython => (Truth::NotActivated, Meaning::NoPython),
        Status::Unknown => (Truth::NotActivated, Meaning::NotKnown),
    }
}

/// Are both paths the same folder?
fn same_folder(a: &PyPath, b: &PyPath) -> bool {
    let trim = PyPath::without_trailing_slashes;
    trim(a) == trim(b) || files::canonical(a).is_some_and(|it| files::canonical(b) == Some(it))
}
