//! Is `.env` there, complete, private, unknown to git, and in step with `.env.example`?

use crate::config::judge::Config;
use crate::git::index::Git;
use crate::git::repository::Repository;
use crate::safety::example;
use crate::safety::production::{Check, Fact, Verdict, bad, check, good};
use crate::secret::shown::Gate;
use crate::sources::file::{LayerFile, State};
use crate::sources::layers::Sources;
use crate::variables::table::{self, SPECS, Status};
use crate::words::escape;

/// The second finding.
pub fn look(sources: &Sources, config: &Config, repository: &Repository, gate: &Gate) -> Check {
    let mut facts = Vec::new();
    let dotenv = &sources.files[0];
    let set: Vec<_> = config
        .variables
        .iter()
        .filter(|it| it.origin.as_ref().is_some_and(|it| it.layer != "default"))
        .collect();
    let from_process = set.len() == SPECS.len() && set.iter().all(|it| it.status == Status::Ok);
    if !dotenv.exists() {
        let write_it = match sources.example.exists() {
            true => format!("cp {} .env && chmod 600 .env", sources.example.shown),
            false => {
                "write NAME=value lines for the five into .env, then: chmod 600 .env".to_owned()
            }
        };
        facts.push(match from_process {
            true => bad(
                Verdict::Skip,
                "no .env here, and none is needed: all five variables are set elsewhere",
                format!("nothing to do; for a machine of your own: {write_it}"),
            ),
            false => bad(Verdict::Warn, "no .env here", write_it),
        });
    }
    for file in sources.files.iter().filter(|it| it.exists()) {
        facts.push(readable(file));
        if is_private(file) {
            facts.extend(permissions(file));
            ask_git(file, repository, gate, &mut facts);
        }
    }
    if !dotenv.exists()
        && let Repository::Known(git) = repository
    {
        facts.extend(history_of(dotenv, git).filter(|it| it.verdict == Verdict::Fail));
    }
    facts.push(all_five(config, set.len()));
    facts.extend(example::in_step(
        sources,
        dotenv.exists() || !from_process,
        gate,
    ));
    check(
        ".env file properly configured",
        facts,
        |verdict| match verdict {
            Verdict::Skip => ".env file: not everything could be checked".to_owned(),
            _ if !dotenv.exists() => ".env file not found".to_owned(),
            _ => ".env file not properly configured".to_owned(),
        },
    )
}

/// `.env` and `*.local` always belong to one machine; a `.env.<mode>` does when it holds a secret.
fn is_private(file: &LayerFile) -> bool {
    let of_one_machine = file.name == ".env" || file.name.contains(".local");
    of_one_machine
        || file.entries().iter().any(|it| {
            table::named(&it.name).is_some_and(|spec| !(spec.secrets)(it.value.expose()).is_empty())
        })
}

/// Could it be read, every line of it?
fn readable(file: &LayerFile) -> Fact {
    match &file.state {
        State::Absent => bad(Verdict::Skip, format!("no {}", file.shown), "nothing to do"),
        State::Unreadable(why, fix) => bad(Verdict::Fail, format!("{}: {why}", file.shown), fix),
        State::Read { parsed, .. } => match parsed.flaws.first() {
            None => good(format!(
                "{}: a regular file, every line understood",
                file.shown
            )),
            Some((line, flaw)) => {
                let (what, fix) = flaw.words();
                bad(Verdict::Fail, format!("{}:{line}: {what}", file.shown), fix)
            }
        },
    }
}

/// The lowest six permission bits are those of the group and of everybody else.
const OTHERS: u32 = 6;

/// May others on this machine read it?
fn permissions(file: &LayerFile) -> Option<Fact> {
    let State::Read { permissions, .. } = &file.state else {
        return None;
    };
    Some(match permissions {
        Some(bits) if bits.trailing_zeros() >= OTHERS => good(format!(
            "{}: only its owner can read it ({bits:04o})",
            file.shown
        )),
        Some(bits) => bad(
            Verdict::Warn,
            format!(
                "{}: others on this machine can read or change it ({bits:04o})",
                file.shown
            ),
            format!("chmod 600 {}", file.shown),
        ),
        None => bad(
            Verdict::Skip,
            format!(
                "{}: who may read it was not checked on this system",
                file.shown
            ),
            "look at its properties",
        ),
    })
}

