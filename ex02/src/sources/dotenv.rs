//! Which entries does a `.env` file have, on which lines, and which lines are broken?
//!
//! dotenvy is the only parser. This module is the fence around it. It checks the bytes before dotenvy
//! sees them, splits lines that dotenvy joins, notices what dotenvy changed, and drops dotenvy's
//! errors, because they quote the file.

use std::collections::HashMap;

use secrecy::zeroize::Zeroizing;

use super::literal;
use super::lost::broken_name;
use super::parsed::{Entry, Flaw, Parsed};
use super::process::Process;
use super::reading::{self, Known, Reading};
use super::supply::{Run, Supply};
use crate::secret::Secret;
use crate::variables::may_be_listed;

/// A file with more substitutions than this is an attack (`A=$B$B`, `B=$C$C`, …) or a mistake.
const MOST_DOLLARS: usize = 1000;

/// When substitution makes a value longer than this, parsing stops. In bytes.
const LONGEST_VALUE: usize = 64 * 1024;

/// Reads the bytes of a `.env` file.
pub fn parse(bytes: &[u8], process: &Process) -> Parsed {
    let mut parsed = Parsed::default();
    let text = clean(bytes, &mut parsed);
    let supply = Supply::default();
    let mut run = Run::new(&supply);
    let mut above = HashMap::new();
    // The rest of the text, the number of its first line, and what was read of it.
    let (mut rest, mut number, mut taken) = (text.as_str(), 1, "");
    let mut alone_until = 0;
    loop {
        rest = &rest[taken.len()..];
        number += taken.matches('\n').count();
        let Some(line) = rest.split_inclusive('\n').next() else {
            break;
        };
        taken = line;
        if is_skipped(line) {
            parsed.mentioned.extend(mentioned(line).map(str::to_owned));
            continue;
        }
        let quoted = literal::quoted(rest);
        let written = match quoted {
            Some(it) if it.clean && number >= alone_until && !it.lines.contains(HIDDEN) => it.lines,
            _ => line,
        };
        let comment = quoted.is_none_or(|it| it.clean && it.lines == written);
        let (name, value) = match run.entry(written, comment) {
            Ok(pair) => pair,
            Err(is_open) => {
                parsed.reject(line, number, is_open);
                // Nobody can know which of these quotes open and which close.
                let lines = quoted.map_or(1, |it| it.lines.matches('\n').count());
                alone_until = alone_until.max(number + lines);
                continue;
            }
        };
        taken = written;
        if value.len() > LONGEST_VALUE {
            parsed.flaws.push((number, Flaw::TooMuch));
            parsed.lose(number, written);
            run = Run::new(&supply);
            above.clear();
            continue;
        }
        let value = Zeroizing::new(value);
        let entry = parsed.entry((name, &value), number, written, process, &above);
        above.insert(entry.name.clone(), parsed.entries.len());
        parsed.entries.push(entry);
    }
    parsed.flaws.sort_by_key(|(line, _)| *line);
    parsed
}

impl Parsed {
    /// The first line that is lost, or else the first line with a flaw.
    pub fn worst(&self) -> Option<&(usize, Flaw)> {
        let lost = self.flaws.iter().find(|(_, it)| it.loses_a_line());
        lost.or(self.flaws.first())
    }

    /// Notes a line that dotenvy cannot read. `is_open`: a quote is open at its end.
    fn reject(&mut self, line: &str, number: usize, is_open: bool) {
        let line = line.trim_end_matches('\n');
        self.lose(number, line);
        // The end of a value whose quote opened above.
        let is_end = self.has_unclosed_quote && odd_quotes(line);
        let flaw = if !line.contains('=') && !is_end {
            Flaw::NoEquals
        } else if is_open || odd_quotes(line) {
            Flaw::UnclosedQuote
        } else if let Some(flaw) = broken_name(line) {
            flaw
        } else if reading::has_name_before_quote(line) {
            Flaw::NameBeforeQuote
        } else {
            Flaw::Broken
        };
        self.has_unclosed_quote |= flaw == Flaw::UnclosedQuote;
        self.flaws.push((number, flaw));
    }

