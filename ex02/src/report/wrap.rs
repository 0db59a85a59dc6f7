//! Where does a long line break, so that it fits the screen?

use std::fmt::Write;

/// A line of text is not longer than this, unless a path is.
pub const COLUMNS: usize = 80;

/// Writes `<first> <text>`, broken between words before the line gets too long; never within one.
pub fn wrapped(
    to: &mut String,
    indent: usize,
    first: &str,
    width: usize,
    text: &str,
) -> std::fmt::Result {
    let hang = indent + width + 1;
    write!(
        to,
        "{:indent$}{first}{:pad$}",
        "",
        "",
        pad = width.saturating_sub(visible(first)) + 1
    )?;
    let mut column = hang;
    for (index, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 && column + 1 + length > COLUMNS {
            write!(to, "\n{:hang$}{word}", "")?;
            column = hang + length;
        } else {
            let blank = if index > 0 { " " } else { "" };
            write!(to, "{blank}{word}")?;
            column += length + blank.len();
        }
    }
    writeln!(to)
}

/// How many characters of a painted word are seen.
fn visible(painted: &str) -> usize {
    anstream::adapter::strip_str(painted)
        .to_string()
        .chars()
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_between_words_and_never_within_one() {
        let path = "x".repeat(90);
        let mut text = String::new();
        wrapped(
            &mut text,
            2,
            "\u{1b}[31m-\u{1b}[0m",
            1,
            &format!("{} {path} end", "word ".repeat(14).trim()),
        )
        .unwrap();
        let expected = format!(
            "  \u{1b}[31m-\u{1b}[0m {}\n    {path}\n    end\n",
            "word ".repeat(14).trim()
        );
        assert_eq!(text, expected);
    }
}
