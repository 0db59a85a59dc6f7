//! What does the search look for, and where in a text is it?
//!
//! It looks for all forms of all values in force and for the beginnings of well-known keys at once, at
//! the speed of memory. Teddy (`aho_corasick::packed`) compares the first bytes of up to 64 patterns at
//! 16 or more places at a time. For very many patterns, the automaton of Aho and Corasick does it. Then
//! each text that begins like a key is looked at closely.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::ops::Range;

use super::allowed::Allowed;
use super::buffer::{Buffer, PIECE};
use super::closely::{NONE_REJECTED, REACH, confirmed_shape};
use super::engine::Pattern;
use super::groups::{Group, Meaning, groups_of, key_patterns};
use super::one_each::{Finding, one_each};
use super::shape::Look;
use super::shapes::SHAPES;
use crate::config::{Owner, SHORTEST};
use crate::secret::{Secret, in_utf16, written};

/// How much of a piece is searched again with the next one. It is longer than any form. In bytes.
const OVERLAP: usize = 64 * 1024;

/// How many bytes of values the search takes. A larger `.env` is an attack on the memory.
const MOST: usize = 32 * 1024;

/// What to look for, prepared for the search.
pub struct Needles {
    /// Together, these engines find all forms and all parts of anchors.
    pub groups: Vec<Group>,
    /// How many values the search looks for.
    pub values: usize,
    /// The owners of these values.
    owners: Vec<Owner>,
    /// How many values the search leaves out because they are too long or too many.
    pub unsearched: usize,
}

/// The result of searching a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streamed {
    /// How many bytes it had.
    pub bytes: u64,
    /// How many places looked like secrets and had an allow mark.
    pub allowed: usize,
}

/// Something that the search looks for: a value or a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needle {
    /// A value. With the index of its owner.
    Value(usize),
    /// A key. With its index in [`SHAPES`].
    Shape(usize),
}

impl Needle {
    /// False for a text that only looks strong, in a file for examples.
    pub fn counts(self, among_examples: bool) -> bool {
        let weak = |shape: usize| matches!(SHAPES[shape].look, Look::Assignment);
        !(among_examples && matches!(self, Self::Shape(shape) if weak(shape)))
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The value of this owner.
    Value(Owner),
    /// A shape in words (`a token of GitHub`), and the name of its rule (`github-pat`).
    Shape(&'static str, &'static str),
}

impl Needles {
    /// Prepares the search for these values, each with its owner, and for the known shapes.
    pub fn new(secrets: &[(Owner, Secret)]) -> Self {
        let (mut patterns, mut values) = (Vec::new(), BTreeSet::new());
        let (mut bytes, mut unsearched) = (0, 0);
        let mut owners: Vec<Owner> = Vec::new();
        for (owner, secret) in secrets {
            let text = secret.expose().trim();
            if text.len() > OVERLAP / 8 || bytes + text.len() > MOST {
                unsearched += 1;
            } else if values.insert(text) {
                bytes += text.len();
                let known = owners.iter().position(|it| it == owner);
                let index = known.unwrap_or(owners.len());
                if known.is_none() {
                    owners.push(owner.clone());
                }
                let forms = written(text).into_iter().filter(|it| it.len() >= SHORTEST);
                let forms = forms.map(|it| Pattern::new(it.as_bytes().to_vec()));
                let forms = forms.chain(in_utf16(text));
                patterns.extend(forms.map(|it| (it, Meaning::Value(index))));
            } // else a weaker layer has the same value
        }
        patterns.extend(key_patterns());
        Self {
            groups: groups_of(patterns),
            values: values.len(),
            owners,
            unsearched,
        }
    }

    /// What a needle means.
    pub fn what(&self, needle: Needle) -> What {
        match needle {
            Needle::Value(owner) => What::Value(self.owners[owner].clone()),
            Needle::Shape(shape) => What::Shape(SHAPES[shape].name, SHAPES[shape].rule),
        }
    }

    /// Everything that begins in this part of a text. The order is kept within each group of patterns.
    fn search(&self, text: &[u8], part: Range<usize>, seen: &mut Vec<Finding>) {
        let mut rejected = NONE_REJECTED;
        for Group { engine, meanings } in &self.groups {
            let mut from = part.start;
            while let Some(found) = engine.find(text, from)
                && found.start() < part.end
            {
                match meanings[found.pattern().as_usize()] {
                    Meaning::Value(owner) => {
                        let range = found.range();
                        from = range.end;
                        let (at, needle) = (range.start, Needle::Value(owner));
                        seen.push(Finding { at, range, needle });
                    }
                    Meaning::Part(part) => {
                        let at = found.start();
                        seen.extend(confirmed_shape(part, text, at, &mut rejected));
                        // A value may begin inside a text that only began like a key.
                        from = found.start() + 1;
                    }
                }
            }
        }
    }

