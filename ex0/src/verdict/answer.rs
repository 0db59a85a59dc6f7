//! What is known about the Python? All later parts use these facts.

use serde::Serialize;

use super::environment::{Environment, VenvModule};
use super::repair::{self, Patient, Repair};
use crate::binary::{Binary, LoadOutcome};
use crate::finding::{Cause, Missing, NotChecked, Notes, OwnPip};
use crate::getpath::Base;
use crate::lookup::Found;
use crate::site::Site;
use crate::support::PyPath;
use crate::support::files;

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
pub struct Answer {
    pub outcome: Outcome,
    pub notes: Notes,
    /// The file that the shell starts, and what the user typed. It may be a shim.
    pub started: Option<Found>,
    /// The same file, or the one that the shim starts.
    pub found: Option<Found>,
}

/// What would happen. Each variant has the facts that fit it, and no others.
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
pub struct Running {
    pub binary: Binary,
    /// What the first pass found.
    pub base: Base,
    /// What the second pass found.
    pub site: Site,
    /// Has it the mark of PEP 668? Then pip refuses to install here, unless it is told otherwise.
    pub externally_managed: bool,
    pub environment: Environment,
    /// May this user install there? `None` if no folder above exists either.
    pub writable: Option<bool>,
    /// The folders of `PYTHONPATH`.
    pub python_path: Vec<PyPath>,
    /// Can it make environments? `None` inside an environment.
    pub venv: Option<VenvModule>,
}

/// A Python that would stop when it starts.
pub struct Broken {
    pub fault: Fault,
    /// `sys.executable` if it is known, else the file.
    pub executable: PyPath,
    /// `None` if it shows no version.
    pub binary: Option<Binary>,
    pub environment: Option<Environment>,
}

impl Running {
    /// Python: `sys.prefix != sys.base_prefix`
    pub fn is_isolated(&self) -> bool {
        self.site.prefix != self.base.prefix
    }

    /// Why the libraries were not checked; `None` if they were.
    pub fn not_checked(&self) -> Option<NotChecked> {
        match self.binary.outcome {
            LoadOutcome::NotChecked(why) => Some(why),
            _ => None,
        }
    }

    /// Has it a pip that `python3 -m pip` starts, or could ensurepip install one? That goes by the names of the folders, not by what is in
    /// them.
    pub fn own_pip(&self) -> OwnPip {
        let folders = || self.site.site_packages.iter().chain(&self.python_path);
        let has = |part: &str| folders().any(|it| files::is_file(&it.os_join(part)));
        if PARTS_OF_PIP.into_iter().all(has) {
            return OwnPip::Installed;
        }
        let mut names = folders().flat_map(|it| files::names(it, 100_000));
        let is_pip = |it: PyPath| it.bytes() == b"pip" || it.bytes().starts_with(b"pip-");
        if names.any(is_pip) {
            OwnPip::InPart
        } else if repair::venv_module(&self.base.stdlib) == VenvModule::Complete {
            OwnPip::Bundled
        } else {
            OwnPip::Missing
        }
    }
}

/// What `python3 -m pip` imports, since pip 10.
const PARTS_OF_PIP: [&str; 3] = [
    "pip/__init__.py",
    "pip/__main__.py",
    "pip/_internal/__init__.py",
];

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

    /// The interpreter, if it is known.
    pub fn binary(&self) -> Option<&Binary> {
        match &self.outcome {
            Outcome::Runs(it) => Some(&it.binary),
            Outcome::Broken(it) => it.binary.as_ref(),
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
                        | Missing::OtherProgram { .. }
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
            Outcome::Runs(it) => Some(&it.base.executable),
            Outcome::Broken(it) => Some(&it.executable),
            _ => None,
        }
    }
}
