//! How does the report say that the program could not do its job, and what helps?

use std::io::ErrorKind;

use crate::exit::{Misuse, Trouble};
use crate::variables::SPECS;
use crate::words::{Words, reason};

/// The hint of every usage error.
const HELP: &str = "`oracle --help` lists the flags, with an example";

/// What went wrong (in lower case, without a full stop), and what to type or to change.
pub fn said(trouble: &Trouble) -> (Words, Words) {
    match trouble {
        Trouble::NoFolder(kind) => (
            Words::from("the current folder cannot be found: ") + reason(*kind),
            "cd into a folder that exists".into(),
        ),
        Trouble::UnknownArgument(meant) => {
            let hint = match meant {
                Some(meant) => Words::from("did you mean `") + *meant + "`? " + HELP,
                None => HELP.into(),
            };
            let what = "unexpected argument (not repeated: it may be a secret)";
            (what.into(), hint)
        }
        Trouble::Flag(flag, why) => {
            let what = Words::from("`") + *flag + "`: " + misuse(*why);
            (what, HELP.into())
        }
        Trouble::NotWritten(kind) => (
            Words::from("failed to write to stdout: ") + reason(*kind),
            not_written(*kind).into(),
        ),
    }
}

/// What to do when stdout takes no text, for this reason.
fn not_written(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space, or send the output elsewhere"
        }
        ErrorKind::FileTooLarge => {
            "raise the limit that `ulimit -f` shows, or send the output elsewhere"
        }
        ErrorKind::WouldBlock => "let its reader read faster, or send the output to a file",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
            "let its reader read to the end, or send the output elsewhere"
        }
        _ => "send the output elsewhere",
    }
}

/// What is wrong with the use of a flag.
fn misuse(it: Misuse) -> Words {
    match it {
        Misuse::Twice => "given twice".into(),
        Misuse::TakesNoValue => "takes no value".into(),
        Misuse::ValueMissing => "a value must follow".into(),
        Misuse::NoSeconds => "expected a number of seconds above 0, 600 at most".into(),
        Misuse::NoColor => "expected one of auto, always, never".into(),
        Misuse::UnknownName(Some(near)) => {
            Words::from("no such variable; did you mean `") + near + "`?"
        }
        Misuse::UnknownName(None) => {
            let names = Words::joined(SPECS.iter().map(|it| it.name), ", ");
            Words::from("no such variable; expected one of ") + names
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// stdout cannot be written for this reason.
    #[track_caller]
    fn check(kind: ErrorKind, why: &str, hint: &str) {
        let (what, fix) = said(&Trouble::NotWritten(kind));
        let expected = format!("failed to write to stdout: {why}");
        assert_eq!((what.plain(), fix.plain()), (expected, hint.to_owned()));
    }

    #[test]
    fn the_hint_for_a_failed_write_fits_its_cause() {
        let space = "free some space, or send the output elsewhere";
        check(ErrorKind::StorageFull, "no space left on device", space);
        check(ErrorKind::QuotaExceeded, "disk quota exceeded", space);
        check(
            ErrorKind::FileTooLarge,
            "file too large",
            "raise the limit that `ulimit -f` shows, or send the output elsewhere",
        );
        check(
            ErrorKind::WouldBlock,
            "resource temporarily unavailable",
            "let its reader read faster, or send the output to a file",
        );
        check(
            ErrorKind::ConnectionReset,
            "connection reset by peer",
            "let its reader read to the end, or send the output elsewhere",
        );
        check(
            ErrorKind::Other,
            "the system reports an error",
            "send the output elsewhere",
        );
    }
}
