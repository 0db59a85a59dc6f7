//! How do our own words and text from outside become one sentence, and stay apart?

use std::borrow::Cow;
use std::ops::{Add, Range};

use super::escape;
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
    /// A command to type, and what to say instead of it.
    Command(Words, &'static str),
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

    /// A command to type. `otherwise` is said instead when it has a text from outside in it that a shell
    /// reads in its own way, or that is not shown as it is: `***` means every file.
    pub fn command(command: impl Into<Self>, otherwise: &'static str) -> Self {
        Self(vec![Piece::Command(command.into(), otherwise)])
    }

    /// The sentence as it may be printed. In text from outside, secrets are masked first, and control
    /// characters are escaped then.
    pub fn printed(&self, mask: &impl Mask) -> String {
        let (text, outside) = self.laid_out(mask);
        let mut secret = vec![false; text.len()];
        for part in &outside {
            for range in mask.secret(&text[part.clone()]) {
                secret[part.start + range.start..part.start + range.end].fill(true);
            }
        }
        // A secret may go on behind our own words: behind the `/` between two folders.
        if outside.iter().map(ExactSizeIterator::len).sum::<usize>() < text.len() {
            for range in mask.secret(&text) {
                secret[range].fill(true);
            }
        }
        let (mut shown, mut end) = (String::with_capacity(text.len()), 0);
        for part in outside {
            shown.push_str(&text[end..part.start]);
            end = part.end;
            shown.push_str(&masked(&text[part.clone()], &secret[part]));
        }
        shown + &text[end..]
    }

    /// True for a command that does what it shows.
    fn may_be_typed(&self, mask: &impl Mask) -> bool {
        let plain = |it: &Piece| !matches!(it, Piece::Outside(it) if !it.is_plain());
        self.0.iter().all(plain) && self.printed(mask) == self.laid_out(mask).0
    }

    /// All pieces as one text, and the ranges of it that come from outside.
    fn laid_out(&self, mask: &impl Mask) -> (String, Vec<Range<usize>>) {
        let (mut text, mut outside) = (String::new(), Vec::new());
        for piece in &self.0 {
            let from = text.len();
            match piece {
                Piece::Ours(ours) => text.push_str(ours),
                Piece::Outside(it) => {
                    text.push_str(&it.text());
                    outside.push(from..text.len());
                }
                Piece::Command(command, _) if command.may_be_typed(mask) => {
                    let (command, of_command) = command.laid_out(mask);
                    text.push_str(&command);
                    let moved = of_command.iter().map(|it| from + it.start..from + it.end);
                    outside.extend(moved);
                }
                Piece::Command(_, otherwise) => text.push_str(otherwise),
            }
        }
        (text, outside)
    }
}

/// A text from outside with its secret bytes masked and all others escaped.
fn masked(text: &str, secret: &[bool]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut hidden = false;
    for (at, c) in text.char_indices() {
        let hide = secret[at..at + c.len_utf8()].contains(&true);
        if !hide {
            shown.push(c);
        } else if !hidden {
            shown.push_str("***");
        }
        hidden = hide;
    }
    escape::text(&shown)
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
            fn secret(&self, _: &str) -> Vec<Range<usize>> {
                Vec::new()
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
        fn secret(&self, text: &str) -> Vec<Range<usize>> {
            let places = text.match_indices("key");
            places.map(|(at, key)| at..at + key.len()).collect()
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
    fn a_secret_that_goes_on_behind_our_own_words_is_masked() {
        let words = Words::from(Outside::from("ak")) + "e" + Outside::from("yb");
        assert_eq!(words.printed(&Key), "a***e***b");
        assert_eq!(
            (Words::from("ke") + Outside::from("y")).printed(&Key),
            "ke***"
        );
        assert_eq!(
            (Words::from("key ") + Outside::from("a")).printed(&Key),
            "key a"
        );
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_spelled_out() {
        use std::os::unix::ffi::OsStringExt;
        let name = std::ffi::OsString::from_vec(b"a\xff key\x1b".to_vec());
        assert_eq!(
            Words::from(Outside::from(name)).printed(&Key),
            r"a\xff ***\u{1b}"
        );
    }

    #[test]
    fn a_command_is_shown_only_when_a_shell_reads_it_as_it_is_meant() {
        let command = |name: &str| {
            let file = Words::from("rm ../") + Outside::from(name);
            (Words::command(file, "delete it") + ", then go on").printed(&Key)
        };
        assert_eq!(command("a/b-c_d.e"), "rm ../a/b-c_d.e, then go on");
        for name in [
            "a b", "a;b", "a'b", "a\"b", "$a", "`a`", "*", "a?", "[a]", "{a,b}", "~", "a\\b",
            "a\nb", "#a", "!a", "a&b", "a|b", "<a", "(a)", ":a", "-a", "\u{e9}", "key", "a/key",
        ] {
            assert_eq!(command(name), "delete it, then go on", "{name}");
        }
    }

    #[test]
    fn a_list_has_commas_between_its_items() {
        assert_eq!(Words::joined(["a", "b", "c"], ", ").plain(), "a, b, c");
        assert_eq!(Words::joined([""; 0], ", ").plain(), "");
    }
}
