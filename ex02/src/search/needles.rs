//! What is looked for, and where in a text does it stand?
//!
//! All forms of all values in force, and the beginnings of well-known keys, are looked for at once,
//! at the speed of memory: by Teddy (`aho_corasick::packed`), which compares the first bytes of up
//! to 64 patterns with 16 or more places at a time, and for very many by the automaton of Aho and
//! Corasick. What only begins like a key is then looked at closely.

use std::collections::BTreeSet;
use std::io::{self, Read};

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, Match, MatchKind, Span};

use crate::search::shapes::{SHAPES, Verifier};
use crate::secret::forms::{self, Form};
use crate::secret::value::Secret;
use crate::variables::strength;

/// Values shorter than this occur by chance. In bytes.
const SHORTEST: usize = 8;

/// A file is read in pieces of this size, so that its size does not matter. In bytes.
const PIECE: usize = 4 * 1024 * 1024;

/// So much of a piece is looked at again with the next one: longer than any form. In bytes.
const OVERLAP: usize = 64 * 1024;

/// Variables whose value is a word: another one is a typing error, which many a file holds. It is never shown all the same.
const WORDS_WANTED: [&str; 2] = ["MATRIX_MODE", "LOG_LEVEL"];
/// So many bytes of values are looked for: whoever keeps more in a `.env` wants to eat the memory.
const MOST: usize = 32 * 1024;

/// Patterns of so many bytes are an automaton of at most a few MiB in its fastest form.
const FEW: usize = 16 * 1024;

/// More patterns than this are too many for the fastest engine.
const MOST_AT_ONCE: usize = 64;

/// So many passes of the fastest engine still take less time than one of the automaton.
const MOST_PASSES: usize = 8;

/// What to look for, ready to be searched.
pub struct Needles {
    /// Finds all forms and all beginnings, each of these engines some of them.
    groups: Vec<Group>,
    /// Looks closely.
    verifier: Verifier,
    /// How many values are looked for.
    pub values: usize,
    /// Values that need not be looked for, and why: `API_KEY (a placeholder)`.
    pub left_out: Vec<String>,
    /// How many values should have been looked for, and are too long or too many.
    pub unsearched: usize,
}

/// Patterns that are looked for in one pass.
struct Group {
    /// Finds them.
    engine: Engine,
    /// What each of them stands for.
    meanings: Vec<Meaning>,
}

/// What a pattern stands for.
#[derive(Clone)]
enum Meaning {
    /// A form of a value: whose.
    Value(String),
    /// The beginning of a key: index into [`SHAPES`].
    Shape(usize),
}

/// Finds the leftmost pattern, the longest where several begin.
enum Engine {
    /// Sixteen or more bytes at a time (Teddy), for up to [`MOST_AT_ONCE`] patterns.
    Packed(Searcher),
    /// One byte after the other, for any number of patterns.
    Automaton(AhoCorasick),
}

impl Engine {
    /// The fastest that these patterns allow.
    fn new(patterns: &[Form]) -> io::Result<Self> {
        let packed = packed::Config::new()
            .match_kind(packed::MatchKind::LeftmostLongest)
            .builder()
            .extend(patterns.iter().map(|it| it.as_bytes()))
            .build();
        if let Some(searcher) = packed {
            return Ok(Self::Packed(searcher));
        }
        let kind = match patterns.iter().map(|it| it.len()).sum() {
            0..=FEW => AhoCorasickKind::DFA,
            _ => AhoCorasickKind::ContiguousNFA,
        };
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(kind))
            .build(patterns.iter().map(|it| it.as_bytes()));
        let too_long = |_| io::Error::other("the values are too long to search for");
        automaton.map(Self::Automaton).map_err(too_long)
    }

    /// The first match from here on.
    fn find(&self, text: &[u8], from: usize) -> Option<Match> {
        match self {
            Self::Packed(searcher) => searcher.find_in(text, Span::from(from..text.len())),
            Self::Automaton(automaton) => automaton.find(Input::new(text).range(from..)),
        }
    }
}

