//! Why did dotenvy change a value?

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
