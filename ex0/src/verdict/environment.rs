//! What is an environment? Its name, its place, its kind.

use serde::Serialize;

use crate::support::PyPath;

/// The kinds that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `python -m venv`.
    Venv,
    /// `virtualenv`.
    Virtualenv,
    /// `uv venv`.
    Uv,
    /// Poetry's, in its own folder.
    Poetry,
    /// pipenv's.
    Pipenv,
    /// PDM's, in its own folder.
    Pdm,
    /// conda, mamba, micromamba.
    Conda,
    /// pixi.
    Pixi,
    /// A Python that pyenv built.
    Pyenv,
    /// The system's, or one installed by hand.
    System,
}

/// The environment in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// The prompt of pyvenv.cfg, else the folder's name; `None` for a global Python.
    pub name: Option<String>,
    /// `sys.prefix`.
    pub path: PyPath,
    /// The kind.
    pub kind: Kind,
    /// `prompt` of pyvenv.cfg.
    pub prompt: Option<String>,
    /// Are the global packages in reach? `None` for a global Python.
    pub system_site_packages: Option<bool>,
    /// Why this kind, strongest reason first.
    pub evidence: Vec<String>,
}