    /// Compares what dotenvy read with what is written in the file. `above` knows which entry set a name
    /// last.
    fn entry(
        &mut self,
        (name, value): (String, &str),
        line: usize,
        written: &str,
        process: &Process,
        above: &HashMap<String, usize>,
    ) -> Entry {
        let entry_of = |name: &str| Some(&self.entries[*above.get(name)?]);
        let Reading { change, names } = reading::reading(written, value, |name| {
            match (process.get(name), entry_of(name)) {
                (Some(_), _) => Known::Process,
                (None, None) => Known::Unknown,
                (None, Some(it)) if it.change.is_some() => Known::Unsound,
                (None, Some(it)) => Known::Here(it.value.clone()),
            }
        });
        let mut parts: Vec<(String, usize)> = names
            .iter()
            .filter_map(|it| Some(((*it).to_owned(), entry_of(it)?.line)))
            .collect();
        if change.is_some() {
            parts.clear();
        }
        parts.sort_by_key(|(_, line)| *line);
        parts.dedup();
        let from_process = change.is_some() && self.borrows(written, process, above);
        if change.is_none() && literal::has_two_readings(written, value) {
            self.flaws.push((line, Flaw::TwoBackslashes));
        }
        let as_written = change.and_then(|_| literal::value_as_written(written));
        Entry {
            name,
            value: Secret::new(value),
            written: as_written.filter(|it| *it != value).map(Secret::new),
            line,
            change,
            from_process,
            parts,
        }
    }

    /// True when dotenvy put something of the process environment into an entry. Notes those values.
    /// dotenvy asks the process environment first, then the entries above.
    fn borrows(
        &mut self,
        written: &str,
        process: &Process,
        above: &HashMap<String, usize>,
    ) -> bool {
        let mut borrows = false;
        for name in reading::substituted(written) {
            if let Some(text) = process.text(name) {
                self.from_process.push(text.clone());
                borrows = true;
            } else if process.get(name).is_none() {
                let above = above.get(name).map(|it| &self.entries[*it]);
                borrows |= above.is_some_and(|it| it.from_process);
            }
        }
        borrows
    }
}

/// True for lines that dotenvy skips or may not see.
fn is_skipped(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with(['#', HIDDEN])
}

/// The name in a comment of the form `# NAME=value`. Any other text in front of a `=` may be a piece of a secret.
fn mentioned(comment: &str) -> Option<&str> {
    let text = comment.trim_start_matches(['#', ' ', '\t']);
    let (name, _) = text
        .strip_prefix("export ")
        .unwrap_or(text)
        .split_once('=')?;
    Some(name.trim()).filter(|it| may_be_listed(it))
}

/// True when one of the two kinds of quotes occurs an odd number of times.
fn odd_quotes(line: &str) -> bool {
    let mut quotes = ['\'', '"'].into_iter();
    quotes.any(|quote| line.matches(quote).count() % 2 == 1)
}

/// Stands for a line that dotenvy may not see.
const HIDDEN: char = '\0';

