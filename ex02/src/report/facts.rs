//! What is the name of each check, and how does the report word its facts?

use super::wording::{Wording, wrong};
use super::{env_file, problems, searches};
use crate::safety::{Check, Claim, Fact, OfFile, Seen, Verdict};
use crate::search::Beyond;
use crate::words::Words;

/// What a check claims. It is the same in every run.
pub fn claim(claim: Claim) -> &'static str {
    match claim {
        Claim::NoHardcodedSecrets => "No hardcoded secrets detected",
        Claim::EnvFileConfigured => ".env file properly configured",
        Claim::ProductionAvailable => "Production overrides available",
    }
}

/// The claim, or the truth when the claim does not hold.
pub fn headline(check: &Check) -> &'static str {
    match (check.claim, check.status) {
        (_, Verdict::Ok) => claim(check.claim),
        (Claim::NoHardcodedSecrets, Verdict::Fail) => "Hardcoded secrets detected",
        (Claim::NoHardcodedSecrets, _) => "Hardcoded secrets: not all files were searched",
        (Claim::EnvFileConfigured, Verdict::Skip) => ".env file: not everything could be checked",
        (Claim::EnvFileConfigured, _) => {
            let absent =
                |it: &Seen| matches!(it, Seen::OfFile(OfFile::Missing(_) | OfFile::NotNeeded(_)));
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
pub fn said(fact: &Fact) -> Wording {
    let file = fact.place.as_ref().map(Words::from).unwrap_or_default();
    match &fact.seen {
        Seen::Holds(place, what) => searches::holds(place, &file, what),
        Seen::Searched(it) => searches::searched(it),
        Seen::Unsearched(it) => searches::unsearched(it, &file),
        Seen::Past(it) => searches::past(it),
        Seen::OfFile(it) => env_file::of_file(it, &file),
        Seen::OfGit(it) => env_file::of_git(it, &file),
        Seen::OfExample(it) => env_file::of_example(it, &file),
        Seen::OfFive(it) => env_file::of_five(it),
        Seen::Wrong(problem) => problems::said_in_full(problem),
        Seen::More(beyond) => more(*beyond),
    }
}

/// The number of similar facts that are not listed.
pub fn more(beyond: Beyond) -> Wording {
    let and = if beyond.at_least { "and over " } else { "and " };
    wrong(
        "more",
        Words::from(and) + beyond.number + " more entries like these",
        "mend those above, then run this again",
    )
}
