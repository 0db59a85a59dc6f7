//! What does the process environment say?

use std::ffi::{OsStr, OsString};

use secrecy::zeroize::Zeroize;

use crate::git::User;
use crate::secret::Secret;

/// What a place says about a variable.
#[derive(Clone)]
pub enum Said {
    /// A text.
    Text(Secret),
    /// Nothing or blanks: the same as not set.
    Empty,
    /// Bytes that are not UTF-8.
    NotText,
}

/// The variables that git needs to know about the user.
const USER_PATHS: [&str; 3] = ["PATH", "HOME", "XDG_CONFIG_HOME"];

/// The process environment. It is read once, and its values are wrapped here.
pub struct Process {
    /// Every variable.
    variables: Vec<(OsString, Said)>,
    /// `PATH`, `HOME` and `XDG_CONFIG_HOME`: paths, no secrets.
    user_paths: [Option<OsString>; 3],
}

impl Process {
    /// Wraps all values. It also keeps `PATH`, `HOME` and `XDG_CONFIG_HOME` unwrapped.
    pub fn new(variables: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let mut user_paths = [const { None }; 3];
        let wrap = |(name, value): (OsString, OsString)| {
            if let Some(at) = USER_PATHS.iter().position(|it| name == *it) {
                user_paths[at] = Some(value.clone());
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
            user_paths,
        }
    }

    /// What git would read about the user in it.
    pub fn user(&self) -> User<'_> {
        let [path, home, config_home] = self.user_paths.each_ref().map(Option::as_deref);
        User {
            path,
            home,
            config_home,
        }
    }

    /// What it says about this variable.
    pub fn get(&self, name: &str) -> Option<&Said> {
        let mut found = self.variables.iter().filter(|(it, _)| it == name);
        found.next().map(|(_, said)| said)
    }

    /// The text of this variable, when it has one.
    pub fn text(&self, name: &str) -> Option<&Secret> {
        match self.get(name) {
            Some(Said::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The names of all variables whose name is UTF-8.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.variables.iter().map(|(name, _)| OsStr::to_str(name));
        names.flatten()
    }
}
