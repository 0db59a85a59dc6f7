//! How can text from outside be shown, so that it cannot control the terminal?

use std::ffi::OsStr;

/// The text, with every control character and every invisible character written as an escape (`\n`, `\u{1b}`).
pub fn text(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_unseen(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Is it invisible, or does it change the order of the letters around it? Then a line can look different from what it is
/// (CVE-2021-42574). These are Unicode's category Cf, its line separators, its fillers and its tags.
pub fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}'
            | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The same for a path or a variable. Bytes that are not UTF-8 are written as `\xff`.
pub fn os(value: &OsStr) -> String {
    let chunks = value.as_encoded_bytes().utf8_chunks();
    chunks
        .map(|it| text(it.valid()) + &it.invalid().escape_ascii().to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from_outside: &str, expected: &str) {
        assert_eq!(text(from_outside), expected);
    }

    #[test]
    fn only_harmless_text_stays_the_same() {
        check("matrix env é ✓", "matrix env é ✓");
        check("a\nb\tc", r"a\nb\tc");
        check("\u{1b}[31mred", r"\u{1b}[31mred");
        check("abc\u{202e}fed", r"abc\u{202e}fed");
        check(
            "a\u{200b}b\u{61c}c\u{e0041}",
            r"a\u{200b}b\u{61c}c\u{e0041}",
        );
        check(
            "\u{890}\u{8e2}\u{110bd}\u{13430}\u{1bca0}",
            r"\u{890}\u{8e2}\u{110bd}\u{13430}\u{1bca0}",
        );
    }

    #[test]
    fn bytes_that_are_not_utf_8_become_escapes() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(
            os(OsStr::from_bytes(b"/tmp/\xff\xfeenv\x1b")),
            r"/tmp/\xff\xfeenv\u{1b}"
        );
    }
}
