//! How does text leave the program? The only module that prints: the report to stdout, all else to stderr.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use owo_colors::OwoColorize;

use crate::exit::{TROUBLE, Trouble};
use crate::text;

/// Writes a finished text to stdout. A reader that has seen enough (`| head -1`) is no error.
pub fn print(report: &str) -> Result<(), Trouble> {
    let mut stdout = anstream::stdout().lock();
    match stdout
        .write_all(report.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Trouble::new(
            format_args!("failed to write to stdout: {}", text::reason(&error)),
            "free some space, or send the output elsewhere",
        )),
        _ => Ok(()),
    }
}

/// Writes a remark to stderr.
#[cfg_attr(
    not(all(feature = "ndarray", feature = "polars")),
    expect(dead_code, reason = "the stand-in has nothing to say")
)]
pub fn note(what: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = writeln!(stderr, "{} {}", "note:".cyan(), text::shown(what));
}

/// Writes a warning to stderr.
#[cfg_attr(
    not(all(feature = "ndarray", feature = "polars")),
    expect(dead_code, reason = "the stand-in has nothing to say")
)]
pub fn warn(what: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = writeln!(
        stderr,
        "{} {}",
        "warning:".yellow().bold(),
        text::shown(what)
    );
}

/// Says on stderr what a signal left behind.
#[cfg_attr(
    not(all(unix, feature = "ndarray", feature = "polars")),
    expect(dead_code, reason = "nothing is written, or no signal is listened to")
)]
pub fn interrupted(left: &[&PathBuf]) {
    let mut stderr = anstream::stderr().lock();
    // A progress bar may stand in this line.
    if io::stderr().is_terminal() {
        let _ = writeln!(stderr);
    }
    let _ = match left.first() {
        None => writeln!(stderr, "interrupted: nothing half-written is left behind"),
        Some(path) => {
            let path = text::os(path.as_os_str());
            writeln!(
                stderr,
                "interrupted: `{path}` is not finished and could not be removed"
            )
        }
    };
}

/// Writes an error and its hint to stderr; the exit code says that the job could not be done.
pub fn trouble(trouble: &Trouble) -> ExitCode {
    let mut stderr = anstream::stderr().lock();
    // One line each: a line break from outside must not begin a line that looks like ours.
    let what = text::shown(&trouble.what);
    // stderr may be closed; the exit code still tells.
    let _ = writeln!(stderr, "{} {what}", "error:".red().bold());
    let _ = writeln!(stderr, "{} {}", "hint:".cyan(), text::shown(&trouble.hint));
    ExitCode::from(TROUBLE)
}
