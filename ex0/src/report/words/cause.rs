//! Why a Python would not start, in words.

use super::said::{opaque, unusable};
use crate::finding::{Cause, Misled, Odd, Unusable};
use crate::support::PyPath;

/// In one sentence.
pub fn cause(cause: &Cause) -> String {
    match cause {
        Cause::NotStartable {
            why: why @ (Unusable::Loop | Unusable::NotRegular | Unusable::Absent),
            file,
        } => {
            format!("{} cannot be started: {}", file.shown(), unusable(why))
        }
        Cause::NotStartable { why, .. } => unusable(why),
        Cause::OtherMachine { file } => {
            format!(
                "{} is made for another kind of machine: exec format error",
                file.shown()
            )
        }
        Cause::NoLoader { file, loader } => format!(
            "{} asks for the loader {}, which is not there or cannot be started",
            file.shown(),
            loader.shown()
        ),
        Cause::NoLibrary { file, name } => {
            format!(
                "the dynamic loader finds no {}, which {} needs",
                name.shown(),
                file.shown()
            )
        }
        Cause::BadLibrary { file, library } => format!(
            "{} is no library that the dynamic loader takes, and {} needs it",
            library.shown(),
            file.shown()
        ),
        Cause::CutOff { file } => {
            format!("{} is cut off: it is shorter than it says", file.shown())
        }
        Cause::OldLibrary {
            file,
            library,
            version,
        } => {
            format!(
                "{} needs {}, which {} does not offer",
                file.shown(),
                version.shown(),
                library.shown()
            )
        }
        Cause::CfgNotUtf8 { path, line } => {
            format!(
                "line {line} of {} is not UTF-8, and site stops at the first such byte",
                path.shown()
            )
        }
        Cause::CfgUnreadable { path, odd: it } | Cause::BuildMarkUnreadable { path, odd: it } => {
            format!("{} {}", path.shown(), odd(it))
        }
        Cause::NoLibraryFolder { stdlib, misled } => no_library(stdlib, misled),
        Cause::ModuleMissing { file } => format!(
            "a module is missing from the standard library: {} is not there, and Python would stop when it imports it",
            file.shown()
        ),
        Cause::ColonInPath { stdlib } => format!(
            "Python up to 3.10 joins its search path with `:` and cuts it again, so {} is never found",
            stdlib.shown()
        ),
        Cause::Shadowed { module, file } => {
            format!(
                "PYTHONPATH puts {} in the place of Python's own {module}: it would not start",
                file.shown()
            )
        }
        Cause::TooManyLinks { file } => format!("{} goes through more than 40 links", file.shown()),
        Cause::NothingOnPath { .. } => {
            "there is no python3 or python that could be started".to_owned()
        }
        Cause::NotOnPath { name } => format!("there is no {} on PATH", name.shown()),
        Cause::NoSuchFile { file } => format!("there is no file {}", file.shown()),
        Cause::IsVersion { text, file } => is_version(text, file.as_ref()),
        Cause::FolderWithoutPython { folder } => {
            let names = crate::lookup::IN_ENVIRONMENT.join(" or ");
            format!("there is no {names} in {}", folder.shown())
        }
        Cause::ShimWithoutVersion { name, .. } => {
            format!(
                "no version that pyenv may use has a command {}",
                name.shown()
            )
        }
        Cause::Opaque { file, why } => format!("{} {}", file.shown(), opaque(why)),
    }
}

/// A version is no name.
fn is_version(text: &PyPath, file: Option<&PyPath>) -> String {
    let is = file.map_or_else(
        || "no Python of that version is either".to_owned(),
        |it| format!("{} is", it.shown()),
    );
    format!("{} is a version, and no name on PATH: {is}", text.shown())
}

/// What keeps a file from being read, as what follows its name.
fn odd(odd: &Odd) -> String {
    match odd {
        Odd::Fifo => "is a FIFO: Python would wait for ever for somebody to write to it".to_owned(),
        Odd::Special => "is a device or a socket, and cannot be read as a file".to_owned(),
        Odd::TooLarge(size) if *size < 4 << 20 => {
            format!("has {size} bytes, and Python refuses to read 32 kB or more when it starts")
        }
        Odd::TooLarge(size) => format!("has {size} bytes: that much is not read here"),
        Odd::Denied => "may not be read, and site stops at that".to_owned(),
        Odd::Failed(reason) => format!("cannot be read: {reason}"),
    }
}

/// Where the standard library is not, and what sent Python there.
fn no_library(stdlib: &PyPath, misled: &Misled) -> String {
    let stops = "Python would stop with \"No module named 'encodings'\"";
    let stdlib = stdlib.shown();
    match misled {
        Misled::Variable(name) => {
            format!("{name} sends Python to {stdlib}, where no standard library is: {stops}")
        }
        Misled::File(path) => {
            format!(
                "{} makes Python look in {stdlib}, where no standard library is: {stops}",
                path.shown()
            )
        }
        Misled::Home { cfg, home } => format!(
            "home = {} in {} leads to no standard library ({stdlib} is the last resort): {stops}",
            home.shown(),
            cfg.shown()
        ),
        Misled::ByNothing => format!("there is no standard library in {stdlib}: {stops}"),
    }
}
