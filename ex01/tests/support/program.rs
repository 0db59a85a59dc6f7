//! How does a test make a program and start it?

use std::fs;
use std::path::Path;
use std::process::Command;

/// Copies a program, so that it can be started at once.
///
/// If this process writes a file while another thread forks, the child holds the file open. Linux starts no program
/// that is open for writing ("Text file busy"). So another process, from which nobody forks, writes the file.
pub fn copy_program(from: &Path, to: &Path) {
    if cfg!(unix) {
        let status = Command::new("cp").arg(from).arg(to).status();
        assert!(status.unwrap().success());
    } else {
        fs::copy(from, to).unwrap();
    }
}
