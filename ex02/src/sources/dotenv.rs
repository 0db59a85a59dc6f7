//! Which entries does a `.env` file hold, on which lines, and which lines are broken?
//!
//! dotenvy is the only parser. This module is the fence around it: bytes are checked before
//! dotenvy sees them, it gets one line per read (so we know how far it is), what it changed
//! is noticed, and its errors, which quote the file, are counted and thrown away.

use std::cell::Cell;
use std::io::{self, Read};

use crate::secret::value::Secret;
use crate::sources::literal::{self, Cause};

/// More substitutions than this in one file are an attack (`A=$B$B`, `B=$C$C`, …) or a mistake.
const MOST_DOLLARS: usize = 1000;

/// A value that outgrew this many bytes by substitution ends the parse it grew in.
const LONGEST_VALUE: usize = 64 * 1024;

/// How many bytes may be read again in all, after quotes that were never closed.
const MOST_READ_AGAIN: usize = 8 * 1024 * 1024;

/// One `NAME=value`.
pub struct Entry {
    /// What stands before the `=`, without `export`.
    pub name: String,
    /// What dotenvy makes of the rest.
    pub value: Secret,
    /// Its first line, from 1.
    pub line: usize,
    /// Why the value is not what is written there.
    pub change: Option<Cause>,
}

/// What is wrong with a line; never what stands on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// dotenvy cannot read it.
    Broken,
    /// A quote opens and never closes; the lines after it are read all the same.
    UnclosedQuote,
    /// Bytes that are no UTF-8.
    NotText,
    /// A NUL byte.
    Nul,
    /// A carriage return in the middle of the line (line ends of the old Mac).
    LoneReturn,
    /// Over [`MOST_DOLLARS`], or a value over [`LONGEST_VALUE`].
    TooMuch,
}

impl Flaw {
    /// What is wrong, and how to mend it.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Broken => (
                "dotenvy cannot read this line",
                "write NAME='value': blanks, quotes, `$` and `\\` need single quotes",
            ),
            Self::UnclosedQuote => (
                "a quote opens here and is not closed as it should be",
                "close it, or put a value with a quote in it between quotes of the other kind",
            ),
            Self::NotText => ("not UTF-8", "save the file as UTF-8"),
            Self::Nul => ("a NUL byte", "delete it; a value cannot hold one"),
            Self::LoneReturn => (
                "a carriage return in the middle of the line",
                "save the file with Unix line ends",
            ),
            Self::TooMuch => (
                "too many substitutions by `$`, or a value that outgrows 64 KiB by them",
                "write values with `$` in single quotes",
            ),
        }
    }
}

/// Everything that one file says.
#[derive(Default)]
pub struct Parsed {
    /// In the order of the file, duplicates included.
    pub entries: Vec<Entry>,
    /// Line (from 1) and what is wrong with it, in the order of the file.
    pub flaws: Vec<(usize, Flaw)>,
    /// The text of the flawed lines: it may hold a secret, so the gate must know it.
    pub rejected: Vec<Secret>,
}

/// Reads the bytes of a `.env` file.
pub fn parse(bytes: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    let lines = clean(bytes, &mut parsed);
    let mut first = 0; // where this run of dotenvy begins
    let mut read_again = 0;
    while first < lines.len() {
        let handed_out = Cell::new(first);
        let reader = OneLine {
            lines: &lines,
            next: &handed_out,
            offset: 0,
        };
        let mut entries = dotenvy::from_read_iter(reader);
        let restart = loop {
            let start = handed_out.get();
            let item = entries.next();
            let end = handed_out.get();
            let Some(item) = item else { break None };
            // Blank lines and comments before the entry are not part of it.
            let skip = lines[start..end]
                .iter()
                .take_while(|it| is_blank(it))
                .count();
            let start = start + skip;
            let written = lines[start..end].concat();
            match parsed.take(item, &written, start) {
                Outcome::Next => {}
                Outcome::Restart => break Some((start + 1, end)),
                Outcome::Forget => break Some((end, end)),
            }
        };
        let Some((from, end)) = restart else { break };
        read_again += lines[from..end].iter().map(String::len).sum::<usize>();
        if read_again > MOST_READ_AGAIN {
            parsed.flaws.push((from + 1, Flaw::TooMuch));
            break;
        }
        first = from;
    }
    parsed.flaws.sort_by_key(|(line, _)| *line);
    parsed
}

