//! 1. Which file does typing `python3` start?
//!
//! The shell takes the first folder on PATH that has an executable regular file of that name. It skips folders, dead links and files
//! that this user may not execute, and it says nothing about them. So when an environment is broken, the next Python on PATH starts,
//! and the user does not notice. The file may also be a shim: a script that chooses a Python each time it runs.

mod path; // what a search of PATH finds
mod pyenv; // which Python a pyenv shim starts
mod shims; // which tool made the shim

pub use self::path::{Found, entries, first_on_path, has_command, starts, usable};
pub use self::shims::{follow_shim, tool_of_shims};

use self::path::{name_of_version, on_path};
use crate::finding::{Cause, Missing, Notes, Reader, Said, Source, Unusable};
use crate::support::shell::own_path;
use crate::support::{PyPath, World, access, files};

/// The names of Python in an environment: two on Unix, one on Windows.
pub const IN_ENVIRONMENT: [&str; 3] = ["bin/python3", "bin/python", "Scripts/python.exe"];

/// The names of Python in a folder of programs, the usual one first.
const BESIDE: [&str; 2] = ["python3", "python"];

/// The Python that the user asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The Python that starts when the user types `python3` or, if there is none, `python`.
    Typed,
    /// A name on PATH.
    Name(PyPath),
    /// A file.
    File(PyPath),
    /// An environment's folder, or its `bin`.
    Folder(PyPath),
    /// A version such as `3.11`, instead of a name or a path.
    Version(PyPath),
}

impl Request {
    /// The request for a value of `--python`.
    pub fn of(wanted: Option<PyPath>) -> Self {
        let Some(wanted) = wanted else {
            return Self::Typed;
        };
        let is_folder = |it: &PyPath| {
            matches!(it.bytes(), b"." | b"..")
                || files::is_dir(&it.os_join("bin"))
                || files::is_dir(&it.os_join("Scripts"))
                || files::exists(&it.os_join("pyvenv.cfg"))
                || has_python(it)
                || access::closed(&it.os_join("bin")).is_some()
        };
        let is_name = !wanted.bytes().contains(&b'/');
        // No command has a name with a dot in front.
        let is_hidden_file = wanted.bytes().starts_with(b".") && files::is_file(&wanted);
        if is_name && !is_hidden_file && !is_folder(&wanted) {
            let text = wanted.lossy();
            let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
            return if text.trim_end_matches('t').split('.').all(digits) {
                Self::Version(wanted)
            } else {
                Self::Name(wanted)
            };
        }
        if files::is_dir(&wanted) {
            Self::Folder(wanted)
        } else {
            Self::File(wanted)
        }
    }
}

/// The file that would start, or why there is none.
pub fn find(request: &Request, world: &World, notes: &mut Notes) -> Result<Found, Cause> {
    if world.variable("PATH").is_none() {
        let (shell, path) = own_path(world);
        notes.say_variable(Reader::Shell, "PATH", Said::ShellsOwnPath { shell, path });
    }
    let found = resolve(request, world, notes)?;
    let starts = Said::Starts(found.argv0.clone());
    notes.say(Reader::Shell, &found.file, starts);
    Ok(found)
}

/// The file that a request means, if it can start.
fn resolve(request: &Request, world: &World, notes: &mut Notes) -> Result<Found, Cause> {
    match request {
        Request::Typed => {
            let names = BESIDE.map(PyPath::from);
            let found = names.iter().find_map(|name| on_path(name, world, notes));
            found.ok_or_else(|| nothing_on_path(world, notes))
        }
        Request::Name(name) => {
            let found = on_path(name, world, notes);
            found.ok_or_else(|| {
                first_skipped(notes)
                    .unwrap_or_else(|| Cause::NoPython(Missing::NotOnPath(name.clone())))
            })
        }
        Request::Version(text) => Err(Cause::NoPython(Missing::IsVersion {
            text: text.clone(),
            name: name_of_version(&text.lossy(), world),
        })),
        Request::File(file) => at(file),
        Request::Folder(folder) => {
            let beside = BESIDE.iter().filter(|_| is_bin(folder));
            let names = IN_ENVIRONMENT.iter().chain(beside);
            let mut files = names.map(|name| folder.os_join(name));
            let file = files
                .find(|file| !matches!(usable(file), Err(Unusable::Absent | Unusable::NotRegular)));
            // A folder or a FIFO with such a name is named only if there is nothing better.
            let mut others = IN_ENVIRONMENT.iter().map(|name| folder.os_join(name));
            let file = file.or_else(|| others.find(|it| usable(it) == Err(Unusable::NotRegular)));
            at(&file
                .ok_or_else(|| Cause::NoPython(Missing::FolderWithoutPython(folder.clone())))?)
        }
    }
}

