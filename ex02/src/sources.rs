//! Who sets each variable, and where?
//!
//! Only this room uses dotenvy. It wraps every value as a secret when it reads it.

mod cause;
mod dotenv;
mod file;
mod layers;
mod load;
mod literal;
mod lost;
mod reading;
mod origin;
mod owner;
mod parsed;
mod process;
mod reach;
mod supply;

pub use cause::Cause;
pub use file::{EnvFile, LARGEST, State, Unreadable};
pub use layers::{EXAMPLE, Layer, Setting, Sources, read, unread};
pub use origin::{Origin, Part};
pub use parsed::{Entry, Flaw};
pub use process::{Process, Said};

#[cfg(test)]
pub use dotenv::parse;
