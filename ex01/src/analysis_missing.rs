//! What happens where polars or ndarray is missing? The stand-in for `analysis.rs`, with the same function.

use crate::cli::Args;
use crate::exit::Trouble;
use crate::programs::Dependency;
use crate::results::{Outcome, Stage};

/// Does nothing, and says why.
#[expect(clippy::unnecessary_wraps, reason = "the signature of the real one")]
pub fn run(
    _: &Args,
    programs: &[Dependency],
    _: &mut dyn FnMut(Stage) -> Result<(), Trouble>,
) -> Result<Outcome, Trouble> {
    let needed = programs
        .iter()
        .filter(|it| matches!(it.name, "polars" | "ndarray"));
    let obstacles = needed.filter_map(Dependency::obstacle);
    Ok(Outcome {
        undone: obstacles.map(|it| format!("no analysis: {it}")).collect(),
        ..Outcome::default()
    })
}
