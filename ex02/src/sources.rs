//! Who sets each variable, and where?

pub mod layers;
pub mod file;
pub mod dotenv;
pub mod supply;
pub mod literal;
