//! How is the text built?

use std::fmt::{Display, Write};

use owo_colors::OwoColorize;

use crate::support::PyPath;

/// The path, or the words for no path.
pub fn path_or(path: Option<&PyPath>, none: &str) -> String {
    path.map_or_else(|| none.to_owned(), ToString::to_string)
}

/// The lines that were added until now.
#[derive(Default)]
pub struct Text(pub String);

impl Text {
    /// Adds a line. Text from outside must be escaped already.
    pub fn line(&mut self, line: impl Display) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "{line}");
    }

    /// Adds a blank line and a heading.
    pub fn heading(&mut self, heading: &str) {
        self.line("");
        self.line(heading.bold());
    }

    /// Adds a name and its value, in columns.
    pub fn field(&mut self, name: &str, value: impl Display) {
        self.line(format_args!("  {name:<17} {value}"));
    }

    /// Adds a name and a command to type.
    pub fn command(&mut self, name: &str, command: &str) {
        self.field(name, command.cyan());
    }

    /// Adds a list with one name.
    pub fn list(&mut self, name: &str, items: impl IntoIterator<Item: Display>) {
        for (at, item) in items.into_iter().enumerate() {
            self.field(if at == 0 { name } else { "" }, item);
        }
    }
}
