//! Who sets each variable, and where?
//!
//! Only this room uses dotenvy. It wraps every value as a secret when it reads it.

mod layers; // which places set a variable, and which of them wins?
mod process; // what the process environment says
mod reach; // the folders where the program looks for files
mod file; // one layer file, if it is a file at all
mod load; // the bytes of a file; nobody waits for them
mod dotenv; // the entries of a file, and its broken lines
mod supply; // gives dotenvy one entry at a time
mod literal; // where a quote closes that opens in a line
mod reading; // did dotenvy change what is written there?
mod lost; // the names in a line that dotenvy cannot read
mod parsed; // what is in a file: entries and flawed lines
mod origin; // where a value comes from, and its parts

pub use file::{EnvFile, LARGEST, State, Unreadable, Written};
pub use layers::{EXAMPLE, Layer, Setting, Sources, read, unread};
pub use origin::{Named, Origin};
pub use parsed::{Cause, Entry, Flaw};
pub use process::{Process, Said};

#[cfg(test)]
pub use dotenv::parse;
