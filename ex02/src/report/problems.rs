//! How is each problem of a variable or a file called, and how is it mended?

use super::wording::{Said, wrong};
use crate::config::{Problem, Wrong};
use crate::sources::{Cause, Flaw, Unreadable};
use crate::variables::{Fault, LEVELS, Malformed, SHORTEST_KEY, named};
use crate::words::{Place, Words, listed, reason};

/// A problem in words, without the name of its variable.
pub fn said(problem: &Problem) -> Said {
    let place = problem.place.as_ref().map(Words::from).unwrap_or_default();
    let fix = problem.variable.and_then(named).map_or("", |it| it.fix);
    let of_value = |it: Said| wrong(it.kind, it.message + " (" + &place + ")", hint_of(it.hint));
    let of_line = |it: Said| wrong(it.kind, place.clone() + ": " + it.message, hint_of(it.hint));
    match &problem.wrong {
        Wrong::Value(it) => of_value(fault(*it, fix)),
        Wrong::NotText => of_value(wrong("not-utf-8", "invalid: not UTF-8", fix)),
        Wrong::NothingLeft => {
            of_value(wrong("nothing-left", "invalid: nothing is left of it", fix))
        }
        Wrong::Changed(cause) if problem.variable.is_some() => {
            of_value(wrong("changed", changed(*cause), IN_QUOTES))
        }
        Wrong::Changed(_) => of_line(wrong(
            "changed",
            "the value is not what is written there, dotenvy changed it",
            IN_QUOTES,
        )),
        Wrong::FromProcess => {
            let said = wrong("substituted-from-process", FROM_PROCESS, WRITE_IT_OUT);
            if problem.variable.is_some() {
                of_value(said)
            } else {
                of_line(said)
            }
        }
        Wrong::Missing => wrong("missing", "missing: set nowhere", fix),
        Wrong::Empty(cause) => empty(*cause, &place),
        Wrong::SetTwice(lines) => {
            let lines = listed(lines.iter().map(|line| Words::from("line ") + *line));
            let what = Words::from("set twice in one file: ") + place + " counts, ";
            wrong(
                "set-twice",
                what + lines + " does not",
                "delete all but one",
            )
        }
        Wrong::Misspelt(places) => misspelt(places, problem.variable.unwrap_or_default()),
        Wrong::Unreadable(why) => of_line(unreadable(*why)),
        Wrong::LeadsOutside => of_line(leads_outside()),
        Wrong::Line(it) => of_line(flaw(*it)),
        Wrong::WithoutEffect => of_line(wrong(
            "without-effect",
            "MATRIX_MODE has no effect here, the mode chooses this file",
            "set it in .env or in the process environment",
        )),
        Wrong::NameTwice(before) => of_line(wrong(
            "set-twice",
            Words::from("set twice in one file, line ") + *before + " sets the same name",
            "delete all but one",
        )),
    }
}

/// A problem in words, with the name of its variable in front.
pub fn said_in_full(problem: &Problem) -> Said {
    let said = said(problem);
    match problem.variable {
        Some(name) => Said {
            message: Words::from(name) + ": " + said.message,
            ..said
        },
        None => said,
    }
}

/// Every problem has one.
fn hint_of(hint: Option<Words>) -> Words {
    hint.unwrap_or_default()
}

/// How to keep dotenvy from changing a value.
const IN_QUOTES: &str = "write it in single quotes";

/// What is so when dotenvy took something from the process environment.
const FROM_PROCESS: &str =
    "dotenvy put a value of the process environment into it, so nothing of it is shown or used";

/// What to do about it.
const WRITE_IT_OUT: &str = "write the value itself, in single quotes, or set the whole variable in the process environment";

/// That dotenvy changed a value, and by which character.
fn changed(cause: Cause) -> Words {
    Words::from("not what is written there: dotenvy changed it, ")
        + match cause {
            Cause::Dollar => "`$` is replaced by a variable, or by nothing",
            Cause::Backslash => "`\\` is read as an escape",
            Cause::Quote => "quotes inside the value are dropped",
            Cause::Hash => "`#` begins a comment, what follows is dropped",
            Cause::Other => "it is not read as it is written",
        }
}

