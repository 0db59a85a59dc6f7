//! How is text from outside shown, and how are numbers and lists put into words?

pub mod escape;
pub mod wording;
