//! What does the search find in published trees of other people? Nothing: they have no secret in them.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[macro_use]
#[path = "support/world.rs"]
mod world;

use std::path::{Path, PathBuf};
use std::process::Command;

use world::{World, skip};

/// Crates of crates.io that this workspace uses.
const CRATES: [&str; 3] = ["clap_builder", "rustls", "tokio-postgres"];

/// Packages of `PyPI` that the other tests use, by the names that Python imports.
const PACKAGES: [&str; 3] = ["dateutil", "dotenv", "pyparsing"];

/// The folder with cargo's source of a crate in Cargo.lock. `None`: it was not fetched.
fn crates() -> Option<Vec<PathBuf>> {
    let version = Command::new(env!("CARGO")).arg("-vV").output().ok()?;
    let version = String::from_utf8(version.stdout).ok()?;
    let host = version.lines().find_map(|it| it.strip_prefix("host: "))?;
    // Crates for other systems may not be fetched.
    let asked = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .args(["--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .ok()?;
    let metadata: serde_json::Value = serde_json::from_slice(&asked.stdout).ok()?;
    let folder = |name: &&str| {
        let mut packages = metadata["packages"].as_array()?.iter();
        let package = packages.find(|it| it["name"] == *name)?;
        let manifest = Path::new(package["manifest_path"].as_str()?);
        Some(manifest.parent()?.to_owned())
    };
    CRATES.iter().map(folder).collect()
}

/// The folder of a Python with these packages.
fn packages() -> Option<Vec<PathBuf>> {
    let python = std::env::var_os("MATRIX_PYTHON")?;
    let folder = |name: &&str| {
        let line = format!("import {name}, os; print(os.path.dirname({name}.__file__))");
        let asked = Command::new(&python).args(["-I", "-c", &line]).output();
        let path = String::from_utf8(asked.ok()?.stdout).ok()?;
        Some(PathBuf::from(path.trim())).filter(|it| it.is_dir())
    };
    PACKAGES.iter().map(folder).collect()
}

/// Commits each of these trees to its own repository and searches it.
#[track_caller]
fn check(trees: &[PathBuf]) {
    for tree in trees {
        let world = World::new();
        let copied = Command::new("cp")
            .args(["-R", "--"])
            .arg(tree)
            .arg(world.path("tree"))
            .status();
        assert!(copied.unwrap().success());
        world.repository();
        let run = world.run(&[]);
        let first = run.tags();
        assert!(first.starts_with("OK "), "{}: {}", tree.display(), run.out);
    }
}

#[test]
fn nothing_is_found_in_the_trees_of_three_crates() {
    needs!("git");
    match crates() {
        Some(trees) => check(&trees),
        None => skip("cargo has not fetched the crates of Cargo.lock"),
    }
}

#[test]
fn nothing_is_found_in_the_trees_of_three_python_packages() {
    needs!("git");
    match packages() {
        Some(trees) => check(&trees),
        None => skip("MATRIX_PYTHON names no Python with python-dotenv and matplotlib"),
    }
}
