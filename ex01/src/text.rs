//! How does the program write text? Text from outside cannot control the terminal, and large numbers have commas.

use std::ffi::OsStr;
use std::fmt::Write;
use std::io;

mod escape; // Text from outside cannot control the terminal.
mod mask; // A word of the user's may hold a secret.

pub use escape::{is_unseen, os, text as shown};
#[cfg_attr(
    not(all(feature = "ndarray", feature = "polars", feature = "ureq")),
    expect(unused_imports, reason = "no address is asked")
)]
pub use mask::bad_port;
pub use mask::{masked, safe};

/// A word of the user's, as others may see it: without secrets, unless it is the name of a file that is there.
pub fn word(word: &OsStr) -> String {
    os(&safe(word))
}

/// The reason of an error of the operating system, in lower case and without Rust's "(os error 2)".
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}

/// Adds a line. Writing into a String cannot fail.
pub fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{line}");
}

/// `1 point`, `1,000 points`.
pub fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", thousands(count))
}

/// A count with commas: 1,000,000.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}
