//! Which programs does the Matrix load, what is each one for, and is it there?
//!
//! The subject calls the four libraries programs. A [`Program`] is what this code knows of one, a [`Dependency`] is
//! what was found out about it.

use serde::Serialize;

mod verdict; // Is each program there, in the locked version, and does it work?
mod lockfile; // What Cargo.toml and Cargo.lock say.
mod linked; // Which versions are really inside this binary.
mod selftest; // One small task for each program.
mod managers; // pip, Poetry and Cargo: three ways to name the same programs.

pub use managers::{Counts, Manager, compare as compare_managers};
pub use verdict::check_programs;

/// A third-party library: one Cargo feature, one line of the report.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// The crate, and the feature that brings it in.
    pub name: &'static str,
    /// What it does here, in the subject's words.
    pub purpose: &'static str,
    /// The Python library that it replaces.
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
    /// There and working, but its version is unknown.
    Unknown,
}

/// What was found out about one program. The report and the JSON both show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// The crate.
    pub name: &'static str,
    /// What it does here.
    pub purpose: &'static str,
    /// The Python library that it replaces.
    pub python: &'static str,
    /// The range in `Cargo.toml`, as written.
    pub required: Option<&'static str>,
    /// The version in the `Cargo.lock` that this binary was built with.
    pub locked: Option<&'static str>,
    /// SHA-256 of the `.crate` file of that version, from the lock file.
    pub checksum: Option<&'static str>,
    /// The version found in the binary itself; none if the program is missing or its version is unknown.
    pub linked: Option<String>,
    pub status: Status,
    /// Why it is not `[OK]`; the report words it.
    #[serde(skip)]
    pub problem: Option<Problem>,
}

/// Why a program is not `[OK]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The build left it out.
    LeftOut,
    /// Its self-test failed with this answer.
    SelfTest(WrongAnswer),
    /// The binary contains another version than its `Cargo.lock` names.
    Linked { linked: String, locked: String },
    /// The `Cargo.lock` on disk names another version than the one of this build.
    OnDisk {
        locked: String,
        on_disk: String,
        /// Whether it has another checksum too, as every other version must have.
        has_other_checksum: bool,
    },
    /// The `Cargo.lock` on disk names the same version, but another checksum or none.
    OtherContents,
    /// The `Cargo.lock` on disk no longer lists it, or has no block for it.
    NotOnDisk,
    /// The `Cargo.lock` of this build does not name it.
    NotLocked,
    /// No source path in the binary names its version.
    NotLinked,
    /// The binary cannot be read, for this reason.
    Unreadable(String),
}

/// How a program failed at its task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "polars"),
    expect(dead_code, reason = "the others start no threads")
)]
pub enum WrongAnswer {
    /// It panicked with this message.
    Panic(String),
    /// It gave up, for this reason.
    Failed(String),
    /// It was not asked: with the value of this variable, it would start no thread or more than this.
    Variable { variable: &'static str, most: u64 },
    /// It was not asked: it could show the value of this variable, which has a character that must not reach a terminal.
    Unshowable { variable: String },
    /// It needs so many threads, and the system refuses one of them, for this reason.
    NoThreads { needed: usize, why: String },
    /// It gave another answer than the expected one.
    Other { expected: String, found: String },
}

impl Dependency {
    /// Whether it can do its work. Another version or an unknown one is no obstacle.
    pub fn is_usable(&self) -> bool {
        !matches!(self.status, Status::Missing | Status::Broken)
    }
}

/// The four programs, in the order of the report.
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
