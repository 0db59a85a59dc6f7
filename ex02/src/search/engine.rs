//! What finds many patterns in a text at once?

use std::io;

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, Match, MatchKind, Span};

use crate::secret::Form;

/// Patterns of so many bytes are an automaton of at most a few MiB in its fastest form.
const FEW: usize = 16 * 1024;

/// More patterns than this are too many for the fastest engine.
pub const MOST_AT_ONCE: usize = 64;

/// Finds the leftmost pattern, the longest where several begin.
pub enum Engine {
    /// Sixteen or more bytes at a time (Teddy), for up to [`MOST_AT_ONCE`] patterns.
    Packed(Searcher),
    /// One byte after the other, for any number of patterns.
    Automaton(AhoCorasick),
}

impl Engine {
    /// The fastest that these patterns allow.
    pub fn new<'a>(patterns: impl Iterator<Item = &'a Form> + Clone) -> io::Result<Self> {
        let packed = packed::Config::new()
            .match_kind(packed::MatchKind::LeftmostLongest)
            .builder()
            .extend(patterns.clone().map(|it| it.as_bytes()))
            .build();
        if let Some(searcher) = packed {
            return Ok(Self::Packed(searcher));
        }
        let kind = match patterns.clone().map(|it| it.len()).sum() {
            0..=FEW => AhoCorasickKind::DFA,
            _ => AhoCorasickKind::ContiguousNFA,
        };
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(kind))
            .build(patterns.map(|it| it.as_bytes()));
        let too_long = |_| io::Error::other("the values are too long to search for");
        automaton.map(Self::Automaton).map_err(too_long)
    }

    /// The first match from here on.
    pub fn find(&self, text: &[u8], from: usize) -> Option<Match> {
        match self {
            Self::Packed(searcher) => searcher.find_in(text, Span::from(from..text.len())),
            Self::Automaton(automaton) => automaton.find(Input::new(text).range(from..)),
        }
    }
}
