//! Are there secrets in tracked files, as they are on disk and as the next commit has them?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::check::{Fact, Verdict, fact, fact_of, list};
use super::searched::{Searched, Unsearched, Where};
use super::seen::Seen;
use crate::git::{Git, Tracked};
use crate::search::{
    FileHit, Found, Limits, MOST_OF_A_FILE, Needle, Needles, holds_examples, search_blobs,
    search_files,
};
use crate::words::{Outside, Place};

/// What was already reported about the example. Paths are whole.
#[derive(Default)]
pub struct Reported {
    /// The secrets in it.
    pub hits: BTreeSet<FileHit>,
    /// Its path, when it could not be read.
    pub unread: Option<PathBuf>,
}

/// Searches the tracked files: as they are in the work tree, and as the next commit would have them.
/// It does not repeat what was already reported about the example.
pub fn search(
    git: &Git,
    needles: &Needles,
    patience: Duration,
    reported: &Reported,
    facts: &mut Vec<Fact>,
) {
    let tracked = match &git.tracked {
        Ok(tracked) => tracked,
        Err(why) => return facts.push(fact(Verdict::Warn, Unsearched::Tree(*why))),
    };
    let limits = Limits {
        bytes: MOST_OF_A_FILE,
        until: Instant::now() + patience,
    };
    let mut found = search_files(needles, &git.top, tracked, limits);
    let in_store = search_store(git, tracked, needles, &mut found);
    let new = found.hits.first().filter(|hit| {
        let path = git.top.join(&hit.path);
        !reported
            .hits
            .contains(&FileHit::new(&path, hit.line, hit.what))
    });
    let hits = new.map(|hit| {
        let found = hit.line.map_or(Where::Name, |_| Where::Line);
        let seen = Seen::Holds(found, needles.what(hit.what));
        let place = Place::new(Outside::from(hit.path.as_path()), hit.line);
        fact_of(place, Verdict::Fail, seen)
    });
    list(hits.collect(), found.hits.beyond(), facts);
    let searched = Searched::Tree {
        files: found.files,
        bytes: found.bytes,
    };
    facts.push(fact(Verdict::Ok, searched));
    facts.extend(in_store);
    let is_new = |path: &&PathBuf| reported.unread != Some(git.top.join(path));
    let unread = found.unread.first().filter(is_new);
    let unread = unread.map(|it| about(it, Unsearched::TrackedUnread));
    list(unread.collect(), found.unread.beyond(), facts);
    what_was_not_searched(&found, facts);
}

/// Searches in git's store what the work tree does not show: files that were changed since `git add`, and
/// files that are missing.
fn search_store(
    git: &Git,
    tracked: &[Tracked],
    needles: &Needles,
    found: &mut Found,
) -> Option<Fact> {
    let changed = match git.changed() {
        Ok(changed) => changed,
        Err(why) => return Some(fact(Verdict::Warn, Unsearched::Changed(why))),
    };
    let absent = found.absent.iter().filter_map(|it| tracked.get(*it));
    let wanted = absent.chain(changed);
    // In the order of the blobs: many files may share one blob.
    let wanted: BTreeSet<(&str, &Path)> = wanted
        .map(|it| (it.blob.as_str(), it.path.as_path()))
        .collect();
    if wanted.is_empty() {
        return None;
    }
    let blobs: BTreeSet<&str> = wanted.iter().map(|(blob, _)| *blob).collect();
    let hit = |object: &str, line, what: Needle| {
        let files = wanted.range((object, Path::new(""))..);
        for (_, path) in files.take_while(|(blob, _)| *blob == object) {
            if !what.counts(holds_examples(path)) {
                continue;
            }
            if !found.hits.add_again(FileHit::new(path, Some(line), what)) {
                break;
            }
        }
    };
    let searched = search_blobs(git, needles, blobs, hit);
    found.allowed += searched.as_ref().map_or(0, |it| it.allowed);
    Some(
        if searched.is_ok_and(|it| it.lacking.is_empty() && it.cut == 0) {
            fact(Verdict::Ok, Searched::Store(wanted.len()))
        } else {
            fact(Verdict::Warn, Unsearched::Store(wanted.len()))
        },
    )
}

/// What the search left out of a file.
fn about(path: &Path, seen: Unsearched) -> Fact {
    let place = Place::new(Outside::from(path), None);
    fact_of(place, Verdict::Warn, seen)
}

/// What else the search left out, and why.
fn what_was_not_searched(found: &Found, facts: &mut Vec<Fact>) {
    let cut = found.cut.first();
    let cut = cut.map(|it| about(it, Unsearched::TrackedCut));
    list(cut.collect(), found.cut.beyond(), facts);
    if found.late > 0 {
        facts.push(fact(Verdict::Warn, Unsearched::TrackedLate(found.late)));
    }
    if found.allowed > 0 {
        facts.push(fact(Verdict::Ok, Searched::Allowed(found.allowed)));
    }
    if found.submodules > 0 {
        facts.push(fact(Verdict::Ok, Searched::Submodules(found.submodules)));
    }
}
