//! Tests that need the inside of the program, and what such tests need.

/// Random numbers.
#[path = "../support/chance.rs"]
pub mod chance;
/// Thousands of hostile inputs for the parsers.
mod hostile;
/// The files that python-dotenv reads.
mod python_dotenv;
/// Tests note here why they were skipped.
#[path = "../support/skipped.rs"]
pub mod skipped;
