//! What does the process environment say?

use std::ffi::OsString;

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

/// The process environment. It is read once, and its values are wrapped here.
pub struct Process {
    /// Every variable.
    variables: Vec<(OsString, Said)>,
    /// What git would read about the user in it, not wrapped.
    pub user: User,
}

impl Process {
    /// Wraps all values. It also keeps those that git needs unwrapped.
    pub fn new(variables: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let mut user = User::default();
        let wrap = |(name, value): (OsString, OsString)| {
            user.keep(&name, &value);
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
        let variables = variables.map(wrap).collect();
        let mut process = Self { variables, user };
        process.keep_settings_of_git();
        process
    }

    /// Keeps the settings in `GIT_CONFIG_KEY_0`, `GIT_CONFIG_VALUE_0` and so on.
    fn keep_settings_of_git(&mut self) {
        let mut user = std::mem::take(&mut self.user);
        let count = self.text("GIT_CONFIG_COUNT").map(Secret::expose);
        let count: usize = count.and_then(|it| it.parse().ok()).unwrap_or_default();
        for index in 0..count.min(self.variables.len()) {
            let value = || match self.get(&format!("GIT_CONFIG_VALUE_{index}"))? {
                Said::Text(text) => Some(text.expose()),
                Said::Empty => Some(""),
                Said::NotText(_) | Said::Lost => None,
            };
            if let Some(name) = self.text(&format!("GIT_CONFIG_KEY_{index}")) {
                user.keep_setting(name.expose(), value);
            }
        }
        self.user = user;
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
        self.all().map(|(name, _)| name)
    }
}
