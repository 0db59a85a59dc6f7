//! What is in one layer file, if it is a file at all?
//!
//! A `.env` may be a pipe, a device, a folder, a link to nowhere, or an endless file. The program never
//! waits for one of these, and says which it is.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;

use super::dotenv;
use super::layers::Layer;
use super::owner::is_ours;
use super::parsed::{Entry, Parsed};
use super::process::Process;
use super::reach::steps_up;
use crate::words::{Outside, Place, Words, open};

/// A larger file is not a `.env` file. In bytes.
pub const LARGEST: usize = 1024 * 1024;

/// One file, read or not.
pub struct EnvFile {
    /// Its name without folders.
    pub name: &'static str,
    /// Its layer. `None`: it is the example.
    pub layer: Option<Layer>,
    /// As a person would type it from the current folder.
    pub shown: Words,
    /// Its folder, in the same way: `../`. Empty: the current folder.
    pub folder: Words,
    /// Its path, also when there is no such file.
    pub path: PathBuf,
    /// True for a link to a file outside the repository (without a repository: outside the folder).
    pub leads_outside: bool,
    /// The file that a link leads to, when it is in one of the folders searched.
    pub target: Option<Target>,
    /// What it says.
    pub state: State,
}

/// The file that a link leads to.
pub struct Target {
    /// Its path, without links.
    pub path: PathBuf,
    /// Its folder, as a person would type it, with a `/` at the end. Empty: the current folder.
    pub folder: Words,
    /// Its name.
    pub name: Outside,
}

/// The outcome of reading a file.
pub enum State {
    /// There is no such file.
    Absent,
    /// There is something, but it could not be read.
    Unreadable(Unreadable),
    /// It was read.
    Read {
        /// What it says.
        parsed: Parsed,
        /// Permission bits such as `0o644`; `None` where the system has none.
        permissions: Option<u32>,
    },
}

/// Why a file could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A link that points nowhere.
    Dangling,
    /// The system does not open it, for this reason.
    NotOpened(io::ErrorKind),
    /// A folder.
    Folder,
    /// A pipe, a socket or a device.
    NotRegular,
    /// It belongs to another user.
    NotOurs,
    /// The system does not read it, for this reason.
    NotRead(io::ErrorKind),
    /// It is larger than [`LARGEST`].
    TooLarge,
}

impl EnvFile {
    /// Reads the file of this name in the nearest of these folders that has such a file.
    pub fn read(
        name: &'static str,
        layer: Option<Layer>,
        folders: &[&Path],
        process: &Process,
    ) -> Self {
        let has = |folder: &&Path| folder.join(name).symlink_metadata().is_ok();
        let up = folders.iter().position(has).unwrap_or(0);
        let path = folders
            .get(up)
            .map_or_else(PathBuf::new, |it| it.join(name));
        let top = folders.last().copied().unwrap_or(Path::new(""));
        let state = match load(&path) {
            Ok((bytes, permissions)) => State::Read {
                parsed: dotenv::parse(&bytes, process),
                permissions,
            },
            Err(None) => State::Absent,
            Err(Some(why)) => State::Unreadable(why),
        };
        Self {
            name,
            layer,
            shown: steps_up(up) + name,
            folder: steps_up(up),
            leads_outside: leads_outside(&path, top),
            target: target(&path, folders),
            path,
            state,
        }
    }

    /// True when there is a file, a folder or anything else of this name.
    pub fn exists(&self) -> bool {
        !matches!(self.state, State::Absent)
    }

    /// The entries of the file. Empty when it was not read.
    pub fn entries(&self) -> &[Entry] {
        match &self.state {
            State::Read { parsed, .. } => &parsed.entries,
            _ => &[],
        }
    }

    /// The place of one of its lines.
    pub fn at(&self, line: usize) -> Place {
        Place::new(&self.shown, Some(line))
    }

    /// All of it.
    pub fn whole(&self) -> Place {
        Place::new(&self.shown, None)
    }
}

/// True for a link to something outside this folder.
fn leads_outside(path: &Path, top: &Path) -> bool {
    let is_link = path.symlink_metadata().is_ok_and(|it| it.is_symlink());
    let real = |it: &Path| it.canonicalize().ok();
    let outside = |(path, top): (PathBuf, PathBuf)| !path.starts_with(top);
    is_link && real(path).zip(real(top)).is_some_and(outside)
}

/// The file that a link leads to, in one of these folders or below it.
fn target(path: &Path, folders: &[&Path]) -> Option<Target> {
    path.symlink_metadata()
        .ok()
        .filter(std::fs::Metadata::is_symlink)?;
    let path = path.canonicalize().ok()?;
    let below = folders.iter().enumerate().find_map(|(up, folder)| {
        let below = path.strip_prefix(folder.canonicalize().ok()?).ok()?;
        Some((up, below.to_owned()))
    });
    let (up, below) = below?;
    let name = below.file_name()?;
    let mut folder = below.parent().unwrap_or(Path::new("")).to_owned();
    // With a `/` at the end, if it is not empty.
    folder.push("");
    Some(Target {
        folder: steps_up(up) + Outside::from(folder),
        name: name.into(),
        path,
    })
}

/// The bytes of a file, and its permission bits.
type Loaded = (Zeroizing<Vec<u8>>, Option<u32>);

/// The bytes and permissions of a regular file of our own user. Never waits for a FIFO or a device.
/// An error without a reason means that there is no file.
fn load(path: &Path) -> Result<Loaded, Option<Unreadable>> {
    let file = open(path).map_err(|error| {
        let missing = error.kind() == io::ErrorKind::NotFound;
        match path.symlink_metadata() {
            Ok(_) if missing => Some(Unreadable::Dangling),
            Err(_) if missing => None,
            _ => Some(Unreadable::NotOpened(error.kind())),
        }
    })?;
    let facts = file
        .metadata()
        .map_err(|error| Some(Unreadable::NotOpened(error.kind())))?;
    let unreadable = if facts.is_dir() {
        Some(Unreadable::Folder)
    } else if !facts.is_file() {
        Some(Unreadable::NotRegular)
    } else if !is_ours(&facts) {
        Some(Unreadable::NotOurs)
    } else {
        None
    };
    match unreadable {
        Some(why) => Err(Some(why)),
        None => Ok((read(file, facts.len())?, permissions(&facts))),
    }
}

/// Everything in a file of about this size. Each buffer is overwritten before it is freed.
fn read(mut file: File, size: u64) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    const MOST: usize = LARGEST + 1;
    let expected = usize::try_from(size).unwrap_or(MOST).saturating_add(1);
    let mut bytes = Zeroizing::new(vec![0; expected.min(MOST)]);
    let mut end = 0;
    loop {
        if end == bytes.len() && end < MOST {
            // The file has grown, or its file system tells no sizes.
            let mut more = Zeroizing::new(vec![0; MOST]);
            more[..end].copy_from_slice(&bytes);
            bytes = more;
        }
        match file.read(&mut bytes[end..]) {
            Ok(0) => break,
            Ok(count) => end += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Unreadable::NotRead(error.kind())),
        }
    }
    if end > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    bytes.truncate(end);
    Ok(bytes)
}

/// The permission bits.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn permissions(facts: &std::fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(facts.mode() & 0o777)
}

/// This system has no permission bits.
#[cfg(not(unix))]
fn permissions(_: &std::fs::Metadata) -> Option<u32> {
    None
}
