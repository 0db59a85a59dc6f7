//! Which repositories does the user's git trust, and which files does it ignore?
//!
//! Two settings of the user and of the system decide what the next `git add` would do:
//! `safe.directory` and `core.excludesFile`. The oracle reads these two, and nothing else of that
//! configuration. It runs nothing that the configuration names.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::listing::bytes_to_path;
use super::process::GitProcess;

/// The variables that git reads about the user: paths and a switch, no secrets.
const OF_USER: [&str; 6] = [
    "PATH",
    "HOME",
    "XDG_CONFIG_HOME",
    // The files in place of the user's and of the system's own.
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    // Is the system's file left out?
    "GIT_CONFIG_NOSYSTEM",
];

/// What git would read in the environment of the user.
#[derive(Default)]
pub struct User(HashMap<&'static str, OsString>);

impl User {
    /// Keeps a variable, if git reads it.
    pub fn keep(&mut self, name: &OsStr, value: &OsStr) {
        if let Some(name) = OF_USER.into_iter().find(|it| name == *it) {
            self.0.insert(name, value.to_owned());
        }
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(name).map(OsString::as_os_str)
    }

    /// The folder `git` in the user's folder for configuration.
    fn folder(&self) -> Option<PathBuf> {
        let set = self.get("XDG_CONFIG_HOME").map(PathBuf::from);
        let usual = self.get("HOME").map(|it| Path::new(it).join(".config"));
        let folder = set.filter(|it| it.is_absolute()).or(usual)?;
        Some(folder.join("git")).filter(|it| it.is_absolute())
    }

    /// The variables with which git finds the user's configuration. `folder` is the current one.
    fn environment(&self, folder: &Path) -> impl Iterator<Item = (&'static str, OsString)> {
        // git would wait for a pipe. To git, a file that is not there is an empty one.
        let file = |named: &OsString| {
            let path = folder.join(named);
            let readable = !named.is_empty() && path.metadata().is_ok_and(|it| it.is_file());
            let path = if readable { path } else { "/dev/null".into() };
            path.into_os_string()
        };
        let set = self.0.iter().filter(|(name, _)| **name != "PATH");
        set.map(move |(name, value)| {
            let names_a_file = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"].contains(name);
            let value = if names_a_file {
                file(value)
            } else {
                value.clone()
            };
            (*name, value)
        })
    }
}

/// The two settings, as arguments for `git -c`.
pub fn settings(git: &GitProcess, user: &User) -> Vec<OsString> {
    let mut excludes = user.folder().map(|it| it.join("ignore"));
    let mut settings = Vec::new();
    for setting in of_the_user(git, user) {
        let Some(end) = setting.iter().position(|byte| *byte == b'\n') else {
            continue;
        };
        let value = bytes_to_path(&setting[end + 1..]);
        if setting.starts_with(b"safe.") {
            settings.push(assigned("safe.directory=", &value));
        } else {
            excludes = Some(value);
        }
    }
    // git would wait for a pipe.
    let excludes = excludes.filter(|it| it.metadata().is_ok_and(|it| it.is_file()));
    settings.extend(excludes.map(|it| assigned("core.excludesFile=", &it)));
    settings
}

/// What the files of the user and of the system set, each as `name\nvalue`.
fn of_the_user(git: &GitProcess, user: &User) -> Vec<Vec<u8>> {
    const QUESTION: &str =
        r"--null --includes --type=path --get-regexp ^(safe\.directory|core\.excludesfile)$";
    let ask = |scope: &str, inside| {
        let words = format!("config {scope}{QUESTION}");
        git.ask_with_user_config(&words, user.environment(&git.folder), inside)
    };
    // In the repository, because `[includeIf "gitdir:…"]` asks for its place. The repository itself has
    // no say in this.
    let inside = ask("--show-scope ", true);
    // 0: something is set. 1: nothing is. Any other code: git is older than 2.26, or it cannot read the
    // configuration of the repository.
    if let Ok(answer) = inside
        && matches!(answer.code, 0 | 1)
    {
        let fields: Vec<&[u8]> = answer.out.split(|byte| *byte == 0).collect();
        let scoped = fields.chunks_exact(2);
        let theirs = scoped.filter(|it| matches!(it[0], b"global" | b"system"));
        return theirs.map(|it| it[1].to_vec()).collect();
    }
    // A setting that cannot be read counts as not set. Then git trusts and ignores less.
    let outside = ask("", false);
    let out = outside.map(|it| it.out).unwrap_or_default();
    out.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect()
}

/// `name=value`.
fn assigned(name: &str, value: &Path) -> OsString {
    let mut word = OsString::from(name);
    word.push(value);
    word
}
