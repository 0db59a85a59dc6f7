//! Is there a token or a password in a header?
//!
//! `Authorization: Bearer …`, `Authorization: token …`, `Basic …`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::zeroize::Zeroizing;

use super::closely::ascii;
use super::commands::is_random;
use super::operators::{after_operator, past_name_of_value, past_wrapper, unfolded};
use super::strong::is_strong;

/// A shorter token is found only when it is in force. In bytes.
const SHORTEST_TOKEN: usize = 16;

/// The length of a strong token after `Bearer `. A signed token is found by its own shape.
pub fn bearer(rest: &[u8]) -> Option<usize> {
    let token = |it: u8| it.is_ascii_alphanumeric() || b"-._~+/=".contains(&it);
    let text = ascii(rest, token);
    let long = text.len() >= SHORTEST_TOKEN;
    (long && !text.starts_with("eyJ") && is_strong(text)).then_some(text.len())
}

/// The place and length of a strong token in a header `Authorization: Token …`, also without a word before it, or
/// of a password in `Authorization: Basic …`.
pub fn authorization(rest: &[u8]) -> Option<(usize, usize)> {
    // Found anywhere, by shapes of their own.
    const OWN: [&str; 4] = ["Basic ", "basic ", "Bearer ", "bearer "];
    let operated = past_name_of_value(rest).or_else(|| after_operator(rest));
    let value = past_wrapper(operated.unwrap_or(rest));
    let value = &value[ascii(value, |it| b" :=\"'\\".contains(&it)).len()..];
    let value = unfolded(value);
    let scheme = ascii(value, |it| it.is_ascii_alphabetic() || it == b'-');
    let after = &value[scheme.len()..];
    let token = after.strip_prefix(b"%20").unwrap_or(unfolded(after));
    let is_apart = token.len() < after.len();
    let own = OWN.iter().any(|it| value.starts_with(it.as_bytes()));
    if value.len() == rest.len() || own {
        return None;
    }
    let from = rest.len() - if is_apart { token } else { value }.len();
    let (more, length) = if is_apart && scheme.eq_ignore_ascii_case("basic") {
        basic(token)?
    } else {
        (0, bearer(&rest[from..])?)
    };
    Some((from + more, length))
}

/// The place and length of a name and a random password in base64: `Basic …`, `"auth": "…"`, `_auth=…`.
pub fn basic(rest: &[u8]) -> Option<(usize, usize)> {
    let pair = unfolded(&rest[ascii(rest, |it| b" :=\"'".contains(&it)).len()..]);
    let base64 = |it: u8| it.is_ascii_alphanumeric() || b"+/=".contains(&it);
    let (from, encoded) = (rest.len() - pair.len(), ascii(pair, base64));
    let pair = STANDARD_NO_PAD.decode(encoded.trim_end_matches('='));
    let pair = Zeroizing::new(pair.ok()?);
    let (_, password) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
    is_random(password).then_some((from, encoded.len()))
}
