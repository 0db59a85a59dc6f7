//! What is known about an environment? Its name, its folder, its kind, and the evidence.

use serde::Serialize;

use crate::pyvenv_cfg::UvKeys;
use crate::support::PyPath;
use crate::support::each_in_words;

/// Which tool made the environment or installed the global Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `python -m venv`.
    Venv,
    Virtualenv,
    /// `uv venv`.
    Uv,
    /// Poetry made it, in Poetry's own folder.
    Poetry,
    Pipenv,
    /// PDM made it, in PDM's own folder.
    Pdm,
    /// conda, mamba, micromamba.
    Conda,
    Pixi,
    /// A Python that pyenv built.
    Pyenv,
    /// The system's Python, or one that was installed by hand.
    System,
}

/// What shows which tool made or installed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// pyvenv.cfg has this key.
    Key { name: &'static str, value: String },
    /// pyvenv.cfg names no other tool.
    NoMark,
    /// There is a file or folder that this tool writes. If others write it too, it names this environment.
    Wrote { path: PyPath, tool: &'static str },
    /// Its name, which may be the prompt, looks like the names that this tool gives. A guess.
    Named { name: PyPath, tool: &'static str },
    /// It is in a folder where this tool keeps its files. A guess.
    Place { place: PyPath, tool: &'static str },
    /// This Python called virtualenv, and its path contains the tool's name. A guess.
    Caller { python: String, tool: &'static str },
    /// The variable is set, and the file is in the project's folder. A guess.
    Shell {
        variable: &'static str,
        file: &'static str,
    },
    /// It is one of pyenv's versions.
    AmongVersions(PyPath),
    /// No installer left a record.
    NoRecord,
}

/// An environment, or the global installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// The prompt in pyvenv.cfg, else the folder's name; `None` for a global Python that is not conda's or pixi's.
    pub name: Option<PyPath>,
    /// `sys.prefix`.
    pub path: PyPath,
    pub kind: Kind,
    /// `prompt` in pyvenv.cfg.
    pub prompt: Option<String>,
    /// Are the global packages visible? `None` for a global Python.
    pub system_site_packages: Option<bool>,
    /// The tool that ordered it: hatch, tox, nox, pipx, uv tool or pex.
    pub asked_by: Option<&'static str>,
    pub uv: Option<UvKeys>,
    /// What shows the kind; the strongest evidence first.
    #[serde(serialize_with = "each_in_words")]
    pub evidence: Vec<Evidence>,
}

/// Can `python -m venv` work?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VenvModule {
    Complete,
    /// Only with `--without-pip`: ensurepip is missing.
    WithoutPip,
    Missing,
}
