//! Is this configuration safe? Three findings, each the outcome of looking.
//!
//! A finding is `[OK]` only when every fact behind it was looked at and is right. What could
//! not be looked at is `[SKIP]`, and a finding is as bad as the worst fact behind it.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::config::judge::{self, Problem};
use crate::secret::shown::Gate;
use crate::sources::layers::Sources;
use crate::variables::table::Mode;
use crate::words::wording::MOST_LISTED;

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

impl Verdict {
    /// As the report writes it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ok => "[OK]",
            Self::Skip => "[SKIP]",
            Self::Warn => "[WARN]",
            Self::Fail => "[FAIL]",
        }
    }

    /// As a fact behind a finding carries it: only the three findings have tags in brackets.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skip => "skip",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One of the three findings.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What is claimed when it is `[OK]`; the same in every run.
    pub name: &'static str,
    /// The worst of the facts.
    pub status: Verdict,
    /// What the report says in the claim's place when it does not hold.
    #[serde(skip)]
    pub headline: String,
    /// The facts.
    pub evidence: Vec<Fact>,
    /// How to mend the worst of them.
    pub hint: Option<String>,
}

/// One fact behind a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What the look showed.
    pub verdict: Verdict,
    /// In words.
    pub text: String,
    /// How to mend it, where there is something to mend.
    pub fix: Option<String>,
}

impl fmt::Display for Fact {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.verdict.word(), self.text)
    }
}

impl Serialize for Fact {
    /// As the text shows it: `ok: .env is ignored by git (.gitignore:3)`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A fact that is right.
pub fn good(text: impl Into<String>) -> Fact {
    Fact {
        verdict: Verdict::Ok,
        text: text.into(),
        fix: None,
    }
}

/// A fact that is not, and how to mend it.
pub fn bad(verdict: Verdict, text: impl Into<String>, fix: impl Into<String>) -> Fact {
    Fact {
        verdict,
        text: text.into(),
        fix: Some(fix.into()),
    }
}

/// Puts facts under a claim.
pub fn check(
    name: &'static str,
    evidence: Vec<Fact>,
    otherwise: impl Fn(Verdict) -> String,
) -> Check {
    let status = evidence
        .iter()
        .map(|it| it.verdict)
        .max()
        .unwrap_or(Verdict::Skip);
    let hint = evidence
        .iter()
        .find(|it| it.verdict == status)
        .and_then(|it| it.fix.clone());
    let headline = match status {
        Verdict::Ok => name.to_owned(),
        other => otherwise(other),
    };
    Check {
        name,
        status,
        headline,
        evidence,
        hint,
    }
}

/// Adds the first of these facts, which are all alike, and counts the others.
pub fn list(mut alike: Vec<Fact>, what: &str, facts: &mut Vec<Fact>) {
    let more = alike.split_off(alike.len().min(MOST_LISTED));
    let more = Some(more.len()).filter(|it| *it > 0);
    list_first(alike, more.map(|it| it.to_string()), what, facts);
}

/// Adds facts which are all alike, and how many more there are, if any.
pub fn list_first(alike: Vec<Fact>, more: Option<String>, what: &str, facts: &mut Vec<Fact>) {
    let verdict = alike.first().map(|it| it.verdict);
    facts.extend(alike);
    if let (Some(verdict), Some(more)) = (verdict, more) {
        facts.push(bad(
            verdict,
            format!("and {more} more {what}"),
            "mend those above, then run this again",
        ));
    }
}

/// The third finding: would production start with what is here?
pub fn production(sources: &Sources, mode: Mode, gate: &Gate) -> Check {
    let dry_run = judge::judge(sources, Mode::Production, gate);
    let refusals: Vec<Problem> = dry_run.refusals();
    let verdict = if mode == Mode::Development {
        Verdict::Warn
    } else {
        Verdict::Fail
    };
    let mut facts: Vec<Fact> = refusals
        .into_iter()
        .map(|it| bad(verdict, it.what, it.fix))
        .collect();
    if facts.is_empty() {
        let overriding = dry_run.variables.iter().filter(|it| {
            it.origin
                .as_ref()
                .is_some_and(|it| it.layer == "process" || it.layer.starts_with(".env.production"))
        });
        let names: Vec<&str> = overriding.map(|it| it.name).collect();
        facts.push(good("dry run with MATRIX_MODE=production: it would start"));
        facts.push(good(match names.is_empty() {
            true => "nothing is overridden: the same values as in development".to_owned(),
            false => format!(
                "from the process environment or .env.production: {}",
                names.join(", ")
            ),
        }));
    }
    check("Production overrides available", facts, |_| {
        "Production overrides not available: it would not start".to_owned()
    })
}
