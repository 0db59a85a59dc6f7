//! How is a sentence put together, so that nothing from outside reaches a screen unmasked?
//!
//! Our own words are literals (`&'static str`). Text from outside is [`Outside`], which has no
//! `Display`, no `Serialize` and no way back to `str`. A sentence ([`Words`]) keeps the two apart
//! until it is printed; then what is from outside is masked and escaped, and ours is not.

mod escape;
mod open;
mod outside;
mod sentence;
mod wording;

pub use open::{open, open_regular};
pub use outside::{Mask, Outside};
pub use sentence::{Place, Words};
pub use wording::{MOST_KEPT, MOST_LISTED, bits, count, listed, reason, seconds, size};
