//! What is left after Ctrl-C? Nothing: unfinished files are removed, a message says so, and the signal has its usual
//! effect. Only what nobody can wait for, as `kill -9` or an abort, leaves an unfinished file.

use std::io;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::mpsc;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
#[cfg(unix)]
use std::thread;

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

/// Waits for a signal, removes unfinished files, and lets the signal end the program in the usual way.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;
    // Under `nohup`, a closed terminal does not end the program.
    let heeded = |signal: &i32| *signal != SIGHUP || !hangup_is_ignored();
    let signals = [SIGHUP, SIGINT, SIGTERM, SIGXFSZ];
    let (registered, is_registered) = mpsc::channel::<()>();
    let work = move || {
        let Ok(mut signals) = Signals::new(signals.iter().filter(|it| heeded(it))) else {
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
            let left: Vec<&PathBuf> = list.iter().rev().filter(|path| !remove(path)).collect();
            crate::output::interrupted(&left);
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    };
    // Only the thread registers the signals: if it cannot start, a signal ends the program as if nobody had asked.
    if thread::Builder::new().spawn(work).is_ok() {
        let _ = is_registered.recv();
    }
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

/// Whether the user wants the program to ignore SIGHUP, signal 1. Only Linux tells; on other systems the answer is yes.
#[cfg(unix)]
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
    mask.is_none_or(|it| it & 1 == 1)
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
