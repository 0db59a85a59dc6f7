//! Does a line set the name of a secret to a strong value?
//!
//! `api_key = "…"`, `"token": "…"`, `const SECRET: &str = "…"`, `PASSWORD=…`. The rules for "strong" are
//! strict: source code is full of such names, and of texts that only look random.

use super::chance::{bits, in_words, stumps};
use super::closely::ascii;
use crate::variables::{is_address, is_common_word, is_placeholder, is_public_key, is_uniform};

/// How far a name goes on, at most, after the word in it that says "secret". In bytes.
const REST_OF_NAME: usize = 24;

/// How far before that word a name begins, at most. In bytes.
const BEGINNING_OF_NAME: usize = 40;

/// A shorter value is found only when it is in force. In bytes.
const SHORTEST: usize = 12;

/// A value without quotes must be longer, because it may be a name. In bytes.
const SHORTEST_BARE: usize = 16;

/// A hexadecimal value must be longer, because shorter ones are names of objects. In bytes.
const SHORTEST_HEX: usize = 24;

/// A longer value is data. In bytes.
const LONGEST: usize = 150;

/// A field for the value begins so soon after the name, at most. In bytes.
const LONGEST_GAP: usize = 80;

/// Random text in both cases has at least this many parts of one or two letters.
const FEWEST_STUMPS: usize = 3;

/// Names that mean something else: a public key, the name of a key, or its place.
const HARMLESS: &str = "anon_key cache checksum digest dummy example fake fingerprint foreign hash \
    md5 mock password_manager passwordmanager primary provider pub_key pubkey public publishable \
    sample sha1 sha256 site_key sitekey test";

/// The ends of such names.
const HARMLESS_ENDS: &str = "file id ids length name names path pattern prefix regex size suffix type \
    types uri url version";

/// The beginning of the key that Django makes for a new project.
const DJANGO: &str = "django-insecure-";

/// Signs that are in generated passwords, and seldom in a call.
const SIGNS: [char; 9] = ['!', '@', '#', '$', '%', '^', '&', '*', '+'];

/// A generated password with brackets has at least this many of these signs.
const FEWEST_SIGNS: usize = 3;

/// The beginning of the hash of a password. A hash is not a password.
const HASHES: &str = "$ pbkdf2 argon2 bcrypt scrypt sha256 sha512";

/// The place and length of a strong value after `word`, the part of a name that says "secret".
pub fn assigned(before: &[u8], word: &str, rest: &[u8]) -> Option<(usize, usize)> {
    let in_name = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_' || *it == b'-';
    let name_end = rest.iter().take_while(|it| in_name(it)).count();
    if name_end > REST_OF_NAME {
        return None;
    }
    let name = before.iter().rev().take(BEGINNING_OF_NAME);
    let name_start = before.len() - name.take_while(|it| in_name(it)).count();
    let (before_name, after_name) = (&before[..name_start], &rest[name_end..]);
    let apart = past_name_of_value(after_name).or_else(|| past_blanks(before_name, after_name));
    let after = apart.or_else(|| after_operator(after_name))?;
    let quote = after.first().copied().filter(|it| b"\"'`".contains(it));
    let value = &after[usize::from(quote.is_some())..];
    let text = ascii(&value[..value.len().min(LONGEST + 1)], |it| match quote {
        Some(quote) => it.is_ascii_graphic() && it != quote && it != b'\\',
        None => it.is_ascii_graphic() && !b"\"'`;,#<}\\".contains(&it),
    });
    let closed = match (quote, value.get(text.len())) {
        (Some(quote), Some(next)) => *next == quote || *next == b'\\',
        (Some(_), None) => false,
        // A quote or a brace began before the name: `"X-Api-Key: …"`, `${API_KEY:-…}`.
        (None, next) => next.is_none_or(|it| b"\r\n \t;,#<\"'}".contains(it)),
    };
    // A call may have any two texts as neighbours.
    let in_call = apart.is_none() && after_name.get(1) == Some(&b',') && !is_named(before_name);
    let shortest = if in_call {
        SHORTEST_HEX
    } else if quote.is_some() {
        SHORTEST
    } else {
        SHORTEST_BARE
    };
    if !closed || !(shortest..=LONGEST).contains(&text.len()) || !is_strong(text) {
        return None;
    }
    let name = [&before[name_start..], word.as_bytes(), &rest[..name_end]].concat();
    let name = String::from_utf8_lossy(&name)
        .to_lowercase()
        .replace('-', "_");
    let harmless = HARMLESS.split(' ').any(|it| name.contains(it))
        || HARMLESS_ENDS.split(' ').any(|it| {
            let start = name.strip_suffix(it);
            start.is_some_and(|it| it.ends_with('_'))
        });
    (!harmless).then(|| (rest.len() - value.len(), text.len()))
}

/// The text after `=`, `:`, `:=`, `:-`, `=>`, `,`, `>`, `||` or `??`, which may follow a name with a type or a bracket.
fn after_operator(text: &[u8]) -> Option<&[u8]> {
    let blanks = |it: &[u8]| it.iter().take_while(|it| b" \t".contains(it)).count();
    let closing = text.iter().take_while(|it| b"\"'])".contains(it)).count();
    let escaped = usize::from(text.starts_with(b"\\\"")) * 2;
    let mut text = text.get(closing.min(3) + escaped..)?;
    text = &text[blanks(text).min(8)..];
    let mut after = match text {
        [b'=', b'=' | b'~', ..] => return None,
        [b':', b'=' | b'-', after @ ..]
        | [b'=', b'>', after @ ..]
        | [b'|', b'|', after @ ..]
        | [b'?', b'?', after @ ..]
        | [b'=' | b'>', after @ ..] => after,
        // `setdefault("SECRET_KEY", "…")`
        [b',', after @ ..] if closing > 0 => after,
        [b':', after @ ..] => past_type(after).unwrap_or(after),
        // `var token string = "…"`
        [b's' | b'S', ..] => past_type(text)?,
        _ => return None,
    };
    after = &after[blanks(after).min(8)..];
    // JSON in a string: `\"token\": \"…\"`.
    Some(after.strip_prefix(b"\\").unwrap_or(after))
}

