//! Is there a piece of a secret in a text from outside?
//!
//! [`Gate`] finds what must be masked in a sentence before it is printed. Only text from outside is masked:
//! our own words are literals, and no `.env` can change them.

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::forms::{self, Form};
use super::value::Secret;
use crate::words::Mask;

/// How many bytes of a secret in a row count as a leak.
const PIECE: usize = 8;

/// Up to this many bytes, the gate knows secrets in every form, the short ones first. After that, it knows them
/// only as they are written. That happens when a whole file consists of broken lines.
const MOST_ENCODED: usize = 64 * 1024;

/// Shorter secrets are too common as text to be masked: `a`, `42`, `dev`.
const SHORTEST_WORD: usize = 4;

/// Recognises a piece of a secret by keyed hashes. It does not keep the secrets.
pub struct Gate {
    /// The key of the hashes. It is new in every run.
    hasher: RandomState,
    /// The hash of every [`PIECE`] bytes in a row, in every form of every secret.
    pieces: HashSet<u64>,
    /// The hashes of secrets shorter than a piece. They are masked where they are a whole word.
    words: HashSet<u64>,
}

impl Gate {
    /// A gate that knows these secrets.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut gate = Self {
            hasher: RandomState::new(),
            pieces: HashSet::new(),
            words: HashSet::new(),
        };
        let mut encoded = 0;
        let secrets = secrets.into_iter().map(|it| it.expose().trim());
        let secrets: BTreeSet<(usize, &str)> = secrets.map(|it| (it.len(), it)).collect();
        for (_, text) in secrets {
            if text.len() >= PIECE {
                encoded += text.len();
                let forms = if encoded <= MOST_ENCODED {
                    forms::printed(text)
                } else {
                    vec![Form::new(text.to_owned())]
                };
                for form in forms {
                    for piece in form.as_bytes().windows(PIECE) {
                        gate.pieces.insert(gate.hash(piece));
                    }
                }
            } else if text.len() >= SHORTEST_WORD {
                gate.words.insert(gate.hasher.hash_one(text));
            }
        }
        gate
    }

    /// A hash that is the same for capital and small letters, because a host is shown in small letters.
    fn hash(&self, piece: &[u8]) -> u64 {
        let mut small = [0; PIECE];
        small.copy_from_slice(piece);
        small.make_ascii_lowercase();
        self.hasher.hash_one(small)
    }

    /// The places where pieces of secrets begin.
    fn leaks(&self, text: &str) -> impl Iterator<Item = usize> {
        let text = if self.pieces.is_empty() { "" } else { text };
        let pieces = text.as_bytes().windows(PIECE);
        pieces
            .enumerate()
            .filter(|(_, piece)| self.pieces.contains(&self.hash(piece)))
            .map(|(at, _)| at)
    }

    /// The short secrets without a letter or digit on either side.
    fn words(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let text = if self.words.is_empty() { "" } else { text };
        let ends = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        let begins = text.char_indices().map(|(at, _)| at);
        let begins = begins.filter(move |at| ends(text[..*at].chars().next_back()));
        let words = begins.flat_map(|at| (SHORTEST_WORD..PIECE).map(move |it| at..at + it));
        words.filter(move |it| {
            let word = text.get(it.clone()).map(|word| self.hasher.hash_one(word));
            let is_secret = word.is_some_and(|word| self.words.contains(&word));
            is_secret && ends(text[it.end..].chars().next())
        })
    }
}

impl Mask for Gate {
    fn secret(&self, text: &str) -> Vec<Range<usize>> {
        let pieces = self.leaks(text).map(|at| at..at + PIECE);
        pieces.chain(self.words(text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Outside, Words};

    #[track_caller]
    fn check(secret: &str, outside: &str, expected: &str) {
        let gate = Gate::new([&Secret::new(secret)]);
        let words = Words::from(Outside::from(outside));
        assert_eq!(words.printed(&gate), expected);
    }

    #[test]
    fn a_piece_of_a_secret_in_a_path_is_masked() {
        let secret = "Tr1nity-kisses-Neo";
        check(secret, "/keys/Tr1nity-kisses-Neo.txt", "/keys/***.txt");
        check(secret, "/keys/nity-kisses", "/keys/***");
        check(secret, "/keys/Tr1nity", "/keys/Tr1nity");
        check(secret, "oeN-sessik-ytin1rT", "***");
        check(secret, "/keys/TR1NITY-kisses", "/keys/***");
        check("naïve-café", "x/naïve-café/y", "x/***/y");
    }

    #[test]
    fn no_large_secret_takes_the_place_of_a_small_one() {
        let large = Secret::new("Tr1nity7".repeat(MOST_ENCODED / 8));
        let small = Secret::new("naïve-café");
        for secrets in [[&large, &small], [&small, &large]] {
            let words = Words::from(Outside::from("a/éfac-evïan/x"));
            assert_eq!(words.printed(&Gate::new(secrets)), "a/***/x");
        }
    }

    #[test]
    fn a_short_secret_is_masked_where_it_stands_alone() {
        check("matrix", "host/matrix", "host/***");
        check("matrix", "host/matrix_env", "host/***_env");
        check("matrix", "host/matrixes", "host/matrixes");
        check("ab", "a/ab/b", "a/ab/b");
        check("café", "über/café;écafé", "über/***;écafé");
        check("-$a-", "x-$a-y -$a-", "x-$a-y ***");
        check("a/b.c", "(a/b.c)a/b.cd", "(***)a/b.cd");
    }
}
