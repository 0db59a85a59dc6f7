//! Which files does a path name? One file, the files of a folder, or those that match a pattern, in the order of names.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::pattern::{self, own_name};
use crate::faults::{Refusal, SourceFault};

/// The endings of the formats' file names.
const ENDINGS: [(&str, &[&str]); 3] = [
    ("CSV", &[".csv", ".tsv", ".txt"]),
    ("JSON", &[".json", ".ndjson", ".jsonl"]),
    ("Parquet", &[".parquet"]),
];

/// The endings that tell how a part is packed. What cannot be unpacked here is refused, not left out.
const PACKED: [&str; 21] = [
    ".gz", ".zst", ".bz2", ".xz", ".lz4", ".lzma", ".zip", ".z", ".7z", ".br", ".snappy", ".gzip",
    ".zstd", ".bz", ".lz", ".lzo", ".sz", ".zz", ".deflate", ".rar", ".tar",
];

/// The files that a path names, at least one.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, SourceFault> {
    if path.is_dir() {
        return folder(path);
    }
    let is_missing = path
        .metadata()
        .is_err_and(|it| it.kind() == ErrorKind::NotFound);
    let found = match as_pattern(path).filter(|_| is_missing) {
        Some(pattern) => pattern::paths(pattern)?,
        None => vec![path.to_owned()],
    };
    found.iter().try_for_each(|it| check_file(it))?;
    if found.is_empty() {
        return Err(SourceFault::new(path, Refusal::NoMatch));
    }
    Ok(found)
}

/// What a path names, whether it can be read or not.
pub fn named(path: &Path) -> Vec<PathBuf> {
    match as_pattern(path) {
        _ if path.is_dir() => {
            let mut parts = pattern::names(path).unwrap_or_default();
            parts.retain(|it| promises_format(it));
            parts
        }
        Some(pattern) if !path.exists() => pattern::paths(pattern).unwrap_or_default(),
        _ => vec![path.to_owned()],
    }
}

/// Whether a path would name this file once it is there, or a folder that is made for it.
pub fn takes(path: &Path, new: &Path) -> bool {
    if path.is_dir() {
        // With a file deeper in it, the folder cannot be read any more.
        let inner = pattern::real(new);
        let inner = inner.strip_prefix(pattern::real(path));
        let is_seen = |it: &Path| !it.iter().any(|it| is_hidden(&it.to_string_lossy()));
        return inner.is_ok_and(|it| is_seen(it) && promises_format(it));
    }
    let is_made = |it: &&Path| *it == new || !it.exists();
    let mut made = new.ancestors().take_while(is_made);
    match as_pattern(path) {
        Some(pattern) if !path.exists() => made.any(|it| pattern::takes(pattern, it)),
        _ => made.any(|it| pattern::real(it) == pattern::real(path)),
    }
}

/// Whether the name of a file is one of a part.
fn promises_format(path: &Path) -> bool {
    let name = own_name(path);
    !is_hidden(&name) && promised_format(&name).is_some()
}

/// Refuses what is not a regular file: others may never end.
fn check_file(path: &Path) -> Result<(), SourceFault> {
    let metadata = path.metadata();
    let metadata = metadata.map_err(|error| SourceFault::unopened(path, error))?;
    if metadata.is_file() {
        return Ok(());
    }
    let is_folder = metadata.is_dir();
    let refusal = if is_folder {
        Refusal::Folder
    } else {
        Refusal::NotRegular
    };
    Err(SourceFault::new(path, refusal))
}

/// Whether other programs use this name for files of their own.
fn is_hidden(name: &str) -> bool {
    name.starts_with(['.', '_'])
}

