//! A test that cannot run on this machine says so where everybody sees it.
//!
//! The test runner hides what a passing test prints with `eprintln!`. It does not hide what a test writes to
//! stderr itself.

use std::io::Write;
use std::process::{Command, Stdio};

/// Says that a test could not run here. Under CI, this is a failure.
pub fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    note(why);
}

/// Says that a test does not apply to this user. Under CI, this is no failure.
pub fn note(why: &str) {
    // stderr may be closed. The test is skipped anyway.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// True when this program is missing. Then it has said so.
pub fn lacks(program: &str) -> bool {
    // It need only start. Its answer does not count.
    let mut command = Command::new(program);
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    let missing = quiet.arg("version").stderr(Stdio::null()).status().is_err();
    if missing {
        skip(&format!("no {program} here"));
    }
    missing
}
