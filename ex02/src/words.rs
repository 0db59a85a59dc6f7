//! How does the oracle make a sentence, so that all text from outside is masked on the screen?
//!
//! Our own words are literals (`&'static str`). Text from outside is [`Outside`], which has no
//! `Display`, no `Serialize` and no way back to `str`. A sentence ([`Words`]) keeps the two apart. When
//! it is printed, the text from outside is masked and escaped, and our own words are not.

mod sentence; // our own words and text from outside, kept apart
mod outside; // text that this program did not write
mod escape; // how it is shown without control characters
mod wording; // numbers, lists and the system's reasons in words
mod open; // opens a file without waiting

pub use open::{open, open_regular};
pub use outside::{Mask, Outside};
pub use sentence::{Place, Words};
pub use wording::{MOST_KEPT, MOST_LISTED, bits, counted, listed, reason, seconds, size};
