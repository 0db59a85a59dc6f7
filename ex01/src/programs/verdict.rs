//! Is each program there, in the version that was asked for, and does it work?
//!
//! [`check_programs`] collects the facts. `decide` turns them into `[OK]`, `[MISSING]`, `[DRIFT]`, `[BROKEN]` or
//! `[UNKNOWN]`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::lockfile::{self, MANIFEST, PACKAGES, Package, ROOT};
use super::{Dependency, PROGRAMS, Problem, Program, Status, WrongAnswer, linked, selftest};
use crate::text;

/// No more bytes of a lock file on disk are read. Ours has a hundredth of that.
const MOST_LOCK_BYTES: u64 = 16 << 20;

/// What was found out about one program, before any conclusion.
#[derive(Debug)]
struct Facts<'a> {
    /// Its block in the lock file that is embedded in this binary.
    locked: Option<&'static Package<'static>>,
    /// The versions that the binary names, or why it cannot be read.
    linked: Result<Vec<String>, String>,
    /// The same in this project's `Cargo.lock` on disk.
    on_disk: OnDisk<'a>,
    /// The result of the self-test; none if the program was not compiled in.
    works: Option<Result<(), WrongAnswer>>,
}

/// What this project's `Cargo.lock` on disk says about one program.
#[derive(Clone, Copy, Debug)]
enum OnDisk<'a> {
    /// No such file was found.
    NoFile,
    /// A part of the file is gone: the program's entry, or its block.
    NoBlock,
    Block(&'a Package<'a>),
}

/// Checks all four programs.
pub fn check_programs() -> Vec<Dependency> {
    let linked = linked();
    let lock = lock_near();
    let on_disk = lock.as_deref().map(lockfile::packages);
    PROGRAMS
        .iter()
        .map(|program| {
            let name = program.name;
            let facts = Facts {
                locked: lockfile::locked(&PACKAGES, name),
                linked: versions(&linked, name),
                on_disk: on_disk.as_ref().map_or(OnDisk::NoFile, |it| {
                    lockfile::locked(it, name).map_or(OnDisk::NoBlock, OnDisk::Block)
                }),
                works: selftest::run(name),
            };
            decide(program, facts)
        })
        .collect()
}

/// The programs inside the binary, with their versions, or why it cannot be read.
fn linked() -> Result<Vec<(&'static str, String)>, String> {
    let enabled = PROGRAMS.iter().filter(|it| it.enabled);
    let names: Vec<&str> = enabled
        .map(|it| it.name)
        .filter(|it| *it != "polars")
        .collect();
    let found = own_path().and_then(|path| linked::versions(&path, &names));
    found.map_err(|error| text::reason(&error))
}

/// Where the binary can be read. On Linux, this works even if the file was deleted or replaced.
fn own_path() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_owned());
    }
    std::env::current_exe()
}

