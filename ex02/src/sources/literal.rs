//! Did dotenvy hand on what is written in the file, or something else?
//!
//! dotenvy substitutes `$NAME` everywhere but in single quotes, knows a few backslash escapes,
//! and drops quotes inside a value. It does all that silently, and a password with a `$` in it
//! becomes another password. So what follows `=` is compared with the value.

/// Which character made dotenvy change a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// `$` begins a substitution, also in the middle of a word.
    Dollar,
    /// `\` begins an escape.
    Backslash,
    /// A quote inside an unquoted value disappears.
    Quote,
    /// `#` right after `=` begins a comment.
    Hash,
    /// Something else.
    Other,
}

impl Cause {
    /// What dotenvy did, for a message: "dotenvy …".
    pub fn what(self) -> &'static str {
        match self {
            Self::Dollar => "`$` is replaced by a variable, or by nothing",
            Self::Backslash => "`\\` is read as an escape",
            Self::Quote => "quotes inside the value are dropped",
            Self::Hash => "`#` begins a comment, what follows is dropped",
            Self::Other => "it is not read as it is written",
        }
    }
}

/// Compares an entry as written (`NAME=value`, several lines perhaps) with what dotenvy made of it.
pub fn change(written: &str, value: &str) -> Option<Cause> {
    let raw = written.split_once('=').map_or("", |(_, raw)| raw);
    if says(raw, value) {
        return None;
    }
    let cause = [
        ('$', Cause::Dollar),
        ('\\', Cause::Backslash),
        ('\'', Cause::Quote),
        ('"', Cause::Quote),
        ('#', Cause::Hash),
    ];
    let found = cause.iter().find(|(c, _)| raw.contains(*c));
    Some(found.map_or(Cause::Other, |(_, cause)| *cause))
}

/// True when the text after `=` is the value, give or take one pair of quotes and a comment.
fn says(raw: &str, value: &str) -> bool {
    ["", "'", "\""].iter().any(|quote| {
        let rest = raw.trim_start().strip_prefix(quote);
        let rest = rest.and_then(|it| it.strip_prefix(value));
        rest.and_then(|it| it.strip_prefix(quote))
            .is_some_and(|rest| {
                // `A= # note` is an empty value with a comment; `A=#secret` lost its value.
                let apart = rest.starts_with(char::is_whitespace)
                    || (rest.len() < raw.len() && value.is_empty() && quote.is_empty());
                rest.trim().is_empty() || (apart && rest.trim_start().starts_with('#'))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, value: &str, expected: Option<Cause>) {
        assert_eq!(change(written, value), expected);
    }

    #[test]
    fn a_value_as_written_is_left_in_peace() {
        check("A=1", "1", None);
        check("export A = 1  # one", "1", None);
        check("A='pa$word'", "pa$word", None);
        check("A=\"two words\" # note", "two words", None);
        check("A='two\nlines'", "two\nlines", None);
        check("A=", "", None);
        check("A=''", "", None);
        check("A= # nothing", "", None);
        check("A=b#c", "b#c", None);
    }

    #[test]
    fn a_changed_value_is_noticed_with_its_cause() {
        check("A=pa$word", "pa", Some(Cause::Dollar));
        check("A=pass$", "pass", Some(Cause::Dollar));
        check("A=\"$HOME\"", "/root", Some(Cause::Dollar));
        check("A=pass\\", "pass", Some(Cause::Backslash));
        check("A=\"a\\nb\"", "a\nb", Some(Cause::Backslash));
        check("A={\"k\":1}", "{k:1}", Some(Cause::Quote));
        check("A=#secret", "", Some(Cause::Hash));
    }
}
