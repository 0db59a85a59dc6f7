//! What can a look at files, at git and at the variables show?
//!
//! Data: how each is called and what is to be done is said in `report`.

use crate::config::{Owner, Problem};
use crate::git::{self, Silence};
use crate::search::{Beyond, LeftOut, What};
use crate::sources::{Flaw, Unreadable};
use crate::words::{Outside, Place};

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A secret, in this place.
    Holds(Where, What),
    /// And so many more of these.
    More(Beyond, Many),
    /// What keeps production from starting.
    Refused(Problem),
    /// What was searched for secrets.
    Searched(Searched),
    /// What was not searched, of the files as they are now.
    Unsearched(Unsearched),
    /// What was searched of past commits.
    Past(Past),
    /// What is so of a layer file, or of there being none.
    OfFile(OfFile),
    /// What git says of a layer file.
    OfGit(OfGit),
    /// Whether the example and the files speak of the same variables.
    OfExample(OfExample),
    /// What is so of all five variables.
    OfFive(OfFive),
}

/// What was searched for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Searched {
    /// All tracked files were searched: how many, of how many bytes, in which kind of work tree.
    Tree(usize, u64, Option<git::Place>),
    /// So many tracked files were searched as git has them.
    Store(usize),
    /// Nothing is tracked, for there is no repository.
    NothingTracked,
    /// What was looked for: so many values, these not, and the history, too.
    Scope(usize, Vec<(Owner, LeftOut)>, bool),
    /// So many places that an allow mark passes over.
    Allowed(usize),
    /// So many submodules that were not entered.
    Submodules(usize),
}

/// What was not searched, of the files as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsearched {
    /// So many could not be searched as git has them.
    Store(usize),
    /// What is staged was not searched.
    Staged(Silence),
    /// The tracked files were not searched.
    Tree(Silence),
    /// So many values were not looked for: too long, or too many.
    ValuesLeftOut(usize),
    /// The values are too long to be looked for.
    ValuesTooLong,
    /// The example could not be searched.
    Example,
    /// Of the example only so many bytes were searched.
    ExampleCut(u64),
    /// A tracked file that could not be read.
    TrackedUnread(Outside),
    /// A tracked file of which only the beginning was searched.
    TrackedCut(Outside),
    /// So many tracked files that were not searched, or not to the end, before the time was up.
    TrackedLate(usize),
}

/// What was searched of past commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Past {
    /// All objects here were searched: how many, of how many bytes.
    All(usize, u64),
    /// The history was not searched.
    NotSearched(Silence),
    /// Of so many objects only the beginning was searched.
    Cut(usize),
    /// Something that a search of the history lacked.
    Lacks(Lacking),
}

/// What is so of a layer file, or of there being none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfFile {
    /// There is no `.env`, and nothing else sets all five: the example that could be copied.
    Missing(Option<Place>),
    /// There is no `.env`, and none is needed.
    NotNeeded(Option<Place>),
    /// The search ended at a folder of another user.
    EndedAt,
    /// A regular file, every line understood.
    Understood,
    /// Only its owner can read it: the permission bits.
    Private(u32),
    /// Others can read or change it: the permission bits.
    Open(u32),
    /// Who can read it was not checked.
    PermissionsUnknown,
    /// A link to somewhere outside of the repository.
    LeadsOutside,
    /// It could not be read.
    Unreadable(Unreadable),
    /// A line of it.
    Line(Flaw),
}

/// What git says of a layer file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfGit {
    /// There is no repository whose git could be asked.
    NotAsked,
    /// Git could not say anything about it.
    Silent(Silence),
    /// Git could not say one thing about it.
    Unsure(Silence),
    /// Ignored by this rule.
    Ignored(Outside),
    /// Not ignored: the file's name.
    NotIgnored(&'static str),
    /// Tracked.
    Tracked,
    /// Not tracked.
    NotTracked,
    /// Committed first in this commit.
    Committed(Outside),
    /// Never committed.
    NeverCommitted,
    /// The history is cut.
    Shallow,
}

/// Whether the example and the files speak of the same variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfExample {
    /// There is no example.
    Missing,
    /// The example does not mention this one of the five.
    Lacks(&'static str),
    /// The example does not mention this entry of a layer file.
    Unmentioned(Entry),
    /// This entry of the example is set nowhere.
    SetNowhere(Entry),
    /// The example and the files speak of the same variables.
    InStep,
}

/// What is so of all five variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfFive {
    /// All five are set and valid.
    AllValid,
    /// These are not set, so the default counts.
    Defaulted(Vec<&'static str>),
    /// These are not set or not valid.
    NotValid(Vec<&'static str>),
    /// It would start.
    WouldStart,
    /// These come from the process environment or `.env.production`.
    Overrides(Vec<&'static str>),
}

/// Where a secret stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// On a line of a file.
    Line(Outside, usize),
    /// On a line of the example.
    Example(Place),
    /// In the name of a file.
    Name(Outside),
    /// On a line of a file that this commit brought.
    Commit(Outside, Outside, usize),
    /// On a line of an object of git's.
    Object(Outside, usize),
}

/// What a search of the history lacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// `git clone --depth`.
    Earlier,
    /// `git clone --filter`.
    Filtered,
}

/// Things of which there may be too many to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Many {
    /// Places where a secret stands.
    Places,
    /// Tracked files that could not be read.
    Unread,
    /// Tracked files of which only the beginning was searched.
    Cut,
    /// Entries that the example does not mention.
    Entries,
    /// Names of the example that are set nowhere.
    Names,
    /// Lines of files that keep production from starting.
    Lines,
    /// Others like those before it.
    Alike,
}

/// An entry that nothing here reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, when it is one as people write them; any other may be a piece of a secret.
    pub name: Option<Outside>,
    /// Where it stands.
    pub place: Place,
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

impl From<OfGit> for Seen {
    fn from(seen: OfGit) -> Self {
        Self::OfGit(seen)
    }
}

impl From<OfExample> for Seen {
    fn from(seen: OfExample) -> Self {
        Self::OfExample(seen)
    }
}

impl From<OfFive> for Seen {
    fn from(seen: OfFive) -> Self {
        Self::OfFive(seen)
    }
}
