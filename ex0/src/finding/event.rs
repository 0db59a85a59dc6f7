//! Who read what, and what did it say? The section "Because" and the JSON field `trace` show it.

use serde::Serialize;

use super::{Opaque, Unusable};
use crate::support::PyPath;
use crate::support::in_words;
use crate::support::version::Version;

/// Who reads a file when Python starts, in that order. Later `pip` reads its mark, and this program reads the `binary`. No program reads
/// what is `Unused`: the line of a pyvenv.cfg with the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Shell,
    Pyenv,
    Kernel,
    Loader,
    Getpath,
    Site,
    Pip,
    Binary,
    Unused,
}

/// The file or variable that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Source {
    File(PyPath),
    Variable(&'static str),
}

/// One source and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    #[serde(serialize_with = "in_words")]
    pub reader: Reader,
    #[serde(rename = "path")]
    pub source: Source,
    #[serde(serialize_with = "in_words")]
    pub said: Said,
}

/// What a source said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The shell searched the whole PATH and found nothing.
    NothingFound,
    /// There is no PATH, so the shell uses its default.
    ShellsOwnPath {
        shell: &'static str,
        path: &'static str,
    },
    /// The typed name starts this file.
    Starts(PyPath),
    /// The file cannot start, so the search goes on.
    Skipped(Unusable),
    /// A shim of pyenv, and what pyenv makes of it.
    Pyenv(OfPyenv),
    /// Where the prefix and the library are.
    Getpath(OfGetpath),
    /// A program whose version cannot be read.
    Opaque(Opaque),
    LeadsTo(PyPath),
    /// The shared library that contains the interpreter.
    HoldsInterpreter,
    /// The loader finds this many libraries, each in a version that fits.
    Loads {
        libraries: usize,
    },
    /// The libraries were not checked.
    LoadNotChecked(NotChecked),
    NotThere,
    MayNotBeRead,
    NotRegular,
    /// The value of the last `include-system-site-packages`. `None` counts as true.
    SystemSite(Option<PyPath>),
    DebiansLayout,
    /// A module that somebody added and that Python imports when it starts.
    Customizes,
    /// A line of a `.pth` file that site executes.
    RunsLine {
        line: usize,
    },
    ExternallyManaged,
    /// A variable tells pip to ignore that mark.
    BreaksSystem,
    /// Where the version was read from.
    VersionIs {
        version: Version,
        from: VersionSource,
    },
    /// The version that made the environment. `now` is set if the Python of today has another last number.
    MadeWith {
        key: &'static str,
        version: PyPath,
        now: Option<Version>,
    },
}

/// What a shim of pyenv said, or a version that pyenv looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfPyenv {
    /// A shim. It asks the pyenv in this root folder.
    Shim(PyPath),
    /// The shim is a bash script, and there is no bash.
    NeedsBash,
    /// pyenv must change to a folder that does not exist.
    CannotGoTo(PyPath),
    /// pyenv takes the first Python on PATH that is not a shim.
    SystemsOwn,
    NotInstalled,
    /// This version has the command, so pyenv starts it.
    HasCommand(PyPath),
    HasNoCommand,
    /// The versions that pyenv must use. An empty list means: the system's Python.
    AsksFor(Vec<PyPath>),
}

/// What getpath learns on its way to the base prefix and the standard library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfGetpath {
    /// The line `home` of a pyvenv.cfg: the search for the library starts there.
    Home(PyPath),
    HomeIgnored,
    NoHome,
    /// This Python begins its search where its own link leads, not in `home`.
    InsteadOfHome(PyPath),
    /// A variable sets the prefix.
    SetsPrefix(PyPath),
    /// A variable says which executable Python is.
    SetsExecutable(PyPath),
    LandmarkBesideLibrary,
    ZipLandmark,
    Landmark(PyPath),
    /// Python uses the compiled-in prefix.
    NoLandmark,
    /// A `._pth` file replaces all other settings.
    ReplacesPath {
        imports_site: bool,
    },
    BuildMark,
    LibraryThere,
}

impl From<OfGetpath> for Said {
    fn from(said: OfGetpath) -> Self {
        Self::Getpath(said)
    }
}

impl From<OfPyenv> for Said {
    fn from(said: OfPyenv) -> Self {
        Self::Pyenv(said)
    }
}

/// What a version was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSource {
    /// The constant `Py_Version` that the program or its libpython exports.
    Symbol,
    /// `patchlevel.h`, a header from its build.
    Header,
    /// A text in the program's constants.
    Constant,
}

/// Why the libraries were not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotChecked {
    /// The program uses another loader, with other rules.
    OtherLoader,
    /// The program is for another machine, and an emulator is registered for it.
    Emulated,
    /// A list or a name of libraries could not be read.
    InPart,
    /// A list of folders has a `$LIB` or `$PLATFORM`, and what this loader puts in its place is not known.
    Token,
    /// A library was not found, and it is not known in which folders this loader looks last.
    NoDefaults,
    /// A library was not found, and a folder has others for some processors.
    ForProcessors,
    /// The process may have more rights than the user, and then the loader does not search all folders.
    MoreRights,
}
