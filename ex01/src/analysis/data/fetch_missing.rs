//! What happens if `ureq` was not compiled in? This is the stand-in for `fetch.rs`, with the same functions.

use std::io::{self, Empty};

use super::Limits;
use crate::exit::Trouble;

/// Refuses, because ureq is missing.
pub fn open(_: &str, shown: &str, _: Limits) -> Result<Empty, Trouble> {
    Err(Trouble::new(
        format_args!("failed to fetch `{shown}`: ureq is missing"),
        "`cargo run -p ex01` builds with all programs; `--or-simulate` goes on without it",
    ))
}

/// The reason of an error; only files have errors here.
pub fn cause(error: io::Error) -> io::Error {
    error
}
