//! Where are secrets in files and in past commits?
//!
//! One search looks for all forms of all values in force and for well-known shapes of keys. It keeps
//! what it finds as a place and a [`Needle`], never as a text.

mod needles; // what the search looks for, and where it is in a text
mod work_tree; // in tracked files
mod objects; // in git's store
mod tree; // in the names of a folder of the store
mod entered; // which commit brought an object?
mod keys; // in the name of a file
mod places; // which of many places are listed?
mod one_each; // which of overlapping findings counts?
mod allowed; // is there a mark that allows it?
mod examples; // is it a file for examples?
mod groups; // which patterns one pass searches for
mod engine; // finds many patterns at once
mod buffer; // a stream in pieces
mod in_time; // a stream with a deadline
mod shapes; // the table of well-known keys
mod shape; // what a row of it is made of
mod parts; // the texts by which all of them are found
mod closely; // has the text at a place really that shape?
mod by_hand; // shapes that need code: key blocks, tokens, URLs
mod headers; // a token in a header
mod commands; // a password in a command
mod assigned; // a strong value under the name of a secret
mod operators; // where the value begins after the name
mod strong; // did a machine make this text?
mod chance; // how much of a text is random?

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
