//! Does the interpreter itself say the same? The only module that starts a process, and only for `--verify`.
//!
//! Even `python -I` runs code of the environment: `.pth` files and sitecustomize. So site is left out (`-S`) and its one function that
//! matters is called by hand, with the one that would read `.pth` files replaced by nothing.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::support::PyPath;
use crate::support::World;
use crate::support::exit;
use crate::verdict::{Answer, Status};

/// How long the interpreter may take.
const TIME_OUT: Duration = Duration::from_secs(10);

/// The most that is read of its answer, in bytes.
const ANSWER_CAP: u64 = 1 << 20;

/// What it is asked. The folder in front of sys.path goes first: a `site.py` in the current folder is not to be run.
const QUESTION: &str = "\
import sys
sys.path[:] = [p for p in sys.path if p]
import os, site
site.addsitepackages = lambda *a, **k: None
site.venv(set())
v = '%d.%d.%d' % sys.version_info[:3]
f = {'a': 'alpha', 'b': 'beta', 'c': 'candidate'}
v += ''.join(k.replace('c', 'rc') + str(sys.version_info[4]) for k in f if f[k] == sys.version_info[3])
sys.stdout.buffer.write(b'\\0'.join(os.fsencode(x) for x in [sys.executable or '', v, sys.prefix, sys.base_prefix, sys.exec_prefix] + site.getsitepackages()))
";

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
#[derive(Debug, Serialize)]
pub struct Verification {
    /// Do we agree in everything? `None` when Python could not be asked.
    pub agrees: Option<bool>,
    /// What happened, in words.
    pub outcome: String,
    /// The fields, side by side; none when Python did not answer.
    pub fields: Vec<Field>,
}

/// Asks the interpreter that the answer is about.
pub fn ask(answer: &Answer, world: &World) -> Verification {
    let not_asked = |outcome: &str| Verification {
        agrees: None,
        outcome: outcome.to_owned(),
        fields: Vec::new(),
    };
    let (Some(file), Some(argv0)) = (&answer.file, &answer.argv0) else {
        return not_asked("not asked: there is no Python to ask");
    };
    if answer.status == Status::Unknown {
        return not_asked("not asked: what this file starts is not known, so it is not started");
    }
    let said = run(file, argv0, world);
    match (said, answer.status == Status::Broken) {
        (Ok(said), false) => compare(answer, &said),
        (Ok(_), true) => Verification {
            agrees: Some(false),
            outcome: "Python starts, although it was called broken".to_owned(),
            fields: Vec::new(),
        },
        (Err(reason), true) => Verification {
            agrees: Some(true),
            outcome: format!("Python does not start, as foretold: {reason}"),
            fields: Vec::new(),
        },
        (Err(reason), false) => Verification {
            agrees: Some(false),
            outcome: format!("Python gives no answer: {reason}"),
            fields: Vec::new(),
        },
    }
}

/// Starts the interpreter as the shell would, in a scrubbed environment; its answer, or why there is none.
fn run(file: &PyPath, argv0: &PyPath, world: &World) -> Result<Vec<u8>, String> {
    let heeds = HEEDED.iter().any(|name| world.set(name).is_some());
    // A bare file name would be looked up once more.
    let program = if file.bytes().contains(&b'/') {
        file.clone()
    } else {
        PyPath::from("./").os_join(file)
    };
    let mut command = Command::new(program.to_os());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, argv0.to_os());
    #[cfg(not(unix))]
    let _ = argv0;
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
    wait(child.map_err(|error| exit::reason(&error))?)
}

/// Waits for the answer, but not for ever.
fn wait(mut child: Child) -> Result<Vec<u8>, String> {
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
                return Err(format!(
                    "it had not ended after {} seconds",
                    TIME_OUT.as_secs()
                ));
            }
        }
    };
    if !status.success() {
        return Err(format!("it ended with {status}"));
    }
    reader
        .join()
        .map_err(|_| "its answer could not be read".to_owned())
}

/// Holds the two answers side by side.
fn compare(answer: &Answer, said: &[u8]) -> Verification {
    let parts: Vec<PyPath> = said.split(|&byte| byte == 0).map(PyPath::new).collect();
    let one = |path: &Option<PyPath>| path.clone().into_iter().collect::<Vec<_>>();
    let version = answer
        .version
        .as_ref()
        .map(|it| PyPath::from(it.to_string().as_str()));
    let ours = [
        ("executable", one(&answer.executable)),
        ("version", one(&version)),
        ("prefix", one(&answer.prefix)),
        ("base_prefix", one(&answer.base_prefix)),
        ("exec_prefix", one(&answer.exec_prefix)),
        (
            "site_packages",
            answer.site_packages.clone().unwrap_or_default(),
        ),
    ];
    let fields: Vec<Field> = ours
        .into_iter()
        .enumerate()
        .map(|(at, (name, ours))| {
            let end = if name == "site_packages" {
                parts.len()
            } else {
                (at + 1).min(parts.len())
            };
            let python = parts.get(at..end).unwrap_or_default().to_vec();
            Field {
                name,
                agrees: ours == python,
                ours,
                python,
            }
        })
        .collect();
    let agrees = fields.iter().all(|it| it.agrees);
    let outcome = if agrees {
        "Python says the same"
    } else {
        "Python says something else"
    };
    Verification {
        agrees: Some(agrees),
        outcome: outcome.to_owned(),
        fields,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::notes::Notes;

    /// Holds an answer with this prefix against what Python said; the names of the fields that disagree.
    #[track_caller]
    fn check(prefix: &str, said: &str, expected: &[&str]) {
        let path = |text: &str| Some(PyPath::from(text));
        let answer = Answer {
            executable: path("/e/bin/python3"),
            prefix: path(prefix),
            base_prefix: path("/usr"),
            exec_prefix: path(prefix),
            site_packages: Some(vec![PyPath::from("/e/lib")]),
            version: crate::support::version::Version::at_start("3.11.2"),
            ..Answer::of(Status::Isolated, None, Notes::default())
        };
        let verification = compare(&answer, said.replace(' ', "\0").as_bytes());
        let wrong: Vec<&str> = verification
            .fields
            .iter()
            .filter(|it| !it.agrees)
            .map(|it| it.name)
            .collect();
        assert_eq!(wrong, expected);
        assert_eq!(verification.agrees, Some(expected.is_empty()));
    }

    #[test]
    fn a_field_that_differs_is_named() {
        check("/e", "/e/bin/python3 3.11.2 /e /usr /e /e/lib", &[]);
        check(
            "/x",
            "/e/bin/python3 3.11.2 /e /usr /e /e/lib",
            &["prefix", "exec_prefix"],
        );
        check(
            "/e",
            "/e/bin/python3 3.11.7 /e /usr /e /e/lib /more",
            &["version", "site_packages"],
        );
        check(
            "/e",
            "",
            &[
                "executable",
                "version",
                "prefix",
                "base_prefix",
                "exec_prefix",
                "site_packages",
            ],
        );
    }
}
