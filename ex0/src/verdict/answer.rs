//! What is known about the Python that would start? The facts that every later part speaks of.

use serde::Serialize;

use super::environment::Environment;
use crate::support::PyPath;
use crate::support::notes::{Note, Notes, Problem};
use crate::support::version::{Implementation, Version};

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In a virtual environment that would start.
    Isolated,
    /// In no virtual environment.
    Global,
    /// There is a Python, and it would die when it starts.
    Broken,
    /// There is none.
    NoPython,
    /// It cannot be known without running it.
    Unknown,
}

/// What is known about the Python that would start. `null` in JSON means: not known, or there is no such thing.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The answer in one word.
    pub status: Status,
    /// `sys.prefix != sys.base_prefix`, of a Python that would start.
    pub isolated: Option<bool>,
    /// `sys.executable`.
    pub executable: Option<PyPath>,
    /// `X.Y.Z`.
    pub version: Option<Version>,
    /// CPython or PyPy.
    pub implementation: Option<Implementation>,
    /// `sys.prefix`.
    pub prefix: Option<PyPath>,
    /// `sys.base_prefix`.
    pub base_prefix: Option<PyPath>,
    /// `sys.exec_prefix`.
    pub exec_prefix: Option<PyPath>,
    /// `site.getsitepackages()`, in order.
    pub site_packages: Option<Vec<PyPath>>,
    /// What the base interpreter's `site.getsitepackages()` returns.
    pub global_site_packages: Option<Vec<PyPath>>,
    /// `site.ENABLE_USER_SITE`.
    pub user_site: Option<bool>,
    /// PEP 668: does pip refuse to install here?
    pub externally_managed: Option<bool>,
    /// The environment in force.
    pub environment: Option<Environment>,
    /// Why it would not start, or why it is not known.
    pub problem: Option<Problem>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// What was consulted, and what it said.
    pub trace: Vec<Note>,
    /// The file that would be started; not part of JSON, where `trace` has it.
    #[serde(skip)]
    pub file: Option<PyPath>,
    /// The name that it would be told.
    #[serde(skip)]
    pub argv0: Option<PyPath>,
}

impl Answer {
    /// Nothing is known yet.
    pub fn of(status: Status, problem: Option<Problem>, notes: Notes) -> Self {
        Self {
            status,
            isolated: matches!(status, Status::Broken | Status::NoPython).then_some(false),
            executable: None,
            version: None,
            implementation: None,
            prefix: None,
            base_prefix: None,
            exec_prefix: None,
            site_packages: None,
            global_site_packages: None,
            user_site: None,
            externally_managed: None,
            environment: None,
            problem,
            warnings: notes.warnings,
            trace: notes.trace,
            file: None,
            argv0: None,
        }
    }
}
