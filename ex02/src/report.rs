//! What do people and scripts get to see?
//!
//! Whatever the other rooms find out is data. Only this room turns it into sentences ([`wording`]), and
//! only this room masks, escapes and prints them ([`Printer`]).

mod summary; // the result of the run, and how the program ends
mod text; // the report, for people
mod json; // the same for scripts
mod explain; // every place of one variable
// The sentences:
mod connections; // about the database, the key and the endpoint
mod postgres; // why a PostgreSQL server is not connected
mod certificate; // why its certificate is not accepted
mod sqlite; // why SQLite does not read a file
mod facts; // about the three checks
mod searches; // where secrets are, and what was searched
mod env_file; // about a layer file, the example and the five variables
mod silence; // why git did not answer
mod problems; // about each problem of a variable or a file
mod flaws; // what is wrong with a line
mod changed; // how a value differs from the meant one
mod fix; // where to set a variable, and to what
mod trouble; // why the program could not do its job
// What all sentences need:
mod wording; // what they have in common
mod alike; // which of many similar facts are printed in full
mod wrap; // where a long line breaks
mod print; // masks, escapes and prints them

pub use explain::{Explanation, explain};
pub use print::{Printer, Shown, choose_colours, silence_panics, stdout as help, trouble};
pub use summary::Summary;

use crate::exit::Trouble;

/// Prints the report in this form.
pub fn report(summary: &Summary, shown: Shown, printer: &Printer) -> Result<(), Trouble> {
    match shown {
        Shown::Text => print::stdout(&text::render(summary, printer)),
        Shown::Json => print::stdout(&json::summary(summary, printer)),
        Shown::Nothing => Ok(()),
    }
}

/// Prints the places of one variable in this form.
pub fn explanation(it: &Explanation, shown: Shown, printer: &Printer) -> Result<(), Trouble> {
    match shown {
        Shown::Text => print::stdout(&explain::render(it, printer)),
        Shown::Json => print::stdout(&json::explanation(it, printer)),
        Shown::Nothing => Ok(()),
    }
}

/// Everything that the report says about a problem.
#[cfg(test)]
pub fn said_of(problem: &crate::config::Problem, printer: &Printer) -> String {
    let said = problems::said_in_full(problem);
    printer.text(&(said.message + " " + said.hint.unwrap_or_default()))
}

#[cfg(test)]
pub use self::{trouble::said as said_of_trouble, wording::with_parts};
