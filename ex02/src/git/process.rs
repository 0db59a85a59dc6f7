//! How is git started so that the repository runs nothing, and how long is it waited for?
//!
//! A repository brings its own configuration, and git runs programs that are named there
//! (CVE-2022-24765 and its relatives). So: an empty environment, no system or user configuration,
//! no hook, no monitor, no pager, no network, no replaced objects.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

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
    /// Until when it may take, all questions together.
    deadline: Instant,
    /// How long an answer may be. In bytes.
    longest: u64,
}

/// Why git did not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// There is no git on PATH.
    NotOnPath,
    /// Each git on PATH lies in the repository that it would be asked about.
    OnlyInside,
    /// It does not start.
    NotStarted,
    /// It did not answer in time.
    Late,
    /// Its answer is longer than this, and was not read. In bytes.
    TooLong(u64),
    /// There was no thread to ask it with.
    NoThreads,
    /// This file of the repository is a pipe or a device, and git would wait for it.
    NoRegularFile(&'static str),
    /// The repository has no work tree.
    Bare,
    /// The work tree is another folder than the one that `.git` is in.
    OtherWorkTree,
    /// The current folder lies in the store.
    OutsideWorkTree,
    /// The repository belongs to another user, says git.
    DubiousOwnership,
    /// The repository lies in a folder of another user, which was not entered.
    NotEntered,
    /// Git does not accept the repository.
    NotAccepted,
    /// It cannot say whether a file is ignored.
    AboutIgnored,
    /// It cannot list the tracked files.
    AboutTracked,
    /// It cannot walk the history.
    AboutHistory,
    /// It could not hand out all objects.
    AboutObjects,
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
        let deadline = Instant::now() + patience;
        Ok(Self {
            program: program(path, root)?,
            folder: folder.to_owned(),
            deadline,
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
        let mut child = self.start(words)?;
        let stdin = child.stdin.take();
        let write = move || stdin.map(|mut pipe| pipe.write_all(&input));
        let written = thread::Builder::new().spawn(write);
        // One byte more than allowed tells an answer that is too long.
        let out = read_aside(child.stdout.take(), self.longest + 1);
        let complaint = read_aside(child.stderr.take(), LONGEST_COMPLAINT);
        let out = out.recv_timeout(self.time_left());
        let complaint = complaint.recv_timeout(self.time_left());
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
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// The first git in an absolute folder of PATH that does not lie in the repository: whoever wrote
/// the repository would choose what runs. Links are followed, for their end is what is run.
fn program(path: Option<&OsStr>, root: &Path) -> Result<PathBuf, Silence> {
    let name = format!("git{}", std::env::consts::EXE_SUFFIX);
    let real_root = root.canonicalize().map_err(|_| Silence::NotOnPath)?;
    let lies_inside = |it: &Path| {
        let real = it.canonicalize();
        it.starts_with(root) || real.is_ok_and(|it| it.starts_with(&real_root))
    };
    let folders = std::env::split_paths(path.unwrap_or_default());
    let gits = folders
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&name))
        .filter(|file| is_executable(file));
    let mut none = Silence::NotOnPath;
    for file in gits {
        let folder = file.parent().unwrap_or(&file);
        if !lies_inside(folder) && !lies_inside(&file) {
            return Ok(file);
        }
        none = Silence::OnlyInside;
    }
    Err(none)
}

/// True for a regular file that somebody may execute.
#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

/// True for a regular file.
#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

/// Reads a pipe in a thread of its own, to its end or up to so many bytes.
fn read_aside(pipe: Option<impl Read + Send + 'static>, most: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What came before an error is looked at; git's exit code tells the rest.
            let _ = pipe.take(most).read_to_end(&mut bytes);
        }
        sender.send(bytes)
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

    #[test]
    fn a_git_in_the_current_folder_is_never_run() {
        for path in [None, Some(""), Some(".:bin:/nonexistent")] {
            let found = program(path.map(OsStr::new), Path::new("/"));
            assert_eq!(found, Err(Silence::NotOnPath), "{path:?}");
        }
    }
}
