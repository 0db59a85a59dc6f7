//! How do our own words and text from outside become one sentence, and stay apart?

use std::borrow::Cow;
use std::ops::Add;

use super::outside::{Mask, Outside};

/// A sentence for people. Only [`Words::printed`] makes a `String` of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words(Vec<Piece>);

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// A literal of this program, or a number in words.
    Ours(Cow<'static, str>),
    /// Text from outside.
    Outside(Outside),
}

impl Words {
    /// Numbers and similar, which this room turns into words.
    pub(super) fn ours(text: String) -> Self {
        Self(vec![Piece::Ours(text.into())])
    }

    /// `a, b, c`.
    pub fn joined<T: Into<Self>>(
        things: impl IntoIterator<Item = T>,
        between: &'static str,
    ) -> Self {
        let mut all = Self::default();
        for thing in things {
            if !all.0.is_empty() {
                all = all + between;
            }
            all = all + thing;
        }
        all
    }

    /// The sentence as it may be printed.
    pub fn printed(&self, mask: &impl Mask) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Ours(text) => text.as_ref().to_owned(),
            Piece::Outside(text) => text.printed(mask),
        });
        pieces.collect()
    }
}

impl<T: Into<Self>> Add<T> for Words {
    type Output = Self;

    /// Adds more words.
    fn add(mut self, more: T) -> Self {
        for piece in more.into().0 {
            match (self.0.last_mut(), piece) {
                // A secret may begin in one part and end in the next.
                (Some(Piece::Outside(last)), Piece::Outside(more)) => last.push(&more),
                (Some(Piece::Ours(last)), Piece::Ours(more)) => last.to_mut().push_str(&more),
                (_, piece) => self.0.push(piece),
            }
        }
        self
    }
}

impl From<&'static str> for Words {
    fn from(text: &'static str) -> Self {
        Self(vec![Piece::Ours(text.into())])
    }
}

impl From<Outside> for Words {
    fn from(text: Outside) -> Self {
        Self(vec![Piece::Outside(text)])
    }
}

impl From<&Outside> for Words {
    fn from(text: &Outside) -> Self {
        text.clone().into()
    }
}

impl From<usize> for Words {
    fn from(number: usize) -> Self {
        Self::ours(number.to_string())
    }
}

impl From<u16> for Words {
    fn from(number: u16) -> Self {
        Self::ours(number.to_string())
    }
}

impl From<&Self> for Words {
    fn from(words: &Self) -> Self {
        words.clone()
    }
}

/// A line of a file: `../.env:3`. Without a line: the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The path, as a person would type it from the current folder.
    pub file: Words,
    /// The line, from 1.
    pub line: Option<usize>,
}

impl Place {
    /// A line of this file, or the file.
    pub fn new(file: impl Into<Words>, line: Option<usize>) -> Self {
        let file = file.into();
        Self { file, line }
    }
}

impl From<&Place> for Words {
    fn from(place: &Place) -> Self {
        match place.line {
            Some(line) => place.file.clone() + ":" + line,
            None => place.file.clone(),
        }
    }
}

#[cfg(test)]
impl Words {
    /// The sentence without a mask, for tests.
    pub fn plain(&self) -> String {
        /// Knows no secret.
        struct Nothing;
        impl Mask for Nothing {
            fn hide(&self, text: &str) -> String {
                text.to_owned()
            }
        }
        self.printed(&Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `key` is a secret for it.
    struct Key;

    impl Mask for Key {
        fn hide(&self, text: &str) -> String {
            text.replace("key", "***")
        }
    }

    #[test]
    fn only_what_came_from_outside_is_masked_and_escaped() {
        let words = Words::from("the key\nin ") + Outside::from("the key\nin") + ":" + 3_usize;
        assert_eq!(words.printed(&Key), "the key\nin the ***\\nin:3");
    }

    #[test]
    fn a_secret_in_two_pieces_from_outside_is_masked() {
        let words = Words::from(Outside::from("k")) + Outside::from("ey");
        assert_eq!(words.printed(&Key), "***");
    }

    #[test]
    fn a_list_has_commas_between_its_items() {
        assert_eq!(Words::joined(["a", "b", "c"], ", ").plain(), "a, b, c");
        assert_eq!(Words::joined([""; 0], ", ").plain(), "");
    }
}
