//! How does the oracle start git so that the repository runs nothing, and how long does it wait?
//!
//! A repository brings its own configuration, and git runs programs that it names (CVE-2022-24765 and
//! similar ones). So git gets an empty environment, no system or user configuration, no hook, no
//! monitor, no pager, no network and no replaced objects. It gets the user's home folder, because a path in
//! the repository's configuration may begin with `~/`, and is told to read none of its own files there. A git
//! before 2.32 does that all the same, and what is turned off for the repository is turned off for them.

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::ended::{exit_code, remember_ends};
use super::off::{ENVIRONMENT, SETTINGS};
use super::program;
use super::sent;
use super::silence::Silence;
use super::user::{self, User};

/// The longest answer that is read. The index of a million files is shorter. In bytes.
const LONGEST_ANSWER: u64 = 256 * 1024 * 1024;

/// How much of its stderr is read. The first line says what is wrong. In bytes.
const LONGEST_STDERR: u64 = 64 * 1024;

/// The time that git may still take. All repositories of a run share it.
pub type TimeLeft = Rc<Cell<Duration>>;

/// A git that can be asked.
pub struct GitProcess {
    /// The git program itself.
    program: PathBuf,
    /// The folder that the questions are about.
    pub folder: PathBuf,
    /// How much time is left for all questions together.
    left: TimeLeft,
    /// The longest answer that is read. In bytes.
    longest: u64,
    /// The user's settings of git, as arguments for `-c`.
    settings: Vec<OsString>,
    /// The user who called sudo, and the user's home folder.
    of_user: Vec<(&'static str, OsString)>,
    /// The index that a variable of the user names.
    pub index: Option<PathBuf>,
}

/// What git said.
pub struct Output {
    /// Exit code.
    pub code: i32,
    /// Its stdout.
    pub out: Vec<u8>,
    /// Its stderr. It tells reasons apart, and is never shown.
    pub stderr: Vec<u8>,
}

impl GitProcess {
    /// Finds git on the user's PATH, but never a git inside a repository with one of these roots.
    pub fn find(
        user: &User,
        folder: &Path,
        roots: &[&Path],
        left: &TimeLeft,
    ) -> Result<Self, Silence> {
        remember_ends();
        let mut git = Self {
            program: program::find_git(user.get("PATH"), roots)?,
            folder: folder.to_owned(),
            left: left.clone(),
            longest: LONGEST_ANSWER,
            settings: Vec::new(),
            of_user: user.pairs(["SUDO_UID", "HOME"]),
            index: None,
        };
        git.settings = user::settings(&git, user);
        Ok(git)
    }

    /// Starts git with these words.
    pub fn start(&self, words: &str) -> Result<Child, Silence> {
        started(self.command(words))
    }

