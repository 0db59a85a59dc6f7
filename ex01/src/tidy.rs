//! Do all dependencies point one way? With `use crate::X`, a room may name only rooms that stand after it in the list.

/// Every room. A room may name only those that follow.
const ROOMS: [&str; 10] = [
    "main", "report", "analysis", "results", "programs", "cli", "output", "text", "faults", "exit",
];
/// The same for the rooms of the analysis.
const INNER: [&str; 5] = ["picture", "tables", "data", "files", "statistics"];

/// Every file in a folder and its subfolders, with its room.
fn files(folder: &std::path::Path, room: &str, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let own = if room.is_empty() {
            name
        } else {
            room.to_owned()
        };
        if path.is_dir() {
            files(&path, &own, found);
        } else {
            found.push((own, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[track_caller]
fn check(folder: &str, prefix: &str, rooms: &[&str]) {
    let place = |name: &str| rooms.iter().position(|it| *it == name);
    let mut found = Vec::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    files(&folder, "", &mut found);
    for (room, text) in found {
        let text = text.split("\nmod tests {").next().unwrap();
        for named in text.split(prefix).skip(1) {
            let named = named
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap();
            if let (Some(from), Some(to)) = (place(room.trim_end_matches("_missing")), place(named))
            {
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
