//! How is each fact behind a finding called, and what is to be done about it?

use super::flaws::{self, leads_outside};
use super::problems;
use super::wording::{Said, right, wrong};
use crate::config::Owner;
use crate::git::{Place as WorkTree, Silence};
use crate::safety::{Check, Claim, Entry, Fact, Lacking, Many, Seen, Verdict, Where};
use crate::search::{Beyond, LeftOut, What};
use crate::sources::EXAMPLE;
use crate::words::{Outside, Words, bits, count, listed, size};

/// What a finding claims; the same in every run.
pub fn claim(claim: Claim) -> &'static str {
    match claim {
        Claim::NoHardcodedSecrets => "No hardcoded secrets detected",
        Claim::EnvFileConfigured => ".env file properly configured",
        Claim::ProductionAvailable => "Production overrides available",
    }
}

/// The claim, or what is so instead.
pub fn headline(check: &Check) -> &'static str {
    match (check.claim, check.status) {
        (_, Verdict::Ok) => claim(check.claim),
        (Claim::NoHardcodedSecrets, Verdict::Fail) => "Hardcoded secrets detected",
        (Claim::NoHardcodedSecrets, _) => "Hardcoded secrets: not all files were searched",
        (Claim::EnvFileConfigured, Verdict::Skip) => ".env file: not everything could be checked",
        (Claim::EnvFileConfigured, _) => {
            let absent = |it: &Seen| matches!(it, Seen::NoEnvFile(_) | Seen::NoEnvFileNeeded(_));
            if check.has(absent) {
                ".env file not found"
            } else {
                ".env file not properly configured"
            }
        }
        (Claim::ProductionAvailable, _) => "Production overrides not available: it would not start",
    }
}

/// A fact in words.
pub fn said(fact: &Fact) -> Said {
    let file = fact.place.as_ref().map(Words::from).unwrap_or_default();
    match &fact.seen {
        Seen::Refused(problem) => problems::said_in_full(problem),
        Seen::Unreadable(why) => of_file(&file, flaws::unreadable(*why)),
        Seen::Line(flaw) => of_file(&file, flaws::flaw(*flaw)),
        Seen::LeadsOutside => of_file(&file, leads_outside()),
        Seen::More(beyond, many) => more(*beyond, *many),
        seen => of_secrets(seen)
            .or_else(|| of_files_not_searched(seen))
            .or_else(|| of_history(seen))
            .or_else(|| of_env_file(seen, &file))
            .or_else(|| of_git(seen).map(|it| of_file(&file, it)))
            .or_else(|| of_example(seen, &file))
            .unwrap_or_else(|| of_all_five(seen)),
    }
}

/// Puts the file in front.
fn of_file(file: &Words, said: Said) -> Said {
    Said {
        message: file.clone() + ": " + said.message,
        ..said
    }
}

/// Facts of the first finding about files as they are now.
fn of_secrets(seen: &Seen) -> Option<Said> {
    Some(match seen {
        Seen::Holds(place, what) => holds(place, what),
        Seen::SearchedTree(files, bytes, kind) => {
            let kind = match kind {
                None => "",
                Some(WorkTree::LinkedWorktree) => ", a linked worktree",
                Some(WorkTree::Submodule) => ", a submodule",
            };
            let what = Words::from("searched ") + count(*files, "tracked file");
            let what = what + " in the repository" + kind + ", binaries too (";
            right("searched-files", what + size(*bytes) + ")")
        }
        Seen::SearchedStore(files) => {
            let what = Words::from("searched ") + count(*files, "tracked file");
            right(
                "searched-staged",
                what + " as git has them (staged, or deleted here)",
            )
        }
        Seen::NothingTracked => wrong(
            "no-repository",
            "not a git repository: nothing is tracked, so no tracked file was searched",
            "git init",
        ),
        Seen::Scope(values, left_out, with_history) => scope(*values, left_out, *with_history),
        Seen::Submodules(number) => right(
            "submodules-not-entered",
            count(*number, "submodule") + " not entered: run this inside",
        ),
        _ => return None,
    })
}

