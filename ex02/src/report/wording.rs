//! What do a problem, a fact and a connection have in common when they are put into words?

use crate::words::Words;

/// A finding in words.
pub struct Said {
    /// Its name for scripts; it stays the same when the words change.
    pub kind: &'static str,
    /// What is so.
    pub message: Words,
    /// What to type or to change, where there is something to mend.
    pub hint: Option<Words>,
}

/// Something that is right.
pub fn right(kind: &'static str, message: impl Into<Words>) -> Said {
    Said {
        kind,
        message: message.into(),
        hint: None,
    }
}

/// Something to mend, and how.
pub fn wrong(kind: &'static str, message: impl Into<Words>, hint: impl Into<Words>) -> Said {
    Said {
        kind,
        message: message.into(),
        hint: Some(hint.into()),
    }
}
