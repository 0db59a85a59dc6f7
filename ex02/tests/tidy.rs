//! Do the three exercises say the same things in the same words? A list in several places must be equal.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on shall panic"
)]

use std::fs;
use std::path::Path;

/// The exercises in the order of the course.
const EXERCISES: [&str; 3] = ["ex0", "ex01", "ex02"];

/// A file of the workspace.
fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text of the file with this name, anywhere below an exercise's `src`.
fn source(exercise: &str, name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = find(&root.join(exercise).join("src"), name);
    let file = file.unwrap_or_else(|| panic!("{exercise} has no {name}"));
    fs::read_to_string(file).unwrap()
}

/// The file with this name, anywhere below a folder.
fn find(folder: &Path, name: &str) -> Option<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|it| it.is_dir());
    let here = files.into_iter().find(|it| it.ends_with(name));
    here.or_else(|| folders.iter().find_map(|it| find(it, name)))
}

/// The numbers at the beginning of the doc comments in an exercise's `exit.rs`: `/// 1: the job is done …`.
fn exit_codes(exercise: &str) -> Vec<String> {
    let text = source(exercise, "exit.rs");
    let named = text.lines().filter_map(|line| {
        let (code, _) = line.trim().strip_prefix("/// ")?.split_once(": ")?;
        code.parse::<u8>().is_ok().then(|| code.to_owned())
    });
    let trouble = text
        .lines()
        .find_map(|line| line.strip_prefix("pub const TROUBLE: u8 = "))
        .map(|line| line.trim_end_matches(';').to_owned());
    let mut codes: Vec<String> = named.chain(trouble).collect();
    codes.sort_by_key(|it| it.parse::<u8>().unwrap());
    codes.dedup();
    codes
}

/// The first cells of the root README's table of exit codes.
fn codes_of_the_readme() -> Vec<String> {
    let text = read("README.md");
    let rows = text
        .lines()
        .skip_while(|line| *line != "| code | meaning |");
    rows.skip(2)
        .map_while(|line| line.strip_prefix("| ")?.split_once(" |"))
        .map(|(code, _)| code.to_owned())
        .collect()
}

#[test]
fn the_exit_codes_are_those_of_the_root_readme() {
    assert_eq!(exit_codes("ex0"), ["0", "1", "2"]);
    assert_eq!(exit_codes("ex01"), ["0", "1", "2"]);
    assert_eq!(exit_codes("ex02"), ["0", "1", "2", "78"]);
    assert_eq!(codes_of_the_readme(), exit_codes("ex02"));
}

#[test]
fn text_from_outside_is_escaped_by_the_same_code_in_each() {
    let [first, second, third] = EXERCISES.map(|exercise| source(exercise, "escape.rs"));
    assert_eq!(first, second);
    assert_eq!(first, third);
}

/// The text of `--help` about a flag, from the doc comment above it.
fn help(exercise: &str, flag: &str) -> String {
    let text = read(&format!("{exercise}/src/cli.rs"));
    let (before, _) = text.split_once(&format!("pub {flag}: ")).unwrap();
    let comment = before.lines().rfind(|line| line.contains("///"));
    comment.unwrap().trim().to_owned()
}

#[test]
fn a_flag_that_all_exercises_have_is_explained_in_the_same_words() {
    for flag in ["json", "quiet", "color"] {
        let first = help("ex0", flag);
        for exercise in EXERCISES {
            assert_eq!(help(exercise, flag), first, "{exercise} --{flag}");
        }
    }
    for flag in ["--check", "--json", "-q", "--color", "--help", "--version"] {
        assert!(read("README.md").contains(&format!("`{flag}`")), "{flag}");
    }
}

/// The rooms of this exercise from the top down. A room may use only the rooms below it.
const ROOMS: [&str; 13] = [
    "main",
    "cli",
    "report",
    "probe",
    "safety",
    "search",
    "config",
    "sources",
    "git",
    "variables",
    "secret",
    "exit",
    "words",
];

/// All files below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let (folders, mut files): (Vec<_>, Vec<_>) = entries.partition(|it| it.is_dir());
    files.extend(folders.iter().flat_map(|it| self::files(it)));
    files
}

#[test]
fn no_room_names_one_above_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = std::collections::BTreeSet::new();
    for file in files(&source) {
        let path = file.strip_prefix(&source).unwrap().to_str().unwrap();
        let room = path.split(['/', '.']).next().unwrap();
        let level = |room: &str| ROOMS.iter().position(|it| *it == room);
        let own = level(room).unwrap_or_else(|| panic!("{path} is in no room"));
        seen.insert(room.to_owned());
        let text = fs::read_to_string(&file).unwrap();
        // The code ends where the tests begin.
        let (code, _) = text.split_once("\nmod tests {").unwrap_or((&text, ""));
        for named in code.split("crate::").skip(1) {
            let named = named
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap();
            let other = level(named).unwrap_or_else(|| panic!("{path} names {named}"));
            assert!(own <= other, "{path} names {named}, which stands above it");
            assert!(own != other, "{path} names its own room: use super");
        }
    }
    assert_eq!(seen.len(), ROOMS.len());
}

#[test]
fn the_inside_of_a_room_is_private() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for room in ROOMS {
        let door = fs::read_to_string(source.join(format!("{room}.rs"))).unwrap();
        let open = door.lines().find(|it| it.starts_with("pub mod "));
        assert_eq!(open, None, "{room}");
    }
}
