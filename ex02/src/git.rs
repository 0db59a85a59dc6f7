//! What does git know about this folder, asked so that nothing of it is run?

mod index;
mod process;
mod repository;

pub use index::{Git, Kind, Place, Tracked};
pub use process::Silence;
pub use repository::{Repository, find};

#[cfg(test)]
pub use index::{read_diff_index, read_ls_files};
