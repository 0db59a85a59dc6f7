//! Why would a Python not start, or why can we not know?

use super::absent::{Missing, Opaque};
use crate::support::PyPath;
use crate::support::files::Odd;

/// Why this user cannot start a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    Absent,
    /// A link leads to a file that does not exist.
    DeadLink {
        link: PyPath,
        target: PyPath,
    },
    /// Links that lead back to themselves.
    Loop,
    /// A folder, a FIFO, a device.
    NotRegular,
    /// The file has no x bit for any user.
    NotExecutable(PyPath),
    /// This user may not execute the file.
    Denied(PyPath),
    /// This user may not enter the folder, so it is not known what is in it. `link` leads into it.
    Closed {
        folder: PyPath,
        link: Option<PyPath>,
    },
}

/// What sent Python to a folder without a library. A variable, a file or `home` is named only if the search took the
/// path of that folder from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misled {
    Variable(&'static str),
    /// A zip file, a `._pth` file or the mark of a build tree.
    File(PyPath),
    /// `home` of this pyvenv.cfg.
    Home {
        cfg: PyPath,
        home: PyPath,
    },
    /// Nothing did: the library is missing.
    ByNothing,
}

/// Why exec or the dynamic loader cannot start a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unloadable {
    /// Made for another kind of machine.
    OtherMachine,
    /// The program's loader is missing or cannot start.
    NoLoader(PyPath),
    /// It needs this version of glibc, but asks for a loader of musl's.
    OfGlibc {
        version: PyPath,
        loader: PyPath,
    },
    NoLibrary(PyPath),
    /// A library, or a folder on the way to it, that this user may not read: the loader passes over it.
    ClosedLibrary(PyPath),
    /// This file has the library's name but is not a library: the loader stops there.
    BadLibrary(PyPath),
    /// The library does not offer a version that the program needs, or a libpython a function that it calls.
    Lacks {
        library: PyPath,
        name: PyPath,
    },
    /// Its ELF header is not that of a program.
    BadHeader,
    /// There is no place where it starts: it is a library, or it is damaged.
    NoStart,
    /// The program that the first line of a script names is missing or cannot start.
    NoInterpreter(PyPath),
    /// The first line of a script lets `env` start this command, which is not on PATH.
    NoCommand(PyPath),
    /// A script for a script for a script …: the kernel gives up.
    TooManyScripts,
    Empty,
    /// Neither a program nor a text.
    NoFormat,
    /// The program or library is cut off, for example by an interrupted copy.
    CutOff,
}

/// Why a Python would not start, is not known or was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// `file` is the path that the user gave or the shell found.
    NotStartable {
        file: PyPath,
        why: Unusable,
    },
    /// `file` is the program or library that needs something.
    NotLoadable {
        file: PyPath,
        why: Unloadable,
    },
    CfgNotUtf8 {
        path: PyPath,
        line: usize,
    },
    CfgUnreadable {
        path: PyPath,
        odd: Odd,
    },
    /// Its `home` has a letter that this locale cannot encode.
    CfgUnencodable(PyPath),
    /// A `.pth` file with a byte that Python cannot decode.
    PthUndecodable {
        path: PyPath,
        line: usize,
    },
    PthUnreadable {
        path: PyPath,
        odd: Odd,
    },
    NoLibraryFolder {
        stdlib: PyPath,
        misled: Misled,
    },
    ModuleMissing(PyPath),
    ModuleEmpty(PyPath),
    /// Python needs this file, or one in this folder, and this user may not read or enter it. A variable is named if it sent Python there.
    LibraryClosed {
        path: PyPath,
        variable: Option<&'static str>,
    },
    /// The current folder no longer exists, and Python would make this path absolute. An empty path means that folder.
    NoCurrentFolder(PyPath),
    /// Python up to 3.10 joins its search path with `:` and splits it again.
    ColonInPath(PyPath),
    /// Python imports a module of PYTHONPATH instead of its own. All these folders there have such a module.
    Shadowed {
        module: &'static str,
        file: PyPath,
        folders: Vec<PyPath>,
    },
    /// `file` is the Python that refuses the value of this variable.
    BadVariable {
        file: PyPath,
        name: &'static str,
        value: PyPath,
    },
    BuildMarkUnreadable {
        path: PyPath,
        odd: Odd,
    },
    NoPython(Missing),
    Opaque {
        file: PyPath,
        why: Opaque,
    },
}

impl Cause {
    /// Why this user cannot start the file.
    pub fn not_startable(file: &PyPath, why: Unusable) -> Self {
        let file = file.clone();
        Self::NotStartable { file, why }
    }

    /// Why exec or the loader cannot start the program.
    pub fn not_loadable(file: &PyPath, why: Unloadable) -> Self {
        let file = file.clone();
        Self::NotLoadable { file, why }
    }

    /// Why it is not known what the file does.
    pub fn opaque(file: &PyPath, why: Opaque) -> Self {
        let file = file.clone();
        Self::Opaque { file, why }
    }

    /// The file that cannot start, if a file was found.
    pub fn subject(&self) -> Option<&PyPath> {
        match self {
            Self::NotStartable { file, .. } => Some(file),
            _ => None,
        }
    }

    /// The path that causes the problem.
    pub fn path(&self) -> Option<&PyPath> {
        match self {
            Self::NotStartable {
                why:
                    Unusable::DeadLink { link: path, .. }
                    | Unusable::NotExecutable(path)
                    | Unusable::Closed { folder: path, .. }
                    | Unusable::Denied(path),
                ..
            }
            | Self::NotStartable { file: path, .. }
            | Self::NotLoadable {
                why: Unloadable::BadLibrary(path) | Unloadable::ClosedLibrary(path),
                ..
            }
            | Self::NotLoadable { file: path, .. }
            | Self::NoLibraryFolder {
                misled: Misled::File(path) | Misled::Home { cfg: path, .. },
                ..
            }
            | Self::NoLibraryFolder { stdlib: path, .. }
            | Self::CfgNotUtf8 { path, .. }
            | Self::CfgUnreadable { path, .. }
            | Self::CfgUnencodable(path)
            | Self::PthUndecodable { path, .. }
            | Self::PthUnreadable { path, .. }
            | Self::BuildMarkUnreadable { path, .. }
            | Self::Shadowed { file: path, .. }
            | Self::BadVariable { file: path, .. }
            | Self::ModuleMissing(path)
            | Self::ModuleEmpty(path)
            | Self::LibraryClosed { path, .. }
            | Self::ColonInPath(path)
            | Self::NoCurrentFolder(path)
            | Self::Opaque { file: path, .. } => Some(path),
            Self::NoPython(missing) => missing.path(),
        }
    }
}
