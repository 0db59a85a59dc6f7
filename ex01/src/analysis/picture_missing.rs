//! What happens if no picture can be drawn? This is the stand-in for `picture.rs`, with the same functions.

use std::path::Path;

use crate::faults::Trouble;
use crate::results::Findings;

/// Refuses, because plotters is missing. The caller has checked that, so nobody calls this.
pub fn draw(_: &Findings, _: &str, _: &Path) -> Result<Vec<u8>, Trouble> {
    Err(Trouble::Drawing("it is missing".to_owned()))
}
