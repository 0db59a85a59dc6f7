//! What happens if `ureq` was not compiled in? This is the stand-in for `fetch.rs`, with the same functions.

use std::io;

use super::Limits;
use super::stream::{Opened, Unfetched};
use crate::faults::Failure;

/// Refuses, because ureq is missing.
pub fn open(_: &str, _: Limits) -> Result<Opened, Unfetched> {
    Err(Unfetched {
        failure: Failure::NoUreq,
        redirect: None,
    })
}

/// The reason of an error; only files have errors here.
pub fn cause(error: io::Error) -> io::Error {
    error
}