    /// The command for these words. Everything is turned off that can be turned off.
    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["--no-pager", "--no-optional-locks", "-C"])
            .arg(&self.folder);
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        for setting in &self.settings {
            command.arg("-c").arg(setting);
        }
        command.args(words.split(' '));
        command.env_clear().envs(ENVIRONMENT);
        command.envs(self.of_user.iter().map(|(name, value)| (name, value)));
        command.envs(self.index.iter().map(|it| (sent::INDEX, it)));
        // Windows starts no program without it.
        command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Asks what the user's own configuration says.
    pub fn ask_with_user_config(
        &self,
        words: &str,
        environment: impl Iterator<Item = (&'static str, OsString)>,
    ) -> Result<Output, Silence> {
        let mut command = self.command(words);
        for shut in [
            "GIT_CONFIG_NOSYSTEM",
            "GIT_CONFIG_GLOBAL",
            "XDG_CONFIG_HOME",
        ] {
            command.env_remove(shut);
        }
        command.envs(environment);
        self.answer_to(command, Vec::new())
    }

    /// Asks one question and waits for the answer, at most as long as allowed.
    pub fn ask(&self, words: &str) -> Result<Output, Silence> {
        self.ask_with_input(words, Vec::new())
    }

    /// The same, with last words of any bytes.
    pub fn ask_about(&self, words: &str, last: &[OsString]) -> Result<Output, Silence> {
        let mut command = self.command(words);
        command.args(last);
        self.answer_to(command, Vec::new())
    }

    /// The same, with a stdin for git.
    pub fn ask_with_input(&self, words: &str, input: Vec<u8>) -> Result<Output, Silence> {
        self.answer_to(self.command(words), input)
    }

    /// Asks, and waits for the answer. Only the time of git itself counts, not the time between two questions.
    fn answer_to(&self, command: Command, input: Vec<u8>) -> Result<Output, Silence> {
        self.timed(|left| self.wait_for_answer(started(command)?, input, left))
    }

    /// Counts the time of this work as time of git. The work is told how much is left.
    pub fn timed<T>(&self, work: impl FnOnce(Duration) -> T) -> T {
        let (started, left) = (Instant::now(), self.left.get());
        let done = work(left);
        self.left.set(left.saturating_sub(started.elapsed()));
        done
    }

    /// Asks a question that has this much time of its own.
    pub fn ask_within(&self, patience: Duration, words: &str) -> Result<Output, Silence> {
        self.wait_for_answer(self.start(words)?, Vec::new(), patience)
    }

    /// Waits for the answer to what was asked, at most this long.
    fn wait_for_answer(
        &self,
        mut child: Child,
        input: Vec<u8>,
        patience: Duration,
    ) -> Result<Output, Silence> {
        let deadline = Instant::now() + patience;
        let left = || deadline.saturating_duration_since(Instant::now());
        let stdin = child.stdin.take();
        let write = move || stdin.map(|mut pipe| pipe.write_all(&input));
        let written = thread::Builder::new().spawn(write);
        // One byte more than allowed shows that an answer is too long.
        let out = read_aside(child.stdout.take(), self.longest + 1);
        let stderr = read_aside(child.stderr.take(), LONGEST_STDERR);
        let why = |error| match error {
            RecvTimeoutError::Timeout => Silence::Late,
            RecvTimeoutError::Disconnected => Silence::NoThreads,
        };
        let answer = written.map_err(|_| Silence::NoThreads).and_then(|_| {
            let out = out.recv_timeout(left()).map_err(why)?;
            let stderr = stderr.recv_timeout(left()).map_err(why)?;
            let is_short = out.len() as u64 <= self.longest;
            let too_long = Silence::TooLong(self.longest);
            is_short.then_some((out, stderr)).ok_or(too_long)
        });
        if answer.is_err() {
            // It may have ended by itself already.
            let _ = child.kill();
            let _ = child.wait();
        }
        let (out, stderr) = answer?;
        let code = exit_code(&mut child)?;
        Ok(Output { code, out, stderr })
    }
}

/// Starts a git.
fn started(mut command: Command) -> Result<Child, Silence> {
    command.spawn().map_err(|_| Silence::NotStarted)
}

/// Reads a pipe to its end, in a thread of its own. Returns at most this many bytes.
fn read_aside(pipe: Option<impl Read + Send + 'static>, most: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let mut bytes = Vec::new();
        let Some(mut pipe) = pipe else { return };
        // The bytes before an error count. git's exit code tells the rest.
        let _ = pipe.by_ref().take(most).read_to_end(&mut bytes);
        // The receiver may be gone. The pipe was read, so git never waits for a reader.
        let _ = sender.send(bytes);
        let _ = io::copy(&mut pipe, &mut io::sink());
    };
    // Without a free thread, the sender is dropped, and the receiver gets nothing.
    let _ = thread::Builder::new().spawn(read);
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::skipped::lacks;

    const PATIENCE: Duration = Duration::from_mins(1);

    /// The git on this machine, for questions about this folder.
    fn git(folder: &Path) -> GitProcess {
        let mut user = User::default();
        user.keep("PATH".as_ref(), &std::env::var_os("PATH").unwrap());
        GitProcess::find(
            &user,
            folder,
            &[folder],
            &TimeLeft::new(Cell::new(PATIENCE)),
        )
        .unwrap()
    }

    #[test]
    fn only_the_time_of_git_itself_counts() {
        if lacks("git") {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let git = git(folder.path());
        assert!(git.ask("--version").is_ok());
        let left = git.left.get();
        assert!(left < PATIENCE);
        assert_eq!(git.timed(|it| it), left);
        git.timed(|_| thread::sleep(Duration::from_millis(1)));
        assert!(git.left.get() + Duration::from_millis(1) <= left);
    }

    #[test]
    fn an_answer_that_is_too_long_does_not_count() {
        if lacks("git") {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut git = git(folder.path());
        let length = git.ask("--version").unwrap().out.len() as u64;
        git.longest = length;
        assert!(git.ask("--version").is_ok());
        git.longest = length - 1;
        let why = git.ask("--version").err().unwrap();
        assert_eq!(why, Silence::TooLong(length - 1));
    }
}
