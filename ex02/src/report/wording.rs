//! What do a problem, a fact and a connection have in common as sentences?

use crate::sources::{Named, Origin};
use crate::words::{Place, Words};

/// A problem, a fact or what is to mend of a connection, in words.
pub struct Wording {
    /// Its name for scripts. It stays the same when the sentence changes.
    pub kind: &'static str,
    /// The sentence.
    pub message: Words,
    /// What to type or to change, when there is something to mend.
    pub hint: Option<Words>,
}

impl Wording {
    /// Puts a name in front: of a file, or of a variable.
    pub fn about(self, what: impl Into<Words>) -> Self {
        let message = what.into() + ": " + self.message;
        Self { message, ..self }
    }
}

/// A fact that is right.
pub fn right(kind: &'static str, message: impl Into<Words>) -> Wording {
    Wording {
        kind,
        message: message.into(),
        hint: None,
    }
}

/// A problem, and how to mend it.
pub fn wrong(kind: &'static str, message: impl Into<Words>, hint: impl Into<Words>) -> Wording {
    Wording {
        kind,
        message: message.into(),
        hint: Some(hint.into()),
    }
}

/// `.env.local and .env were not read`
pub fn not_read(files: &[Place]) -> Words {
    let verb = if files.len() == 1 { "was" } else { "were" };
    Words::joined(files, " and ") + " " + verb + " not read"
}

/// `.env:3`, `process environment`, `default`.
pub fn origin(it: &Origin) -> Words {
    (&it.at()).into()
}

/// `HOST of .env:1`
pub fn part(it: &Named) -> Words {
    match &it.name {
        Some(name) => Words::from(name) + " of " + &it.place,
        None => (&it.place).into(),
    }
}

/// `.env:2, with HOST of .env:1`
pub fn with_parts(it: &Origin, parts: &[Named]) -> Words {
    if parts.is_empty() {
        origin(it)
    } else {
        origin(it) + ", with " + Words::joined(parts.iter().map(part), " and ")
    }
}
