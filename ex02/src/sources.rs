//! Who sets each variable, and where?
//!
//! dotenvy lives behind this door. Every value is a secret from the moment in which it is read.

mod dotenv;
mod file;
mod layers;
mod literal;
mod owner;
mod process;
#[cfg(test)]
mod python_dotenv; // 2,000 generated files, read by us and by python-dotenv
mod supply;

pub use dotenv::Flaw;
pub use file::{EnvFile, LARGEST, State, Unreadable};
pub use layers::{EXAMPLE, Layer, Origin, Setting, Sources, read};
pub use literal::Cause;
pub use process::{Process, Said};

#[cfg(test)]
pub use dotenv::parse;
