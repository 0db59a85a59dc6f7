//! The rooms have an order, and no file uses a room that comes before its own.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from `main` to the ground. Each may use those after it.
const ROOMS: [&str; 12] = [
    "main",
    "cli",
    "report",
    "verify",
    "around",
    "verdict",
    "site",
    "getpath",
    "pyvenv_cfg",
    "binary",
    "lookup",
    "finding",
];

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    entries
        .flat_map(|it| if it.is_dir() { files(&it) } else { vec![it] })
        .collect()
}

#[test]
fn no_file_uses_a_room_before_its_own() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rank = |room: &str| {
        ROOMS
            .iter()
            .position(|it| *it == room)
            .unwrap_or(ROOMS.len())
    };
    let mut wrong = Vec::new();
    for file in files(&source) {
        let name = file.strip_prefix(&source).unwrap().with_extension("");
        let own = rank(name.iter().next().unwrap().to_str().unwrap());
        let text = fs::read_to_string(&file).unwrap_or_default();
        for (place, _) in text.match_indices("crate::") {
            let rest = &text[place + "crate::".len()..];
            let room = rest
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap();
            if rank(room) < own {
                wrong.push(format!("{}: crate::{room}", name.display()));
            }
        }
        assert!(
            !name.ends_with("mod"),
            "a door has the name of its room, not mod.rs: {}",
            name.display()
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
