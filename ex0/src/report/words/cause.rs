//! The sentences that say why a Python would not start.

use super::said::{opaque, unusable};
use crate::finding::{Cause, Misled, Missing, Odd, Unloadable, Unusable};
use crate::lookup::IN_ENVIRONMENT;
use crate::support::PyPath;

/// Why it would not start, in one sentence.
pub fn cause(cause: &Cause) -> String {
    match cause {
        Cause::NotStartable {
            why: why @ (Unusable::Loop | Unusable::NotRegular | Unusable::Absent),
            file,
        } => {
            format!("{} cannot be started: {}", file.shown(), unusable(why))
        }
        Cause::NotStartable { why, .. } => unusable(why),
        Cause::NotLoadable { file, why } => unloadable(file, why),
        Cause::CfgNotUtf8 { path, line } => {
            format!(
                "line {line} of {} is not UTF-8, and site stops at the first such byte",
                path.shown()
            )
        }
        Cause::PthUndecodable { path, line } => format!(
            "line {line} of {} has a byte that this locale cannot decode, and site stops there",
            path.shown()
        ),
        Cause::CfgUnreadable { path, odd: it }
        | Cause::PthUnreadable { path, odd: it }
        | Cause::BuildMarkUnreadable { path, odd: it } => {
            format!("{} {}", path.shown(), odd(it))
        }
        Cause::NoLibraryFolder { stdlib, misled } => no_library(stdlib, misled),
        Cause::ModuleMissing { file } => format!(
            "a module is missing from the standard library: {} is not there, and Python would stop when it imports it",
            file.shown()
        ),
        Cause::ColonInPath { stdlib } => format!(
            "Python up to 3.10 joins its search path with `:` and splits it again, so it never finds {}",
            stdlib.shown()
        ),
        Cause::Shadowed { module, file } => {
            format!(
                "PYTHONPATH puts {} before Python's own {module}: Python would not start",
                file.shown()
            )
        }
        Cause::BadVariable { file, name, value } => format!(
            "{name} = {}: {} refuses this value and stops",
            value.shown(),
            file.shown()
        ),
        Cause::TooManyLinks { file } => {
            format!("{} leads through more than 40 links", file.shown())
        }
        Cause::NoPython(it) => missing(it),
        Cause::Opaque { file, why } => format!("{} {}", file.shown(), opaque(why)),
    }
}

/// Why exec or the loader cannot start a program.
fn unloadable(file: &PyPath, why: &Unloadable) -> String {
    let file = file.shown();
    match why {
        Unloadable::OtherMachine => {
            format!("{file} is made for another kind of machine: exec format error")
        }
        Unloadable::NoLoader(loader) => format!(
            "{file} asks for the loader {}, which is not there or cannot be started",
            loader.shown()
        ),
        Unloadable::NoLibrary(name) => format!(
            "{file} needs {}, and the dynamic loader does not find it",
            name.shown()
        ),
        Unloadable::BadLibrary(library) => format!(
            "{file} needs {}, and the dynamic loader does not accept that file",
            library.shown()
        ),
        Unloadable::OldLibrary { library, version } => format!(
            "{file} needs {}, which {} does not offer",
            version.shown(),
            library.shown()
        ),
        Unloadable::CutOff => format!("{file} is cut off: it is shorter than its own header says"),
    }
}

/// Why no Python was found.
fn missing(missing: &Missing) -> String {
    match missing {
        Missing::NothingOnPath(_) => "there is no python3 or python that can be started".to_owned(),
        Missing::NotOnPath(name) => format!("there is no {} on PATH", name.shown()),
        Missing::NoSuchFile(file) => format!("there is no file {}", file.shown()),
        Missing::IsVersion { text, name } => {
            let none = || "there is no Python of that version on PATH either".to_owned();
            let is = (name.as_ref()).map_or_else(none, |it| format!("{} is on PATH", it.shown()));
            format!("{} is a version, not a name on PATH: {is}", text.shown())
        }
        Missing::FolderWithoutPython(folder) => {
            format!(
                "there is no {} in {}",
                IN_ENVIRONMENT.join(" or "),
                folder.shown()
            )
        }
        Missing::ShimWithoutVersion { name, .. } => format!(
            "none of the versions that pyenv may use has a command {}",
            name.shown()
        ),
    }
}

/// Why a file cannot be read. The text comes after the file's name.
fn odd(odd: &Odd) -> String {
    match odd {
        Odd::Fifo => "is a FIFO: Python would wait until another program writes to it".to_owned(),
        Odd::Special => "is a device or a socket, and cannot be read as a file".to_owned(),
        Odd::TooLarge(size) if *size < 4 << 20 => {
            format!("has {size} bytes, and Python refuses to read 32 kB or more when it starts")
        }
        Odd::TooLarge(size) => {
            format!("has {size} bytes, and construct does not read such a large file")
        }
        Odd::Denied => "cannot be read by your user: the module site stops there".to_owned(),
        Odd::Unencodable => "has a home with a letter that this locale cannot encode".to_owned(),
        Odd::Failed(reason) => format!("cannot be read: {reason}"),
    }
}

/// Python looks in a folder without a standard library. What sent it there?
fn no_library(stdlib: &PyPath, misled: &Misled) -> String {
    let stops = "Python would stop with \"No module named 'encodings'\"";
    let stdlib = stdlib.shown();
    match misled {
        Misled::Variable(name) => {
            format!("{name} sends Python to {stdlib}, but there is no standard library: {stops}")
        }
        Misled::File(path) => {
            format!(
                "{} sends Python to {stdlib}, but there is no standard library: {stops}",
                path.shown()
            )
        }
        Misled::Home { cfg, home } => format!(
            "home = {} in {} leads to no standard library (Python looks in {stdlib} last): {stops}",
            home.shown(),
            cfg.shown()
        ),
        Misled::ByNothing => format!("there is no standard library in {stdlib}: {stops}"),
    }
}
