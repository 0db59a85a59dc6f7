//! What is each variable worth, and may the program start with that?
//!
//! Pure: the same sources and mode give the same answer, so "would production start?" is
//! the same question asked with another mode.

mod judge; // what each variable is worth, in one mode
mod problem; // what can be wrong with a variable or a file
mod misspelt; // names that are probably one of the five, misspelt
mod files; // what is wrong with the lines of a layer file
mod secrets; // the secrets in the values, and whose they are
mod parameters; // the parameters of a URL that are no secrets
mod sought; // the secrets that the search looks for
mod masked; // the texts that must never be shown

pub use files::FileReport;
pub use judge::{Config, Variable, judge, judge_setting, mode};
pub use masked::all_secrets;
pub use problem::{Alike, Problem, Wrong};
pub use secrets::{NotSought, Owner, searched_of};
pub use sought::{SHORTEST, sought, why_not};
