//! How does the oracle keep a secret, and how does it recognise a piece of one?

mod value; // a text that nobody can print
mod shown; // is a piece of a secret in a text from outside?
mod forms; // how a secret is written in files and in output
mod json; // how it is written in JSON
mod memory; // keeps the memory off the disk

pub use forms::{in_utf16, written};
pub use memory::forbid_core_dumps;
pub use shown::Gate;
pub use value::Secret;
