//! What is each variable worth, and may the program start with that?
//!
//! Pure: the same sources and mode give the same answer, so "would production start?" is
//! the same question asked with another mode.

mod files;
mod judge;
mod masked;
mod misspelt;
mod parameters;
mod problem;
mod secrets;
mod sought;

pub use files::FileReport;
pub use judge::{Config, Variable, judge, judge_setting, mode};
pub use masked::all_secrets;
pub use problem::{Alike, Problem, Wrong};
pub use secrets::{NotSought, Owner, searched_of};
pub use sought::{SHORTEST, sought, why_not};
