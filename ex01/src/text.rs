//! How is text put together: from outside without its power over the terminal, and numbers as people write them?

use std::ffi::OsStr;
use std::fmt::Write;
use std::io;

/// The text with every control character spelled out (`\n`, `\u{1b}`), bidirectional marks too.
pub fn shown(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_invisible(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a character shows nothing, or changes how others are shown: of no width, or a mark that makes a line read as
/// what it is not (CVE-2021-42574).
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// A path or a word of the environment; bytes that are not UTF-8 are spelled `\xff`.
pub fn os(value: &OsStr) -> String {
    let mut shown = String::with_capacity(value.len());
    for chunk in value.as_encoded_bytes().utf8_chunks() {
        shown.push_str(&self::shown(chunk.valid()));
        for byte in chunk.invalid() {
            // Writing into a String cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

/// An operating system's reason in lower case, without Rust's "(os error 2)".
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}

/// Adds a line. Writing into a String cannot fail.
pub fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{line}");
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, what: &str) -> String {
    many(count as u64, what)
}

/// `1 point`, `1,000 points`.
pub fn many(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", thousands(count))
}

/// A count with commas: 1,000,000.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from_outside: &str, expected: &str) {
        assert_eq!(shown(from_outside), expected);
    }

    #[test]
    fn only_harmless_text_passes_unchanged() {
        check("matrix env é ✓", "matrix env é ✓");
        check("a\nb\tc", r"a\nb\tc");
        check("\u{1b}[31mred", r"\u{1b}[31mred");
        check("abc\u{202e}fed", r"abc\u{202e}fed");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_spelled_out() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(
            os(OsStr::from_bytes(b"/tmp/\xff\xfeenv\x1b")),
            r"/tmp/\xff\xfeenv\u{1b}"
        );
    }
}
