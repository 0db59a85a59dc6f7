//! The program really prints what the README and the reference page show.
//!
//! The tests run the `console` blocks of a page one after the other, in a fresh folder that looks like a
//! clone, with the built binary instead of `cargo run -q -p ex02 --`. They compare stdout and stderr line
//! by line. As in a terminal, a variable that one line exports is there for the next line.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[macro_use]
#[path = "support/world.rs"]
mod world;

use std::path::Path;
use std::process::Command;

use world::World;

/// The page of this exercise.
const README: &str = include_str!("../README.md");

/// The page with everything that is too long for the README.
const REFERENCE: &str = include_str!("../doc/reference.md");

/// The program.
const BINARY: &str = env!("CARGO_BIN_EXE_oracle");

/// The workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A folder that looks like a clone of the workspace, as far as the oracle can see.
fn clone() -> World {
    let world = World::new();
    for name in [".env.example", ".gitignore"] {
        world.file(name, std::fs::read(root().join(name)).unwrap());
    }
    world.file("ex02/src/main.rs", "fn main() {}\n");
    // cargo puts the program here. A line on the page makes the shell find it.
    std::fs::create_dir_all(world.path("target/debug")).unwrap();
    std::os::unix::fs::symlink(BINARY, world.path("target/debug/oracle")).unwrap();
    world.file("../exported", "");
    world.repository();
    world
}

/// The commands of a text, each with its expected output. A block may have several.
fn blocks(text: &str) -> Vec<(String, String)> {
    let fences = text
        .split("```")
        .filter_map(|it| it.strip_prefix("console\n"));
    fences.flat_map(commands).collect()
}

fn commands(block: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command.to_owned(), String::new()));
            continue;
        }
        let (command, expected) = commands.last_mut().unwrap();
        // A here-document goes on up to its END.
        let open = command.contains("<<'END'") && !command.ends_with("\nEND");
        let part = if open {
            command.push('\n');
            command
        } else {
            expected
        };
        part.push_str(line);
        if !open {
            part.push('\n');
        }
    }
    commands
}

/// Runs a line as a student would. Differences between machines are removed.
fn shell(world: &World, line: &str) -> String {
    let line = line
        .replace("cargo run -p ex02", "cargo run -q -p ex02")
        .replace("cargo run -q -p ex02 --", "\"$BINARY\"")
        .replace("cargo run -q -p ex02", "\"$BINARY\"");
    let script = format!("exec 2>&1\n. ../exported\n{line}\nexport -p >../exported");
    let done = Command::new("sh")
        .args(["-c", &script])
        .current_dir(world.path(""))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("BINARY", BINARY)
        .env("HOME", world.path(".."))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    String::from_utf8(done.stdout).unwrap()
}

/// Runs the blocks one after the other in one folder, in the order of the page.
#[track_caller]
fn check(blocks: &[(String, String)]) {
    let world = clone();
    for (line, expected) in blocks {
        let seen = shell(&world, line);
        world::assert_holds_no(&secrets(&world), &seen);
        assert!(
            matches(expected, &seen),
            "$ {line}\n--- expected\n{expected}--- seen\n{seen}"
        );
    }
}

/// The secrets of the current `.env`: its key, and the text of a broken line.
fn secrets(world: &World) -> Vec<String> {
    let text = std::fs::read_to_string(world.path(".env")).unwrap_or_default();
    let names = ["API_KEY=", "SMTP_PASSWORD="];
    let values = text
        .lines()
        .filter_map(|line| names.iter().find_map(|it| line.strip_prefix(it)));
    // The README shows the key of the example.
    let values = values.filter(|it| !it.starts_with("replace-"));
    values.map(str::to_owned).collect()
}

/// Compares the parts that are the same in every clone.
fn matches(expected: &str, seen: &str) -> bool {
    normal(expected) == normal(seen)
}

