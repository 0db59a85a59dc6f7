//! Which words does a text have, and what do they say?

use std::ops::Range;

use super::vocabulary::{KNOWN, Says};

/// A longer row of letters is not a word of any language.
const LONGEST_WORD: usize = 15;

/// A longer row of letters, such as `supersecretjwtkey`, is not cut into known words.
pub const LONGEST_ROW: usize = 48;

/// A longer number without a pattern is noise. In digits.
const LONGEST_NUMBER: usize = 10;

/// A text, cut into words.
#[derive(Default)]
pub struct Phrase {
    /// What the known words say.
    said: Vec<Says>,
    /// How many letters are in known words.
    pub known: usize,
    /// How many letters are in texts that may be words.
    pub unknown: usize,
    /// How many letters and digits form no word.
    pub noise: usize,
    /// True when the first word is an order.
    pub orders: bool,
    /// True when there is a number without a pattern.
    pub number: bool,
}

impl Phrase {
    /// Cuts a text at signs, between letters and digits, and before a capital letter that begins a word.
    pub fn of(text: &str) -> Self {
        let mut phrase = Self::default();
        for piece in text.replace('\'', "").split(|c: char| !c.is_alphanumeric()) {
            match KNOWN.get(piece.to_lowercase().as_str()) {
                Some(says) => phrase.know(*says, piece.len()),
                None => phrase.add(piece),
            }
        }
        phrase
    }

    /// How many words say this.
    pub fn count(&self, says: Says) -> usize {
        self.said.iter().filter(|it| **it == says).count()
    }

    /// True for a text that has only patterns.
    pub fn is_pattern(&self) -> bool {
        let patterns = self.said.iter().all(|it| *it == Says::Nothing);
        !self.said.is_empty() && patterns && !self.number && self.unknown + self.noise == 0
    }

    /// True for one word or two: `postgres`, `minioadmin`, `zion-dev`. A pattern of digits may follow:
    /// `zion123`. A text without a vowel, or with capital letters inside, is not a word.
    pub fn is_plain_word(text: &str) -> bool {
        let pieces: Vec<&str> = text
            .split(['-', '_', '.', ' '])
            .flat_map(cut)
            .filter(|it| !it.is_empty())
            .collect();
        let digits = |it: &&str| it.starts_with(|c: char| c.is_ascii_digit());
        let (words, numbers): (Vec<&str>, Vec<&str>) = match pieces.split_last() {
            Some((last, words)) if digits(last) => (words.to_vec(), vec![*last]),
            _ => (pieces, Vec::new()),
        };
        let word = |it: &&str| {
            let it = it.to_lowercase();
            KNOWN.contains_key(it.as_str()) || may_be_a_word(&it)
        };
        (1..=2).contains(&words.len())
            && words.iter().all(word)
            && numbers.iter().all(|it| is_pattern(it))
    }

    /// Counts a known word.
    fn know(&mut self, says: Says, letters: usize) {
        let first = self.said.is_empty() && self.unknown + self.noise == 0;
        self.orders |= first && says == Says::Order;
        self.said.push(says);
        self.known += letters;
    }

    /// Counts the text between two signs.
    fn add(&mut self, piece: &str) {
        let (numbers, words): (Vec<&str>, Vec<&str>) = cut(piece)
            .into_iter()
            .partition(|it| it.starts_with(|c: char| c.is_ascii_digit()));
        let before = self.noise;
        for word in words {
            self.add_word(&word.to_lowercase());
        }
        for number in numbers {
            // These letters form no word, so digits between them are noise too.
            if self.noise > before || (number.len() >= LONGEST_NUMBER && !is_pattern(number)) {
                self.noise += number.len();
            } else if is_pattern(number) {
                self.know(Says::Nothing, 0);
            } else {
                self.number = true;
            }
        }
    }

    /// Counts a row of small letters.
    fn add_word(&mut self, word: &str) {
        let letters = word.chars().count();
        let short = KNOWN.get(word).filter(|_| letters == 2);
        if let Some(says) = short {
            self.know(*says, letters);
        } else if let Some(says) = made_of_known(word) {
            for it in says {
                self.know(it, 0);
            }
            self.known += letters;
        } else if is_pattern(word) {
            let says = if word.starts_with('x') {
                Says::Placeholder
            } else {
                Says::Nothing
            };
            self.know(says, letters);
        } else if let Some((says, known)) = known_in_part(word) {
            self.know(says, known);
            self.unknown += letters - known;
        } else if may_be_a_word(word) {
            self.unknown += letters;
        } else {
            self.noise += letters;
        }
    }
}

/// Cuts between letters and digits, and before a capital letter: `myAPIKey2` is my, API, Key, 2.
pub fn cut(piece: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = piece.char_indices().collect();
    let mut cuts = vec![0];
    for it in 1..chars.len() {
        let (at, this) = chars[it];
        let last = chars[it - 1].1;
        let small_next = chars.get(it + 1).is_some_and(|it| it.1.is_lowercase());
        if this.is_ascii_digit() != last.is_ascii_digit()
            || (this.is_uppercase() && (!last.is_uppercase() || small_next))
        {
            cuts.push(at);
        }
    }
    cuts.push(piece.len());
    let parts = cuts.windows(2).map(|it| &piece[it[0]..it[1]]);
    parts.filter(|it| !it.is_empty()).collect()
}

