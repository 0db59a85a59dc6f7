//! A page of text as it grows.

use std::fmt::{Display, Write};

use owo_colors::OwoColorize;

use crate::support::PyPath;

/// The text as it grows.
#[derive(Default)]
pub struct Text(pub String);

impl Text {
    /// A line. What comes from outside was made harmless before.
    pub fn line(&mut self, line: impl Display) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "{line}");
    }

    /// A heading of ours, with a blank line above it.
    pub fn heading(&mut self, heading: &str) {
        self.line("");
        self.line(heading.bold());
    }

    /// A name and its value, in columns.
    pub fn field(&mut self, name: &str, value: impl Display) {
        self.line(format_args!("  {name:<17} {value}"));
    }

    /// A list of paths under one name.
    pub fn paths(&mut self, name: &str, paths: &[PyPath]) {
        for (at, path) in paths.iter().enumerate() {
            self.field(if at == 0 { name } else { "" }, path.shown());
        }
    }
}
