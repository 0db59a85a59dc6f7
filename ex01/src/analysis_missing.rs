//! What happens where polars or ndarray is missing? The stand-in for `analysis.rs`, with the same functions.

use crate::cli::Args;
use crate::exit::Trouble;
use crate::programs::Dependency;
use crate::results::{Findings, Outcome};

/// What the command line asks for, as far as the programs allow.
pub enum Begun {
    /// Nothing else is possible, and the compiler knows.
    #[expect(dead_code, reason = "what there is nothing of is never made")]
    Job(Box<Job>),
    /// Nothing can be done, and why.
    Undone(Vec<String>),
}

/// There is none.
pub enum Job {}

/// Says why nothing can be done.
#[expect(clippy::unnecessary_wraps, reason = "the signature of the real one")]
pub fn begin(_: &Args, programs: &[Dependency]) -> Result<Begun, Trouble> {
    let needed = programs
        .iter()
        .filter(|it| matches!(it.name, "polars" | "ndarray"));
    let obstacles = needed.filter_map(Dependency::obstacle);
    let undone = obstacles.map(|it| format!("no analysis: {it}"));
    Ok(Begun::Undone(undone.collect()))
}

impl Job {
    pub fn read(&mut self) -> Result<Option<()>, Trouble> {
        match *self {}
    }

    pub fn points(&self, _: Option<&()>) -> u64 {
        match *self {}
    }

    pub fn findings(&mut self, _: Option<()>) -> Result<Findings, Trouble> {
        match *self {}
    }

    pub fn draws(&self) -> bool {
        match *self {}
    }

    pub fn finish(self, _: Findings) -> Result<Outcome, Trouble> {
        match self {}
    }
}
