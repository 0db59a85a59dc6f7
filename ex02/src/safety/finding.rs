//! Of what does a finding consist?

use serde::Serialize;

use super::seen::{Many, Seen};
use crate::search::Beyond;
use crate::words::{MOST_KEPT, Place};

/// What a look at something showed. The order is from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Looked at and right.
    Ok,
    /// Not looked at, and why is said.
    Skip,
    /// Looked at, and to be mended.
    Warn,
    /// Looked at and wrong.
    Fail,
}

/// What a finding claims when it is `[OK]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// No hardcoded secrets detected
    NoHardcodedSecrets,
    /// .env file properly configured
    EnvFileConfigured,
    /// Production overrides available
    ProductionAvailable,
}

/// One of the three findings.
pub struct Check {
    /// What is claimed.
    pub claim: Claim,
    /// The worst of the facts.
    pub status: Verdict,
    /// The facts.
    pub evidence: Vec<Fact>,
}

/// One fact behind a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What the look showed.
    pub verdict: Verdict,
    /// Which file it is about, and which line of it.
    pub place: Option<Place>,
    /// What was seen.
    pub seen: Seen,
}

/// A fact about nothing in particular.
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

/// Adds the first of these facts, which are all alike, and counts the others; those `beyond` were
/// counted before.
pub fn list(mut alike: Vec<Fact>, mut beyond: Beyond, many: Many, facts: &mut Vec<Fact>) {
    let rest = alike.split_off(alike.len().min(MOST_KEPT));
    let verdict = alike.first().map(|it| it.verdict);
    facts.append(&mut alike);
    beyond.number += rest.len();
    if let Some(verdict) = verdict.filter(|_| beyond.number > 0) {
        facts.push(fact(verdict, Seen::More(beyond, many)));
    }
}
