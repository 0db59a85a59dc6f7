//! Who sets each variable, and where?
//!
//! Only this room uses dotenvy. It wraps every value as a secret when it reads it.

mod dotenv;
mod file;
mod layers;
mod lines;
mod literal;
mod reading;
mod origin;
mod owner;
mod process;
mod reach;
#[cfg(test)]
mod python_dotenv; // Reads 2,000 generated files with our parser and with python-dotenv.
mod supply;

pub use dotenv::{Entry, Flaw};
pub use file::{EnvFile, LARGEST, State, Unreadable};
pub use layers::{EXAMPLE, Layer, Setting, Sources, read};
pub use origin::{Origin, Part, with_parts};
pub use process::{Process, Said};
pub use reading::Cause;

#[cfg(test)]
pub use dotenv::parse;
