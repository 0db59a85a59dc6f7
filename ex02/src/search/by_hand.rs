//! Which shapes need code of their own, because a regular expression cannot describe them or would be
//! slow on a hostile file?

use super::closely::{ascii, ends_a_word, in_word, is_elided, is_made};
use crate::variables::{
    decode, is_common_word, is_example_host, is_loopback, is_placeholder, looks_like_chance,
    may_be_in_force,
};

/// How many header lines a key block may have before the secret part: `Proc-Type: 4,ENCRYPTED`.
const MOST_HEADERS: usize = 6;

/// A shorter secret part of a key block proves nothing. In bytes.
const SHORTEST_BODY: usize = 20;

/// The shortest signature of a token that has all of it (HS256). In bytes.
const SHORTEST_SIGNATURE: usize = 43;

/// A longer signed token is looked at only up to here. In bytes.
const LONGEST_TOKEN: usize = 8 * 1024;

/// The schemes of the web. Documentation uses them to show how a password is written in a URL.
const WEB: &[&str] = &["http", "https", "ftp", "ws", "wss", "javascript"];

/// The length of a key block: `RSA PRIVATE KEY-----`, a line end (also written `\n`), and text that a
/// machine made.
pub fn private_key(rest: &[u8]) -> Option<usize> {
    let kind = ascii(rest, |it| it.is_ascii_uppercase() || it == b' ');
    let before = kind.strip_suffix(" BLOCK").unwrap_or(kind);
    let before = before.strip_suffix("PRIVATE KEY")?;
    if !before.is_empty() && !before.ends_with(' ') {
        return None;
    }
    let mut body = between_lines(rest[kind.len()..].strip_prefix(b"-----")?);
    for _ in 0..MOST_HEADERS {
        let Some(after) = after_header(body) else {
            break;
        };
        body = between_lines(after);
    }
    let base64 = |it: u8| it.is_ascii_alphanumeric() || it == b'+' || it == b'/';
    let first = ascii(body, base64);
    let end = rest.len() - body.len() + first.len();
    // All keys of a kind begin alike. Documentation shows this part only.
    let rest = &body[first.len()..];
    (first.len() >= SHORTEST_BODY && !is_elided(rest) && is_made(first)).then_some(end)
}

/// The text after line ends, in any spelling, and after the quotes around lines in a program.
fn between_lines(mut text: &[u8]) -> &[u8] {
    const ESCAPED: [&[u8]; 3] = [b"\\n", b"\\r", b"\\t"];
    let after = |text: &[u8]| match text {
        [first, ..] if b" \t\r\n\"'+,".contains(first) => 1,
        _ => 2 * usize::from(ESCAPED.iter().any(|it| text.starts_with(it))),
    };
    while after(text) > 0 {
        text = &text[after(text)..];
    }
    text
}

/// The text after a line like `Version: GnuPG v1`.
fn after_header(text: &[u8]) -> Option<&[u8]> {
    let name = ascii(text, |it| it.is_ascii_alphabetic() || it == b'-');
    let value = text[name.len()..].strip_prefix(b": ")?;
    let value = value.strip_prefix(b" ").unwrap_or(value);
    let seen = ascii(value, |it| {
        it == b' ' || (it.is_ascii_graphic() && it != b'\\')
    });
    (!name.is_empty()).then(|| &value[seen.len()..])
}

/// The length of a token `eyJ….eyJ….…`. It must begin a word, and no other token may begin inside it, so
/// a file of nothing but beginnings is searched only once.
pub fn web_token(before: &[u8], text: &[u8]) -> Option<usize> {
    if !ends_a_word(before) || before.ends_with(b".") {
        return None;
    }
    let text = &text[..text.len().min(LONGEST_TOKEN)];
    let token = ascii(text, |it| in_word(it) || it == b'.');
    let mut parts = token.split('.');
    let (head, claims) = (parts.next()?, parts.next()?);
    let signature = parts.next()?;
    let length = head.len() + claims.len() + signature.len() + 2;
    let whole = signature.len() >= SHORTEST_SIGNATURE || !is_elided(&text[length..]);
    let signed = (signature.len() >= SHORTEST_BODY && whole) || token.len() == LONGEST_TOKEN;
    let real = claims.starts_with("eyJ")
        && head.len().min(claims.len()) >= 12
        && signed
        && is_made(claims);
    real.then_some(length)
}

