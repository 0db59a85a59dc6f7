//! What does a signal do? It waits until no file gets its name, removes unfinished files, and ends the program.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Once, mpsc};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGALRM, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::consts::{SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use super::unfinished;

/// The thread that waits for signals starts only once.
static WATCH: Once = Once::new();

/// The signals that end a program: from a terminal, from other programs, from a batch system, and at a limit.
const ENDING: [i32; 8] = [
    SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU,
];

/// How long the message may take. A stopped terminal or a full pipe must not keep the program.
const PATIENCE: Duration = Duration::from_millis(500);

/// From now on, a signal ends the program with a message about what is left.
pub fn listen() {
    WATCH.call_once(watch);
}

/// Waits for a signal, removes unfinished files, and lets the signal end the program in the usual way.
fn watch() {
    // Under `nohup`, a closed terminal does not end the program, nor does Ctrl-C end what a script left in the background.
    let ignored = ignored();
    let heeded = move |signal: &&i32| ignored >> (**signal - 1) & 1 == 0;
    let (registered, is_registered) = mpsc::channel::<()>();
    let work = move || {
        let signals = ENDING.iter().filter(heeded).chain([&SIGXFSZ]);
        let Ok(mut signals) = Signals::new(signals) else {
            return;
        };
        drop(registered);
        for signal in signals.forever() {
            // A file has reached `ulimit -f`. Writing then fails, and the program reports that error.
            if signal == SIGXFSZ {
                continue;
            }
            // The lock is held until the end, so no new file can be created.
            let list = unfinished();
            // A folder is listed before its files. In reverse order, it is empty before it is removed.
            let left = list.iter().rev().find(|path| !remove(path)).cloned();
            say(left);
            end(signal);
        }
    };
    // Only the thread registers the signals: if it cannot start, a signal ends the program as if nobody had asked.
    if thread::Builder::new().spawn(work).is_ok() {
        let _ = is_registered.recv();
    }
}

/// Says which file is left.
fn say(left: Option<PathBuf>) {
    let (said, is_said) = mpsc::channel::<()>();
    let work = move || {
        crate::output::interrupted(left.as_deref());
        drop(said);
    };
    if thread::Builder::new().spawn(work).is_ok() {
        let _ = is_said.recv_timeout(PATIENCE);
    }
}

/// Ends the program as the signal does. The first process of a container cannot end itself by a signal, so it ends with the
/// code that a shell shows for one.
fn end(signal: i32) {
    if std::process::id() == 1 {
        low_level::exit(128 + signal);
    }
    let _ = low_level::emulate_default_handler(signal);
}

/// Removes a file or an empty folder; false if it is still there. A file that has its name already is no longer there.
fn remove(path: &Path) -> bool {
    let removed = if path.is_dir() {
        std::fs::remove_dir(path)
    } else {
        std::fs::remove_file(path)
    };
    removed.map_or_else(|error| error.kind() == io::ErrorKind::NotFound, |()| true)
}

/// The signals that the program was told to ignore when it started, one bit each, from signal 1 on. Only Linux tells; on other
/// systems it is SIGHUP.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
    mask.unwrap_or(1 << (SIGHUP - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_there_is_not_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (inner, file) = (folder.path().join("a"), folder.path().join("a/b"));
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(&file, "").unwrap();
        assert!(!remove(&inner), "it is not empty");
        assert!(remove(&file) && remove(&file));
        assert!(remove(&inner) && remove(&inner));
    }
}
