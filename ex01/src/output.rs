//! How does text leave the program? This is the only module that prints: the report to stdout, the rest to stderr.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use owo_colors::OwoColorize;

use crate::faults::Trouble;
use crate::text;

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

/// Writes a finished text to stdout. It is no error if the reader stops early (`| head -1`).
pub fn print(report: &str) -> Result<(), Trouble> {
    let report = match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Cow::Owned(strip_str(report).to_string()),
        _ => Cow::Borrowed(report),
    };
    match written(report.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Trouble::Stdout(error)),
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

/// Writes a remark to stderr.
pub fn note(what: &str) {
    say(&"note:".cyan(), what);
}

/// Writes a warning to stderr.
pub fn warn(what: &str) {
    say(&"warning:".yellow().bold(), what);
}

/// Writes an error and its hint to stderr.
pub fn error(what: &str, hint: &str) {
    say(&"error:".red().bold(), what);
    say(&"hint:".cyan(), hint);
}

/// One line on stderr: a line break in a file's name must not begin a line that looks like ours.
fn say(tag: &dyn Display, what: &str) {
    let mut stderr = anstream::stderr().lock();
    // If stderr is closed, the exit code still tells the result.
    let _ = writeln!(stderr, "{tag} {}", text::shown(what));
}

/// Says on stderr which unfinished file a signal left.
#[cfg_attr(
    not(all(unix, feature = "ndarray", feature = "polars")),
    expect(dead_code, reason = "nothing is written, or nobody waits for a signal")
)]
pub fn interrupted(left: Option<&Path>) {
    let mut stderr = anstream::stderr().lock();
    // The cursor may be at the end of a progress bar.
    if io::stderr().is_terminal() {
        let _ = writeln!(stderr);
    }
    let left = left.map(|path| text::os(path.as_os_str()));
    let what = match left {
        None => "nothing half-written is left behind".to_owned(),
        Some(path) => format!("`{path}` is not finished and could not be removed"),
    };
    let _ = writeln!(stderr, "interrupted: {what}");
}
