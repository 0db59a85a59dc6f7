//! Which settings does `git -c` hand on to the programs that git starts?
//!
//! They are in one variable: `'name'='value' 'name'='value'`, before git 2.31 `'name=value'`. A `'` or `!` in a
//! name or value is written as `'\''` or `'\!'`.

use secrecy::zeroize::Zeroizing;

/// Calls `keep` with each setting that has a value, in their order. They may hold secrets. git refuses a text
/// that is not so written, and nothing after such a place is kept.
pub fn read_parameters(mut text: &str, mut keep: impl FnMut(&str, &str)) {
    while let Some((name, rest)) = unquoted(text.trim_start()) {
        text = rest;
        if let Some(rest) = rest.strip_prefix('=') {
            text = rest;
            if let Some((value, rest)) = unquoted(rest) {
                text = rest;
                keep(&name, &value);
            }
        } else if let Some((name, value)) = name.split_once('=') {
            keep(name.trim(), value);
        }
    }
}

/// The text in quotes at the beginning of this one, and the rest.
fn unquoted(text: &str) -> Option<(Zeroizing<String>, &str)> {
    // Long enough from the start, so that no part of it is left behind when it grows.
    let mut inside = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text.strip_prefix('\'')?;
    loop {
        let (part, after) = rest.split_once('\'')?;
        inside.push_str(part);
        let escaped = ["'", "!"].into_iter().find_map(|sign| {
            let after = after.strip_prefix('\\')?.strip_prefix(sign)?;
            Some((sign, after.strip_prefix('\'')?))
        });
        let Some((sign, after)) = escaped else {
            return Some((inside, after));
        };
        inside.push_str(sign);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_each_git_writes_them() {
        for (text, expected) in [
            ("'a.b'='c d' 'e.f'='g'", &["a.b:c d", "e.f:g"][..]),
            ("'a.b=c=d'  'e.f=g'", &["a.b:c=d", "e.f:g"]),
            (
                r"'a.b'='it'\''s'\!'' 'c.d=e'\''f'",
                &["a.b:it's!", "c.d:e'f"],
            ),
            ("'a.b'= 'c.d' 'e.f'=''", &["e.f:"]),
            ("'a.b'='c' d.e=f 'g.h'='i'", &["a.b:c"]),
            ("'a.b'='c", &[]),
            ("", &[]),
        ] {
            let mut found = Vec::new();
            read_parameters(text, |name, value| found.push(format!("{name}:{value}")));
            assert_eq!(found, expected, "{text}");
        }
    }
}
