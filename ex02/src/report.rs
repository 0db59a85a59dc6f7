//! What do people and scripts get to see?
//!
//! Whatever the other rooms find out is data. Only this room turns it into sentences ([`wording`]), and
//! only this room masks, escapes and prints them ([`Printer`]).

mod alike;
mod certificate;
mod changed;
mod connections;
mod explain;
mod env_file;
mod facts;
mod fix;
mod flaws;
mod json;
mod postgres;
mod print;
mod problems;
mod searches;
mod silence;
mod sqlite;
mod summary;
mod text;
mod trouble;
mod wording;
mod wrap;

pub use explain::{Explanation, explain};
pub use print::{Printer, Shown, choose_colours, silence_panics, stdout as help, trouble};
pub use summary::Summary;

use crate::exit::Trouble;

/// Prints the report, as text or as JSON.
pub fn report(summary: &Summary, as_json: bool, printer: &Printer) -> Result<(), Trouble> {
    print::stdout(&if as_json {
        json::summary(summary, printer)
    } else {
        text::render(summary, printer)
    })
}

/// Prints the places of one variable, as text or as JSON.
pub fn explanation(it: &Explanation, as_json: bool, printer: &Printer) -> Result<(), Trouble> {
    print::stdout(&if as_json {
        json::explanation(it, printer)
    } else {
        explain::render(it, printer)
    })
}

/// Everything that the report says about a problem.
#[cfg(test)]
pub fn said_of(problem: &crate::config::Problem, printer: &Printer) -> String {
    let said = problems::said_in_full(problem);
    printer.text(&(said.message + " " + said.hint.unwrap_or_default()))
}

#[cfg(test)]
pub use self::{trouble::said as said_of_trouble, wording::with_parts};