/// That a value is empty: because nothing is written there, or because dotenvy left nothing of it.
fn empty(cause: Option<Cause>, place: &Words) -> Said {
    let what = Words::from("empty in ") + place + ": counts as missing";
    match cause {
        Some(cause) => wrong("empty", what + "; " + changed(cause), IN_QUOTES),
        None => wrong("empty", what, "give it a value, or delete it there"),
    }
}

/// That a name like it is set.
fn misspelt(places: &[Place], meant: &'static str) -> Said {
    let places = listed(places.iter().map(Words::from));
    let what = Words::from("a name like it stands in ") + places + ": nothing reads that one";
    let fix = Words::from("did you mean `") + meant + "`? rename it";
    wrong("misspelt", what, fix)
}

/// What is wrong with a value.
fn fault(fault: Fault, fix: &'static str) -> Said {
    let did_you_mean = |it: &'static str| Words::from("did you mean ") + it + "?";
    match fault {
        Fault::UnknownMode(near) => wrong(
            "unknown-mode",
            "invalid: must be development or production",
            near.map_or_else(
                || "nothing but these two counts, and no other value means development".into(),
                did_you_mean,
            ),
        ),
        Fault::UnknownLevel(near) => wrong(
            "unknown-level",
            Words::from("invalid: must be one of ") + Words::joined(LEVELS, ", "),
            near.map_or_else(|| fix.into(), did_you_mean),
        ),
        Fault::NoDatabase(it) => wrong(
            "malformed-url",
            Words::from("invalid: ") + malformed(it),
            "write sqlite::memory:, sqlite:path/to/file.db or postgresql://user:password@host:5432/name",
        ),
        Fault::NoEndpoint(it) => wrong(
            "malformed-url",
            Words::from("invalid: ") + malformed(it),
            "write https://host/ or, on this machine, http://localhost:8080",
        ),
        Fault::PlaceholderPassword => wrong(
            "placeholder",
            "its password is a placeholder",
            "put the real password in, percent-encoded",
        ),
        Fault::PlaceholderKey => wrong("placeholder", "a placeholder, no key", fix),
        Fault::ControlInKey => wrong(
            "control-character",
            "invalid: has a line break or another control character, which no HTTP header can carry",
            "copy the key again, without what stands around it",
        ),
        Fault::BlankInKey => wrong(
            "blank",
            "invalid: has a blank in it, which a bearer token cannot have (RFC 6750)",
            "copy the key again, without what stands around it",
        ),
        Fault::KeyBeyondAscii => wrong(
            "not-ascii",
            "invalid: has letters beyond ASCII, which a bearer token cannot have (RFC 6750)",
            "copy the key again",
        ),
        Fault::ShortKey => wrong(
            "too-short",
            Words::from("too short: a key has ") + SHORTEST_KEY + " characters or more",
            "use the key that the service gave you",
        ),
        Fault::UniformKey => wrong(
            "too-uniform",
            "too uniform: a pattern, no key",
            "use the key that the service gave you",
        ),
        Fault::Unencrypted => wrong(
            "not-encrypted",
            "invalid: must be https in production, unless on this machine",
            "write https:// in place of http://",
        ),
    }
}

