//! Is this file or folder our own, or another user's?
//!
//! Whoever can write into a folder above chooses the `.env` there; git asks the same question since
//! CVE-2022-24765.

use std::fs::Metadata;

/// True when the user who runs this owns it. What is root's is root's alone.
#[cfg(unix)]
pub fn is_ours(facts: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    facts.uid() == rustix::process::geteuid().as_raw()
}

/// Not asked on this system.
#[cfg(not(unix))]
pub fn is_ours(_: &Metadata) -> bool {
    true
}
