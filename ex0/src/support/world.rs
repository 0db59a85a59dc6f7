//! In which process do we live? The environment variables and the current folder, read once.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::support::PyPath;

/// What this process was given; a Python started now would be given the same.
#[derive(Debug, Default)]
pub struct World {
    /// The environment.
    variables: BTreeMap<Vec<u8>, PyPath>,
    /// The current folder, links resolved; empty when it no longer exists.
    pub cwd: PyPath,
}

impl World {
    /// Takes the variables as an argument, so that tests need no globals.
    pub fn new(variables: impl Iterator<Item = (OsString, OsString)>, cwd: PyPath) -> Self {
        let variables = variables
            .map(|(name, value)| (name.as_encoded_bytes().to_vec(), PyPath::from_os(&value)))
            .collect();
        Self { variables, cwd }
    }

    /// The world of this very process.
    pub fn read() -> Self {
        let cwd = std::env::current_dir()
            .map_or_else(|_| PyPath::default(), |it| PyPath::from(it.as_path()));
        Self::new(std::env::vars_os(), cwd)
    }

    /// A variable that is set, even to nothing.
    pub fn variable(&self, name: &str) -> Option<&PyPath> {
        self.variables.get(name.as_bytes())
    }

    /// A variable that is set to something. Python treats an empty one as unset, and so do we.
    pub fn set(&self, name: &str) -> Option<&PyPath> {
        self.variable(name).filter(|value| !value.is_empty())
    }

    /// The same current folder, and a PATH with only these entries: where else would a name be found?
    pub fn searching(&self, keep: impl Fn(&PyPath) -> bool) -> Self {
        let path = self.variable("PATH").map(PyPath::bytes).unwrap_or_default();
        let entries = path.split(|&byte| byte == b':').map(PyPath::new);
        let kept: Vec<PyPath> = entries.filter(keep).collect();
        let kept: Vec<&[u8]> = kept.iter().map(PyPath::bytes).collect();
        let path = PyPath::new(kept.join(&b':'));
        Self {
            variables: BTreeMap::from([(b"PATH".to_vec(), path)]),
            cwd: self.cwd.clone(),
        }
    }

    /// The home folder, where there is one.
    pub fn home(&self) -> Option<&PyPath> {
        self.set("HOME").or_else(|| self.set("USERPROFILE"))
    }
}
