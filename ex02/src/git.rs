//! What does git know about this folder, asked so that nothing of it is run?

pub mod repository;
pub mod index;
pub mod process;
