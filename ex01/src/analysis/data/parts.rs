//! Which files does a path name? One file, the files of a folder, or those that match a pattern, in the order of names.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::pattern::{self, own_name};
use super::suggest;
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
    let pattern = as_pattern(path).filter(|_| is_missing);
    let found = match pattern {
        Some(pattern) => pattern::paths(pattern)?,
        None => vec![path.to_owned()],
    };
    for part in &found {
        if let Some(pattern) = pattern.filter(|_| part.is_dir()) {
            let pattern = suggest::narrower(pattern, &found);
            return Err(SourceFault::new(part, Refusal::Folder { pattern }));
        }
        check_file(part)?;
    }
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
pub fn promises_format(path: &Path) -> bool {
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
    Err(SourceFault::new(path, Refusal::NotRegular))
}

/// Whether other programs use this name for files of their own.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with(['.', '_'])
}

/// The parts in a folder.
fn folder(path: &Path) -> Result<Vec<PathBuf>, SourceFault> {
    let refused = |refusal| Err(SourceFault::new(path, refusal));
    let mut found: Vec<(PathBuf, &str)> = Vec::new();
    let mut nested = None;
    for part in pattern::names(path)? {
        let name = own_name(&part);
        if is_hidden(&name) {
            continue;
        }
        if part.is_dir() {
            nested = Some(name.into_owned());
        } else if let Some(format) = promised_format(&name) {
            found.push((part.clone(), format));
        }
    }
    found.sort();
    let parts = |format: Option<&str>| -> Vec<PathBuf> {
        let parts = found
            .iter()
            .filter(|it| format.is_none_or(|format| it.1 == format));
        parts.map(|it| it.0.clone()).collect()
    };
    if let Some(folder) = nested {
        // A pattern cannot name the files of both.
        let pattern = match parts(None) {
            none if none.is_empty() => suggest::below(path),
            beside => suggest::beside(path, beside),
        };
        return refused(Refusal::Nested { folder, pattern });
    }
    found.iter().try_for_each(|it| check_file(&it.0))?;
    let Some((_, first)) = found.first() else {
        return refused(Refusal::NoParts);
    };
    if let Some((_, other)) = found.iter().find(|it| it.1 != *first) {
        let formats = [*first, *other];
        let of_one = |format| suggest::beside(path, parts(Some(format)));
        let pattern = formats.into_iter().find_map(of_one);
        return refused(Refusal::TwoFormats { formats, pattern });
    }
    let parts = parts(None);
    if let Some(names) = twice(&parts) {
        let pattern = suggest::once(path, &parts);
        return refused(Refusal::Twice { names, pattern });
    }
    Ok(parts)
}

/// Two parts that differ only in how they are packed, as `gzip -k` leaves them.
fn twice(sorted: &[PathBuf]) -> Option<[String; 2]> {
    let mut seen: HashMap<String, String> = HashMap::new();
    sorted.iter().find_map(|part| {
        let name = own_name(part).into_owned();
        let (plain, _) = without_packing(&name);
        let earlier = seen.insert(plain.to_owned(), name.clone())?;
        Some([earlier, name])
    })
}

/// A name without the endings that tell how the file is packed, and those endings.
pub fn without_packing(name: &str) -> (&str, &str) {
    let lower = name.to_ascii_lowercase();
    let mut plain = lower.as_str();
    while let Some(shorter) = PACKED.iter().find_map(|it| plain.strip_suffix(it)) {
        plain = shorter;
    }
    name.split_at(plain.len())
}

