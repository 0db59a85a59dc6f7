//! Who sets each variable, and where?
//!
//! Only this room uses dotenvy. It wraps every value as a secret when it reads it.

mod dotenv;
mod file;
mod layers;
mod load;
mod literal;
mod lost;
mod reading;
mod origin;
mod parsed;
mod process;
mod reach;
mod supply;

pub use file::{EnvFile, LARGEST, State, Unreadable, Written};
pub use layers::{EXAMPLE, Layer, Setting, Sources, read, unread};
pub use origin::{Origin, Part};
pub use parsed::{Cause, Entry, Flaw};
pub use process::{Process, Said};

#[cfg(test)]
pub use dotenv::parse;
