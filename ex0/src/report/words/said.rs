//! The sentences about what each file or variable said.

use std::fmt::{self, Display, Formatter};

use super::list;
use crate::finding::{Cause, OfPyenv, Opaque, Reader, Said, Source, Unusable, VersionSource};

/// What is known about the line `version` of a pyvenv.cfg.
const IGNORED: &str = "Python ignores this line; it names the Python that made the environment";

/// Who reads it, padded to a column.
impl Display for Reader {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Shell => "shell",
            Self::Pyenv => "pyenv",
            Self::Kernel => "kernel",
            Self::Loader => "loader",
            Self::Getpath => "getpath",
            Self::Site => "site",
            Self::Pip => "pip",
            Self::Binary => "binary",
            Self::Unused => "unused",
        })
    }
}

/// What a version was read from.
impl Display for VersionSource {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Symbol => "its symbol Py_Version",
            Self::Header => "patchlevel.h, the header it was built with",
            Self::Constant => "a constant in its binary",
        })
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{path}"),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// What the file or variable said.
impl Display for Said {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::NothingFound => {
                "no folder of this PATH has an executable python3 or python".into()
            }
            Self::ShellsOwnPath { shell, path } => format!("not set: {shell} searches {path}"),
            Self::Starts(typed) => format!("{typed} starts this file"),
            Self::Skipped(why) => format!("is skipped, and the search goes on: {why}"),
            Self::Pyenv(it) => of_pyenv(it),
            Self::Getpath(it) => it.to_string(),
            Self::Opaque(why) => why.to_string(),
            Self::LeadsTo(file) => format!("leads to {file}"),
            Self::HoldsInterpreter => "the shared library that contains the interpreter".into(),
            Self::Loads { libraries: 0 } => "can start: it needs no library".into(),
            Self::Loads { libraries } => {
                format!("can start: all {libraries} libraries are there, in the right versions")
            }
            Self::LoadNotChecked(why) => format!("libraries {why}"),
            Self::NotThere => "not there".into(),
            Self::MayNotBeRead => "may not be read".into(),
            Self::NotRegular => "not a regular file, so it marks no environment".into(),
            Self::SystemSite(None) => {
                "no include-system-site-packages: the global packages are visible too".into()
            }
            Self::SystemSite(Some(value)) => {
                let reach = if value.bytes() == b"true" {
                    "visible too"
                } else {
                    "not visible"
                };
                format!("include-system-site-packages = {value}: the global packages are {reach}")
            }
            Self::DebiansLayout => {
                "contains the word dist-packages: this is Debian's layout".into()
            }
            Self::Customizes => "runs when Python starts; what it changes is not checked".into(),
            Self::RunsLine { line } => {
                format!(
                    "runs code in line {line} when Python starts; what it changes is not checked"
                )
            }
            Self::ExternallyManaged => {
                "the mark of PEP 668: pip refuses to install into this Python, unless it is told otherwise".into()
            }
            Self::BreaksSystem => "tells pip to install into this Python all the same".into(),
            Self::VersionIs { version, from } => format!("{from} says {version}"),
            Self::MadeWith {
                key,
                version,
                now: None,
            } => format!("{key} = {version}: {IGNORED}"),
            Self::MadeWith {
                key,
                version,
                now: Some(now),
            } => {
                format!("{key} = {version}: {IGNORED}. Today {now} runs and sees the same packages")
            }
        })
    }
}

/// What a shim of pyenv said.
fn of_pyenv(said: &OfPyenv) -> String {
    match said {
        OfPyenv::Shim(root) => format!("a shim of pyenv in {root}"),
        OfPyenv::NeedsBash => "needs bash, which is not on PATH".into(),
        OfPyenv::CannotGoTo(folder) => format!("pyenv stops: it cannot go to {folder}"),
        OfPyenv::SystemsOwn => "the system's Python: the first on PATH that is not a shim".into(),
        OfPyenv::NotInstalled => "is not installed: pyenv skips this version".into(),
        OfPyenv::HasCommand(version) => {
            format!("version {version} has this command and is started")
        }
        OfPyenv::HasNoCommand => "this version does not have the command".into(),
        OfPyenv::AsksFor(versions) if versions.is_empty() => {
            "names no version, so the system's Python is used".into()
        }
        OfPyenv::AsksFor(versions) => format!("asks for {}", list(versions)),
    }
}

/// Why a file cannot be started. The text comes after the file's name.
impl Display for Unusable {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Absent => "not there".into(),
            Self::DeadLink { link, target } => {
                format!("{link} is a link to {target}, which is not there")
            }
            Self::Loop => "its links lead in a circle".into(),
            Self::NotRegular => "not a regular file".into(),
            Self::NotExecutable(file) => format!("{file} is not executable"),
            Self::Denied(file) => format!("permission denied: you may not execute {file}"),
            Self::Closed { folder, link: None } => {
                format!("permission denied: you may not enter the folder {folder}")
            }
            Self::Closed { folder, link: Some(link) } => {
                format!("permission denied: {link} leads into the folder {folder}, which you may not enter")
            }
        })
    }
}

/// What a file is that is not a Python we know. The text comes after the file's name.
impl Display for Opaque {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Script => "is a script: it is not known what it starts without running it".into(),
            Self::ShimOf(tool) => {
                format!("is a shim of {tool}, which chooses a Python when it runs: `{tool} which python` names it")
            }
            Self::WrapperOfNix => {
                "is a wrapper of Nix: it is not known what it sets before it starts Python".into()
            }
            Self::NoPython => "is a program with no Python 3 inside; it may start one".into(),
            Self::Embeds => {
                "is another program with a Python inside: it is not known which prefix it chooses"
                    .into()
            }
            Self::MachO => "is a Mach-O program: construct does not read its version".into(),
            Self::Windows => "is a Windows program: construct does not read its version".into(),
            Self::Unreadable => "cannot be read".into(),
            Self::Failed(reason) => format!("cannot be read: {reason}"),
            Self::TooOld(minor) => {
                format!("is Python {minor}: construct knows the rules of 3.6 and later")
            }
            Self::BuildTree(library) => {
                format!("runs where it was built: whether it takes its library from {library} is not checked")
            }
            Self::LargeCfg(size) => {
                format!("has {size} bytes: Python reads it, but construct does not read such a large file")
            }
            Self::OtherModule(module, file) => {
                format!("imports {file} instead of its own {module}: the result is not known")
            }
            Self::EmptySite(file) => {
                format!("starts without site, because {file} is empty: it looks for no environment and no packages")
            }
            Self::WithoutSite(cause) => {
                let why = site_fails(cause);
                format!("prints \"'import site' failed\" and goes on, and its prefix is then not known: {why}")
            }
            Self::OtherLetters(locale) => {
                format!("has a byte beyond ASCII: which letters the locale {locale} has is not known, so Python may stop there")
            }
            Self::NoCurrentFolder => {
                "begins in the current folder, which no longer exists: what PyPy then does is not known".into()
            }
            Self::OldVirtualenv(mark) => {
                format!("is in an environment of virtualenv 16 or older ({mark} shows it): a site of virtualenv's own chooses its folders, so the result is not known")
            }
        })
    }
}

/// Why site fails. Another Python would stop there.
fn site_fails(cause: &Cause) -> String {
    match cause {
        Cause::ModuleMissing(file) => format!("{file} is not there"),
        Cause::ModuleEmpty(file) => format!("{file} is empty"),
        cause => cause.to_string(),
    }
}
