//! Do past commits hold secrets, and which commit brought each?

use std::collections::{BTreeMap, BTreeSet};

use crate::git::index::Git;
use crate::safety::production::{Fact, Verdict, bad, good, list_first};
use crate::search::needles::Needles;
use crate::search::objects;
use crate::secret::shown::Gate;
use crate::words::escape;
use crate::words::wording::{count, size};

/// Searches every object in git's store.
pub fn search(git: &Git, needles: &Needles, gate: &Gate, facts: &mut Vec<Fact>) {
    let (searched, places) = match objects::search_all(git, needles) {
        Ok(found) => found,
        Err(why) => {
            return facts.push(bad(
                Verdict::Warn,
                format!("history not searched: {why}"),
                "look at it with: git fsck",
            ));
        }
    };
    let objects = places
        .first()
        .map(|hit| hit.object.clone())
        .collect::<BTreeSet<_>>();
    let entered = match objects.is_empty() {
        true => BTreeMap::default(),
        false => objects::entered(git, &objects).unwrap_or_default(),
    };
    let hits = places.first().map(|hit| {
        let place = match entered.get(&hit.object) {
            Some(it) => format!(
                "history: commit {} {}:{}",
                it.commit,
                escape::os(it.path.as_os_str()),
                hit.line
            ),
            None => format!(
                "history: object {}, line {}",
                hit.object.get(..10).unwrap_or_default(),
                hit.line
            ),
        };
        let place = gate.hide(&place);
        bad(
            Verdict::Fail,
            format!("{place} holds {}", gate.hide(&hit.what)),
            "replace the secret: whoever has a clone has it; deleting the file does not help",
        )
    });
    list_first(hits.collect(), places.more(), "places", facts);
    facts.push(good(format!(
        "searched all {} of the history that are here ({})",
        count(searched.objects, "object"),
        size(searched.bytes)
    )));
    let lacking = [
        (
            git.shallow,
            "a shallow clone: what lies before it was not searched",
            "git fetch --unshallow",
        ),
        (
            git.partial,
            "a partial clone: what it did not fetch was not searched",
            "search in a clone that was made without --filter",
        ),
    ];
    for (_, what, fix) in lacking.iter().filter(|(lacks, ..)| *lacks) {
        facts.push(bad(Verdict::Skip, *what, *fix));
    }
}
