//! In which folders does the program look for files?
//!
//! A user who can write into a folder above chooses the `.env` there. So the search stops at a folder of another
//! user. git does the same since CVE-2022-24765.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use crate::git::Silence;
use crate::words::Words;

/// The folders in which the program looks for files.
pub struct Reach<'a> {
    /// The current folder, and the folders above it in the same repository.
    pub folders: Vec<&'a Path>,
    /// The root of the repository. `None`: there is none. An error: it is not known whether there is one.
    pub root: Result<Option<&'a Path>, Silence>,
    /// The first folder of another user, as a person would type it.
    pub ended_at: Option<Words>,
    /// The path from which the current folder is seen.
    base: &'a Path,
}

impl Reach<'_> {
    /// The folder so many steps above the current one, to open something in it.
    ///
    /// The process stands in its current folder, but may have no right to come there by the whole path: a
    /// service or `sudo -u` was started in a home that is closed to it.
    pub fn near(&self, up: usize) -> PathBuf {
        let steps = std::iter::repeat_n("..", up);
        self.base.iter().chain(steps.map(AsRef::as_ref)).collect()
    }
}

/// Looks upwards for the root of the repository. Stops at a folder or file of another user.
pub fn reach(current: &Path) -> Reach<'_> {
    let is_here = std::env::current_dir().is_ok_and(|it| it == current);
    let mut reach = Reach {
        folders: vec![current],
        root: Ok(None),
        ended_at: None,
        base: if is_here { Path::new("") } else { current },
    };
    reach.root = climb(current, &mut reach);
    reach
}

/// Finds the root, and notes the folders on the way and where the search ended.
fn climb<'a>(current: &'a Path, reach: &mut Reach<'a>) -> Result<Option<&'a Path>, Silence> {
    let here = look(&reach.near(0).join("."))?;
    let mut passed = Vec::new();
    for (up, folder) in current.ancestors().enumerate() {
        let store = look(&reach.near(up).join(".git"))?;
        // The user chose the current folder, so its owner does not matter. git itself judges the `.git` in it.
        let facts = look(&reach.near(up).join("."))?;
        let ours =
            up == 0 || facts.as_ref().is_some_and(is_ours) && store.as_ref().is_none_or(is_ours);
        // git ends its search there too.
        let is_beyond = facts.as_ref().map(device) != here.as_ref().map(device);
        if is_beyond || !ours {
            for above in up..current.ancestors().count() {
                if look(&reach.near(above).join(".git"))?.is_some() {
                    if is_beyond {
                        return Err(Silence::OtherFileSystem);
                    }
                    reach.ended_at = Some(steps_up(up));
                    return Err(Silence::NotEntered);
                }
            }
            return Ok(None);
        }
        passed.push(folder);
        if store.is_some() {
            reach.folders = passed;
            return Ok(Some(folder));
        }
    }
    Ok(None)
}

/// What there is at this path. `None`: nothing.
fn look(path: &Path) -> Result<Option<Metadata>, Silence> {
    match path.symlink_metadata() {
        Ok(facts) => Ok(Some(facts)),
        Err(error) => unless_absent(&error).map_or(Ok(None), |why| Err(Silence::NotSeen(why))),
    }
}

/// Why the system did not say what there is. `None`: it did, there is nothing.
pub fn unless_absent(error: &io::Error) -> Option<io::ErrorKind> {
    let absent = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
    Some(error.kind()).filter(|it| !absent.contains(it))
}

/// One `../` for each step.
pub fn steps_up(steps: usize) -> Words {
    Words::joined(std::iter::repeat_n("../", steps), "")
}

/// True when the user who runs the program owns it. A file of root counts only when root runs it.
#[cfg(unix)]
pub fn is_ours(facts: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    facts.uid() == rustix::process::geteuid().as_raw()
}

/// The program does not ask on this system.
#[cfg(not(unix))]
pub fn is_ours(_: &Metadata) -> bool {
    true
}

/// The device with its file system.
#[cfg(unix)]
pub fn device(facts: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    facts.dev()
}

/// Here git does not ask either.
#[cfg(not(unix))]
pub fn device(_: &Metadata) -> u64 {
    0
}
