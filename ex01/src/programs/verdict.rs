//! Is each program there, in the version that was asked for, and does it work?
//!
//! [`look`] collects the facts. `decide` turns them into `[OK]`, `[MISSING]`, `[DRIFT]`, `[BROKEN]` or `[UNKNOWN]`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::lockfile::{self, LOCK, MANIFEST, ROOT};
use super::{Dependency, PROGRAMS, Program, Status, linked, selftest};

/// No more bytes of a lock file on disk are read. Ours has a hundredth of that.
const MOST_LOCK_BYTES: u64 = 16 << 20;

/// What was found out about one program, before any conclusion.
#[derive(Debug, Default)]
struct Facts {
    /// Version and checksum in the lock file that is embedded in this binary.
    locked: Option<(String, String)>,
    /// The versions that the binary names.
    linked: Vec<String>,
    /// The version in this project's `Cargo.lock` on disk, if one was found.
    on_disk: Option<String>,
    /// The result of the self-test; none if the program was not compiled in.
    works: Option<Result<(), String>>,
}

/// Looks at all four programs.
pub fn look() -> Vec<Dependency> {
    let binary = std::env::current_exe().and_then(|path| linked::constants(&path));
    let binary = binary.unwrap_or_default();
    let locked = lockfile::packages(LOCK);
    let on_disk = lock_near().unwrap_or_default();
    let on_disk = lockfile::packages(&on_disk);
    PROGRAMS
        .iter()
        .map(|program| {
            let name = program.name;
            let facts = Facts {
                locked: lockfile::locked(&locked, name)
                    .map(|it| (it.version.to_owned(), it.checksum.unwrap_or("").to_owned())),
                linked: if program.enabled {
                    versions(&binary, name)
                } else {
                    Vec::new()
                },
                on_disk: lockfile::locked(&on_disk, name).map(|it| it.version.to_owned()),
                works: program.enabled.then(|| selftest::run(name)),
            };
            decide(program, facts)
        })
        .collect()
}

/// The versions of a program inside the binary. polars tells its version itself.
fn versions(binary: &[u8], name: &str) -> Vec<String> {
    #[cfg(feature = "polars")]
    if name == "polars" {
        return vec![polars::VERSION.to_owned()];
    }
    linked::versions(binary, name)
}

/// The nearest `Cargo.lock` above the current folder, or above this binary, that belongs to this project.
fn lock_near() -> Option<String> {
    let here = std::env::current_dir().ok();
    let binary = std::env::current_exe().ok();
    let places = here.iter().chain(&binary).flat_map(|it| it.ancestors());
    places
        .filter_map(|folder| read_lock(&folder.join("Cargo.lock")))
        .find(|text| {
            let packages = lockfile::packages(text);
            // Another project may have a crate with this name, but hardly with the same four dependencies.
            PROGRAMS
                .iter()
                .all(|program| lockfile::locked(&packages, program.name).is_some())
        })
}

