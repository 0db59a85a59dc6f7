//! A folder of its own, a Python, and the tools that make environments: what a test of advice works with.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::python::{self, Interpreter};

pub struct Place {
    pub folder: tempfile::TempDir,
    pub base: Interpreter,
    /// The value of `HOME`. pyenv's Pythons are below the user's own.
    pub home: PathBuf,
}

impl Place {
    /// A place for this Python, if there is one.
    pub fn with(base: Option<Interpreter>) -> Option<Self> {
        let folder = python::folder();
        let (home, base) = (folder.path().to_owned(), base?);
        Some(Self { folder, base, home })
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// Runs a script. In it `$C` is construct, `$B` is the Python, `$D` is the folder, and `$T` is the folder of uv and virtualenv.
    pub fn run_in(&self, shell: &str, script: &str) -> Output {
        let tools = ["uv", "virtualenv"].into_iter().find_map(python::which);
        let tools = tools.and_then(|it| it.parent().map(|it| it.display().to_string()));
        let mut command = Command::new(shell);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &self.home)
            .envs(self.root_of_pyenv())
            .env("LANG", "C.UTF-8")
            .env("UV_OFFLINE", "1")
            .env("C", env!("CARGO_BIN_EXE_construct"))
            .env("B", &self.base.file)
            .env("T", tools.unwrap_or_default())
            .env("D", self.folder.path().canonicalize().unwrap())
            .args(["-c", script])
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        python::within(command, Duration::from_mins(1)).expect("it must not hang")
    }

    /// pyenv may be elsewhere than at home. Whoever sees the user's home sees it as the user does.
    fn root_of_pyenv(&self) -> Option<(&str, OsString)> {
        let is_of_user = std::env::home_dir().is_some_and(|it| it == self.home);
        let root = std::env::var_os("PYENV_ROOT").filter(|_| is_of_user);
        root.map(|it| ("PYENV_ROOT", it))
    }

    /// The same in bash.
    pub fn run(&self, script: &str) -> Output {
        self.run_in("bash", script)
    }

    /// The JSON that a script prints in this shell.
    #[track_caller]
    pub fn say_in(&self, shell: &str, script: &str) -> Value {
        let output = self.run_in(shell, script);
        let stderr = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).expect(&stderr)
    }

    /// The same in bash.
    #[track_caller]
    pub fn say(&self, script: &str) -> Value {
        self.say_in("bash", script)
    }

    /// What a script prints.
    pub fn text(&self, script: &str) -> String {
        let output = self.run(script);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}
