//! What does the disk say? The only module that opens files.
//!
//! Nothing but a regular file is ever read whole (a FIFO would wait for ever, a device may have no end), and never more of it than the
//! cap. What a path leads to is asked only where opening and reading leave a doubt: each question is a system call.

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags, RawMode};

use crate::support::PyPath;

/// How much is read of a file whose size is not known, in bytes: most are smaller, and the loader's cache often is.
const FIRST: usize = 64 * 1024;

/// What opening a file to read it whole came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// A regular file within the cap.
    Bytes(Vec<u8>),
    /// There is none: Python's `FileNotFoundError`.
    Absent,
    /// It may not be read: Python's `PermissionError`.
    Denied,
    /// A folder stands in its place.
    Folder,
    /// `/dev/null`, which is known to be empty without reading it.
    Null,
    /// A regular file larger than the cap, in bytes.
    TooLarge(u64),
    /// Opening it would wait until somebody writes.
    Fifo,
    /// A device or a socket.
    Special,
    /// A loop of links, a file where a folder should be, a failing disk: the reason.
    Failed(String),
}

/// The whole of a regular file, up to `cap` bytes.
pub fn read(path: &PyPath, cap: u64) -> Content {
    read_os(&path.to_os(), cap)
}

/// As [`read`], for a path of the operating system's own.
pub fn read_os(path: &Path, cap: u64) -> Content {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) => return unopened(path, &error),
    };
    let most = usize::try_from(cap).unwrap_or(usize::MAX).min(FIRST - 1);
    let is_all = |bytes: &Vec<u8>| (1..=most).contains(&bytes.len());
    if let Some(bytes) = read_some(&file, FIRST, 0).ok().filter(is_all) {
        return Content::Bytes(bytes);
    }
    let metadata = match file.metadata() {
        Ok(metadata) => metadata,
        Err(error) => return failed(&error),
    };
    if let Some(other) = not_regular(&metadata) {
        return other;
    }
    if metadata.len() > cap {
        return Content::TooLarge(metadata.len());
    }
    match read_whole(file, metadata.len(), cap) {
        Ok(bytes) => Content::Bytes(bytes),
        Err(error) => failed(&error),
    }
}

/// Why a file could not be opened. That it is none counts before that it is denied.
fn unopened(path: &Path, error: &std::io::Error) -> Content {
    let other = || not_regular(&fs::metadata(path).ok()?);
    match error.kind() {
        ErrorKind::NotFound => Content::Absent,
        _ => other().unwrap_or_else(|| failed(error)),
    }
}

/// So many bytes at a place of a file, or as many as there are. To ask by the place is what a FIFO and a terminal refuse: nothing is ever
/// taken out of one.
pub fn read_some(file: &File, size: usize, offset: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size.max(1));
    rustix::io::retry_on_intr(|| {
        rustix::io::pread(file, rustix::buffer::spare_capacity(&mut bytes), offset)
    })?;
    bytes.truncate(size);
    // Most files are far smaller than what there was room for.
    bytes.shrink_to_fit();
    Ok(bytes)
}

