//! 7. How is the answer shown, as text and as JSON?
//!
//! Only this room prints, and it has all sentences about what was found. (The flags and their errors are worded in `cli`.)

mod headline; // the subject's lines
mod details; // our sections about the Python
mod sides; // our sections about everything else
mod json; // the same for scripts
mod words; // all sentences
mod page; // builds the text
mod terminal; // prints it

pub use self::json::print_json;
pub use self::terminal::{choose_colours, print, trouble};

use self::page::Text;
use crate::around::{Claim, Commands, Managed, Surroundings};
use crate::finding::Warning;
use crate::support::World;
use crate::support::exit::Trouble;
use crate::verdict::{Answer, Repair};
use crate::verify::Verification;

/// Everything that is shown.
pub struct Report {
    /// What is known about the Python.
    pub answer: Answer,
    /// What the variables claim, and whether it is true.
    pub claims: Vec<Claim>,
    /// What `python`, `python3` and `pip` start; `None` if the user asked for a Python with `--python`.
    pub commands: Option<Commands>,
    /// The conda or pixi environment.
    pub managed: Option<Managed>,
    /// What surrounds the process.
    pub surroundings: Surroundings,
    /// Python's own answer, with `--verify`.
    pub verification: Option<Verification>,
}

impl Report {
    /// All warnings.
    fn warnings(&self) -> impl Iterator<Item = &Warning> {
        let commands = self.commands.iter().flat_map(|it| &it.warnings);
        self.answer.notes.warnings.iter().chain(commands)
    }
}

/// Why a run could not find out: the error for a run that shows no report.
pub fn unanswered(report: &Report) -> Trouble {
    let Some(fault) = report.answer.fault() else {
        let what = report.verification.as_ref().map(ToString::to_string);
        return Trouble::new(what.unwrap_or_default(), "start that Python, and look");
    };
    match &fault.repair {
        Repair::Run { command, effect } => {
            Trouble::new(format_args!("{}\n{effect}", fault.cause), command)
        }
        Repair::Advise(advice) => Trouble::new(&fault.cause, advice),
    }
}

/// The whole text.
pub fn text(report: &Report, world: &World) -> String {
    let mut text = Text::default();
    let answer = &report.answer;
    headline::headline(&mut text, answer);
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
