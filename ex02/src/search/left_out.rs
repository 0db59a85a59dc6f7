//! Which values need not be looked for?

use crate::config::Owner;
use crate::variables::{
    LOG_LEVEL, MATRIX_MODE, is_common_word, is_placeholder, is_word, may_be_in_force,
};

/// Values shorter than this occur by chance. In bytes.
pub const SHORTEST: usize = 8;

/// Why a value is not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// It is a placeholder.
    Placeholder,
    /// It occurs by chance.
    TooShort,
    /// It stands in every source tree.
    CommonWord,
    /// It is a word where a word is wanted: a typing error, which many a file holds. It is never shown
    /// all the same.
    Word,
}

/// Why this value need not be looked for.
pub fn why_not(owner: &Owner, text: &str) -> Option<LeftOut> {
    let word_wanted = [MATRIX_MODE, LOG_LEVEL].map(|it| Owner::Variable(it.name));
    if is_placeholder(text) && !may_be_in_force(text) {
        Some(LeftOut::Placeholder)
    } else if text.len() < SHORTEST {
        Some(LeftOut::TooShort)
    } else if is_common_word(text) {
        Some(LeftOut::CommonWord)
    } else if word_wanted.contains(owner) && is_word(text) {
        Some(LeftOut::Word)
    } else {
        None
    }
}