/// How to go on after an entry.
enum Outcome {
    /// With the same run of dotenvy.
    Next,
    /// With a new run on the line after the entry's first: a quote swallowed the others.
    Restart,
    /// With a new run after the entry, which knows none of the values so far.
    Forget,
}

impl Parsed {
    /// Files one item of dotenvy's under entries or flaws. `start` is its first line, from 0.
    fn take(
        &mut self,
        item: dotenvy::Result<(String, String)>,
        written: &str,
        start: usize,
    ) -> Outcome {
        let several = written.trim_end().contains('\n');
        // The error quotes the line (dotenvy issue 164). It is dropped here, unread.
        let Ok((name, value)) = item else {
            return self.reject(written, start, several);
        };
        if value.len() > LONGEST_VALUE {
            self.flaws.push((start + 1, Flaw::TooMuch));
            return Outcome::Forget;
        }
        let change = literal::change(written, &value);
        if several && change.is_some() {
            return self.reject(written, start, several);
        }
        let value = Secret::new(value);
        self.entries.push(Entry {
            name,
            value,
            line: start + 1,
            change,
        });
        Outcome::Next
    }

    /// Notes a line that dotenvy refused, or several that a stray quote glued together.
    fn reject(&mut self, written: &str, start: usize, several: bool) -> Outcome {
        let first = written.lines().next().unwrap_or_default();
        self.rejected.push(Secret::new(first));
        let flaw = match several {
            true => Flaw::UnclosedQuote,
            false if first.contains(['\'', '"']) && odd_quotes(first) => Flaw::UnclosedQuote,
            false => Flaw::Broken,
        };
        self.flaws.push((start + 1, flaw));
        match several {
            true => Outcome::Restart,
            false => Outcome::Next,
        }
    }
}

/// True when one of the two kinds of quotes occurs an odd number of times.
fn odd_quotes(line: &str) -> bool {
    ['\'', '"']
        .iter()
        .any(|quote| line.matches(*quote).count() % 2 == 1)
}

/// True for lines that dotenvy passes over.
fn is_blank(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

/// The lines that dotenvy may see, each with its `\n`; the others are noted and left blank.
fn clean(bytes: &[u8], parsed: &mut Parsed) -> Vec<String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut dollars = 0;
    let mut lines = Vec::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        dollars += memchr::memchr_iter(b'$', line).count();
        let checked = match std::str::from_utf8(line) {
            Err(_) => Err(Flaw::NotText),
            Ok(_) if line.contains(&0) => Err(Flaw::Nul),
            Ok(_) if line.contains(&b'\r') => Err(Flaw::LoneReturn),
            Ok(_) if dollars > MOST_DOLLARS && line.contains(&b'$') => Err(Flaw::TooMuch),
            Ok(line) => Ok(line),
        };
        let mut text = checked.unwrap_or_default().to_owned();
        if let Err(flaw) = checked {
            parsed.flaws.push((number + 1, flaw));
            let pieces = line.utf8_chunks().map(|it| Secret::new(it.valid()));
            parsed.rejected.extend(pieces);
        }
        text.push('\n');
        lines.push(text);
    }
    lines
}

/// Hands out one line per read and says which is next: dotenvy's buffer never runs ahead.
struct OneLine<'a> {
    /// All lines, each with its `\n`.
    lines: &'a [String],
    /// Index of the line that the next read begins or goes on with.
    next: &'a Cell<usize>,
    /// How much of that line has been handed out (a long one takes several reads).
    offset: usize,
}

