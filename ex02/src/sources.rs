//! Who sets each variable, and where?

pub mod layers;
pub mod file;
pub mod dotenv;
pub mod literal;
