//! What does an address name?

use percent_encoding::percent_decode_str;

/// The path of a `file://` address, if it is on this machine and text. Source: RFC 8089, section 2.
pub fn file_path(rest: &str) -> Option<String> {
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    path.starts_with('/').then(|| decoded.into_owned())
}

/// Whether a protocol may have this name. Source: RFC 3986, section 3.1.
pub fn is_scheme(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(rest)
}