/// What of the files as they are now was not searched.
fn of_files_not_searched(seen: &Seen) -> Option<Said> {
    Some(match seen {
        Seen::StoreNotSearched(files) => wrong(
            "staged-not-searched",
            count(*files, "tracked file")
                + " could not be searched as git has them (staged, or deleted here)",
            "look at it with: git fsck",
        ),
        Seen::StagedNotSearched(why) => wrong(
            "staged-not-searched",
            Words::from("what is staged was not searched: ") + silence(*why).0,
            "look at it with: git status",
        ),
        Seen::TreeNotSearched(why) => {
            let (why, fix) = silence(*why);
            let what = Words::from("tracked files not searched: ") + why;
            wrong("files-not-searched", what, fix)
        }
        Seen::ValuesLeftOut(values) => wrong(
            "values-not-searched",
            count(*values, "value") + " not searched for: too long, or too many in all",
            "keep nothing in .env but what the program reads",
        ),
        Seen::ValuesTooLong => wrong(
            "values-not-searched",
            "not searched: the values are too long to search for",
            "shorten the longest value",
        ),
        Seen::ExampleNotSearched => wrong(
            "example-not-searched",
            "the example could not be searched",
            "make it a regular file",
        ),
        Seen::ExampleCut(most) => wrong(
            "example-cut",
            Words::from(EXAMPLE) + ": only its first " + size(*most) + " were searched",
            "keep nothing but NAME=value lines in it",
        ),
        Seen::TrackedUnread(path) => wrong(
            "file-not-read",
            Words::from(path) + " is tracked but could not be read",
            "make it a regular file that you may read",
        ),
        Seen::TrackedCut(path) => wrong(
            "file-cut",
            Words::from(path) + ": only its first GiB was searched",
            "keep files of this size out of git",
        ),
        Seen::TrackedLate(files) => wrong(
            "files-not-searched",
            count(*files, "tracked file") + " not searched: the time was up",
            "allow more time with --timeout",
        ),
        _ => return None,
    })
}

/// That a secret stands somewhere.
fn holds(place: &Where, what: &What) -> Said {
    let in_files =
        "replace it: what was published is lost; and read it from the environment where it stood";
    let in_history =
        "replace the secret: whoever has a clone has it; deleting the file does not help";
    let path = |path: &Outside, line: &usize| Words::from(path) + ":" + *line;
    let (place, hint) = match place {
        Where::Line(file, line) => (path(file, line), in_files),
        Where::Example(place) => (place.into(), in_files),
        Where::Name(file) => (Words::from("the name of ") + file, in_files),
        Where::Commit(commit, file, line) => {
            let commit = Words::from("history: commit ") + commit + " ";
            (commit + path(file, line), in_history)
        }
        Where::Object(object, line) => {
            let object = Words::from("history: object ") + object + ", line ";
            (object + *line, in_history)
        }
    };
    let (kind, what) = match what {
        What::Value(owner) => (
            "secret-value",
            Words::from("the value of ") + self::owner(owner),
        ),
        What::Shape(name) => ("secret-shape", Words::from(*name)),
    };
    wrong(kind, place + " holds " + what, hint)
}

/// Whose value it is.
fn owner(owner: &Owner) -> Words {
    match owner {
        Owner::Variable(name) => (*name).into(),
        Owner::InExample(name, file) => Words::from(*name) + " in " + *file,
        Owner::Entry(place) => Words::from("the entry in ") + place,
    }
}

/// What was looked for, so that nobody takes `[OK]` for more than it is.
fn scope(values: usize, left_out: &[(Owner, LeftOut)], with_history: bool) -> Said {
    let scope = Words::from("looked for ") + count(values, "value");
    let mut scope = scope
        + ", also percent-encoded, in base64 and in UTF-16, for well-known key shapes and passwords in URLs";
    let entry = |it: &&(Owner, LeftOut)| matches!(it.0, Owner::Entry(_));
    let (entries, own): (Vec<_>, Vec<_>) = left_out.iter().partition(entry);
    if !own.is_empty() {
        let own = own.into_iter().map(|(name, why)| {
            let why = match why {
                LeftOut::Placeholder => " (a placeholder)",
                LeftOut::TooShort => " (too short to search for)",
                LeftOut::CommonWord => " (a common word)",
                LeftOut::Word => " (a word)",
            };
            owner(name) + why
        });
        scope = scope + "; not for " + listed(own);
    }
    if !entries.is_empty() {
        let number = count(entries.len(), "more value");
        scope = scope + "; not for " + number + " (placeholders, words, too short)";
    }
    if !with_history {
        scope = scope + "; past commits only with --history";
    }
    right("scope", scope)
}

