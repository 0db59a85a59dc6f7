//! How is text from outside kept, so that nobody prints it as it is?

use std::ffi::OsString;
use std::fmt;

use super::escape;

/// A path, a host, a name, a rule: text that this program did not write.
///
/// It may have a secret in it, or characters that control a terminal. So it has no `Display` and no
/// `Serialize`, and only [`Outside::printed`] gives it out.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outside(OsString);

/// Knows the secrets, and replaces their pieces.
pub trait Mask {
    /// The text with every piece of a secret replaced by `***`.
    fn hide(&self, text: &str) -> String;
}

impl Outside {
    /// The text as it may be printed: masked first, then escaped.
    pub fn printed(&self, mask: &impl Mask) -> String {
        match self.0.to_str() {
            Some(text) => escape::text(&mask.hide(text)),
            // Bytes that are not UTF-8 are spelled out. A secret may be between them.
            None => mask.hide(&escape::os(&self.0)),
        }
    }

    /// Adds more text from outside.
    pub(super) fn push(&mut self, more: &Self) {
        self.0.push(&more.0);
    }
}

impl fmt::Debug for Outside {
    /// For failing assertions: it says only that there is a text.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Outside(_)")
    }
}

impl<T: Into<OsString>> From<T> for Outside {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}