/// The format that a file's name promises.
pub fn promised_format(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let (name, _) = without_packing(&name);
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
        assert!(matches!(found, Refusal::Twice { names, .. } if names == both));
        let found = refusal(&folder.path().join("x*"));
        assert!(matches!(found, Refusal::NoMatch), "{found:?}");
        write("d.parquet");
        let found = refusal(folder.path());
        let both = ["CSV", "Parquet"];
        assert!(matches!(found, Refusal::TwoFormats { formats, .. } if formats == both));
    }

    #[test]
    fn the_pattern_of_a_hint_finds_the_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["x[1]", "it's", "a*?"] {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            for part in ["a.csv", "b.json"] {
                fs::write(path.join(part), "").unwrap();
            }
            let found = *files(&path).unwrap_err().refusal;
            let Refusal::TwoFormats { pattern, .. } = found else {
                panic!("{found:?}");
            };
            let pattern = pattern.unwrap();
            assert_eq!(files(Path::new(&pattern)).unwrap(), [path.join("a.csv")]);
        }
    }

    /// The pattern that is suggested for a source in a folder with these files, from there on. It names what is expected.
    #[track_caller]
    fn suggests(names: &[&str], source: &str, expected: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = *files(&folder.path().join(source)).unwrap_err().refusal;
        let (Refusal::Nested { pattern, .. }
        | Refusal::TwoFormats { pattern, .. }
        | Refusal::Twice { pattern, .. }
        | Refusal::Folder { pattern }) = found
        else {
            panic!("{found:?}");
        };
        let start = format!("{}/", folder.path().display());
        let pattern = pattern.map(|it| it.strip_prefix(&start).unwrap().to_owned());
        assert_eq!(pattern.as_deref(), expected, "{names:?} {source}");
    }

    #[test]
    fn a_pattern_is_suggested_only_if_it_leaves_out_no_file() {
        let hive = [
            "h/y=1/m=1/a.parquet",
            "h/y=1/m=2/a.parquet",
            "h/y=2/m=1/a.parquet",
        ];
        suggests(&hive, "h", Some("h/**/*.parquet"));
        suggests(&hive, "h/*", Some("h/*/**/*.parquet"));
        suggests(&hive, "h/*/*", Some("h/*/*/*.parquet"));
        suggests(
            &[&hive[..], &["h/x/_SUCCESS", "h/_x/b.csv"]].concat(),
            "h",
            Some("h/**/*.parquet"),
        );
        suggests(&[&hive[..], &["h/_x/b.parquet"]].concat(), "h", None);
        suggests(&[&hive[..], &["h/x/b.csv"]].concat(), "h", None);
        suggests(&["d/a.csv", "d/b.csv", "d/logs/x"], "d", Some("d/*.csv"));
        suggests(&["d/a.csv", "d/b.csv", "d/logs/x"], "d/*", Some("d/*.csv"));
        suggests(&["d/a.txt", "d/b.csv", "d/logs/x"], "d", None);
        suggests(&["d/a.txt", "d/b.csv", "d/logs/x"], "d/*", None);
        suggests(&["d/A.CSV", "d/b.csv", "d/x/y"], "d", None);
        suggests(
            &["d/01.csv", "d/01.csv.gz", "d/02.csv.gz"],
            "d",
            Some("d/*.csv.gz"),
        );
        suggests(
            &["d/01.csv", "d/01.csv.gz", "d/02.csv.gz", "d/03.csv"],
            "d",
            None,
        );
        suggests(
            &["d/a.csv", "d/b.txt", "d/c.parquet"],
            "d",
            Some("d/*.parquet"),
        );
        suggests(&["d/a.csv", "d/b.txt", "d/c.json", "d/d.jsonl"], "d", None);
        // A folder may hold all of a disk.
        let many: Vec<String> = (0..20_000).map(|it| format!("d/x/{it}")).collect();
        suggests(
            &many.iter().map(String::as_str).collect::<Vec<_>>(),
            "d",
            None,
        );
    }

    #[test]
    fn the_pattern_for_a_folder_in_a_folder_covers_every_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("x=1")).unwrap();
        let check = |expected: &str| {
            let found = *files(folder.path()).unwrap_err().refusal;
            let pattern = folder.path().display().to_string() + expected;
            assert!(
                matches!(&found, Refusal::Nested { folder, pattern: it }
                    if folder == "x=1" && it.as_ref() == Some(&pattern)),
                "{found:?}"
            );
        };
        check("/*/*");
        fs::write(folder.path().join("x=1/part.1.csv.gz"), "").unwrap();
        check("/*/*.csv.gz");
        // A pattern for the files in `x=1` would leave this one out.
        fs::write(folder.path().join("a.csv"), "").unwrap();
        check("/*.csv");
    }
}
