//! Do all dependencies point one way? With `use crate::X`, a room may name only rooms that stand after it in the list.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// Every room. A room may name only those that follow.
const ROOMS: [&str; 10] = [
    "main", "report", "analysis", "results", "programs", "cli", "output", "text", "faults", "exit",
];
/// The same for the rooms of the analysis.
const INNER: [&str; 5] = ["picture", "tables", "data", "files", "statistics"];

/// Every file in a folder and its subfolders.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|it| it.unwrap().path());
    paths
        .flat_map(|it| if it.is_dir() { files(&it) } else { vec![it] })
        .collect()
}

#[track_caller]
fn check(folder: &str, prefix: &str, rooms: &[&str]) {
    let place = |name: &str| rooms.iter().position(|it| *it == name);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for file in files(&folder) {
        let within = file.strip_prefix(&folder).unwrap();
        let room = within.iter().next().unwrap().to_str().unwrap();
        let room = room.trim_end_matches(".rs").trim_end_matches("_missing");
        let text = fs::read_to_string(&file).unwrap();
        let text = text.split("\nmod tests {").next().unwrap();
        for named in text.split(prefix).skip(1) {
            let end = named.find(|c: char| !c.is_alphanumeric() && c != '_');
            let named = &named[..end.unwrap_or(named.len())];
            if let (Some(from), Some(to)) = (place(room), place(named)) {
                assert!(
                    from <= to,
                    "`{room}` names `{named}`, which stands above it"
                );
            }
        }
    }
}

#[test]
fn dependencies_point_one_way() {
    check("src", "crate::", &ROOMS);
    check("src/analysis", "crate::analysis::", &INNER);
}
