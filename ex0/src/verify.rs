//! Side room. Does Python itself say the same? Only this module starts a process, and only for `--verify`.
//!
//! Even `python -I` runs code of the environment: `.pth` files and sitecustomize. So Python starts without site (`-S`), and the question
//! calls one function of site itself. The functions that would read `.pth` files are replaced and do nothing.

use std::collections::BTreeMap;
use std::fs::File;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use serde::Serialize;

use crate::finding::Cause;
use crate::support::{PyPath, World, exit};
use crate::verdict::{Answer, Running, Status};

/// How long the interpreter may take.
const TIME_OUT: Duration = Duration::from_secs(10);

/// How many bytes of its answer are read at most.
const ANSWER_CAP: u64 = 1 << 20;

/// The question, a Python program. It prints a JSON object of lists of paths, in hex.
const QUESTION: &str = include_str!("verify/question.py");

/// The variables that change where Python looks. If one is set, Python must not ignore it, so `-I` is not used.
const HEEDED: [&str; 3] = ["PYTHONHOME", "PYTHONPLATLIBDIR", "PYTHON_FROZEN_MODULES"];

/// The variables that Python gets besides those. All others are removed.
const PASSED_ON: [&str; 5] = [
    "PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "PYTHONEXECUTABLE",
    "__PYVENV_LAUNCHER__",
];

/// One field: our value and Python's.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name in our JSON.
    pub name: &'static str,
    pub ours: Vec<PyPath>,
    pub python: Vec<PyPath>,
    /// Are both values the same?
    pub agrees: bool,
}

/// The result of the comparison.
#[derive(Debug, PartialEq, Eq)]
pub enum Verification {
    /// No Python was found.
    NoneToAsk,
    /// It is not known what the file starts, so it was not started.
    NotStarted,
    /// A variable or the module site stops Python, and `--verify` starts it without them.
    NotRun,
    /// Python answered. The fields, ours and Python's.
    Compared(Vec<Field>),
    /// Our answer was "broken", but it starts.
    StartsAfterAll,
    /// Our answer was "broken", and it does not start.
    FailsAsPredicted(Silence),
    /// It should start, but it gives no answer.
    NoAnswer(Silence),
}

/// Why an interpreter gave no answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Silence {
    /// The kernel did not start it, for this reason.
    NotStarted(String),
    /// The kernel refused a process, a thread or a pipe, for this reason. That says nothing about the interpreter.
    Refused(String),
    /// There is no `/dev/null` that it could get as its input, for this reason. A bare chroot has none.
    WithoutNull(String),
    /// It was still running after this time.
    TooSlow(Duration),
    /// It ended; `None` if the system kept no status. It keeps none for a parent that ignores `SIGCHLD`, and that is inherited.
    Ended(Option<ExitStatus>),
}

impl Verification {
    /// Does Python say the same? `None` if it was not asked, or if it started and its answer did not come.
    pub fn agrees(&self) -> Option<bool> {
        match self {
            Self::Compared(fields) => Some(fields.iter().all(|it| it.agrees)),
            Self::FailsAsPredicted(_) => Some(true),
            Self::StartsAfterAll | Self::NoAnswer(Silence::NotStarted(_) | Silence::Ended(_)) => {
                Some(false)
            }
            Self::NoneToAsk
            | Self::NotStarted
            | Self::NotRun
            | Self::NoAnswer(Silence::Refused(_) | Silence::WithoutNull(_) | Silence::TooSlow(_)) => {
                None
            }
        }
    }
}

/// Asks the interpreter that the answer is about.
pub fn ask(answer: &Answer, world: &World) -> Verification {
    match answer.fault().map(|it| &it.cause) {
        _ if answer.status() == Status::Unknown => return Verification::NotStarted,
        Some(
            Cause::Shadowed { .. }
            | Cause::BadVariable { .. }
            | Cause::NoCurrentFolder(_)
            | Cause::CfgUnencodable(_)
            | Cause::PthUndecodable { .. }
            | Cause::PthUnreadable { .. },
        ) => return Verification::NotRun,
        _ => {}
    }
    let Some(found) = &answer.found else {
        return Verification::NoneToAsk;
    };
    match (run(&found.file, &found.argv0, world), answer.running()) {
        (Ok(said), Some(running)) => Verification::Compared(compare(running, &said)),
        (Ok(_), None) => Verification::StartsAfterAll,
        (Err(how), Some(_)) | (Err(how @ (Silence::Refused(_) | Silence::WithoutNull(_))), _) => {
            Verification::NoAnswer(how)
        }
        (Err(how), None) => Verification::FailsAsPredicted(how),
    }
}

