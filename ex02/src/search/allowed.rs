//! Does a mark beside a place say that this is not a secret?
//!
//! The marks of gitleaks and of detect-secrets count. They silence a text that only looks like a secret,
//! never a value in force.

use std::ops::Range;

use memchr::{memchr, memmem, memrchr};

/// The mark of gitleaks for its own line.
const OF_GITLEAKS: &[u8] = b"gitleaks:allow";

/// How a mark of detect-secrets begins. A blank and other words may follow.
const PRAGMA: &[u8] = b"pragma:";

/// The marks of detect-secrets for their own line. A blank may be a `-`.
const ON_THE_LINE: &[&str] = &["allowlist secret", "whitelist secret"];

/// The marks for the line after them.
const BEFORE_THE_LINE: &[&str] = &["allowlist nextline secret", "whitelist nextline secret"];

/// The last answer. It is kept because a text may be one line full of keys.
#[derive(Default)]
pub struct Allowed {
    line: Range<usize>,
    /// The answer.
    allowed: bool,
}

impl Allowed {
    /// Is this place allowed by a mark? The caller asks in the order of the places.
    pub fn at(&mut self, text: &[u8], at: usize) -> bool {
        if !self.line.contains(&at) {
            self.line = line(text, at);
            let this = &text[self.line.clone()];
            let before = self.line.start.checked_sub(1);
            let before = before.map(|end| &text[start_of_line(text, end)..end]);
            self.allowed = memmem::find(this, OF_GITLEAKS).is_some()
                || has_pragma(this, ON_THE_LINE)
                || before.is_some_and(|it| has_pragma(it, BEFORE_THE_LINE));
        }
        self.allowed
    }
}

/// Has the line one of these marks of detect-secrets?
fn has_pragma(line: &[u8], marks: &[&str]) -> bool {
    memmem::find_iter(line, PRAGMA).any(|at| {
        let rest = &line[at + PRAGMA.len()..];
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let is = |mark: &&str| {
            let same = |(it, of): (&u8, u8)| *it == of || (of == b' ' && *it == b'-');
            rest.len() >= mark.len() && rest.iter().zip(mark.bytes()).all(same)
        };
        marks.iter().any(is)
    })
}

/// The beginning and the end of the line with this byte.
fn line(text: &[u8], at: usize) -> Range<usize> {
    let end = memchr(b'\n', &text[at..]).map_or(text.len(), |it| at + it + 1);
    start_of_line(text, at)..end
}

/// The beginning of the line with this byte.
fn start_of_line(text: &[u8], at: usize) -> usize {
    memrchr(b'\n', &text[..at]).map_or(0, |it| it + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let at = text.find('X').unwrap();
        assert_eq!(
            Allowed::default().at(text.as_bytes(), at),
            expected,
            "{text}"
        );
    }

    #[test]
    fn a_mark_counts_on_its_line_or_for_the_next_one() {
        check("X # gitleaks:allow", true);
        check("/* pragma: allowlist secret */ X", true);
        check("a\nX // pragma: whitelist secret\n", true);
        check("X // pragma:allowlist secret", true);
        check("X // pragma: allowlist-secret", true);
        check("X // pragma: allowlist", false);
        check("# pragma: allowlist-nextline-secret\nX", true);
        check("# pragma: allowlist nextline secret\nX", true);
        check("\n# pragma: allowlist nextline secret\r\nX", true);
        check("# pragma: allowlist nextline secret\n\nX", false);
        check("# gitleaks:allow\nX\n# gitleaks:allow", false);
        check("\nX # nosec", false);
    }

    #[test]
    fn all_findings_on_a_line_come_from_one_look() {
        let text = b"X X # gitleaks:allow\nX\n";
        let mut allowed = Allowed::default();
        let answers = [0, 2, 21].map(|at| allowed.at(text, at));
        assert_eq!(answers, [true, true, false]);
    }
}
