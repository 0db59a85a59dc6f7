//! How does the report describe a layer file, the example and all five variables?

use super::silence::silence;
use super::wording::{Wording, not_read, origin, right, wrong};
use crate::safety::{OfExample, OfFile, OfFive, OfGit, Rules};
use crate::sources::{EXAMPLE, Named, Written};
use crate::words::{Place, Words, bits};

/// Facts about a layer file.
pub fn of_file(seen: &OfFile, file: &Words) -> Wording {
    let write_it = |example: &Option<Place>| match example {
        Some(example) => Words::from("cp ") + example + " .env && chmod 600 .env",
        None => "write NAME=value lines for the five into .env, then: chmod 600 .env".into(),
    };
    let said = match seen {
        OfFile::Missing(example) => {
            return wrong("no-env-file", "no .env here", write_it(example));
        }
        OfFile::NotNeeded(example) => {
            return wrong(
                "no-env-file",
                "no .env here, and none is needed: all five variables are set elsewhere",
                Words::from("nothing to do; for a machine of your own: ") + write_it(example),
            );
        }
        OfFile::EndedAt => wrong(
            "other-owner",
            "belongs to another user, so the oracle did not look for a .env or a repository there or above",
            "run this as its owner, or make the folder your own with chown",
        ),
        OfFile::Understood => right("understood", "a regular file, every line understood"),
        OfFile::Private(mode) => {
            let who = if mode & 0o400 == 0 {
                "root"
            } else {
                "its owner"
            };
            let what = Words::from("only ") + who + " can read it (";
            right("private", what + bits(*mode) + ")")
        }
        OfFile::Open(mode) => wrong(
            "readable-by-others",
            Words::from("others on this machine can read or change it (") + bits(*mode) + ")",
            Words::from("chmod 600 ") + file,
        ),
        OfFile::PermissionsUnknown => wrong(
            "permissions-unknown",
            "who may read it was not checked on this system",
            "look at its properties",
        ),
        OfFile::LeadsTo(target) => right("link", Words::from("a link to ") + target),
    };
    said.about(file)
}

/// What git says about a file.
pub fn of_git(seen: &OfGit, file: &Words) -> Wording {
    let said = match seen {
        OfGit::NotAsked => wrong(
            "no-repository",
            "not a git repository, so git was not asked",
            "git init",
        ),
        OfGit::Silent(why) => {
            let (why, fix) = silence(*why);
            let what = Words::from("ignored, tracked or committed: unknown, because ") + why;
            wrong("git-not-asked", what, fix)
        }
        OfGit::Unsure(why) => {
            let (why, fix) = silence(*why);
            wrong("git-unsure", why, fix)
        }
        OfGit::Ignored(rule) => right("ignored", Words::from("ignored by git (") + rule + ")"),
        OfGit::NotIgnored(written, rules) => wrong(
            "not-ignored",
            "not ignored by git, the next `git add` may take it",
            add_rule(written, *rules),
        ),
        OfGit::NotTracked => right("not-tracked", "not tracked by git"),
        OfGit::Committed(commit) => wrong(
            "committed",
            Words::from("was committed (history: ") + commit + "), and a clone may have it",
            "replace every secret in it: deleting the file does not take it out of the history",
        ),
        OfGit::NeverCommitted => right(
            "never-committed",
            "never committed in the history that is here",
        ),
        OfGit::Shallow(elsewhere) => {
            let fetch = |folder: &Words| {
                let command = Words::from("git -C ") + folder + " fetch --unshallow";
                Words::command(command, "git fetch --unshallow, in its repository")
            };
            wrong(
                "shallow-clone",
                "a shallow clone, earlier history is not here",
                elsewhere
                    .as_ref()
                    .map_or_else(|| "git fetch --unshallow".into(), fetch),
            )
        }
        OfGit::Tracked(elsewhere) => wrong(
            "tracked",
            "tracked by git: it is in the index",
            Words::command(
                remove(file, elsewhere.as_ref()),
                "take it out of the index (git rm --cached)",
            ) + ", commit, and replace every secret in it",
        ),
    };
    said.about(file)
}

