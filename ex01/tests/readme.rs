//! Does the README tell the truth? Every `console` block is run, and its output compared.

// For the whole program; builds that lack a library are made and tested in cli.rs.
#![cfg(all(
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall panic")]

#[path = "support/skip.rs"]
mod skip;

use std::process::Command;

use skip::skip;
use tempfile::tempdir;

/// Runs a block's command as a student types it, with the built program in place of cargo.
fn shell(line: &str) -> String {
    // The longer spelling first: it contains the shorter one.
    let line = line
        .replace("cargo run -q -p ex01 --", "\"$LOADING\"")
        .replace("cargo run -q -p ex01", "\"$LOADING\"");
    let folder = tempdir().unwrap();
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("exec 2>&1; {line}"))
        .current_dir(folder.path())
        .env_clear()
        .env("LOADING", env!("CARGO_BIN_EXE_loading"))
        .env("PATH", std::env::var_os("PATH").unwrap())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The `console` blocks of a text: command and output.
fn blocks(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let blocks = text
        .split("```")
        .filter_map(|it| it.strip_prefix("console\n"));
    blocks.map(|block| {
        let (line, output) = block.split_once('\n').unwrap();
        (line.strip_prefix("$ ").unwrap(), output)
    })
}

#[test]
fn the_readme_tells_the_truth() {
    let mut ran = 0;
    for (line, expected) in blocks(include_str!("../README.md")) {
        snapbox::assert_data_eq!(shell(line), expected.to_owned());
        ran += 1;
    }
    assert!(ran > 0, "no block was run");
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
    for (line, expected) in blocks(&text).filter(|(line, _)| ours(line)) {
        snapbox::assert_data_eq!(shell(line), expected.to_owned());
    }
}
