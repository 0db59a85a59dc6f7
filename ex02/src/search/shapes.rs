//! Which well-known shapes do keys have, and is this text one?

use std::sync::OnceLock;

use regex_lite::Regex;

use crate::variables::{decode, is_common_word, is_loopback, is_placeholder, is_uniform};

/// A kind of key that can be told by its looks.
pub struct Shape {
    /// Whose key it is.
    pub name: &'static str,
    /// What the search looks for first, in every file, at the speed of memory.
    pub anchor: &'static str,
    /// What must follow from the anchor on. Asked only where the anchor was found. Empty: looked at
    /// by hand, for a file may be full of these anchors.
    pattern: &'static str,
}

/// A few kinds that are worth a search and raise no false alarm.
pub const SHAPES: &[Shape] = &[
    shape("a key of AWS", "AKIA", "^AKIA[A-Z0-9]{16}$"),
    shape("a key of AWS", "ASIA", "^ASIA[A-Z0-9]{16}$"),
    shape("a token of GitHub", "ghp_", "^ghp_[A-Za-z0-9]{36}$"),
    shape("a token of GitHub", "gho_", "^gho_[A-Za-z0-9]{36}$"),
    shape("a token of GitHub", "ghs_", "^ghs_[A-Za-z0-9]{36}$"),
    shape("a token of GitHub", "ghu_", "^ghu_[A-Za-z0-9]{36}$"),
    shape("a token of GitHub", "ghr_", "^ghr_[A-Za-z0-9]{36}$"),
    shape(
        "a token of GitHub",
        "github_pat_",
        "^github_pat_[A-Za-z0-9_]{40,}$",
    ),
    shape("a token of GitLab", "glpat-", "^glpat-[A-Za-z0-9_-]{20,}$"),
    shape("a token of Slack", "xox", "^xox[abeprs]-[A-Za-z0-9-]{20,}$"),
    shape("a key of Google", "AIza", "^AIza[A-Za-z0-9_-]{35}$"),
    shape("a key of Stripe", "sk_live_", "^sk_live_[A-Za-z0-9]{16,}$"),
    shape("a key of Stripe", "rk_live_", "^rk_live_[A-Za-z0-9]{16,}$"),
    shape(
        "a key that begins with sk-",
        "sk-",
        "^sk-[A-Za-z0-9_-]{20,}$",
    ),
    shape("a token of npm", "npm_", "^npm_[A-Za-z0-9]{36}$"),
    shape("a token of PyPI", "pypi-", "^pypi-[A-Za-z0-9_-]{50,}$"),
    shape("a token of Hugging Face", "hf_", "^hf_[A-Za-z0-9]{30,}$"),
    shape("a private key", "-----BEGIN ", ""),
    shape("a password in a URL", "://", ""),
];

/// One row of the table.
const fn shape(name: &'static str, anchor: &'static str, pattern: &'static str) -> Shape {
    Shape {
        name,
        anchor,
        pattern,
    }
}

/// How much text before and after an anchor is looked at, in bytes.
pub const REACH: usize = 512;

/// The shapes, ready to be asked.
#[derive(Default)]
pub struct Verifier {
    /// The patterns in the order of [`SHAPES`], each compiled when it is first needed: most
    /// trees have no text that begins like a key of AWS.
    patterns: [OnceLock<Option<Regex>>; SHAPES.len()],
}

impl Verifier {
    /// The compiled pattern; none where there is none.
    fn pattern(&self, shape: usize) -> Option<&Regex> {
        let compile = || match SHAPES[shape].pattern {
            "" => None,
            pattern => Regex::new(pattern).ok(),
        };
        self.patterns[shape].get_or_init(compile).as_ref()
    }

    /// Is what stands at `at` really of the shape with this index?
    pub fn confirms(&self, shape: usize, text: &[u8], at: usize) -> bool {
        let from = at.saturating_sub(REACH);
        let before = &text[from..at];
        let rest = &text[at..text.len().min(at + REACH)];
        let anchor = SHAPES[shape].anchor;
        let Some(pattern) = self.pattern(shape) else {
            return match anchor {
                "://" => password_in_url(before, rest),
                _ => private_key(rest.get(anchor.len()..).unwrap_or_default()),
            };
        };
        // `risk-`, `task-`: the anchor must begin a word.
        if before.last().is_some_and(|it| in_word(*it)) {
            return false;
        }
        let word = ascii(rest, in_word);
        let key = word.get(anchor.len()..).unwrap_or_default();
        pattern.is_match(word) && is_real(key)
    }
}

/// True for the bytes that keys consist of.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// True for `RSA PRIVATE KEY-----`, a line end, also written `\n`, and what a machine made.
fn private_key(rest: &[u8]) -> bool {
    let kind = ascii(rest, |it| it.is_ascii_uppercase() || it == b' ');
    let Some(before) = kind.strip_suffix("PRIVATE KEY") else {
        return false;
    };
    let Some(body) = rest[kind.len()..].strip_prefix(b"-----") else {
        return false;
    };
    let words = before.is_empty() || before.ends_with(' ');
    let body = body.trim_ascii_start();
    let body = body.strip_prefix(b"\\n").unwrap_or(body);
    let body = ascii(body, |it| {
        it.is_ascii_alphanumeric() || it == b'+' || it == b'/'
    });
    words && body.len() >= 20 && is_real(body)
}

/// True for what a machine made: digits among letters, no pattern, no placeholder.
fn is_real(key: &str) -> bool {
    key.contains(|c: char| c.is_ascii_digit()) && !is_placeholder(key) && !is_uniform(key)
}

