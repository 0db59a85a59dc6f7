//! How does the report say what is wrong with a file or a line of it, and how to mend it?

use std::io::ErrorKind;

use super::wording::{Wording, wrong};
use crate::sources::{Flaw, Unreadable};
use crate::words::{Place, Words, reason};

/// Why a file could not be read. `example`: what can be copied in its place.
pub fn unreadable(why: Unreadable, file: &Words, example: Option<&Place>) -> Wording {
    let put_another = || match example {
        Some(example) => {
            let copy = Words::from("move it away, then: cp ") + example + " " + file;
            copy + " && chmod 600 " + file
        }
        None => "move it away: only a file of NAME=value lines may have this name".into(),
    };
    match why {
        Unreadable::NotSeen(kind) => wrong(
            "not-seen",
            Words::from("the oracle could not look whether it is there: ") + reason(kind),
            "give this user the right to enter the folder: the x in ls -ld",
        ),
        Unreadable::Dangling => wrong(
            "dangling-link",
            "a link that points nowhere",
            "make the link point to a file, or delete it",
        ),
        Unreadable::NotFollowed(kind) => wrong(
            "not-followed",
            Words::from("a link, and the oracle could not look where it leads: ") + reason(kind),
            "put the file itself here, if you know whose it is",
        ),
        Unreadable::NotOpened(kind) => wrong(
            "not-opened",
            Words::from("cannot be opened: ") + reason(kind),
            open_it(kind, file),
        ),
        Unreadable::Folder => wrong("folder", "a folder, not a file", put_another()),
        Unreadable::NotRegular => wrong(
            "not-regular",
            "not a regular file (a pipe, a socket or a device)",
            put_another(),
        ),
        Unreadable::NotOurs => wrong(
            "other-owner",
            "belongs to another user, so it was not read",
            "read it first; if you want it, make it your own with chown, or run this as its owner",
        ),
        Unreadable::NotRead(kind) => wrong(
            "not-read",
            Words::from("cannot be read: ") + reason(kind),
            "look at it with ls -l",
        ),
        Unreadable::TooLarge => wrong(
            "too-large",
            "larger than 1 MiB",
            "keep only NAME=value lines in it",
        ),
    }
}

/// What to do with a regular file that the system does not open for this reason.
pub fn open_it(kind: ErrorKind, file: &Words) -> Words {
    if kind == ErrorKind::PermissionDenied {
        let command = Words::from("chmod u+r ") + file;
        Words::command(command, "let its owner read it (chmod u+r)")
    } else {
        "look at it with ls -l".into()
    }
}

/// A file is a link to a place outside the repository.
pub fn leads_outside() -> Wording {
    wrong(
        "link-outside",
        "a link to a file outside this repository",
        "put the file itself here, if you know whose it is",
    )
}

/// What is wrong with a line.
pub fn flaw(it: Flaw) -> Wording {
    match it {
        Flaw::Broken => wrong(
            "broken-line",
            "dotenvy cannot read this line",
            "write NAME='value': blanks, quotes, `$` and `\\` need single quotes",
        ),
        Flaw::NoEquals => wrong(
            "broken-line",
            "dotenvy cannot read this line: it has no `=`",
            "write NAME='value'; or begin the line with `#`, if it is a comment",
        ),
        Flaw::BrokenName(meant) => {
            let usual =
                "a name has only letters of ASCII, digits and `_`, and begins with no digit";
            let fix = match meant {
                Some(meant) => Words::from("did you mean `") + meant + "`? " + usual,
                None => usual.into(),
            };
            let what = "dotenvy cannot read this line: the text before the `=` is not a name";
            wrong("broken-line", what, fix)
        }
        Flaw::UnclosedQuote => wrong(
            "unclosed-quote",
            "a quote opens here and is not closed correctly",
            "close it; for a value with a quote in it, use the other kind of quotes",
        ),
        Flaw::NotText => wrong("not-utf-8", "not UTF-8", "save the file as UTF-8"),
        Flaw::Nul => wrong("nul", "a NUL byte", "delete it; a value cannot hold one"),
        Flaw::LoneReturn => wrong(
            "lone-return",
            "a carriage return in the middle of the line",
            "save the file with Unix line ends",
        ),
        Flaw::TwoBackslashes => wrong(
            "two-backslashes",
            "`\\\\` in single quotes is two characters for dotenvy, one for python-dotenv",
            "write one where one is meant; no value with two in a row is safe everywhere",
        ),
        Flaw::NameBeforeQuote => wrong(
            "broken-line",
            "dotenvy cannot read this line: a name after a bare `$` ends at a quote",
            "write the name in braces: \"${NAME}\"; or use single quotes, if the `$` is a part of the value",
        ),
        Flaw::TooMuch => wrong(
            "too-much",
            "too many substitutions by `$` in this file, or too large ones",
            "write values with `$` in single quotes",
        ),
    }
}

/// More lines of a file are wrong than the report lists.
pub fn more_lines(file: &Words, number: usize) -> Wording {
    wrong(
        "more",
        file.clone() + ": and " + number + " more lines to mend",
        "is this a .env file? mend those above, then run this again",
    )
}
