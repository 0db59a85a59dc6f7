//! How is a value kept that must never be printed, and how is a piece of one recognised?

pub mod value;
pub mod forms;
pub mod shown;
