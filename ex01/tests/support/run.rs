//! How does a test run the program? In a fresh folder, with an empty environment.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// How a run ended, and what it printed.
#[derive(Debug)]
pub struct Run {
    /// The exit code; none if a signal ended the run.
    pub code: Option<i32>,
    /// stdout.
    pub out: String,
    /// stderr.
    pub err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program in a folder, without our own environment.
pub fn command(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loading"));
    command.current_dir(folder).env_clear();
    command.args(words.split_whitespace()).stdin(Stdio::null());
    command
}

pub fn run(folder: &Path, words: &str) -> Run {
    command(folder, words).output().unwrap().into()
}

/// The JSON of a run that must succeed, without `timing`.
pub fn json(folder: &Path, words: &str) -> serde_json::Value {
    let run = run(folder, &format!("{words} --json"));
    assert_eq!(run.code, Some(0), "{run:?}");
    let mut value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    value.as_object_mut().unwrap().remove("timing").unwrap();
    value
}
