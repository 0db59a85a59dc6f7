//! Did dotenvy hand on what is written in the file, or something else?
//!
//! dotenvy substitutes `$NAME` everywhere but in single quotes, knows a few backslash escapes,
//! and drops quotes inside a value. It does all that silently, and a password with a `$` in it
//! becomes another password. So what follows `=` is compared with the value.

use std::iter;

use super::supply::Line;

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

/// The names that dotenvy may have substituted in an entry. After a `$` it takes letters and digits
/// (not `_`), and between braces everything.
pub fn substituted(written: &str) -> impl Iterator<Item = &str> {
    let after = written.split('$').skip(1);
    let names = after.map(|rest| {
        if let Some(braced) = rest.strip_prefix('{') {
            return braced.split('}').next().unwrap_or_default();
        }
        let end = rest.find(|c: char| !c.is_alphanumeric());
        &rest[..end.unwrap_or(rest.len())]
    });
    names.filter(|it| !it.is_empty())
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
                let empty = value.is_empty() && quote.is_empty() && rest.len() < raw.len();
                is_end(rest) || (empty && rest.starts_with('#'))
            })
    })
}

/// True for what may follow a value: nothing, or a comment after a blank.
fn is_end(rest: &str) -> bool {
    let comment = rest.trim_start();
    comment.is_empty() || (comment.len() < rest.len() && comment.starts_with('#'))
}

/// True for an unchanged value in single quotes with `\\` in it, which python-dotenv reads as `\`.
pub fn has_two_readings(written: &str, value: &str) -> bool {
    let raw = written.split_once('=').map_or("", |(_, raw)| raw);
    raw.trim_start().starts_with('\'') && value.contains("\\\\")
}

/// A quote that opens where a value begins, or a name.
#[derive(Clone, Copy)]
pub struct Quoted {
    /// Up to which line it is open, as a count of lines; what never closes does not count.
    pub lines: usize,
    /// It holds a value, closes, and nothing but a comment follows on that line.
    pub clean: bool,
}

/// Looks for such a quote in lines of which the first begins an entry.
pub fn quoted(lines: &[Line]) -> Option<Quoted> {
    let mut found = Quoted {
        lines: 1,
        clean: true,
    };
    let first = lines.first()?.trim_start();
    let mut name = first.strip_prefix("export").unwrap_or(first).trim_start();
    // dotenvy takes `export =` for a name and knows no quoted names; with python-dotenv it is the
    // other way round.
    if name.starts_with(['=', '\'']) {
        found.clean = false;
    }
    if let Some(text) = name.strip_prefix('\'') {
        let Some((index, rest)) = closing(lines, 0, text, |c, _| c == '\'') else {
            return Some(found);
        };
        (found.lines, name) = (index + 1, rest);
    }
    let Some((_, value)) = name.split_once('=') else {
        return Some(found).filter(|it| !it.clean);
    };
    let value = value.trim_start();
    let Some(quote) = value.chars().next().filter(|it| ['\'', '"'].contains(it)) else {
        return Some(found).filter(|it| !it.clean);
    };
    // dotenvy gathers lines like this: a backslash guards a quote, in single quotes too.
    let closes = |c, escaped: bool| c == quote && !escaped;
    match closing(lines, found.lines - 1, &value[1..], closes) {
        Some((index, rest)) => {
            found.lines = index + 1;
            found.clean &= is_end(rest);
        }
        None => found.clean = false,
    }
    Some(found)
}

/// The line on which a quote closes, and what follows it there. `text` is what follows the opening
/// quote on line `index`.
fn closing<'a>(
    lines: &'a [Line],
    index: usize,
    text: &'a str,
    closes: impl Fn(char, bool) -> bool,
) -> Option<(usize, &'a str)> {
    let later = lines
        .iter()
        .map(|it| it.as_str())
        .enumerate()
        .skip(index + 1);
    let mut escaped = false;
    for (index, text) in iter::once((index, text)).chain(later) {
        for (at, c) in text.char_indices() {
            if closes(c, escaped) {
                return Some((index, &text[at + 1..]));
            }
            escaped = c == '\\' && !escaped;
        }
    }
    None
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

    /// `lines`, with a `!` when the quote is not clean.
    #[track_caller]
    fn check_quoted(text: &str, expected: &str) {
        let lines: Vec<Line> = text
            .split_inclusive('\n')
            .map(|it| Line::new(it.to_owned()))
            .collect();
        let found =
            quoted(&lines).map(|it| format!("{}{}", it.lines, if it.clean { "" } else { "!" }));
        assert_eq!(found.unwrap_or_default(), expected);
    }

    #[test]
    fn a_quote_is_followed_to_where_it_closes() {
        check_quoted("A=1  # don't\nB='2'\n", "");
        check_quoted("A='1'\n", "1");
        check_quoted("export A = 'two\nlines' # note\nB=1\n", "2");
        check_quoted("A=\"two\n\\\"lines\"\n", "2");
        check_quoted("A='two\nlines'# note\n", "2!");
        check_quoted("A='two\nlines' 'more\n'\n", "2!");
        check_quoted("A='open\nB=1\n", "1!");
        check_quoted("export = 'two\nlines'\n", "2!");
        check_quoted("'A'=\"two\nlines\"\n", "2!");
        check_quoted("'\nA='1'\n", "2!");
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

    #[test]
    fn the_names_that_dotenvy_substitutes_are_found() {
        let names: Vec<&str> = substituted("A=x$NEO_1${TRI_NITY}-$$x\\$y$").collect();
        assert_eq!(names, ["NEO", "TRI_NITY", "x", "y"]);
    }
}