/// The text without the number of tracked files and the names of commits.
fn normal(text: &str) -> String {
    let lines = text.lines().map(|line| {
        if line.contains(" searched ") && line.contains(" tracked file") {
            return line.split(" searched ").next().unwrap().to_owned();
        }
        match line.split_once("(history: ") {
            Some((before, after)) => format!("{before}{}", after.split_once(')').unwrap().1),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn this_crates_readme_and_reference_page_tell_the_truth() {
    needs!("git");
    let readme = blocks(README);
    let reference = blocks(REFERENCE);
    assert!(readme.len() >= 20, "only {} commands", readme.len());
    assert!(reference.len() >= 20, "only {} commands", reference.len());
    check(&[readme, reference].concat());
}

/// The pages of the tasks that nobody has begun. When the test of a task is there, its page is out of
/// date.
fn tasks() -> Vec<String> {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(crate_root.join("tasks")).unwrap();
    let mut pages: Vec<_> = files.map(|it| it.unwrap().path()).collect();
    pages.retain(|page| {
        let name = page.file_stem().unwrap().to_str().unwrap();
        let number = name.split('-').next().unwrap();
        let begun = crate_root.join(format!("tests/task_{number}.rs")).exists();
        page.extension().is_some_and(|it| it == "md") && !begun
    });
    let texts = pages.iter().map(|it| std::fs::read_to_string(it).unwrap());
    texts.collect()
}

#[test]
fn the_page_of_each_task_shows_what_a_user_misses() {
    needs!("git");
    for page in tasks() {
        let blocks = blocks(&page);
        assert!(!blocks.is_empty(), "{page}");
        check(&blocks);
    }
}

#[test]
fn the_picture_shows_the_whole_report_of_the_reference_page() {
    let picture = include_str!("../doc/terminal.svg");
    let lines = picture.lines().filter_map(|line| {
        let line = line.strip_prefix("<text ")?.split_once('>')?.1;
        // The text between tags.
        let words = line
            .split('<')
            .map(|it| it.split_once('>').map_or(it, |(_, word)| word));
        let line = words
            .collect::<String>()
            .replace("&lt;", "<")
            .replace("&gt;", ">");
        Some(line.replace("&amp;", "&") + "\n")
    });
    let seen: String = lines.skip(1).collect();
    let blocks = blocks(REFERENCE);
    let whole = blocks
        .iter()
        .find(|(line, _)| line == "cargo run -q -p ex02");
    let (_, expected) = whole.unwrap();
    assert!(matches(expected, &seen), "{expected}\n{seen}");
}

#[test]
fn the_workspaces_readme_tells_the_truth_about_this_crate() {
    needs!("git");
    let text = std::fs::read_to_string(root().join("README.md")).unwrap_or_default();
    let mut blocks = blocks(&text);
    blocks.retain(|(line, _)| {
        line.contains("-p ex02") && !line.contains("-p ex0 ") && !line.contains("-p ex01")
    });
    check(&blocks);
}

#[test]
fn the_readme_and_the_example_name_what_the_code_has() {
    for name in world::NAMES {
        assert!(README.contains(name) && REFERENCE.contains(name), "{name}");
        let example = std::fs::read_to_string(root().join(".env.example")).unwrap();
        assert!(
            example
                .lines()
                .any(|line| line.starts_with(&format!("{name}="))),
            "{name}"
        );
    }
    for code in ["| 0 |", "| 1 |", "| 2 |", "| 78 |"] {
        assert!(REFERENCE.contains(code), "{code}");
    }
}

/// The name of every field of an object, at any depth.
fn names(json: &serde_json::Value) -> Vec<&str> {
    match json {
        serde_json::Value::Object(fields) => {
            let inner = fields.values().flat_map(names);
            fields.keys().map(String::as_str).chain(inner).collect()
        }
        serde_json::Value::Array(items) => items.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_reference_page_names_every_field_of_the_json() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://127.0.0.1:1");
    for words in [&[][..], &["--explain", "API_KEY"]] {
        let json = world.json(words);
        for name in names(&json) {
            assert!(REFERENCE.contains(&format!("`{name}")), "{name}");
        }
    }
}
