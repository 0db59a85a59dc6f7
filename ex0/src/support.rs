//! The ground: paths, files, versions, words for a shell or a terminal. It knows nothing of environments.

mod pypath; // how Python cuts and joins paths
pub mod files; // what the disk says
pub mod access; // what this user may do
mod world; // the variables and the current folder
pub mod version; // how a Python version is written
pub mod shell; // a path as one word of a shell's
pub mod escape; // text from outside, without power over the terminal
pub mod exit; // what the exit code means
#[cfg(test)]
pub mod hostile; // what if every byte is against us?

pub use pypath::PyPath;
pub use world::World;
