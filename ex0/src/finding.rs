//! What was found? Facts with fields: what each reader found, why a Python would not start, and what the user should know.
//!
//! There are no sentences here. `report` writes all of them, and `verdict` chooses the repair for each cause.

mod absent; // why there is no Python, or none that we know
mod cause; // why a Python would not start, or why we cannot know
mod event; // who read what, and what it said
mod warning; // what the user should know, although Python starts

pub use absent::{Missing, Opaque};
pub use cause::{Cause, Misled, Unloadable, Unusable};
pub use event::{Event, NotChecked, OfGetpath, OfPyenv, Reader, Said, Source, VersionSource};
pub use warning::{OwnPip, Remedy, Warning};

use crate::support::PyPath;

/// The findings, in the order in which Python looks.
#[derive(Debug, Default)]
pub struct Notes {
    /// The files and variables that were read.
    pub trace: Vec<Event>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

impl Notes {
    /// Adds what a file said.
    pub fn say(&mut self, reader: Reader, path: &PyPath, said: impl Into<Said>) {
        self.add(reader, Source::File(path.clone()), said.into());
    }

    /// Adds what a variable said.
    pub fn say_variable(&mut self, reader: Reader, name: &'static str, said: impl Into<Said>) {
        self.add(reader, Source::Variable(name), said.into());
    }

    fn add(&mut self, reader: Reader, source: Source, said: Said) {
        self.trace.push(Event {
            reader,
            source,
            said,
        });
    }

    /// Makes the last fact a warning too.
    pub fn warn_of_it(&mut self) {
        let last = self.trace.last().cloned();
        self.warnings.extend(last.map(Warning::Event));
    }

    /// Adds a warning.
    pub fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }
}
