//! How does a sentence reach the screen? Masked, escaped, and only through this file.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::ops::Range;
use std::process::ExitCode;

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use owo_colors::OwoColorize;

use super::trouble::said;
use crate::exit::{TROUBLE, Trouble};
use crate::search::key_ranges;
use crate::secret::Gate;
use crate::words::{Mask, Words};

/// Turns sentences into text that may be shown.
pub struct Printer {
    /// Knows the secrets.
    gate: Gate,
}

impl Mask for Printer {
    fn secret(&self, text: &str) -> Vec<Range<usize>> {
        // The name of a file may have a key in it.
        [self.gate.secret(text), key_ranges(text)].concat()
    }
}

/// What stdout shows.
#[derive(Clone, Copy)]
pub enum Shown {
    /// Text for people.
    Text,
    /// The same as JSON.
    Json,
    /// Nothing.
    Nothing,
}

impl Printer {
    /// A printer that masks the secrets of this gate.
    pub fn new(gate: Gate) -> Self {
        Self { gate }
    }

    /// The sentence as text: every piece of a secret is masked, every control character is escaped.
    pub fn text(&self, words: &Words) -> String {
        words.printed(self)
    }

    /// Says on stderr which host the program contacts next.
    pub fn contacting(&self, host: &Words) {
        stderr(&[format!("{} contacting {}", "note:".cyan(), self.text(host))]);
    }

    /// Says on stderr that the configuration is refused, and where to read why.
    pub fn refused(&self, problems: usize, shown: Shown) {
        let each = match shown {
            Shown::Text => "`To mend` in the report names each, with a `!`",
            Shown::Json => "`problems` and `checks` in the JSON name each",
            Shown::Nothing => "without -q, the report names each",
        };
        let what = Words::from("configuration refused: ") + problems;
        let what = self.text(&(what + " to mend before production starts"));
        complain(&what, &format!("{each}; `oracle --explain NAME` shows one"));
    }
}

/// Chooses when to use colours. anstream takes every value of `CLICOLOR_FORCE` for a yes, but 0 is a no.
///
/// Source: <https://bixense.com/clicolors/>.
pub fn choose_colours(choice: ColorChoice) {
    let is = |name: &str, value: &str| std::env::var_os(name).is_some_and(|it| it == value);
    let shows_colours = || {
        let on_terminal = io::stdout().is_terminal() && io::stderr().is_terminal();
        on_terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb")
    };
    let off = choice == ColorChoice::Auto && is("CLICOLOR_FORCE", "0") && !shows_colours();
    let choice = if off { ColorChoice::Never } else { choice };
    choice.write_global();
}

/// Writes finished text to stdout. A reader that stops early (`| head -1`) is not an error.
pub fn stdout(text: &str) -> Result<(), Trouble> {
    let text = match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Cow::Owned(strip_str(text).to_string()),
        _ => Cow::Borrowed(text),
    };
    match written(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Trouble::NotWritten(error.kind()))
        }
        _ => Ok(()),
    }
}

/// Writes to stdout as to a file: the standard library's own stream says nothing if it may only be read.
#[cfg(unix)]
fn written(bytes: &[u8]) -> io::Result<()> {
    use std::os::fd::AsFd;
    std::fs::File::from(io::stdout().as_fd().try_clone_to_owned()?).write_all(bytes)
}

#[cfg(not(unix))]
fn written(bytes: &[u8]) -> io::Result<()> {
    io::stdout().write_all(bytes)?;
    io::stdout().flush()
}

/// Writes an error and its hint to stderr. Returns the exit code for a job that could not be done.
///
/// An error may come before any secret is known, so it has only our own words in it.
pub fn trouble(trouble: &Trouble) -> ExitCode {
    let printer = Printer::new(Gate::new([]));
    let (what, hint) = said(trouble);
    complain(&printer.text(&what), &printer.text(&hint));
    ExitCode::from(TROUBLE)
}

/// Makes a panic print one fixed sentence. Its own message could quote a value.
pub fn silence_panics() {
    std::panic::set_hook(Box::new(|_| {
        stderr(&[
            "error: the oracle stopped because of a bug; it prints nothing about your values",
            "hint: report what you did, without the contents of .env",
        ]);
    }));
}

/// Writes an error and its hint to stderr.
fn complain(what: &str, hint: &str) {
    stderr(&[
        format!("{} {what}", "error:".red().bold()),
        format!("{} {hint}", "hint:".cyan()),
    ]);
}

/// Writes lines to stderr.
fn stderr<T: AsRef<str>>(lines: &[T]) {
    let mut stderr = anstream::stderr().lock();
    for line in lines {
        // stderr may be closed. The exit code still tells.
        let _: io::Result<()> = writeln!(stderr, "{}", line.as_ref());
    }
}
