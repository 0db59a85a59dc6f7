//! What can a search for secrets see, and what did it leave out?

use std::collections::BTreeSet;
use std::io::ErrorKind;

use crate::config::{NotSought, Owner};
use crate::git::Silence;
use crate::search::ObjectKind;
use crate::words::Outside;

/// What was searched for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Searched {
    /// All tracked files were searched.
    Tree { files: usize, bytes: u64 },
    /// This many tracked files were searched in git's store.
    Store(usize),
    /// Nothing is tracked, because there is no repository.
    NothingTracked,
    /// What the search looked for.
    Scope(Scope),
    /// The number of places with an allow mark.
    Allowed(usize),
    /// The number of submodules that were not entered.
    Submodules(usize),
}

/// What a search looks for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// How many values.
    pub values: usize,
    /// The values that it does not look for.
    pub left_out: BTreeSet<(Owner, NotSought)>,
    /// How far back it goes.
    pub depth: Depth,
    /// The name of the example, when nothing else was searched.
    pub only_in: Option<&'static str>,
}

/// How far back a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Only the files of today are searched.
    Today,
    /// Past commits too (`--history`).
    History,
}

/// Which current files were not searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsearched {
    /// This many files could not be searched in git's store.
    Store(usize),
    /// It is not known which files differ between git's store and the work tree.
    Changed(Silence),
    /// The tracked files were not searched.
    Tree(Silence),
    /// The search left out this many values: too long, or too many.
    ValuesLeftOut(usize),
    /// The example could not be searched. With the system's reason, when it is a regular file.
    Example(Option<ErrorKind>),
    /// Only this many bytes of the example were searched.
    ExampleCut(u64),
    /// A tracked file could not be read.
    TrackedUnread,
    /// Only the beginning of a tracked file was searched.
    TrackedCut,
    /// This many tracked files were not searched, or not to the end, because the time was up.
    TrackedLate(usize),
}

/// What was searched of past commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Past {
    /// All objects here were searched.
    All { objects: usize, bytes: u64 },
    /// The history was not searched.
    NotSearched(Silence),
    /// Only the beginning of this many objects was searched.
    Cut(usize),
    /// Git could not give this many objects of the history.
    Unread(usize),
    /// It is not known whether git could give all objects of the history.
    Unsure(Silence),
    /// `git clone --depth`: earlier commits are missing here.
    Shallow,
    /// `git clone --filter`: objects are missing here.
    Partial,
}

/// The place of a secret. The file of today is the place of the fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// On a line of the file.
    Line,
    /// In the name of the file.
    Name,
    /// On a line of a file that this commit added.
    Commit {
        commit: Outside,
        file: Outside,
        line: usize,
    },
    /// On a line of an object in git's store, or in the name of an entry of a tree.
    Object {
        kind: ObjectKind,
        object: Outside,
        line: usize,
    },
}
