//! How did git end?

use std::process::Child;

use super::silence::Silence;

/// The exit code of a git that has closed its pipes.
pub fn exit_code(child: &mut Child) -> Result<i32, Silence> {
    let status = child.wait().map_err(|_| Silence::EndUnknown)?;
    match status.code() {
        // So ends a program whose libraries the system cannot load, and a script whose program is missing.
        Some(126 | 127) => Err(Silence::NotStarted),
        Some(code) => Ok(code),
        None => Err(Silence::Killed),
    }
}

/// Lets the system tell how a git ended.
///
/// A parent can make it forget that: one that ignores SIGCHLD leaves this to the programs that it starts.
/// Any handler ends it, also for git and for what git starts.
#[cfg(unix)]
pub fn remember_ends() {
    use signal_hook::{consts::SIGCHLD, flag};
    use std::sync::{Arc, Once};
    static ONCE: Once = Once::new();
    // Nobody reads the flag. Without a handler, an end that the system forgot is seen as one.
    ONCE.call_once(|| drop(flag::register(SIGCHLD, Arc::default())));
}

/// Here the system always tells.
#[cfg(not(unix))]
pub fn remember_ends() {}
