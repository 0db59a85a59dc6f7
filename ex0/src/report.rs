//! How is the answer told to a person? The subject's lines first, then our own sections.

mod headline; // the subject's own lines
mod details; // our own sections
mod page; // the text as it grows
mod terminal; // the only module that prints

pub use self::terminal::{json, print, trouble};

use self::page::Text;
use crate::around::{Claim, Surroundings};
use crate::support::PyPath;
use crate::verdict::{Answer, Status};
use crate::verify::Verification;
use serde::Serialize;

/// Everything that is shown, as text or as JSON.
#[derive(Serialize)]
pub struct Report {
    /// What is known about the Python that would start.
    #[serde(flatten)]
    pub answer: Answer,
    /// What the variables claim, and the truth.
    pub claims: Vec<Claim>,
    /// What else the process lives in.
    pub surroundings: Surroundings,
    /// Python's own answer, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
}

/// The whole text.
pub fn text(report: &Report, shell: Option<&PyPath>) -> String {
    let mut text = Text::default();
    let answer = &report.answer;
    match answer.status {
        Status::Isolated => headline::inside(&mut text, answer),
        Status::Global => headline::outside(&mut text, answer),
        Status::Broken => headline::broken(&mut text, answer),
        Status::NoPython => headline::no_python(&mut text, answer),
        Status::Unknown => headline::unknown(&mut text, answer),
    }
    details::because(&mut text, answer);
    if answer.prefix.is_some() {
        details::interpreter(&mut text, answer);
        details::packages(&mut text, answer);
    }
    details::environment(&mut text, answer);
    details::claims(&mut text, &report.claims);
    details::warnings(&mut text, &answer.warnings);
    details::surroundings(&mut text, &report.surroundings);
    if let Some(verification) = &report.verification {
        details::verified(&mut text, verification);
    }
    details::next(&mut text, answer, shell);
    text.0
}
