//! How is a file opened without waiting for a pipe or a device?

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens for reading. Never waits for a writer at the other end.
pub fn open(path: &Path) -> io::Result<File> {
    with_flags(path, false)
}

/// Opens a regular file and nothing else: no link, no pipe, no device. Also returns its length.
pub fn open_regular(path: &Path) -> io::Result<(File, u64)> {
    let file = with_flags(path, true)?;
    let facts = file.metadata()?;
    if facts.is_file() {
        Ok((file, facts.len()))
    } else {
        Err(io::Error::other("not a regular file"))
    }
}

/// Opens for reading, with the flags that prevent waiting.
#[cfg(unix)]
fn with_flags(path: &Path, no_link: bool) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    flags.set(OFlags::NOFOLLOW, no_link);
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    File::options().read(true).custom_flags(flags).open(path)
}

/// Opens for reading.
#[cfg(not(unix))]
fn with_flags(path: &Path, _: bool) -> io::Result<File> {
    File::open(path)
}
