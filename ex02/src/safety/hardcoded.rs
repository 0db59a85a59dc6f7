//! Are there secrets in tracked files or in `.env.example`?

use std::io::Read;
use std::time::Duration;

use super::check::{Check, Claim, Fact, Verdict, fact, fact_of, list};
use super::searched::{Depth, Scope, Searched, Unsearched, Where};
use super::seen::Seen;
use super::tracked::Reported;
use super::{history, tracked};
use crate::config::sought;
use crate::git::Repository;
use crate::search::{Buffer, FileHit, Needles, Places};
use crate::sources::{LARGEST, Sources};
use crate::words::{Place, open_regular};

/// The first check.
pub fn check_hardcoded(
    sources: &Sources,
    repository: &Repository,
    depth: Depth,
    patience: Duration,
) -> Check {
    let mut facts = Vec::new();
    if sources.example.exists() || matches!(repository, Ok(Some(_))) {
        let sought = sought(sources);
        let needles = Needles::new(&sought.secrets);
        let seen = search_example(sources, &needles, &mut facts);
        if let Ok(Some(git)) = repository {
            tracked::search(git, &needles, patience, &seen, &mut facts);
            if depth == Depth::History {
                history::search(git, &needles, &mut facts);
            }
        }
        let has_tree =
            matches!(repository, Ok(Some(git)) if git.tracked.is_ok() || depth == Depth::History);
        let scope = Searched::Scope(Scope {
            values: needles.values,
            left_out: sought.left,
            depth,
            only_in: (!has_tree).then_some(sources.example.name),
        });
        facts.push(fact(Verdict::Ok, scope));
        if needles.unsearched > 0 {
            let seen = Unsearched::ValuesLeftOut(needles.unsearched);
            facts.push(fact(Verdict::Warn, seen));
        }
    }
    match repository {
        Ok(Some(_)) => {}
        Ok(None) => facts.push(fact(Verdict::Skip, Searched::NothingTracked)),
        Err(why) => facts.push(fact(Verdict::Warn, Unsearched::Tree(*why))),
    }
    Check::new(Claim::NoHardcodedSecrets, facts)
}

/// Searches `.env.example`, tracked or not, because it is made to be published. Returns what was reported,
/// so that it is not reported twice.
fn search_example(sources: &Sources, needles: &Needles, facts: &mut Vec<Fact>) -> Reported {
    let example = &sources.example;
    let mut reported = Reported::default();
    if !example.exists() {
        return reported;
    }
    let mut hits = Places::default();
    let (most, mut cut) = (LARGEST as u64, false);
    let searched = open_regular(&example.near).and_then(|(it, length)| {
        cut = length > most;
        needles.search_stream(it.take(most), &mut Buffer::default(), |line, what| {
            hits.add(FileHit::new(&example.path, Some(line), what));
        })
    });
    let allowed = searched.as_ref().map_or(0, |it| it.allowed);
    if allowed > 0 {
        facts.push(fact(Verdict::Ok, Searched::Allowed(allowed)));
    }
    if let Err(error) = searched {
        let there = example.path.symlink_metadata();
        let is_regular = there.is_ok_and(|it| it.is_file());
        let kind = is_regular.then(|| error.kind());
        let seen = Unsearched::Example(kind);
        facts.push(fact_of(example.whole(), Verdict::Warn, seen));
        reported.unread = Some(example.path.clone());
    } else if cut {
        facts.push(fact(Verdict::Warn, Unsearched::ExampleCut(most)));
    }
    let found = hits.first().map(|it| {
        let place = Place::new(&example.shown, it.line);
        fact_of(
            place,
            Verdict::Fail,
            Seen::Holds(Where::Line, needles.what(it.what)),
        )
    });
    list(found.collect(), hits.beyond(), facts);
    reported.hits.extend(hits.first().cloned());
    reported
}
