//! Is this configuration safe? Three checks, each made of facts.
//!
//! A check is `[OK]` only when the oracle looked at every fact and each is right. A fact that it could not
//! look at is `[SKIP]`. A check is as bad as its worst fact. The report calls the three checks findings.

mod check; // what a check is made of
mod seen; // what can be seen in files, in git and in the variables
mod hardcoded; // check 1: are there secrets in tracked files or in the example?
mod tracked; // secrets in tracked files
mod history; // secrets in past commits
mod searched; // what a search can see, and what it left out
mod env_file; // check 2: is `.env` complete, private and unknown to git?
mod of_git; // does git ignore a layer file, track it, or remember it?
mod example; // have the layer files and the example the same variables?
mod production; // check 3: would production start?
mod repositories; // which repository knows a file?

pub use check::{Check, Claim, Fact, Verdict};
pub use searched::{Depth, Past, Scope, Searched, Unsearched, Where};
pub use seen::{OfExample, OfFile, OfFive, OfGit, Rules, Seen};

use std::time::Duration;

use crate::config::Config;
use crate::git::{Git, Silence};
use crate::sources::{EnvFile, Sources};
use repositories::Repositories;

/// The search of all tracked files may take this many times `--timeout`.
const SEARCH_PATIENCE: u32 = 20;

/// git may take this many times `--timeout`.
const GIT_PATIENCE: u32 = 5;

/// Asks git and searches the files. Returns the three checks in their order.
pub fn check_safety(
    sources: &Sources,
    config: &Config,
    depth: Depth,
    timeout: Duration,
) -> Vec<Check> {
    let repositories = Repositories::new(sources, timeout * GIT_PATIENCE);
    vec![
        hardcoded::check_hardcoded(
            sources,
            &repositories.current,
            depth,
            timeout * SEARCH_PATIENCE,
        ),
        env_file::check_env_file(sources, config, &repositories),
        production::check_production(sources, config.mode),
    ]
}

/// Does git track this layer file, or the file that it is a link to?
pub fn is_tracked(sources: &Sources, file: &EnvFile, timeout: Duration) -> Result<bool, Silence> {
    let repositories = Repositories::new(sources, timeout * GIT_PATIENCE);
    let current = repositories.current.as_ref().map_err(|why| *why)?.as_ref();
    let tracks = |git: Option<&Git>, path| git.map_or(Ok(false), |it| it.tracks(path));
    if tracks(current, &file.path)? {
        return Ok(true);
    }
    let Some(target) = &file.target else {
        return Ok(false);
    };
    let other = repositories.other(&target.path).transpose()?.flatten();
    Ok(tracks(current, &target.path)? || tracks(other.as_ref(), &target.path)?)
}
