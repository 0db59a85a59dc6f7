//! What this machine lacks for a test is said where everybody sees it.
//!
//! The test runner swallows what a passing test prints with `eprintln!`; it does not swallow what is
//! written to stderr itself.

use std::io::Write;
use std::process::{Command, Stdio};

/// Says that a test could not run here; under CI that is a failure.
pub fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    note(why);
}

/// Says that a test does not apply to whoever runs it, under CI too.
pub fn note(why: &str) {
    // Nobody may be listening; the test is skipped all the same.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// True when this program is missing, which has been said then.
pub fn lacks(program: &str) -> bool {
    // Whether it starts is what counts, not what it answers.
    let mut command = Command::new(program);
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    let missing = quiet.arg("version").stderr(Stdio::null()).status().is_err();
    if missing {
        skip(&format!("no {program} here"));
    }
    missing
}
