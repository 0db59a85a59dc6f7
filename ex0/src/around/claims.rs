//! Do the variables tell the truth?
//!
//! `activate` sets `VIRTUAL_ENV`, and so may anything else. Python never reads it. A shell that was started inside an environment, an
//! environment that was deleted, an IDE, a second `activate`: each leaves a variable behind that says what is no longer so.

mod place; // where an environment stands on PATH
mod switches; // variables that only say "on"

use self::place::{on_path, shims_before};
use self::switches::{SWITCHES, switch};
use crate::lookup::usable;
use crate::pyvenv_cfg;
use crate::support::files;
use crate::support::shell::quoted;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Repair, Status, instructions, repair};

/// What a claim is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// The environment that it names is in force.
    Agrees,
    /// It points nowhere, or at something that is no environment.
    Stale,
    /// It names an environment, and the Python that would start is of another.
    Another,
    /// It names an environment, and no environment is in force; or one is, and nobody claims so.
    NotActivated,
}

/// What was seen that decides about a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nobody claims so, and its python starts all the same.
    StartsAllTheSame,
    ThisOnes,
    NoFolder,
    /// The folder has no such mark of an environment.
    NoMark(&'static str),
    /// conda makes environments for any program.
    CondaWithoutPython,
    MadeOnWindows,
    PythonGone,
    CannotStart,
    OfAnotherEnvironment,
    /// Its bin comes behind the Python that starts, or is not on PATH at all.
    NotFirst {
        on_path: bool,
    },
    /// Its bin comes first, and lacks the name that was typed; this one it has.
    FirstWithout {
        typed: PyPath,
        has: PyPath,
    },
    /// Its own python is the one that starts, and takes its library from elsewhere.
    LeadsElsewhere {
        prefix: PyPath,
    },
    /// A tool's shims come before its bin on PATH.
    BehindShims {
        folder: PyPath,
        tool: &'static str,
    },
    OtherCannotStart,
    NoPython,
    NotKnown,
    /// An environment is in force; whose, is not checked.
    SomeEnvironment {
        tool: &'static str,
    },
    ShellEntered {
        tool: &'static str,
    },
}

/// A variable that claims something, and the truth.
#[derive(Debug, PartialEq, Eq)]
pub struct Claim {
    /// The variable.
    pub name: &'static str,
    /// What it says; `None` when it is not set.
    pub value: Option<PyPath>,
    /// What that is worth.
    pub verdict: Truth,
    pub meaning: Meaning,
    /// What to type to make it true; `None` when it is, or nothing would.
    pub hint: Option<String>,
}

/// Variables that hold the folder of an environment.
const FOLDERS: [&str; 3] = ["VIRTUAL_ENV", "PYENV_VIRTUAL_ENV", "CONDA_PREFIX"];

/// Holds every claim against the answer.
pub fn check_claims(answer: &Answer, world: &World) -> Vec<Claim> {
    let folders = FOLDERS
        .iter()
        .filter_map(|name| Some(folder(name, world.set(name)?, answer, world)));
    let switches = SWITCHES
        .iter()
        .filter_map(|(name, tool)| Some(switch(name, tool, world.set(name)?, answer)));
    let mut claims: Vec<Claim> = folders.chain(switches).collect();
    let path = (answer.environment())
        .map(|it| &it.path)
        .filter(|_| answer.status() == Status::Isolated);
    if let (Some(path), None) = (path, world.set("VIRTUAL_ENV")) {
        let claim = Claim {
            name: "VIRTUAL_ENV",
            value: None,
            verdict: Truth::NotActivated,
            meaning: Meaning::StartsAllTheSame,
            hint: instructions::activate(path, world),
        };
        claims.insert(0, claim);
    }
    claims
}

/// A variable that names an environment's folder.
fn folder(name: &'static str, value: &PyPath, answer: &Answer, world: &World) -> Claim {
    let conda = name == "CONDA_PREFIX";
    let (verdict, meaning) = judge(value, conda, answer, world);
    let hint = match &meaning {
        Meaning::NoFolder | Meaning::NoMark(_) | Meaning::MadeOnWindows if conda => {
            Some("conda deactivate".to_owned())
        }
        Meaning::NoFolder | Meaning::NoMark(_) | Meaning::MadeOnWindows => {
            Some(format!("unset {name}"))
        }
        Meaning::CondaWithoutPython => Some("conda install python".to_owned()),
        Meaning::PythonGone => command(repair::for_folder(value, world)),
        Meaning::CannotStart => command(answer.fault().map(|it| it.repair.clone())),
        Meaning::ThisOnes | Meaning::LeadsElsewhere { .. } => None,
        _ if conda => quoted(value).map(|it| format!("conda activate {it}")),
        _ => instructions::activate(value, world),
    };
    let value = Some(value.clone());
    Claim {
        name,
        value,
        verdict,
        meaning,
        hint,
    }
}

/// The command of a remedy that has one.
fn command(repair: Option<Repair>) -> Option<String> {
    match repair? {
        Repair::Run { command, .. } => Some(command),
        Repair::Advise(_) => None,
    }
}

/// What a folder that a variable names is worth, and what shows it.
fn judge(value: &PyPath, conda: bool, answer: &Answer, world: &World) -> (Truth, Meaning) {
    let running = answer.running();
    // conda's environments are no virtual ones: a venv made from one leaves conda's own claim true.
    let is_in_force = running.is_some_and(|it| {
        (same_folder(&it.prefix, value) && (it.is_isolated() || conda))
            || (conda && same_folder(&it.base_prefix, value))
    });
    if is_in_force {
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
    let has_python = pythons.iter().any(|it| usable(it).is_ok());
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
        Status::Global => (Truth::NotActivated, on_path(value, answer, world)),
        Status::Broken => (Truth::NotActivated, Meaning::OtherCannotStart),
        Status::NoPython => (Truth::NotActivated, Meaning::NoPython),
        Status::Unknown => (Truth::NotActivated, Meaning::NotKnown),
    }
}

/// One and the same folder, whatever it is called.
fn same_folder(a: &PyPath, b: &PyPath) -> bool {
    let trim = PyPath::without_trailing_slashes;
    trim(a) == trim(b) || files::canonical(a).is_some_and(|it| files::canonical(b) == Some(it))
}
