//! What does one layer file say, if it is a file at all?
//!
//! A `.env` may be a pipe, a device, a folder, a link to nowhere or endless: none of them is waited
//! for, and each is named.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::report::print::reason;
use crate::sources::dotenv::{self, Parsed};

/// A `.env` file larger than this is none. In bytes.
pub const LARGEST: u64 = 1024 * 1024;

/// One file, read or not.
pub struct LayerFile {
    /// Its name alone.
    pub name: &'static str,
    /// As a person would type it from the current folder.
    pub shown: String,
    /// Where it is, or would be.
    pub path: PathBuf,
    /// What it says.
    pub state: State,
}

/// What came of reading a file.
pub enum State {
    /// There is none.
    Absent,
    /// There is something that could not be read: why, and how to mend it.
    Unreadable(String, String),
    /// It was read.
    Read {
        /// What it says.
        parsed: Parsed,
        /// Permission bits such as `0o644`; `None` where the system has none.
        permissions: Option<u32>,
    },
}

impl LayerFile {
    /// Reads the file of this name in the nearest of these folders that has one.
    pub fn find(name: &'static str, folders: &[&Path]) -> Self {
        let has = |folder: &&Path| folder.join(name).symlink_metadata().is_ok();
        let up = folders.iter().position(has).unwrap_or(0);
        let folder = folders.get(up).copied().unwrap_or(Path::new(""));
        Self::read(name, folder, &"../".repeat(up))
    }

    /// Reads one file: regular, of at most [`LARGEST`] bytes.
    fn read(name: &'static str, folder: &Path, prefix: &str) -> Self {
        let path = folder.join(name);
        let state = match load(&path) {
            Ok((bytes, permissions)) => State::Read {
                parsed: dotenv::parse(&bytes),
                permissions,
            },
            Err(Unread::Absent) => State::Absent,
            Err(Unread::Because(why, fix)) => State::Unreadable(why, fix.to_owned()),
        };
        Self {
            name,
            shown: format!("{prefix}{name}"),
            path,
            state,
        }
    }

    /// True when there is something of this name.
    pub fn exists(&self) -> bool {
        !matches!(self.state, State::Absent)
    }

    /// The entries, none when it was not read.
    pub fn entries(&self) -> &[dotenv::Entry] {
        match &self.state {
            State::Read { parsed, .. } => &parsed.entries,
            _ => &[],
        }
    }
}

/// Why there are no bytes.
enum Unread {
    /// There is no such file.
    Absent,
    /// There is something: what is wrong with it, and how to mend that.
    Because(String, &'static str),
}

/// The bytes and permissions of a regular file. Never waits: not for a FIFO, not for a device.
fn load(path: &Path) -> Result<(Vec<u8>, Option<u32>), Unread> {
    let because = |why: &str, fix| Err(Unread::Because(why.to_owned(), fix));
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match path.symlink_metadata() {
                Ok(_) => because(
                    "a link that points nowhere",
                    "make the link point to a file, or delete it",
                ),
                Err(_) => Err(Unread::Absent),
            };
        }
        Err(error) => {
            return because(
                &format!("cannot be opened: {}", reason(&error)),
                "let its owner read it: chmod 600",
            );
        }
    };
    let Ok(facts) = file.metadata() else {
        return because("cannot be examined", "look at it with ls -l");
    };
    if facts.is_dir() {
        return because(
            "a folder, not a file",
            "move it away, then: cp .env.example .env",
        );
    }
    if !facts.is_file() {
        return because(
            "no regular file (a pipe, a socket or a device)",
            "move it away, then: cp .env.example .env",
        );
    }
    let mut bytes = Vec::new();
    // One byte more than allowed: the file may grow while it is read.
    match file.take(LARGEST + 1).read_to_end(&mut bytes) {
        Err(error) => because(
            &format!("cannot be read: {}", reason(&error)),
            "look at it with ls -l",
        ),
        Ok(_) if bytes.len() as u64 > LARGEST => because(
            "larger than 1 MiB",
            "keep nothing but NAME=value lines in it",
        ),
        Ok(_) => Ok((bytes, permissions(&facts))),
    }
}

/// Opens for reading without waiting for a writer at the other end.
#[cfg(unix)]
pub fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
}

/// Opens for reading.
#[cfg(not(unix))]
pub fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// The permission bits.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn permissions(facts: &std::fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(facts.mode() & 0o777)
}

/// No permission bits here.
#[cfg(not(unix))]
fn permissions(_: &std::fs::Metadata) -> Option<u32> {
    None
}