/// What is wrong with a URL.
fn malformed(it: Malformed) -> Words {
    let words = match it {
        Malformed::Blank => "a blank or a backslash in it must be percent-encoded",
        Malformed::Control => "it has a line break or another control character",
        Malformed::NoSeparator => "`://` is missing",
        Malformed::NoScheme => "what stands before `://` is no scheme",
        Malformed::Ambiguous => {
            "an `@`, `/`, `?` or `#` in a name or password must be percent-encoded"
        }
        Malformed::OpenBracket => "`]` is missing after the address",
        Malformed::NoIpv6 => "what stands in brackets is no IPv6 address",
        Malformed::Host => "the host has characters that no host has",
        Malformed::AfterBracket => "after the address only `:` and a port may follow",
        Malformed::Port => "the port is no number from 1 to 65535",
        Malformed::HostMissing => "the host is missing",
        Malformed::Encoding => "a percent-encoded part is no text",
        Malformed::NotHttp => "the scheme must be http or https",
        Malformed::Characters => "it has characters that a URL must percent-encode",
        Malformed::UnknownDatabase => "the scheme is not that of a known database",
        Malformed::SqliteTwoModes => "the mode of the SQLite database is given twice",
        Malformed::SqliteCache => "the cache of an SQLite database is one of shared, private",
        Malformed::SqliteHost => {
            "an SQLite database is on this machine: after file:// comes a path that begins with /"
        }
        Malformed::SqliteMode => "the mode of an SQLite database is one of ro, rw, rwc, memory",
        Malformed::SqlitePath => "the path of the SQLite database is missing",
        Malformed::SqliteNul => "the path of the SQLite database holds a NUL byte",
        Malformed::Percent => "a `%` is followed by two hexadecimal digits; `%` itself is %25",
        Malformed::PercentNul => "`%00` stands in it, and no part may hold a NUL byte",
        Malformed::ParameterWithoutValue => "a parameter after `?` has no `=`",
        Malformed::ParameterWithTwoValues => {
            "a parameter after `?` has two `=`; in a value it is %3D"
        }
        Malformed::UnknownParameter => "it has a parameter after `?` that libpq does not know",
        Malformed::Ports => "it names neither one port for all hosts nor one for each",
        Malformed::Addresses => "it does not name one address (hostaddr) for each host",
        Malformed::NoAddress => "hostaddr is no IP address",
        Malformed::WeakMode => "sslrootcert=system goes with sslmode=verify-full only",
        Malformed::Value(name) => {
            return Words::from("the parameter ") + name + " has a value that libpq refuses";
        }
        Malformed::SqliteParameter(name) => {
            return Words::from("the parameter ") + name + " is not understood here";
        }
    };
    words.into()
}

/// Why a file was not read.
pub fn unreadable(why: Unreadable) -> Said {
    let system = |kind: std::io::ErrorKind| reason(&kind.into());
    let put_another = "move it away, then: cp .env.example .env";
    match why {
        Unreadable::Dangling => wrong(
            "dangling-link",
            "a link that points nowhere",
            "make the link point to a file, or delete it",
        ),
        Unreadable::NotOpened(kind) => wrong(
            "not-opened",
            Words::from("cannot be opened: ") + system(kind),
            "let its owner read it: chmod 600",
        ),
        Unreadable::Folder => wrong("folder", "a folder, not a file", put_another),
        Unreadable::NotRegular => wrong(
            "not-regular",
            "no regular file (a pipe, a socket or a device)",
            put_another,
        ),
        Unreadable::NotOurs => wrong(
            "other-owner",
            "belongs to another user, so it was not read",
            "look at what it says; if you want it: make it your own with chown, or run this as its owner",
        ),
        Unreadable::NotRead(kind) => wrong(
            "not-read",
            Words::from("cannot be read: ") + system(kind),
            "look at it with ls -l",
        ),
        Unreadable::TooLarge => wrong(
            "too-large",
            "larger than 1 MiB",
            "keep nothing but NAME=value lines in it",
        ),
    }
}

/// That a file is a link out of the repository.
pub fn leads_outside() -> Said {
    wrong(
        "link-outside",
        "a link to a file outside of this repository",
        "put the file itself here, if you know whose it is",
    )
}

/// What is wrong with a line.
pub fn flaw(it: Flaw) -> Said {
    match it {
        Flaw::Broken => wrong(
            "broken-line",
            "dotenvy cannot read this line",
            "write NAME='value': blanks, quotes, `$` and `\\` need single quotes",
        ),
        Flaw::UnclosedQuote => wrong(
            "unclosed-quote",
            "a quote opens here and is not closed as it should be",
            "close it, or put a value with a quote in it between quotes of the other kind",
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
        Flaw::TooMuch => wrong(
            "too-much",
            "too many substitutions by `$`, or a value that outgrows 64 KiB by them",
            "write values with `$` in single quotes",
        ),
    }
}

/// That more lines of a file are wrong than are listed.
pub fn more_lines(file: &Words, number: usize) -> Said {
    wrong(
        "more",
        file.clone() + ": and " + number + " more lines to mend",
        "is this a .env file? mend those above, then run this again",
    )
}
