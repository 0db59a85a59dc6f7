//! Which names are in a folder?

use std::fs::{self, DirEntry};

use super::is_file;
use crate::support::PyPath;

/// The sorted names in a folder; at most `most` of them are read.
pub fn names(folder: &PyPath, most: usize) -> Vec<PyPath> {
    entries(folder, most, |_| true)
}

/// The sorted names of the regular files in a folder; at most `most` names are read. Links are left out.
pub fn regular_names(folder: &PyPath, most: usize) -> Vec<PyPath> {
    let is_regular = |it: &DirEntry| it.file_type().is_ok_and(|it| it.is_file());
    entries(folder, most, is_regular)
}

/// The same, and the names of links that lead to a regular file. Only a link costs a system call.
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
