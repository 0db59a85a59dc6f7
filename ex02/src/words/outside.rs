//! How is text kept that came from outside, so that nobody prints it as it is?

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use super::escape;

/// A path, a host, a name, a rule: text that this program did not write.
///
/// It may hold a secret, or characters with power over a terminal. So it has no `Display`, no
/// `Serialize`, and only [`Outside::printed`] gives it away.
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
            // Bytes that are no text are spelled out; a secret may stand between them.
            None => mask.hide(&escape::os(&self.0)),
        }
    }

    /// Adds more text from outside.
    pub(super) fn push(&mut self, more: &Self) {
        self.0.push(&more.0);
    }
}

impl fmt::Debug for Outside {
    /// For failing assertions: that there is a text, and nothing of it.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Outside(_)")
    }
}

impl From<&str> for Outside {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Outside {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&OsStr> for Outside {
    fn from(text: &OsStr) -> Self {
        Self(text.to_owned())
    }
}

impl From<&Path> for Outside {
    fn from(path: &Path) -> Self {
        Self(path.into())
    }
}

impl From<PathBuf> for Outside {
    fn from(path: PathBuf) -> Self {
        Self(path.into())
    }
}
