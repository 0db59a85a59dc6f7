//! Where does a long line break, so that it fits on the screen?

use std::fmt::Write;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm, fill};

/// The longest line of text. Only a long path makes it longer.
pub const COLUMNS: usize = 80;

/// Writes `<first> <text>`. Breaks long lines between words, never inside a word. `first` may be painted.
pub fn wrapped(to: &mut String, indent: usize, first: &str, text: &str) -> std::fmt::Result {
    let beginning = format!("{:indent$}{first} ", "");
    let hang = " ".repeat(textwrap::core::display_width(&beginning));
    let options = Options::new(COLUMNS)
        .initial_indent(&beginning)
        .subsequent_indent(&hang)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    writeln!(to, "{}", fill(text, options))
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
