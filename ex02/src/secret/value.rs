//! How does the oracle keep a value that must never be printed?

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

/// A text without `Display` and `Serialize`: `println!("{key}")` does not compile.
///
/// Clones share one piece of memory. It is overwritten when the last clone is dropped.
#[derive(Clone)]
pub struct Secret(Arc<SecretString>);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(SecretString::from(text.into())))
    }

    /// The text itself. The caller must not print it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    /// For `dbg!` and failing assertions: it says only that there is a value.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_says_nothing_about_the_value() {
        let secret = Secret::new("there is no spoon");
        assert_eq!(format!("{secret:?}"), "Secret(***)");
        assert_eq!(
            format!("{:#?}", Some(&secret)),
            "Some(\n    Secret(***),\n)"
        );
        assert_eq!(secret.expose(), "there is no spoon");
    }
}
