//! Why was no Python found, and what can a file be that is not a Python we know?

use super::Cause;
use crate::support::PyPath;
use crate::support::version::Minor;

/// What a file is that is not a Python we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opaque {
    Script,
    /// A script or link of this tool, mise or asdf. It chooses a Python when it runs.
    ShimOf(&'static str),
    WrapperOfNix,
    NoPython,
    /// Another program with a Python inside. It chooses the prefix itself.
    Embeds,
    MachO,
    Windows,
    Unreadable,
    /// The system itself fails to read it, for this reason.
    Failed(String),
    TooOld(Minor),
    /// It runs in the folder where it was built: the library of its source is in this folder.
    BuildTree(PyPath),
    /// A pyvenv.cfg with this many bytes. Python reads it, but we do not.
    LargeCfg(u64),
    /// `PYTHONPATH` puts another `site`, or another module that Python needs, before Python's own.
    OtherModule(&'static str, PyPath),
    /// Its `site` is an empty file.
    EmptySite(PyPath),
    /// For this reason the module site fails, and PyPy goes on without it.
    WithoutSite(Box<Cause>),
    /// It has a byte beyond ASCII, and it is not known which letters this locale has.
    OtherLetters(PyPath),
    /// Its path begins in the current folder, which no longer exists.
    NoCurrentFolder,
    /// virtualenv up to 16 made its environment: a copy of Python, with a `site` of virtualenv's own. It left this file.
    OldVirtualenv(PyPath),
}

/// Why no Python was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The PATH that was searched.
    NothingOnPath(Option<PyPath>),
    NotOnPath(PyPath),
    NoSuchFile(PyPath),
    /// A version instead of a name or a path, and the name on PATH that the user may mean.
    IsVersion {
        text: PyPath,
        name: Option<PyPath>,
    },
    FolderWithoutPython(PyPath),
    /// A file in an environment's `bin` that is no Python, by its name and by what is in it. `why` it cannot start.
    OtherProgram {
        file: PyPath,
        why: Box<Cause>,
    },
    /// None of the versions that pyenv may use has the command. `installed` has it.
    ShimWithoutVersion {
        shim: PyPath,
        name: PyPath,
        installed: Option<PyPath>,
    },
}

impl Missing {
    /// The file or folder that was asked for.
    pub fn path(&self) -> Option<&PyPath> {
        match self {
            Self::NothingOnPath(path) => path.as_ref(),
            Self::NotOnPath(path)
            | Self::NoSuchFile(path)
            | Self::IsVersion { text: path, .. }
            | Self::FolderWithoutPython(path)
            | Self::OtherProgram { file: path, .. }
            | Self::ShimWithoutVersion { shim: path, .. } => Some(path),
        }
    }
}
