//! What is an environment? Its name, its place, its kind, and what shows that.

use serde::Serialize;

use crate::support::PyPath;

/// The kinds that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `python -m venv`.
    Venv,
    Virtualenv,
    /// `uv venv`.
    Uv,
    /// Poetry's, in its own folder.
    Poetry,
    Pipenv,
    /// PDM's, in its own folder.
    Pdm,
    /// conda, mamba, micromamba.
    Conda,
    Pixi,
    /// A Python that pyenv built.
    Pyenv,
    /// The system's, or one installed by hand.
    System,
}

/// What shows who made or installed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A key of pyvenv.cfg.
    Key { name: &'static str, value: String },
    /// pyvenv.cfg has no mark of another maker.
    NoMark,
    /// A file or folder that this tool writes.
    Wrote { path: PyPath, tool: &'static str },
    /// A file that names the environment's python.
    NamesIt { path: PyPath, tool: &'static str },
    /// Its name is of this tool's kind. A guess.
    Named { name: PyPath, tool: &'static str },
    /// It lies where this tool keeps such things. A guess.
    Place { place: PyPath, tool: &'static str },
    /// virtualenv was called by this Python. A guess.
    Caller { python: String, tool: &'static str },
    /// A prompt of Poetry's making. A guess.
    Prompt { project: String, prompt: String },
    /// The variable is set, and the file stands beside it. A guess.
    Shell {
        variable: &'static str,
        file: &'static str,
    },
    /// A lock file stands beside it. A guess.
    Neighbour {
        file: &'static str,
        tool: &'static str,
    },
    /// It lies among pyenv's versions.
    AmongVersions { versions: PyPath },
    /// No record of any installer.
    NoRecord,
}

/// What uv writes into pyvenv.cfg besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UvKeys {
    /// The uv that made it.
    pub version: String,
    pub relocatable: bool,
    /// pip was put in.
    pub seed: bool,
    /// The environment that this one is laid over.
    pub extends_environment: Option<String>,
}

/// The environment in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The prompt of pyvenv.cfg, else the folder's name; `None` for a global Python.
    pub name: Option<PyPath>,
    /// `sys.prefix`.
    pub path: PyPath,
    pub kind: Kind,
    /// `prompt` of pyvenv.cfg.
    pub prompt: Option<String>,
    /// Are the global packages in reach? `None` for a global Python.
    pub system_site_packages: Option<bool>,
    /// The tool that asked for it: hatch, tox, nox, pipx, uv tool, pex.
    pub asked_by: Option<&'static str>,
    pub uv: Option<UvKeys>,
    /// Why this kind, strongest reason first.
    pub evidence: Vec<Evidence>,
}

/// What `python -m venv` needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VenvModule {
    Complete,
    /// Only `--without-pip`: ensurepip is missing.
    WithoutPip,
    Missing,
}
