//! What does a person see? The only module that prints.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use owo_colors::OwoColorize;

use crate::support::escape;
use crate::support::exit::{TROUBLE, Trouble, reason};

/// Writes a finished text to stdout. A reader that has seen enough (`| head -1`) is no error.
pub fn print(text: &str) -> Result<(), Trouble> {
    let stdout = io::stdout().lock();
    // Colours are taken out, where they are, before the one write: a stripping stream would write every piece by itself.
    let mut finished = AutoStream::new(Vec::new(), AutoStream::choice(&stdout));
    let written = finished.write_all(text.as_bytes());
    let mut stdout = stdout;
    match written
        .and_then(|()| stdout.write_all(&finished.into_inner()))
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Trouble::new(
            format_args!("failed to write to stdout: {}", reason(&error)),
            "free some space, or send the output elsewhere",
        )),
        _ => Ok(()),
    }
}

/// Writes an error and its hint to stderr; the exit code says that the job could not be done.
pub fn trouble(trouble: &Trouble) -> ExitCode {
    let mut stderr = anstream::stderr().lock();
    // Line by line: a line break of ours stays one, anything stranger is spelled out.
    let what: Vec<String> = trouble.what.lines().map(escape::text).collect();
    let what = what.join("\n");
    // stderr may be closed; the exit code still tells.
    let _ = writeln!(stderr, "{} {what}", "error:".red().bold());
    let _ = writeln!(stderr, "{} {}", "hint:".cyan(), escape::text(&trouble.hint));
    ExitCode::from(TROUBLE)
}