impl Needles {
    /// Prepares the search for these values, each with a name, and for the known shapes.
    pub fn new(secrets: &[(String, Secret)]) -> io::Result<Self> {
        let (mut patterns, mut meanings, mut left_out) = (Vec::new(), Vec::new(), BTreeSet::new());
        let (mut values, mut bytes, mut unsearched) = (BTreeSet::new(), 0, 0);
        for (name, secret) in secrets {
            let text = secret.expose().trim();
            let why = if strength::is_placeholder(text) {
                "a placeholder"
            } else if text.len() < SHORTEST {
                "too short to search for"
            } else if strength::is_common_word(text) {
                "a common word"
            } else if WORDS_WANTED.contains(&name.as_str()) && strength::is_word(text) {
                "a word"
            } else if text.len() > OVERLAP / 8 || bytes + text.len() > MOST {
                unsearched += 1;
                continue;
            } else if !values.insert(text) {
                continue; // a weaker layer says the same
            } else {
                bytes += text.len();
                for form in forms::written(text)
                    .into_iter()
                    .filter(|it| it.len() >= SHORTEST)
                {
                    patterns.push(form);
                    meanings.push(Meaning::Value(format!("the value of {name}")));
                }
                continue;
            };
            left_out.insert(format!("{name} ({why})"));
        }
        let values = values.len();
        for (index, shape) in SHAPES.iter().enumerate() {
            patterns.push(shape.anchor.to_owned().into());
            meanings.push(Meaning::Shape(index));
        }
        let at_once = match patterns.len() <= MOST_AT_ONCE * MOST_PASSES {
            true => MOST_AT_ONCE,
            false => patterns.len(),
        };
        let groups = patterns.chunks(at_once).zip(meanings.chunks(at_once));
        let groups = groups.map(|(patterns, meanings)| {
            let (engine, meanings) = (Engine::new(patterns)?, meanings.to_vec());
            Ok(Group { engine, meanings })
        });
        Ok(Self {
            groups: groups.collect::<io::Result<_>>()?,
            verifier: Verifier::default(),
            values,
            left_out: left_out.into_iter().collect(),
            unsearched,
        })
    }

    /// Calls `hit` with the position and meaning of everything found, in the order of the text
    /// for each group of patterns.
    pub fn search(&self, text: &[u8], mut hit: impl FnMut(usize, &str)) {
        for Group { engine, meanings } in &self.groups {
            let mut from = 0;
            while let Some(found) = engine.find(text, from) {
                match &meanings[found.pattern().as_usize()] {
                    Meaning::Value(what) => {
                        hit(found.start(), what);
                        from = found.end();
                    }
                    Meaning::Shape(shape) => {
                        if self.verifier.confirms(*shape, text, found.start()) {
                            hit(found.start(), SHAPES[*shape].name);
                        }
                        // A value may begin inside what only began like a key.
                        from = found.start() + 1;
                    }
                }
            }
        }
    }

    /// Searches a stream in pieces; gives back how many bytes it had.
    pub fn search_stream(
        &self,
        mut stream: impl Read,
        buffer: &mut Vec<u8>,
        mut hit: impl FnMut(usize, &str),
    ) -> io::Result<u64> {
        buffer.clear();
        let (mut total, mut lines_before) = (0, 0);
        loop {
            let kept = buffer.len();
            let read = stream.by_ref().take(PIECE as u64).read_to_end(buffer)?;
            total += read as u64;
            // Lines are counted from hit to hit, and not at all where there is none.
            let (mut line, mut counted) = (lines_before + 1, 0);
            self.search(buffer, |at, what| {
                if at < counted {
                    (line, counted) = (lines_before + 1, 0); // another group of patterns
                }
                line += newlines(&buffer[counted..at]);
                counted = at;
                hit(line, what);
            });
            if read < PIECE {
                return Ok(total);
            }
            let done = (kept + read).saturating_sub(OVERLAP);
            lines_before += newlines(&buffer[..done]);
            buffer.drain(..done);
        }
    }
}

