//! What does a search of PATH find, and why can a file not start?
//!
//! Source: POSIX XBD 8.3 (`PATH`), execve(2).

use std::collections::BTreeSet;

use rustix::fs::FileType;
use rustix::io::Errno;

use crate::finding::{Notes, Reader, Said, Unusable, Warning};
use crate::support::shell::own_path;
use crate::support::version::Minor;
use crate::support::{PyPath, World, access, files};

/// The kernel follows at most this many links in a row.
const LINKS: usize = 40;

/// A file that the shell would start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The folder on PATH and the name, joined.
    pub file: PyPath,
    /// The name that the program gets as `argv[0]`: what the user typed.
    pub argv0: PyPath,
}

impl Found {
    /// A file that is started by its path.
    pub fn at(file: &PyPath) -> Self {
        let (file, argv0) = (file.clone(), file.clone());
        Self { file, argv0 }
    }
}

/// The folders on PATH, each once.
pub fn entries(world: &World) -> Vec<PyPath> {
    let path = world.variable("PATH").cloned();
    let path = path.unwrap_or_else(|| own_path(world).1.into());
    let mut seen = BTreeSet::new();
    path.entries()
        .filter(|it| seen.insert(it.clone()))
        .collect()
}

/// Searches PATH for a name. Notes why the shell skips a file.
pub fn on_path(name: &PyPath, world: &World, notes: &mut Notes) -> Option<Found> {
    for entry in entries(world) {
        let file = entry.os_join(name);
        if entry.bytes().starts_with(b"~") {
            let warning = Warning::TildeOnPath { entry };
            // Another name may have been looked for before.
            if !notes.warnings.contains(&warning) {
                notes.warn(warning);
            }
        }
        let Err(why) = usable(&file) else {
            let argv0 = name.clone();
            return Some(Found { file, argv0 });
        };
        if why == Unusable::Absent {
            continue;
        }
        let is_dead = matches!(why, Unusable::DeadLink { .. } | Unusable::Loop);
        notes.say(Reader::Shell, &file, Said::Skipped(why));
        if is_dead {
            notes.warn_of_it();
        }
    }
    None
}

/// The first file on PATH that starts. Nothing is noted about the files that are skipped.
pub fn first_on_path(name: &str, world: &World) -> Option<PyPath> {
    let mut files = entries(world).into_iter().map(|it| it.os_join(name));
    files.find(starts)
}

/// The name on PATH that was probably meant by a version: `python3.11` for `3.11.4`, `python3.13t` for `3.13t`.
pub fn name_of_version(version: &str, world: &World) -> Option<PyPath> {
    // The build without the global lock has a `t` after its version.
    let t = if version.ends_with('t') { "t" } else { "" };
    let minor = Minor::at_start(version).map(|it| format!("python{it}{t}"));
    let name = minor.unwrap_or_else(|| format!("python{version}"));
    first_on_path(&name, world).map(|it| it.basename())
}

/// Is there such a command? The search begins at the end of PATH, because the system's folders are there.
pub fn has_command(name: &str, world: &World) -> bool {
    let files = entries(world).into_iter().rev();
    files.map(|it| it.os_join(name)).any(|it| starts(&it))
}

/// Can this user start the file? This needs fewer system calls than [`usable`], which says why not.
pub fn starts(file: &PyPath) -> bool {
    files::is_file(file) && access::may_execute(file)
}

/// Why can this user not start the file? The kernel decides by the effective user and groups. The target of a link decides.
pub fn usable(file: &PyPath) -> Result<(), Unusable> {
    match files::kind(file) {
        Some(FileType::RegularFile) if access::may_execute(file) => Ok(()),
        Some(FileType::RegularFile) if files::is_executable(file) => {
            Err(Unusable::Denied(files::real(file)))
        }
        Some(FileType::RegularFile) => Err(Unusable::NotExecutable(files::real(file))),
        Some(_) => Err(Unusable::NotRegular),
        None => Err(unreachable(file)),
    }
}

/// Why does the path lead to no file? The links are followed to say which one is wrong.
fn unreachable(file: &PyPath) -> Unusable {
    let mut at = file.clone();
    let mut link = None;
    for _ in 0..LINKS {
        match access::file_type(&at) {
            Ok(FileType::Symlink) => {
                let Some(target) = files::link(&at) else {
                    return Unusable::Loop;
                };
                let next = at.dirname_or_root().os_join(&target);
                link = Some(std::mem::replace(&mut at, next));
            }
            Err(Errno::ACCESS) => {
                let folder = access::closed(&at).unwrap_or_else(|| at.dirname());
                let folder = if link.is_some() {
                    files::real(&folder)
                } else {
                    folder
                };
                return Unusable::Closed { folder, link };
            }
            Err(Errno::LOOP) => return Unusable::Loop,
            _ => {
                return link.map_or(Unusable::Absent, |link| Unusable::DeadLink {
                    link,
                    target: at,
                });
            }
        }
    }
    Unusable::Loop
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn each_reason_has_its_own_variant() {
        let folder = tempfile::tempdir().unwrap();
        let at =
            |name: &str| PyPath::from(folder.path().canonicalize().unwrap().join(name).as_path());
        fs::write(at("plain").as_path(), "").unwrap();
        fs::write(at("good").as_path(), "").unwrap();
        fs::set_permissions(at("good").as_path(), fs::Permissions::from_mode(0o755)).unwrap();
        symlink("gone", at("python").as_path()).unwrap();
        symlink("python", at("python3").as_path()).unwrap();
        symlink("loop", at("loop").as_path()).unwrap();
        symlink("plain", at("to-plain").as_path()).unwrap();
        symlink("good", at("to-good").as_path()).unwrap();
        let plain = || Err(Unusable::NotExecutable(at("plain")));
        let dead = |target| {
            Err(Unusable::DeadLink {
                link: at("python"),
                target: at(target),
            })
        };
        assert_eq!(usable(&at("good")), Ok(()));
        assert_eq!(usable(&at("to-good")), Ok(()));
        assert_eq!(usable(&at("none")), Err(Unusable::Absent));
        assert_eq!(usable(&at("plain")), plain());
        assert_eq!(usable(&at("to-plain")), plain());
        assert_eq!(usable(&at("python3")), dead("gone"));
        assert_eq!(usable(&at("loop")), Err(Unusable::Loop));
        assert_eq!(usable(&at("")), Err(Unusable::NotRegular));
    }
}
