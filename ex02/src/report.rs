//! What do people and scripts get to see?

pub mod summary;
pub mod text;
pub mod explain;
pub mod print;
pub mod wrap;
