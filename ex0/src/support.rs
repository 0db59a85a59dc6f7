//! The ground: paths, files, versions, text for a shell or a terminal. It knows nothing about environments.

mod pypath; // how Python splits and joins paths
pub mod files; // what is on the disk
pub mod access; // what this user may do
mod world; // the variables and the current folder
pub mod locale; // how the C library reads letters
pub mod version; // how a Python version is written
pub mod shell; // a path as one word for a shell
pub mod escape; // text from outside, made safe for the terminal
mod in_words; // a finding as a sentence in JSON
pub mod exit; // what the exit code means
#[cfg(test)]
pub mod hostile; // hostile inputs for the tests of the parsers

pub use in_words::{each_in_words, in_words, perhaps_in_words};
pub use pypath::PyPath;
pub use world::World;
