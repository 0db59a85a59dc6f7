//! What is left after Ctrl-C? Nothing: unfinished files are removed, a message says so, and the signal has its usual
//! effect. Only what nobody can wait for, as `kill -9` or an abort, leaves an unfinished file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(unix)]
mod signals; // Waits for a signal. On other systems, Ctrl-C leaves the unfinished file under its temporary name.

#[cfg(unix)]
pub use signals::listen;

/// The unfinished files, and the folders made for them, in the order of their making.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The list, even if a thread panicked while it held the list: the list is never half-changed.
fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(not(unix))]
pub fn listen() {}

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
