//! How do pip, Poetry and Cargo pin down the same four programs?
//!
//! Every number is counted in the files that this exercise ships: `ex01/python/` holds the Python side.

use std::collections::BTreeSet;

use serde::Serialize;

use super::lockfile::{self, MANIFEST, PACKAGES, Package};

/// pip's list: names, nothing else.
const REQUIREMENTS: &str = include_str!("../../python/requirements.txt");
/// What Poetry is asked for.
const PYPROJECT: &str = include_str!("../../python/pyproject.toml");
/// Poetry's lock file, made by `poetry lock`.
const POETRY_LOCK: &str = include_str!("../../python/poetry.lock");

/// A manager, and what its files hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manager {
    /// The tool.
    pub name: &'static str,
    /// Its files, the lock file last.
    pub files: &'static [&'static str],
    #[serde(flatten)]
    pub counts: Counts,
    /// How to install with it.
    pub install: &'static str,
}

/// What the files of a manager hold, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Libraries that the files ask for by name.
    pub names: usize,
    /// Packages with one exact version, with all that they need.
    pub pinned: usize,
    /// Package names with more than one pinned version.
    pub twice: usize,
    /// SHA-256 sums.
    pub hashes: usize,
    /// Pins that hold only on some systems or Python versions.
    pub markers: usize,
}

/// All three, from the embedded files.
pub fn compare() -> [Manager; 3] {
    [
        Manager {
            name: "pip",
            files: &["requirements.txt"],
            counts: pip(REQUIREMENTS),
            install: "pip install -r ex01/python/requirements.txt",
        },
        Manager {
            name: "Poetry",
            files: &["pyproject.toml", "poetry.lock"],
            counts: poetry(PYPROJECT, POETRY_LOCK),
            install: "poetry install --project ex01/python",
        },
        Manager {
            name: "Cargo",
            files: &["Cargo.toml", "Cargo.lock"],
            counts: cargo(MANIFEST, &PACKAGES),
            install: "cargo run -p ex01 --locked",
        },
    ]
}

/// Counts in a `requirements.txt`: each line has a requirement; `--hash=` options follow it or have their own lines.
fn pip(text: &str) -> Counts {
    let lines = || text.lines().map(str::trim);
    let requirements = || lines().filter(|line| line.starts_with(|c: char| c.is_alphanumeric()));
    let pins = || requirements().filter_map(|line| line.split_once("=="));
    Counts {
        names: requirements().count(),
        pinned: pins().count(),
        twice: twice(pins().map(|(name, version)| (name.trim(), version.trim()))),
        hashes: text.matches("--hash=sha256:").count(),
        markers: requirements().filter(|line| line.contains(';')).count(),
    }
}

/// Counts in a `pyproject.toml` (PEP 621) and in the lock file that Poetry made from it.
fn poetry(pyproject: &str, lock: &str) -> Counts {
    let requirements = pyproject.split("\ndependencies = [").nth(1);
    let requirements = requirements.and_then(|it| it.split("\n]").next());
    let packages = lockfile::packages(lock);
    let markers = lock.lines().filter(|it| it.starts_with("markers = "));
    Counts {
        names: requirements.unwrap_or_default().matches('"').count() / 2,
        pinned: packages.len(),
        twice: twice(packages.iter().map(|it| (it.name, it.version))),
        hashes: lock.matches("hash = \"sha256:").count(),
        markers: markers.count(),
    }
}

/// Counts in this crate's manifest, and in the part of the lock file that this crate can need.
fn cargo(manifest: &str, packages: &[Package<'_>]) -> Counts {
    let reachable = lockfile::reachable(packages);
    Counts {
        names: lockfile::entries(manifest, "[dependencies]").count(),
        pinned: reachable.len(),
        twice: twice(reachable.iter().map(|it| (it.name, it.version))),
        hashes: reachable.iter().filter(|it| it.checksum.is_some()).count(),
        markers: 0, // a Cargo.lock has no such field: it holds the crates of every system at once
    }
}

/// How many of these packages have more than one version.
fn twice<'a>(pins: impl Iterator<Item = (&'a str, &'a str)>) -> usize {
    let pins: BTreeSet<(&str, &str)> = pins.collect();
    let names: Vec<&str> = pins.into_iter().map(|(name, _)| name).collect();
    let versions = names.chunk_by(|one, next| one == next);
    versions.filter(|it| it.len() > 1).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(requirements: &str, expected: (usize, usize, usize)) {
        let found = pip(requirements);
        assert_eq!((found.names, found.pinned, found.hashes), expected);
    }

    #[test]
    fn pip_counts_what_its_file_pins() {
        check("pandas\nnumpy\n", (2, 0, 0));
        check("# pandas==1\npandas==3.0\nnumpy>=2\n", (2, 1, 0));
        check("pandas==3.0\n", (1, 1, 0));
        check(
            "pandas==3.0 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\n",
            (1, 1, 2),
        );
    }

    #[test]
    fn poetry_pins_per_system() {
        let lock = "[[package]]\nname = \"numpy\"\nversion = \"2.2\"\nmarkers = \"python_version < 3.11\"\n\
            files = [\n    {file = \"a.whl\", hash = \"sha256:1\"},\n    {file = \"b.whl\", hash = \"sha256:2\"},\n]\n\
            [[package]]\nname = \"numpy\"\nversion = \"2.4\"\nfiles = [\n    {hash = \"sha256:3\"},\n]\n";
        let found = poetry("[project]\ndependencies = [\n    \"numpy>=2\",\n]\n", lock);
        assert_eq!((found.names, found.pinned, found.twice), (1, 2, 1));
        assert_eq!((found.hashes, found.markers), (3, 1));
    }

    #[test]
    fn the_shipped_files_show_the_difference() {
        let [pip, poetry, cargo] = compare().map(|it| it.counts);
        assert_eq!((pip.names, pip.pinned), (4, 0));
        assert_eq!(poetry.names, 4);
        assert!(poetry.pinned > 20 && poetry.hashes > poetry.pinned && poetry.twice > 0);
        assert!(cargo.pinned > 200 && cargo.hashes == cargo.pinned);
    }
}
