//! What was found? Facts with fields: what each reader was told, why a Python would not start, what a person should know.
//!
//! No sentence stands here. `report` words them, in one place, and `verdict` chooses a remedy by the cause.

mod cause; // why a Python would not start, or cannot be judged
mod event; // who read what, and what it said
mod warning; // what a person should know though it stops nothing

pub use cause::{Cause, Manager, Misled, Missing, Odd, Opaque, Unloadable, Unusable};
pub use event::{Event, NotChecked, Reader, Said, Source, VersionSource};
pub use warning::{Difference, Unseen, Warning};

use crate::support::PyPath;

/// The findings in the order in which Python would have looked.
#[derive(Debug, Default)]
pub struct Notes {
    /// What was consulted.
    pub trace: Vec<Event>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

impl Notes {
    /// Remembers what a file said.
    pub fn say(&mut self, reader: Reader, path: &PyPath, said: Said) {
        let source = Source::File(path.clone());
        self.trace.push(Event {
            reader,
            source,
            said,
        });
    }

    /// Remembers what a variable said.
    pub fn say_variable(&mut self, reader: Reader, name: &'static str, said: Said) {
        let source = Source::Variable(name);
        self.trace.push(Event {
            reader,
            source,
            said,
        });
    }

    /// The file that the shell found, before a shim was followed.
    pub fn started(&self) -> Option<&PyPath> {
        self.trace
            .iter()
            .find_map(|event| match (&event.source, &event.said) {
                (Source::File(file), Said::Starts { .. }) => Some(file),
                _ => None,
            })
    }

    /// Remembers a warning.
    pub fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }
}
