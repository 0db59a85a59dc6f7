//! How does the oracle keep a secret, and how does it recognise a piece of one?

mod forms;
mod json;
mod memory;
mod shown;
mod value;

pub use forms::{in_utf16, written};
pub use memory::forbid_core_dumps;
pub use shown::Gate;
pub use value::Secret;