    /// Searches a stream in pieces. Calls `hit` in the order of the lines, with a line and what is there.
    /// Never calls it twice with the same.
    pub fn search_stream(
        &self,
        mut stream: impl Read,
        buffer: &mut Buffer,
        mut hit: impl FnMut(usize, Needle),
    ) -> io::Result<Streamed> {
        buffer.clear();
        let (mut streamed, mut lines_before, mut from) = (Streamed::default(), 0, 0);
        // The findings and their lines, in this piece and on the last line before it.
        let (mut seen, mut found, mut told) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            let read = buffer.fill(&mut stream, OVERLAP + REACH)?;
            streamed.bytes += read as u64;
            let text = buffer.text();
            let until = if read < PIECE {
                text.len()
            } else {
                text.len().saturating_sub(OVERLAP)
            };
            // A later beginning may overlap with this one.
            self.search(text, from..until + REACH, &mut seen);
            one_each(&mut seen);
            seen.retain(|it| (from..until).contains(&it.at));
            seen.sort_unstable_by_key(|it| it.at);
            // Lines are counted from hit to hit. Without a hit, they are not counted.
            let (mut line, mut counted, mut allowed) = (lines_before + 1, 0, Allowed::default());
            for Finding { at, needle, .. } in seen.drain(..) {
                line += newlines(&text[counted..at]);
                counted = at;
                let is_shape = matches!(needle, Needle::Shape(_));
                let passed_over = is_shape && allowed.at(text, at);
                found.push((line, needle, passed_over));
            }
            found.sort_unstable();
            found.dedup();
            found.retain(|it| !told.contains(it));
            for (line, what, passed_over) in &found {
                if *passed_over {
                    streamed.allowed += 1;
                } else {
                    hit(*line, *what);
                }
            }
            if let Some((last, ..)) = found.last().copied() {
                told.retain(|(line, ..)| *line == last);
                told.extend(found.drain(..).filter(|(line, ..)| *line == last));
            }
            if read < PIECE {
                return Ok(streamed);
            }
            // The text before a hit is looked at too.
            let done = until.saturating_sub(REACH);
            from = until - done;
            lines_before += newlines(&text[..done]);
            buffer.drop_until(done);
        }
    }
}

/// The number of line ends.
fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

#[cfg(test)]
mod tests {
    use super::super::groups::MOST_PASSES;
    use super::*;
    use crate::words::Place;

    /// A value to look for. No whole key is written in this file.
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
        ];
        Needles::new(&secrets)
    }

    /// Exactly these lines have the value of `API_KEY` in them.
    #[track_caller]
    fn check(text: &[u8], expected: &[usize]) {
        check_all(text, &What::Value(owner("API_KEY")), expected);
    }

    /// Exactly these lines have this finding.
    #[track_caller]
    fn check_all(text: &[u8], what: &What, expected: &[usize]) {
        let (needles, mut seen) = (needles(), Vec::new());
        let found = |line, needle| seen.push((line, needles.what(needle)));
        needles
            .search_stream(text, &mut Buffer::default(), found)
            .unwrap();
        let expected: Vec<_> = expected.iter().map(|line| (*line, what.clone())).collect();
        // There may be too many to show.
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
    fn a_value_after_a_false_beginning_is_found() {
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
    fn a_line_reports_the_same_finding_once_for_any_size_of_piece() {
        check(format!("{VALUE} {VALUE}\n{VALUE}").as_bytes(), &[1, 2]);
        // One line of several pieces, full of matches; then one of few.
        let mut text = format!("{VALUE} ").repeat(2 * PIECE / VALUE.len());
        text.push('\n');
        text.push_str(VALUE);
        check(text.as_bytes(), &[1, 2]);
        // A URL on every edge keeps the text before its anchor.
        let url = ["a://neo:Tr1n", "ty$k9@d\n"].concat();
        let text = url.repeat(PIECE / url.len() * 2 + 1);
        let lines: Vec<usize> = (1..=text.lines().count()).collect();
        check_all(
            text.as_bytes(),
            &What::Shape("a password in a URL", "password-in-url"),
            &lines,
        );
    }

    #[test]
    fn values_of_every_group_of_patterns_are_found_with_their_lines() {
        let value = |it| format!("Wh1te/R4bbit+Hole{it:02}");
        let secrets: Vec<_> = (0..20)
            .map(|it| (entry(it), Secret::new(value(it))))
            .collect();
        let needles = Needles::new(&secrets);
        assert!(needles.groups.len() > 1 && needles.groups.len() <= MOST_PASSES);
        let text: String = (0..20).map(|it| value(it) + "\n").collect();
        let mut seen = Vec::new();
        let found = |line, needle| seen.push((line, needles.what(needle)));
        let bytes = needles.search_stream(text.as_bytes(), &mut Buffer::default(), found);
        assert_eq!(bytes.unwrap().bytes, text.len() as u64);
        let expected = (0..20).map(|it| (it + 1, What::Value(entry(it))));
        assert_eq!(seen, expected.collect::<Vec<_>>());
    }

    #[test]
    fn thousands_of_values_are_counted_and_do_not_fill_the_memory() {
        let value = |it| Secret::new(format!("{it:06}Wh1te/R4bbit+Hole-{it:08x}"));
        let secrets: Vec<_> = (0..5000).map(|it| (entry(it), value(it))).collect();
        let needles = Needles::new(&secrets);
        assert_eq!((needles.values, needles.unsearched), (1024, 3976));
        let mut hits = Vec::new();
        let text = value(7);
        let text = text.expose().as_bytes();
        needles.search(text, 0..text.len(), &mut hits);
        assert_eq!(hits.len(), 1);
        let long = [(owner("API_KEY"), Secret::new(VALUE.repeat(1000)))];
        assert_eq!(Needles::new(&long).unsearched, 1);
    }

    #[test]
    fn a_value_of_two_layers_is_one_value() {
        assert_eq!(needles().values, 2);
    }
}
