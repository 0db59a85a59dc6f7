//! What is on the disk? Only this module opens files.
//!
//! Only regular files are meant to be read, and never more than a maximum. The type is checked only if opening and the first read do not show
//! it: each check is a system call. A FIFO refuses that read, so it never makes us wait. Of a device it takes at most 64 kB, and then the type
//! shows; a device that gives less counts as a file.

mod listing; // the names in a folder

pub use self::listing::names;

use std::fs::{self, File, Metadata};
use std::io::{Error, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags, RawMode, Stat};
use rustix::io::Errno;

use crate::support::PyPath;

/// How many bytes are read first, before the size is known. Most files are smaller; the loader's cache often is too.
const FIRST: usize = 64 * 1024;

/// The number of `/dev/null`: major 1, minor 3.
const DEV_NULL: u64 = 0x103;

/// What a path leads to, and the bytes if it is a regular file.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// A regular file of at most `cap` bytes: its bytes.
    Bytes(Vec<u8>),
    /// There is no file: Python's `FileNotFoundError`.
    Absent,
    /// A folder, or `/dev/null`: some readers take both for an empty file.
    Nothing,
    Odd(Odd),
}

/// What was found instead of a regular file, or why the file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Odd {
    /// A FIFO: reading would wait until another program writes.
    Fifo,
    /// A device or a socket.
    Special,
    /// A regular file with more than `cap` bytes: its size.
    TooLarge(u64),
    /// This user may not read it: Python's `PermissionError`.
    Denied,
    /// The reason: for example a loop of links, a file instead of a folder, a broken disk.
    Failed(String),
}

/// Reads a whole regular file of at most `cap` bytes.
pub fn read(path: &PyPath, cap: u64) -> Content {
    let content = open(path.as_path()).and_then(|file| read_file(&file, cap));
    content.unwrap_or_else(|error| {
        let other = || not_regular(&fs::metadata(path.as_path()).ok()?);
        // Like Python's `except (FileNotFoundError, PermissionError)`. If it is both no regular file and denied, the type counts.
        match error.kind() {
            ErrorKind::NotFound => Content::Absent,
            ErrorKind::PermissionDenied => other().unwrap_or(Content::Odd(Odd::Denied)),
            _ => other().unwrap_or_else(|| Content::Odd(Odd::Failed(super::exit::reason(&error)))),
        }
    })
}

fn read_file(file: &File, cap: u64) -> std::io::Result<Content> {
    let most = usize::try_from(cap).unwrap_or(usize::MAX).min(FIRST - 1);
    let is_all = |bytes: &Vec<u8>| (1..=most).contains(&bytes.len());
    if let Some(bytes) = read_some(file, FIRST, 0).ok().filter(is_all) {
        return Ok(Content::Bytes(bytes));
    }
    let metadata = file.metadata()?;
    if let Some(other) = not_regular(&metadata) {
        return Ok(other);
    }
    let size = metadata.len();
    if size > cap {
        return Ok(Content::Odd(Odd::TooLarge(size)));
    }
    let size = usize::try_from(size).unwrap_or_default();
    read_some(file, size, 0).map(Content::Bytes)
}

/// The bytes of a regular file of at most `cap` bytes, if it can be read.
pub fn bytes(path: &PyPath, cap: u64) -> Option<Vec<u8>> {
    match read(path, cap) {
        Content::Bytes(bytes) => Some(bytes),
        _ => None,
    }
}

/// Reads `size` bytes at `offset`, or fewer if the file ends. A FIFO and a terminal refuse to read at an offset, so nothing is ever taken
/// out of them.
pub fn read_some(file: &File, size: usize, offset: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size.max(1));
    rustix::io::retry_on_intr(|| {
        rustix::io::pread(file, rustix::buffer::spare_capacity(&mut bytes), offset)
    })?;
    bytes.truncate(size);
    // Most files are far smaller than the buffer.
    bytes.shrink_to_fit();
    Ok(bytes)
}

/// The last `size` bytes of a regular file, or fewer if it is shorter, without the `left_out` bytes after them.
pub fn tail(path: &PyPath, left_out: usize, size: usize) -> Option<Vec<u8>> {
    let file = open(path.as_path()).ok()?;
    let metadata = file.metadata().ok().filter(Metadata::is_file)?;
    let end = metadata.len().checked_sub(u64::try_from(left_out).ok()?)?;
    let start = end.saturating_sub(u64::try_from(size).ok()?);
    read_some(&file, usize::try_from(end - start).ok()?, start).ok()
}

/// The text of a small file in /proc. The kernel writes it in one piece, so no checks are needed.
pub fn kernel_text(path: &PyPath) -> Option<String> {
    let bytes = read_some(&open(path.as_path()).ok()?, 4096, 0).ok()?;
    String::from_utf8(bytes).ok()
}

/// The text of a small configuration file, if it exists and is UTF-8.
pub fn text(path: &PyPath) -> Option<String> {
    String::from_utf8(bytes(path, 1 << 20)?).ok()
}

/// Opens any kind of file without waiting.
pub fn open(path: &Path) -> std::io::Result<File> {
    open_with(path, OFlags::empty())
}

