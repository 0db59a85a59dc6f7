//! What is said when `ureq` was not compiled in? The stand-in for `fetch.rs`, with the same functions.

use std::io::{self, Empty};

use super::Limits;
use crate::exit::Trouble;

/// Refuses; the program that could is missing.
pub fn open(_: &str, shown: &str, _: Limits) -> Result<Empty, Trouble> {
    Err(Trouble::new(
        format_args!("failed to fetch `{shown}`: ureq is missing"),
        "`cargo run -p ex01` builds with all programs; `--or-simulate` goes on without it",
    ))
}

/// A file's errors are what they are.
pub fn cause(error: io::Error) -> io::Error {
    error
}