impl Read for OneLine<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let Some(line) = self.lines.get(self.next.get()) else {
            return Ok(0);
        };
        let rest = &line.as_bytes()[self.offset..];
        let count = rest.len().min(to.len());
        to[..count].copy_from_slice(&rest[..count]);
        self.offset += count;
        if self.offset == line.len() {
            self.offset = 0;
            self.next.set(self.next.get() + 1);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries as `line:NAME=value`, flaws as `line!Flaw`.
    #[track_caller]
    fn check(file: impl AsRef<[u8]>, expected: &[&str]) -> Parsed {
        let parsed = parse(file.as_ref());
        let mut seen: Vec<(usize, String)> = Vec::new();
        for it in &parsed.entries {
            let mark = it
                .change
                .map_or(String::new(), |cause| format!(" {cause:?}"));
            let text = format!("{}:{}={}{mark}", it.line, it.name, it.value.expose());
            seen.push((it.line, text));
        }
        for (line, flaw) in &parsed.flaws {
            seen.push((*line, format!("{line}!{flaw:?}")));
        }
        seen.sort();
        let seen: Vec<String> = seen.into_iter().map(|(_, text)| text).collect();
        assert_eq!(seen, expected);
        parsed
    }

    #[test]
    fn every_entry_has_the_line_it_begins_on() {
        check(
            "A=1\n\n# note\nexport B = 'two\nlines' # note\n\nC=3",
            &["1:A=1", "4:B=two\nlines", "7:C=3"],
        );
        check("A=1\r\nB=\"2\"\r\n", &["1:A=1", "2:B=2"]);
        check("\u{feff}A=1 ", &["1:A=1"]);
        check(
            format!("A={}\nB=2", "x".repeat(20_000)),
            &[&format!("1:A={}", "x".repeat(20_000)), "2:B=2"],
        );
        check("", &[]);
    }

    #[test]
    fn a_broken_line_hides_no_other() {
        let parsed = check(
            "A=1\nB=two words here\nC=3\n",
            &["1:A=1", "2!Broken", "3:C=3"],
        );
        assert_eq!(parsed.rejected[0].expose(), "B=two words here");
        check(
            "A='open\nB=2\nC=3\n",
            &["1!UnclosedQuote", "2:B=2", "3:C=3"],
        );
        check(
            "A=it's\nB=2\nC=it's\nD=4",
            &["1!UnclosedQuote", "2:B=2", "3!UnclosedQuote", "4:D=4"],
        );
        check("A=\"open\nB=\"2\"\n", &["1!UnclosedQuote", "2:B=2"]);
    }

    #[test]
    fn bytes_that_dotenvy_must_not_see_cost_one_line() {
        check(b"A=1\nB=\xff\xfe\nC=3\n", &["1:A=1", "2!NotText", "3:C=3"]);
        check("A=1\nB=x\0y\nC=3\n", &["1:A=1", "2!Nul", "3:C=3"]);
        check("A=1\rB=2\nC=3\n", &["1!LoneReturn", "2:C=3"]);
    }

    #[test]
    fn what_dotenvy_changes_is_marked() {
        check(
            "A=pa$word\nB='pa$word'\n",
            &["1:A=pa Dollar", "2:B=pa$word"],
        );
        check("A=rock'n'roll\n", &["1:A=rocknroll Quote"]);
        check("A=#secret\n", &["1:A= Hash"]);
    }

    #[test]
    fn substitutions_cannot_eat_the_memory() {
        let mut file = String::from("A=xxxxxxxxxxxxxxxx\n");
        file.push_str(&"A=$A$A\n".repeat(100));
        let parsed = parse(file.as_bytes());
        assert!(
            parsed
                .entries
                .iter()
                .all(|it| it.value.expose().len() <= LONGEST_VALUE)
        );
        assert!(parsed.flaws.iter().any(|(_, flaw)| *flaw == Flaw::TooMuch));
        let parsed = parse("A=$B\n".repeat(MOST_DOLLARS + 1).as_bytes());
        assert_eq!(parsed.flaws, [(MOST_DOLLARS + 1, Flaw::TooMuch)]);
    }

    #[test]
    fn stray_quotes_cannot_eat_the_time() {
        let parsed = parse("A='\"\n".repeat(100_000).as_bytes());
        assert!(!parsed.flaws.is_empty());
    }
}
