//! How are many patterns found in a text at once?

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, Match, MatchKind, Span};
use secrecy::zeroize::Zeroizing;

/// Up to this many bytes of patterns, the fastest automaton takes a few MiB at most.
const FEW: usize = 16 * 1024;

/// The fastest engine takes up to this many patterns.
pub const MOST_AT_ONCE: usize = 64;

/// A form of a value, or a part of an anchor. It need not be text, and is overwritten before it is freed.
pub type Pattern = Zeroizing<Vec<u8>>;

/// Finds the leftmost pattern. When several begin at one place, it finds the longest.
pub enum Engine {
    /// Teddy: 16 or more bytes at a time, for up to [`MOST_AT_ONCE`] patterns.
    Packed(Searcher),
    /// Aho-Corasick: byte by byte, for any number of patterns.
    Automaton(AhoCorasick),
}

impl Engine {
    /// The fastest engine for these patterns.
    #[expect(
        clippy::expect_used,
        reason = "the automaton refuses only patterns of gigabytes, and no value is so long"
    )]
    pub fn new<'a>(patterns: impl Iterator<Item = &'a Pattern> + Clone) -> Self {
        let packed = packed::Config::new()
            .match_kind(packed::MatchKind::LeftmostLongest)
            .builder()
            .extend(patterns.clone().map(|it| it.as_slice()))
            .build();
        if let Some(searcher) = packed {
            return Self::Packed(searcher);
        }
        let kind = match patterns.clone().map(|it| it.len()).sum() {
            0..=FEW => AhoCorasickKind::DFA,
            _ => AhoCorasickKind::ContiguousNFA,
        };
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(kind))
            .build(patterns.map(|it| it.as_slice()));
        Self::Automaton(automaton.expect("short patterns"))
    }

    /// The first match from here on.
    pub fn find(&self, text: &[u8], from: usize) -> Option<Match> {
        match self {
            Self::Packed(searcher) => searcher.find_in(text, Span::from(from..text.len())),
            Self::Automaton(automaton) => automaton.find(Input::new(text).range(from..)),
        }
    }
}
