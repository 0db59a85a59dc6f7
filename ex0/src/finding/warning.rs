//! What should a person know though it stops nothing?

use crate::support::PyPath;
use crate::support::version::Minor;

/// What a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A dead link: the next Python on PATH answers instead.
    DeadLink { link: PyPath },
    /// pyenv is told to use a version that is not there.
    NotInstalled { version: PyPath },
    /// `PYTHONHOME` is set.
    PythonHome { home: PyPath },
    /// One of the launchers' variables is set.
    Launcher { name: &'static str, value: PyPath },
    /// `PYTHONPATH` puts these folders in front of every package.
    PythonPath { folders: Vec<PyPath> },
    /// `PYTHONPATH` puts a whole library in front of Python's own; it may be of another version.
    OtherLibrary { folder: PyPath },
    /// A zip file takes the place of the standard library's folder.
    ZipLandmark { zip: PyPath },
    /// A `._pth` file takes the place of every other setting.
    Pth { file: PyPath },
    /// From 3.14: site expects another prefix than getpath set.
    OtherPrefix { expected: PyPath, found: PyPath },
    /// The packages of another minor version are not seen.
    PackagesUnseen(Unseen),
    /// Rules of a version that is newer than any that was tested.
    NewerThanRules { minor: Minor },
    /// The program of one installation runs the library of another.
    ForeignLibrary {
        file: PyPath,
        own: PyPath,
        base: PyPath,
    },
    /// A module changes Python as it starts, and was not looked into.
    Customized { file: PyPath },
    /// uv lays this environment over another one.
    Extends { environment: PyPath },
    /// `python` and `python3`, or `pip`, belong to different Pythons.
    Differs(Difference),
    /// A tool's shims come before this environment on PATH.
    ShimsFirst { folder: PyPath, tool: &'static str },
    /// Packages cannot be installed there by this user.
    NotWritable { folder: PyPath },
}

/// Packages in the folder of another minor version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    pub folder: PyPath,
    pub then: Minor,
    pub now: Minor,
    pub count: usize,
    /// What makes the environment anew for the version of today.
    pub remedy: Option<String>,
}

/// A command that belongs to another Python than the one that starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub name: &'static str,
    pub file: PyPath,
    pub python: PyPath,
}
