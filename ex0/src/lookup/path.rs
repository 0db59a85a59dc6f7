//! What does a search of PATH find, and why can a file not start?
//!
//! Source: POSIX XBD 8.3 (`PATH`), execve(2).

use std::collections::BTreeSet;

use crate::finding::{Notes, Reader, Said, Unusable, Warning};
use crate::support::access::{self, Reach};
use crate::support::files;
use crate::support::{PyPath, World};

/// The folders that a shell searches if PATH is not set. Debian compiles this default into bash and dash.
const SHELLS_OWN_PATH: &[u8] = b"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

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

/// The folders on PATH, each once.
pub fn entries(world: &World) -> Vec<PyPath> {
    let path = world
        .variable("PATH")
        .map_or(SHELLS_OWN_PATH, PyPath::bytes);
    let mut seen = BTreeSet::new();
    let entries = path.split(|&byte| byte == b':').map(PyPath::new);
    entries.filter(|it| seen.insert(it.clone())).collect()
}

/// Searches PATH for a name.
pub fn on_path(name: &PyPath, world: &World, notes: &mut Notes) -> Option<Found> {
    entries(world).into_iter().find_map(|entry| {
        let file = entry.os_join(name);
        match usable(&file) {
            Ok(()) => {
                return Some(Found {
                    file,
                    argv0: name.clone(),
                });
            }
            Err(Unusable::Absent) => {}
            Err(why) => skip(&file, why, notes),
        }
        None
    })
}

/// The first file on PATH that starts. Nothing is noted about the files that are skipped.
pub fn first_on_path(name: &str, world: &World) -> Option<PyPath> {
    let mut files = entries(world).into_iter().map(|it| it.os_join(name));
    files.find(starts)
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

/// Notes why the shell skips a file.
fn skip(file: &PyPath, why: Unusable, notes: &mut Notes) {
    if matches!(why, Unusable::DeadLink { .. } | Unusable::Loop) {
        notes.warn(Warning::DeadLink { link: file.clone() });
    }
    notes.say(Reader::Shell, file, Said::Skipped(why));
}

/// Why can this user not start the file? The kernel decides by the effective user and groups.
pub fn usable(file: &PyPath) -> Result<(), Unusable> {
    let why_not = match access::reach(file) {
        Reach::Absent => return Err(Unusable::Absent),
        Reach::Link => return usable_link(file),
        Reach::Regular => None,
        Reach::Other => Some(Unusable::NotRegular),
        Reach::Denied => Some(Unusable::Denied { file: file.clone() }),
        Reach::Loop => Some(Unusable::Loop),
    };
    why_not.map_or_else(|| executable(file, file), Err)
}

/// The same question for a link: its target decides.
fn usable_link(link: &PyPath) -> Result<(), Unusable> {
    if files::is_file(link) {
        return executable(link, link);
    }
    let mut at = link.clone();
    for _ in 0..LINKS {
        let Some(target) = files::link(&at) else {
            break;
        };
        let next = at.dirname_or_root().os_join(&target);
        match access::reach(&next) {
            Reach::Link => at = next,
            Reach::Absent => {
                return Err(Unusable::DeadLink {
                    link: at,
                    target: next,
                });
            }
            Reach::Denied => return Err(Unusable::Denied { file: next }),
            Reach::Regular => return executable(link, &next),
            Reach::Other => return Err(Unusable::NotRegular),
            Reach::Loop => break,
        }
    }
    Err(Unusable::Loop)
}

/// May this user execute the regular file? `end` is the target of the links.
fn executable(file: &PyPath, end: &PyPath) -> Result<(), Unusable> {
    if access::may_execute(file) {
        return Ok(());
    }
    let file = files::canonical(end).unwrap_or_else(|| end.clone());
    if files::is_executable(&file) {
        Err(Unusable::Denied { file })
    } else {
        Err(Unusable::NotExecutable { file })
    }
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
        let plain = || Err(Unusable::NotExecutable { file: at("plain") });
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
