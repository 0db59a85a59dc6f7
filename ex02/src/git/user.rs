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
use super::sent::PLACES;

/// The variables that git reads about the user: paths and a switch, no secrets.
const OF_USER: [&str; 6] = [
    "HOME",
    "XDG_CONFIG_HOME",
    // The files in place of the user's and of the system's own.
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    // Is the system's file left out?
    "GIT_CONFIG_NOSYSTEM",
    // Who called sudo? As root, git trusts the repositories of this user too.
    "SUDO_UID",
];

/// The name of a setting that is read.
const EXCLUDES: &str = "core.excludesFile";

/// The other one. It may have several values.
const TRUSTED: &str = "safe.directory";

/// What git would read in the environment of the user.
#[derive(Default)]
pub struct User {
    variables: HashMap<&'static str, OsString>,
    /// The settings in variables.
    settings: Vec<Setting>,
}

impl User {
    /// Keeps a variable, if git reads it.
    pub fn keep(&mut self, name: &OsStr, value: &OsStr) {
        let mut known = ["PATH"].into_iter().chain(OF_USER).chain(PLACES);
        if let Some(name) = known.find(|it| name == *it) {
            self.variables.insert(name, value.to_owned());
        }
    }

    /// Keeps a setting of a pair `GIT_CONFIG_KEY_0`, `GIT_CONFIG_VALUE_0`, if it is one of the two. Other pairs
    /// may hold secrets, so `value` is not called for them.
    pub fn keep_setting<'v>(&mut self, name: &str, value: impl FnOnce() -> Option<&'v str>) {
        let known = [EXCLUDES, TRUSTED].into_iter();
        let Some(name) = known.clone().find(|it| it.eq_ignore_ascii_case(name)) else {
            return;
        };
        let path = value().map(|it| match (it.strip_prefix("~/"), self.get("HOME")) {
            (Some(rest), Some(home)) => Path::new(home).join(rest),
            _ => it.into(),
        });
        self.settings.extend(path.map(|value| Setting {
            name,
            value,
            of_repository: false,
        }));
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(name).map(OsString::as_os_str)
    }

    /// Those of these variables that the user has, each with its name.
    pub fn pairs(&self, names: [&'static str; 2]) -> Vec<(&'static str, OsString)> {
        let pair = |name| Some((name, self.get(name)?.to_owned()));
        names.into_iter().filter_map(pair).collect()
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
        let set = self.variables.iter();
        let set = set.filter(|(name, _)| OF_USER.contains(name));
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
    // The variables are stronger than all files.
    let all = all_settings(git, user).into_iter();
    for setting in all.chain(user.settings.iter().cloned()) {
        let theirs = Some(setting.value).filter(|_| !setting.of_repository);
        if setting.name == EXCLUDES {
            // The last one counts. git reads that of the repository itself.
            excludes = theirs;
        } else {
            settings.extend(theirs.map(|it| assigned(TRUSTED, &it)));
        }
    }
    // git would wait for a pipe. Without a path, it takes no list, also not the one that the repository names.
    let is_regular = |it: &PathBuf| it.metadata().is_ok_and(|it| it.is_file());
    settings.extend(
        excludes.map(|it| assigned(EXCLUDES, if is_regular(&it) { &it } else { Path::new("") })),
    );
    settings
}

/// One of the two settings.
#[derive(Clone)]
struct Setting {
    /// The one that it is.
    name: &'static str,
    /// Its value.
    value: PathBuf,
    /// Does the repository itself set it? git never lets it set `safe.directory`.
    of_repository: bool,
}

impl Setting {
    /// Reads the name of its layer, and `name\nvalue`.
    fn read(fields: &[&[u8]]) -> Option<Self> {
        let [scope, text] = *fields else { return None };
        let end = text.iter().position(|byte| *byte == b'\n')?;
        let trusted = text.starts_with(b"safe.");
        Some(Self {
            name: if trusted { TRUSTED } else { EXCLUDES },
            value: bytes_to_path(&text[end + 1..]),
            of_repository: matches!(scope, b"local" | b"worktree"),
        })
    }
}

/// What files set, the weakest first: those of the system, of the user, of the repository.
fn all_settings(git: &GitProcess, user: &User) -> Vec<Setting> {
    // In the repository, because `[includeIf "gitdir:…"]` asks for its place.
    const QUESTION: &str = "config --show-scope --null --includes --type=path \
        --get-regexp ^(safe\\.directory|core\\.excludesfile)$";
    // A setting that cannot be read counts as not set. Then git trusts and ignores less.
    let answer = git.ask_with_user_config(QUESTION, user.environment(&git.folder));
    let out = answer.ok().filter(|it| it.code == 0).map(|it| it.out);
    let out = out.unwrap_or_default();
    let fields: Vec<&[u8]> = out.split(|byte| *byte == 0).collect();
    fields.chunks_exact(2).filter_map(Setting::read).collect()
}

/// `name=value`.
fn assigned(name: &str, value: &Path) -> OsString {
    [name.as_ref(), "=".as_ref(), value.as_os_str()]
        .into_iter()
        .collect()
}
