//! How is it printed? Only this module prints.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use owo_colors::OwoColorize;

use crate::support::escape;
use crate::support::exit::{Exit, Trouble, reason};

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

/// Writes a finished text to stdout. It is no error if the reader closes the pipe early (`| head -1`).
pub fn print(text: &str) -> Result<(), Trouble> {
    // Anstream's own stream would check every byte and write every piece separately: that is slower.
    let finished = match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Cow::Owned(without_colours(text)),
        _ => Cow::Borrowed(text),
    };
    match Stdout.write_all(finished.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Trouble::new(
            format_args!("failed to write to stdout: {}", reason(&error)),
            mend(error.kind()),
        )),
        _ => Ok(()),
    }
}

/// What helps if output cannot be written.
fn mend(why: ErrorKind) -> &'static str {
    match why {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space, or send the output elsewhere"
        }
        ErrorKind::FileTooLarge => "raise `ulimit -f`, or send the output elsewhere",
        _ => "send the output elsewhere",
    }
}

/// The standard library's own stream says nothing if stdout may only be read, and the text is lost.
struct Stdout;

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(io::stdout(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Our text without colours. It has no other control sequences, because text from outside is escaped.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    plain.extend(pieces.map(|it| it.split_once('m').map_or(it, |(_, rest)| rest)));
    plain
}

/// Writes an error and its hint to stderr; the exit code says that the job could not be done.
pub fn trouble(trouble: &Trouble) -> ExitCode {
    let mut stderr = anstream::stderr().lock();
    // Our own line breaks stay. In each line, control characters are escaped.
    let what: Vec<String> = trouble.what.lines().map(escape::text).collect();
    let what = what.join("\n");
    // stderr may be closed. The exit code still shows the error.
    let _ = writeln!(stderr, "{} {what}", "error:".red().bold());
    let _ = writeln!(stderr, "{} {}", "hint:".cyan(), escape::text(&trouble.hint));
    Exit::Unanswered.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_a_text_is_the_same_text() {
        let text = format!("{}\n  {} mm\nm\n", "m".green().bold(), "dim".dimmed());
        assert_eq!(without_colours(&text), "m\n  dim mm\nm\n");
        assert_eq!(without_colours("plain\n"), "plain\n");
    }
}
