//! Why would a Python not start, or why can it not be judged?

use crate::support::PyPath;
use crate::support::files::Content;
use crate::support::version::Minor;

/// Why a file cannot be started by this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    Absent,
    /// A link on the way leads to what is not there.
    DeadLink {
        link: PyPath,
        target: PyPath,
    },
    /// Links that lead back to themselves.
    Loop,
    /// A folder, a FIFO, a device.
    NotRegular,
    /// No x bit for anybody.
    NotExecutable {
        file: PyPath,
    },
    /// This user may not go there, or not execute it.
    Denied {
        file: PyPath,
    },
}

/// What stands in a file's place, or keeps it from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Odd {
    Fifo,
    /// A device or a socket.
    Special,
    /// More than its reader takes, in bytes.
    TooLarge(u64),
    Denied,
    /// The operating system's reason.
    Failed(String),
}

impl Odd {
    /// What kept a file from being read, if anything did.
    pub fn of(content: &Content) -> Option<Self> {
        match content {
            Content::Fifo => Some(Self::Fifo),
            Content::Special => Some(Self::Special),
            Content::TooLarge(size) => Some(Self::TooLarge(*size)),
            Content::Denied => Some(Self::Denied),
            Content::Failed(reason) => Some(Self::Failed(reason.clone())),
            Content::Bytes(_) | Content::Absent | Content::Folder | Content::Null => None,
        }
    }
}

/// What sent Python to a place where its library is not. Only what was seen to do so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misled {
    Variable(&'static str),
    /// A zip file, a `._pth` file, the mark of a build tree.
    File(PyPath),
    /// `home` of this pyvenv.cfg.
    Home {
        cfg: PyPath,
        home: PyPath,
    },
    /// Nothing: the library is gone.
    ByNothing,
}

/// Who puts its own scripts or links in front of Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    Mise,
    Asdf,
    Nix,
}

/// What a file that is no known Python is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opaque {
    Script,
    /// A script or link of a tool that chooses a Python when it runs.
    ShimOf(Manager),
    NoPython,
    DamagedElf,
    /// It ends before it should.
    CutOff,
    MachO,
    Windows,
    Unreadable,
    TooOld(Minor),
    /// `PYTHONPATH` puts another `site` in front.
    OtherSite {
        file: PyPath,
    },
}

/// What keeps exec or the dynamic loader from starting a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unloadable {
    /// Made for another kind of machine.
    OtherMachine,
    /// The program's loader is missing, or cannot be started.
    NoLoader(PyPath),
    NoLibrary(PyPath),
    /// What stands in a library's place is none: the loader stops at it.
    BadLibrary(PyPath),
    /// The library is there and lacks a version that is wanted of it.
    OldLibrary {
        library: PyPath,
        version: PyPath,
    },
    /// The program is cut off, as by a copy that was interrupted.
    CutOff,
}

/// Why there is no Python to speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The PATH that was searched.
    NothingOnPath(Option<PyPath>),
    NotOnPath(PyPath),
    NoSuchFile(PyPath),
    /// A version where a name or a path is wanted, and the name on PATH that it may mean.
    IsVersion {
        text: PyPath,
        name: Option<PyPath>,
    },
    FolderWithoutPython(PyPath),
    /// No version that pyenv may use has the command; this one has it.
    ShimWithoutVersion {
        shim: PyPath,
        name: PyPath,
        installed: Option<PyPath>,
    },
}

/// Why a Python would not start, or is not known, or is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The file as it was asked for.
    NotStartable {
        file: PyPath,
        why: Unusable,
    },
    /// The program or library that lacks something.
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
    NoLibraryFolder {
        stdlib: PyPath,
        misled: Misled,
    },
    ModuleMissing {
        file: PyPath,
    },
    /// Up to 3.10 the search path is joined with `:` and cut again.
    ColonInPath {
        stdlib: PyPath,
    },
    /// A module of PYTHONPATH takes the place of one of Python's own.
    Shadowed {
        module: &'static str,
        file: PyPath,
    },
    BuildMarkUnreadable {
        path: PyPath,
        odd: Odd,
    },
    TooManyLinks {
        file: PyPath,
    },
    NoPython(Missing),
    Opaque {
        file: PyPath,
        why: Opaque,
    },
}

impl Cause {
    /// The path at fault.
    pub fn path(&self) -> Option<&PyPath> {
        match self {
            Self::NotStartable {
                why:
                    Unusable::DeadLink { link: path, .. }
                    | Unusable::NotExecutable { file: path }
                    | Unusable::Denied { file: path },
                ..
            }
            | Self::NotStartable { file: path, .. }
            | Self::NotLoadable {
                why: Unloadable::BadLibrary(path),
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
            | Self::BuildMarkUnreadable { path, .. }
            | Self::Shadowed { file: path, .. }
            | Self::ModuleMissing { file: path }
            | Self::TooManyLinks { file: path }
            | Self::ColonInPath { stdlib: path }
            | Self::Opaque { file: path, .. } => Some(path),
            Self::NoPython(missing) => missing.path(),
        }
    }
}

impl Missing {
    /// What was asked for.
    fn path(&self) -> Option<&PyPath> {
        match self {
            Self::NothingOnPath(path) => path.as_ref(),
            Self::NotOnPath(path)
            | Self::NoSuchFile(path)
            | Self::IsVersion { text: path, .. }
            | Self::FolderWithoutPython(path)
            | Self::ShimWithoutVersion { shim: path, .. } => Some(path),
        }
    }
}
