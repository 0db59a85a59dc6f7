//! What is left behind after Ctrl-C? Nothing: unfinished files are removed, that is said, and the signal has its usual
//! effect.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// Files that are not finished yet, and folders made for them, in the order in which they were made.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// The watching thread is started once.
static WATCH: Once = Once::new();

/// The list, also after a thread that held it panicked: it is never half-changed.
fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From here on a signal ends the program with a word about what is left behind.
pub fn listen() {
    WATCH.call_once(watch);
}

/// Creates a file or folder that is removed should a signal end the program.
///
/// The list is locked meanwhile: no signal can come between creating and listing.
pub fn guarding<T>(path: &Path, create: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let mut list = unfinished();
    let created = create()?;
    list.push(path.to_owned());
    Ok(created)
}

/// The file or folder is finished, or gone.
pub fn release(path: &Path) {
    unfinished().retain(|it| it != path);
}

/// Waits for a signal, removes what is unfinished, and lets the signal end the program as if nobody had listened.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;
    // Under `nohup` a closed terminal ends nothing.
    let heeded = |signal: &i32| *signal != SIGHUP || !hangup_is_ignored();
    let signals = [SIGHUP, SIGINT, SIGTERM, SIGXFSZ];
    // Without a watch a signal ends the program all the same.
    let Ok(mut signals) = Signals::new(signals.iter().filter(|it| heeded(it))) else {
        return;
    };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            // A file has reached `ulimit -f`: writing fails, and that error is told like any other.
            if signal == SIGXFSZ {
                continue;
            }
            // Kept until the end: from here on no new file can be created.
            let list = unfinished();
            let gone = |path: &PathBuf| {
                if path.is_dir() {
                    std::fs::remove_dir(path).is_ok()
                } else {
                    std::fs::remove_file(path).is_ok()
                }
            };
            // A folder comes before what is in it: backwards, it is empty when its turn comes.
            let left: Vec<&PathBuf> = list.iter().rev().filter(|path| !gone(path)).collect();
            crate::output::interrupted(&left);
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
}

/// Whether whoever started the program wants SIGHUP, signal 1, ignored. Only Linux tells; elsewhere it is taken for so.
#[cfg(unix)]
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
    mask.is_none_or(|it| it & 1 == 1)
}

/// On other systems Ctrl-C leaves the unfinished file under its temporary name.
#[cfg(not(unix))]
fn watch() {}
