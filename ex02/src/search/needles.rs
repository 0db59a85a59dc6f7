//! What is looked for, and where in a text does it stand?
//!
//! All forms of all values in force, and the beginnings of well-known keys, are looked for at once,
//! at the speed of memory: by Teddy (`aho_corasick::packed`), which compares the first bytes of up
//! to 64 patterns with 16 or more places at a time, and for very many by the automaton of Aho and
//! Corasick. What only begins like a key is then looked at closely.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::ops::Range;

use super::engine::{Engine, MOST_AT_ONCE};
use super::shapes::{REACH, SHAPES, Verifier};
use crate::config::Owner;
use crate::secret::{Secret, written};
use crate::variables::{LOG_LEVEL, MATRIX_MODE, is_common_word, is_placeholder, is_word};

/// Values shorter than this occur by chance. In bytes.
const SHORTEST: usize = 8;

/// A file is read in pieces of this size, so that its size does not matter. In bytes.
const PIECE: usize = 4 * 1024 * 1024;

/// So much of a piece is looked at again with the next one: longer than any form. In bytes.
const OVERLAP: usize = 64 * 1024;

/// So many bytes of values are looked for: whoever keeps more in a `.env` wants to eat the memory.
const MOST: usize = 32 * 1024;

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
    /// Whose values are looked for.
    owners: Vec<Owner>,
    /// Values that need not be looked for, and why.
    pub left_out: Vec<(Owner, LeftOut)>,
    /// How many values should have been looked for, and are too long or too many.
    pub unsearched: usize,
}

/// Something that is looked for: whose value it is, or which shape it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needle {
    /// A value: index of its owner.
    Value(usize),
    /// A key: index into [`SHAPES`].
    Shape(usize),
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The value of this one.
    Value(Owner),
    /// `a token of GitHub`
    Shape(&'static str),
}

/// Why a value is not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// It is a placeholder.
    Placeholder,
    /// It occurs by chance.
    TooShort,
    /// It stands in every source tree.
    CommonWord,
    /// It is a word where a word is wanted: a typing error, which many a file holds. It is never shown
    /// all the same.
    Word,
}

/// Patterns that are looked for in one pass.
struct Group {
    /// Finds them.
    engine: Engine,
    /// What each of them stands for.
    meanings: Vec<Needle>,
}

impl Needles {
    /// Prepares the search for these values, each with its owner, and for the known shapes.
    pub fn new(secrets: &[(Owner, Secret)]) -> io::Result<Self> {
        let (mut patterns, mut meanings, mut left_out) = (Vec::new(), Vec::new(), BTreeSet::new());
        let (mut values, mut bytes, mut unsearched) = (BTreeSet::new(), 0, 0);
        let mut owners: Vec<Owner> = Vec::new();
        for (owner, secret) in secrets {
            let text = secret.expose().trim();
            if let Some(why) = why_not(owner, text) {
                left_out.insert((owner.clone(), why));
            } else if text.len() > OVERLAP / 8 || bytes + text.len() > MOST {
                unsearched += 1;
            } else if values.insert(text) {
                bytes += text.len();
                let known = owners.iter().position(|it| it == owner);
                let index = known.unwrap_or(owners.len());
                if known.is_none() {
                    owners.push(owner.clone());
                }
                for form in written(text).into_iter().filter(|it| it.len() >= SHORTEST) {
                    patterns.push(form);
                    meanings.push(Needle::Value(index));
                }
            } // else a weaker layer says the same
        }
        for (index, shape) in SHAPES.iter().enumerate() {
            patterns.push(shape.anchor.to_owned().into());
            meanings.push(Needle::Shape(index));
        }
        let few = patterns.len() <= MOST_AT_ONCE * MOST_PASSES;
        let at_once = if few { MOST_AT_ONCE } else { patterns.len() };
        let groups = patterns.chunks(at_once).zip(meanings.chunks(at_once));
        let groups = groups.map(|(patterns, meanings)| {
            let (engine, meanings) = (Engine::new(patterns)?, meanings.to_vec());
            Ok(Group { engine, meanings })
        });
        Ok(Self {
            groups: groups.collect::<io::Result<_>>()?,
            verifier: Verifier::default(),
            values: values.len(),
            owners,
            left_out: left_out.into_iter().collect(),
            unsearched,
        })
    }

    /// What a needle stands for.
    pub fn what(&self, needle: Needle) -> Option<What> {
        match needle {
            Needle::Value(owner) => self.owners.get(owner).cloned().map(What::Value),
            Needle::Shape(shape) => SHAPES.get(shape).map(|it| What::Shape(it.name)),
        }
    }

