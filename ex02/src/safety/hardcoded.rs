//! Do tracked files or `.env.example` hold secrets?

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use super::finding::{Check, Claim, Fact, Many, Seen, Verdict, Where, fact, fact_of, list};
use super::history;
use crate::config::with_owners;
use crate::git::{Git, Repository, Tracked};
use crate::search::{Found, Hit, MOST_OF_A_FILE, Needle, Needles, Places, search, search_blobs};
use crate::sources::{LARGEST, Sources};
use crate::words::{Outside, open_regular};

/// The first finding.
pub fn look(sources: &Sources, repository: &Repository, with_history: bool) -> Check {
    let mut facts = Vec::new();
    if sources.example.exists() || matches!(repository, Repository::Known(_)) {
        match Needles::new(&with_owners(sources)) {
            Ok(needles) => {
                search_example(sources, &needles, &mut facts);
                if let Repository::Known(git) = repository {
                    search_tracked(git, &needles, &mut facts);
                    if with_history {
                        history::search(git, &needles, &mut facts);
                    }
                }
                let left_out = needles.left_out.clone();
                let scope = Seen::Scope(needles.values, left_out, with_history);
                facts.push(fact(Verdict::Ok, scope));
                if needles.unsearched > 0 {
                    let seen = Seen::ValuesLeftOut(needles.unsearched);
                    facts.push(fact(Verdict::Warn, seen));
                }
            }
            Err(_) => facts.push(fact(Verdict::Warn, Seen::ValuesTooLong)),
        }
    }
    match repository {
        Repository::Known(_) => {}
        Repository::None => facts.push(fact(Verdict::Skip, Seen::NothingTracked)),
        Repository::Unknown(why) => {
            facts.push(fact(Verdict::Warn, Seen::TreeNotSearched(*why)));
        }
    }
    Check::new(Claim::NoHardcodedSecrets, facts)
}

/// `.env.example` is made to be published, so it is searched whether tracked or not.
fn search_example(sources: &Sources, needles: &Needles, facts: &mut Vec<Fact>) {
    let example = &sources.example;
    if !example.exists() {
        return;
    }
    let mut lines: Places<(usize, Needle)> = Places::default();
    let (most, mut cut) = (LARGEST as u64, false);
    let searched = open_regular(&example.path).and_then(|it| {
        cut = it.metadata()?.len() > most;
        needles.search_stream(it.take(most), &mut Vec::new(), |line, what| {
            lines.add((line, what));
        })
    });
    if searched.is_err() {
        facts.push(fact(Verdict::Warn, Seen::ExampleNotSearched));
    } else if cut {
        facts.push(fact(Verdict::Warn, Seen::ExampleCut(most)));
    }
    let hits = lines.first().filter_map(|(line, what)| {
        let place = example.at(*line);
        let seen = Seen::Holds(Where::Example(place.clone()), needles.what(*what)?);
        Some(fact_of(place, Verdict::Fail, seen))
    });
    list(hits.collect(), lines.beyond(), Many::Places, facts);
}

/// Searches what git tracks: as it lies in the work tree, and as the next commit would take it.
fn search_tracked(git: &Git, needles: &Needles, facts: &mut Vec<Fact>) {
    let tracked = match &git.tracked {
        Ok(tracked) => tracked,
        Err(why) => return facts.push(fact(Verdict::Warn, Seen::TreeNotSearched(*why))),
    };
    let mut found = search(needles, &git.top, tracked, MOST_OF_A_FILE);
    let in_store = search_store(git, tracked, needles, &mut found);
    let hits = found.hits.first().filter_map(|hit| {
        let path = Outside::from(hit.path.as_path());
        let place = match hit.line {
            Some(line) => Where::Line(path, line),
            None => Where::Name(path),
        };
        let seen = Seen::Holds(place, needles.what(hit.what)?);
        Some(fact(Verdict::Fail, seen))
    });
    list(hits.collect(), found.hits.beyond(), Many::Places, facts);
    let searched = Seen::SearchedTree(found.files, found.bytes, git.kind);
    facts.push(fact(Verdict::Ok, searched));
    facts.extend(in_store);
    what_was_not_searched(&found, facts);
}

/// Searches in git's store what is staged and what the work tree lacks; adds to the places found.
fn search_store(
    git: &Git,
    tracked: &[Tracked],
    needles: &Needles,
    found: &mut Found,
) -> Option<Fact> {
    let staged = match git.staged() {
        Ok(staged) => staged,
        Err(why) => return Some(fact(Verdict::Warn, Seen::StagedNotSearched(why))),
    };
    let absent = found.absent.iter().filter_map(|it| tracked.get(*it));
    let absent = absent.map(|it| (it.blob.as_str(), it.path.as_path()));
    let staged = staged
        .iter()
        .map(|(path, blob)| (blob.as_str(), path.as_path()));
    // In order of the blobs, of which many files may share one.
    let wanted: BTreeSet<(&str, &Path)> = absent.chain(staged).collect();
    if wanted.is_empty() {
        return None;
    }
    let blobs: BTreeSet<&str> = wanted.iter().map(|(blob, _)| *blob).collect();
    let hit = |object: &str, line, what| {
        let files = wanted.range((object, Path::new(""))..);
        for (_, path) in files.take_while(|(blob, _)| *blob == object) {
            let hit = Hit {
                path: path.to_path_buf(),
                line: Some(line),
                what,
            };
            if !found.hits.add(hit) {
                break;
            }
        }
    };
    let searched = search_blobs(git, needles, blobs, hit);
    Some(if searched.is_ok_and(|it| it.lacking == 0 && it.cut == 0) {
        fact(Verdict::Ok, Seen::SearchedStore(wanted.len()))
    } else {
        fact(Verdict::Warn, Seen::StoreNotSearched(wanted.len()))
    })
}

/// What was left out, and why.
fn what_was_not_searched(found: &Found, facts: &mut Vec<Fact>) {
    let path = |it: &std::path::PathBuf| Outside::from(it.as_path());
    let unread = found.unread.first().map(path).map(Seen::TrackedUnread);
    let unread = unread.map(|it| fact(Verdict::Warn, it)).collect();
    list(unread, found.unread.beyond(), Many::Unread, facts);
    let cut = found.cut.first().map(path).map(Seen::TrackedCut);
    let cut = cut.map(|it| fact(Verdict::Warn, it)).collect();
    list(cut, found.cut.beyond(), Many::Cut, facts);
    if found.submodules > 0 {
        facts.push(fact(Verdict::Ok, Seen::Submodules(found.submodules)));
    }
}
