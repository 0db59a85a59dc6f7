//! Which programs does the Matrix load, what is each one for, and is it there?

use serde::Serialize;

mod verdict; // There, in the version that was asked for, and working?
mod lockfile; // What Cargo.toml and Cargo.lock say.
mod linked; // What is really inside this binary.
mod selftest; // One small task for each.
mod managers; // pip, Poetry and Cargo: three ways to name the same programs.

pub use managers::{Manager, compare as compare_managers};
pub use verdict::look;

/// A third-party library: one Cargo feature, one line of the report.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// The crate, and the feature that brings it in.
    pub name: &'static str,
    /// What it does here, in the subject's words.
    pub purpose: &'static str,
    /// The Python library whose place it takes.
    pub python: &'static str,
    /// Whether this binary was compiled with it.
    pub enabled: bool,
}

/// The answer for one program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// There, in the locked version, and its self-test passed.
    Ok,
    /// Not compiled in.
    Missing,
    /// There and working, but not in the version that the lock file names.
    Drift,
    /// There, but its self-test failed.
    Broken,
    /// There and working; in which version cannot be told.
    Unknown,
}

/// One program and what was found out about it; the report and the JSON show the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// The crate.
    pub name: &'static str,
    /// What it does here.
    pub purpose: &'static str,
    /// The Python library whose place it takes.
    pub python: &'static str,
    /// The range in `Cargo.toml`, as written.
    pub required: Option<String>,
    /// The version in the `Cargo.lock` that this binary was built beside.
    pub locked: Option<String>,
    /// SHA-256 of that version's `.crate` file, from the lock.
    pub checksum: Option<String>,
    /// The version found in the binary itself; none when it is not in, or cannot be told.
    pub linked: Option<String>,
    /// The verdict.
    pub status: Status,
    /// Why it is not `[OK]`.
    pub problem: Option<String>,
    /// What to type then.
    pub fix: Option<String>,
}

impl Dependency {
    /// Why the analysis cannot use it; an unexpected or unknown version works.
    pub fn obstacle(&self) -> Option<String> {
        match self.status {
            Status::Ok | Status::Drift | Status::Unknown => None,
            Status::Missing => Some(format!("{} is missing", self.name)),
            Status::Broken => Some(format!("{} does not work", self.name)),
        }
    }
}

/// The four of the subject, in its order.
pub const PROGRAMS: [Program; 4] = [
    Program {
        name: "polars",
        purpose: "Data manipulation",
        python: "pandas",
        enabled: cfg!(feature = "polars"),
    },
    Program {
        name: "ndarray",
        purpose: "Numerical computation",
        python: "numpy",
        enabled: cfg!(feature = "ndarray"),
    },
    Program {
        name: "plotters",
        purpose: "Visualization",
        python: "matplotlib",
        enabled: cfg!(feature = "plotters"),
    },
    Program {
        name: "ureq",
        purpose: "Network access",
        python: "requests",
        enabled: cfg!(feature = "ureq"),
    },
];
