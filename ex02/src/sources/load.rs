//! What are the bytes of a file? The program never waits for them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use secrecy::zeroize::Zeroizing;

use super::file::{LARGEST, Unreadable};
use super::reach::{is_ours, unless_absent};
use crate::words::open;

/// The bytes of a file, and its permission bits.
pub type Loaded = (Zeroizing<Vec<u8>>, Option<u32>);

/// The bytes and permissions of a regular file of our own user. Never waits for a FIFO or a device.
/// An error without a reason means that there is no file.
pub fn load(path: &Path) -> Result<Loaded, Option<Unreadable>> {
    let file = open(path).map_err(|error| {
        let missing = error.kind() == io::ErrorKind::NotFound;
        match path.symlink_metadata() {
            Ok(_) if missing => Some(Unreadable::Dangling),
            Ok(_) if path.metadata().is_ok_and(|it| !is_ours(&it)) => Some(Unreadable::NotOurs),
            Ok(_) => Some(Unreadable::NotOpened(error.kind())),
            Err(error) => unless_absent(&error).map(Unreadable::NotSeen),
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
