//! What is in a `.env` file: entries and flawed lines?

use std::collections::HashMap;

use super::lost::names_in;
use crate::secret::Secret;

/// One `NAME=value`.
pub struct Entry {
    /// The text before the `=`, without `export`.
    pub name: String,
    /// The value, as dotenvy reads it.
    pub value: Secret,
    /// The value as it is written, when dotenvy changed it and nothing in it is a reference. Another parser
    /// may read it so.
    pub written: Option<Secret>,
    /// The first line of the entry, from 1.
    pub line: usize,
    /// Why the value differs from what is written in the file.
    pub change: Option<Cause>,
    /// True when dotenvy put a value of the process environment into this one, directly or through
    /// another entry.
    pub from_process: bool,
    /// The entries above that gave it parts of its value (name and line), when dotenvy changed nothing.
    pub parts: Vec<(String, usize)>,
}

impl Entry {
    /// The value, and the value as it is written, when they differ.
    pub fn texts(&self) -> impl Iterator<Item = &Secret> {
        [&self.value].into_iter().chain(&self.written)
    }
}

/// Why dotenvy changed a value. The first cause counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A `$` without braces, and no entry above sets the name after it.
    Dollar,
    /// A `$` before capital letters, more likely a name than a part of a password. No entry above sets it.
    Capitals,
    /// A `$` before a name with `_` in it, and no entry above sets such a name.
    NoSuchName,
    /// `${NAME}`, and no entry above sets that name.
    UnknownName,
    /// `$DB_HOST`: after a bare `$`, dotenvy reads only letters and digits as the name. The whole name or
    /// the short one is set, so another parser may read another value.
    CutName,
    /// `${NAME:-…}`: dotenvy reads all of it as one long name.
    Default,
    /// `${NAME:?…}`, `${NAME%…}`, `${#NAME}`: what a shell knows besides names and defaults.
    ShellOnly,
    /// `$(…)`: dotenvy runs no command.
    Command,
    /// The process environment sets that name too, and wins.
    Process,
    /// A part of the value comes from an entry that dotenvy changed.
    Unsound,
    /// dotenvy reads `\n` without quotes as a line break. python-dotenv keeps both characters.
    LineBreak,
    /// dotenvy reads `\n` in double quotes as a line break, and so does every other parser.
    LineBreakInQuotes,
    /// `\` begins another escape.
    Backslash,
    /// dotenvy drops a double quote inside the value.
    Quote,
    /// dotenvy drops a single quote inside the value.
    Apostrophe,
    /// `#` right after `=` begins a comment.
    Hash,
    /// Something else.
    Other,
}

/// What is wrong with a line. It never quotes the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// dotenvy cannot read it.
    Broken,
    /// dotenvy cannot read it, and it has no `=`.
    NoEquals,
    /// dotenvy cannot read the text before the `=` as a name. Somebody probably meant this variable.
    BrokenName(Option<&'static str>),
    /// A quote opens and never closes. The lines after it are read anyway.
    UnclosedQuote,
    /// Bytes that are not UTF-8.
    NotText,
    /// A NUL byte.
    Nul,
    /// A carriage return in the middle of the line (the line end of the old Mac).
    LoneReturn,
    /// Two backslashes in single quotes: parsers read different values.
    TwoBackslashes,
    /// `"$NAME"`: dotenvy reads the quote after a bare name as a part of the value.
    NameBeforeQuote,
    /// The file has too many substitutions, or they make the value too long.
    TooMuch,
}

impl Flaw {
    /// True when the line, or a part of it, is lost: nobody can tell from the entries what its author meant.
    pub fn loses_a_line(self) -> bool {
        self != Self::TwoBackslashes
    }
}

/// The content of one file.
#[derive(Default)]
pub struct Parsed {
    /// The entries in the order of the file, with duplicates.
    pub entries: Vec<Entry>,
    /// Each flawed line (from 1) and its flaw, in the order of the file.
    pub flaws: Vec<(usize, Flaw)>,
    /// True when one of the flaws is [`Flaw::UnclosedQuote`].
    pub has_unclosed_quote: bool,
    /// The text of the flawed lines. It may have a secret in it, so the gate must know it.
    pub rejected: Vec<Secret>,
    /// The names on the flawed lines, each with its last line. These lines set nothing.
    pub lost: HashMap<String, usize>,
    /// The names in comments of the form `# NAME=value`. They are mentioned, and set nothing.
    pub mentioned: Vec<String>,
    /// The values of the process environment that dotenvy put into entries. All count as secrets.
    pub from_process: Vec<Secret>,
}

impl Parsed {
    /// Keeps the text of a flawed line, and the names in it.
    pub fn lose(&mut self, line: usize, text: &str) {
        let names = names_in(text).map(|it| (it.to_owned(), line));
        self.lost.extend(names);
        self.rejected.push(Secret::new(text));
    }
}
