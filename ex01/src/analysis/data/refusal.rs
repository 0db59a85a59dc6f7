//! What is wrong with a source's content, and where?

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::io;

use crate::exit::Trouble;
use crate::text;

/// How many characters of a cell or a name are shown at most.
const MOST_SHOWN: usize = 40;
/// How many names of columns are shown at most.
pub const MOST_NAMES: usize = 12;

/// Where something is wrong; lines and rows are counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line of a text.
    pub line: Option<u64>,
    /// The row, without the header.
    pub row: Option<u64>,
    /// The column.
    pub column: Option<&'static str>,
}

/// What is wrong with a source's content.
#[derive(Debug)]
pub enum Refusal {
    /// This is wrong at this place.
    Content(Place, String),
    /// The source could not be read to its end.
    Io(io::Error),
    /// A temporary file could not be written, which is not the source's fault.
    Other(Trouble),
}

impl Refusal {
    /// Something is wrong with the whole source.
    pub fn whole(what: impl Display) -> Self {
        Self::Content(Place::default(), what.to_string())
    }

    /// Something is wrong with a whole row.
    pub fn row(line: Option<u64>, row: u64, what: impl Display) -> Self {
        let place = Place {
            line,
            row: Some(row),
            column: None,
        };
        Self::Content(place, what.to_string())
    }

    /// Something is wrong with a cell.
    pub fn cell(line: Option<u64>, row: u64, column: &'static str, what: impl Display) -> Self {
        let place = Place {
            line,
            row: Some(row),
            column: Some(column),
        };
        Self::Content(place, what.to_string())
    }

    /// The same, after this many more lines and rows.
    pub fn behind(mut self, lines: u64, rows: u64) -> Self {
        if let Self::Content(place, _) = &mut self {
            place.line = place.line.map(|it| it + lines);
            place.row = place.row.map(|it| it + rows);
        }
        self
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match (self.row, self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, column `{column}`: "),
            (Some(row), None) => write!(f, "row {row}"),
            (None, _) => Ok(()),
        }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(place, what) => write!(f, "{place}{what}"),
            Self::Io(error) => f.write_str(&text::reason(error)),
            Self::Other(trouble) => f.write_str(&trouble.what),
        }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        Self::Other(trouble)
    }
}

/// A piece of text from a source: its invisible characters are spelled out, and its length fits into a line.
pub fn excerpt(text: &str) -> String {
    let text = spelled(text);
    match text.char_indices().nth(MOST_SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The columns that are there, for the error about a missing one.
pub fn no_column<'n>(name: &str, there: impl Iterator<Item = Cow<'n, str>>) -> String {
    let mut names: Vec<String> = there
        .take(MOST_NAMES + 1)
        .map(|it| format!("`{}`", excerpt(&it)))
        .collect();
    if names.len() > MOST_NAMES {
        names.truncate(MOST_NAMES);
        names.push("…".to_owned());
    }
    format!("no column `{name}`, only {}", names.join(", "))
}

/// A text with its invisible characters spelled out: a wrong name may look like the right one.
fn spelled(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        let visible = c == ' ' || !(c.is_whitespace() || text::is_unseen(c));
        if visible {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_of_a_source_is_cut() {
        assert_eq!(excerpt(&"é".repeat(40)), "é".repeat(40));
        assert_eq!(excerpt(&"é".repeat(41)), "é".repeat(40) + "…");
        let there = |count| no_column("x", (0..count).map(|it: u32| it.to_string().into()));
        assert_eq!(there(1), "no column `x`, only `0`");
        assert!(there(12).ends_with("`10`, `11`"), "{}", there(12));
        assert!(there(13).ends_with("`10`, `11`, …"), "{}", there(13));
    }

    #[test]
    fn an_invisible_character_in_a_name_is_spelled_out() {
        for (name, shown) in [
            ("signal\u{200b}", r"`signal\u{200b}`"),
            ("\u{a0}signal", r"`\u{a0}signal`"),
            ("signal\u{ad}", r"`signal\u{ad}`"),
            ("my signal", "`my signal`"),
        ] {
            let found = no_column("signal", [name.into()].into_iter());
            assert_eq!(found, format!("no column `signal`, only {shown}"));
        }
    }
}
