//! What is each variable worth, and may the program start with that?

pub mod judge;
pub mod files;
pub mod misspelt;
pub mod secrets;
