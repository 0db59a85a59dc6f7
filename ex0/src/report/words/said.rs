//! The sentences about what each file or variable said.

use crate::finding::{Event, Manager, Opaque, Reader, Said, Source, Unusable, VersionSource};
use crate::report::words::{list, not_checked};
use crate::support::PyPath;

/// What is known about the line `version` of a pyvenv.cfg.
const IGNORED: &str = "Python ignores this line; it names the Python that made the environment";

/// Who reads it.
pub fn reader(reader: Reader) -> &'static str {
    match reader {
        Reader::Shell => "shell",
        Reader::Pyenv => "pyenv",
        Reader::Kernel => "kernel",
        Reader::Loader => "loader",
        Reader::Getpath => "getpath",
        Reader::Site => "site",
        Reader::Pip => "pip",
        Reader::Binary => "binary",
        Reader::Unused => "unused",
    }
}

/// What a version was read from.
fn version_source(source: VersionSource) -> &'static str {
    match source {
        VersionSource::Symbol => "its symbol Py_Version",
        VersionSource::SymbolOfLibrary => "the symbol Py_Version of its libpython",
        VersionSource::Header => "patchlevel.h, the header it was built with",
        VersionSource::BuildDetails => "build-details.json, written when it was built",
        VersionSource::CondaRecord => "conda's record of what it installed",
        VersionSource::Constant => "a constant in its binary",
    }
}

/// The file, or the variable's name.
pub fn source(event: &Event) -> PyPath {
    match &event.source {
        Source::File(path) => path.clone(),
        Source::Variable(name) => PyPath::from(*name),
    }
}

/// What the file or variable said.
pub fn said(event: &Event) -> String {
    match &event.said {
        Said::NothingFound => "no folder of this PATH has an executable python3 or python".to_owned(),
        Said::ShellsOwnPath => "not set: bash and dash search /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin and /bin".to_owned(),
        Said::Starts { typed } => format!("{} starts this file", typed.shown()),
        Said::Skipped(why) => format!("skipped: {}", unusable(why)),
        Said::Shim { root } => format!("a shim of pyenv in {}", root.shown()),
        Said::NeedsBash => "needs bash, which is not on PATH".to_owned(),
        Said::CannotGoTo { folder } => format!("pyenv stops: it cannot go to {}", folder.shown()),
        Said::SystemsOwn => "the system's Python: the first on PATH that is not a shim".to_owned(),
        Said::NotInstalled => "not installed: skipped".to_owned(),
        Said::HasCommand { version } => format!("version {} has this command and is started", version.shown()),
        Said::HasNoCommand => "this version does not have the command".to_owned(),
        Said::AsksFor(versions) if versions.is_empty() => "names no version, so the system's Python is used".to_owned(),
        Said::AsksFor(versions) => format!("asks for {}", list(versions)),
        Said::Opaque(why) => opaque(why),
        Said::LeadsTo { file } => format!("leads to {}", file.shown()),
        Said::HoldsInterpreter => "the shared library that contains the interpreter".to_owned(),
        Said::Loads { libraries: 0 } => "can start: it needs no library".to_owned(),
        Said::Loads { libraries } => {
            format!("can start: all {libraries} libraries are there, in the right versions")
        }
        Said::LoadNotChecked(why) => format!("libraries {}", not_checked(*why)),
        Said::NotThere => "not there".to_owned(),
        Said::MayNotBeRead => "may not be read".to_owned(),
        Said::NotRegular => "not a regular file, so it marks no environment".to_owned(),
        Said::Home { home } => format!("home = {}: Python searches for its standard library from there", home.shown()),
        Said::HomeIgnored => "its home is ignored, because PYTHONHOME is set".to_owned(),
        Said::NoHome => "has no line home = … that this Python can read".to_owned(),
        Said::InsteadOfHome { folder } => format!("this Python begins its search in {} instead", folder.shown()),
        Said::SetsPrefix { value } => format!("is set: the prefix is {}", value.shown()),
        Said::SetsExecutable { value } => format!("is set: Python believes that its executable is {}", value.shown()),
        Said::LandmarkBesideLibrary => "a landmark next to libpython: this folder is the base prefix".to_owned(),
        Said::ZipLandmark => "the zip landmark: this folder is the base prefix".to_owned(),
        Said::Landmark { prefix } => format!("the landmark: the base prefix is {}", prefix.shown()),
        Said::NoLandmark => "no landmark in this folder or above it: Python uses the compiled-in prefix".to_owned(),
        Said::Library { prefix } => format!("the standard library: the base prefix is {}", prefix.shown()),
        Said::ReplacesPath { imports_site: true } => "replaces sys.path and imports site".to_owned(),
        Said::ReplacesPath { imports_site: false } => "replaces sys.path and leaves out site".to_owned(),
        Said::BuildMark => "the mark of a folder in which Python was built".to_owned(),
        Said::LibraryThere => "the standard library is there".to_owned(),
        Said::LibraryZipped => "the standard library, in one zip file".to_owned(),
        Said::SystemSite(value) => system_site(value.as_ref()),
        Said::DebiansLayout => "contains the word dist-packages: this is Debian's layout".to_owned(),
        Said::Customizes => "runs when Python starts; what it changes is not checked".to_owned(),
        Said::ExternallyManaged => "PEP 668: pip refuses to install into this Python".to_owned(),
        Said::VersionIs { version, from } => format!("{} says {version}", version_source(*from)),
        Said::MadeWith { version, now: None } => {
            format!("version = {}: {IGNORED}", version.shown())
        }
        Said::MadeWith { version, now: Some(now) } => format!(
            "version = {}: {IGNORED}. Today {now} runs and sees the same packages",
            version.shown()
        ),
    }
}