/// For `scheme://name:password@` around a `://`: the beginning of the password after the `://`, and its
/// length. A placeholder does not count, and a password that is also the name of the user, of the host or
/// of the database does not either.
pub fn password_in_url(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    // Most URLs have no `@`, and are done here.
    let first = rest.iter().find(|it| **it == b'@' || ends_a_name(**it));
    first.filter(|it| **it == b'@')?;
    let scheme = before
        .iter()
        .rev()
        .take_while(|it| it.is_ascii_alphanumeric() || **it == b'+')
        .count();
    let inside = ascii(rest, |it| !ends_a_name(it));
    let scheme = &before[before.len() - scheme..];
    // `redis://neo:…@a:1;neo:…@b:2/0`
    let is_list = inside.split(';').all(|it| it.contains('@'));
    let pieces = inside.split(|it| is_list && it == ';');
    let path = ascii(
        rest[inside.len()..].strip_prefix(b"/").unwrap_or_default(),
        |it| !ends_a_name(it),
    );
    let mut begin = 0;
    let mut found = pieces.map(|it| {
        let start = begin;
        begin += it.len() + 1;
        password_before_host(scheme, it, path).map(|(at, length)| (start + at, length))
    });
    found.find_map(|it| it)
}

/// The place and length of the password in `name:password@host`, before this path.
fn password_before_host(scheme: &[u8], inside: &str, path: &str) -> Option<(usize, usize)> {
    let (credentials, host) = inside.rsplit_once('@')?;
    let (user, encoded) = credentials.split_once(':')?;
    let password = decode(encoded).unwrap_or_default();
    let local = is_loopback(host.split(':').next().unwrap_or_default());
    let example = is_example_host(host.split(':').next().unwrap_or_default());
    let web = WEB
        .iter()
        .any(|it| scheme.eq_ignore_ascii_case(it.as_bytes()));
    let mut names = [user].into_iter().chain(parts(host)).chain(parts(path));
    let real = !scheme.is_empty()
        && !host.is_empty()
        && password.len() >= if web { 8 } else { 6 }
        && !is_template(&password)
        && (!is_placeholder(&password) || (!local && !web && may_be_in_force(&password)))
        && !(((local && web) || example) && !looks_like_chance(&password))
        && !is_default(&password, local || web)
        && !names.any(|it| it == password.as_str());
    real.then_some((user.len() + 1, encoded.len()))
}

/// True for a byte that ends the credentials or the host of a URL, in any kind of text.
fn ends_a_name(byte: u8) -> bool {
    let sign = matches!(
        byte,
        b'"' | b'\'' | b'`' | b'<' | b'>' | b'/' | b'?' | b'#' | b'\\' | b'|' | b',' | b'(' | b')'
    );
    sign || !byte.is_ascii_graphic()
}

/// True for a text that a program or a shell fills in: `$PASSWORD`, `%s`, `{password}`, `[password]`.
pub fn is_template(password: &str) -> bool {
    password.starts_with(['$', '%', '['])
        || password.contains(['{', '}'])
        || password.contains("$(")
        || password.contains("%(")
}

/// The names in a host or a path, and the words in them: `zion-db` and `io`, `zion` and `db` in `zion-db.io`.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.chain(text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)))
}

/// True for passwords of documentation: a common word, or one repeated letter. A name also counts, unless
/// the URL is of a database on another machine.
fn is_default(password: &str, harmless: bool) -> bool {
    let first = password.chars().next();
    let name = password.len() < 12 && password.chars().all(|c| c.is_ascii_lowercase());
    (harmless && name) || is_common_word(password) || password.chars().all(|c| Some(c) == first)
}
