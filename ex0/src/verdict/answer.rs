//! What is known about the Python? All later parts use these facts.

use serde::Serialize;

use super::environment::{Environment, VenvModule};
use super::repair::{self, Patient, Repair};
use crate::binary::Build;
use crate::finding::{Cause, Missing, NotChecked, Notes, OwnPip, Source};
use crate::lookup::Found;
use crate::site::UserSite;
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::{Implementation, Minor, Version};

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In a virtual environment that would start.
    Isolated,
    /// In no virtual environment.
    Global,
    /// There is a Python, but it would stop when it starts.
    Broken,
    /// There is no Python.
    NoPython,
    /// We cannot know without running it.
    Unknown,
}

/// The answer, what was read for it, and the file that it is about.
#[derive(Debug)]
pub struct Answer {
    pub outcome: Outcome,
    pub notes: Notes,
    /// The file that the shell starts, and what the user typed. It may be a shim.
    pub started: Option<Found>,
    /// The same file, or the one that the shim starts.
    pub found: Option<Found>,
}

/// What would happen. Each variant has the facts that fit it, and no others.
#[derive(Debug)]
pub enum Outcome {
    Runs(Box<Running>),
    Broken(Box<Broken>),
    NoPython(Fault),
    Unknown(Fault, Option<Environment>),
}

/// What is wrong, and how to repair it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub cause: Cause,
    pub repair: Repair,
}

impl Fault {
    /// The cause, and the repair for it.
    pub fn of(cause: Cause, patient: &Patient) -> Self {
        let repair = repair::of(&cause, patient);
        Self { cause, repair }
    }
}

/// A Python that would start.
#[derive(Debug)]
pub struct Running {
    /// `sys.executable`.
    pub executable: PyPath,
    /// `X.Y.Z`, if it was found.
    pub version: Option<Version>,
    pub minor: Minor,
    pub implementation: Implementation,
    pub build: Build,
    /// `sys.prefix`.
    pub prefix: PyPath,
    /// `sys.base_prefix`.
    pub base_prefix: PyPath,
    /// `sys.exec_prefix`.
    pub exec_prefix: PyPath,
    /// `site.getsitepackages()`, in order.
    pub site_packages: Vec<PyPath>,
    /// What the base interpreter's `site.getsitepackages()` returns.
    pub global_site_packages: Vec<PyPath>,
    pub user_site: UserSite,
    /// PEP 668: does pip refuse to install here?
    pub externally_managed: bool,
    pub environment: Environment,
    /// May this user install there? `None` if no folder above exists either.
    pub writable: Option<bool>,
    /// The folders of `PYTHONPATH`.
    pub python_path: Vec<PyPath>,
    /// Modules that change Python when it starts. They were not read.
    pub customizations: Vec<PyPath>,
    /// What makes the global packages visible, although pyvenv.cfg hides them.
    pub seen_by: Option<Source>,
    /// Why the libraries were not checked; `None` if they were.
    pub not_checked: Option<NotChecked>,
    /// The folder of the standard library.
    pub stdlib: PyPath,
    /// Can it make environments? `None` inside an environment.
    pub venv: Option<VenvModule>,
}

/// A Python that would stop when it starts.
#[derive(Debug)]
pub struct Broken {
    pub fault: Fault,
    /// `sys.executable` if it is known, else the file.
    pub executable: PyPath,
    pub version: Option<Version>,
    pub implementation: Option<Implementation>,
    pub environment: Option<Environment>,
}

impl Running {
    /// Python: `sys.prefix != sys.base_prefix`
    pub fn is_isolated(&self) -> bool {
        self.prefix != self.base_prefix
    }

    /// Has it a pip, or could ensurepip install one?
    pub fn own_pip(&self) -> OwnPip {
        let has_pip = |it: &PyPath| files::is_file(&it.os_join("pip/__main__.py"));
        if self.site_packages.iter().any(has_pip) {
            OwnPip::Installed
        } else if repair::venv_module(&self.stdlib, self.minor) == VenvModule::Complete {
            OwnPip::Bundled
        } else {
            OwnPip::Missing
        }
    }
}

impl Answer {
    /// The answer in one word.
    pub fn status(&self) -> Status {
        match &self.outcome {
            Outcome::Runs(it) if it.is_isolated() => Status::Isolated,
            Outcome::Runs(_) => Status::Global,
            Outcome::Broken(_) => Status::Broken,
            Outcome::NoPython(_) => Status::NoPython,
            Outcome::Unknown(..) => Status::Unknown,
        }
    }

    /// The Python that would start.
    pub fn running(&self) -> Option<&Running> {
        match &self.outcome {
            Outcome::Runs(it) => Some(it),
            _ => None,
        }
    }

    /// What is wrong; `None` for a Python that would start.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.outcome {
            Outcome::Runs(_) => None,
            Outcome::Broken(it) => Some(&it.fault),
            Outcome::NoPython(fault) | Outcome::Unknown(fault, _) => Some(fault),
        }
    }

    /// Is there nothing with the given name or path, not even an environment that can be repaired?
    pub fn names_nothing(&self) -> bool {
        matches!(
            self.fault(),
            Some(Fault {
                cause: Cause::NoPython(
                    Missing::NotOnPath(_)
                        | Missing::NoSuchFile(_)
                        | Missing::IsVersion { .. }
                        | Missing::FolderWithoutPython(_)
                ),
                repair: Repair::Advise(_),
            })
        )
    }

    /// The environment that is used, or the one that is broken.
    pub fn environment(&self) -> Option<&Environment> {
        match &self.outcome {
            Outcome::Runs(it) => Some(&it.environment),
            Outcome::Broken(it) => it.environment.as_ref(),
            Outcome::NoPython(_) => None,
            Outcome::Unknown(_, environment) => environment.as_ref(),
        }
    }

    /// `sys.executable`, if it is known.
    pub fn executable(&self) -> Option<&PyPath> {
        match &self.outcome {
            Outcome::Runs(it) => Some(&it.executable),
            Outcome::Broken(it) => Some(&it.executable),
            _ => None,
        }
    }
}