/// When a word consists only of known words (`mysecretkey`): what they say.
fn made_of_known(word: &str) -> Option<Vec<Says>> {
    if word.len() > LONGEST_ROW {
        return None;
    }
    // For every place in the word: what the known words up to there say, if they end there.
    let mut until = vec![None; word.len() + 1];
    until[0] = Some(Vec::new());
    for end in 2..=word.len() {
        until[end] = (0..end - 1).find_map(|start| {
            let said: &Vec<Says> = until[start].as_ref()?;
            let part = word.get(start..end)?;
            // Two letters are a word only when they are alone. Otherwise `theme` would be two words.
            let says = KNOWN.get(part).filter(|_| part.len() > 2 || part == "my")?;
            Some([said.as_slice(), &[*says]].concat())
        });
    }
    until.pop().flatten()
}

/// A text that begins or ends with a known word (`yourzionkey`, `zionpassword`): what this word says,
/// and how many letters it has.
fn known_in_part(word: &str) -> Option<(Says, usize)> {
    let known = |it: Range<usize>| {
        let part = word.get(it)?;
        KNOWN.get(part).map(|says| (*says, part.len()))
    };
    // The longest first.
    let (all, longest) = (word.len(), word.len().min(LONGEST_WORD));
    let long_thing = |(says, letters): &(Says, usize)| *says == Says::Thing && *letters >= 6;
    let first = (4..=longest).rev().find_map(|it| known(0..it));
    let last = (3..=longest).rev().find_map(|it| known(all - it..all));
    match (first, last) {
        (
            Some((says @ (Says::Placeholder | Says::Perhaps | Says::Order), first)),
            Some((Says::Thing, last)),
        ) => Some((says, (first + last).min(all))),
        _ => [first, last].into_iter().flatten().find(long_thing),
    }
}

/// True for three or more characters, each equal to the one before or its neighbour: `zzz`, `abcdef`,
/// `321`, `7890123`.
pub fn is_pattern(text: &str) -> bool {
    let steps = |step: u8| {
        text.as_bytes().windows(2).all(|it| {
            let wrap = it[0].is_ascii_digit() && it[0].abs_diff(it[1]) == 9;
            it[0].wrapping_add(step) == it[1] || (step != 0 && wrap)
        })
    };
    text.len() > 2 && [0, 1, u8::MAX].into_iter().any(steps)
}

/// True for a text that may be a name or a word, in small letters.
pub fn may_be_a_word(word: &str) -> bool {
    (3..=LONGEST_WORD).contains(&word.chars().count()) && is_speech(word)
}

/// True for letters that somebody may speak: there is a vowel, and no five consonants are in a row.
pub fn is_speech(letters: &str) -> bool {
    let vowel = |c: char| "aeiouyAEIOUY".contains(c) || !c.is_ascii();
    letters.chars().all(char::is_alphabetic)
        && letters.contains(vowel)
        && letters.split(vowel).all(|it| it.len() < 5)
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary::VOCABULARY;
    use super::*;

    #[test]
    fn every_word_is_in_the_vocabulary_once() {
        let words = VOCABULARY.iter().flat_map(|(_, it)| it.split_whitespace());
        assert_eq!(KNOWN.len(), words.count());
    }

    #[test]
    fn a_text_is_cut_where_a_reader_would_cut_it() {
        assert_eq!(cut("myAPIKey2"), ["my", "API", "Key", "2"]);
        assert_eq!(cut("ZION"), ["ZION"]);
        assert_eq!(cut("é1"), ["é", "1"]);
        assert!(cut("").is_empty());
    }

    #[test]
    fn one_or_two_words_are_plain() {
        for text in [
            "documents",
            "CAFEBABE",
            "zion-dev",
            "minioadmin",
            "Trinity",
            "zion123",
        ] {
            assert!(Phrase::is_plain_word(text), "{text}");
        }
        for text in [
            "Wh1teR4bbit",
            "acorn-anvil-badge",
            "zion42",
            "wqkzxcvbnm",
            "aBcDeFgHi",
            "kessakiwonumalikopetra",
            "",
        ] {
            assert!(!Phrase::is_plain_word(text), "{text}");
        }
    }

    #[track_caller]
    fn check(text: &str, known: usize, unknown: usize, noise: usize) {
        let it = Phrase::of(text);
        assert_eq!(
            (it.known, it.unknown, it.noise),
            (known, unknown, noise),
            "{text}"
        );
    }

    #[test]
    fn letters_belong_to_known_words_or_other_words_or_noise() {
        check("your_zion-key", 7, 4, 0);
        check("mysecretkey", 11, 0, 0);
        check("zionpassword", 8, 4, 0);
        check("yourzionkey", 7, 4, 0);
        check("testzionpassword", 8, 8, 0);
        check("don't", 4, 0, 0);
        check("key-9fQ1kd7x", 3, 0, 8);
        check("key-2026", 3, 0, 0);
        check("key-4839201746", 3, 0, 10);
        check("theme", 0, 5, 0);
        check("abc123", 3, 0, 0);
        check("7890123", 0, 0, 0);
    }
}
