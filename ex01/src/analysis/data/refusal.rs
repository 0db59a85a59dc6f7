//! What is wrong with a source's content, and where?

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::io;

use crate::exit::Trouble;
use crate::text;

/// The most characters of a cell or of a name that are shown.
const MOST_SHOWN: usize = 40;
/// The most names of columns that are shown.
pub const MOST_NAMES: usize = 12;

/// Where something is wrong; lines and rows are counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line of a text.
    pub line: Option<u64>,
    /// The row, the header not counted.
    pub row: Option<u64>,
    /// The column.
    pub column: Option<&'static str>,
}

/// What is wrong with a source's content.
#[derive(Debug)]
pub enum Refusal {
    /// This, at this place.
    Content(Place, String),
    /// It could not be read to its end.
    Io(io::Error),
    /// Not the source's fault: a temporary file that cannot be written.
    Other(Trouble),
}

impl Refusal {
    /// What is wrong with it as a whole.
    pub fn whole(what: impl Display) -> Self {
        Self::Content(Place::default(), what.to_string())
    }

    /// What is wrong in a row as a whole.
    pub fn row(line: Option<u64>, row: u64, what: impl Display) -> Self {
        let place = Place {
            line,
            row: Some(row),
            column: None,
        };
        Self::Content(place, what.to_string())
    }

    /// What is wrong in a cell.
    pub fn cell(line: Option<u64>, row: u64, column: &'static str, what: impl Display) -> Self {
        let place = Place {
            line,
            row: Some(row),
            column: Some(column),
        };
        Self::Content(place, what.to_string())
    }

    /// The same behind so many more lines and rows.
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

/// A piece of text from a source, as much of it as fits into a line.
pub fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The columns that are there, for the error that one is not.
pub fn no_column<'n>(name: &str, there: impl Iterator<Item = Cow<'n, str>>) -> String {
    let mut names: Vec<String> = there
        .take(MOST_NAMES + 1)
        .map(|it| format!("`{}`", excerpt(&spelled(&it))))
        .collect();
    if names.len() > MOST_NAMES {
        names.truncate(MOST_NAMES);
        names.push("…".to_owned());
    }
    format!("no column `{name}`, only {}", names.join(", "))
}

/// A name whose invisible characters can be seen: a wrong one may look like the right one.
fn spelled(name: &str) -> String {
    let mut shown = String::new();
    for c in name.chars() {
        let visible = c == ' ' || !(c.is_whitespace() || text::is_invisible(c));
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
    fn what_a_source_says_is_shown_as_far_as_it_fits_into_a_line() {
        assert_eq!(excerpt(&"é".repeat(40)), "é".repeat(40));
        assert_eq!(excerpt(&"é".repeat(41)), "é".repeat(40) + "…");
        let there = |count| no_column("x", (0..count).map(|it: u32| it.to_string().into()));
        assert_eq!(there(1), "no column `x`, only `0`");
        assert!(there(12).ends_with("`10`, `11`"), "{}", there(12));
        assert!(there(13).ends_with("`10`, `11`, …"), "{}", there(13));
    }

    #[test]
    fn what_cannot_be_seen_in_a_name_is_spelled_out() {
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