/// What site reads in its one key.
fn system_site(value: Option<&PyPath>) -> String {
    let Some(value) = value else {
        return "no include-system-site-packages: the global packages are visible too".to_owned();
    };
    let reach = if value.bytes() == b"true" {
        "visible too"
    } else {
        "not visible"
    };
    format!(
        "include-system-site-packages = {}: the global packages are {reach}",
        value.shown()
    )
}

/// Why a file cannot be started. The text comes after the file's name.
pub fn unusable(why: &Unusable) -> String {
    match why {
        Unusable::Absent => "not there".to_owned(),
        Unusable::DeadLink { link, target } => {
            format!(
                "{} is a link to {}, which is not there",
                link.shown(),
                target.shown()
            )
        }
        Unusable::Loop => "its links lead in a circle".to_owned(),
        Unusable::NotRegular => "not a regular file".to_owned(),
        Unusable::NotExecutable { file } => format!("{} is not executable", file.shown()),
        Unusable::Denied { file } => {
            format!("permission denied: you may not execute {}", file.shown())
        }
    }
}

/// What a file is that is not a Python we know. The text comes after the file's name.
pub fn opaque(why: &Opaque) -> String {
    let said = match why {
        Opaque::Script => "is a script: it is not known what it starts without running it",
        Opaque::ShimOf(Manager::Mise) => {
            "is a shim of mise, which chooses a Python when it runs: `mise which python` names it"
        }
        Opaque::ShimOf(Manager::Asdf) => {
            "is a shim of asdf, which chooses a Python when it runs: `asdf which python` names it"
        }
        Opaque::ShimOf(Manager::Nix) => {
            "is a wrapper of Nix: it is not known what it sets before it starts Python"
        }
        Opaque::NoPython => "is a program with no Python 3 inside; it may start one",
        Opaque::CutOff => "is cut off: it is shorter than its own header says",
        Opaque::DamagedElf => "is not understood: its ELF tables are damaged or missing",
        Opaque::MachO => "is a Mach-O program: construct does not read its version",
        Opaque::Windows => "is a Windows program: construct does not read its version",
        Opaque::Unreadable => "cannot be read",
        Opaque::TooOld(minor) => {
            return format!("is Python {minor}: construct knows the rules of 3.6 and later");
        }
        Opaque::OtherSite { file } => {
            return format!(
                "imports {} instead of its own site: the result is not known",
                file.shown()
            );
        }
    };
    said.to_owned()
}