/// Reads a regular file only: a FIFO could wait for ever.
fn read_lock(path: &Path) -> Option<String> {
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    let file = File::open(path).ok()?;
    file.take(MOST_LOCK_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

fn decide(program: &Program, facts: Facts) -> Dependency {
    let name = program.name;
    let (locked, checksum) = facts.locked.unzip();
    let linked = match &locked {
        // If the binary has two versions, ours is the locked one.
        Some(locked) if facts.linked.contains(locked) => Some(locked.clone()),
        _ => facts.linked.first().cloned(),
    };
    let (status, problem, fix) = match (&facts.works, &locked, &linked, &facts.on_disk) {
        (None, ..) => (
            Status::Missing,
            Some(format!(
                "this binary was compiled without the feature `{name}`"
            )),
            Some(install(name)),
        ),
        (Some(Err(reason)), ..) => (
            Status::Broken,
            Some(format!("its self-test failed: {reason}")),
            Some(format!("cargo clean -p {name} && cargo run -p ex01")),
        ),
        (_, Some(locked), Some(linked), _) if locked != linked => (
            Status::Drift,
            Some(format!(
                "the binary contains {linked}, Cargo.lock names {locked} (`cargo install` ignores Cargo.lock by default)"
            )),
            Some("cargo install --locked --path ex01".to_owned()),
        ),
        (_, Some(locked), _, Some(on_disk)) if locked != on_disk => (
            Status::Drift,
            Some(format!(
                "built for {locked}, Cargo.lock on disk now says {on_disk}"
            )),
            Some("cargo build -p ex01 --locked".to_owned()),
        ),
        (_, Some(_), Some(_), _) => (Status::Ok, None, None),
        (_, None, ..) => (
            Status::Unknown,
            Some("it works, but the wanted version is unknown: the Cargo.lock of this build does not name one".to_owned()),
            Some("cargo generate-lockfile && cargo build -p ex01".to_owned()),
        ),
        // `--remap-path-prefix` can remove the version from the paths.
        (_, Some(_), None, _) => (
            Status::Unknown,
            Some("it works, but its version is unknown: no source path in this binary names one".to_owned()),
            Some("RUSTFLAGS= cargo build -p ex01 --locked".to_owned()),
        ),
    };
    Dependency {
        name,
        purpose: program.purpose,
        python: program.python,
        required: lockfile::required(MANIFEST, ROOT, name).map(str::to_owned),
        locked,
        checksum,
        linked,
        status,
        problem,
        fix,
    }
}

/// What to type to add one program to those that are there.
fn install(name: &str) -> String {
    let wanted: Vec<&str> = PROGRAMS
        .iter()
        .filter(|program| program.enabled || program.name == name)
        .map(|program| program.name)
        .collect();
    if wanted.len() == PROGRAMS.len() {
        "cargo run -p ex01".to_owned()
    } else {
        format!(
            "cargo run -p ex01 --no-default-features --features {}",
            wanted.join(",")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The facts about a program with nothing wrong.
    fn sound() -> Facts {
        Facts {
            locked: Some(("0.17.2".to_owned(), "5200".to_owned())),
            linked: vec!["0.17.2".to_owned()],
            on_disk: Some("0.17.2".to_owned()),
            works: Some(Ok(())),
        }
    }

    #[track_caller]
    fn check(facts: Facts, expected: Status, problem: &str) {
        let found = decide(&PROGRAMS[1], facts);
        assert_eq!(found.status, expected);
        let usable = matches!(expected, Status::Ok | Status::Drift | Status::Unknown);
        assert_eq!(found.obstacle().is_none(), usable);
        let said = found.problem.unwrap_or_default();
        assert!(said.contains(problem), "{said}");
        assert_eq!(found.fix.is_some(), expected != Status::Ok);
    }

    #[test]
    fn a_sound_program_is_ok() {
        check(sound(), Status::Ok, "");
        // Without a lock file on disk, the embedded one decides.
        let facts = Facts {
            on_disk: None,
            ..sound()
        };
        check(facts, Status::Ok, "");
        let facts = Facts {
            linked: vec!["0.16.1".to_owned(), "0.17.2".to_owned()],
            ..sound()
        };
        check(facts, Status::Ok, "");
    }

    #[test]
    fn an_unknown_version_is_not_ok() {
        let facts = Facts {
            linked: Vec::new(),
            ..sound()
        };
        check(facts, Status::Unknown, "no source path");
        let facts = Facts {
            locked: None,
            on_disk: None,
            ..sound()
        };
        check(facts, Status::Unknown, "Cargo.lock");
    }

    #[test]
    fn another_version_is_drift() {
        let facts = Facts {
            linked: vec!["0.17.3".to_owned()],
            ..sound()
        };
        check(facts, Status::Drift, "contains 0.17.3");
        let facts = Facts {
            on_disk: Some("0.18.0".to_owned()),
            ..sound()
        };
        check(facts, Status::Drift, "on disk now says 0.18.0");
    }

    #[test]
    fn a_failed_self_test_is_broken_and_a_program_left_out_is_missing() {
        let facts = Facts {
            works: Some(Err("expected 32, got 31".to_owned())),
            ..sound()
        };
        check(facts, Status::Broken, "expected 32, got 31");
        let facts = Facts {
            works: None,
            ..sound()
        };
        check(facts, Status::Missing, "without the feature");
    }

    #[test]
    fn the_embedded_files_know_all_four() {
        let packages = lockfile::packages(LOCK);
        for program in PROGRAMS {
            let name = program.name;
            let checksum = lockfile::locked(&packages, name).and_then(|it| it.checksum);
            assert_eq!(checksum.map(str::len), Some(64), "{name}");
            assert!(lockfile::required(MANIFEST, ROOT, name).is_some(), "{name}");
        }
    }
}
