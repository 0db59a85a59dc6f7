//! Where does a quote that opens in a line close?

/// A quote that opens at the beginning of a value or of a name.
#[derive(Clone, Copy)]
pub struct Quoted<'a> {
    /// The lines in which it is open. When it never closes, only the first.
    pub lines: &'a str,
    /// It has a value in it and closes, and only a comment follows on that line.
    pub clean: bool,
}

/// Looks for such a quote in this text. Its first line begins an entry.
pub fn quoted(text: &str) -> Option<Quoted<'_>> {
    let mut end = end_of_line(text, 0);
    let first = text[..end].trim_start();
    let mut name = first.strip_prefix("export").unwrap_or(first).trim_start();
    // dotenvy reads `export =` as a name and knows no quoted names. python-dotenv does the opposite.
    let mut clean = !name.starts_with(['=', '\'']);
    let until = |end, clean| Quoted {
        lines: &text[..end],
        clean,
    };
    if let Some(inner) = name.strip_prefix('\'') {
        let Some(closed) = closing(text, end - inner.len(), |c, _| c == '\'') else {
            return Some(until(end, clean));
        };
        end = end_of_line(text, closed);
        name = &text[closed..end];
    }
    let value = name.split_once('=').map_or("", |(_, it)| it.trim_start());
    let Some(quote) = value.chars().next().filter(|it| ['\'', '"'].contains(it)) else {
        return (!clean).then(|| until(end, clean));
    };
    // dotenvy collects lines like this: a backslash escapes a quote, also in single quotes.
    let closes = |c, escaped: bool| c == quote && !escaped;
    match closing(text, end - value.len() + 1, closes) {
        Some(after) => {
            end = end_of_line(text, after);
            clean &= is_end(&text[after..end]);
        }
        None => clean = false,
    }
    Some(until(end, clean))
}

/// The place after the quote that closes. It opened before `from`.
fn closing(text: &str, from: usize, closes: impl Fn(char, bool) -> bool) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text[from..].char_indices() {
        if closes(c, escaped) {
            return Some(from + at + 1);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// Where the line with this place in it ends, with its line break.
pub fn end_of_line(text: &str, place: usize) -> usize {
    let rest = &text.as_bytes()[place..];
    memchr::memchr(b'\n', rest).map_or(text.len(), |it| place + it + 1)
}

/// True for text that may follow a value: nothing, or a comment after a blank.
pub fn is_end(rest: &str) -> bool {
    let comment = rest.trim_start();
    comment.is_empty() || (comment.len() < rest.len() && comment.starts_with('#'))
}

/// The value of an entry as it is written: the text in its quotes, or else the text before a comment.
/// `None`: a `${…}` or `$(…)` in it stands for another text.
pub fn value_as_written(written: &str) -> Option<&str> {
    let text = written.split_once('=')?.1.trim();
    let quote = text.chars().next().filter(|it| ['\'', '"'].contains(it));
    let quoted = quote.and_then(|quote| {
        let mut closing = text[1..].match_indices(quote);
        let (end, _) = closing.find(|(at, _)| is_end(&text[at + 2..]))?;
        Some(&text[1..=end])
    });
    let value = quoted.unwrap_or_else(|| {
        let comments = [" #", "\t#"].iter().filter_map(|it| text.find(it));
        text[..comments.min().unwrap_or(text.len())].trim_end()
    });
    let refers = ["${", "$("].iter().any(|it| value.contains(it));
    (!refers && !value.is_empty()).then_some(value)
}

/// True for an unchanged value in single quotes with `\\` in it. python-dotenv reads `\\` as `\`.
pub fn has_two_readings(written: &str, value: &str) -> bool {
    let raw = written.split_once('=').map_or("", |(_, raw)| raw);
    raw.trim_start().starts_with('\'') && value.contains("\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `lines` of the quote, with a `!` when it is not clean.
    #[track_caller]
    fn check_quoted(text: &str, expected: &str) {
        let found = quoted(text).map(|it| {
            let lines = it.lines.lines().count();
            format!("{lines}{}", if it.clean { "" } else { "!" })
        });
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
    fn a_value_is_known_as_it_is_written() {
        for (entry, expected) in [
            ("A=9kX\\nLq2  # note", Some("9kX\\nLq2")),
            ("A = pa$word", Some("pa$word")),
            ("A=#secret", Some("#secret")),
            ("A=\"a\\\"b\\nc\" # \"note\"", Some("a\\\"b\\nc")),
            ("A='x'y", Some("'x'y")),
            ("A=\"${B}\\n\"", None),
            ("A=$(pwd)", None),
        ] {
            assert_eq!(value_as_written(entry), expected, "{entry}");
        }
    }
}