/// Reads a file of a known size. One that says 0 may be of /proc, which makes its text up as it is read.
fn read_whole(mut file: File, size: u64, cap: u64) -> std::io::Result<Vec<u8>> {
    let expected = if size == 0 { cap.min(4096) } else { size };
    let mut bytes = vec![0; usize::try_from(expected).unwrap_or_default()];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        // Such a text comes in one piece.
        if size == 0 {
            break;
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// A line that the kernel itself writes, under /proc: regular by its nature, in one piece, and short.
pub fn kernel_text(path: &PyPath) -> Option<String> {
    let bytes = read_whole(open(&path.to_os()).ok()?, 0, 4096).ok()?;
    String::from_utf8(bytes).ok()
}

/// The text of a small file of configuration, if it is there and is text.
pub fn text(path: &PyPath) -> Option<String> {
    match read(path, 1 << 20) {
        Content::Bytes(bytes) => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// Opens a file without waiting, whatever it is.
pub fn open(path: &Path) -> std::io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

/// Sorts an error as Python's `except (FileNotFoundError, PermissionError)` would.
fn failed(error: &std::io::Error) -> Content {
    match error.kind() {
        ErrorKind::NotFound => Content::Absent,
        ErrorKind::PermissionDenied => Content::Denied,
        _ => Content::Failed(super::exit::reason(error)),
    }
}

/// What stands in the file's place, when it is not a regular file.
fn not_regular(metadata: &Metadata) -> Option<Content> {
    if metadata.is_file() {
        return None;
    }
    if metadata.is_dir() {
        return Some(Content::Folder);
    }
    {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        /// Major 1, minor 3.
        const DEV_NULL: u64 = 0x103;
        if metadata.file_type().is_fifo() {
            return Some(Content::Fifo);
        }
        if metadata.file_type().is_char_device() && metadata.rdev() == DEV_NULL {
            return Some(Content::Null);
        }
    }
    Some(Content::Special)
}

/// `os.path.isfile`: a regular file, links followed.
pub fn is_file(path: &PyPath) -> bool {
    mode(path).is_some_and(|it| FileType::from_raw_mode(it).is_file())
}

/// `os.path.isdir`: a folder, links followed.
pub fn is_dir(path: &PyPath) -> bool {
    mode(path).is_some_and(|it| FileType::from_raw_mode(it).is_dir())
}

/// Anything at all, links followed.
pub fn exists(path: &PyPath) -> bool {
    mode(path).is_some()
}

/// getpath's `isxfile`: a regular file with any of the three x bits. Whose bit it is does not matter there.
pub fn is_executable(path: &PyPath) -> bool {
    mode(path).is_some_and(|it| FileType::from_raw_mode(it).is_file() && it & 0o111 != 0)
}

/// What stat(2) says of type and permissions, links followed. The standard library asks by statx(2), and first whether there is one.
fn mode(path: &PyPath) -> Option<RawMode> {
    let stat = rustix::fs::stat(path.to_os()).ok()?;
    Some(stat.st_mode)
}

/// Where a link points, in its own words; `None` when it is no link.
pub fn link(path: &PyPath) -> Option<PyPath> {
    fs::read_link(path.to_os())
        .ok()
        .map(|it| PyPath::from(it.as_path()))
}

/// The path of an open file with every link on the way resolved: the kernel knows, where it is Linux; else the path is walked.
pub fn real_path(file: &File, path: &PyPath) -> PyPath {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        let own = PyPath::from(format!("/proc/self/fd/{}", file.as_raw_fd()).as_str());
        if let Some(real) = link(&own).filter(PyPath::is_absolute) {
            return real;
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = file;
    canonical(path).unwrap_or_else(|| path.clone())
}

/// The path with every link on the way resolved.
pub fn canonical(path: &PyPath) -> Option<PyPath> {
    fs::canonicalize(path.to_os())
        .ok()
        .map(|it| PyPath::from(it.as_path()))
}

/// The names in a folder, sorted, at most `most` of them looked at.
pub fn names(folder: &PyPath, most: usize) -> Vec<PyPath> {
    let Ok(entries) = fs::read_dir(folder.to_os()) else {
        return Vec::new();
    };
    let mut names: Vec<PyPath> = entries
        .take(most)
        .flatten()
        .map(|entry| PyPath::from_os(&entry.file_name()))
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &Path, cap: u64, expected: &Content) {
        assert_eq!(&read_os(path, cap), expected);
    }

    #[test]
    fn only_a_regular_file_within_the_cap_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "12345").unwrap();
        check(&file, 5, &Content::Bytes(b"12345".to_vec()));
        check(&file, 4, &Content::TooLarge(5));
        check(folder.path(), 5, &Content::Folder);
        check(&folder.path().join("none"), 5, &Content::Absent);
        check(Path::new("/dev/null"), 5, &Content::Null);
        check(Path::new("/dev/zero"), 5, &Content::Special);
    }

    #[test]
    fn a_loop_of_links_is_not_the_same_as_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let looped = folder.path().join("loop");
        std::os::unix::fs::symlink(&looped, &looped).unwrap();
        assert!(matches!(read_os(&looped, 5), Content::Failed(_)));
    }
}
