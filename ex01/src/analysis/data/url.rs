//! How does an address begin?

/// Whether a protocol may have this name. Source: RFC 3986, section 3.1.
pub fn is_scheme(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(rest)
}
