//! Does a mark beside a place say that this is not a secret?
//!
//! The marks of gitleaks and of detect-secrets count. They silence a text that only looks like a secret,
//! never a value in force.

use std::ops::Range;

use memchr::{memchr, memmem, memrchr};

/// Marks for their own line.
const ON_THE_LINE: &[&str] = &[
    "gitleaks:allow",
    "pragma: allowlist secret",
    "pragma: whitelist secret",
];

/// A mark for the line after it.
const BEFORE_THE_LINE: &str = "pragma: allowlist nextline secret";

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
            let found = |mark: &str, it: &[u8]| memmem::find(it, mark.as_bytes()).is_some();
            let this = &text[self.line.clone()];
            self.allowed = ON_THE_LINE.iter().any(|it| found(it, this))
                || self.line.start.checked_sub(1).is_some_and(|end| {
                    found(BEFORE_THE_LINE, &text[start_of_line(text, end)..end])
                });
        }
        self.allowed
    }
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
