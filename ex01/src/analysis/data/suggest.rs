//! Which pattern names the files that a user wants, where a folder or a pattern names others too?
//!
//! A pattern that leaves out a file would make a smaller table, and nobody would see it. So each one is tried first.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::parts::{is_hidden, promises_format, without_packing};
use super::pattern::{self, own_name};

/// No more files and folders are looked at. A folder may hold all of a disk.
const MOST: usize = 1 << 14;

/// A pattern for these files of a folder.
pub fn beside(folder: &Path, wanted: Vec<PathBuf>) -> Option<String> {
    these(wanted, &[literal(folder) + "/"])
}

/// A pattern for the parts of a folder that are all packed in one way, if no part is left out.
pub fn once(folder: &Path, parts: &[PathBuf]) -> Option<String> {
    let plain = |parts: &[PathBuf]| -> HashSet<String> {
        let plain = |it: &PathBuf| without_packing(&own_name(it)).0.to_owned();
        parts.iter().map(plain).collect()
    };
    parts.iter().find_map(|first| {
        let alike = parts.iter().filter(|it| ending(it) == ending(first));
        let alike: Vec<PathBuf> = alike.cloned().collect();
        (plain(&alike) == plain(parts)).then(|| beside(folder, alike))?
    })
}

/// A pattern for all files in the folders of a folder.
pub fn below(folder: &Path) -> Option<String> {
    let folders = literal(folder);
    these(
        tree(folder)?,
        &[format!("{folders}/*/"), format!("{folders}/**/")],
    )
}

/// A pattern for the files that a pattern names, or for those in the folders that it names if there are no others.
pub fn narrower(pattern: &str, found: &[PathBuf]) -> Option<String> {
    let files: Vec<PathBuf> = found
        .iter()
        .filter(|it| it.is_file() && promises_format(it))
        .cloned()
        .collect();
    if !files.is_empty() {
        return these(files, &[pattern.trim_end_matches('*').to_owned()]);
    }
    let trees: Option<Vec<_>> = found.iter().map(|it| tree(it)).collect();
    let pattern = pattern.trim_end_matches('/');
    these(
        trees?.concat(),
        &[format!("{pattern}/"), format!("{pattern}/**/")],
    )
}

/// A pattern that begins in one of these ways, for these files and no others. Their names must have one ending.
fn these(mut wanted: Vec<PathBuf>, starts: &[String]) -> Option<String> {
    wanted.sort();
    let end = wanted.first().map(|it| ending(it)).unwrap_or_default();
    let patterns = starts.iter().map(|it| format!("{it}*{end}"));
    patterns
        .into_iter()
        .find(|it| pattern::paths(it).is_ok_and(|found| found == wanted))
}

/// All parts in a folder and in those in it, unless there is too much to look at.
fn tree(folder: &Path) -> Option<Vec<PathBuf>> {
    let (mut folders, mut found, mut seen) = (vec![folder.to_owned()], Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()? {
            let path = entry.ok()?.path();
            seen += 1;
            if seen > MOST {
                return None;
            }
            if is_hidden(&own_name(&path)) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if promises_format(&path) {
                found.push(path);
            }
        }
    }
    Some(found)
}

/// A pattern that fits this folder only.
fn literal(folder: &Path) -> String {
    let name = folder.to_string_lossy();
    glob::Pattern::escape(name.trim_end_matches('/'))
}

/// How the name of a file ends.
fn ending(file: &Path) -> String {
    let name = own_name(file);
    let (plain, packed) = without_packing(&name);
    let dot = plain.rfind('.').unwrap_or(plain.len());
    plain[dot..].to_owned() + packed
}
