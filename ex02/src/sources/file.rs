//! What is in one layer file, if it is a file at all?
//!
//! A `.env` may be a pipe, a device, a folder, a link to nowhere, or an endless file. The program never
//! waits for one of these, and says which it is.

use std::io;
use std::path::{Path, PathBuf};

use super::dotenv;
use super::layers::Layer;
use super::load::load;
use super::parsed::{Entry, Parsed};
use super::process::Process;
use super::reach::{Reach, steps_up, unless_absent};
use crate::words::{Outside, Place, Words};

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
    /// The path with which it is opened.
    pub near: PathBuf,
    /// True for a link to a file outside the repository (without a repository: outside the folder).
    pub leads_outside: bool,
    /// The file that a link leads to.
    pub target: Option<Target>,
    /// What it says.
    pub state: State,
}

/// The file that a link leads to.
pub struct Target {
    /// Its path, without links.
    pub path: PathBuf,
    /// How it is written from here. `None`: it is in none of the folders searched.
    pub written: Option<Written>,
}

/// A file, as a person would type it from the current folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its folder, with a `/` at the end. Empty: the current folder.
    pub folder: Words,
    /// Its name.
    pub name: Outside,
}

/// The outcome of reading a file.
pub enum State {
    /// There is no such file.
    Absent,
    /// There is something, or there may be, but it could not be read.
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
    /// The system does not even say whether there is such a file, for this reason.
    NotSeen(io::ErrorKind),
    /// A link that points nowhere.
    Dangling,
    /// A link, and the system does not say where it leads, for this reason.
    NotFollowed(io::ErrorKind),
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
    /// Reads the file of this name in the nearest folder that has such a file, or may have one.
    pub fn read(
        name: &'static str,
        layer: Option<Layer>,
        reach: &Reach,
        process: &Process,
    ) -> Self {
        let folders = &reach.folders;
        let near = |up| reach.near(up).join(name);
        let may_have = |up: &usize| match near(*up).symlink_metadata() {
            Ok(_) => true,
            Err(error) => unless_absent(&error).is_some(),
        };
        let up = (0..folders.len()).find(may_have).unwrap_or(0);
        let path = folders
            .get(up)
            .map_or_else(PathBuf::new, |it| it.join(name));
        let near = near(up);
        let top = reach.near(folders.len().saturating_sub(1)).join(".");
        let leads_outside = leads_outside(&near, &top);
        let state = match (load(&near), leads_outside) {
            (Err(None), _) => State::Absent,
            (Err(Some(why)), _) => State::Unreadable(why),
            (Ok(_), Err(why)) => State::Unreadable(Unreadable::NotFollowed(why)),
            (Ok((bytes, permissions)), Ok(_)) => State::Read {
                parsed: dotenv::parse(&bytes, process),
                permissions,
            },
        };
        Self {
            name,
            layer,
            shown: steps_up(up) + name,
            folder: steps_up(up),
            leads_outside: leads_outside.unwrap_or(false),
            target: target(&path, folders),
            path,
            near,
            state,
        }
    }

    /// True when there is a file, a folder or anything else of this name, or may be.
    pub fn exists(&self) -> bool {
        !matches!(self.state, State::Absent)
    }

    /// What it says, when it was read.
    pub fn parsed(&self) -> Option<&Parsed> {
        match &self.state {
            State::Read { parsed, .. } => Some(parsed),
            _ => None,
        }
    }

    /// The entries of the file. Empty when it was not read.
    pub fn entries(&self) -> &[Entry] {
        self.parsed().map_or(&[], |it| &it.entries)
    }

    /// True when a line may be lost. Then production does not start.
    pub fn is_damaged(&self) -> bool {
        let loses_a_line = |it: &Parsed| it.flaws.iter().any(|(_, it)| it.loses_a_line());
        self.exists() && self.parsed().is_none_or(loses_a_line)
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

/// True for a link to something outside this folder. An error: the system does not say where it leads.
fn leads_outside(path: &Path, top: &Path) -> Result<bool, io::ErrorKind> {
    let is_link = path.symlink_metadata().is_ok_and(|it| it.is_symlink());
    let real = |it: &Path| it.canonicalize().map_err(|error| error.kind());
    Ok(is_link && !real(path)?.starts_with(real(top)?))
}

/// The file that a link leads to.
fn target(path: &Path, folders: &[&Path]) -> Option<Target> {
    path.symlink_metadata()
        .ok()
        .filter(std::fs::Metadata::is_symlink)?;
    let path = path.canonicalize().ok()?;
    let written = written(&path, folders);
    Some(Target { path, written })
}

/// How a file in one of these folders, or below one, is written.
fn written(path: &Path, folders: &[&Path]) -> Option<Written> {
    let below = folders.iter().enumerate().find_map(|(up, folder)| {
        let below = path.strip_prefix(folder.canonicalize().ok()?).ok()?;
        Some((up, below.to_owned()))
    });
    let (up, below) = below?;
    let name = below.file_name()?;
    let mut folder = below.parent().unwrap_or(Path::new("")).to_owned();
    // With a `/` at the end, if it is not empty.
    folder.push("");
    Some(Written {
        folder: steps_up(up) + Outside::from(folder),
        name: name.into(),
    })
}
