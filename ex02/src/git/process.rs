//! How is git started so that the repository runs nothing, and how long is it waited for?
//!
//! A repository brings its own configuration, and git runs programs that are named there
//! (CVE-2022-24765 and its relatives). So: an empty environment, no system or user configuration,
//! no hook, no monitor, no pager, no network, no replaced objects.

use std::cell::Cell;
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::program;
use super::silence::Silence;

/// Settings that the repository must not decide.
const SETTINGS: [&str; 8] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.attributesFile=/dev/null",
    "core.quotePath=false",
    "core.untrackedCache=false",
    "core.commitGraph=false",
    "protocol.allow=never",
];

/// The whole environment of git.
const ENVIRONMENT: [(&str, &str); 11] = [
    ("LC_ALL", "C"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_GRAFT_FILE", "/dev/null"),
    ("GIT_PAGER", "cat"),
];

/// A longer answer than this is none: an index of a million files is shorter. In bytes.
const LONGEST_ANSWER: u64 = 256 * 1024 * 1024;

/// Of its complaints so much is read; the first line says what is wrong. In bytes.
const LONGEST_COMPLAINT: u64 = 64 * 1024;

/// A git that can be asked.
pub struct Process {
    /// The git program itself.
    program: PathBuf,
    /// The folder it is asked about.
    pub folder: PathBuf,
    /// How long it may still take, all questions together.
    left: Cell<Duration>,
    /// How long an answer may be. In bytes.
    longest: u64,
}

/// What git said.
pub struct Answer {
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    /// Its stdout.
    pub out: Vec<u8>,
    /// Its stderr, for telling reasons apart; never shown.
    pub complaint: Vec<u8>,
}

impl Process {
    /// Finds git on this PATH, but none that lies in the repository with this root.
    pub fn find(
        path: Option<&OsStr>,
        folder: &Path,
        root: &Path,
        patience: Duration,
    ) -> Result<Self, Silence> {
        Ok(Self {
            program: program::find(path, root)?,
            folder: folder.to_owned(),
            left: Cell::new(patience),
            longest: LONGEST_ANSWER,
        })
    }

    /// Starts git with everything shut that can be shut.
    pub fn start<W: AsRef<OsStr>>(
        &self,
        words: impl IntoIterator<Item = W>,
    ) -> Result<Child, Silence> {
        let mut command = Command::new(&self.program);
        command
            .arg("--no-pager")
            .arg("--no-optional-locks")
            .arg("-C")
            .arg(&self.folder);
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command.args(words).env_clear().envs(ENVIRONMENT);
        // Windows starts nothing without it.
        command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().map_err(|_| Silence::NotStarted)
    }

    /// Asks one question and waits for the answer, not longer than allowed.
    pub fn ask<W: AsRef<OsStr>>(
        &self,
        words: impl IntoIterator<Item = W>,
    ) -> Result<Answer, Silence> {
        self.converse(words, Vec::new())
    }

    /// The same with something for git to read.
    pub fn converse<W: AsRef<OsStr>>(
        &self,
        words: impl IntoIterator<Item = W>,
        input: Vec<u8>,
    ) -> Result<Answer, Silence> {
        // What this program does between two questions is not git's time.
        let deadline = Instant::now() + self.time_left();
        let left = || deadline.saturating_duration_since(Instant::now());
        let answer = self.start(words).and_then(|it| self.hear(it, input, left));
        self.left.set(left());
        answer
    }

    /// Waits for the answer to what was asked.
    fn hear(
        &self,
        mut child: Child,
        input: Vec<u8>,
        left: impl Fn() -> Duration,
    ) -> Result<Answer, Silence> {
        let stdin = child.stdin.take();
        let write = move || stdin.map(|mut pipe| pipe.write_all(&input));
        let written = thread::Builder::new().spawn(write);
        // One byte more than allowed tells an answer that is too long.
        let out = read_aside(child.stdout.take(), self.longest + 1);
        let complaint = read_aside(child.stderr.take(), LONGEST_COMPLAINT);
        let out = out.recv_timeout(left());
        let complaint = complaint.recv_timeout(left());
        let (out, complaint) = match (written, out, complaint) {
            (Ok(_), Ok(out), Ok(complaint)) => (out, complaint),
            (_, out, complaint) => {
                stop(child);
                let late = [out.err(), complaint.err()].contains(&Some(RecvTimeoutError::Timeout));
                return Err(if late {
                    Silence::Late
                } else {
                    Silence::NoThreads
                });
            }
        };
        if out.len() as u64 > self.longest {
            stop(child);
            return Err(Silence::TooLong(self.longest));
        }
        let code = child
            .wait()
            .ok()
            .and_then(|status| status.code())
            .unwrap_or(-1);
        Ok(Answer {
            code,
            out,
            complaint,
        })
    }

    /// How long git may still take.
    pub fn time_left(&self) -> Duration {
        self.left.get()
    }
}

/// Reads a pipe in a thread of its own to its end, but hands on no more than so many bytes.
fn read_aside(pipe: Option<impl Read + Send + 'static>, most: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let mut bytes = Vec::new();
        let Some(mut pipe) = pipe else { return };
        // What came before an error is looked at; git's exit code tells the rest.
        let _ = pipe.by_ref().take(most).read_to_end(&mut bytes);
        // Nobody may be waiting any more; and git never waits for a reader.
        let _ = sender.send(bytes);
        let _ = io::copy(&mut pipe, &mut io::sink());
    };
    // Without a thread to spare the sender is dropped, and whoever waits gets nothing.
    let _ = thread::Builder::new().spawn(read);
    receiver
}

/// Ends a git that takes too long.
fn stop(mut child: Child) {
    // It may have ended by itself in the meantime.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_time_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = std::env::var_os("PATH");
        let patience = Duration::from_mins(1);
        let git = Process::find(path.as_deref(), folder.path(), folder.path(), patience);
        let git = git.unwrap();
        assert_eq!(git.time_left(), patience);
        assert!(git.ask(["--version"]).is_ok());
        let left = git.time_left();
        assert!(left < patience);
        assert_eq!(git.time_left(), left);
    }

    #[test]
    fn an_answer_that_is_too_long_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = std::env::var_os("PATH");
        let patience = Duration::from_mins(1);
        let git = Process::find(path.as_deref(), folder.path(), folder.path(), patience);
        let mut git = git.unwrap();
        let length = git.ask(["--version"]).unwrap().out.len() as u64;
        git.longest = length;
        assert!(git.ask(["--version"]).is_ok());
        git.longest = length - 1;
        let why = git.ask(["--version"]).err().unwrap();
        assert_eq!(why, Silence::TooLong(length - 1));
    }
}