/// The versions of one program. polars tells its version itself.
fn versions(
    linked: &Result<Vec<(&'static str, String)>, String>,
    name: &str,
) -> Result<Vec<String>, String> {
    #[cfg(feature = "polars")]
    if name == "polars" {
        return Ok(vec![polars::VERSION.to_owned()]);
    }
    let linked = linked.as_ref().map_err(String::clone)?;
    let found = linked.iter().filter(|it| it.0 == name);
    Ok(found.map(|it| it.1.clone()).collect())
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
            let is_listed = |it: &&Program| lockfile::dependency(&packages, it.name).is_some();
            // Another project may have a crate with this name, but hardly with two of its programs. Ours may have lost two.
            PROGRAMS.iter().filter(is_listed).count() >= 2
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

fn decide(program: &Program, facts: Facts<'_>) -> Dependency {
    let name = program.name;
    let locked = facts.locked.map(|it| it.version);
    let checksum = facts.locked.and_then(|it| it.checksum);
    let found = facts.linked.as_deref().unwrap_or_default();
    // If the binary has two versions, ours is the locked one.
    let ours = found.iter().find(|it| locked == Some(it));
    let linked = ours.or(found.first()).map(String::as_str);
    let (status, problem) = match (facts.works, locked, linked, facts.on_disk) {
        (None, ..) => (Status::Missing, Some(Problem::LeftOut)),
        (Some(Err(answer)), ..) => (Status::Broken, Some(Problem::SelfTest(answer))),
        (_, Some(locked), Some(linked), _) if locked != linked => {
            let (linked, locked) = (linked.to_owned(), locked.to_owned());
            (Status::Drift, Some(Problem::Linked { linked, locked }))
        }
        (_, Some(_), _, OnDisk::NoBlock) => (Status::Drift, Some(Problem::NotOnDisk)),
        (_, Some(locked), _, OnDisk::Block(on_disk)) if locked != on_disk.version => {
            let has_other_checksum = on_disk.checksum.is_some() && on_disk.checksum != checksum;
            let (locked, on_disk) = (locked.to_owned(), on_disk.version.to_owned());
            let problem = Problem::OnDisk {
                locked,
                on_disk,
                has_other_checksum,
            };
            (Status::Drift, Some(problem))
        }
        (_, Some(_), _, OnDisk::Block(on_disk)) if checksum != on_disk.checksum => {
            (Status::Drift, Some(Problem::OtherContents))
        }
        (_, Some(_), Some(_), _) => (Status::Ok, None),
        (_, None, ..) => (Status::Unknown, Some(Problem::NotLocked)),
        // `--remap-path-prefix` can remove the version from the paths.
        (_, Some(_), None, _) => {
            let unreadable = facts.linked.as_ref().err().cloned();
            let problem = unreadable.map_or(Problem::NotLinked, Problem::Unreadable);
            (Status::Unknown, Some(problem))
        }
    };
    Dependency {
        name,
        purpose: program.purpose,
        python: program.python,
        required: lockfile::required(MANIFEST, ROOT, name),
        locked,
        checksum,
        linked: linked.map(str::to_owned),
        status,
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of a lock file.
    const fn block(version: &'static str, checksum: Option<&'static str>) -> Package<'static> {
        Package {
            name: "ndarray",
            version,
            checksum,
            dependencies: Vec::new(),
        }
    }

    static LOCKED: Package<'_> = block("0.17.2", Some("5200"));

    /// The facts about a program with nothing wrong.
    fn sound() -> Facts<'static> {
        Facts {
            locked: Some(&LOCKED),
            linked: Ok(vec!["0.17.2".to_owned()]),
            on_disk: OnDisk::Block(&LOCKED),
            works: Some(Ok(())),
        }
    }

    #[track_caller]
    fn check(facts: Facts<'_>, expected: Status, problem: Option<&Problem>) {
        let found = decide(&PROGRAMS[1], facts);
        assert_eq!((found.status, found.problem.as_ref()), (expected, problem));
        let usable = matches!(expected, Status::Ok | Status::Drift | Status::Unknown);
        assert_eq!(found.is_usable(), usable);
    }

    #[test]
    fn a_sound_program_is_ok() {
        check(sound(), Status::Ok, None);
        // Without a lock file on disk, the embedded one decides.
        let facts = Facts {
            on_disk: OnDisk::NoFile,
            ..sound()
        };
        check(facts, Status::Ok, None);
        let facts = Facts {
            linked: Ok(vec!["0.16.1".to_owned(), "0.17.2".to_owned()]),
            ..sound()
        };
        check(facts, Status::Ok, None);
    }

    #[test]
    fn an_unknown_version_is_not_ok() {
        let facts = Facts {
            linked: Ok(Vec::new()),
            ..sound()
        };
        check(facts, Status::Unknown, Some(&Problem::NotLinked));
        let why = || "permission denied".to_owned();
        let facts = Facts {
            linked: Err(why()),
            ..sound()
        };
        check(facts, Status::Unknown, Some(&Problem::Unreadable(why())));
        let facts = Facts {
            locked: None,
            on_disk: OnDisk::NoFile,
            ..sound()
        };
        check(facts, Status::Unknown, Some(&Problem::NotLocked));
    }

    #[test]
    fn another_version_is_drift() {
        let facts = Facts {
            linked: Ok(vec!["0.17.3".to_owned()]),
            ..sound()
        };
        let problem = Problem::Linked {
            linked: "0.17.3".to_owned(),
            locked: "0.17.2".to_owned(),
        };
        check(facts, Status::Drift, Some(&problem));
        for (checksum, has_other_checksum) in
            [(Some("5201"), true), (Some("5200"), false), (None, false)]
        {
            let facts = Facts {
                on_disk: OnDisk::Block(&block("0.18.0", checksum)),
                ..sound()
            };
            let problem = Problem::OnDisk {
                locked: "0.17.2".to_owned(),
                on_disk: "0.18.0".to_owned(),
                has_other_checksum,
            };
            check(facts, Status::Drift, Some(&problem));
        }
    }

    #[test]
    fn the_same_version_with_other_contents_is_drift() {
        for checksum in [Some("5201"), None] {
            let facts = Facts {
                on_disk: OnDisk::Block(&block("0.17.2", checksum)),
                ..sound()
            };
            check(facts, Status::Drift, Some(&Problem::OtherContents));
        }
    }

    #[test]
    fn a_lock_file_without_the_block_is_drift() {
        let facts = Facts {
            on_disk: OnDisk::NoBlock,
            ..sound()
        };
        check(facts, Status::Drift, Some(&Problem::NotOnDisk));
    }

    #[test]
    fn a_failed_self_test_is_broken_and_a_program_left_out_is_missing() {
        let answer = || WrongAnswer::Other {
            expected: "32".to_owned(),
            found: "31".to_owned(),
        };
        let facts = Facts {
            works: Some(Err(answer())),
            ..sound()
        };
        check(facts, Status::Broken, Some(&Problem::SelfTest(answer())));
        let facts = Facts {
            works: None,
            ..sound()
        };
        check(facts, Status::Missing, Some(&Problem::LeftOut));
    }

    #[test]
    fn the_embedded_files_know_all_four() {
        for program in PROGRAMS {
            let name = program.name;
            let checksum = lockfile::locked(&PACKAGES, name).and_then(|it| it.checksum);
            assert_eq!(checksum.map(str::len), Some(64), "{name}");
            assert!(lockfile::required(MANIFEST, ROOT, name).is_some(), "{name}");
        }
    }
}
