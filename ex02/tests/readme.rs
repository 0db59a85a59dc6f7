//! What the READMEs show is what the program prints.
//!
//! Each `console` block is run in a fresh clone-like folder: the built binary in place of
//! `cargo run -q -p ex02 [--]`, `sh -c`, stdout and stderr together, compared line by line.
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
    std::fs::create_dir(world.path("target")).unwrap();
    world.repository();
    world
}

/// The blocks of a text: command and expected output.
fn blocks(text: &str) -> Vec<(String, String)> {
    let fences = text
        .split("```")
        .filter_map(|it| it.strip_prefix("console\n"));
    let blocks = fences.map(|block| {
        let (first, rest) = block.split_once('\n').unwrap();
        let mut command = first.strip_prefix("$ ").unwrap().to_owned();
        let mut rest = rest;
        // A here-document goes on to its END.
        while command.contains("<<'END'") && !command.ends_with("\nEND") {
            let (next, after) = rest.split_once('\n').unwrap();
            command = format!("{command}\n{next}");
            rest = after;
        }
        (command, rest.to_owned())
    });
    blocks.collect()
}

/// Runs a line as a student would; what differs between machines is made equal.
fn shell(world: &World, line: &str) -> String {
    let oracle = Path::new(env!("CARGO_BIN_EXE_oracle"));
    let line = line
        .replace("cargo run -p ex02", "cargo run -q -p ex02")
        .replace("cargo run -q -p ex02 --", "oracle")
        .replace("cargo run -q -p ex02", "oracle");
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::split_paths(&path);
    let path = std::env::join_paths(
        [oracle.parent().unwrap().to_owned()]
            .into_iter()
            .chain(path),
    )
    .unwrap();
    let done = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{line}")])
        .current_dir(world.path(""))
        .env_clear()
        .env("PATH", path)
        .env("HOME", world.path(".."))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "neo")
        .env("GIT_AUTHOR_EMAIL", "neo@zion.invalid")
        .env("GIT_COMMITTER_NAME", "neo")
        .env("GIT_COMMITTER_EMAIL", "neo@zion.invalid")
        .output()
        .unwrap();
    String::from_utf8(done.stdout).unwrap()
}

/// Runs the blocks one after the other in one folder, as they stand in the README.
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

/// What the `.env` of the moment keeps: its key, and what stands on a broken line.
fn secrets(world: &World) -> Vec<String> {
    let text = std::fs::read_to_string(world.path(".env")).unwrap_or_default();
    let names = ["API_KEY=", "SMTP_PASSWORD="];
    let values = text
        .lines()
        .filter_map(|line| names.iter().find_map(|it| line.strip_prefix(it)));
    // The example's is shown where the README speaks of it.
    let values = values.filter(|it| !it.starts_with("replace-"));
    values.map(str::to_owned).collect()
}

/// Compares what does not differ from clone to clone.
fn matches(expected: &str, seen: &str) -> bool {
    normal(expected) == normal(seen)
}

/// Without the number of tracked files and the names of commits.
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
fn this_crates_readme_tells_the_truth() {
    needs!("git");
    let blocks = blocks(include_str!("../README.md"));
    assert!(blocks.len() >= 8, "only {} blocks ran", blocks.len());
    check(&blocks);
}

#[test]
fn the_picture_shows_what_the_readme_shows() {
    let picture = include_str!("../doc/terminal.svg");
    let lines = picture.lines().filter_map(|line| {
        let line = line.strip_prefix("<text ")?.split_once('>')?.1;
        // What stands between tags.
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
    let (_, expected) = &blocks(include_str!("../README.md"))[0];
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
    let readme = include_str!("../README.md");
    for name in world::NAMES {
        assert!(readme.contains(name), "{name}");
        let example = std::fs::read_to_string(root().join(".env.example")).unwrap();
        assert!(
            example
                .lines()
                .any(|line| line.starts_with(&format!("{name}="))),
            "{name}"
        );
    }
    for code in ["| 0 |", "| 1 |", "| 2 |", "| 78 |"] {
        assert!(readme.contains(code), "{code}");
    }
}

/// Every name of an object's fields, at any depth.
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
fn the_readme_names_every_field_of_the_json() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://127.0.0.1:1");
    let json = world.json(&[]);
    for name in names(&json) {
        assert!(
            include_str!("../README.md").contains(&format!("`{name}")),
            "{name}"
        );
    }
}
