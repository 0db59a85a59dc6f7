//! Are there secrets in past commits, and which commit added each?

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Fact, Verdict, fact, list};
use super::searched::{Past, Searched, Where};
use super::seen::Seen;
use crate::git::{Git, Silence};
use crate::search::{Needles, ObjectKind, SearchedObjects, SearchedStore, entered, search_all};
use crate::words::Outside;

/// Searches every object in git's store.
pub fn search(git: &Git, needles: &Needles, facts: &mut Vec<Fact>) {
    let SearchedStore {
        searched,
        lacking,
        hits: places,
    } = search_all(git, needles);
    let files = places.first().map(|hit| &hit.object);
    let files = files.filter(|it| it.kind == ObjectKind::Blob);
    let objects: BTreeSet<String> = files.map(|it| it.name.clone()).collect();
    let entered = if objects.is_empty() {
        BTreeMap::default()
    } else {
        entered(git, &objects).unwrap_or_default()
    };
    let hits = places.first().map(|hit| {
        let short = hit.object.name.get(..10).unwrap_or_default();
        let place = entered.get(&hit.object.name).map_or_else(
            || Where::Object {
                kind: hit.object.kind,
                object: Outside::from(short),
                line: hit.line,
            },
            |it| Where::Commit {
                commit: it.commit.clone(),
                file: it.path.clone(),
                line: hit.line,
            },
        );
        fact(Verdict::Fail, Seen::Holds(place, needles.what(hit.what)))
    });
    list(hits.collect(), places.beyond(), facts);
    match searched {
        Ok(searched) => what_was_searched(&searched, lacking, facts),
        Err(why) => facts.push(fact(Verdict::Warn, Past::NotSearched(why))),
    }
    if git.shallow {
        facts.push(fact(Verdict::Skip, Past::Shallow));
    }
    if git.partial {
        facts.push(fact(Verdict::Skip, Past::Partial));
    }
}

/// What was searched, and what git could not give.
fn what_was_searched(
    searched: &SearchedObjects,
    lacking: Result<usize, Silence>,
    facts: &mut Vec<Fact>,
) {
    let objects = searched.objects;
    facts.push(match lacking {
        Ok(0) => fact(
            Verdict::Ok,
            Past::All {
                objects,
                bytes: searched.bytes,
            },
        ),
        Ok(objects) => fact(Verdict::Warn, Past::Unread(objects)),
        Err(why) => fact(Verdict::Warn, Past::Unsure(why)),
    });
    if searched.allowed > 0 {
        facts.push(fact(Verdict::Ok, Searched::Allowed(searched.allowed)));
    }
    if searched.cut > 0 {
        facts.push(fact(Verdict::Warn, Past::Cut(searched.cut)));
    }
}
