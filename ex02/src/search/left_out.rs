//! Which values does the search leave out?

use crate::config::{NotSought, Owner};
use crate::variables::{
    LOG_LEVEL, MATRIX_MODE, is_common_word, is_placeholder, is_word, may_be_in_force,
};

/// A shorter value may occur by chance. In bytes.
pub const SHORTEST: usize = 8;

/// Why the search leaves a value out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// It is a placeholder.
    Placeholder,
    /// It is so short that it may occur by chance.
    TooShort,
    /// It is in every source tree.
    CommonWord,
    /// `MATRIX_MODE` or `LOG_LEVEL` has a wrong word, such as a typing error. Many files have this word in
    /// them, and the report does not show it.
    Word,
    /// It was left out before the search.
    NotSought(NotSought),
}

/// Why the search leaves this value out.
pub fn why_not(owner: &Owner, text: &str) -> Option<LeftOut> {
    let words = [MATRIX_MODE, LOG_LEVEL].map(|it| Owner::Variable(it.name));
    let expects_word = words.contains(owner);
    if is_placeholder(text) && !may_be_in_force(text) {
        Some(LeftOut::Placeholder)
    } else if text.len() < SHORTEST {
        Some(LeftOut::TooShort)
    } else if is_common_word(text) {
        Some(LeftOut::CommonWord)
    } else if expects_word && is_word(text) {
        Some(LeftOut::Word)
    } else {
        None
    }
}