/// The longest beginning that is ASCII and of these characters.
fn ascii(bytes: &[u8], of: impl Fn(u8) -> bool) -> &str {
    let end = bytes
        .iter()
        .position(|it| !it.is_ascii() || !of(*it))
        .unwrap_or(bytes.len());
    std::str::from_utf8(&bytes[..end]).unwrap_or_default()
}

/// True for `scheme://name:password@` around a `://`, unless the password is a placeholder.
fn password_in_url(before: &[u8], rest: &[u8]) -> bool {
    let scheme = before
        .iter()
        .rev()
        .take_while(|it| it.is_ascii_alphanumeric() || **it == b'+')
        .count();
    let inside = ascii(&rest[3.min(rest.len())..], |it| {
        it.is_ascii_graphic() && !b"\"'`<>/?#\\|,()".contains(&it)
    });
    let Some((credentials, host)) = inside.rsplit_once('@') else {
        return false;
    };
    let Some((user, password)) = credentials.split_once(':') else {
        return false;
    };
    let password = decode(password).unwrap_or_default();
    let local = is_loopback(host.split(':').next().unwrap_or_default());
    let scheme = &before[before.len() - scheme..];
    let web = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
    !scheme.is_empty()
        && !host.is_empty()
        && password.len() >= 6
        && !is_template(&password)
        && !is_placeholder(&password)
        && !is_default(user, &password, local || web)
}

/// True for what a program or a shell fills in: `$PASSWORD`, `%s`, `{password}`, `[password]`.
fn is_template(password: &str) -> bool {
    password.starts_with(['$', '%', '['])
        || password.contains(['{', '}'])
        || password.contains("$(")
        || password.contains("%(")
}

/// True for passwords that documentation uses: the user's name again, a common word, one letter
/// repeated, and, where no database of another machine is spoken of, a short name.
fn is_default(user: &str, password: &str, harmless: bool) -> bool {
    let first = password.chars().next();
    let short_name = password.len() < 8 && password.chars().all(|c| c.is_ascii_lowercase());
    password == user
        || (harmless && short_name)
        || is_common_word(password)
        || password.chars().all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let verifier = Verifier::default();
        let found = SHAPES.iter().enumerate().find(|(index, shape)| {
            text.match_indices(shape.anchor)
                .any(|(at, _)| verifier.confirms(*index, text.as_bytes(), at))
        });
        assert_eq!(found.map(|(_, shape)| shape.name), expected, "{text}");
    }

    /// Letters and digits that no pattern is in; made here, so that no key stands in this file.
    fn random(count: usize) -> String {
        let mut state = 7_u32;
        let letter = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_digit(state >> 27, 32).unwrap_or('x')
        };
        (0..count).map(letter).collect()
    }

    #[test]
    fn every_shape_is_recognised() {
        check(
            &format!("k = \"ghp_{}\"", random(36)),
            Some("a token of GitHub"),
        );
        check(
            &format!("k = \"AKIA{}\"", "QZ7YWM3KPLRTXN2B"),
            Some("a key of AWS"),
        );
        // AWS promises no alphabet.
        check(
            &format!("k = \"AKIA{}\"", "10Z8WM9KPLR1XN0B"),
            Some("a key of AWS"),
        );
        check(
            &format!("sk-live-{}", random(24)),
            Some("a key that begins with sk-"),
        );
        check(&format!("sk_live_{}", random(24)), Some("a key of Stripe"));
        check(&format!("xoxb-{}", random(24)), Some("a token of Slack"));
        check(&format!("AIza{}", random(35)), Some("a key of Google"));
        check(
            &format!("hf_{}", random(34)),
            Some("a token of Hugging Face"),
        );
        let key = format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n", random(64));
        check(&key, Some("a private key"));
        let key = format!("-----BEGIN PRIVATE KEY-----\\n{}", random(24));
        check(&key, Some("a private key"));
        // In two halves: this file is searched too.
        for password in [
            random(12),
            ["red", "pill"].concat(),
            ["Tr1n", "ty$k9"].concat(),
        ] {
            let text = format!("u = postgresql://neo:{password}@db:1/m");
            check(&text, Some("a password in a URL"));
        }
    }

    #[test]
    fn what_only_looks_like_one_is_left_in_peace() {
        check("ghp_", None);
        check(&format!("sk-{}", "x".repeat(30)), None);
        check("sk-your-own-key-goes-here-0123", None);
        check("the-sk-fading-circle-spinner-wrapper-2", None);
        check(&format!("task-{}", random(24)), None);
        check("AKIAIOSFODNN7EXAMPLE", None);
        check("-----BEGIN PRIVATE KEY-----\n...", None);
        check(&"-----BEGIN RSA PRIVATE KEY-----\n".repeat(50), None);
        check(
            &format!("-----BEGIN NOPRIVATE KEY-----\n{}", random(64)),
            None,
        );
        check("-----BEGIN PRIVATE KEY-----\nYourPrivateKeyGoesHere", None);
        check("-----BEGIN PUBLIC KEY-----", None);
        check("postgresql://user:password@host:5432/name", None);
        check("postgresql://{user}:{password}@{host}", None);
        check("https://zion.io/@neo:morpheus1", None);
        check("postgresql://postgres:postgres@localhost", None);
        check("postgresql://neo:trinity@localhost", None);
        check("postgresql://trinity:trinity@db:5432/m", None);
        check("https://neo:trinity@zion.example/", None);
        for template in [
            "$PASSWORD",
            "${PASSWORD}",
            "%s%s%s",
            "%(password)s",
            "[password]",
        ] {
            check(&format!("postgresql://neo:{template}@db/m"), None);
        }
    }
}
