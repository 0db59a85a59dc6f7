//! What is wrong with a source's content, and where?

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::io;

use crate::exit::Trouble;
use crate::output;

/// The most characters of a cell or of a name that are shown.
const MOST_SHOWN: usize = 40;
/// The most names of columns that are shown.
const MOST_NAMES: usize = 12;

/// What is wrong with a source's content.
#[derive(Debug)]
pub enum Bad {
    /// This, at this place.
    Content(String),
    /// It could not be read to its end.
    Io(io::Error),
    /// Not the source's fault: an export or a temporary file that cannot be written.
    Other(Trouble),
}

impl Bad {
    /// What is wrong with it as a whole.
    pub fn new(what: impl Display) -> Self {
        Self::Content(what.to_string())
    }

    /// What is wrong in a line.
    pub fn at(line: u64, what: impl Display) -> Self {
        Self::Content(format!("line {line}: {what}"))
    }
}

impl Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(what) => f.write_str(what),
            Self::Io(error) => f.write_str(&output::reason(error)),
            Self::Other(trouble) => f.write_str(&trouble.what),
        }
    }
}

impl From<io::Error> for Bad {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Trouble> for Bad {
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
        .map(|name| format!("`{}`", excerpt(&name)))
        .collect();
    if names.len() > MOST_NAMES {
        names.truncate(MOST_NAMES);
        names.push("…".to_owned());
    }
    format!("no column `{name}`, only {}", names.join(", "))
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
}
