//! Does the interpreter itself say the same? The only module that starts a process, and only for `--verify`.
//!
//! Even `python -I` runs code of the environment: `.pth` files and sitecustomize. So site is left out (`-S`) and its one function that
//! matters is called by hand, with the one that would read `.pth` files replaced by nothing.

use std::collections::BTreeMap;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::finding::Cause;
use crate::support::exit;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Running, Status};

/// How long the interpreter may take.
const TIME_OUT: Duration = Duration::from_secs(10);

/// The most that is read of its answer, in bytes.
const ANSWER_CAP: u64 = 1 << 20;

/// What it is asked; it answers with a JSON object of lists of paths, in hex.
const QUESTION: &str = include_str!("verify/question.py");

/// The variables that change where Python looks; without them it can be asked with `-I`.
const HEEDED: [&str; 2] = ["PYTHONHOME", "PYTHONPLATLIBDIR"];

/// The variables that are handed on. Everything else stays behind.
const HANDED_ON: [&str; 8] = [
    "PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "PYTHONEXECUTABLE",
    "__PYVENV_LAUNCHER__",
    "PYTHONHOME",
    "PYTHONPLATLIBDIR",
    "SYSTEMROOT",
];

/// One field, by us and by Python.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name in our JSON.
    pub name: &'static str,
    /// What we say.
    pub ours: Vec<PyPath>,
    /// What Python says.
    pub python: Vec<PyPath>,
    /// The same?
    pub agrees: bool,
}

/// How the comparison came out.
#[derive(Debug, PartialEq, Eq)]
pub enum Verification {
    /// There is no Python to ask.
    NoneToAsk,
    /// What the file starts is not known, so it is not started.
    NotStarted,
    /// What stops it is on PYTHONPATH, whose code is not run.
    NotRun,
    /// The fields, side by side.
    Compared(Vec<Field>),
    /// It was called broken, and starts.
    StartsAfterAll,
    /// It was called broken, and does not start: how it ended.
    DiesAsForetold(Silence),
    /// It was to start, and gives no answer: how it ended.
    NoAnswer(Silence),
}

/// Why an interpreter gave no answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Silence {
    /// The kernel did not start it, for this reason of its own.
    NotStarted(String),
    /// It had not ended in time.
    TooSlow(Duration),
    Ended(ExitStatus),
    Unreadable,
}

impl Verification {
    /// Did Python say the same?
    pub fn agrees(&self) -> bool {
        match self {
            Self::Compared(fields) => fields.iter().all(|it| it.agrees),
            Self::DiesAsForetold(_) => true,
            Self::NoneToAsk
            | Self::NotStarted
            | Self::NotRun
            | Self::StartsAfterAll
            | Self::NoAnswer(_) => false,
        }
    }
}

/// Asks the interpreter that the answer is about.
pub fn ask(answer: &Answer, world: &World) -> Verification {
    if answer.status() == Status::Unknown {
        return Verification::NotStarted;
    }
    if answer
        .fault()
        .is_some_and(|it| matches!(it.cause, Cause::Shadowed { .. }))
    {
        return Verification::NotRun;
    }
    let Some(found) = &answer.found else {
        return Verification::NoneToAsk;
    };
    match (run(&found.file, &found.argv0, world), answer.running()) {
        (Ok(said), Some(running)) => Verification::Compared(compare(running, &said)),
        (Ok(_), None) => Verification::StartsAfterAll,
        (Err(how), None) => Verification::DiesAsForetold(how),
        (Err(how), Some(_)) => Verification::NoAnswer(how),
    }
}

/// Starts the interpreter as the shell would, in a scrubbed environment; its answer, or why there is none.
fn run(file: &PyPath, argv0: &PyPath, world: &World) -> Result<Vec<u8>, Silence> {
    let heeds = HEEDED.iter().any(|name| world.set(name).is_some());
    // A bare file name would be looked up once more.
    let program = if file.bytes().contains(&b'/') {
        file.clone()
    } else {
        PyPath::from("./").os_join(file)
    };
    let mut command = Command::new(program.to_os());
    std::os::unix::process::CommandExt::arg0(&mut command, argv0.to_os());
    command
        .env_clear()
        .args(if heeds { ["-s", "-S"] } else { ["-I", "-S"] })
        .args(["-B", "-c", QUESTION]);
    for name in HANDED_ON {
        if let Some(value) = world.variable(name) {
            command.env(name, value.to_os());
        }
    }
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    wait(child.map_err(|error| Silence::NotStarted(exit::reason(&error)))?)
}

/// Waits for the answer, but not for ever.
fn wait(mut child: Child) -> Result<Vec<u8>, Silence> {
    use std::io::Read;
    let stdout = child.stdout.take();
    // Read by a helper, so that an interpreter that says too much cannot block on a full pipe.
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.map(|it| it.take(ANSWER_CAP).read_to_end(&mut bytes));
        bytes
    });
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() < TIME_OUT => std::thread::sleep(Duration::from_millis(2)),
            _ => {
                // It may have ended by itself in the meantime.
                let _ = child.kill();
                let _ = child.wait();
                return Err(Silence::TooSlow(TIME_OUT));
            }
        }
    };
    if !status.success() {
        return Err(Silence::Ended(status));
    }
    reader.join().map_err(|_| Silence::Unreadable)
}

/// Holds the two answers side by side.
fn compare(answer: &Running, said: &[u8]) -> Vec<Field> {
    let said: BTreeMap<String, Vec<String>> = serde_json::from_slice(said).unwrap_or_default();
    let version = answer
        .version
        .as_ref()
        .map(|it| PyPath::from(it.to_string().as_str()));
    let one = |path: &PyPath| vec![path.clone()];
    let ours = [
        ("executable", one(&answer.executable)),
        ("version", version.into_iter().collect()),
        ("prefix", one(&answer.prefix)),
        ("base_prefix", one(&answer.base_prefix)),
        ("exec_prefix", one(&answer.exec_prefix)),
        ("site_packages", answer.site_packages.clone()),
    ];
    let field = |(name, ours): (&'static str, Vec<PyPath>)| {
        let theirs = said.get(name).into_iter().flatten();
        let python: Vec<PyPath> = theirs.filter_map(|it| from_hex(it)).collect();
        let agrees = ours == python;
        Field {
            name,
            ours,
            python,
            agrees,
        }
    };
    ours.into_iter().map(field).collect()
}

/// The path that is spelled in hex.
fn from_hex(text: &str) -> Option<PyPath> {
    let pairs = (0..text.len()).step_by(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect();
    bytes.map(PyPath::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_any_path() {
        assert_eq!(from_hex("2fff"), Some(PyPath::new(b"/\xff")));
        assert_eq!(from_hex(""), Some(PyPath::default()));
        assert_eq!(from_hex("2"), None);
        assert_eq!(from_hex("zz"), None);
    }
}
