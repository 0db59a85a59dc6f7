//! How does the report say that a value differs from the meant one, and how to write the meant one?

use super::wording::{Wording, wrong};
use crate::sources::Cause;
use crate::variables::Fault;
use crate::words::Words;

/// dotenvy changed a value: why, and how to write the meant value.
pub fn changed(cause: Cause) -> Wording {
    let (what, fix) = why_changed(cause);
    let message = Words::from("dotenvy changed it: ") + what;
    wrong("changed", message, fix)
}

/// Why dotenvy changed a value, and how to write the meant value.
fn why_changed(cause: Cause) -> (&'static str, &'static str) {
    let single = "write it in single quotes";
    let replaced = "`$` is replaced by a variable, or by nothing";
    let set_it =
        "set that name on a line above; or use single quotes, if the `$` is a part of the value";
    match cause {
        Cause::Dollar => (replaced, single),
        Cause::Capitals => (replaced, set_it),
        Cause::NoSuchName => ("no line above sets the name after `$`", set_it),
        Cause::UnknownName => (
            "no line above sets the name in `${…}`, so it is replaced by nothing",
            "set that name on a line above, or write the value itself",
        ),
        Cause::CutName => (
            "after a bare `$` it reads only letters and digits, but the name is longer",
            "write the name in braces: ${NAME}",
        ),
        Cause::Default => (
            "it knows no defaults in `${…}` and reads all of it as a name",
            "write the value itself, or ${NAME} with a name that a line above sets",
        ),
        Cause::ShellOnly => (
            "it knows only names in `${…}` and reads all of it as a name",
            "write the value itself, or ${NAME} with a name that a line above sets",
        ),
        Cause::Command => (
            "it runs no command in `$(…)`",
            "write what the command would print",
        ),
        Cause::Process => (
            "the process environment sets a name in it too, and wins over the lines above",
            "take that name out of the process environment, or write the value itself",
        ),
        Cause::Unsound => (
            "it takes a part from a line above that dotenvy changed",
            "mend that line, or write the value itself",
        ),
        Cause::LineBreak | Cause::LineBreakInQuotes => (
            "`\\n` is read as a line break",
            "write it in single quotes, if it has a backslash; if a line break is meant, write one between double quotes",
        ),
        Cause::Backslash => ("`\\` is read as an escape", single),
        Cause::Quote => ("quotes inside the value are dropped", single),
        Cause::Apostrophe => (
            "quotes inside the value are dropped",
            "write it in double quotes",
        ),
        Cause::Hash => ("`#` begins a comment, what follows is dropped", single),
        Cause::Other => (
            "it is not read as it is written",
            "write it in single quotes, or set it in the process environment",
        ),
    }
}

/// A value is empty: nothing is written there, or dotenvy left nothing of it.
pub fn empty(cause: Option<Cause>, place: &Words) -> Wording {
    let what = Words::from("empty in ") + place + ": counts as missing";
    match cause.map(changed) {
        Some(said) => wrong(
            "empty",
            what + "; " + said.message,
            said.hint.unwrap_or_default(),
        ),
        None => wrong("empty", what, "give it a value, or delete it there"),
    }
}

/// Quotes, blanks or a line break surround a value.
pub fn surrounded(fault: Fault) -> Wording {
    match fault {
        Fault::Quoted => wrong(
            "quoted",
            "invalid: has quotes around it, and they count as a part of it",
            "write it without quotes: `docker run --env-file`, for example, keeps them",
        ),
        Fault::EndsWithLineBreak => wrong(
            "line-break-at-end",
            "invalid: ends with a line break",
            "write it without one: printf instead of echo, `$(cat FILE)` for a mounted secret",
        ),
        _ => wrong(
            "blanks-around",
            "invalid: has blanks around it",
            "delete the blanks before and after it",
        ),
    }
}
