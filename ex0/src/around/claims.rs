//! Do the variables tell the truth?
//!
//! `activate` sets `VIRTUAL_ENV`, and so may anything else. Python never reads it. A shell that was started inside an environment, an
//! environment that was deleted, an IDE, a second `activate`: each leaves a variable behind that says what is no longer so.

use serde::Serialize;

use crate::pyvenv_cfg;
use crate::support::PyPath;
use crate::support::World;
use crate::support::files;
use crate::verdict::instructions;
use crate::verdict::{Answer, Kind, Status, repair};

/// What a claim is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Truth {
    /// The environment that it names is in force.
    #[serde(rename = "agrees")]
    Agrees,
    /// It points nowhere, or at something that is no environment.
    #[serde(rename = "stale")]
    Stale,
    /// It names an environment, and the Python that would start is of another.
    #[serde(rename = "another environment is in force")]
    Another,
    /// It names an environment, and no environment is in force; or one is, and nobody claims so.
    #[serde(rename = "not activated")]
    NotActivated,
}

impl Truth {
    /// The word as text and JSON show it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Stale => "stale",
            Self::Another => "another environment is in force",
            Self::NotActivated => "not activated",
        }
    }
}

/// A variable that claims something, and the truth.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The variable.
    pub name: &'static str,
    /// What it says; `None` when it is not set.
    pub value: Option<PyPath>,
    /// What that is worth.
    pub verdict: Truth,
    /// In words.
    pub meaning: String,
    /// What to type to make it true; `None` when it is.
    pub hint: Option<String>,
}

/// Variables that hold the folder of an environment.
const FOLDERS: [&str; 3] = ["VIRTUAL_ENV", "PYENV_VIRTUAL_ENV", "CONDA_PREFIX"];

/// Variables that only say that a tool's environment is on, and the tool.
const SWITCHES: [(&str, &str); 4] = [
    ("PIPENV_ACTIVE", "pipenv"),
    ("POETRY_ACTIVE", "Poetry"),
    ("HATCH_ENV_ACTIVE", "Hatch"),
    ("PIXI_IN_SHELL", "pixi"),
];

/// Holds every claim against the answer.
pub fn check(answer: &Answer, world: &World) -> Vec<Claim> {
    let folders = FOLDERS
        .iter()
        .filter_map(|name| Some(folder(name, world.set(name)?, answer, world)));
    let switches = SWITCHES
        .iter()
        .filter_map(|(name, tool)| Some(switch(name, tool, world.set(name)?, answer)));
    let mut claims: Vec<Claim> = folders.chain(switches).collect();
    let path = answer
        .environment
        .as_ref()
        .map(|it| &it.path)
        .filter(|_| answer.status == Status::Isolated);
    if let (Some(path), None) = (path, world.set("VIRTUAL_ENV")) {
        claims.insert(
            0,
            Claim {
                name: "VIRTUAL_ENV",
                value: None,
                verdict: Truth::NotActivated,
                meaning: "its python is the one that starts all the same".to_owned(),
                hint: Some(instructions::activate(path, world.set("SHELL"))),
            },
        );
    }
    claims
}

/// A variable that names an environment's folder.
fn folder(name: &'static str, value: &PyPath, answer: &Answer, world: &World) -> Claim {
    let claim = |verdict, meaning: String, hint: Option<String>| Claim {
        name,
        value: Some(value.clone()),
        verdict,
        meaning,
        hint,
    };
    let conda = name == "CONDA_PREFIX";
    let in_force = [&answer.prefix, &answer.base_prefix];
    // conda's environments are no virtual ones: a venv made from one leaves conda's own claim true.
    let agrees = in_force
        .iter()
        .take(if conda { 2 } else { 1 })
        .copied()
        .flatten()
        .any(|it| same_folder(it, value));
    if agrees && (answer.status == Status::Isolated || conda) {
        return claim(
            Truth::Agrees,
            "the Python that starts is this environment's".to_owned(),
            None,
        );
    }
    let unset = Some(if conda {
        "conda deactivate".to_owned()
    } else {
        format!("unset {name}")
    });
    if !files::is_dir(value) {
        return claim(Truth::Stale, "there is no such folder".to_owned(), unset);
    }
    let mark = value.os_join(if conda {
        "conda-meta"
    } else {
        pyvenv_cfg::NAME
    });
    if !files::exists(&mark) {
        return claim(
            Truth::Stale,
            format!(
                "the folder has no {}, so it is no environment",
                mark.basename().shown()
            ),
            unset,
        );
    }
    let windows = value.os_join("Scripts/python.exe");
    let pythons = ["bin/python3", "bin/python"].map(|it| value.os_join(it));
    let has_python = pythons.iter().any(files::is_executable);
    if !has_python && conda {
        // conda makes environments for any program.
        let meaning = "the environment has no python of its own, so another one starts";
        let hint = Some("conda install python".to_owned());
        return claim(Truth::NotActivated, meaning.to_owned(), hint);
    }
    if !has_python && files::is_file(&windows) {
        let meaning =
            "the environment was made on Windows: there is no python for this system in it";
        return claim(Truth::Stale, meaning.to_owned(), unset);
    }
    if !has_python {
        let meaning = "the environment's own python is gone".to_owned();
        return claim(Truth::Stale, meaning, Some(repair::recreate(value, world)));
    }
    if answer.status == Status::Broken
        && answer
            .executable
            .as_ref()
            .is_some_and(|it| pythons.contains(it))
    {
        let hint = answer.problem.as_ref().map(|it| it.repair.clone());
        return claim(
            Truth::Stale,
            "it is this environment whose python cannot start".to_owned(),
            hint,
        );
    }
    let (verdict, meaning) = match answer.status {
        Status::Isolated => (
            Truth::Another,
            "the Python that starts belongs to another environment",
        ),
        Status::Global => (
            Truth::NotActivated,
            "the Python that starts belongs to no virtual environment: this one's bin is not first on PATH",
        ),
        Status::Broken => (
            Truth::NotActivated,
            "another Python would start, and cannot",
        ),
        Status::NoPython => (Truth::NotActivated, "no Python starts at all"),
        Status::Unknown => (Truth::NotActivated, "which Python starts is not known"),
    };
    let hint = if conda {
        format!("conda activate {}", value.shown())
    } else {
        instructions::activate(value, world.set("SHELL"))
    };
    claim(verdict, meaning.to_owned(), Some(hint))
}

/// A variable that only says "on".
fn switch(name: &'static str, tool: &str, value: &PyPath, answer: &Answer) -> Claim {
    let pixi = answer
        .environment
        .as_ref()
        .is_some_and(|it| it.kind == Kind::Pixi);
    let on = answer.status == Status::Isolated || pixi;
    let (verdict, meaning, hint) = if on {
        (
            Truth::Agrees,
            format!("an environment is in force; that it is {tool}'s is not checked"),
            None,
        )
    } else {
        (
            Truth::Stale,
            format!("{tool}'s shell was entered, but no environment is in force"),
            Some(format!("exit, then enter {tool}'s shell anew")),
        )
    };
    Claim {
        name,
        value: Some(value.clone()),
        verdict,
        meaning,
        hint,
    }
}

/// One and the same folder, whatever it is called.
fn same_folder(a: &PyPath, b: &PyPath) -> bool {
    let trim = PyPath::without_trailing_slashes;
    trim(a) == trim(b) || files::canonical(a).is_some_and(|it| files::canonical(b) == Some(it))
}
