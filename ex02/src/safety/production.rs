//! Would production start with this configuration?

use super::check::{Check, Claim, Verdict, fact, fact_of_problem, list};
use super::seen::{OfFive, Seen};
use crate::config::judge;
use crate::search::Beyond;
use crate::sources::{Layer, Sources};
use crate::variables::Mode;

/// The third check: a dry run.
pub fn check_production(sources: &Sources, mode: Mode) -> Check {
    let dry_run = judge(sources, Mode::Production);
    let (refusals, unlisted) = dry_run.refusals();
    let verdict = if mode == Mode::Development {
        Verdict::Warn
    } else {
        Verdict::Fail
    };
    let refused = refusals.into_iter();
    let refused = refused.map(|it| fact_of_problem(verdict, it));
    let mut facts = Vec::new();
    let beyond = Beyond {
        number: unlisted,
        at_least: false,
    };
    list(refused.collect(), beyond, &mut facts);
    if facts.is_empty() {
        let mode = |it: Layer| it.mode() == Some(Mode::Production);
        let overriding = dry_run.variables.iter();
        let overriding = overriding.filter(|it| it.is_from(|it| it == Layer::Process || mode(it)));
        facts.push(fact(Verdict::Ok, Seen::OfFive(OfFive::WouldStart)));
        let names = overriding.map(|it| it.name).collect();
        let seen = OfFive::Overrides(names);
        facts.push(fact(Verdict::Ok, Seen::OfFive(seen)));
    }
    Check::new(Claim::ProductionAvailable, facts)
}
