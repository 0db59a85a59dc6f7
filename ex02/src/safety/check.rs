//! What is a check made of?

use serde::Serialize;

use super::seen::Seen;
use crate::config::Problem;
use crate::search::Beyond;
use crate::words::{MOST_KEPT, Place};

/// The result of a look at something. The order is from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The oracle looked, and it is right.
    Ok,
    /// The oracle did not look, and says why.
    Skip,
    /// The oracle looked, and somebody should mend it.
    Warn,
    /// The oracle looked, and it is wrong.
    Fail,
}

/// What a check claims when it is `[OK]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// No hardcoded secrets detected
    NoHardcodedSecrets,
    /// .env file properly configured
    EnvFileConfigured,
    /// Production overrides available
    ProductionAvailable,
}

/// One of the three checks.
pub struct Check {
    /// Its claim.
    pub claim: Claim,
    /// The verdict of the worst fact.
    pub status: Verdict,
    /// The facts.
    pub evidence: Vec<Fact>,
}

/// One fact of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its verdict.
    pub verdict: Verdict,
    /// The file that it is about, and the line.
    pub place: Option<Place>,
    /// What the oracle saw.
    pub seen: Seen,
}

/// A fact that is not about a file.
pub fn fact(verdict: Verdict, seen: impl Into<Seen>) -> Fact {
    Fact {
        verdict,
        place: None,
        seen: seen.into(),
    }
}

/// A fact about a file or a line of it.
pub fn fact_of(place: Place, verdict: Verdict, seen: impl Into<Seen>) -> Fact {
    Fact {
        verdict,
        place: Some(place),
        seen: seen.into(),
    }
}

/// A fact about a problem of a variable or a file.
pub fn fact_of_problem(verdict: Verdict, problem: Problem) -> Fact {
    Fact {
        verdict,
        place: problem.place.clone(),
        seen: Seen::Wrong(problem),
    }
}

impl Check {
    /// Puts facts under a claim.
    pub fn new(claim: Claim, evidence: Vec<Fact>) -> Self {
        let status = evidence.iter().map(|it| it.verdict).max();
        Self {
            claim,
            status: status.unwrap_or(Verdict::Skip),
            evidence,
        }
    }

    /// True when this was seen.
    pub fn has(&self, seen: impl Fn(&Seen) -> bool) -> bool {
        self.evidence.iter().any(|it| seen(&it.seen))
    }
}

/// Adds the first of these similar facts, and counts the others. `beyond` is the number of facts that
/// were only counted before.
pub fn list(mut alike: Vec<Fact>, mut beyond: Beyond, facts: &mut Vec<Fact>) {
    let rest = alike.split_off(alike.len().min(MOST_KEPT));
    let verdict = alike.first().map(|it| it.verdict);
    facts.append(&mut alike);
    beyond.number += rest.len();
    if let Some(verdict) = verdict.filter(|_| beyond.number > 0) {
        facts.push(fact(verdict, Seen::More(beyond)));
    }
}
