//! Of what does a finding consist?

use serde::Serialize;

use crate::config::{Owner, Problem};
use crate::git::{self, Silence};
use crate::search::{Beyond, LeftOut, What};
use crate::sources::{Flaw, Unreadable};
use crate::words::{MOST_LISTED, Outside, Place};

/// What a look at something showed. The order is from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Looked at and right.
    Ok,
    /// Not looked at, and why is said.
    Skip,
    /// Looked at, and to be mended.
    Warn,
    /// Looked at and wrong.
    Fail,
}

/// What a finding claims when it is `[OK]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// No hardcoded secrets detected
    NoHardcodedSecrets,
    /// .env file properly configured
    EnvFileConfigured,
    /// Production overrides available
    ProductionAvailable,
}

/// One of the three findings.
pub struct Check {
    /// What is claimed.
    pub claim: Claim,
    /// The worst of the facts.
    pub status: Verdict,
    /// The facts.
    pub evidence: Vec<Fact>,
}

/// One fact behind a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What the look showed.
    pub verdict: Verdict,
    /// Which file it is about, and which line of it.
    pub place: Option<Place>,
    /// What was seen.
    pub seen: Seen,
}

/// What was seen. How it is called and what is to be done is said in `report`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A secret, in this place.
    Holds(Where, What),
    /// All tracked files were searched: how many, of how many bytes, in which kind of work tree.
    SearchedTree(usize, u64, Option<git::Place>),
    /// So many tracked files were searched as git has them.
    SearchedStore(usize),
    /// So many could not be searched as git has them.
    StoreNotSearched(usize),
    /// What is staged was not searched.
    StagedNotSearched(Silence),
    /// The tracked files were not searched.
    TreeNotSearched(Silence),
    /// Nothing is tracked, for there is no repository.
    NothingTracked,
    /// What was looked for: so many values, these not, and the history, too.
    Scope(usize, Vec<(Owner, LeftOut)>, bool),
    /// So many values were not looked for: too long, or too many.
    ValuesLeftOut(usize),
    /// The values are too long to be looked for.
    ValuesTooLong,
    /// The example could not be searched.
    ExampleNotSearched,
    /// Of the example only so many bytes were searched.
    ExampleCut(u64),
    /// A tracked file that could not be read.
    TrackedUnread(Outside),
    /// A tracked file of which only the beginning was searched.
    TrackedCut(Outside),
    /// So many tracked files that were not searched, or not to the end, before the time was up.
    TrackedLate(usize),
    /// So many submodules that were not entered.
    Submodules(usize),
    /// All objects here were searched: how many, of how many bytes.
    SearchedHistory(usize, u64),
    /// The history was not searched.
    HistoryNotSearched(Silence),
    /// Of so many objects only the beginning was searched.
    HistoryCut(usize),
    /// Something that a search of the history lacked.
    HistoryLacks(Lacking),
    /// And so many more of these.
    More(Beyond, Many),

    /// There is no `.env`, and nothing else sets all five: the example that could be copied.
    NoEnvFile(Option<Place>),
    /// There is no `.env`, and none is needed.
    NoEnvFileNeeded(Option<Place>),
    /// The search ended at a folder of another user.
    EndedAt,
    /// A regular file, every line understood.
    Understood,
    /// It could not be read.
    Unreadable(Unreadable),
    /// A line of it.
    Line(Flaw),
    /// A link to somewhere outside of the repository.
    LeadsOutside,
    /// Only its owner can read it: the permission bits.
    Private(u32),
    /// Others can read or change it: the permission bits.
    Open(u32),
    /// Who can read it was not checked.
    PermissionsUnknown,
    /// There is no repository whose git could be asked.
    GitNotAsked,
    /// Git could not say anything about it.
    GitSilent(Silence),
    /// Git could not say one thing about it.
    GitUnsure(Silence),
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
    /// All five are set and valid.
    AllValid,
    /// These are not set, so the default counts.
    Defaulted(Vec<&'static str>),
    /// These are not set or not valid.
    NotValid(Vec<&'static str>),
    /// There is no example.
    NoExample,
    /// The example does not mention this one of the five.
    ExampleLacks(&'static str),
    /// The example does not mention this entry of a layer file.
    Unmentioned(Entry),
    /// This entry of the example is set nowhere.
    SetNowhere(Entry),
    /// The example and the files speak of the same variables.
    InStep,

    /// What keeps production from starting.
    Refused(Problem),
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

/// A fact about nothing in particular.
pub fn fact(verdict: Verdict, seen: Seen) -> Fact {
    Fact {
        verdict,
        place: None,
        seen,
    }
}

/// A fact about a file or a line of it.
pub fn fact_of(place: Place, verdict: Verdict, seen: Seen) -> Fact {
    Fact {
        verdict,
        place: Some(place),
        seen,
    }
}

impl Check {
    /// Puts facts under a claim.
    pub fn new(claim: Claim, evidence: Vec<Fact>) -> Self {
        let status = evidence.iter().map(|it| it.verdict).max();
        Self {
            claim,
            status: status.unwrap_or(Verdict::Skip),
            evidence,
        }
    }

    /// True when this was seen.
    pub fn has(&self, seen: impl Fn(&Seen) -> bool) -> bool {
        self.evidence.iter().any(|it| seen(&it.seen))
    }
}

/// Adds the first of these facts, which are all alike, and counts the others; those `beyond` were
/// counted before.
pub fn list(mut alike: Vec<Fact>, mut beyond: Beyond, many: Many, facts: &mut Vec<Fact>) {
    let rest = alike.split_off(alike.len().min(MOST_LISTED));
    let verdict = alike.first().map(|it| it.verdict);
    facts.append(&mut alike);
    beyond.number += rest.len();
    if let Some(verdict) = verdict.filter(|_| beyond.number > 0) {
        facts.push(fact(verdict, Seen::More(beyond, many)));
    }
}
