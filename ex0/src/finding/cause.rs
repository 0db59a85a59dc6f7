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

/// Why a Python would not start, or is not known, or is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    // What exec wants.
    NotStartable {
        file: PyPath,
        why: Unusable,
    },
    /// Made for another kind of machine.
    OtherMachine {
        file: PyPath,
    },
    /// The program's loader is missing, or cannot be started.
    NoLoader {
        file: PyPath,
        loader: PyPath,
    },
    // What the loader wants.
    NoLibrary {
        file: PyPath,
        name: PyPath,
    },
    /// What stands in a library's place is none: the loader stops at it.
    BadLibrary {
        file: PyPath,
        library: PyPath,
    },
    /// The program is cut off, as by a copy that was interrupted.
    CutOff {
        file: PyPath,
    },
    /// The library is there and lacks a version that is wanted of it.
    OldLibrary {
        file: PyPath,
        library: PyPath,
        version: PyPath,
    },
    // What the readers of pyvenv.cfg want.
    CfgNotUtf8 {
        path: PyPath,
        line: usize,
    },
    CfgUnreadable {
        path: PyPath,
        odd: Odd,
    },
    // What the first imports want.
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
    // There is none.
    NothingOnPath {
        path: Option<PyPath>,
    },
    NotOnPath {
        name: PyPath,
    },
    NoSuchFile {
        file: PyPath,
    },
    /// A version where a name or a path is wanted, and the file on PATH that it may mean.
    IsVersion {
        text: PyPath,
        file: Option<PyPath>,
    },
    FolderWithoutPython {
        folder: PyPath,
    },
    ShimWithoutVersion {
        shim: PyPath,
        name: PyPath,
        installed: Option<PyPath>,
    },
    // It cannot be judged.
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
            | Self::NoLibraryFolder {
                misled: Misled::File(path) | Misled::Home { cfg: path, .. },
                ..
            }
            | Self::Shadowed { file: path, .. }
            | Self::ModuleMissing { file: path }
            | Self::NotStartable { file: path, .. }
            | Self::OtherMachine { file: path }
            | Self::NoLoader { file: path, .. }
            | Self::NoLibrary { file: path, .. }
            | Self::OldLibrary { file: path, .. }
            | Self::BadLibrary { library: path, .. }
            | Self::CutOff { file: path }
            | Self::TooManyLinks { file: path }
            | Self::NoSuchFile { file: path }
            | Self::Opaque { file: path, .. }
            | Self::CfgNotUtf8 { path, .. }
            | Self::CfgUnreadable { path, .. }
            | Self::BuildMarkUnreadable { path, .. }
            | Self::NoLibraryFolder { stdlib: path, .. }
            | Self::ColonInPath { stdlib: path }
            | Self::NotOnPath { name: path }
            | Self::IsVersion { text: path, .. }
            | Self::FolderWithoutPython { folder: path }
            | Self::ShimWithoutVersion { shim: path, .. } => Some(path),
            Self::NothingOnPath { path } => path.as_ref(),
        }
    }
}
