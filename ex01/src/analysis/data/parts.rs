//! Which files does a path name? One file, the files of a folder, or those that match a pattern, in the order of names.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use crate::exit::Trouble;
use crate::text;

/// The endings of the formats' file names.
const ENDINGS: [(&str, &[&str]); 3] = [
    ("CSV", &[".csv", ".tsv", ".txt"]),
    ("JSON", &[".json", ".ndjson", ".jsonl"]),
    ("Parquet", &[".parquet"]),
];

/// The files that a path names, at least one.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, Trouble> {
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => folder(path),
        Ok(metadata) => only_file(path, &metadata),
        Err(error) => match pattern(path) {
            Some(pattern) if error.kind() == io::ErrorKind::NotFound => matches(path, pattern),
            _ => Err(failed(path, &error)),
        },
    }
}

/// One file. It must be a regular file, because others may never end.
fn only_file(path: &Path, metadata: &Metadata) -> Result<Vec<PathBuf>, Trouble> {
    if metadata.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if metadata.is_dir() {
        return Err(Trouble::new(
            format_args!("failed to read `{}`: it is a folder", shown(path)),
            format_args!("use a pattern to name files: `--source '{}'`", inside(path)),
        ));
    }
    Err(Trouble::new(
        format_args!("failed to read `{}`: it is not a regular file", shown(path)),
        "give `--source` a CSV, JSON or Parquet file, or `-` and the data on standard input; \
         `--or-simulate` goes on without it",
    ))
}

/// The parts in a folder. Other programs use names that begin with `.` or `_` for their own files.
fn folder(path: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut found: Vec<(PathBuf, &str)> = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| failed(path, &error))? {
        let part = entry.map_err(|error| failed(path, &error))?.path();
        let name = part.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(['.', '_']) {
            continue;
        }
        if part.is_dir() {
            return Err(nested(path, &part, &name));
        }
        if let Some(format) = format_of(&name) {
            found.push((part, format));
        }
    }
    found.sort();
    let formats = || found.iter().map(|it| it.1);
    for (part, _) in &found {
        let metadata = part.metadata().map_err(|error| failed(part, &error))?;
        only_file(part, &metadata)?;
    }
    match formats().next() {
        None => Err(Trouble::new(
            format_args!(
                "failed to read `{}`: no CSV, JSON or Parquet file is in it",
                shown(path)
            ),
            "a file's name must end in `.csv`, `.json` or `.parquet`, perhaps followed by `.gz` or `.zst`",
        )),
        Some(first) => match formats().find(|it| *it != first) {
            Some(other) => Err(Trouble::new(
                format_args!(
                    "failed to read `{}`: it has both {first} and {other}, perhaps the same data twice",
                    shown(path)
                ),
                format_args!(
                    "use a pattern to name the files: `--source '{}'`",
                    inside(path)
                ),
            )),
            None => Ok(found.into_iter().map(|it| it.0).collect()),
        },
    }
}

/// A folder in a folder. A pattern cannot name the files of both.
fn nested(path: &Path, part: &Path, name: &str) -> Trouble {
    let name = text::shown(name);
    let hint = if first_part(path).is_some() {
        format!(
            "move `{name}` elsewhere, or use a pattern for the files beside it: `--source '{}'`",
            inside(path)
        )
    } else {
        format!(
            "use a pattern to name the files: `--source '{}'`",
            inside(part).replacen(&shown(part), &shown(&path.join("*")), 1)
        )
    };
    Trouble::new(
        format_args!(
            "failed to read `{}`: it has a folder `{name}`, and folders in folders are not read",
            shown(path)
        ),
        hint,
    )
}

/// The first part in a folder, by its name.
fn first_part(folder: &Path) -> Option<String> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = names.map(|it| it.file_name().to_string_lossy().into_owned());
    names
        .filter(|it| !it.starts_with(['.', '_']) && format_of(it).is_some())
        .min()
}

/// A pattern for the files in a folder with the same ending as the first one.
fn inside(folder: &Path) -> String {
    let first = first_part(folder).unwrap_or_default();
    let packed = [".gz", ".zst"].into_iter().find(|it| first.ends_with(it));
    let plain = first.strip_suffix(packed.unwrap_or_default());
    let plain = plain.and_then(|it| it.rfind('.').map(|dot| &it[dot..]));
    let ending = plain.unwrap_or_default().to_owned() + packed.unwrap_or_default();
    shown(&folder.join(format!("*{ending}")))
}

/// The format that a file's name promises.
fn format_of(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let name = name.strip_suffix(".zst").unwrap_or(name);
    let fits = |endings: &[&str]| endings.iter().any(|it| name.ends_with(it));
    ENDINGS.iter().find(|it| fits(it.1)).map(|it| it.0)
}

/// A path as a pattern, if it has one of a pattern's characters.
fn pattern(path: &Path) -> Option<&str> {
    path.to_str().filter(|it| it.contains(['*', '?', '[']))
}

/// The files that match a pattern.
fn matches(path: &Path, pattern: &str) -> Result<Vec<PathBuf>, Trouble> {
    let hint = "check the pattern given to `--source`; `--or-simulate` goes on without it";
    let refused = |why: String| {
        Trouble::new(
            format_args!("failed to read `{}`: {why}", shown(path)),
            hint,
        )
    };
    // As in a shell, `*` does not stand for a hidden file.
    let options = glob::MatchOptions {
        require_literal_leading_dot: true,
        ..glob::MatchOptions::new()
    };
    let paths = glob::glob_with(pattern, options).map_err(|error| refused(error.msg.to_owned()))?;
    let mut found = Vec::new();
    for path in paths {
        let path = path.map_err(|error| failed(error.path(), error.error()))?;
        let metadata = path.metadata().map_err(|error| failed(&path, &error))?;
        found.extend(only_file(&path, &metadata)?);
    }
    if found.is_empty() {
        return Err(refused("no file matches this pattern".to_owned()));
    }
    Ok(found)
}

/// The error for a path that could not be read.
pub fn failed(path: &Path, error: &io::Error) -> Trouble {
    Trouble::new(
        format_args!("failed to read `{}`: {}", shown(path), text::reason(error)),
        "check the path given to `--source`; `--or-simulate` goes on without it",
    )
}

fn shown(path: &Path) -> String {
    text::os(path.as_os_str())
}

#[cfg(test)]
mod tests {
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
        let error = files(&folder.path().join("x*")).unwrap_err();
        assert!(error.what.contains("no file matches"), "{}", error.what);
        write("d.parquet");
        let error = files(folder.path()).unwrap_err();
        assert!(error.what.contains("CSV and Parquet"), "{}", error.what);
    }

    #[test]
    fn the_hint_about_a_folder_in_a_folder_covers_every_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("x=1")).unwrap();
        let hint = || files(folder.path()).unwrap_err().hint;
        assert!(hint().ends_with("/*/*'`"), "{}", hint());
        fs::write(folder.path().join("x=1/part.1.csv.gz"), "").unwrap();
        assert!(hint().ends_with("/*/*.csv.gz'`"), "{}", hint());
        // A pattern for the files in `x=1` would leave this one out.
        fs::write(folder.path().join("a.csv"), "").unwrap();
        assert!(hint().starts_with("move `x=1` elsewhere"), "{}", hint());
        assert!(hint().ends_with("/*.csv'`"), "{}", hint());
        let error = files(folder.path()).unwrap_err();
        assert!(error.what.contains("`x=1`"), "{}", error.what);
    }
}
