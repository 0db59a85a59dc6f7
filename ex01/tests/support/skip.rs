//! How does a test say that it is skipped? On stderr directly, because the test runner hides what `eprintln!` prints.

use std::io::Write;

/// Says what this machine lacks. Under CI, nothing may be missing.
pub fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    note(why);
}

/// Says why a test cannot run for this user, even under CI.
pub fn note(why: &str) {
    // If stderr is closed, the test is skipped without a message.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}
