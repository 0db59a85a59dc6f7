//! Do tracked files, `.env.example` or past commits hold secrets?

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{Check, Fact, Verdict, bad, check, good};
use crate::escape;
use crate::gate::Gate;
use crate::git::{Git, Repository};
use crate::history;
use crate::known_secrets;
use crate::scan::{self, Found, Needles};
use crate::sources::{EXAMPLE, Sources};

/// More places than this are counted, not listed.
const MOST_LISTED: usize = 20;

/// The first finding.
pub fn look(sources: &Sources, repository: &Repository, with_history: bool, gate: &Gate) -> Check {
    let mut facts = Vec::new();
    if sources.example.exists() || matches!(repository, Repository::Known(_)) {
        match Needles::new(&known_secrets::named(sources)) {
            Ok(needles) => {
                search_example(sources, &needles, gate, &mut facts);
                if let Repository::Known(git) = repository {
                    search_tracked(git, &needles, gate, &mut facts);
                    if with_history {
                        search_history(git, &needles, gate, &mut facts);
                    }
                }
                facts.push(good(scope(&needles, with_history)));
            }
            Err(error) => {
                let text = format!("not searched: {error}");
                facts.push(bad(Verdict::Warn, text, "shorten the longest value"));
            }
        }
    }
    match repository {
        Repository::Known(_) => {}
        Repository::None => {
            let text = "not a git repository: nothing is tracked, so no tracked file was searched";
            facts.push(bad(Verdict::Skip, text, "git init"));
        }
        Repository::Unknown(why, fix) => {
            let text = format!("tracked files not searched: {why}");
            facts.push(bad(Verdict::Warn, text, fix));
        }
    }
    check(
        "No hardcoded secrets detected",
        facts,
        |verdict| match verdict {
            Verdict::Fail => "Hardcoded secrets detected".to_owned(),
            _ => "Hardcoded secrets: not all files were searched".to_owned(),
        },
    )
}

/// What was looked for, so that nobody takes `[OK]` for more than it is.
fn scope(needles: &Needles, with_history: bool) -> String {
    let mut scope = format!(
        "looked for {}, also percent-encoded and in base64, for well-known key shapes and passwords in URLs",
        count(needles.values, "value")
    );
    if !needles.left_out.is_empty() {
        scope.push_str("; not for ");
        scope.push_str(&needles.left_out.join(", "));
    }
    scope
        + if with_history {
            ""
        } else {
            "; past commits only with --history"
        }
}

/// `.env.example` is made to be published, so it is searched whether tracked or not.
fn search_example(sources: &Sources, needles: &Needles, gate: &Gate, facts: &mut Vec<Fact>) {
    if !sources.example.exists() {
        return;
    }
    let mut lines = BTreeSet::new();
    let file = scan::open_file(&sources.example.path);
    let searched = file.and_then(|it| {
        needles.search_stream(it, &mut Vec::new(), |line, what| {
            // Its own values are in no other file: what counts is that they are real.
            lines.insert((line, what.to_owned()));
        })
    });
    if searched.is_err() {
        facts.push(bad(
            Verdict::Warn,
            format!("{EXAMPLE} could not be searched"),
            "make it a regular file",
        ));
    }
    for (line, what) in lines {
        facts.push(secret_at(
            &format!("{}:{line}", sources.example.shown),
            &what,
            gate,
        ));
    }
}

/// A place where a secret stands.
fn secret_at(place: &str, what: &str, gate: &Gate) -> Fact {
    let place = gate.hide(&escape::text(place));
    let what = gate.hide(what);
    bad(
        Verdict::Fail,
        format!("{place} holds {what}"),
        format!(
            "replace the secret: what was published is lost; then read it from the environment at {place}"
        ),
    )
}