/// Is it a folder of executables?
fn is_bin(folder: &PyPath) -> bool {
    let name = folder.without_trailing_slashes().basename();
    matches!(name.bytes(), b"bin" | b"Scripts" | b"." | b"") || has_python(folder)
}

fn has_python(folder: &PyPath) -> bool {
    let mut files = BESIDE.iter().map(|name| folder.os_join(name));
    files.any(|it| files::is_file(&it))
}

/// The file with this path, if it can start.
fn at(file: &PyPath) -> Result<Found, Cause> {
    let found = Found::at(file);
    match usable(file) {
        Ok(()) => Ok(found),
        // On Windows, programs need no x bit.
        Err(Unusable::NotExecutable(_)) if file.bytes().ends_with(b".exe") => Ok(found),
        Err(Unusable::Absent) => Err(Cause::NoPython(Missing::NoSuchFile(file.clone()))),
        Err(why) => Err(Cause::not_startable(file, why)),
    }
}

/// Why typing `python3` starts nothing: a file was found but cannot start, or no file was found.
fn nothing_on_path(world: &World, notes: &mut Notes) -> Cause {
    first_skipped(notes).unwrap_or_else(|| {
        let path = world.variable("PATH").cloned();
        let searched = path.clone().unwrap_or_else(|| "PATH".into());
        notes.say(Reader::Shell, &searched, Said::NothingFound);
        Cause::NoPython(Missing::NothingOnPath(path))
    })
}

/// The first file that was skipped. A folder that this user may not enter may have none, so it is no reason.
fn first_skipped(notes: &Notes) -> Option<Cause> {
    notes
        .trace
        .iter()
        .find_map(|event| match (&event.source, &event.said) {
            (Source::File(_), Said::Skipped(Unusable::Closed { link: None, .. })) => None,
            (Source::File(file), Said::Skipped(why)) => {
                Some(Cause::not_startable(file, why.clone()))
            }
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// A world with this PATH. `@` means the folder.
    fn world(folder: &std::path::Path, path: &str) -> World {
        let path = path.replace('@', &folder.display().to_string());
        World::of(&[("PATH", &path)], folder)
    }

    #[test]
    fn the_first_executable_regular_file_wins() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["plain", "dead", "folder", "loop", "good"] {
            fs::create_dir(at(name)).unwrap();
        }
        fs::write(at("plain/python3"), "").unwrap();
        symlink("/nowhere", at("dead/python3")).unwrap();
        fs::create_dir(at("folder/python3")).unwrap();
        symlink("python3", at("loop/python3")).unwrap();
        fs::write(at("good/python3"), "").unwrap();
        fs::set_permissions(at("good/python3"), fs::Permissions::from_mode(0o100)).unwrap();
        let mut notes = Notes::default();
        let world = world(folder.path(), "/none:@/plain:@/dead:@/folder:@/loop:@/good");
        let found = find(&Request::Typed, &world, &mut notes).unwrap();
        assert_eq!(found.file, PyPath::from(at("good/python3").as_path()));
        assert_eq!(found.argv0, PyPath::from("python3"));
        assert_eq!(notes.trace.len(), 5);
        assert_eq!(notes.warnings.len(), 2);
    }

    #[test]
    fn python3_comes_before_python_in_any_folder_of_path() {
        let folder = tempfile::tempdir().unwrap();
        for (place, name) in [("a", "python"), ("b", "python3")] {
            fs::create_dir(folder.path().join(place)).unwrap();
            let file = folder.path().join(place).join(name);
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let name = |path| {
            find(
                &Request::Typed,
                &world(folder.path(), path),
                &mut Notes::default(),
            )
            .ok()
            .map(|it| it.argv0.to_string())
        };
        assert_eq!(name("@/a:@/b").as_deref(), Some("python3"));
        assert_eq!(name("@/a").as_deref(), Some("python"));
        assert_eq!(name("/none"), None);
    }
}
