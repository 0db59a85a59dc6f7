//! How does the report say where secrets are, what was searched, and what was not searched?

use std::io::ErrorKind;

use super::flaws::open_it;
use super::silence::silence;
use super::wording::{Wording, right, wrong};
use crate::config::{NotSought, Owner};
use crate::safety::{Depth, Past, Scope, Searched, Unsearched, Where};
use crate::search::{ObjectKind, What};
use crate::sources::EXAMPLE;
use crate::words::{Words, counted, listed, reason, size};

/// A place has a secret in it.
pub fn holds(place: &Where, file: &Words, what: &What) -> Wording {
    let in_files =
        "replace it: a published secret is lost; read the new one from the environment instead";
    let in_history =
        "replace the secret: git keeps it when the file is gone, and a clone may have it";
    let (place, hint) = match place {
        Where::Line => (file.clone(), in_files),
        Where::Name => (Words::from("the name of ") + file, in_files),
        Where::Commit { commit, file, line } => {
            let commit = Words::from("history: commit ") + commit + " ";
            (commit + file + ":" + *line, in_history)
        }
        Where::Object { kind, object, line } => {
            let (of, at) = match kind {
                ObjectKind::Blob => ("object ", ", line "),
                ObjectKind::Commit => ("the text of commit ", ", line "),
                ObjectKind::Tag => ("the text of tag ", ", line "),
                ObjectKind::Tree => ("tree ", ", the name of entry "),
            };
            let object = Words::from("history: ") + of + object + at;
            (object + *line, in_history)
        }
    };
    let (kind, what) = match what {
        // Only the example has it.
        What::Value(Owner::Entry(at)) if *file == Words::from(at) => {
            ("secret-value", "a value that may be a real secret".into())
        }
        What::Value(owner) => (
            "secret-value",
            Words::from("the value of ") + self::owner(owner),
        ),
        What::Shape(name, rule) => ("secret-shape", Words::from(*name) + " (" + *rule + ")"),
    };
    wrong(kind, place + " holds " + what, hint)
}

/// The variable or entry that has the value.
fn owner(owner: &Owner) -> Words {
    match owner {
        Owner::Variable(name) => (*name).into(),
        Owner::InExample(name, file) => Words::from(*name) + " in " + *file,
        Owner::Entry(place) => Words::from("the entry in ") + place,
    }
}

/// What the search looked for, so that nobody thinks that `[OK]` means more.
fn scope(it: &Scope) -> Wording {
    let looked = match it.only_in {
        Some(example) => Words::from("looked in ") + example + " only,",
        None => "looked".into(),
    };
    let mut scope = if it.values == 0 {
        looked + " for no values, only"
    } else {
        let scope = looked + " for " + counted(it.values, "value");
        scope + ", also percent-encoded, in base64 and in UTF-16,"
    };
    scope = scope + " for well-known key shapes and passwords in URLs";
    let entry = |it: &&(Owner, NotSought)| matches!(it.0, Owner::Entry(_));
    let (entries, own): (Vec<_>, Vec<_>) = it.left_out.iter().partition(entry);
    if !own.is_empty() {
        let own = own
            .into_iter()
            .map(|(name, why)| owner(name) + why_left_out(*why));
        scope = scope + "; not for " + listed(own);
    }
    if !entries.is_empty() {
        let number = counted(entries.len(), "more value");
        scope = scope + "; not for " + number + " (placeholders, words, too short and the like)";
    }
    if it.depth == Depth::Today {
        scope = scope + "; past commits only with --history";
    }
    right("scope", scope)
}

/// Why the search left a value out.
fn why_left_out(why: NotSought) -> &'static str {
    match why {
        NotSought::Placeholder | NotSought::OwnName => " (a placeholder)",
        NotSought::TooShort => " (too short to search for)",
        NotSought::CommonWord => " (a common word)",
        NotSought::Word | NotSought::Harmless => " (a word)",
        NotSought::InItsUrl => " (a name in the same URL)",
        NotSought::Project => " (the name of the project)",
        NotSought::InExample => " (the example has it too)",
    }
}

