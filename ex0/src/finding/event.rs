//! Who read what, and what did it say? The lesson that `trace` tells.

use super::{Opaque, Unusable};
use crate::support::PyPath;
use crate::support::version::Version;

/// Who reads it when Python starts, in that order. After that `pip` reads its mark, this program the `binary`, and `nobody` what a
/// pyvenv.cfg only remembers.
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
    Nobody,
}

/// What was consulted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    File(PyPath),
    Variable(&'static str),
}

/// One source and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub reader: Reader,
    pub source: Source,
    pub said: Said,
}

/// What a source said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The shell searched a whole PATH in vain.
    SearchedInVain,
    /// There is no PATH, so a shell takes its own.
    ShellsOwnPath,
    /// What was typed starts this file.
    Starts {
        typed: PyPath,
    },
    /// The file cannot be started, so the search goes on.
    PassedOver(Unusable),
    /// A shim, which asks pyenv in this root.
    Shim {
        root: PyPath,
    },
    /// The shim is a script of bash's.
    NeedsBash,
    /// pyenv is told to go to a folder that is not there.
    CannotGoTo {
        folder: PyPath,
    },
    /// pyenv takes the first Python on PATH that is no shim.
    SystemsOwn,
    NotInstalled,
    /// This version has the command, so it is started.
    HasCommand {
        version: PyPath,
    },
    HasNoCommand,
    /// The versions that pyenv is asked for; none means the system's own.
    AsksFor(Vec<PyPath>),
    /// It is a program that nothing can be read from.
    Opaque(Opaque),
    LeadsTo {
        file: PyPath,
    },
    /// The shared library that holds the interpreter.
    HoldsInterpreter,
    /// The loader finds this many libraries, each with the versions that are wanted of it.
    Loads {
        libraries: usize,
    },
    /// What the loader would do was not looked at.
    LoadNotChecked(NotChecked),
    NotThere,
    MayNotBeRead,
    NotRegular,
    /// A pyvenv.cfg moves the search for the library.
    Home {
        home: PyPath,
    },
    HomeIgnored,
    NoHome,
    /// This Python trusts its own link more than `home`.
    TrustsMore {
        folder: PyPath,
    },
    /// A variable sets the prefix.
    SetsPrefix {
        value: PyPath,
    },
    /// A variable says which executable Python is.
    SetsExecutable {
        value: PyPath,
    },
    LandmarkBesideLibrary,
    ZipLandmark,
    Landmark {
        prefix: PyPath,
    },
    /// The compiled-in prefix counts.
    NoLandmark,
    /// PyPy's way to say where the library is.
    Library {
        prefix: PyPath,
    },
    /// A `._pth` file takes over.
    ReplacesPath {
        imports_site: bool,
    },
    BuildMark,
    LibraryThere,
    LibraryZipped,
    /// The last `include-system-site-packages`, as it is compared; `None` counts as true.
    SystemSite(Option<PyPath>),
    DebiansLayout,
    /// A module that Python imports for whoever put it there.
    Customizes,
    ExternallyManaged,
    /// Where the version was read from.
    VersionIs {
        version: Version,
        from: VersionSource,
    },
    /// The Python that the environment was made with, and the one that runs today, where it has another last number.
    MadeWith {
        version: PyPath,
        now: Option<Version>,
    },
}

/// What a version was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSource {
    /// The constant `Py_Version`, which the program exports.
    Symbol,
    /// The same, of its libpython.
    SymbolOfLibrary,
    /// `patchlevel.h`, with which it was built.
    Header,
    /// `build-details.json`.
    BuildDetails,
    /// conda's record of the installation.
    CondaRecord,
    /// A text among the program's constants.
    Constant,
}

/// Why the libraries were not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotChecked {
    /// A loader with rules of its own.
    OtherLoader,
    /// Another machine's program, which an emulator is registered for.
    Emulated,
}
