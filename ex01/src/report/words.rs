//! What does a person read if something went wrong? Each fault has its words and a hint, here and nowhere else.
//!
//! An error begins with a small letter, names the file, line, variable or flag, and has no full stop. A hint says what
//! to type or to change.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::faults::Trouble;
use crate::text::{self, reason};

mod content; // What is wrong with the content of a source, and where.
mod columns; // Why a table does not have its two columns.
mod excerpt; // A piece of a source, as a quote.
mod fetch; // Why an address gave no data.
mod connection; // Why there is no connection.
mod source; // Why a source cannot be read.
mod target; // Why a file cannot be written.

pub use source::what as unread;

/// The hint for a bug.
const BUG: &str = "this is a bug; please report it with the versions that `loading --check` shows";

/// The hint if the system refuses a thread.
const THREADS: &str = "raise `ulimit -u`, or the pids limit of the container; fewer `--threads` need fewer, and less of `ulimit -v`";

/// The hint for an address that only other programs can read.
const ELSEWHERE: &str = "fetch it with another program, then give `--source` the file";

/// What went wrong, and what the user can do about it.
pub fn trouble(trouble: &Trouble) -> (String, String) {
    let (what, hint) = match trouble {
        Trouble::Usage(what) => (
            what.clone(),
            "`loading --help` lists the flags, with an example",
        ),
        Trouble::Protocol(scheme) => (
            format!("`--source` supports `http://` and `https://`, not `{scheme}://`"),
            "give `--source` the path of a file; what is elsewhere, fetch with another program first",
        ),
        Trouble::Stdout(error) => (
            format!("failed to write to stdout: {}", reason(error)),
            match error.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                    "free some space, or send the output elsewhere"
                }
                ErrorKind::FileTooLarge => "raise `ulimit -f`, or send the output elsewhere",
                _ => "send the output elsewhere",
            },
        ),
        Trouble::Report(error) => (
            format!("failed to make JSON: {error}"),
            "this is a bug in `loading`; run it without `--json`",
        ),
        Trouble::Table(why) => (format!("polars failed to make a table: {why}"), BUG),
        Trouble::Drawing(why) => (
            format!("plotters failed to draw: {why}"),
            "this is a bug in `loading`; `--no-plot` runs without a picture",
        ),
        Trouble::NoThread(error) => (no_thread(error), THREADS),
        Trouble::NoMemory(bytes) => (
            format!(
                "failed to reserve {} MB of memory for the counters",
                bytes.div_ceil(1_000_000)
            ),
            "raise `ulimit -v`, the limit of address space; fewer `--threads` need less of it",
        ),
        Trouble::Panic(message) => (format!("panicked: {message}"), BUG),
        Trouble::Source(fault) => return (source::what(fault), source::hint(fault)),
        Trouble::Target(fault) => return (target::what(fault), target::hint(fault)),
    };
    (what, hint.to_owned())
}

/// The words for a thread that the system refuses.
fn no_thread(error: &io::Error) -> String {
    format!("failed to start a thread: {}", reason(error))
}

/// A path as it is typed in a shell. A `-` at its start would make a flag of it.
fn typed(word: &str) -> String {
    if word.starts_with('-') {
        return typed(&format!("./{word}"));
    }
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=,@%:".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A path as text for a person.
fn shown(path: &Path) -> String {
    text::word(path.as_os_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_for_the_shell_if_it_must_be() {
        for (word, expected) in [
            ("/tmp/a.csv", "/tmp/a.csv"),
            ("/tmp/a b.csv", "'/tmp/a b.csv'"),
            ("it's/*.csv", r"'it'\''s/*.csv'"),
            ("", "''"),
            ("-new", "./-new"),
            ("-data/*/*.csv", "'./-data/*/*.csv'"),
        ] {
            assert_eq!(typed(word), expected);
        }
    }
}
