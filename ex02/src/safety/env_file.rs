//! Does `.env` exist, is it complete, private, unknown to git, and in step with `.env.example`?

use std::io::{self, Read, Seek};
use std::path::Path;

use super::check::{Check, Claim, Fact, Verdict, fact, fact_of, fact_of_problem};
use super::example;
use super::seen::{OfFile, OfFive, OfGit, Rules, Seen};
use crate::config::{Config, Problem, Variable, Wrong};
use crate::git::{Git, Repository};
use crate::sources::{EnvFile, Layer, Sources, State};
use crate::variables::{SPECS, Status, named};
use crate::words::{Outside, Place, Words, open_regular};

/// The second check.
pub fn check_env_file(sources: &Sources, config: &Config, repository: &Repository) -> Check {
    let mut facts = Vec::new();
    let dotenv = &sources.files[0];
    let from_elsewhere = config
        .variables
        .iter()
        .filter(|it| it.status == Status::Ok && it.is_from(|layer| layer != Layer::Default));
    let none_needed = from_elsewhere.count() == SPECS.len();
    if let Some(folder) = &sources.ended_at {
        let place = Place::new(folder, None);
        facts.push(fact_of(place, Verdict::Warn, OfFile::EndedAt));
    }
    if !dotenv.exists() {
        let example = sources.copy_for(dotenv);
        facts.push(if none_needed {
            fact(Verdict::Skip, OfFile::NotNeeded(example))
        } else {
            fact(Verdict::Warn, OfFile::Missing(example))
        });
    }
    for file in sources.files.iter().filter(|it| it.exists()) {
        facts.extend(readable_fact(file, sources));
        if file.leads_outside {
            facts.push(wrong(file, None, Verdict::Warn, Wrong::LeadsOutside));
        }
        if is_private(file) {
            facts.extend(permissions(file));
            facts.extend(ask_git(file, repository));
        }
    }
    if !dotenv.exists()
        && let Ok(Some(git)) = repository
    {
        let committed = history_of(&dotenv.path, &dotenv.whole(), git);
        facts.extend(committed.filter(|it| it.verdict == Verdict::Fail));
    }
    facts.extend(all_five(config));
    facts.extend(example::in_step(sources, dotenv.exists() || !none_needed));
    Check::new(Claim::EnvFileConfigured, facts)
}

/// `.env` and `*.local` always belong to one machine; a `.env.<mode>` does when it holds a secret.
fn is_private(file: &EnvFile) -> bool {
    let of_this_machine = file.layer.is_some_and(Layer::is_of_this_machine);
    of_this_machine
        || file.entries().iter().any(|it| {
            named(&it.name).is_some_and(|spec| !spec.secrets_of(it.value.expose()).is_empty())
        })
}

/// Could every line of it be read?
fn readable_fact(file: &EnvFile, sources: &Sources) -> Option<Fact> {
    Some(match &file.state {
        State::Absent => return None,
        State::Unreadable(why) => {
            let unreadable = Wrong::Unreadable(*why, sources.copy_for(file));
            wrong(file, None, Verdict::Fail, unreadable)
        }
        State::Read { parsed, .. } => match parsed.worst() {
            None => fact_of(file.whole(), Verdict::Ok, OfFile::Understood),
            Some((line, flaw)) => {
                let worst = if flaw.loses_a_line() {
                    Verdict::Fail
                } else {
                    Verdict::Warn
                };
                wrong(file, Some(*line), worst, Wrong::Line(*flaw))
            }
        },
    })
}

/// Something is wrong with a file, or with a line of it.
pub fn wrong(file: &EnvFile, line: Option<usize>, verdict: Verdict, wrong: Wrong) -> Fact {
    fact_of_problem(verdict, Problem::of_file(file, line, wrong))
}

/// The permission bits of the group and of everybody else: the lowest six.
const OTHERS: u32 = 6;

/// May others on this machine read it?
fn permissions(file: &EnvFile) -> Option<Fact> {
    let State::Read { permissions, .. } = &file.state else {
        return None;
    };
    let (verdict, seen) = match permissions {
        Some(bits) if bits.trailing_zeros() >= OTHERS => (Verdict::Ok, OfFile::Private(*bits)),
        Some(bits) => (Verdict::Warn, OfFile::Open(*bits)),
        None => (Verdict::Skip, OfFile::PermissionsUnknown),
    };
    Some(fact_of(file.whole(), verdict, seen))
}

