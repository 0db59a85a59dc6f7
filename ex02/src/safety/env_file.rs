//! Does `.env` exist, is it complete, private, unknown to git, and in step with `.env.example`?

use super::check::{Check, Claim, Fact, Verdict, fact, fact_of, fact_of_problem};
use super::example;
use super::of_git::{ask_git, was_committed};
use super::repositories::Repositories;
use super::seen::{OfFile, OfFive, Seen};
use crate::config::{Config, NotSought, Owner, Problem, Variable, Wrong, searched_of, why_not};
use crate::sources::{Entry, EnvFile, Layer, Sources, State};
use crate::variables::{SPECS, Status, named};
use crate::words::Place;

/// The second check.
pub fn check_env_file(sources: &Sources, config: &Config, repositories: &Repositories) -> Check {
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
            facts.extend(ask_git(file, repositories));
        }
    }
    if !dotenv.exists() {
        facts.extend(was_committed(dotenv, repositories));
    }
    facts.extend(all_five(config));
    facts.extend(example::in_step(sources, dotenv.exists() || !none_needed));
    Check::new(Claim::EnvFileConfigured, facts)
}

/// `.env` and `*.local` always belong to one machine; a `.env.<mode>` does when it holds a secret.
fn is_private(file: &EnvFile) -> bool {
    let of_this_machine = file.layer.is_some_and(Layer::is_of_this_machine);
    of_this_machine || file.entries().iter().any(holds_secret)
}

/// True for an entry of the five with a secret in it. What the search leaves out is none (a placeholder, a
/// common word), unless it is only too short to search for.
fn holds_secret(entry: &Entry) -> bool {
    let Some(spec) = named(&entry.name) else {
        return false;
    };
    let owner = Owner::Variable(spec.name);
    let is_secret = |it: &str| matches!(why_not(&owner, it), None | Some(NotSought::TooShort));
    let mut parts = entry.texts().flat_map(|it| searched_of(spec, it.expose()));
    parts.any(|(it, why)| why.is_none() && is_secret(it.expose()))
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