/// The parts in a folder.
fn folder(path: &Path) -> Result<Vec<PathBuf>, SourceFault> {
    let refused = |refusal| Err(SourceFault::new(path, refusal));
    let mut names = pattern::names(path)?;
    names.sort();
    let mut found: Vec<(PathBuf, &str)> = Vec::new();
    for part in names {
        let name = own_name(&part);
        if is_hidden(&name) {
            continue;
        }
        if part.is_dir() {
            return refused(Refusal::Nested(name.into_owned()));
        }
        if let Some(format) = promised_format(&name) {
            found.push((part.clone(), format));
        }
    }
    found.iter().try_for_each(|it| check_file(&it.0))?;
    let Some((_, first)) = found.first() else {
        return refused(Refusal::NoParts);
    };
    if let Some((_, other)) = found.iter().find(|it| it.1 != *first) {
        return refused(Refusal::TwoFormats([first, other]));
    }
    let parts: Vec<PathBuf> = found.into_iter().map(|it| it.0).collect();
    match twice(&parts) {
        Some(names) => refused(Refusal::Twice(names)),
        None => Ok(parts),
    }
}

/// Two parts that differ only in how they are packed, as `gzip -k` leaves them.
fn twice(sorted: &[PathBuf]) -> Option<[String; 2]> {
    let mut seen: HashMap<String, String> = HashMap::new();
    sorted.iter().find_map(|part| {
        let name = own_name(part).into_owned();
        let earlier = seen.insert(without_packing(&name).to_owned(), name.clone())?;
        Some([earlier, name])
    })
}

/// A name without the endings that tell how the file is packed.
fn without_packing(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let mut plain = lower.as_str();
    while let Some(shorter) = PACKED.iter().find_map(|it| plain.strip_suffix(it)) {
        plain = shorter;
    }
    &name[..plain.len()]
}

/// The format that a file's name promises.
pub fn promised_format(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let name = without_packing(&name);
    let fits = |endings: &[&str]| endings.iter().any(|it| name.ends_with(it));
    ENDINGS.iter().find(|it| fits(it.1)).map(|it| it.0)
}

/// A path as a pattern, if it has one of a pattern's characters.
fn as_pattern(path: &Path) -> Option<&str> {
    path.to_str().filter(|it| pattern::is_wild(it))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_parts_of_a_folder_come_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| fs::write(folder.path().join(name), "").unwrap();
        for name in [
            "b.csv",
            "a.CSV.gz",
            "_SUCCESS",
            ".b.csv.crc",
            "README",
            "c.csv.zst",
        ] {
            write(name);
        }
        let names = |path: &Path| -> Vec<String> {
            let name = |it: PathBuf| it.file_name().unwrap().to_string_lossy().into_owned();
            files(path).unwrap().into_iter().map(name).collect()
        };
        assert_eq!(names(folder.path()), ["a.CSV.gz", "b.csv", "c.csv.zst"]);
        assert_eq!(names(&folder.path().join("[ab].*")), ["a.CSV.gz", "b.csv"]);
        // As in a shell, `*` does not stand for a hidden file.
        write(".c.csv.zst");
        assert_eq!(names(&folder.path().join("*.zst")), ["c.csv.zst"]);
        let refusal = |path: &Path| *files(path).unwrap_err().refusal;
        // What cannot be unpacked is a part as well, and what is there twice is not counted twice.
        write("d.txt.gz.BZ2");
        assert_eq!(names(folder.path()).len(), 4);
        for (number, packed) in ["zip", "Z", "7z", "br", "snappy", "deflate", "tar.gz"]
            .iter()
            .enumerate()
        {
            write(&format!("e{number}.csv.{packed}"));
            assert_eq!(names(folder.path()).len(), 5 + number, "{packed}");
        }
        write("b.csv.gz");
        let found = refusal(folder.path());
        let both = ["b.csv", "b.csv.gz"];
        assert!(matches!(found, Refusal::Twice(names) if names == both));
        let found = refusal(&folder.path().join("x*"));
        assert!(matches!(found, Refusal::NoMatch), "{found:?}");
        write("d.parquet");
        let found = refusal(folder.path());
        let both = ["CSV", "Parquet"];
        assert!(matches!(found, Refusal::TwoFormats(formats) if formats == both));
    }

    #[test]
    fn a_folder_is_no_part() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("d/x=1")).unwrap();
        let refusal = |path: &str| *files(&folder.path().join(path)).unwrap_err().refusal;
        let found = refusal("d");
        assert!(
            matches!(&found, Refusal::Nested(it) if it == "x=1"),
            "{found:?}"
        );
        let found = refusal("d/*");
        assert!(matches!(found, Refusal::Folder), "{found:?}");
    }
}
