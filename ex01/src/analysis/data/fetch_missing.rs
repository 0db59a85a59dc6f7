//! What happens if `ureq` was not compiled in? This is the stand-in for `fetch.rs`, with the same functions.

use std::io::{self, Empty};

use super::Limits;
use crate::faults::Failure;

/// Refuses, because ureq is missing.
pub fn open(
    _: &str,
    _: Limits,
    _: &mut Option<String>,
) -> Result<(Empty, Option<&'static str>), Failure> {
    Err(Failure::NoUreq)
}

/// The reason of an error; only files have errors here.
pub fn cause(error: io::Error) -> io::Error {
    error
}
