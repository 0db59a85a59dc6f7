//! Is this configuration safe? Three checks, each made of facts.
//!
//! A check is `[OK]` only when the oracle looked at every fact and each is right. A fact that it could not
//! look at is `[SKIP]`. A check is as bad as its worst fact. The report calls the three checks findings.

mod check;
mod env_file;
mod example;
mod hardcoded;
mod history;
mod production;
mod searched;
mod seen;
mod tracked;

pub use check::{Check, Claim, Fact, Verdict};
pub use searched::{Lacking, Past, Searched, Unsearched, Where};
pub use seen::{OfExample, OfFile, OfFive, OfGit, Rules, Seen, UnreadEntry};

use std::time::Duration;

use crate::config::Config;
use crate::git::{Repository, Silence, find_repository};
use crate::sources::{EnvFile, Sources};

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
    let repository = repository(sources, timeout);
    vec![
        hardcoded::check_hardcoded(
            sources,
            &repository,
            with_history,
            timeout * SEARCH_PATIENCE,
        ),
        env_file::check_env_file(sources, config, &repository),
        production::check_production(sources, config.mode),
    ]
}

/// Does git track this layer file, or the file that it is a link to?
pub fn is_tracked(sources: &Sources, file: &EnvFile, timeout: Duration) -> Result<bool, Silence> {
    let Some(git) = repository(sources, timeout)? else {
        return Ok(false);
    };
    let target = file.target.as_ref().map(|it| git.tracks(&it.path));
    Ok(git.tracks(&file.path)? || target.unwrap_or(Ok(false))?)
}

/// Asks git whether the current folder is in a repository.
fn repository(sources: &Sources, timeout: Duration) -> Repository {
    let root = sources.root.as_ref().map_err(|why| *why)?.as_deref();
    let user = &sources.process.user;
    find_repository(&sources.folder, root, user, timeout * GIT_PATIENCE)
}
