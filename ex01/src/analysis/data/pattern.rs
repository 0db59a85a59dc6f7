//! Which paths match a pattern of names?
//!
//! Each part of a pattern matches the names in a folder, as in a shell, and `**` stands for any number of folders. The
//! crate `glob` knows the parts. Its walk leaves out names that are not UTF-8, so the walk is ours.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::faults::{Refusal, SourceFault};

/// As in a shell, `*` does not stand for a hidden file.
const AS_A_SHELL: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: false,
    require_literal_leading_dot: true,
};

/// Whether a text has one of a pattern's characters.
pub fn is_wild(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The parts of a pattern.
fn parts(pattern: &str) -> Vec<&str> {
    pattern.split('/').filter(|it| !it.is_empty()).collect()
}

/// Whether a path would match a pattern once it is there. Its last folders need not be there yet.
pub fn takes(pattern: &str, new: &Path) -> bool {
    let (there, rest) = split(new);
    let (parts, names) = (parts(pattern), rest.iter().collect::<Vec<_>>());
    (0..=parts.len()).any(|known| {
        let (known, after) = parts.split_at(known);
        // `**` stands for the folders that are there, and for some that are not.
        let fits = fit(after, &names)
            || (known.last() == Some(&"**") && fit(&parts[known.len() - 1..], &names));
        let mut found = fits
            .then(|| walk(pattern, known).ok())
            .into_iter()
            .flatten();
        found.any(|it| it.iter().any(|it| real(it) == there))
    })
}

/// Whether names match parts of a pattern, one after the other.
fn fit(parts: &[&str], names: &[&OsStr]) -> bool {
    let Some((part, others)) = parts.split_first() else {
        return names.is_empty();
    };
    let is_one = |name: &OsStr| {
        let wild = Pattern::new(if *part == "**" { "*" } else { part });
        wild.is_ok_and(|it| it.matches_with(&name.to_string_lossy(), AS_A_SHELL))
    };
    let after = names.split_first().filter(|it| is_one(it.0)).map(|it| it.1);
    if *part == "**" {
        return fit(others, names) || after.is_some_and(|it| fit(parts, it));
    }
    after.is_some_and(|it| fit(others, it))
}

/// The part of a path that is there, without links and `..`, and the rest.
fn split(path: &Path) -> (PathBuf, &Path) {
    let whole = |it: &Path| Path::new(".").join(it).canonicalize().ok();
    let found = path.ancestors().find_map(|it| Some((it, whole(it)?)));
    let (there, real) = found.unwrap_or((path, path.to_owned()));
    (real, path.strip_prefix(there).unwrap_or(path))
}

/// A path without links and `..`, as far as it is there.
pub fn real(path: &Path) -> PathBuf {
    let (there, rest) = split(path);
    there.join(rest)
}

/// The paths that match a pattern, in the order of their names.
pub fn paths(pattern: &str) -> Result<Vec<PathBuf>, SourceFault> {
    let mut found = walk(pattern, &parts(pattern))?;
    if pattern.ends_with('/') {
        found.retain(|it| it.is_dir());
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The paths that match the first parts of a pattern.
fn walk(pattern: &str, parts: &[&str]) -> Result<Vec<PathBuf>, SourceFault> {
    let parse = |part| {
        Pattern::new(part)
            .map_err(|error| SourceFault::new(pattern, Refusal::BadPattern(error.msg)))
    };
    parse(pattern)?;
    let root = if pattern.starts_with('/') { "/" } else { "" };
    let mut found = vec![PathBuf::from(root)];
    for &part in parts {
        let mut next = Vec::new();
        let wild = is_wild(part).then(|| parse(part)).transpose()?;
        for folder in found {
            match &wild {
                None => next.extend(existing(folder.join(part))?),
                Some(_) if part == "**" => next.extend(folders(folder)?),
                Some(wild) => {
                    let names = names(&folder)?.into_iter();
                    let fits = names.filter(|it| wild.matches_with(&own_name(it), AS_A_SHELL));
                    next.extend(fits);
                }
            }
        }
        found = next;
    }
    Ok(found)
}

/// A path, if it exists.
fn existing(path: PathBuf) -> Result<Option<PathBuf>, SourceFault> {
    match path.symlink_metadata() {
        Ok(_) => Ok(Some(path)),
        Err(error) if is_nothing(&error) => Ok(None),
        Err(error) => {
            let folder = path.parent().unwrap_or(&path);
            Err(SourceFault::unopened(folder, error))
        }
    }
}

/// A folder, and all that are in it. Links are not followed, because they may lead back.
fn folders(folder: PathBuf) -> Result<Vec<PathBuf>, SourceFault> {
    let (mut found, mut next) = (vec![folder], 0);
    while let Some(folder) = found.get(next) {
        let inner = names(folder)?.into_iter();
        let is_folder = |it: &PathBuf| it.symlink_metadata().is_ok_and(|it| it.is_dir());
        found.extend(inner.filter(|it| !own_name(it).starts_with('.') && is_folder(it)));
        next += 1;
    }
    Ok(found)
}

/// The paths in a folder; none if it is something else.
pub fn names(folder: &Path) -> Result<Vec<PathBuf>, SourceFault> {
    let closed = |error| SourceFault::unopened(folder, error);
    let here = Some(folder).filter(|it| !it.as_os_str().is_empty());
    let entries = match fs::read_dir(here.unwrap_or(Path::new("."))) {
        Err(error) if is_nothing(&error) => return Ok(Vec::new()),
        other => other.map_err(closed)?,
    };
    let paths = entries.map(|it| it.map(|it| folder.join(it.file_name())));
    paths.collect::<io::Result<_>>().map_err(closed)
}

/// A path's own name. A byte that is no UTF-8 becomes a replacement character.
pub fn own_name(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

/// Whether there is nothing with this name.
fn is_nothing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_the_names_that_a_shell_finds() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("x/.y/z")).unwrap();
        fs::create_dir_all(at("x/y/z")).unwrap();
        for name in [
            "b.csv",
            "a.csv",
            ".h.csv",
            "x/c.csv",
            "x/.y/d.csv",
            "x/y/z/e.csv",
        ] {
            fs::write(at(name), "").unwrap();
        }
        let check = |pattern: &str, expected: &[&str]| {
            let found = paths(at(pattern).to_str().unwrap()).unwrap();
            let expected: Vec<PathBuf> = expected.iter().map(|it| at(it)).collect();
            assert_eq!(found, expected, "{pattern}");
        };
        check("*.csv", &["a.csv", "b.csv"]);
        check("[!a].csv", &["b.csv"]);
        check(".h*", &[".h.csv"]);
        check(".[h]*", &[".h.csv"]);
        check("*/c.csv", &["x/c.csv"]);
        check("*/*/d.csv", &[]);
        check("x/.*/d.csv", &["x/.y/d.csv"]);
        check("**/*.csv", &["a.csv", "b.csv", "x/c.csv", "x/y/z/e.csv"]);
        check("**/**/c.*", &["x/c.csv"]);
        check("?/", &["x/"]);
        check("?.csv/", &[]);
        check("no/*", &[]);
        for bad in ["a**", "[/]"] {
            let found = *paths(bad).unwrap_err().refusal;
            assert!(matches!(found, Refusal::BadPattern(_)), "{found:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_name_need_not_be_utf_8() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder
            .path()
            .join(std::ffi::OsStr::from_bytes(b"caf\xe9.csv"));
        fs::write(&path, "").unwrap();
        for pattern in ["*.csv", "caf?.csv", "**/c*"] {
            let pattern = folder.path().join(pattern);
            let found = paths(pattern.to_str().unwrap()).unwrap();
            assert_eq!(found, [path.as_path()], "{pattern:?}");
        }
    }
}