/// Facts of the first finding about past commits.
fn of_history(seen: &Seen) -> Option<Said> {
    Some(match seen {
        Seen::SearchedHistory(objects, bytes) => {
            let what = Words::from("searched all ") + count(*objects, "object");
            let what = what + " of the history that are here (";
            right("searched-history", what + size(*bytes) + ")")
        }
        Seen::HistoryNotSearched(why) => wrong(
            "history-not-searched",
            Words::from("history not searched: ") + silence(*why).0,
            "look at it with: git fsck",
        ),
        Seen::HistoryCut(objects) => wrong(
            "history-cut",
            count(*objects, "object") + " of the history: only the first GiB was searched",
            "keep files of this size out of git",
        ),
        Seen::HistoryLacks(Lacking::Earlier) => wrong(
            "shallow-clone",
            "a shallow clone: what lies before it was not searched",
            "git fetch --unshallow",
        ),
        Seen::HistoryLacks(Lacking::Filtered) => wrong(
            "partial-clone",
            "a partial clone: what it did not fetch was not searched",
            "search in a clone that was made without --filter",
        ),
        _ => return None,
    })
}

/// And so many more.
fn more(beyond: Beyond, many: Many) -> Said {
    let what = match many {
        Many::Places => " more places",
        Many::Unread => " more that could not be read",
        Many::Cut => " more files of this size",
        Many::Entries => " more entries like these",
        Many::Names => " more names like these",
        Many::Lines => " more lines to mend",
        Many::Alike => " more like these",
    };
    wrong(
        "more",
        Words::from(if beyond.at_least { "and over " } else { "and " }) + beyond.number + what,
        "mend those above, then run this again",
    )
}

/// Facts of the second finding about the file itself.
fn of_env_file(seen: &Seen, file: &Words) -> Option<Said> {
    let write_it = |example: &Option<crate::words::Place>| match example {
        Some(example) => Words::from("cp ") + example + " .env && chmod 600 .env",
        None => "write NAME=value lines for the five into .env, then: chmod 600 .env".into(),
    };
    let said = match seen {
        Seen::NoEnvFile(example) => {
            return Some(wrong("no-env-file", "no .env here", write_it(example)));
        }
        Seen::NoEnvFileNeeded(example) => {
            return Some(wrong(
                "no-env-file",
                "no .env here, and none is needed: all five variables are set elsewhere",
                Words::from("nothing to do; for a machine of your own: ") + write_it(example),
            ));
        }
        Seen::EndedAt => wrong(
            "other-owner",
            "belongs to another user, so no .env and no repository there or above was looked at",
            "run this as its owner, or make the folder your own with chown",
        ),
        Seen::Understood => right("understood", "a regular file, every line understood"),
        Seen::Private(mode) => right(
            "private",
            Words::from("only its owner can read it (") + bits(*mode) + ")",
        ),
        Seen::Open(mode) => wrong(
            "readable-by-others",
            Words::from("others on this machine can read or change it (") + bits(*mode) + ")",
            Words::from("chmod 600 ") + file,
        ),
        Seen::PermissionsUnknown => wrong(
            "permissions-unknown",
            "who may read it was not checked on this system",
            "look at its properties",
        ),
        Seen::Tracked => wrong(
            "tracked",
            "tracked by git, whoever clones the repository gets it",
            Words::from("git rm --cached ") + file + ", commit, and replace every secret in it",
        ),
        _ => return None,
    };
    Some(of_file(file, said))
}

/// What git says of a file.
fn of_git(seen: &Seen) -> Option<Said> {
    Some(match seen {
        Seen::GitNotAsked => wrong(
            "no-repository",
            "not a git repository, so git was not asked",
            "git init",
        ),
        Seen::GitSilent(why) => {
            let (why, fix) = silence(*why);
            let what = Words::from("ignored, tracked, committed? ") + why;
            wrong("git-not-asked", what, fix)
        }
        Seen::GitUnsure(why) => {
            let (why, fix) = silence(*why);
            wrong("git-unsure", why, fix)
        }
        Seen::Ignored(rule) => right("ignored", Words::from("ignored by git (") + rule + ")"),
        Seen::NotIgnored(name) => wrong(
            "not-ignored",
            "not ignored by git, the next `git add` may take it",
            Words::from("echo '") + *name + "' >> .gitignore",
        ),
        Seen::NotTracked => right("not-tracked", "not tracked by git"),
        Seen::Committed(commit) => wrong(
            "committed",
            Words::from("was committed (history: ") + commit + "), it is in every clone",
            "replace every secret in it: deleting the file does not take it out of the history",
        ),
        Seen::NeverCommitted => right(
            "never-committed",
            "never committed in the history that is here",
        ),
        Seen::Shallow => wrong(
            "shallow-clone",
            "a shallow clone, earlier history is not here",
            "git fetch --unshallow",
        ),
        _ => return None,
    })
}

