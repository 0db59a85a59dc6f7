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

/// What one manager's files hold, in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manager {
    /// The tool.
    pub name: &'static str,
    /// Its files, the lock file last.
    pub files: &'static [&'static str],
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
    /// What follows from the counts; the report words it.
    #[serde(skip)]
    pub promise: Promise,
    /// How to install with it.
    pub install: &'static str,
}

/// What the next person gets who installs from the same files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// No version: the newest ones are installed.
    Nothing,
    /// Some versions; of the others, the newest ones are installed.
    SomeVersions,
    /// The same versions, if the index can be trusted.
    Versions,
    /// The same versions; some of the files are compared with a hash.
    SomeVerified,
    /// The same versions of what is named, compared with a hash; not of what these packages need.
    NamedVerified,
    /// The same source code: one hash for each package.
    SameSource,
    /// The same versions: several hashes for each package, one for each system's file.
    FilePerSystem,
}

/// All three, from the embedded files.
pub fn compare() -> [Manager; 3] {
    [
        pip(REQUIREMENTS),
        poetry(PYPROJECT, POETRY_LOCK),
        cargo(MANIFEST, &PACKAGES),
    ]
}

/// Counts in a `requirements.txt`: each line has a requirement; `--hash=` options follow it or have their own lines.
fn pip(text: &str) -> Manager {
    let lines = || text.lines().map(str::trim);
    let requirements = || lines().filter(|line| line.starts_with(|c: char| c.is_alphanumeric()));
    let count = Counts {
        names: requirements().count(),
        pinned: requirements().filter(|line| line.contains("==")).count(),
        hashes: text.matches("--hash=sha256:").count(),
        markers: requirements().filter(|line| line.contains(';')).count(),
        versions: requirements()
            .filter_map(|line| line.split_once("=="))
            .map(|(name, version)| (name.trim(), version.trim()))
            .collect(),
    };
    count.manager(
        "pip",
        &["requirements.txt"],
        "pip install -r ex01/python/requirements.txt",
    )
}

/// Counts in a `pyproject.toml` (PEP 621) and in the lock file that Poetry made from it.
fn poetry(pyproject: &str, lock: &str) -> Manager {
    let requirements = pyproject.split_once("\ndependencies = [").map(|(_, it)| it);
    let requirements = requirements
        .and_then(|it| it.split_once("\n]"))
        .map(|(it, _)| it);
    let packages = lockfile::packages(lock);
    let count = Counts {
        names: requirements.unwrap_or_default().matches('"').count() / 2,
        pinned: packages.len(),
        hashes: lock.matches("hash = \"sha256:").count(),
        markers: lock
            .lines()
            .filter(|line| line.starts_with("markers = "))
            .count(),
        versions: packages.iter().map(|it| (it.name, it.version)).collect(),
    };
    count.manager(
        "Poetry",
        &["pyproject.toml", "poetry.lock"],
        "poetry install --project ex01/python",
    )
}

/// Counts in this crate's manifest, and in the part of the lock file that this crate can need.
fn cargo(manifest: &str, packages: &[Package<'_>]) -> Manager {
    let reachable = lockfile::reachable(packages);
    let count = Counts {
        names: lockfile::names(manifest, "[dependencies]").len(),
        pinned: reachable.len(),
        hashes: reachable.iter().filter(|it| it.checksum.is_some()).count(),
        markers: 0, // a Cargo.lock has no such field: it holds the crates of every system at once
        versions: reachable.iter().map(|it| (it.name, it.version)).collect(),
    };
    count.manager(
        "Cargo",
        &["Cargo.toml", "Cargo.lock"],
        "cargo run -p ex01 --locked",
    )
}

/// What is counted for a [`Manager`].
struct Counts<'a> {
    /// Asked for by name.
    names: usize,
    /// With an exact version.
    pinned: usize,
    /// With a SHA-256 sum.
    hashes: usize,
    /// For some systems only.
    markers: usize,
    /// Name and version of each pin.
    versions: BTreeSet<(&'a str, &'a str)>,
}

impl Counts<'_> {
    /// Draws the conclusion.
    fn manager(
        self,
        name: &'static str,
        files: &'static [&'static str],
        install: &'static str,
    ) -> Manager {
        let names: Vec<&str> = self.versions.iter().map(|(name, _)| *name).collect();
        let versions = names.chunk_by(|one, next| one == next);
        Manager {
            name,
            files,
            names: self.names,
            pinned: self.pinned,
            twice: versions.filter(|it| it.len() > 1).count(),
            hashes: self.hashes,
            markers: self.markers,
            promise: promise(&self),
            install,
        }
    }
}

/// What the counts guarantee to the next person who installs.
fn promise(count: &Counts<'_>) -> Promise {
    let (pinned, hashes) = (count.pinned, count.hashes);
    if pinned == 0 {
        Promise::Nothing
    } else if pinned < count.names {
        Promise::SomeVersions
    } else if hashes == 0 {
        Promise::Versions
    } else if hashes < pinned {
        Promise::SomeVerified
    } else if pinned == count.names {
        Promise::NamedVerified
    } else if hashes == pinned {
        Promise::SameSource
    } else {
        Promise::FilePerSystem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(requirements: &str, expected: (usize, usize, usize), promise: Promise) {
        let found = pip(requirements);
        assert_eq!((found.names, found.pinned, found.hashes), expected);
        assert_eq!(found.promise, promise);
    }

    #[test]
    fn pip_promises_what_its_file_pins() {
        check("pandas\nnumpy\n", (2, 0, 0), Promise::Nothing);
        check(
            "# pandas==1\npandas==3.0\nnumpy>=2\n",
            (2, 1, 0),
            Promise::SomeVersions,
        );
        check("pandas==3.0\n", (1, 1, 0), Promise::Versions);
        check(
            "pandas==3.0 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\n",
            (1, 1, 2),
            Promise::NamedVerified,
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
        assert_eq!(found.promise, Promise::FilePerSystem);
    }

    #[test]
    fn the_shipped_files_show_the_difference() {
        let [pip, poetry, cargo] = compare();
        assert_eq!((pip.names, pip.pinned), (4, 0));
        assert_eq!(poetry.names, 4);
        assert!(poetry.pinned > 20 && poetry.hashes > poetry.pinned && poetry.twice > 0);
        assert!(cargo.pinned > 200 && cargo.hashes == cargo.pinned);
        let promises = [pip, poetry, cargo].map(|it| it.promise);
        let expected = [
            Promise::Nothing,
            Promise::FilePerSystem,
            Promise::SameSource,
        ];
        assert_eq!(promises, expected);
    }
}
