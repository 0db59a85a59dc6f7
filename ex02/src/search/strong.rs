//! Did a machine make this text, so that it may be a secret under a name that says so?
//!
//! The strictest such rule. Only a name says that this text may be a secret, and source code is full of such
//! names, and of texts that only look random.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::chance::{bits, in_words, stumps};
use crate::variables::{is_address, is_common_word, is_placeholder, is_public_key, is_uniform};

/// A hexadecimal value must be longer, because shorter ones are names of objects. In bytes.
pub const SHORTEST_HEX: usize = 24;

/// Random text in both cases has at least this many parts of one or two letters.
const FEWEST_STUMPS: usize = 3;

/// The beginning of the key that Django makes for a new project.
const DJANGO: &str = "django-insecure-";

/// Signs that are in generated passwords, and seldom in a call.
const SIGNS: [char; 9] = ['!', '@', '#', '$', '%', '^', '&', '*', '+'];

/// A generated password with brackets has at least this many of these signs.
const FEWEST_SIGNS: usize = 3;

/// The beginning of the hash of a password. A hash is not a password.
const HASHES: &str = "$ pbkdf2 argon2 bcrypt scrypt sha256 sha512";

/// How a path of a file begins, or a path in a program.
const PATHS: &str = "./ ../ ~/ @/";

/// How the names of files end in programs.
const FILES: &str = ".cjs .conf .crt .css .go .html .java .js .json .jsx .key .md .mjs .pem .php .png .py .rb .rs .sh .sql \
    .svg .toml .ts .tsx .vue .xml .yaml .yml";

/// True for a text that only a machine makes: letters and digits mixed, with few letters in words.
/// The strictest such rule, because only a name says that this text may be a secret.
pub fn is_strong(value: &str) -> bool {
    let value = value.strip_prefix(DJANGO).unwrap_or(value);
    if is_other_text(value) {
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

/// True for a template, a URL, a piece of documentation, a path, a call, or the hash of a password.
fn is_other_text(value: &str) -> bool {
    // Documentation shows the beginning of a token, or both its ends.
    let shown = value.contains("...") || is_head_of_web_token(value);
    // A call has brackets too, but few other signs.
    let signs = SIGNS.iter().filter(|it| value.contains(**it));
    let is_call = value.contains(['(', ')']) && signs.count() < FEWEST_SIGNS;
    let hash = HASHES.split(' ').any(|it| value.starts_with(it));
    shown
        || is_call
        || value.contains(['{', '}', '<', '>', '[', ']', '|'])
        || value.contains("://")
        || is_path(value)
        || (hash && value.matches('$').count() > 1)
}

/// True for the path of a file or of a module: `./src/v3/apiKeys.ts`. No secret begins or ends so.
fn is_path(value: &str) -> bool {
    let has_ending = |it: &str| value.contains('/') && value.ends_with(it);
    PATHS.split(' ').any(|it| value.starts_with(it)) || FILES.split(' ').any(has_ending)
}

/// True for the first part of a signed token, with nothing after it, or with words instead of the rest:
/// `eyJhbGciOiJIUzI1NiJ9.payload.signature`. It says only how the token is signed.
fn is_head_of_web_token(value: &str) -> bool {
    let (head, rest) = value.split_once('.').unwrap_or((value, ""));
    let head = head
        .starts_with("eyJ")
        .then(|| URL_SAFE_NO_PAD.decode(head));
    let head = head.and_then(Result::ok).unwrap_or_default();
    head.windows(5).any(|it| it == b"\"alg\"") && !is_strong(rest)
}
