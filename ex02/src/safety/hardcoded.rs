//! Do tracked files or `.env.example` hold secrets?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::config::secrets;
use crate::git::index::{Git, Tracked};
use crate::git::repository::Repository;
use crate::safety::history;
use crate::safety::production::{Check, Fact, Verdict, bad, check, good, list_first};
use crate::search::needles::Needles;
use crate::search::objects;
use crate::search::places::Places;
use crate::search::work_tree::{self, Found, Hit};
use crate::secret::shown::Gate;
use crate::sources::layers::{EXAMPLE, Sources};
use crate::words::escape;
use crate::words::wording::{count, size, some};

/// The first finding.
pub fn look(sources: &Sources, repository: &Repository, with_history: bool, gate: &Gate) -> Check {
    let mut facts = Vec::new();
    if sources.example.exists() || matches!(repository, Repository::Known(_)) {
        match Needles::new(&secrets::named(sources)) {
            Ok(needles) => {
                search_example(sources, &needles, gate, &mut facts);
                if let Repository::Known(git) = repository {
                    search_tracked(git, &needles, gate, &mut facts);
                    if with_history {
                        history::search(git, &needles, gate, &mut facts);
                    }
                }
                facts.push(good(scope(&needles, with_history)));
                if needles.unsearched > 0 {
                    let values = count(needles.unsearched, "value");
                    facts.push(bad(
                        Verdict::Warn,
                        format!("{values} not searched for: too long, or too many in all"),
                        "keep nothing in .env but what the program reads",
                    ));
                }
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
        "looked for {}, also percent-encoded, in base64 and in UTF-16, for well-known key shapes and passwords in URLs",
        count(needles.values, "value")
    );
    if !needles.left_out.is_empty() {
        scope.push_str("; not for ");
        scope.push_str(&some(&needles.left_out));
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
    let mut lines = Places::default();
    let file = work_tree::open_file(&sources.example.path);
    let searched = file.and_then(|it| {
        needles.search_stream(it, &mut Vec::new(), |line, what| {
            lines.add((line, what.to_owned()));
        })
    });
    if searched.is_err() {
        facts.push(bad(
            Verdict::Warn,
            format!("{EXAMPLE} could not be searched"),
            "make it a regular file",
        ));
    }
    let hits = lines.first().map(|(line, what)| {
        let place = format!("{}:{line}", sources.example.shown);
        secret_at(&place, what, gate)
    });
    list_first(hits.collect(), lines.more(), "places", facts);
}

/// A place where a secret stands.
fn secret_at(place: &str, what: &str, gate: &Gate) -> Fact {
    let place = gate.hide(&escape::text(place));
    let what = gate.hide(what);
    bad(
        Verdict::Fail,
        format!("{place} holds {what}"),
        "replace it: what was published is lost; and read it from the environment where it stood",
    )
}

/// Searches what git tracks: as it lies in the work tree, and as the next commit would take it.
fn search_tracked(git: &Git, needles: &Needles, gate: &Gate, facts: &mut Vec<Fact>) {
    let tracked = match &git.tracked {
        Ok(tracked) => tracked,
        Err(why) => return facts.push(bad(Verdict::Warn, why, "look at it with: git status")),
    };
    let mut found = work_tree::search(needles, &git.top, tracked, work_tree::MOST_OF_A_FILE);
    let in_git = search_blobs(git, tracked, needles, &mut found);
    let hits = found.hits.first().map(|hit| {
        let path = escape::os(hit.path.as_os_str());
        let place = match hit.line {
            Some(line) => format!("{path}:{line}"),
            None => format!("the name of {path}"),
        };
        secret_at(&place, &hit.what, gate)
    });
    list_first(hits.collect(), found.hits.more(), "places", facts);
    let kind = git.kind.map_or(String::new(), |kind| format!(", {kind}"));
    facts.push(good(format!(
        "searched {} in the repository{kind}, binaries too ({})",
        count(found.files, "tracked file"),
        size(found.bytes)
    )));
    facts.extend(in_git);
    what_was_not_searched(&found, gate, facts);
}

/// Searches in git's store what is staged and what the work tree lacks; adds to the places found.
fn search_blobs(
    git: &Git,
    tracked: &[Tracked],
    needles: &Needles,
    found: &mut Found,
) -> Option<Fact> {
    let not_searched = |why: String| bad(Verdict::Warn, why, "look at it with: git status");
    let staged = match git.staged() {
        Ok(staged) => staged,
        Err(why) => {
            return Some(not_searched(format!(
                "what is staged was not searched: {why}"
            )));
        }
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
    let hit = |object: &str, line, what: &str| {
        let files = wanted.range((object, Path::new(""))..);
        for (_, path) in files.take_while(|(blob, _)| *blob == object) {
            let hit = Hit {
                path: path.to_path_buf(),
                line: Some(line),
                what: what.to_owned(),
            };
            if !found.hits.add(hit) {
                break;
            }
        }
    };
    let searched = objects::search_blobs(git, needles, blobs, hit);
    if !searched.is_ok_and(|it| it.lacking == 0) {
        let files = count(wanted.len(), "tracked file");
        return Some(bad(
            Verdict::Warn,
            format!("{files} could not be searched as git has them (staged, or deleted here)"),
            "look at it with: git fsck",
        ));
    }
    Some(good(format!(
        "searched {} as git has them (staged, or deleted here)",
        count(wanted.len(), "tracked file")
    )))
}

/// What was left out, and why.
fn what_was_not_searched(found: &Found, gate: &Gate, facts: &mut Vec<Fact>) {
    let name = |path: &PathBuf| gate.hide(&escape::os(path.as_os_str()));
    let unread = found.unread.first().map(|path| {
        bad(
            Verdict::Warn,
            format!("{} is tracked but could not be read", name(path)),
            "make it a regular file that you may read",
        )
    });
    let more = found.unread.more();
    list_first(unread.collect(), more, "that could not be read", facts);
    let cut = found.cut.first().map(|path| {
        bad(
            Verdict::Warn,
            format!("{}: only its first GiB was searched", name(path)),
            "keep files of this size out of git",
        )
    });
    list_first(cut.collect(), found.cut.more(), "files of this size", facts);
    if found.submodules > 0 {
        facts.push(good(format!(
            "{} not entered: run this inside",
            count(found.submodules, "submodule")
        )));
    }
}
