//! Which shell started this process, and what did it begin with?

use super::Shell;
use crate::support::{PyPath, files};

/// Programs that a shell starts to start another one. Behind any other program, the shell that will run our commands is not known.
const STARTERS: [&str; 25] = [
    "cargo", "chrt", "doas", "env", "find", "flock", "ionice", "just", "ltrace", "make", "nice",
    "nohup", "numactl", "perf", "script", "setarch", "setpriv", "setsid", "stdbuf", "strace",
    "sudo", "taskset", "time", "timeout", "watch",
];

/// How many parents are looked at. Each costs three system calls.
const PARENTS: usize = 8;

/// How many bytes of its variables are read at most. If it has more, they are not known.
const VARIABLES: usize = 1 << 18;

/// The shell that started this process, itself or by one of the [`STARTERS`].
#[derive(Clone, Debug)]
pub struct Parent {
    /// The name that the kernel has for it.
    pub name: String,
    process: String,
}

impl Parent {
    /// Looks among the parent processes.
    pub fn find() -> Option<Self> {
        let mut process = rustix::process::getppid()?.as_raw_pid().to_string();
        for _ in 0..PARENTS {
            let path = PyPath::from(format!("/proc/{process}/stat").as_str());
            let text = files::kernel_text(&path)?;
            // "12 (bash) S 7 …": the name itself may contain brackets and blanks.
            let (name, rest) = text.split_once('(')?.1.rsplit_once(") ")?;
            if !STARTERS.contains(&name) {
                let name = Shell::named(name).map(|_| name.to_owned())?;
                return Some(Self { name, process });
            }
            rest.split(' ').nth(1)?.clone_into(&mut process);
        }
        None
    }

    /// Had it the variable with this value when it began? The kernel keeps the variables of the start; what the shell sets later is not
    /// there. `None` if this user may not read them.
    pub fn began_with(&self, name: &str, value: &PyPath) -> Option<bool> {
        let path = PyPath::from(format!("/proc/{}/environ", self.process).as_str());
        let file = files::open(path.as_path()).ok()?;
        let text = files::read_some(&file, VARIABLES, 0).ok()?;
        if text.len() == VARIABLES {
            return None;
        }
        let wanted = [name.as_bytes(), b"=", value.bytes()].concat();
        Some(text.split(|it| *it == 0).any(|it| it == wanted))
    }
}
