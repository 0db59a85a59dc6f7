//! What happens if polars or ndarray is missing? This is the stand-in for `analysis.rs`, with the same functions.

use crate::cli::Args;
use crate::faults::Trouble;
use crate::programs::Dependency;
use crate::results::{Findings, Outcome};

/// What the flags ask for, if the programs are there.
pub enum Begun {
    /// An analysis. It cannot exist here, and the compiler knows that.
    #[expect(dead_code, reason = "without the programs, no analysis exists")]
    Job(Box<Job>),
    /// Nothing can be done, because these programs cannot be used.
    Undone(Vec<Dependency>),
}

/// An analysis, which cannot exist here.
pub enum Job {}

/// Says why no analysis can run.
#[expect(
    clippy::unnecessary_wraps,
    reason = "`analysis.rs` has the same signature"
)]
pub fn begin(_: &Args, programs: &[Dependency]) -> Result<Begun, Trouble> {
    let needed = programs
        .iter()
        .filter(|it| matches!(it.name, "polars" | "ndarray"));
    let undone = needed.filter(|it| !it.is_usable()).cloned();
    Ok(Begun::Undone(undone.collect()))
}

impl Job {
    pub fn address(&self) -> Option<String> {
        match *self {}
    }

    pub fn outcome(&self) -> &Outcome {
        match *self {}
    }

    pub fn read(&mut self) -> Result<u64, Trouble> {
        match *self {}
    }

    pub fn findings(&mut self) -> Result<Findings, Trouble> {
        match *self {}
    }

    pub fn has_picture(&self) -> bool {
        match *self {}
    }

    pub fn finish(self, _: Findings, _: &str) -> Result<Outcome, Trouble> {
        match self {}
    }
}