/// What was searched.
pub fn searched(seen: &Searched) -> Wording {
    match seen {
        Searched::Tree { files, bytes } => {
            let what = Words::from("searched ") + counted(*files, "tracked file");
            let what = what + " in the repository, binaries too (";
            right("searched-files", what + size(*bytes) + ")")
        }
        Searched::Store(files) => {
            let what = Words::from("searched ") + counted(*files, "tracked file");
            right(
                "searched-staged",
                what + " in git's store (changed since `git add`, or missing in the work tree)",
            )
        }
        Searched::NothingTracked => wrong(
            "no-repository",
            "not a git repository: nothing is tracked, so no tracked file was searched",
            "git init",
        ),
        Searched::Scope(it) => scope(it),
        Searched::Allowed(number) => right(
            "allowed",
            counted(*number, "place") + " skipped because of an allow mark",
        ),
        Searched::Submodules(number) => right(
            "submodules-not-entered",
            counted(*number, "submodule") + " not entered: run this inside",
        ),
    }
}

/// Which current files were not searched.
pub fn unsearched(seen: &Unsearched, file: &Words) -> Wording {
    match seen {
        Unsearched::Store(files) => wrong(
            "staged-not-searched",
            counted(*files, "tracked file")
                + " could not be searched in git's store (changed since `git add`, or missing in the work tree)",
            "look at it with: git fsck",
        ),
        Unsearched::Changed(why) => wrong(
            "staged-not-searched",
            Words::from(
                "files that were changed since `git add` were not searched in git's store: ",
            ) + silence(*why).0,
            "look at it with: git status",
        ),
        Unsearched::Tree(why) => {
            let (why, fix) = silence(*why);
            let what = Words::from("tracked files not searched: ") + why;
            wrong("files-not-searched", what, fix)
        }
        Unsearched::ValuesLeftOut(values) => wrong(
            "values-not-searched",
            counted(*values, "value") + " not searched for: too long, or too many in all",
            "keep only the variables of the program in .env",
        ),
        Unsearched::Example(kind) => example(file, *kind),
        Unsearched::ExampleCut(most) => wrong(
            "example-cut",
            Words::from(EXAMPLE) + ": only its first " + size(*most) + " were searched",
            "keep only NAME=value lines in it",
        ),
        Unsearched::TrackedUnread => wrong(
            "file-not-read",
            file.clone() + " is tracked but could not be read",
            "make it a regular file that you may read",
        ),
        Unsearched::TrackedCut => wrong(
            "file-cut",
            file.clone() + ": only its first GiB was searched",
            "keep files of this size out of git",
        ),
        Unsearched::TrackedLate(files) => wrong(
            "files-not-searched",
            counted(*files, "tracked file") + " not searched: the time was up",
            "allow more time with --timeout",
        ),
    }
}

/// The example could not be searched. With the system's reason, when it is a regular file.
fn example(file: &Words, kind: Option<ErrorKind>) -> Wording {
    let what = Words::from("the example could not be searched");
    let (what, fix) = match kind {
        Some(kind) => (what + ": " + reason(kind), open_it(kind, file)),
        None => (what, "make it a regular file".into()),
    };
    wrong("example-not-searched", what, fix)
}

/// What was searched of past commits.
pub fn past(seen: &Past) -> Wording {
    match seen {
        Past::All { objects, bytes } => {
            let what = Words::from("searched all ") + counted(*objects, "object");
            let what = what + " of the history that are here (";
            right("searched-history", what + size(*bytes) + ")")
        }
        Past::NotSearched(why) => wrong(
            "history-not-searched",
            Words::from("history not searched: ") + silence(*why).0,
            "look at it with: git fsck",
        ),
        Past::Unread(objects) => wrong(
            "history-not-searched",
            counted(*objects, "object") + " of the history not searched: damaged or not here",
            "look at it with: git fsck",
        ),
        Past::Unsure(why) => wrong(
            "history-not-searched",
            Words::from("perhaps not all objects of the history are here: ") + silence(*why).0,
            "look at it with: git fsck",
        ),
        Past::Cut(objects) => wrong(
            "history-cut",
            counted(*objects, "object") + " of the history: only the first GiB was searched",
            "keep files of this size out of git",
        ),
        Past::Shallow => wrong(
            "shallow-clone",
            "a shallow clone: earlier commits were not searched",
            "git fetch --unshallow",
        ),
        Past::Partial => wrong(
            "partial-clone",
            "a partial clone: objects that it did not fetch were not searched",
            "search in a clone that was made without --filter",
        ),
    }
}