/// Starts the interpreter like a shell, but with few variables. Returns its answer, or why there is none.
fn run(file: &PyPath, argv0: &PyPath, world: &World) -> Result<Vec<u8>, Silence> {
    let heeds = HEEDED.iter().any(|name| world.non_empty(name).is_some());
    // The system would search PATH for a bare file name.
    let program = PyPath::from("./").os_join(file);
    let mut command = Command::new(program.as_path());
    std::os::unix::process::CommandExt::arg0(&mut command, argv0.as_path());
    command
        .env_clear()
        .args(if heeds { ["-s", "-S"] } else { ["-I", "-S"] })
        .args(["-B", "-c", QUESTION]);
    for name in PASSED_ON.into_iter().chain(HEEDED) {
        if let Some(value) = world.variable(name) {
            command.env(name, value.as_path());
        }
    }
    // Opened here, its failure is not taken for that of the interpreter.
    let null = File::options().read(true).write(true).open("/dev/null");
    let null = null.and_then(|it| Ok((it.try_clone()?, it)));
    let (stdin, stderr) = null.map_err(|it| Silence::WithoutNull(exit::reason(&it)))?;
    let child = command
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn();
    wait(child.map_err(|error| not_started(&error))?)
}

/// Why there is no process. The kernel may also have reached a limit.
fn not_started(error: &std::io::Error) -> Silence {
    let reason = exit::reason(error);
    match Errno::from_io_error(error) {
        Some(Errno::AGAIN | Errno::NOMEM | Errno::MFILE | Errno::NFILE) => Silence::Refused(reason),
        _ => Silence::NotStarted(reason),
    }
}

/// Waits for the answer, but not longer than [`TIME_OUT`].
fn wait(mut child: Child) -> Result<Vec<u8>, Silence> {
    use std::io::Read;
    let stdout = child.stdout.take();
    // A thread reads the answer: with a full pipe an interpreter that prints too much would wait forever.
    let read = move || {
        let mut bytes = Vec::new();
        stdout.map(|it| it.take(ANSWER_CAP).read_to_end(&mut bytes));
        bytes
    };
    let reader = std::thread::Builder::new().spawn(read).map_err(|error| {
        end(&mut child);
        Silence::Refused(exit::reason(&error))
    })?;
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if start.elapsed() < TIME_OUT => std::thread::sleep(Duration::from_millis(2)),
            Ok(None) => {
                end(&mut child);
                return Err(Silence::TooSlow(TIME_OUT));
            }
            Err(_) => break None,
        }
    };
    if status.is_some_and(|it| !it.success()) {
        return Err(Silence::Ended(status));
    }
    let said = reader.join().unwrap_or_default();
    if status.is_none() && said.is_empty() {
        return Err(Silence::Ended(None));
    }
    Ok(said)
}

/// Ends a process, which may have ended by itself now.
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Compares the two answers field by field.
fn compare(answer: &Running, said: &[u8]) -> Vec<Field> {
    let said: BTreeMap<String, Vec<String>> = serde_json::from_slice(said).unwrap_or_default();
    let version = answer.binary.version.as_ref();
    let version = version.map(|it| PyPath::new(it.to_string()));
    let one = |path: &PyPath| vec![path.clone()];
    let ours = [
        ("executable", one(&answer.base.executable)),
        ("version", version.into_iter().collect()),
        ("prefix", one(&answer.site.prefix)),
        ("base_prefix", one(&answer.base.prefix)),
        ("exec_prefix", one(&answer.site.exec_prefix)),
        ("site_packages", answer.site.site_packages.clone()),
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

/// The path that is written in hex.
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
    fn hex_can_be_any_path() {
        assert_eq!(from_hex("2fff"), Some(PyPath::new(b"/\xff")));
        assert_eq!(from_hex(""), Some(PyPath::default()));
        assert_eq!(from_hex("2"), None);
        assert_eq!(from_hex("zz"), None);
    }
}
