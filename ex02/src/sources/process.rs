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
    /// Bytes that are not UTF-8. With the parts between that are.
    NotText(Vec<Secret>),
    /// A line names the variable, and dotenvy cannot read it.
    Lost,
}

/// The variables that git needs to know about the user: paths and a switch, no secrets.
const OF_GIT: [&str; 6] = [
    "PATH",
    "HOME",
    "XDG_CONFIG_HOME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
];

/// The process environment. It is read once, and its values are wrapped here.
pub struct Process {
    /// Every variable.
    variables: Vec<(OsString, Said)>,
    /// The values of [`OF_GIT`], not wrapped.
    of_git: [Option<OsString>; 6],
}

impl Process {
    /// Wraps all values. It also keeps those that git needs unwrapped.
    pub fn new(variables: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let mut of_git = [const { None }; 6];
        let wrap = |(name, value): (OsString, OsString)| {
            if let Some(at) = OF_GIT.iter().position(|it| name == *it) {
                of_git[at] = Some(value.clone());
            }
            let said = match value.into_string() {
                Ok(text) if text.trim().is_empty() => Said::Empty,
                Ok(text) => Said::Text(Secret::new(text)),
                Err(bytes) => {
                    let mut bytes = bytes.into_encoded_bytes();
                    let parts = bytes.utf8_chunks().map(|it| Secret::new(it.valid()));
                    let parts = parts.collect();
                    bytes.zeroize();
                    Said::NotText(parts)
                }
            };
            (name, said)
        };
        Self {
            variables: variables.map(wrap).collect(),
            of_git,
        }
    }

    /// What git would read about the user in it.
    pub fn user(&self) -> User<'_> {
        let of_git = self.of_git.each_ref().map(Option::as_deref);
        let [path, home, config_home, global, system, no_system] = of_git;
        User {
            path,
            home,
            config_home,
            global,
            system,
            no_system,
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

    /// All variables whose name is UTF-8.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Said)> {
        let all = self.variables.iter();
        all.filter_map(|(name, said)| Some((name.to_str()?, said)))
    }

    /// The names of all variables whose name is UTF-8.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.variables.iter().map(|(name, _)| OsStr::to_str(name));
        names.flatten()
    }
}