/// Facts about the example.
fn of_example(seen: &Seen, example: &Words) -> Option<Said> {
    let named = |it: &Entry| match &it.name {
        Some(name) => Words::from(name) + " (" + &it.place + ")",
        None => Words::from("the entry in ") + &it.place,
    };
    Some(match seen {
        Seen::NoExample => wrong(
            "no-example",
            Words::from("no ") + EXAMPLE + ": nobody knows which variables to set",
            Words::from("write ") + EXAMPLE + " with all names and placeholders, and commit it",
        ),
        Seen::ExampleLacks(name) => wrong(
            "example-lacks",
            example.clone() + " does not mention " + *name,
            Words::from("add ") + *name + "= with a placeholder to it",
        ),
        Seen::Unmentioned(entry) => wrong(
            "example-lacks",
            example.clone() + " does not mention " + named(entry),
            "add its name with a placeholder there, or delete the entry",
        ),
        Seen::SetNowhere(entry) => wrong(
            "set-nowhere",
            named(entry) + " stands in " + example + " and is set nowhere",
            "set it in .env, or delete it from the example",
        ),
        Seen::InStep => right("in-step", example.clone() + ": in step, both ways"),
        _ => return None,
    })
}

/// Facts about all five variables.
fn of_all_five(seen: &Seen) -> Said {
    match seen {
        Seen::NotValid(names) => wrong(
            "not-valid",
            Words::from("not set or not valid: ") + Words::joined(names.iter().copied(), ", "),
            "`oracle --explain NAME` shows each of them",
        ),
        Seen::Defaulted(names) => wrong(
            "defaulted",
            Words::from("not set, so the default counts: ")
                + Words::joined(names.iter().copied(), ", "),
            Words::from("set ") + Words::joined(names.iter().copied(), " and ") + " in .env",
        ),
        Seen::Overrides(names) if names.is_empty() => right(
            "overrides",
            "nothing is overridden: the same values as in development",
        ),
        Seen::Overrides(names) => right(
            "overrides",
            Words::from("from the process environment or .env.production: ")
                + Words::joined(names.iter().copied(), ", "),
        ),
        Seen::WouldStart => right(
            "would-start",
            "dry run with MATRIX_MODE=production: it would start",
        ),
        _ => right("all-valid", "all 5 variables set and valid"),
    }
}

/// Why git did not tell, and what to do.
fn silence(why: Silence) -> (Words, &'static str) {
    let status = "look at it with: git status";
    let fsck = "look at it with: git fsck";
    let (what, fix) = match why {
        Silence::NoRegularFile(name) => {
            let what = Words::from(name) + " is no regular file, and git would wait for it";
            return (what, "move it away");
        }
        Silence::TooLong(longest) => {
            let what = Words::from("git answers more than ") + size(longest);
            return (what + ", which is not read", status);
        }
        Silence::NotOnPath => (
            "git cannot be run: not on PATH",
            "install git, or put it on PATH",
        ),
        Silence::OnlyInside => (
            "git cannot be run: every git on PATH lies in this repository",
            "install git outside of it: nothing of a repository is ever run",
        ),
        Silence::NotStarted => ("git cannot be run: it does not start", status),
        Silence::Late => ("git did not answer in time", status),
        Silence::NoThreads => ("git could not be asked, for want of threads", status),
        Silence::Bare => (
            "a bare repository: it has no work tree and no tracked files here",
            "run this in a clone of it",
        ),
        Silence::OtherWorkTree => (
            "its work tree is another folder than the one that `.git` is in",
            "look at it with: git rev-parse --show-toplevel",
        ),
        Silence::OutsideWorkTree => (
            "the current folder is outside the work tree of its repository",
            "run this in the work tree",
        ),
        Silence::DubiousOwnership => (
            "git refuses: the repository belongs to another user (dubious ownership)",
            "run this as its owner, or chown -R the folder",
        ),
        Silence::NotEntered => (
            "the repository belongs to another user, so it was not entered",
            "run this as its owner, or make the folder your own with chown",
        ),
        Silence::NotAccepted => (
            "git does not accept this repository (damaged, or its configuration is)",
            status,
        ),
        Silence::AboutIgnored => ("git cannot say whether it is ignored", status),
        Silence::AboutTracked => (
            "git cannot list the tracked files (the index may be damaged)",
            status,
        ),
        Silence::AboutHistory => ("git cannot walk the history (objects may be missing)", fsck),
        Silence::AboutObjects => ("git could not hand out all objects in time", fsck),
    };
    (what.into(), fix)
}
