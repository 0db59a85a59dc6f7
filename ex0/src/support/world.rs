//! What does this process get from outside? The environment variables and the current folder, read once.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::support::PyPath;
use crate::support::shell::Parent;

/// What this process got from outside. A Python that starts now would get the same.
#[derive(Debug, Default)]
pub struct World {
    variables: BTreeMap<Vec<u8>, PyPath>,
    /// The current folder, with all links resolved; empty if it no longer exists.
    pub cwd: PyPath,
    /// The shell that started this process. It is looked for at most once.
    parent: OnceCell<Option<Parent>>,
}

impl World {
    /// The variables are an argument, so that tests need no globals.
    pub fn new(variables: impl Iterator<Item = (OsString, OsString)>, cwd: PyPath) -> Self {
        let variables = variables
            .map(|(name, value)| (name.as_encoded_bytes().to_vec(), PyPath::from_os(&value)))
            .collect();
        Self {
            variables,
            cwd,
            parent: OnceCell::new(),
        }
    }

    /// The world of this process.
    pub fn read() -> Self {
        let cwd = std::env::current_dir()
            .map_or_else(|_| PyPath::default(), |it| PyPath::from(it.as_path()));
        Self::new(std::env::vars_os(), cwd)
    }

    /// The shell that started this process, if it is known.
    pub fn parent(&self) -> Option<&Parent> {
        self.parent.get_or_init(Parent::find).as_ref()
    }

    /// A variable that is set, even if it is empty.
    pub fn variable(&self, name: &str) -> Option<&PyPath> {
        self.variables.get(name.as_bytes())
    }

    /// A variable that is set and not empty. For Python an empty variable is not set.
    pub fn non_empty(&self, name: &str) -> Option<&PyPath> {
        self.variable(name).filter(|value| !value.is_empty())
    }

    /// The same current folder, and a PATH with only the entries that `keep` accepts.
    pub fn searching(&self, keep: impl Fn(&PyPath) -> bool) -> Self {
        let path = self.variable("PATH").cloned().unwrap_or_default();
        let kept: Vec<PyPath> = path.entries().filter(keep).collect();
        Self {
            variables: BTreeMap::from([(b"PATH".to_vec(), PyPath::list(&kept))]),
            cwd: self.cwd.clone(),
            parent: self.parent.clone(),
        }
    }

    /// The locale that Python uses for letters.
    pub fn locale(&self) -> Option<&PyPath> {
        let variables = ["LC_ALL", "LC_CTYPE", "LANG"];
        variables.iter().find_map(|it| self.non_empty(it))
    }

    /// Is it the C locale?
    pub fn speaks_ascii(&self) -> bool {
        self.locale()
            .is_none_or(|it| matches!(it.bytes(), b"C" | b"POSIX"))
    }

    /// The folder that a variable names, else the folder of this name in the home folder. A relative one is in the current folder.
    pub fn folder(&self, variable: &str, name: &str) -> Option<PyPath> {
        let in_home = || Some(self.home()?.os_join(name));
        let folder = self.non_empty(variable).cloned().or_else(in_home)?;
        Some(self.cwd.os_join(folder))
    }

    /// The home folder, if `HOME` names it.
    pub fn home(&self) -> Option<&PyPath> {
        self.non_empty("HOME")
    }
}

#[cfg(test)]
impl World {
    /// A world of these variables, with this current folder.
    pub fn of(variables: &[(&str, &str)], cwd: impl Into<PyPath>) -> Self {
        let variables = variables.iter();
        let variables = variables.map(|(name, value)| ((*name).into(), (*value).into()));
        Self::new(variables, cwd.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the folder for cargo's downloads, in the folder `/work`.
    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let found = World::of(variables, "/work").folder("CARGO_HOME", ".cargo");
        assert_eq!(found, expected.map(PyPath::from));
    }

    #[test]
    fn a_folder_of_a_tool_is_absolute_and_an_empty_variable_names_none() {
        let home = ("HOME", "/home/neo");
        check(&[home, ("CARGO_HOME", "/cargo")], Some("/cargo"));
        check(&[home, ("CARGO_HOME", "cargo")], Some("/work/cargo"));
        check(&[home, ("CARGO_HOME", "")], Some("/home/neo/.cargo"));
        check(&[("HOME", "neo")], Some("/work/neo/.cargo"));
        check(&[("HOME", ""), ("USERPROFILE", "/neo")], None);
    }
}