/// Does git ignore it, track it, or remember it? For a link, also: does git do so with its target?
fn ask_git(file: &EnvFile, repository: &Repository) -> Vec<Fact> {
    let one = |verdict, seen| vec![fact_of(file.whole(), verdict, Seen::OfGit(seen))];
    let git = match repository {
        Ok(None) => return one(Verdict::Skip, OfGit::NotAsked),
        Err(why) => return one(Verdict::Warn, OfGit::Silent(*why)),
        Ok(Some(git)) => git,
    };
    let name = file.name.into();
    let mut facts = of_git(&file.path, &file.whole(), (&file.folder, &name), git);
    if let Some(target) = &file.target {
        let shown = target.folder.clone() + &target.name;
        let link = OfFile::LeadsTo(shown.clone());
        facts.push(fact_of(file.whole(), Verdict::Ok, link));
        let named = (&target.folder, &target.name);
        facts.extend(of_git(&target.path, &Place::new(shown, None), named, git));
    }
    facts
}

/// What git says about the file at this path, which has this name in this folder.
fn of_git(path: &Path, place: &Place, (folder, name): (&Words, &Outside), git: &Git) -> Vec<Fact> {
    let fact = |verdict, seen| fact_of(place.clone(), verdict, Seen::OfGit(seen));
    let ignored = match git.ignored_by(path) {
        Ok(Some(rule)) => fact(Verdict::Ok, OfGit::Ignored(rule)),
        Ok(None) => {
            let rule = OfGit::NotIgnored {
                folder: folder.clone(),
                name: name.clone(),
                rules: rules(&path.with_file_name(".gitignore")),
            };
            fact(Verdict::Fail, rule)
        }
        Err(why) => fact(Verdict::Warn, OfGit::Unsure(why)),
    };
    let tracked = match git.tracks(path) {
        Ok(true) => fact(Verdict::Fail, OfGit::Tracked),
        Ok(false) => fact(Verdict::Ok, OfGit::NotTracked),
        Err(why) => fact(Verdict::Warn, OfGit::Unsure(why)),
    };
    let mut facts = vec![ignored, tracked];
    facts.extend(history_of(path, place, git));
    facts
}

/// Where a new rule goes in this `.gitignore`.
fn rules(path: &Path) -> Rules {
    if path.is_symlink() {
        Rules::InALink
    } else if ends_in_an_open_line(path).unwrap_or(false) {
        Rules::AfterOpenLine
    } else {
        Rules::AtTheEnd
    }
}

/// True for a file whose last line has no line break.
fn ends_in_an_open_line(path: &Path) -> io::Result<bool> {
    let (mut file, length) = open_regular(path)?;
    if length == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(io::SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Was it ever committed?
fn history_of(path: &Path, place: &Place, git: &Git) -> impl Iterator<Item = Fact> + use<> {
    let fact = |verdict, seen| fact_of(place.clone(), verdict, Seen::OfGit(seen));
    let shallow = git.shallow.then(|| fact(Verdict::Skip, OfGit::Shallow));
    let committed = match git.first_commit_with(path) {
        Ok(Some(commit)) => fact(Verdict::Fail, OfGit::Committed(commit)),
        Ok(None) => fact(Verdict::Ok, OfGit::NeverCommitted),
        Err(why) => fact(Verdict::Warn, OfGit::Unsure(why)),
    };
    [Some(committed), shallow].into_iter().flatten()
}

/// Are all five variables set, and right?
fn all_five(config: &Config) -> Vec<Fact> {
    let unread = &config.unread;
    let unset = |it: &Variable| it.is_from(|layer| layer == Layer::Default);
    let unknown = |it: &Variable| it.unread().is_some() || (unset(it) && !unread.is_empty());
    let names = |wanted: &dyn Fn(&Variable) -> bool| -> Vec<&'static str> {
        let found = config.variables.iter().filter(|it| wanted(it));
        found.map(|it| it.name).collect()
    };
    let wrong = names(&|it| it.status != Status::Ok && !unknown(it));
    let defaulted = names(&|it| unset(it) && !unknown(it));
    let mut facts = Vec::new();
    if !wrong.is_empty() {
        facts.push(OfFive::NotValid(wrong));
    } else if !defaulted.is_empty() {
        facts.push(OfFive::Defaulted(defaulted));
    }
    let unknown = names(&unknown);
    if !unknown.is_empty() {
        facts.push(OfFive::Unread(unknown, unread.clone()));
    }
    if facts.is_empty() {
        return vec![fact(Verdict::Ok, Seen::OfFive(OfFive::AllValid))];
    }
    let warn = |it| fact(Verdict::Warn, Seen::OfFive(it));
    facts.into_iter().map(warn).collect()
}
