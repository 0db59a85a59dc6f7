//! Which names are in a folder?

#[cfg(not(target_os = "linux"))]
use std::fs;

#[cfg(target_os = "linux")]
use rustix::fs::OFlags;

#[cfg(target_os = "linux")]
use super::open_with;
use crate::support::PyPath;

/// The sorted names in a folder; at most `most` of them are read.
pub fn names(folder: &PyPath, most: usize) -> Vec<PyPath> {
    let mut names = list(folder, most).unwrap_or_default();
    names.sort();
    names
}

/// The names as the kernel lists them. The standard library asks for the type of what it has opened: a system call more.
#[cfg(target_os = "linux")]
fn list(folder: &PyPath, most: usize) -> std::io::Result<Vec<PyPath>> {
    let opened = open_with(folder.as_path(), OFlags::DIRECTORY)?;
    let mut buffer = Vec::with_capacity(1 << 15);
    let mut entries = rustix::fs::RawDir::new(opened, buffer.spare_capacity_mut());
    let mut names = Vec::new();
    while names.len() < most
        && let Some(Ok(entry)) = entries.next()
    {
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            names.push(PyPath::new(name));
        }
    }
    Ok(names)
}

#[cfg(not(target_os = "linux"))]
fn list(folder: &PyPath, most: usize) -> std::io::Result<Vec<PyPath>> {
    let read = fs::read_dir(folder.as_path())?.take(most).flatten();
    Ok(read.map(|it| PyPath::from_os(&it.file_name())).collect())
}
