//! The sentences that say why a Python would not start.

use std::fmt::{self, Display, Formatter};

use crate::finding::{Cause, Misled, Missing, Unloadable, Unusable};
use crate::lookup::IN_ENVIRONMENT;
use crate::support::PyPath;
use crate::support::files::Odd;

/// Why it would not start, in one sentence.
impl Display for Cause {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::NotStartable {
                why: why @ (Unusable::Loop | Unusable::NotRegular | Unusable::Absent),
                file,
            } => format!("{file} cannot be started: {why}"),
            Self::NotStartable { why, .. } => why.to_string(),
            Self::NotLoadable { file, why } => unloadable(file, why),
            Self::CfgNotUtf8 { path, line } => {
                format!("line {line} of {path} is not UTF-8, and site stops at the first such byte")
            }
            Self::CfgUnencodable(path) => {
                format!("{path} has a home with a letter that this locale cannot encode")
            }
            Self::PthUndecodable { path, line } => {
                format!("line {line} of {path} has a byte that this locale cannot decode, and site stops there")
            }
            Self::CfgUnreadable { path, odd }
            | Self::PthUnreadable { path, odd }
            | Self::BuildMarkUnreadable { path, odd } => format!("{path} {odd}"),
            Self::NoLibraryFolder { stdlib, misled } => no_library(stdlib, misled),
            Self::ModuleMissing(file) => {
                format!("a module is missing from the standard library: {file} is not there, and Python would stop when it imports it")
            }
            Self::ModuleEmpty(file) => {
                format!("a module of the standard library is empty: {file}, and Python would stop when it imports it")
            }
            Self::LibraryClosed { path, variable: Some(name) } => {
                format!("permission denied: {name} sends Python to {path}, which you may not enter or read")
            }
            Self::LibraryClosed { path, variable: None } => {
                format!("permission denied: you may not enter or read {path}, which Python needs to start")
            }
            Self::NoCurrentFolder(path) => {
                format!("the current folder no longer exists, and Python stops at a path that begins there: \"{path}\"")
            }
            Self::ColonInPath(stdlib) => {
                format!("Python up to 3.10 joins its search path with `:` and splits it again, so it never finds {stdlib}")
            }
            Self::Shadowed { module, file, .. } => {
                format!("PYTHONPATH puts {file} before Python's own {module}: Python would not start")
            }
            Self::BadVariable { file, name, value } => {
                format!("{name} = {value}: {file} refuses this value and stops")
            }
            Self::NoPython(missing) => missing.to_string(),
            Self::Opaque { file, why } => format!("{file} {why}"),
        })
    }
}

/// Why exec or the loader cannot start a program.
fn unloadable(file: &PyPath, why: &Unloadable) -> String {
    match why {
        Unloadable::OtherMachine => {
            format!("{file} is made for another kind of machine: exec format error")
        }
        Unloadable::NoLoader(loader) => {
            format!("{file} asks for the loader {loader}, which is not there or cannot be started")
        }
        Unloadable::OfGlibc { version, loader } => {
            format!(
                "{file} is made for glibc ({version}), and the loader {loader} is musl's, which lacks functions of glibc's"
            )
        }
        Unloadable::NoLibrary(name) => {
            format!("{file} needs {name}, and the dynamic loader does not find it")
        }
        Unloadable::ClosedLibrary(path) => {
            format!("permission denied: {file} needs a library, and you may not read {path}")
        }
        Unloadable::BadLibrary(library) => {
            format!("{file} needs {library}, and the dynamic loader does not accept that file")
        }
        Unloadable::Lacks { library, name } => {
            format!("{file} needs {name}, which {library} does not offer")
        }
        Unloadable::BadHeader => {
            format!("{file} does not have the ELF header of a program: exec format error")
        }
        Unloadable::NoStart => {
            format!("{file} has no place where a program starts: it is a library, or damaged")
        }
        Unloadable::NoInterpreter(interpreter) => {
            format!("{file} is a script for {interpreter}, which is not there or cannot be started")
        }
        Unloadable::NoCommand(name) => {
            format!("{file} is a script for {name}, which is not on PATH")
        }
        Unloadable::TooManyScripts => {
            format!("{file} is a script for a script, and so on: the kernel stops after five")
        }
        Unloadable::Empty => format!("{file} is empty: exec format error"),
        Unloadable::NoFormat => {
            format!("{file} is neither a program nor a script: exec format error")
        }
        Unloadable::CutOff => format!("{file} is cut off: it is shorter than its own header says"),
    }
}

/// Why no Python was found.
impl Display for Missing {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::NothingOnPath(_) => "there is no python3 or python that can be started".into(),
            Self::NotOnPath(name) => format!("there is no {name} on PATH"),
            Self::NoSuchFile(file) => format!("there is no file {file}"),
            Self::IsVersion { text, name: Some(name) } => {
                format!("{text} is a version, not a name on PATH: {name} is on PATH")
            }
            Self::IsVersion { text, name: None } => {
                format!("{text} is a version, not a name on PATH: there is no Python of that version on PATH either")
            }
            Self::FolderWithoutPython(folder) => {
                format!("there is no {} in {folder}", IN_ENVIRONMENT.join(" or "))
            }
            Self::OtherProgram { file, why } => {
                format!("by its name {file} is no Python, and it cannot be started: {why}")
            }
            Self::ShimWithoutVersion { name, .. } => {
                format!("none of the versions that pyenv may use has a command {name}")
            }
        })
    }
}

/// Why a file cannot be read. The text comes after the file's name.
impl Display for Odd {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Fifo => "is a FIFO: Python would wait until another program writes to it".into(),
            Self::Special => "is a device or a socket, and cannot be read as a file".into(),
            Self::TooLarge(size) => {
                format!("has {size} bytes, and Python refuses to read 32 kB or more when it starts")
            }
            Self::Denied => "cannot be read by your user: the module site stops there".into(),
            Self::Failed(reason) => format!("cannot be read: {reason}"),
        })
    }
}

/// Python looks in a folder without a standard library. What sent it there?
fn no_library(stdlib: &PyPath, misled: &Misled) -> String {
    let stops = "Python would stop with \"No module named 'encodings'\"";
    match misled {
        Misled::Variable(name) => {
            format!("{name} sends Python to {stdlib}, but there is no standard library: {stops}")
        }
        Misled::File(path) => {
            format!("{path} sends Python to {stdlib}, but there is no standard library: {stops}")
        }
        Misled::Home { cfg, home } => {
            format!(
                "home = {home} in {cfg} leads to no standard library (Python looks in {stdlib} last): {stops}"
            )
        }
        Misled::ByNothing => format!("there is no standard library in {stdlib}: {stops}"),
    }
}
