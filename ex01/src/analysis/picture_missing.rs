//! What happens if no picture can be drawn? This is the stand-in for `picture.rs`, with the same functions.

use std::fs::File;
use std::path::Path;

use super::files::Draft;
use crate::faults::Trouble;
use crate::results::Findings;

/// Refuses, because plotters is missing. The caller has checked that, so nobody calls this.
pub fn save(_: &Findings, _: &str, _: Draft, _: File, _: &Path) -> Result<(), Trouble> {
    Err(Trouble::NoPlotters)
}