/// Does git ignore it, track it, or remember it?
fn ask_git(file: &LayerFile, repository: &Repository, gate: &Gate, facts: &mut Vec<Fact>) {
    let shown = &file.shown;
    let git = match repository {
        Repository::None => {
            return facts.push(bad(
                Verdict::Skip,
                format!("{shown}: not a git repository, so git was not asked"),
                "git init",
            ));
        }
        Repository::Unknown(why, fix) => {
            return facts.push(bad(
                Verdict::Warn,
                format!("{shown}: ignored, tracked, committed? {why}"),
                fix,
            ));
        }
        Repository::Known(git) => git,
    };
    facts.push(match git.ignored_by(&file.path) {
        Ok(Some(rule)) => {
            let rule = gate.hide(&escape::text(&rule));
            good(format!("{shown}: ignored by git ({rule})"))
        }
        Ok(None) => bad(
            Verdict::Fail,
            format!("{shown}: not ignored by git, the next `git add` may take it"),
            format!("echo '{}' >> .gitignore", file.name),
        ),
        Err(why) => bad(
            Verdict::Warn,
            format!("{shown}: {why}"),
            "look at it with: git status",
        ),
    });
    facts.push(match &git.tracked {
        Ok(tracked) if tracked.iter().any(|it| git.top.join(&it.path) == file.path) => bad(
            Verdict::Fail,
            format!("{shown}: tracked by git, whoever clones the repository gets it"),
            format!("git rm --cached {shown}, commit, and replace every secret in it"),
        ),
        Ok(_) => good(format!("{shown}: not tracked by git")),
        Err(why) => bad(
            Verdict::Warn,
            format!("{shown}: {why}"),
            "look at it with: git status",
        ),
    });
    facts.extend(history_of(file, git));
}

/// Was it ever committed?
fn history_of(file: &LayerFile, git: &Git) -> impl Iterator<Item = Fact> + use<> {
    let shown = &file.shown;
    let shallow = git.shallow.then(|| {
        bad(
            Verdict::Skip,
            format!("{shown}: a shallow clone, earlier history is not here"),
            "git fetch --unshallow",
        )
    });
    let fact = match git.first_commit_with(&file.path) {
        Ok(Some(commit)) => bad(
            Verdict::Fail,
            format!("{shown}: was committed (history: {commit}), it is in every clone"),
            "replace every secret in it: deleting the file does not take it out of the history",
        ),
        Ok(None) => good(format!(
            "{shown}: never committed in the history that is here"
        )),
        Err(why) => bad(
            Verdict::Warn,
            format!("{shown}: {why}"),
            "look at it with: git fsck",
        ),
    };
    [Some(fact), shallow].into_iter().flatten()
}

/// Are all five set, and right?
fn all_five(config: &Config, set: usize) -> Fact {
    let wrong: Vec<&str> = config
        .variables
        .iter()
        .filter(|it| it.status != Status::Ok)
        .map(|it| it.name)
        .collect();
    let unset: Vec<&str> = config
        .variables
        .iter()
        .filter(|it| it.origin.as_ref().is_some_and(|it| it.layer == "default"))
        .map(|it| it.name)
        .collect();
    match (wrong.is_empty(), unset.is_empty()) {
        (true, true) => good(format!("all {set} variables set and valid")),
        (true, false) => bad(
            Verdict::Warn,
            format!("not set, so the default counts: {}", unset.join(", ")),
            format!("set {} in .env", unset.join(" and ")),
        ),
        (false, _) => bad(
            Verdict::Warn,
            format!("not set or not valid: {}", wrong.join(", ")),
            "`oracle --explain NAME` shows each of them",
        ),
    }
}
