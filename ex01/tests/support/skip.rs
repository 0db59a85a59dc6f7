//! How is a test left out, aloud? Straight to stderr: what `eprintln!` prints, the test runner keeps to itself.

use std::io::Write;

/// Says what this machine lacks; under CI nothing may be lacking.
pub fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    note(why);
}

/// Says why a test does not apply to whoever runs it, under CI too.
pub fn note(why: &str) {
    // Nobody may be listening; the test is left out all the same.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}
