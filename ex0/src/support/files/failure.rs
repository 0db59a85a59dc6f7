//! Does an error say something about the file, or does the system itself fail?

use std::io::Error;

use rustix::io::Errno;

use super::{open, read_some};
use crate::support::{PyPath, exit};

/// The reason, if the system itself fails: a limit is reached, a disk is broken, another machine does not answer.
pub fn system_failure(error: &Error) -> Option<String> {
    let fails = matches!(
        Errno::from_io_error(error)?,
        Errno::MFILE | Errno::NFILE | Errno::NOMEM | Errno::IO | Errno::STALE | Errno::NOTCONN
    );
    fails.then(|| exit::reason(error))
}

/// The same, when the path is looked at and read.
pub fn system_failure_at(path: &PyPath) -> Option<String> {
    let path = path.as_path();
    let stat = rustix::fs::stat(path).map_err(Error::from);
    let read = stat.and_then(|_| read_some(&open(path)?, 1, 0));
    system_failure(&read.err()?)
}
