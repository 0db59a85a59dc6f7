//! What each source said, in words.

use crate::finding::{Event, Manager, Opaque, Reader, Said, Source, Unusable, VersionSource};
use crate::report::words::{list, not_checked};
use crate::support::PyPath;

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
        Reader::Nobody => "nobody",
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

/// What it said.
pub fn said(event: &Event) -> String {
    match &event.said {
        Said::SearchedInVain => "no folder of this PATH has an executable python3 or python".to_owned(),
        Said::ShellsOwnPath => "not set: bash and dash search /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin and /bin".to_owned(),
        Said::Starts { typed } => format!("{} starts this file", typed.shown()),
        Said::PassedOver(why) => format!("passed over: {}", unusable(why)),
        Said::Shim { root } => format!("a shim of pyenv in {}", root.shown()),
        Said::NeedsBash => "needs bash, which is not on PATH".to_owned(),
        Said::CannotGoTo { folder } => format!("pyenv stops: it cannot go to {}", folder.shown()),
        Said::SystemsOwn => "the system's own: the first on PATH that is no shim".to_owned(),
        Said::NotInstalled => "not installed: passed over".to_owned(),
        Said::HasCommand { version } => format!("version {} has it: this one is started", version.shown()),
        Said::HasNoCommand => "this version has no such command".to_owned(),
        Said::AsksFor(versions) if versions.is_empty() => "names no version: the system's own".to_owned(),
        Said::AsksFor(versions) => format!("asks for {}", list(versions)),
        Said::Opaque(why) => opaque(why),
        Said::LeadsTo { file } => format!("leads to {}", file.shown()),
        Said::HoldsInterpreter => "the shared library that holds the interpreter".to_owned(),
        Said::Loads { libraries: 0 } => "starts: it needs no library".to_owned(),
        Said::Loads { libraries } => {
            format!("starts: all {libraries} libraries are found, in the versions that are wanted")
        }
        Said::LoadNotChecked(why) => format!("libraries {}", not_checked(*why)),
        Said::NotThere => "not there".to_owned(),
        Said::MayNotBeRead => "may not be read".to_owned(),
        Said::NotRegular => "not a regular file, so not a mark of an environment".to_owned(),
        Said::Home { home } => format!("home = {}: the library is looked for from there", home.shown()),
        Said::HomeIgnored => "its home is ignored, because PYTHONHOME is set".to_owned(),
        Said::NoHome => "has no line for home that this Python can read".to_owned(),
        Said::TrustsMore { folder } => format!("this Python trusts {} more", folder.shown()),
        Said::SetsPrefix { value } => format!("is set: the prefix is {}", value.shown()),
        Said::SetsExecutable { value } => format!("is set: Python believes that it is {}", value.shown()),
        Said::LandmarkBesideLibrary => "a landmark beside libpython: this folder is the base prefix".to_owned(),
        Said::ZipLandmark => "the zip landmark: this folder is the base prefix".to_owned(),
        Said::Landmark { prefix } => format!("the landmark: the base prefix is {}", prefix.shown()),
        Said::NoLandmark => "no landmark in this folder or above it: the compiled-in prefix counts".to_owned(),
        Said::Library { prefix } => format!("the standard library: the base prefix is {}", prefix.shown()),
        Said::ReplacesPath { imports_site: true } => "replaces sys.path, and asks for site".to_owned(),
        Said::ReplacesPath { imports_site: false } => "replaces sys.path, and leaves site out".to_owned(),
        Said::BuildMark => "the mark of a tree that Python was built in".to_owned(),
        Said::LibraryThere => "the standard library is there".to_owned(),
        Said::LibraryZipped => "the standard library, in one file".to_owned(),
        Said::SystemSite(value) => system_site(value.as_ref()),
        Said::DebiansLayout => "speaks of dist-packages: Debian's layout".to_owned(),
        Said::Customizes => "runs when Python starts: what it changes is not checked".to_owned(),
        Said::ExternallyManaged => "PEP 668: pip refuses to install into this Python".to_owned(),
        Said::VersionIs { version, from } => format!("{} says {version}", version_source(*from)),
        Said::MadeWith { version, now: None } => {
            format!("version = {}: no reader asks for it; what it was made with", version.shown())
        }
        Said::MadeWith { version, now: Some(now) } => format!(
            "version = {}: no reader asks for it; what it was made with. {now} runs today and sees the same packages",
            version.shown()
        ),
    }
}

/// What site understands of its one key.
fn system_site(value: Option<&PyPath>) -> String {
    let Some(value) = value else {
        return "no include-system-site-packages, which counts as true".to_owned();
    };
    let reach = if value.bytes() == b"true" {
        "in reach"
    } else {
        "out of reach"
    };
    format!(
        "include-system-site-packages = {}: the global packages are {reach}",
        value.shown()
    )
}

/// Why a file cannot be started, as what follows its name.
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
        Unusable::Loop => "its links lead round in a circle".to_owned(),
        Unusable::NotRegular => "not a regular file".to_owned(),
        Unusable::NotExecutable { file } => format!("{} is not executable", file.shown()),
        Unusable::Denied { file } => {
            format!("permission denied: you may not execute {}", file.shown())
        }
    }
}

/// What a file that is no known Python is.
pub fn opaque(why: &Opaque) -> String {
    let said = match why {
        Opaque::Script => "is a script: what it starts cannot be known without running it",
        Opaque::ShimOf(Manager::Mise) => {
            "is a shim of mise, which chooses a Python when it runs: `mise which python` names it"
        }
        Opaque::ShimOf(Manager::Asdf) => {
            "is a shim of asdf, which chooses a Python when it runs: `asdf which python` names it"
        }
        Opaque::ShimOf(Manager::Nix) => {
            "is a wrapper of Nix's: what it sets before it starts Python is not known"
        }
        Opaque::NoPython => {
            "is not understood: a program that is no Python 3 inside; it may start one"
        }
        Opaque::CutOff => "is cut off: it is shorter than it says",
        Opaque::DamagedElf => "is not understood: its ELF tables are damaged or missing",
        Opaque::MachO => "is not understood: a Mach-O program: its version is not read here",
        Opaque::Windows => "is not understood: a Windows program: its version is not read here",
        Opaque::Unreadable => "is not understood: it cannot be read",
        Opaque::TooOld(minor) => {
            return format!("is Python {minor}: the rules are known here from 3.6 on");
        }
        Opaque::OtherSite { file } => {
            return format!(
                "imports {} in the place of its own site: what follows is not known",
                file.shown()
            );
        }
    };
    said.to_owned()
}