/// The text after the name of a field of its own, perhaps in the next line: `"name": "TOKEN", "value": "…"`.
fn past_name_of_value(text: &[u8]) -> Option<&[u8]> {
    let gap = ascii(&text[..text.len().min(LONGEST_GAP)], |it| {
        b" \t\r\n,\"'".contains(&it)
    });
    let (name, rest) = text[gap.len()..].split_at_checked(b"value".len())?;
    if gap.is_empty() || !name.eq_ignore_ascii_case(b"value") {
        return None;
    }
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest).trim_ascii_start();
    let after = rest.strip_prefix(b":").or(rest.strip_prefix(b"="))?;
    Some(after.trim_ascii_start())
}

/// The text after a blank, where a blank says "is": `ENV TOKEN …`, and `login neo password …` in `.netrc`.
fn past_blanks<'a>(before: &[u8], text: &'a [u8]) -> Option<&'a [u8]> {
    let after = text.strip_prefix(b" ")?.trim_ascii_start();
    let mut words = before
        .rsplit(u8::is_ascii_whitespace)
        .filter(|it| !it.is_empty());
    let (last, one_more) = (words.next()?, words.next().unwrap_or_default());
    let sets = [&b"ENV"[..], b"setenv", b"-x", b"-gx"].contains(&last);
    (sets || one_more == b"login").then_some(after)
}

/// True inside of a call that names a variable and then its value: `define('TOKEN', '…')`, `getenv('TOKEN', '…')`.
fn is_named(before: &[u8]) -> bool {
    let call = before.trim_ascii_end();
    let call = call
        .strip_suffix(b"'")
        .or(call.strip_suffix(b"\""))
        .unwrap_or(call);
    let calls: [&[u8]; 3] = [b"define(", b"env(", b"environ.get("];
    calls.iter().any(|it| call.trim_ascii_end().ends_with(it))
}

/// The text after `&str =`, `string =`.
fn past_type(text: &[u8]) -> Option<&[u8]> {
    let of_type = |it: u8| it.is_ascii_alphabetic() || b" &'_:<>?.".contains(&it);
    let end = ascii(&text[..text.len().min(REST_OF_NAME)], of_type).len();
    text[end..].strip_prefix(b"=")
}

/// True for a text that only a machine makes: letters and digits mixed, with few letters in words.
/// The strictest such rule, because only a name says that this text may be a secret.
pub fn is_strong(value: &str) -> bool {
    let value = value.strip_prefix(DJANGO).unwrap_or(value);
    if value.contains(['{', '}', '<', '>', '[', ']', '|']) || value.contains("://") {
        return false;
    }
    // A call has brackets too, but few other signs.
    let signs = SIGNS.iter().filter(|it| value.contains(**it));
    if value.contains(['(', ')']) && signs.count() < FEWEST_SIGNS {
        return false;
    }
    let hash = HASHES.split(' ').any(|it| value.starts_with(it));
    if hash && value.matches('$').count() > 1 {
        return false;
    }
    let bytes = value.as_bytes();
    let digits = bytes.iter().filter(|it| it.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|it| it.is_ascii_alphabetic()).count();
    let all = digits + letters;
    if digits < 1 || letters < 3 || all * 10 < bytes.len() * 6 {
        return false;
    }
    let is_hex = |it: &u8| it.is_ascii_hexdigit() || *it == b'-';
    if bytes.len() < SHORTEST_HEX && bytes.iter().all(is_hex) {
        return false;
    }
    let class = |it: u8| (it.is_ascii_digit(), it.is_ascii_uppercase());
    let inside = |it: &u8| it.is_ascii_alphanumeric() || b"-_.:/".contains(it);
    let pairs = bytes.windows(2).filter(|it| it.iter().all(inside));
    let side_by_side = |it: &&[u8]| it.iter().all(u8::is_ascii_alphanumeric);
    let beside = pairs.clone().filter(side_by_side);
    let changes = beside.filter(|it| class(it[0]) != class(it[1])).count();
    let changing = |percent: usize| changes * 100 >= pairs.clone().count() * percent;
    let has = |of: fn(&u8) -> bool| bytes.iter().any(of);
    let one_case = !has(u8::is_ascii_uppercase) || !has(u8::is_ascii_lowercase);
    let noise = all - in_words(bytes);
    let mostly_noise = noise * 100 >= all * 75;
    // Words have no parts of one or two letters, and names of types have few. In random text, more than
    // half of the parts are so short.
    let fewest = if one_case && (digits > 1 || mostly_noise) {
        0
    } else if mostly_noise {
        FEWEST_STUMPS - 1
    } else if digits == 1 {
        FEWEST_STUMPS + 1
    } else {
        FEWEST_STUMPS
    };
    let mixed = changing(22) && noise * 100 >= all * 45;
    (mixed || (mostly_noise && changing(15)))
        && noise >= 8
        && stumps(value) >= fewest
        && bits(bytes) >= 3.1
        && !is_public_key(value)
        && !is_address(value)
        && !is_placeholder(value)
        && !is_uniform(value)
        && !is_common_word(value)
}
