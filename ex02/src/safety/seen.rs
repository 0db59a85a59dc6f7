//! What can the oracle see in files, in git and in the variables?
//!
//! This is data. `report` puts it into words and adds the hints.

use super::searched::{Past, Searched, Unsearched, Where};
use crate::config::Problem;
use crate::git::Silence;
use crate::search::{Beyond, What};
use crate::sources::{Named, Origin, Written};
use crate::words::{Outside, Place, Words};

/// What the oracle saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A secret in this place.
    Holds(Where, What),
    /// The number of similar facts that are not listed.
    More(Beyond),
    /// A problem of a variable or a file.
    Wrong(Problem),
    /// What was searched for secrets.
    Searched(Searched),
    /// Which current files were not searched.
    Unsearched(Unsearched),
    /// What was searched of past commits.
    Past(Past),
    /// The state of a layer file, or that there is none.
    OfFile(OfFile),
    /// What git says about a layer file.
    OfGit(OfGit),
    /// Do the example and the files have the same variables?
    OfExample(OfExample),
    /// The state of all five variables.
    OfFive(OfFive),
}

/// The state of a layer file, or that there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfFile {
    /// There is no `.env`, and the five are not all set elsewhere. The example can be copied.
    Missing(Option<Place>),
    /// There is no `.env`, and it is not needed.
    NotNeeded(Option<Place>),
    /// The search ended at a folder of another user.
    EndedAt,
    /// A regular file, every line understood.
    Understood,
    /// Only its owner can read it. With the permission bits.
    Private(u32),
    /// Others can read or change it. With the permission bits.
    Open(u32),
    /// The oracle did not check who can read it.
    PermissionsUnknown,
    /// A link to this file of the repository.
    LeadsTo(Words),
}

/// What git says about a layer file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfGit {
    /// There is no repository, so git was not asked.
    NotAsked,
    /// Git could not say anything about it.
    Silent(Silence),
    /// Git could not say one thing about it.
    Unsure(Silence),
    /// Ignored by this rule.
    Ignored(Outside),
    /// Not ignored: the `.gitignore` beside the file has no rule for it.
    NotIgnored(Written, Rules),
    /// Tracked. With its path when it is in another repository than the current folder.
    Tracked(Option<Written>),
    /// Not tracked.
    NotTracked,
    /// This commit added it.
    Committed(Outside),
    /// Never committed.
    NeverCommitted,
    /// The history here is not complete. With the folder of the file when it is in another repository.
    Shallow(Option<Words>),
}

/// Where a new rule for git goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// To the end of the file, or into a new one.
    AtTheEnd,
    /// To the end, after a line break: the last line has none.
    AfterOpenLine,
    /// The file is a link, and git does not follow it (since 2.32).
    InALink,
    /// There is something else in its place, such as a folder. git reads no rules there.
    InNoFile,
}

/// Do the example and the files have the same variables?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfExample {
    /// There is no example.
    Missing,
    /// The example does not mention this one of the five.
    Lacks(&'static str),
    /// The example does not mention this entry of a layer file.
    Unmentioned(Named),
    /// No place sets this entry of the example.
    SetNowhere(Named),
    /// A line of a layer file names this entry of the example, and dotenvy cannot read that line.
    Lost(Named, Place),
    /// The two were not compared to the end: these files were not read.
    NotCompared(Vec<Place>),
    /// The example and the files have the same variables.
    InStep,
}

/// The state of all five variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfFive {
    /// All five are set and valid.
    AllValid,
    /// These are not set, so the default counts.
    Defaulted(Vec<&'static str>),
    /// These are not set in a place that was read. Files that may set them were not read.
    Unread(Vec<&'static str>, Vec<Place>),
    /// These are not set or not valid.
    NotValid(Vec<&'static str>),
    /// Production would start.
    WouldStart,
    /// These come from the process environment, or from another place than in development.
    Overrides(Vec<(&'static str, Origin)>),
}

impl From<Searched> for Seen {
    fn from(seen: Searched) -> Self {
        Self::Searched(seen)
    }
}

impl From<Unsearched> for Seen {
    fn from(seen: Unsearched) -> Self {
        Self::Unsearched(seen)
    }
}

impl From<Past> for Seen {
    fn from(seen: Past) -> Self {
        Self::Past(seen)
    }
}

impl From<OfFile> for Seen {
    fn from(seen: OfFile) -> Self {
        Self::OfFile(seen)
    }
}