fn open_with(path: &Path, more: OFlags) -> std::io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags | more, Mode::empty())?.into())
}

/// The type of a file that is not a regular file; `None` for a regular file.
fn not_regular(metadata: &Metadata) -> Option<Content> {
    let kind = metadata.file_type();
    let is_null = kind.is_char_device() && metadata.rdev() == DEV_NULL;
    if kind.is_file() {
        None
    } else if kind.is_dir() || is_null {
        Some(Content::Nothing)
    } else if kind.is_fifo() {
        Some(Content::Odd(Odd::Fifo))
    } else {
        Some(Content::Odd(Odd::Special))
    }
}

/// `os.path.isfile`: is it a regular file? Follows links.
pub fn is_file(path: &PyPath) -> bool {
    kind(path) == Some(FileType::RegularFile)
}

/// The size of a regular file; `None` if it is none. Follows links.
pub fn size(path: &PyPath) -> Option<u64> {
    let stat = stat(path).filter(|it| FileType::from_raw_mode(it.st_mode).is_file())?;
    u64::try_from(stat.st_size).ok()
}

/// `os.path.isdir`: is it a folder? Follows links.
pub fn is_dir(path: &PyPath) -> bool {
    kind(path) == Some(FileType::Directory)
}

/// The type of the file, if there is one. Follows links.
pub fn kind(path: &PyPath) -> Option<FileType> {
    mode(path).map(FileType::from_raw_mode)
}

/// Is there a file of any type? Follows links.
pub fn exists(path: &PyPath) -> bool {
    mode(path).is_some()
}

/// Do both paths lead to the same file?
pub fn is_same(a: &PyPath, b: &PyPath) -> bool {
    let both = stat(a).zip(stat(b));
    both.is_some_and(|(a, b)| (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino))
}

/// getpath's `isxfile`: is it a regular file with at least one of the three x bits? It does not matter which user has the bit.
pub fn is_executable(path: &PyPath) -> bool {
    mode(path).is_some_and(|it| FileType::from_raw_mode(it).is_file() && it & 0o111 != 0)
}

/// The type and permissions. Follows links.
fn mode(path: &PyPath) -> Option<RawMode> {
    stat(path).map(|it| it.st_mode)
}

/// The facts of stat(2). The standard library needs one system call more, because it tries statx(2).
fn stat(path: &PyPath) -> Option<Stat> {
    rustix::fs::stat(path.as_path()).ok()
}

/// The text of a link; `None` if it is not a link.
pub fn link(path: &PyPath) -> Option<PyPath> {
    fs::read_link(path.as_path())
        .ok()
        .map(|it| PyPath::from(it.as_path()))
}

/// The path of an open file with all links resolved. On Linux the kernel knows it; elsewhere the links are followed.
pub fn real_path(file: &File, path: &PyPath) -> PyPath {
    let own = PyPath::new(format!("/proc/self/fd/{}", file.as_raw_fd()));
    let known = link(&own).filter(PyPath::is_absolute);
    known.unwrap_or_else(|| real(path))
}

/// The path with all links resolved.
pub fn canonical(path: &PyPath) -> Option<PyPath> {
    fs::canonicalize(path.as_path())
        .ok()
        .map(|it| PyPath::from(it.as_path()))
}

/// The same; the path itself if it leads nowhere.
pub fn real(path: &PyPath) -> PyPath {
    canonical(path).unwrap_or_else(|| path.clone())
}

/// The reason, if the system itself fails: a limit is reached, a disk is broken, another machine does not answer.
pub fn system_failure(error: &Error) -> Option<String> {
    let fails = matches!(
        Errno::from_io_error(error)?,
        Errno::MFILE | Errno::NFILE | Errno::NOMEM | Errno::IO | Errno::STALE | Errno::NOTCONN
    );
    fails.then(|| super::exit::reason(error))
}

/// The same, when the path is looked at and read.
pub fn system_failure_at(path: &PyPath) -> Option<String> {
    let path = path.as_path();
    let stat = rustix::fs::stat(path).map_err(Error::from);
    let read = stat.and_then(|_| read_some(&open(path)?, 1, 0));
    system_failure(&read.err()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &Path, cap: u64, expected: &Content) {
        assert_eq!(&read(&path.into(), cap), expected);
    }

    #[test]
    fn only_a_regular_file_that_is_not_too_large_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "12345").unwrap();
        check(&file, 5, &Content::Bytes(b"12345".to_vec()));
        check(&file, 4, &Content::Odd(Odd::TooLarge(5)));
        check(folder.path(), 5, &Content::Nothing);
        check(&folder.path().join("none"), 5, &Content::Absent);
        check(Path::new("/dev/null"), 5, &Content::Nothing);
        check(Path::new("/dev/zero"), 5, &Content::Odd(Odd::Special));
    }

    #[test]
    fn a_loop_of_links_does_not_count_as_a_missing_file() {
        let folder = tempfile::tempdir().unwrap();
        let looped = folder.path().join("loop");
        std::os::unix::fs::symlink(&looped, &looped).unwrap();
        assert!(matches!(
            read(&looped.as_path().into(), 5),
            Content::Odd(Odd::Failed(_))
        ));
    }
}
