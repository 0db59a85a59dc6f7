//! Do all arrows point one way? `use crate::X` names a room that stands further down than the one it is in.

/// Every room, each below those that may name it.
const ROOMS: [&str; 9] = [
    "main", "report", "analysis", "programs", "cli", "results", "output", "text", "exit",
];
/// The same of the rooms within the analysis.
const INNER: [&str; 5] = ["picture", "tables", "data", "files", "statistics"];

/// Every file of a folder, and of those in it, with the room it belongs to.
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
        let text = text.split("#[cfg(test)]").next().unwrap();
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
fn arrows_point_one_way() {
    check("src", "crate::", &ROOMS);
    check("src/analysis", "crate::analysis::", &INNER);
}