    /// Calls `hit` with the position and meaning of everything that begins in this part of a text, in
    /// order for each group of patterns.
    fn search(&self, text: &[u8], part: Range<usize>, mut hit: impl FnMut(usize, Needle)) {
        for Group { engine, meanings } in &self.groups {
            let mut from = part.start;
            while let Some(found) = engine.find(text, from)
                && found.start() < part.end
            {
                let at = found.start();
                match meanings[found.pattern().as_usize()] {
                    needle @ Needle::Value(_) => {
                        hit(at, needle);
                        from = found.end();
                    }
                    Needle::Shape(shape) => {
                        if self.verifier.confirms(shape, text, at) {
                            hit(at, Needle::Shape(first_of_its_name(shape)));
                        }
                        // A value may begin inside what only began like a key.
                        from = at + 1;
                    }
                }
            }
        }
    }

    /// Searches a stream in pieces; gives back how many bytes it had. Calls `hit` in the order of the
    /// lines, with a line and what stands there, and with the same only once.
    pub fn search_stream(
        &self,
        mut stream: impl Read,
        buffer: &mut Vec<u8>,
        mut hit: impl FnMut(usize, Needle),
    ) -> io::Result<u64> {
        buffer.clear();
        let (mut total, mut lines_before, mut from) = (0, 0, 0);
        // What was found, and on which line: in this piece, and on the last line before.
        let (mut found, mut told) = (Vec::new(), Vec::new());
        loop {
            let read = stream.by_ref().take(PIECE as u64).read_to_end(buffer)?;
            total += read as u64;
            let until = if read < PIECE {
                buffer.len()
            } else {
                buffer.len().saturating_sub(OVERLAP)
            };
            // Lines are counted from hit to hit, and not at all where there is none.
            let (mut line, mut counted) = (lines_before + 1, 0);
            self.search(buffer, from..until, |at, what| {
                if at < counted {
                    (line, counted) = (lines_before + 1, 0); // another group of patterns
                }
                line += newlines(&buffer[counted..at]);
                counted = at;
                if found.last() != Some(&(line, what)) {
                    found.push((line, what));
                }
            });
            found.sort_unstable();
            found.dedup();
            found.retain(|it| !told.contains(it));
            for (line, what) in &found {
                hit(*line, *what);
            }
            if let Some((last, _)) = found.last().copied() {
                told.retain(|(line, _)| *line == last);
                told.extend(found.drain(..).filter(|(line, _)| *line == last));
            }
            if read < PIECE {
                return Ok(total);
            }
            // What stands before a hit is looked at too.
            let done = until.saturating_sub(REACH);
            from = until - done;
            lines_before += newlines(&buffer[..done]);
            buffer.drain(..done);
        }
    }
}

/// Why this value need not be looked for.
fn why_not(owner: &Owner, text: &str) -> Option<LeftOut> {
    let word_wanted = [MATRIX_MODE, LOG_LEVEL].map(|it| Owner::Variable(it.name));
    if is_placeholder(text) {
        Some(LeftOut::Placeholder)
    } else if text.len() < SHORTEST {
        Some(LeftOut::TooShort)
    } else if is_common_word(text) {
        Some(LeftOut::CommonWord)
    } else if word_wanted.contains(owner) && is_word(text) {
        Some(LeftOut::Word)
    } else {
        None
    }
}

/// Several rows may speak of the same kind of key; a place that holds one counts once.
fn first_of_its_name(shape: usize) -> usize {
    let same = |it: &super::shapes::Shape| it.name == SHAPES[shape].name;
    SHAPES.iter().position(same).unwrap_or(shape)
}

