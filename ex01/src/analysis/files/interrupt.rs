//! What is left after Ctrl-C? Nothing: unfinished files are removed, a message says so, and the signal has its usual
//! effect. Only what nobody can wait for, as `kill -9` or an abort, leaves an unfinished file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
#[cfg(unix)]
use std::{sync::mpsc, thread, time::Duration};

#[cfg(unix)]
use signal_hook::{
    consts::{SIGALRM, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ},
    iterator::Signals,
    low_level,
};

/// The unfinished files, and the folders made for them, in the order of their making.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// The thread that waits for signals starts only once.
static WATCH: Once = Once::new();

/// The list, even if a thread panicked while it held the list: the list is never half-changed.
fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on, a signal ends the program with a message about what is left.
pub fn listen() {
    WATCH.call_once(watch);
}

/// Creates a file or folder that is removed if a signal ends the program.
///
/// Meanwhile the list is locked, so no signal can come between creating and listing.
pub fn guarding<T>(path: &Path, create: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let mut list = unfinished();
    let created = create()?;
    list.push(path.to_owned());
    Ok(created)
}

/// Gives finished files their names, and takes their folders from the list. A signal waits meanwhile: it comes before
/// the first file has its name, or after the last one has.
pub fn naming<T>(name: impl FnOnce(&mut Vec<PathBuf>) -> T) -> T {
    name(&mut unfinished())
}

/// Removes a file or folder from the list: it is finished or gone.
pub fn release(path: &Path) {
    unfinished().retain(|it| it != path);
}

/// The signals that end a program: from a terminal, from other programs, from a batch system, and at a limit.
#[cfg(unix)]
const ENDING: [i32; 8] = [
    SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU,
];

/// How long the message may take. A stopped terminal or a full pipe must not keep the program.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_millis(500);

/// Waits for a signal, removes unfinished files, and lets the signal end the program in the usual way.
#[cfg(unix)]
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
#[cfg(unix)]
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
#[cfg(unix)]
fn end(signal: i32) {
    if std::process::id() == 1 {
        low_level::exit(128 + signal);
    }
    let _ = low_level::emulate_default_handler(signal);
}

/// Removes a file or an empty folder; false if it is still there. A file that has its name already is no longer there.
#[cfg(unix)]
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
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
    mask.unwrap_or(1 << (SIGHUP - 1))
}

/// On other systems, Ctrl-C leaves the unfinished file under its temporary name.
#[cfg(not(unix))]
fn watch() {}

#[cfg(all(test, unix))]
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