/// Searches what git tracks, as it lies in the work tree.
fn search_tracked(git: &Git, needles: &Needles, gate: &Gate, facts: &mut Vec<Fact>) {
    let tracked = match &git.tracked {
        Ok(tracked) => tracked,
        Err(why) => return facts.push(bad(Verdict::Warn, why, "look at it with: git status")),
    };
    let found = needles.search_tracked(&git.top, tracked);
    let hits: Vec<Fact> = found
        .hits
        .iter()
        .map(|hit| {
            secret_at(
                &format!("{}:{}", escape::os(hit.path.as_os_str()), hit.line),
                &hit.what,
                gate,
            )
        })
        .collect();
    list(hits, facts);
    let kind = git.kind.map_or(String::new(), |kind| format!(", {kind}"));
    facts.push(good(format!(
        "searched {} in the repository{kind} ({})",
        count(found.files, "tracked file"),
        size(found.bytes)
    )));
    what_was_not_searched(git, needles, &found, gate, facts);
}

/// Files that are tracked but not there are searched in git's store; the rest is named.
fn what_was_not_searched(
    git: &Git,
    needles: &Needles,
    found: &Found,
    gate: &Gate,
    facts: &mut Vec<Fact>,
) {
    for path in found.unread.iter().take(MOST_LISTED) {
        let path = gate.hide(&escape::os(path.as_os_str()));
        facts.push(bad(
            Verdict::Warn,
            format!("{path} is tracked but could not be read"),
            "make it a regular file that you may read",
        ));
    }
    if found.submodules > 0 {
        facts.push(good(format!(
            "{} not entered: run this inside",
            count(found.submodules, "submodule")
        )));
    }
    if found.absent.is_empty() {
        return;
    }
    let blobs: Vec<&str> = found.absent.iter().map(|(_, blob)| blob.as_str()).collect();
    match history::search_blobs(git, needles, &blobs) {
        Ok(searched) if searched.lacking == 0 => {
            facts.push(good(format!(
                "searched {} that only git has, not the work tree",
                count(searched.objects, "tracked file")
            )));
            for hit in &searched.hits {
                let path = found
                    .absent
                    .iter()
                    .find(|(_, blob)| *blob == hit.object)
                    .map(|(path, _)| escape::os(path.as_os_str()));
                facts.push(secret_at(
                    &format!("{}:{}", path.unwrap_or_default(), hit.line),
                    &hit.what,
                    gate,
                ));
            }
        }
        _ => facts.push(bad(
            Verdict::Warn,
            format!(
                "{} not in the work tree could not be searched",
                count(blobs.len(), "tracked file")
            ),
            "git restore .",
        )),
    }
}

/// Searches every object in git's store.
fn search_history(git: &Git, needles: &Needles, gate: &Gate, facts: &mut Vec<Fact>) {
    let searched = match history::search_all(git, needles) {
        Ok(searched) => searched,
        Err(why) => {
            return facts.push(bad(
                Verdict::Warn,
                format!("history not searched: {why}"),
                "look at it with: git fsck",
            ));
        }
    };
    let objects = searched
        .hits
        .iter()
        .map(|hit| hit.object.clone())
        .collect::<BTreeSet<_>>();
    let entered = match objects.is_empty() {
        true => BTreeMap::default(),
        false => history::entered(git, &objects).unwrap_or_default(),
    };
    let hits = searched.hits.iter().map(|hit| {
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
    list(hits.collect(), facts);
    let shallow = if git.shallow {
        "; a shallow clone, what lies before it was not searched"
    } else {
        ""
    };
    facts.push(good(format!(
        "searched all {} of the history ({}){shallow}",
        count(searched.objects, "object"),
        size(searched.bytes)
    )));
}

/// Lists the first places and counts the others.
fn list(mut hits: Vec<Fact>, facts: &mut Vec<Fact>) {
    let more = hits.len().saturating_sub(MOST_LISTED);
    hits.truncate(MOST_LISTED);
    facts.extend(hits);
    if more > 0 {
        facts.push(bad(
            Verdict::Fail,
            format!("and {more} more places"),
            "mend those above, then run this again",
        ));
    }
}

/// `1 value`, `2 values`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `812 bytes`, `3.4 MiB`.
fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let bytes_as_float = bytes as f64;
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KiB", bytes_as_float / 1024.0),
        _ => format!("{:.1} MiB", bytes_as_float / 1_048_576.0),
    }
}
