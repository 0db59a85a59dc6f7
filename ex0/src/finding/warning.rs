//! What should the user know, although Python starts?

use super::{Cause, Event, Source};
use crate::support::PyPath;
use crate::support::version::Minor;

/// What the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// What a file or a variable does: it sets the prefix, runs code when Python starts, or is skipped.
    Event(Event),
    /// `PYTHONPATH` puts these folders before all packages.
    PythonPath { folders: Vec<PyPath> },
    /// `PYTHONPATH` puts a whole library before Python's own. Its version may be another one.
    OtherLibrary { folder: PyPath },
    /// From 3.14 on: site expects another prefix than getpath has set.
    OtherPrefix { expected: PyPath, found: PyPath },
    /// This Python does not see the packages in these folders, which are for other Pythons, and has not all of them in its own.
    PackagesUnseen {
        folders: Vec<PyPath>,
        now: Minor,
        count: usize,
        remedy: Option<Remedy>,
    },
    /// This version is newer than all versions that were tested.
    NewerThanRules { minor: Minor },
    /// The program belongs to one installation and uses the library of another.
    ForeignLibrary {
        file: PyPath,
        own: PyPath,
        base: PyPath,
    },
    /// A `.pth` file is too large, or adds too many folders to sys.path. What it does was not checked in full.
    PthUnchecked { file: PyPath },
    /// A file or a variable puts a folder of global packages on sys.path, although pyvenv.cfg hides them.
    GlobalSeen { folder: PyPath, by: Source },
    /// uv put this environment on top of another one, whose packages are visible too.
    Extends { environment: PyPath },
    /// `python` and `python3`, or `pip`, belong to different Pythons. `python` is the one that starts. Its name leads it into the environment
    /// `within`, although it is not there.
    Differs {
        name: &'static str,
        file: PyPath,
        python: PyPath,
        within: Option<PyPath>,
    },
    /// There is a file of this name on PATH, but it cannot start.
    StartsNothing { name: &'static str, why: Cause },
    /// `pip` is not in this environment, and its first line does not name a Python: a tool's shim.
    /// `typed` starts this environment's Python.
    PipElsewhere {
        pip: PyPath,
        typed: PyPath,
        own: OwnPip,
    },
    /// What the first line of `pip` names is not there or cannot start. `own` is set in an environment.
    PipCannotStart {
        why: Cause,
        typed: PyPath,
        own: Option<OwnPip>,
    },
    /// bash alone replaces the `~` of this entry of PATH.
    TildeOnPath { entry: PyPath },
    /// A tool's shims come before this environment on PATH.
    ShimsFirst { folder: PyPath, tool: &'static str },
    /// This user cannot install packages there.
    NotWritable { folder: PyPath },
}

/// What helps a Python that does not see an environment's packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// This command makes the environment again for the version of today.
    MakeAgain(String),
    /// The environment was made again already, for this version.
    InstallAgain,
    /// The environment's own python cannot start. The command repairs it, and no package is lost.
    StartOwn {
        why: Box<Cause>,
        command: Option<String>,
    },
    /// This variable leads the Python into an environment of others. The command unsets it.
    Unset { name: &'static str, command: String },
}

/// Has this environment a pip of its own?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnPip {
    Installed,
    /// Parts of one: it may not start, and ensurepip may take it for whole.
    InPart,
    /// No, but ensurepip can install it.
    Bundled,
    Missing,
}
