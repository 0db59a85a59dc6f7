//! How does the report word each problem of a variable or a file, and how to mend it?

use super::changed::{changed, empty, surrounded};
use super::fix::fix;
use super::flaws::{flaw, leads_outside, unreadable};
use super::wording::{Wording, not_read, origin, wrong};
use crate::config::{Alike, Problem, Wrong};
use crate::sources::Origin;
use crate::variables::{Fault, LEVELS, Malformed, SHORTEST_KEY};
use crate::words::{Place, Words, listed};

/// A problem in words, without the name of its variable.
pub fn said(problem: &Problem) -> Wording {
    let place = problem.place.as_ref().map(Words::from).unwrap_or_default();
    let fix = fix(problem);
    let of_value = |it: Wording| Wording {
        message: it.message + " (" + &place + ")",
        ..it
    };
    let of_line = |it: Wording| it.about(&place);
    let of_either = |it| {
        if problem.variable.is_some() {
            of_value(it)
        } else {
            of_line(it)
        }
    };
    match &problem.wrong {
        Wrong::Value(it) => of_value(fault(*it, fix)),
        Wrong::NotText => of_value(wrong("not-utf-8", "invalid: not UTF-8", fix)),
        Wrong::NothingLeft => of_value(wrong(
            "nothing-left",
            "invalid: dotenvy left nothing of it",
            fix,
        )),
        Wrong::Changed(cause) => of_either(changed(*cause)),
        Wrong::FromProcess => of_either(wrong(
            "substituted-from-process",
            FROM_PROCESS,
            WRITE_IT_OUT,
        )),
        Wrong::Missing => wrong("missing", "missing: set nowhere", fix),
        Wrong::OtherMode(it) => other_mode(it, fix),
        Wrong::Unread(files) => unread(files),
        Wrong::Lost => wrong("lost", place + NOT_READ, "mend that line"),
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
        Wrong::Misspelt(alike) => misspelt(alike, problem.variable.unwrap_or_default()),
        Wrong::Unreadable(why, it) => of_line(unreadable(*why, &place, it.as_ref())),
        Wrong::LeadsOutside => of_line(leads_outside()),
        Wrong::Line(it) => of_line(flaw(*it)),
        Wrong::WithoutEffect => of_line(wrong(
            "without-effect",
            "MATRIX_MODE has no effect here: the mode chooses this file",
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
pub fn said_in_full(problem: &Problem) -> Wording {
    let said = said(problem);
    match problem.variable {
        Some(name) => said.about(name),
        None => said,
    }
}

/// Only a place of another mode sets it.
fn other_mode(place: &Origin, fix: Words) -> Wording {
    let set = Words::from("missing: set in ") + origin(place);
    wrong("missing", set + ", which counts in another mode only", fix)
}

/// Only files that were not read may set it.
fn unread(files: &[Place]) -> Wording {
    let what = Words::from("unknown: no place that was read sets it, and ") + not_read(files);
    let fix = Words::from("mend ") + Words::joined(files, " and ") + " first";
    wrong("unknown", what, fix)
}

/// The problem when a line with the variable was not read.
const NOT_READ: &str = " names it, but dotenvy cannot read that line";

/// The problem when dotenvy put in something from the process environment.
const FROM_PROCESS: &str =
    "dotenvy put a value of the process environment into it, so it is neither shown nor used";

/// The hint for it.
const WRITE_IT_OUT: &str = "write the value itself, in single quotes, or set the whole variable in the process environment";

/// A similar name is set.
fn misspelt(alike: &[Alike], meant: &'static str) -> Wording {
    let places = listed(alike.iter().map(|it| Words::from(&it.place)));
    let mut names: Vec<Words> = alike.iter().map(|it| (&it.name).into()).collect();
    names.dedup();
    let what =
        Words::from("a similar name is set in ") + places + ", and the program does not read it";
    let what = what + " (" + listed(names) + ")";
    let fix = Words::from("did you mean `") + meant + "`? rename it";
    wrong("misspelt", what, fix)
}

/// What is wrong with a value.
fn fault(fault: Fault, fix: Words) -> Wording {
    let did_you_mean = |it: &'static str| Words::from("did you mean ") + it + "?";
    match fault {
        Fault::UnknownMode(near) => wrong(
            "unknown-mode",
            "invalid: must be development or production",
            near.map_or_else(
                || "write one of these two: no other value means development".into(),
                did_you_mean,
            ),
        ),
        Fault::UnknownLevel => wrong(
            "unknown-level",
            Words::from("invalid: must be one of ") + Words::joined(LEVELS, ", "),
            fix,
        ),
        Fault::Quoted | Fault::EndsWithLineBreak | Fault::BlanksAround => surrounded(fault),
        Fault::PlaceholderUrl => wrong("placeholder", "a placeholder, not a URL", fix),
        Fault::NoDatabase(it @ Malformed::CapitalScheme) => wrong(
            "malformed-url",
            Words::from("invalid: ") + malformed(it),
            "write the scheme in lower case: postgresql://",
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
        Fault::PlaceholderHost => wrong("placeholder", "its host is a placeholder", fix),
        Fault::Unencrypted => wrong(
            "not-encrypted",
            "invalid: must be https in production, unless on this machine",
            "write https:// instead of http://",
        ),
        _ => of_key(fault, fix),
    }
}

/// What is wrong with a key.
fn of_key(fault: Fault, fix: Words) -> Wording {
    let use_it = "use the key that the service gave you";
    match fault {
        Fault::ControlInKey => wrong(
            "control-character",
            "invalid: has a line break or another control character, which no HTTP header can carry",
            "copy the key again, and nothing else",
        ),
        Fault::BlankInKey => wrong(
            "blank",
            "invalid: has a blank in it, which a bearer token cannot have (RFC 6750)",
            "copy the key again, and nothing else",
        ),
        Fault::KeyBeyondAscii => wrong(
            "not-ascii",
            "invalid: has characters beyond ASCII, which a bearer token cannot have (RFC 6750)",
            "copy the key again",
        ),
        Fault::KeyAfterSign => wrong(
            "second-sign",
            "invalid: begins with `=`, which a bearer token cannot do (RFC 6750)",
            "write one `=` between the name and the key",
        ),
        Fault::ShortKey => wrong(
            "too-short",
            Words::from("too short: a key has ") + SHORTEST_KEY + " characters or more",
            use_it,
        ),
        Fault::UniformKey => wrong("too-uniform", "too uniform: a pattern, not a key", use_it),
        Fault::WordsForKey => wrong("words", "words, not a key", use_it),
        _ => wrong("placeholder", "a placeholder, not a key", fix),
    }
}

/// What is wrong with a URL.
fn malformed(it: Malformed) -> Words {
    let words = match it {
        Malformed::Blank => "a blank or a backslash in it must be percent-encoded",
        Malformed::Control => "it has a line break or another control character",
        Malformed::CapitalScheme => {
            "libpq knows its scheme only in lower case, and takes this URL for the name of a database"
        }
        Malformed::NoSeparator => "`://` is missing",
        Malformed::NoScheme => "the text before `://` is not a scheme",
        Malformed::Ambiguous => {
            "an `@`, `/`, `?` or `#` in a name or password must be percent-encoded"
        }
        Malformed::OpenBracket => "`]` is missing after the address",
        Malformed::NoIpv6 => "the text in brackets is not an IPv6 address",
        Malformed::Host => "the host has characters that a host name cannot have",
        Malformed::AfterBracket => "after the address only `:` and a port may follow",
        Malformed::Port => "the port is not a number from 1 to 65535",
        Malformed::HostMissing => "the host is missing",
        Malformed::Encoding => "a percent-encoded part is not UTF-8",
        Malformed::NotHttp => "the scheme must be http or https",
        Malformed::Characters => "it has characters that a URL must percent-encode",
        Malformed::UnknownDatabase => "the scheme is not that of a known database",
        Malformed::SqliteTwoModes => "the mode of the SQLite database is given twice",
        Malformed::SqliteCache => "the cache of an SQLite database is one of shared, private",
        Malformed::SqliteHost => {
            "an SQLite database is a file on this machine: its URL has a path, and no user, password or host"
        }
        Malformed::SqliteMode => "the mode of an SQLite database is one of ro, rw, rwc, memory",
        Malformed::SqlitePath => "the path of the SQLite database is missing",
        Malformed::SqliteNul => "the path of the SQLite database has a NUL byte in it",
        Malformed::Percent => "two hexadecimal digits must follow a `%`; write `%` itself as %25",
        Malformed::PercentNul => "it has `%00` in it, and no part may have a NUL byte",
        Malformed::ParameterWithoutValue => "a parameter after `?` has no `=`",
        Malformed::ParameterWithTwoValues => {
            "a parameter after `?` has two `=`; in a value, write it as %3D"
        }
        Malformed::UnknownParameter => "it has a parameter after `?` that libpq does not know",
        Malformed::Ports => "it names neither one port for all hosts nor one for each",
        Malformed::Addresses => "it does not name one address (hostaddr) for each host",
        Malformed::NoAddress => "hostaddr is not an IP address",
        Malformed::WeakMode => "sslrootcert=system goes with sslmode=verify-full only",
        Malformed::Value(name) => {
            return Words::from("the parameter ") + name + " has a value that libpq refuses";
        }
    };
    words.into()
}
