//! How is text that comes from outside shown without giving it power over the terminal?

use std::ffi::OsStr;
use std::fmt::Write;

/// The text with every character spelled out (`\n`, `\u{1b}`) that a terminal obeys or nobody sees.
pub fn text(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || reorders_or_hides(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// True for characters that make a line read as what it is not (CVE-2021-42574), or that hide in it:
/// marks of direction, line separators, characters without width, tags, variation selectors.
fn reorders_or_hides(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e01ef}')
}

/// A path or a word of the environment; bytes that are not UTF-8 are spelled `\xff`.
pub fn os(value: &OsStr) -> String {
    let mut shown = String::with_capacity(value.len());
    for chunk in value.as_encoded_bytes().utf8_chunks() {
        shown.push_str(&text(chunk.valid()));
        for byte in chunk.invalid() {
            // Writing into a String cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from_outside: &str, expected: &str) {
        assert_eq!(text(from_outside), expected);
    }

    #[test]
    fn only_harmless_text_passes_unchanged() {
        check("matrix env é ✓", "matrix env é ✓");
        check("a\nb\tc", r"a\nb\tc");
        check("\u{1b}[31mred", r"\u{1b}[31mred");
        check("abc\u{202e}fed", r"abc\u{202e}fed");
        check("a\u{9b}b\u{200b}c\u{feff}", r"a\u{9b}b\u{200b}c\u{feff}");
        check("x\u{e0041}\u{2028}\u{61c}", r"x\u{e0041}\u{2028}\u{61c}");
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
