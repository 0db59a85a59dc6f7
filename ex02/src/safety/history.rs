//! Are there secrets in past commits, and which commit added each?

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Fact, Verdict, fact, list};
use super::searched::{Lacking, Past, Searched, Where};
use super::seen::{Many, Seen};
use crate::git::Git;
use crate::search::{Needles, entered, search_all};
use crate::words::Outside;

/// Searches every object in git's store.
pub fn search(git: &Git, needles: &Needles, facts: &mut Vec<Fact>) {
    let (searched, places) = match search_all(git, needles) {
        Ok(found) => found,
        Err(why) => return facts.push(fact(Verdict::Warn, Past::NotSearched(why))),
    };
    let objects: BTreeSet<String> = places.first().map(|hit| hit.object.clone()).collect();
    let entered = if objects.is_empty() {
        BTreeMap::default()
    } else {
        entered(git, &objects).unwrap_or_default()
    };
    let hits = places.first().filter_map(|hit| {
        let short = hit.object.get(..10).unwrap_or_default();
        let place = entered.get(&hit.object).map_or_else(
            || Where::Object(Outside::from(short), hit.line),
            |it| Where::Commit {
                commit: it.commit.clone(),
                file: it.path.clone(),
                line: hit.line,
            },
        );
        let seen = Seen::Holds(place, needles.what(hit.what)?);
        Some(fact(Verdict::Fail, seen))
    });
    list(hits.collect(), places.beyond(), Many::Places, facts);
    let seen = Past::All {
        objects: searched.objects,
        bytes: searched.bytes,
    };
    facts.push(fact(Verdict::Ok, seen));
    if searched.allowed > 0 {
        facts.push(fact(Verdict::Ok, Searched::Allowed(searched.allowed)));
    }
    if searched.cut > 0 {
        facts.push(fact(Verdict::Warn, Past::Cut(searched.cut)));
    }
    if git.shallow {
        facts.push(fact(Verdict::Skip, Past::Lacks(Lacking::Earlier)));
    }
    if git.partial {
        facts.push(fact(Verdict::Skip, Past::Lacks(Lacking::Filtered)));
    }
}
