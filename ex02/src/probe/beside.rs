//! What is beside an SQLite file, and may the file be read without it?
//!
//! In WAL mode, even a reader makes two files and deletes them. So the oracle reads such a file alone, and
//! looks itself for what SQLite would stumble over: a lock, and a folder where nothing can be made.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::sqlite::Unread;
use crate::words::open_regular;

/// How long to wait when another program has locked the database.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// A lock of a moment is gone when the oracle looks again after this time.
const PAUSE: Duration = Duration::from_millis(20);

/// The first bytes of a journal (<https://sqlite.org/fileformat.html>, 3).
const JOURNAL: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// True when SQLite must look at nothing but the file itself. In WAL mode, even a reader creates two
/// files and deletes them, and SQLite deletes what is beside an empty database. An error means that
/// the file alone is not the whole database, or that SQLite would not read it either.
pub fn is_read_alone(path: &Path, length: u64) -> Result<bool, Unread> {
    let journal = beside(path, "-journal");
    let mut unknown_journal = false;
    if let Ok(facts) = journal.symlink_metadata() {
        match beginning::<8>(&journal) {
            Some(JOURNAL) => return Err(Unread::Unfinished),
            None if facts.len() >= 8 || !facts.is_file() => return Err(Unread::JournalNotRead),
            // Some programs keep an empty journal, or a journal that begins with zeros.
            Some([0, ..]) => {}
            _ => unknown_journal = facts.len() > 0,
        }
    }
    // Bytes 18 and 19 (<https://sqlite.org/fileformat.html>, 1.3.3).
    let wal = beginning::<20>(path).is_some_and(|it| it[18] == 2 || it[19] == 2);
    if wal {
        log_may_be_read(path)?;
    }
    let log = beside(path, "-wal").symlink_metadata().is_ok();
    let alone = wal || log || unknown_journal || length == 0;
    if alone {
        wait_until_free(path)?;
    }
    Ok(alone)
}

/// A reader in WAL mode needs a log and an index of it beside the file. It makes those that are missing.
#[cfg(unix)]
fn log_may_be_read(path: &Path) -> Result<(), Unread> {
    use rustix::fs::{Access, access};
    let mut missing = false;
    for name in ["-wal", "-shm"] {
        let file = beside(path, name);
        if file.symlink_metadata().is_err() {
            missing = true;
        } else if access(&file, Access::READ_OK).is_err() {
            return Err(Unread::LogNotRead);
        }
    }
    let folder = path.parent().unwrap_or(path);
    if missing && access(folder, Access::WRITE_OK).is_err() {
        return Err(Unread::NoLog);
    }
    Ok(())
}

/// Here the oracle does not know who may make files.
#[cfg(not(unix))]
fn log_may_be_read(_: &Path) -> Result<(), Unread> {
    Ok(())
}

/// Waits, but not long, until no other program keeps readers out.
fn wait_until_free(path: &Path) -> Result<(), Unread> {
    let (file, _) = open_regular(path).map_err(|_| Unread::NotOpened)?;
    let deadline = Instant::now() + PATIENCE;
    while keeps_readers_out(&file)? {
        if Instant::now() >= deadline {
            return Err(Unread::Locked);
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// True when another program has a lock where a reader would put its own
/// (<https://sqlite.org/src/file/src/os.h>: `PENDING_BYTE`, `SHARED_FIRST`). This sets no lock.
#[cfg(unix)]
fn keeps_readers_out(file: &File) -> Result<bool, Unread> {
    use rustix::process::{Flock, FlockType, fcntl_getlk};
    const OF_READERS: [(u64, u64); 2] = [(0x4000_0000, 1), (0x4000_0002, 510)];
    for (start, length) in OF_READERS {
        let lock = Flock {
            start,
            length,
            ..Flock::from(FlockType::ReadLock)
        };
        let held = fcntl_getlk(file, &lock).map_err(|_| Unread::LocksUnknown)?;
        if held.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Here the oracle cannot see locks. A new database is empty, and nobody has written to it.
#[cfg(not(unix))]
fn keeps_readers_out(file: &File) -> Result<bool, Unread> {
    let empty = file.metadata().is_ok_and(|it| it.len() == 0);
    empty.then_some(false).ok_or(Unread::LocksUnknown)
}

/// The path with this ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The first bytes of a file, if it has this many.
fn beginning<const N: usize>(path: &Path) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (mut file, _) = open_regular(path).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
