//! Which names are in a folder?

use std::fs::{self, DirEntry};

use super::is_file;
use crate::support::PyPath;

/// The sorted names in a folder; at most `most` of them are read.
pub fn names(folder: &PyPath, most: usize) -> Vec<PyPath> {
    entries(folder, most, |_| true)
}

/// The sorted names of the regular files in a folder, and of links that lead to one; at most `most` names are read. Only a link costs a
/// system call.
pub fn file_names(folder: &PyPath, most: usize) -> Vec<PyPath> {
    let leads_to_one = |it: &DirEntry| is_file(&folder.os_join(PyPath::from_os(&it.file_name())));
    let is_one = |it: &DirEntry| match it.file_type() {
        Ok(kind) if kind.is_symlink() => leads_to_one(it),
        kind => kind.is_ok_and(|it| it.is_file()),
    };
    entries(folder, most, is_one)
}

fn entries(folder: &PyPath, most: usize, keep: impl Fn(&DirEntry) -> bool) -> Vec<PyPath> {
    let entries = fs::read_dir(folder.as_path()).into_iter().flatten();
    let kept = entries.take(most).flatten().filter(|it| keep(it));
    let mut names: Vec<PyPath> = kept
        .map(|entry| PyPath::from_os(&entry.file_name()))
        .collect();
    names.sort();
    names
}
