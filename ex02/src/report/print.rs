//! What does a person see? The only module that prints.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use owo_colors::OwoColorize;

use crate::exit::{TROUBLE, Trouble};
use crate::words::escape;

/// Writes a finished text to stdout. A reader that has seen enough (`| head -1`) is no error.
pub fn print(text: &str) -> Result<(), Trouble> {
    let mut stdout = anstream::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
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

/// Says on stderr what is about to be done.
pub fn note(what: &str) {
    let mut stderr = anstream::stderr().lock();
    // stderr may be closed; nothing depends on it.
    let _ = writeln!(stderr, "{} {}", "note:".cyan(), escape::text(what));
}

/// Says on stderr that the configuration is refused; the report on stdout says why.
pub fn refused(problems: usize) {
    let mut stderr = anstream::stderr().lock();
    // stderr may be closed; the exit code still tells.
    let _ = writeln!(
        stderr,
        "{} configuration refused: {problems} to mend before production starts",
        "error:".red().bold()
    );
    let _ = writeln!(
        stderr,
        "{} `To mend` in the report names each; `oracle --explain NAME` shows one",
        "hint:".cyan()
    );
}

/// Makes a panic say one fixed sentence: its own message could quote a value.
pub fn silence_panics() {
    std::panic::set_hook(Box::new(|_| {
        let mut stderr = anstream::stderr().lock();
        // stderr may be closed; the exit code still tells.
        let _ = writeln!(
            stderr,
            "error: the oracle has a fault of its own and stopped; nothing about your values is printed"
        );
        let _ = writeln!(
            stderr,
            "hint: report what you did, without the contents of .env"
        );
    }));
}

/// An operating system's reason in lower case, without Rust's "(os error 2)".
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}
