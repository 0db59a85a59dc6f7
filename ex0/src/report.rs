//! 6. How is the answer told, as text and as JSON? The only room that words what was found, and the only one that prints.

mod headline; // the subject's own lines
mod details; // our own sections
mod sides; // what stands beside the answer
mod json; // the same for scripts
mod words; // every sentence
mod page; // the text as it grows
mod terminal; // where it is printed

pub use self::json::print_json;
pub use self::terminal::{print, trouble};

use self::page::Text;
use crate::around::{Claim, Commands, Managed, Surroundings};
use crate::finding::Warning;
use crate::support::World;
use crate::verdict::{Answer, Outcome};
use crate::verify::Verification;

/// Everything that is shown.
pub struct Report {
    /// What is known about the Python that would start.
    pub answer: Answer,
    /// What the variables claim, and the truth.
    pub claims: Vec<Claim>,
    /// What `python`, `python3` and `pip` start; only where no Python was asked for by name.
    pub commands: Option<Commands>,
    /// conda's or pixi's environment.
    pub managed: Option<Managed>,
    /// What else the process lives in.
    pub surroundings: Surroundings,
    /// Python's own answer, when it was asked for.
    pub verification: Option<Verification>,
}

impl Report {
    /// What a person should know, from wherever it comes.
    fn warnings(&self) -> impl Iterator<Item = &Warning> {
        let commands = self.commands.iter().flat_map(|it| &it.warnings);
        self.answer.notes.warnings.iter().chain(commands)
    }
}

/// The whole text.
pub fn text(report: &Report, world: &World) -> String {
    let mut text = Text::default();
    let answer = &report.answer;
    match &answer.outcome {
        Outcome::Runs(it) if it.is_isolated() => headline::inside(&mut text, it, answer),
        Outcome::Runs(it) => headline::outside(&mut text, it, answer),
        Outcome::Broken(it) => headline::broken(&mut text, it),
        Outcome::NoPython(fault) => headline::no_python(&mut text, fault),
        Outcome::Unknown(fault, _) => headline::unknown(&mut text, fault, answer),
    }
    details::because(&mut text, answer);
    if let Some(running) = answer.running() {
        details::interpreter(&mut text, running);
        details::packages(&mut text, running);
    }
    details::environment(&mut text, report);
    sides::commands(&mut text, report.commands.as_ref());
    sides::claims(&mut text, &report.claims);
    sides::warnings(&mut text, report.warnings());
    sides::surroundings(&mut text, &report.surroundings);
    if let Some(verification) = &report.verification {
        sides::verified(&mut text, verification);
    }
    sides::next(&mut text, report, world);
    text.0
}