/// How many line ends there are.
fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value to look for; no key is written in this file.
    const VALUE: &str = "Wh1te/R4bbit+Hole";

    fn needles() -> Needles {
        let secrets = [
            ("API_KEY".to_owned(), Secret::new(VALUE)),
            ("API_KEY".to_owned(), Secret::new(VALUE)),
            ("API_KEY".to_owned(), Secret::new("R3d-Pill-0f-Morpheus")),
            ("DATABASE_URL".to_owned(), Secret::new("change-me-please")),
            ("ZION_ENDPOINT".to_owned(), Secret::new("short")),
        ];
        Needles::new(&secrets).unwrap()
    }

    #[track_caller]
    fn check(text: &[u8], expected: &[(usize, &str)]) {
        let mut seen = Vec::new();
        needles()
            .search_stream(text, &mut Vec::new(), |line, what| {
                seen.push((line, what.to_owned()));
            })
            .unwrap();
        let expected: Vec<(usize, String)> = expected
            .iter()
            .map(|(line, what)| (*line, (*what).to_owned()))
            .collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_value_is_found_in_every_written_form_with_its_line() {
        use base64::Engine;
        let what = "the value of API_KEY";
        check(format!("\n\nkey = {VALUE}\n").as_bytes(), &[(3, what)]);
        check(b"\nWh1te%2FR4bbit%2BHole", &[(2, what)]);
        let header = base64::engine::general_purpose::STANDARD.encode(format!("neo:{VALUE}"));
        check(header.as_bytes(), &[(1, what)]);
        check(
            format!("\u{0}\u{1}{VALUE}\n{VALUE}").as_bytes(),
            &[(1, what), (2, what)],
        );
        check(b"Wh1te/R4bbit+Hol", &[]);
    }

    #[test]
    fn a_value_behind_a_false_beginning_is_found() {
        check(
            format!("sk-://{VALUE}").as_bytes(),
            &[(1, "the value of API_KEY")],
        );
    }

    #[test]
    fn a_value_on_the_edge_of_two_pieces_is_found_once_per_line() {
        let mut text = vec![b'\n'; PIECE - 5];
        text.extend(VALUE.as_bytes());
        text.extend(vec![b'x'; PIECE]);
        check(&text, &[(PIECE - 4, "the value of API_KEY")]);
    }

    #[test]
    fn values_of_every_group_of_patterns_are_found_with_their_lines() {
        let value = |it| format!("Wh1te/R4bbit+Hole{it:02}");
        let secrets: Vec<_> = (0..20)
            .map(|it| (it.to_string(), Secret::new(value(it))))
            .collect();
        let needles = Needles::new(&secrets).unwrap();
        assert!(needles.groups.len() > 1 && needles.groups.len() <= MOST_PASSES);
        let text: String = (0..20).map(|it| value(it) + "\n").collect();
        let mut seen = Vec::new();
        let found = |line, what: &str| seen.push((line, what.to_owned()));
        let bytes = needles.search_stream(text.as_bytes(), &mut Vec::new(), found);
        assert_eq!(bytes.unwrap(), text.len() as u64);
        let expected = (0..20).map(|it| (it + 1, format!("the value of {it}")));
        assert_eq!(seen, expected.collect::<Vec<_>>());
    }

    #[test]
    fn thousands_of_values_are_counted_and_do_not_eat_the_memory() {
        let value = |it| Secret::new(format!("{it:06}Wh1te/R4bbit+Hole-{it:08x}"));
        let secrets: Vec<_> = (0..5000).map(|it| (it.to_string(), value(it))).collect();
        let needles = Needles::new(&secrets).unwrap();
        assert_eq!((needles.values, needles.unsearched), (1024, 3976));
        let mut hits = 0;
        needles.search(value(7).expose().as_bytes(), |_, _| hits += 1);
        assert_eq!(hits, 1);
        let long = [("API_KEY".to_owned(), Secret::new(VALUE.repeat(1000)))];
        assert_eq!(Needles::new(&long).unwrap().unsearched, 1);
    }

    #[test]
    fn what_is_not_searched_for_is_said() {
        assert_eq!(needles().values, 2);
        let left_out = needles().left_out;
        assert_eq!(
            left_out,
            [
                "DATABASE_URL (a placeholder)",
                "ZION_ENDPOINT (too short to search for)"
            ]
        );
        let of = |name: &str, text: &str| {
            let needles = Needles::new(&[(name.to_owned(), Secret::new(text))]).unwrap();
            (needles.values, needles.left_out)
        };
        let word = (0, vec!["LOG_LEVEL (a word)".to_owned()]);
        assert_eq!(of("LOG_LEVEL", "information"), word);
        for (name, text) in [
            ("LOG_LEVEL", "51HxQzT9bWmK"),
            ("LOG_LEVEL", "HxQzTbWmKpLsVnRd"),
            ("DATABASE_URL", "information"),
        ] {
            assert_eq!(of(name, text), (1, Vec::new()), "{name}");
        }
    }
}
