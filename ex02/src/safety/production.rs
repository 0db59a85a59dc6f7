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
        let development = judge(sources, Mode::Development);
        let both = dry_run.variables.iter().zip(&development.variables);
        let overrides = both.filter_map(|(it, other)| {
            let is_other = it.is_from(|it| it == Layer::Process) || it.origin != other.origin;
            Some((it.name, it.origin.clone().filter(|_| is_other)?))
        });
        facts.push(fact(Verdict::Ok, Seen::OfFive(OfFive::WouldStart)));
        let seen = OfFive::Overrides(overrides.collect());
        facts.push(fact(Verdict::Ok, Seen::OfFive(seen)));
    }
    Check::new(Claim::ProductionAvailable, facts)
}
