//! Does this file or folder belong to the user who runs the program, or to another user? Where is it?
//!
//! A user who can write into a folder above chooses the `.env` there. git asks the same question
//! since CVE-2022-24765.

use std::fs::Metadata;

/// True when the user who runs the program owns it. A file of root counts only when root runs it.
#[cfg(unix)]
pub fn is_ours(facts: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    facts.uid() == rustix::process::geteuid().as_raw()
}

/// The program does not ask on this system.
#[cfg(not(unix))]
pub fn is_ours(_: &Metadata) -> bool {
    true
}

/// The device with its file system.
#[cfg(unix)]
pub fn device(facts: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    facts.dev()
}

/// Here git does not ask either.
#[cfg(not(unix))]
pub fn device(_: &Metadata) -> u64 {
    0
}