/// How many line ends there are.
fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Place;

    /// A value to look for; no key is written in this file.
    const VALUE: &str = "Wh1te/R4bbit+Hole";

    /// Some entry as an owner.
    fn entry(line: usize) -> Owner {
        Owner::Entry(Place {
            file: ".env".into(),
            line: Some(line),
        })
    }

    /// One of the five as an owner.
    fn owner(name: &'static str) -> Owner {
        Owner::Variable(name)
    }

    fn needles() -> Needles {
        let secrets = [
            (owner("API_KEY"), Secret::new(VALUE)),
            (owner("API_KEY"), Secret::new(VALUE)),
            (owner("API_KEY"), Secret::new("R3d-Pill-0f-Morpheus")),
            (owner("DATABASE_URL"), Secret::new("change-me-please")),
            (owner("ZION_ENDPOINT"), Secret::new("short")),
        ];
        Needles::new(&secrets).unwrap()
    }

    /// These lines hold the value of `API_KEY`, and nothing else does.
    #[track_caller]
    fn check(text: &[u8], expected: &[usize]) {
        check_all(text, &What::Value(owner("API_KEY")), expected);
    }

    /// These lines hold this, and nothing else does.
    #[track_caller]
    fn check_all(text: &[u8], what: &What, expected: &[usize]) {
        let (needles, mut seen) = (needles(), Vec::new());
        let found = |line, needle| seen.push((line, needles.what(needle).unwrap()));
        needles.search_stream(text, &mut Vec::new(), found).unwrap();
        let expected: Vec<_> = expected.iter().map(|line| (*line, what.clone())).collect();
        // There may be too many to be shown.
        let different = seen.iter().zip(&expected).find(|(it, other)| it != other);
        assert_eq!((different, seen.len()), (None, expected.len()));
    }

    #[test]
    fn a_value_is_found_in_every_written_form_with_its_line() {
        use base64::Engine;
        check(format!("\n\nkey = {VALUE}\n").as_bytes(), &[3]);
        check(b"\nWh1te%2FR4bbit%2BHole", &[2]);
        let header = base64::engine::general_purpose::STANDARD.encode(format!("neo:{VALUE}"));
        check(header.as_bytes(), &[1]);
        check(format!("\u{0}\u{1}{VALUE}\n{VALUE}").as_bytes(), &[1, 2]);
        check(b"Wh1te/R4bbit+Hol", &[]);
    }

    #[test]
    fn a_value_behind_a_false_beginning_is_found() {
        check(format!("sk-://{VALUE}").as_bytes(), &[1]);
    }

    #[test]
    fn a_value_on_the_edge_of_two_pieces_is_found_once_per_line() {
        let mut text = vec![b'\n'; PIECE - 5];
        text.extend(VALUE.as_bytes());
        text.extend(vec![b'x'; PIECE]);
        check(&text, &[PIECE - 4]);
    }

    #[test]
    fn the_same_on_the_same_line_is_found_once_whatever_the_piece() {
        check(format!("{VALUE} {VALUE}\n{VALUE}").as_bytes(), &[1, 2]);
        // One line of several pieces, full of matches; then one of few.
        let mut text = format!("{VALUE} ").repeat(2 * PIECE / VALUE.len());
        text.push('\n');
        text.push_str(VALUE);
        check(text.as_bytes(), &[1, 2]);
        // A URL on every edge keeps what stands before its anchor.
        let url = ["a://neo:Tr1n", "ty$k9@d\n"].concat();
        let text = url.repeat(PIECE / url.len() * 2 + 1);
        let lines: Vec<usize> = (1..=text.lines().count()).collect();
        check_all(text.as_bytes(), &What::Shape("a password in a URL"), &lines);
    }

    #[test]
    fn values_of_every_group_of_patterns_are_found_with_their_lines() {
        let value = |it| format!("Wh1te/R4bbit+Hole{it:02}");
        let secrets: Vec<_> = (0..20)
            .map(|it| (entry(it), Secret::new(value(it))))
            .collect();
        let needles = Needles::new(&secrets).unwrap();
        assert!(needles.groups.len() > 1 && needles.groups.len() <= MOST_PASSES);
        let text: String = (0..20).map(|it| value(it) + "\n").collect();
        let mut seen = Vec::new();
        let found = |line, needle| seen.push((line, needles.what(needle).unwrap()));
        let bytes = needles.search_stream(text.as_bytes(), &mut Vec::new(), found);
        assert_eq!(bytes.unwrap(), text.len() as u64);
        let expected = (0..20).map(|it| (it + 1, What::Value(entry(it))));
        assert_eq!(seen, expected.collect::<Vec<_>>());
    }

    #[test]
    fn thousands_of_values_are_counted_and_do_not_eat_the_memory() {
        let value = |it| Secret::new(format!("{it:06}Wh1te/R4bbit+Hole-{it:08x}"));
        let secrets: Vec<_> = (0..5000).map(|it| (entry(it), value(it))).collect();
        let needles = Needles::new(&secrets).unwrap();
        assert_eq!((needles.values, needles.unsearched), (1024, 3976));
        let mut hits = 0;
        let text = value(7);
        let text = text.expose().as_bytes();
        needles.search(text, 0..text.len(), |_, _| hits += 1);
        assert_eq!(hits, 1);
        let long = [(owner("API_KEY"), Secret::new(VALUE.repeat(1000)))];
        assert_eq!(Needles::new(&long).unwrap().unsearched, 1);
    }

    #[test]
    fn what_is_not_searched_for_is_said() {
        assert_eq!(needles().values, 2);
        assert_eq!(
            needles().left_out,
            [
                (owner("DATABASE_URL"), LeftOut::Placeholder),
                (owner("ZION_ENDPOINT"), LeftOut::TooShort)
            ]
        );
        let of = |name, text: &str| {
            let needles = Needles::new(&[(owner(name), Secret::new(text))]).unwrap();
            (needles.values, needles.left_out)
        };
        let word = (0, vec![(owner("LOG_LEVEL"), LeftOut::Word)]);
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
