//! How is a value kept that must never be printed, and how is a piece of one recognised?

mod forms;
mod memory;
mod shown;
mod value;

pub use forms::{Form, written};
pub use memory::forbid_core_dumps;
pub use shown::Gate;
pub use value::Secret;
