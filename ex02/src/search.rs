//! Where are secrets in files and in past commits?
//!
//! One search looks for all forms of all values in force and for well-known shapes of keys. It keeps
//! what it finds as a place and a [`Needle`], never as a text.

mod allowed;
mod assigned;
mod by_hand;
mod chance;
mod closely;
mod commands;
mod engine;
mod entered;
mod examples;
mod groups;
mod headers;
mod in_time;
mod keys;
mod buffer;
mod needles;
mod objects;
mod one_each;
mod operators;
mod parts;
mod places;
mod shape;
mod shapes;
mod strong;
mod tree;
mod work_tree;

pub use buffer::Buffer;
pub use entered::entered;
pub use examples::holds_examples;
pub use keys::key_ranges;
pub use needles::{Needle, Needles, What};
pub use objects::{ObjectKind, SearchedObjects, SearchedStore, search_all, search_blobs};
pub use places::{Beyond, Places};
pub use work_tree::{FileHit, Found, Limits, MOST_OF_A_FILE, search_files};

#[cfg(test)]
pub use entered::read_diff_tree;
#[cfg(test)]
pub use objects::read_batch;
