//! The rooms have an order, and no file uses a room that comes before its own. The reference has every name that is in the JSON.

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

/// The name of a variant in the JSON: `WithoutPip` is `without-pip`, or `withoutpip`.
fn spelled(variant: &str, rule: &str) -> String {
    let mut spelled = String::new();
    for c in variant.chars() {
        if c.is_uppercase() && rule == "kebab-case" && !spelled.is_empty() {
            spelled.push('-');
        }
        spelled.extend(c.to_lowercase());
    }
    spelled
}

/// The text in quotes after `key = ` in the attributes.
fn value_of<'a>(key: &str, attributes: &'a str) -> Option<&'a str> {
    let (_, rest) = attributes.split_once(&format!("{key} = \""))?;
    rest.split('"').next()
}

/// The names that a type has in the JSON: those of its fields, or of its variants if it says how they are spelled. `item` begins after
/// `derive(`.
fn names_in_json(item: &str) -> Vec<String> {
    let (head, rest) = item.split_once("{\n").unwrap();
    let body = rest.split("\n}").next().unwrap();
    let rule = value_of("rename_all", head);
    let mut attributes = String::new();
    let mut names = Vec::new();
    for line in body.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes += line;
            continue;
        }
        let hidden = ["(skip)", "(flatten)"]
            .iter()
            .any(|it| attributes.contains(it));
        let field = line.strip_prefix("pub ").and_then(|it| it.split_once(':'));
        let variant = line.strip_suffix(',').zip(rule);
        if let (Some((field, _)), false) = (field, hidden) {
            names.push(value_of("rename", &attributes).unwrap_or(field).to_owned());
        } else if let (Some((variant, rule)), None) = (variant, field) {
            names.push(spelled(variant, rule));
        }
        attributes.clear();
    }
    names
}

#[test]
fn the_reference_has_every_name_of_the_json() {
    let page = include_str!("../doc/reference.md");
    let (_, json) = page.split_once("\n## JSON\n").unwrap();
    let json = json.split("\n## ").next().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names = Vec::new();
    for file in files(&source) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let items = text.split("#[derive(").skip(1);
        let shown = items.filter(|it| it.split(')').next().unwrap().contains("Serialize"));
        names.extend(
            shown
                .filter(|it| !it.contains("(untagged)"))
                .flat_map(names_in_json),
        );
    }
    for known in [
        "without-pip",
        "poetry",
        "no-python",
        "pip_python",
        "evidence",
    ] {
        assert!(names.iter().any(|it| it == known), "{known}: {names:?}");
    }
    let is_there = |it: &String| {
        ["`", "[]`"]
            .iter()
            .any(|end| json.contains(&format!("`{it}{end}")))
    };
    names.retain(|it| !is_there(it));
    assert!(names.is_empty(), "not in the reference: {names:?}");
}