/// How to take a file out of the index. git refuses a path into another repository, so it is asked there. With `-f`,
/// it does so when the file was staged and then edited, and with `--sparse` when it was told to skip the file.
fn remove(file: &Words, elsewhere: Option<&Written>) -> Words {
    match elsewhere {
        None => Words::from("git rm --cached -f --sparse ") + file,
        Some(Written { folder, name }) => {
            Words::from("git -C ") + folder + " rm --cached -f --sparse -- " + name
        }
    }
}

/// How to add a rule to the `.gitignore` of its folder.
fn add_rule(Written { folder, name }: &Written, rules: Rules) -> Words {
    let written = match rules {
        Rules::AtTheEnd => Words::from("echo '") + name + "'",
        Rules::AfterOpenLine => Words::from("printf '\\n") + name + "\\n'",
        Rules::InALink => {
            return "git follows no .gitignore that is a link: put a file in its place, with a rule for it".into();
        }
        Rules::InNoFile => {
            return "git reads rules only from a file: move away what is in the place of .gitignore, and write one with a rule for it".into();
        }
    };
    Words::command(
        written + " >> " + folder + ".gitignore",
        "add a rule for it to the .gitignore of its folder",
    )
}

/// Facts about the example.
pub fn of_example(seen: &OfExample, example: &Words) -> Wording {
    let named = |it: &Named| match &it.name {
        Some(name) => Words::from(name) + " (" + &it.place + ")",
        None => Words::from("the entry in ") + &it.place,
    };
    match seen {
        OfExample::Missing => wrong(
            "no-example",
            Words::from("no ") + EXAMPLE + ": nobody knows which variables to set",
            Words::from("write ") + EXAMPLE + " with all names and placeholders, and commit it",
        ),
        OfExample::Lacks(name) => wrong(
            "example-lacks",
            example.clone() + " does not mention " + *name,
            Words::from("add ") + *name + "= with a placeholder to it",
        ),
        OfExample::Unmentioned(entry) => wrong(
            "example-lacks",
            example.clone() + " does not mention " + named(entry),
            "add its name with a placeholder there, or delete the entry",
        ),
        OfExample::SetNowhere(entry) => wrong(
            "set-nowhere",
            named(entry) + " is in " + example + ", but no place sets it",
            "set it in .env, or delete it from the example",
        ),
        OfExample::Lost(entry, line) => wrong(
            "lost",
            named(entry)
                + " is in "
                + example
                + "; "
                + line
                + " names it too, but dotenvy cannot read that line",
            "mend that line",
        ),
        OfExample::NotCompared(files) => wrong(
            "not-compared",
            example.clone() + ": not compared, because " + not_read(files),
            Words::from("mend ") + Words::joined(files, " and ") + " first",
        ),
        OfExample::InStep => right(
            "in-step",
            example.clone() + ": in step, both ways: no name is missing on either side",
        ),
    }
}

/// Facts about all five variables.
pub fn of_five(seen: &OfFive) -> Wording {
    let joined = |names: &[&'static str]| Words::joined(names.iter().copied(), ", ");
    match seen {
        OfFive::NotValid(names) => wrong(
            "not-valid",
            Words::from("not set or not valid: ") + joined(names),
            "`oracle --explain NAME` shows each of them",
        ),
        OfFive::Unread(names, files) => wrong(
            "unknown",
            Words::from("unknown, because ") + not_read(files) + ": " + joined(names),
            Words::from("mend ") + Words::joined(files, " and ") + " first",
        ),
        OfFive::Defaulted(names) => wrong(
            "defaulted",
            Words::from("not set, so the default counts: ") + joined(names),
            Words::from("set ") + Words::joined(names.iter().copied(), " and ") + " in .env",
        ),
        OfFive::Overrides(places) if places.is_empty() => right(
            "overrides",
            "nothing is overridden: the same values as in development",
        ),
        OfFive::Overrides(places) => {
            let places = places
                .iter()
                .map(|(name, it)| Words::from(*name) + " from " + origin(it));
            let what = Words::from("production takes ") + Words::joined(places, ", ");
            right("overrides", what)
        }
        OfFive::WouldStart => right(
            "would-start",
            "dry run with MATRIX_MODE=production: it would start",
        ),
        OfFive::AllValid => right("all-valid", "all 5 variables set and valid"),
    }
}
