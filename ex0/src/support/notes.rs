//! What was consulted, by which reader, and what did it say? The lesson that `trace` tells.

use serde::Serialize;

use crate::support::PyPath;

/// One file (or variable) that was consulted, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Who reads it when Python starts: shell, pyenv, kernel, loader, getpath, site. After that `pip` reads its mark, this program the
    /// `binary`, and `nobody` what a pyvenv.cfg only remembers.
    pub reader: &'static str,
    /// The file or folder; a variable's name where it was one.
    pub path: PyPath,
    /// What it said, in words.
    pub said: String,
}

/// The notes in the order in which Python would have looked.
#[derive(Debug, Default)]
pub struct Notes {
    /// What was consulted.
    pub trace: Vec<Note>,
    /// What a person should know though it stops nothing.
    pub warnings: Vec<String>,
}

impl Notes {
    /// Remembers what a file said.
    pub fn say(&mut self, reader: &'static str, path: &PyPath, said: impl Into<String>) {
        self.trace.push(Note {
            reader,
            path: path.clone(),
            said: said.into(),
        });
    }

    /// Remembers a warning.
    pub fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }
}

/// Why the interpreter would die at start-up, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What would happen, in one sentence.
    pub what: String,
    /// The path at fault.
    pub path: Option<PyPath>,
    /// The command that mends it.
    pub repair: String,
}

impl Problem {
    /// Puts a problem, the path at fault and its repair together.
    pub fn new(what: impl Into<String>, path: &PyPath, repair: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            path: Some(path.clone()),
            repair: repair.into(),
        }
    }
}
