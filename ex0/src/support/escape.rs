//! How can text from outside be shown, so that it cannot control the terminal?

use std::fmt::Display;

use serde::Serializer;

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
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}' | '\u{1160}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// In JSON a finding is its sentence. Only the report writes sentences.
pub fn in_words<S: Serializer>(finding: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(finding)
}

/// The same for a list.
pub fn each_in_words<S: Serializer>(
    findings: &[impl Display],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(ToString::to_string))
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
    }
}
