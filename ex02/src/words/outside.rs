//! How is text from outside kept, so that nobody prints it as it is?

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;
use std::ops::Range;

use super::escape;

/// A path, a host, a name, a rule: text that this program did not write.
///
/// It may have a secret in it, or characters that control a terminal. So it has no `Display` and no
/// `Serialize`, and only [`super::Words::printed`] gives it out.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outside(OsString);

/// Knows the secrets, and finds their pieces.
pub trait Mask {
    /// The ranges of this text that no output may have in it. They may overlap.
    fn secret(&self, text: &str) -> Vec<Range<usize>>;
}

impl Outside {
    /// The text. Bytes that are not UTF-8 are written as `\xff`.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.0.to_str() {
            Some(text) => text.into(),
            None => escape::os(&self.0).into(),
        }
    }

    /// True for a text that means only itself in a command of a shell, and in `.gitignore`.
    pub(super) fn is_plain(&self) -> bool {
        let plain = |it: &u8| it.is_ascii_alphanumeric() || b"._-/".contains(it);
        let bytes = self.0.as_encoded_bytes();
        // A text with `-` at its beginning may be an option.
        !bytes.starts_with(b"-") && bytes.iter().all(plain)
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
