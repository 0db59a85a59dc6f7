//! Is this configuration safe? Three checks, each made of facts.
//!
//! A check is `[OK]` only when the oracle looked at every fact and each is right. A fact that it could not
//! look at is `[SKIP]`. A check is as bad as its worst fact. The report calls the three checks findings.

mod check;
mod env_file;
mod example;
mod hardcoded;
mod history;
mod of_git;
mod production;
mod repositories;
mod searched;
mod seen;
mod tracked;

pub use check::{Check, Claim, Fact, Verdict};
pub use searched::{Past, Searched, Unsearched, Where};
pub use seen::{OfExample, OfFile, OfFive, OfGit, Rules, Seen, UnreadEntry};

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
    with_history: bool,
    timeout: Duration,
) -> Vec<Check> {
    let repositories = Repositories::new(sources, timeout * GIT_PATIENCE);
    vec![
        hardcoded::check_hardcoded(
            sources,
            &repositories.current,
            with_history,
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
