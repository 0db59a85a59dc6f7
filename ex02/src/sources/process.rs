//! What does the process environment say?

use std::ffi::{OsStr, OsString};

use secrecy::zeroize::Zeroize;

use crate::secret::Secret;

/// What a place says about a variable.
#[derive(Clone)]
pub enum Said {
    /// A text.
    Text(Secret),
    /// Nothing or blanks: the same as not set.
    Empty,
    /// Bytes that are no UTF-8.
    NotText,
}

/// The process environment, read once. Its values are wrapped here.
pub struct Process {
    /// Every variable.
    variables: Vec<(OsString, Said)>,
    /// Where programs are looked for. No secret.
    pub path: Option<OsString>,
}

impl Process {
    /// Wraps all values; `PATH` is kept as it is, too.
    pub fn new(variables: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let mut path = None;
        let wrap = |(name, value): (OsString, OsString)| {
            if name == "PATH" {
                path = Some(value.clone());
            }
            let said = match value.into_string() {
                Ok(text) if text.trim().is_empty() => Said::Empty,
                Ok(text) => Said::Text(Secret::new(text)),
                Err(bytes) => {
                    bytes.into_encoded_bytes().zeroize();
                    Said::NotText
                }
            };
            (name, said)
        };
        Self {
            variables: variables.map(wrap).collect(),
            path,
        }
    }

    /// What it says about this variable.
    pub fn get(&self, name: &str) -> Option<&Said> {
        let mut found = self.variables.iter().filter(|(it, _)| it == name);
        found.next().map(|(_, said)| said)
    }

    /// The text of this variable, where there is one.
    pub fn text(&self, name: &str) -> Option<&Secret> {
        match self.get(name) {
            Some(Said::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The names of all variables that are text.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.variables.iter().map(|(name, _)| OsStr::to_str(name));
        names.flatten()
    }
}
