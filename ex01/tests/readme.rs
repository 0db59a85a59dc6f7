//! Does the README tell the truth? The tests run every `console` block and compare the output.

// These tests need all programs. cli.rs makes and tests builds without some of them.
#![cfg(all(
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/skip.rs"]
mod skip;

use std::path::Path;
use std::process::Command;

use skip::skip;
use snapbox::IntoData;
use tempfile::tempdir;

/// The character between the outputs of two lines.
const BREAK: char = '\u{1e}';

/// Runs the lines of a block as a student types them, one after the other, but with the built program instead of cargo.
/// The folder holds the project's lock file.
fn shell(lines: &[&str]) -> Vec<String> {
    let lines = lines.iter().map(|line| {
        // The longer spelling comes first, because it contains the shorter one.
        line.replace("cargo run -q -p ex01 --", "\"$LOADING\"")
            .replace("cargo run -q -p ex01", "\"$LOADING\"")
    });
    let lines: Vec<String> = lines.collect();
    let folder = tempdir().unwrap();
    let lock = include_str!("../../Cargo.lock");
    std::fs::write(folder.path().join("Cargo.lock"), lock).unwrap();
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("exec 2>&1\n{}", lines.join("\nprintf '\\036'\n")))
        .current_dir(folder.path())
        .env_clear()
        .env("LOADING", env!("CARGO_BIN_EXE_loading"))
        .env("PATH", std::env::var_os("PATH").unwrap())
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    output.split(BREAK).map(str::to_owned).collect()
}

/// The `console` blocks of a text: each typed line, and its output.
fn blocks(text: &str) -> impl Iterator<Item = Vec<(&str, &str)>> {
    let blocks = text
        .split("```")
        .filter_map(|it| it.strip_prefix("console\n$ "));
    blocks.map(|block| {
        let steps = block.split("\n$ ");
        steps
            .map(|it| it.split_once('\n').unwrap_or((it, "")))
            .collect()
    })
}

/// Runs a block. Each line must print the text below it.
#[track_caller]
fn check(block: &[(&str, &str)]) {
    let lines: Vec<&str> = block.iter().map(|it| it.0).collect();
    let found = shell(&lines);
    assert_eq!(found.len(), lines.len(), "{lines:?} ended early: {found:?}");
    for ((_, expected), found) in block.iter().zip(found) {
        // The last line break before the next prompt is not in the block.
        snapbox::assert_data_eq!(
            found.trim_end_matches('\n'),
            expected.trim_end_matches('\n').to_owned()
        );
    }
}

#[test]
fn the_readme_tells_the_truth() {
    let mut ran = 0;
    for text in [
        include_str!("../README.md"),
        include_str!("../doc/reference.md"),
    ] {
        for block in blocks(text) {
            check(&block);
            ran += 1;
        }
    }
    assert!(ran > 0, "no block was run");
}

#[test]
fn the_pages_of_the_tasks_show_the_program_before_the_task_is_done() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut ran = 0;
    for entry in std::fs::read_dir(here.join("tasks")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let page = name.strip_suffix(".md").and_then(|it| it.split_once('-'));
        let Some((number, _)) = page else {
            continue;
        };
        let begun = here.join(format!("tests/task_{number}.rs")).exists();
        for block in blocks(&std::fs::read_to_string(&path).unwrap()) {
            // After the test of a task is applied, the student changes what its page shows.
            if !begun {
                check(&block);
            }
            ran += 1;
        }
    }
    assert!(ran > 0, "no page has a block");
}

#[test]
fn the_reference_has_every_flag_and_no_other() {
    let help = shell(&["cargo run -q -p ex01 -- --help"]).concat();
    let flag = |text: &str| {
        let (_, rest) = text.split_once("--")?;
        let end = rest.find(|c: char| c != '-' && !c.is_ascii_lowercase());
        Some(rest[..end.unwrap_or(rest.len())].to_owned())
    };
    let (_, options) = help.split_once("Options:\n").unwrap();
    let known: Vec<String> = options.lines().map_while(flag).collect();
    let (_, table) = include_str!("../doc/reference.md")
        .split_once("\n## Flags\n")
        .unwrap();
    let table = table.split("\n## ").next().unwrap();
    let rows = table.lines().filter(|it| it.starts_with("| `"));
    let told: Vec<String> = rows
        .filter_map(|it| flag(it.split(" | ").next()?))
        .collect();
    assert_eq!(told, known);
}

#[test]
fn the_root_readme_tells_the_truth_about_this_exercise() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let Ok(text) = std::fs::read_to_string(path) else {
        return skip("there is no root README.md");
    };
    let ours = |line: &str| {
        line.contains("-p ex01") && !line.contains("-p ex0 ") && !line.contains("-p ex02")
    };
    for block in blocks(&text).filter(|it| ours(it[0].0)) {
        check(&block);
    }
}

/// The lines of a picture of a terminal, without their colours and without the prompt.
fn lines_of(picture: &str) -> String {
    let lines = picture.lines().filter_map(|line| {
        let line = line.strip_prefix("<text ")?.split_once('>')?.1;
        let texts = line
            .split('<')
            .map(|it| it.split_once('>').map_or(it, |(_, text)| text));
        let line = texts.collect::<String>();
        let marks = [
            ("&#x27;", "'"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&amp;", "&"),
        ];
        let line = marks
            .iter()
            .fold(line, |line, (mark, text)| line.replace(mark, text));
        Some(line + "\n")
    });
    lines.skip(1).collect()
}

#[test]
fn the_picture_of_the_terminal_shows_what_the_program_prints() {
    let printed = shell(&["cargo run -q -p ex01"]).concat();
    let shown = lines_of(include_str!("../doc/terminal.svg"));
    snapbox::assert_data_eq!(shown, printed.raw());
}