/// The lines that dotenvy may see, each with its `\n`. The others are noted and hidden.
fn clean(bytes: &[u8], parsed: &mut Parsed) -> Zeroizing<String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut dollars = 0;
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() + 1));
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        dollars += memchr::memchr_iter(b'$', line).count();
        let checked = match std::str::from_utf8(line) {
            Err(_) => Err(Flaw::NotText),
            Ok(_) if line.contains(&0) => Err(Flaw::Nul),
            Ok(_) if line.contains(&b'\r') => Err(Flaw::LoneReturn),
            Ok(_) if dollars > MOST_DOLLARS && line.contains(&b'$') => Err(Flaw::TooMuch),
            Ok(line) => Ok(line),
        };
        match checked {
            Ok(line) => text.push_str(line),
            Err(flaw) => {
                parsed.flaws.push((index + 1, flaw));
                for piece in line.utf8_chunks() {
                    // In UTF-16, a NUL byte follows each letter.
                    let piece = Zeroizing::new(piece.valid().replace('\0', ""));
                    parsed.lose(index + 1, &piece);
                }
                text.push(HIDDEN);
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a file with an empty process environment.
    fn read(file: impl AsRef<[u8]>) -> Parsed {
        parse(file.as_ref(), &Process::new(std::iter::empty()))
    }

    /// Entries as `line:NAME=value`, flaws as `line!Flaw`.
    #[track_caller]
    fn check(file: impl AsRef<[u8]>, expected: &[&str]) -> Parsed {
        let parsed = read(file);
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
        check(
            "A=1\nB=\"$A\"\nC=3\n",
            &["1:A=1", "2!NameBeforeQuote", "3:C=3"],
        );
        check("A=1\nB='$A' x\nC=3\n", &["1:A=1", "2!Broken", "3:C=3"]);
    }

    #[test]
    fn a_quote_in_a_comment_hides_no_line() {
        let file = "LOG_LEVEL=INFO  # don't\nMATRIX_MODE=production\n";
        check(file, &["1:LOG_LEVEL=INFO", "2:MATRIX_MODE=production"]);
        for before in ["  #", "\t\t# ", " \t# it's \"", "    # \\"] {
            for after in ["'", "\"", "' # '", "\\'", "'\\"] {
                let comment = format!("{before}{after}");
                check(
                    format!("A=1{comment}\nB=2{comment}\nC='3'{comment}\r\nD={comment}\nE=5"),
                    &["1:A=1", "2:B=2", "3:C=3", "4:D=", "5:E=5"],
                );
                check(format!("export A = \"1\"{comment}"), &["1:A=1"]);
            }
        }
        check(
            "A=1  # don't\n# don't\n\nB=it's\nC=3  # 5\"\nD=4",
            &["1:A=1", "4!UnclosedQuote", "5:C=3", "6:D=4"],
        );
    }

    #[test]
    fn only_a_quoted_value_may_have_several_lines() {
        let key = "-----BEGIN KEY-----\nMATRIX_MODE=production\n# it's\n-----END KEY-----";
        check(
            format!("A=1  # don't\nB=\"{key}\"  # don't\nC=3\n"),
            &["1:A=1", &format!("2:B={key}"), "6:C=3"],
        );
        check(
            "A=\"{\n \\\"k\\\": 1\n}\"\nB=2\n",
            &["1:A={\n \"k\": 1\n} Backslash", "4:B=2"],
        );
        // The quote has no value in it, or no line break of its own, or does not end the line.
        check("A=x'\nB='2\n", &["1!UnclosedQuote", "2!UnclosedQuote"]);
        check("A=x'y\nB=2'\n", &["1!UnclosedQuote", "2!UnclosedQuote"]);
        check("A='x'y'\nB=2'\n", &["1!UnclosedQuote", "2!UnclosedQuote"]);
        check(
            "A=\"${x\nB=2\n}\"\nC=3",
            &["1!UnclosedQuote", "2:B=2", "3!UnclosedQuote", "4:C=3"],
        );
        check(
            "export = 'x\nB=2'\nC=3",
            &["1!UnclosedQuote", "2!UnclosedQuote", "3:C=3"],
        );
        // A backslash before the quote: two parts of dotenvy disagree about it.
        check("A='C:\\' # 5\"\nB=2\n", &["1!UnclosedQuote", "2:B=2"]);
        // Which of these quotes opens a value? Only one that was open already.
        check(
            "A=\"open\nB=\"open\nC=3\nD=\"4\"\nE=\"\n\"\n",
            &[
                "1!UnclosedQuote",
                "2!UnclosedQuote",
                "3:C=3",
                "4:D=4",
                "5:E=\n",
            ],
        );
    }

    #[test]
    fn a_line_that_is_read_again_knows_the_values_before_it() {
        check(
            "NEO=1\nA=${NEO}  # don't\nB=it's\nC=$NEO\n",
            &["1:NEO=1", "2:A=1", "3!UnclosedQuote", "4:C=1"],
        );
        // No later value has in it what dotenvy joined to this one or cut out of it.
        check(
            "NEO=it's\nA='x\nB=$NEO$A\n",
            &["1!UnclosedQuote", "2!UnclosedQuote", "3:B= Capitals"],
        );
    }

    #[test]
    fn bytes_that_dotenvy_must_not_see_cost_one_line() {
        check(
            b"A='x\nB=\xff\n'\nC=3\n",
            &["1!UnclosedQuote", "2!NotText", "3!UnclosedQuote", "4:C=3"],
        );
        check(b"A=1\nB=\xff\xfe\nC=3\n", &["1:A=1", "2!NotText", "3:C=3"]);
        check("A=1\nB=x\0y\nC=3\n", &["1:A=1", "2!Nul", "3:C=3"]);
        check("A=1\rB=2\nC=3\n", &["1!LoneReturn", "2:C=3"]);
    }

    #[test]
    fn a_value_that_dotenvy_changes_is_marked() {
        check(
            "A=pa$word\nB='pa$word'\n",
            &["1:A=pa Dollar", "2:B=pa$word"],
        );
        check("A=rock'n'roll\n", &["1:A=rocknroll Apostrophe"]);
        check("A=#secret\n", &["1:A= Hash"]);
    }

    #[test]
    fn parts_from_entries_above_have_a_name_and_a_line() {
        let parsed = check(
            "HOST=zion\nPORT='1'\nA=http://${HOST}:${PORT}/$HOST\nB=$A\nC=\"${D}x\"\nD=1\n",
            &[
                "1:HOST=zion",
                "2:PORT=1",
                "3:A=http://zion:1/zion",
                "4:B=http://zion:1/zion",
                "5:C=x UnknownName",
                "6:D=1",
            ],
        );
        let parts: Vec<_> = parsed.entries.iter().map(|it| it.parts.clone()).collect();
        let part = |name: &str, line| (name.to_owned(), line);
        assert_eq!(parts[2], [part("HOST", 1), part("PORT", 2)]);
        assert_eq!(parts[3], [part("A", 3)]);
        assert_eq!(parts[4], []);
        // When dotenvy changed a part, it changed the whole value. The last entry above counts.
        check(
            "A=$x\nB=${A}\nA=1\nC=${A}\n",
            &["1:A= Dollar", "2:B= Unsound", "3:A=1", "4:C=1"],
        );
    }

    #[test]
    fn a_value_that_python_dotenv_reads_differently_is_flagged() {
        check(
            "A='C:\\x'\nB=\"C:\\\\x\"\n",
            &["1:A=C:\\x", "2:B=C:\\x Backslash"],
        );
        check("A='C:\\\\x' # note\n", &["1!TwoBackslashes", "1:A=C:\\\\x"]);
        check("A='\n\\\\'\n", &["1!TwoBackslashes", "1:A=\n\\\\"]);
    }

    #[test]
    fn substitutions_cannot_fill_the_memory() {
        let mut file = String::from("A=xxxxxxxxxxxxxxxx\n");
        file.push_str(&"A=$A$A\n".repeat(100));
        let parsed = read(file.as_bytes());
        assert!(
            parsed
                .entries
                .iter()
                .all(|it| it.value.expose().len() <= LONGEST_VALUE)
        );
        assert!(parsed.flaws.iter().any(|(_, flaw)| *flaw == Flaw::TooMuch));
        let parsed = read("A=$B\n".repeat(MOST_DOLLARS + 1).as_bytes());
        assert_eq!(parsed.flaws, [(MOST_DOLLARS + 1, Flaw::TooMuch)]);
    }

    #[test]
    fn stray_quotes_cannot_make_the_parser_slow() {
        for line in [
            "A='\"\n",
            "A='\\'\n",
            "A=1  # don't\n",
            "A=x'x\\'\n",
            "'\n",
            "=\"\n",
            "\"\n",
            "x\n",
        ] {
            let parsed = read(line.repeat(100_000).as_bytes());
            // No line vanishes.
            let count = parsed.entries.len() + parsed.flaws.len();
            assert_eq!(count, 100_000, "{line}");
        }
        let long = "x".repeat(LONGEST_VALUE / 2);
        let dollars = "$NEO".repeat(MOST_DOLLARS / 2);
        let parsed =
            read(format!("NEO={long}\n{}A={dollars}'\n", "A='\"\n".repeat(5000)).as_bytes());
        assert_eq!(parsed.entries.len() + parsed.flaws.len(), 5002);
    }

    #[test]
    fn values_that_dotenvy_takes_from_the_process_environment_are_known() {
        // dotenvy can put in only what this process has.
        let (name, value) = std::env::vars()
            .find(|(name, value)| name.chars().all(char::is_alphanumeric) && !value.is_empty())
            .unwrap();
        let process = Process::new([(name.clone().into(), value.clone().into())].into_iter());
        let file = format!("A=x${{{name}}}\nB=$A-x\nC='${name}'\nD=1\nE=$D\nA=2\nF=$A\n");
        let parsed = parse(file.as_bytes(), &process);
        let found = parsed
            .entries
            .iter()
            .map(|it| (it.name.as_str(), it.from_process));
        let expected = [
            ("A", true),
            ("B", true),
            ("C", false),
            ("D", false),
            ("E", false),
            ("A", false),
            ("F", false),
        ];
        assert_eq!(found.collect::<Vec<_>>(), expected);
        assert_eq!(parsed.entries[0].value.expose(), format!("x{value}"));
        assert!(parsed.from_process.iter().all(|it| it.expose() == value));
    }
}
