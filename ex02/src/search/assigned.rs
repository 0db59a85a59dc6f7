//! Does a line set the name of a secret to a strong value?
//!
//! `api_key = "…"`, `"token": "…"`, `const SECRET: &str = "…"`, `PASSWORD=…`.

use super::closely::ascii;
use super::operators::{
    after_operator, is_named, past_blanks, past_comma, past_name_of_value, past_wrapper,
};
use super::strong::{SHORTEST_HEX, is_strong};
use crate::variables::{promises_secret, repeats_name, words};

/// How far a name goes on, at most, after the word in it that says "secret". In bytes.
pub const REST_OF_NAME: usize = 24;

/// How far before that word a name begins, at most. In bytes.
const BEGINNING_OF_NAME: usize = 40;

/// A shorter value is found only when it is in force. In bytes.
const SHORTEST: usize = 12;

/// A value without quotes must be longer, because it may be a name. In bytes.
const SHORTEST_BARE: usize = 16;

/// A longer value is data. In bytes.
const LONGEST: usize = 150;

/// Names that mean something else: a public key, the name of a key, or its place.
const HARMLESS: &str = "anon_key blanking cache checksum digest dummy example fake fingerprint foreign hash \
    masked md5 mock password_manager passwordmanager primary provider pub_key pubkey public publishable \
    placeholder redacted sample sha1 sha256 site_key sitekey test websocket_key";

/// The ends of such names.
const HARMLESS_ENDS: &str = "file id ids length name names path pattern prefix regex sha size suffix type \
    types uri url version";

/// Before the word that says "secret", these say that a UUID is the name of a thing: of a page, of a request, of
/// a manager of passwords.
const BEFORE_UUID: &str = "cancellation concurrency continuation correlation cursor dedup deduplication delta forgot \
    idempotence idempotency idempotent item last lookup object one page pagination partition range record resume \
    routing row scroll shard sort sync";

/// In the name of a key, these words say that it signs packages.
const OF_PACKAGES: &str = "apt gpg pgp upstream";

/// These words are also in other words: `--passthrough`, `COMPASS`, `_path`. So the whole name must promise a secret.
const SHORT: &str =
    "-pass -pwd -psk PASS _PSK _psk _PAT _pat _JWT _jwt _SALT _salt _CREDS _creds _PW _pw";

/// Before these words, any name is that of a secret: `gate_key`.
const ANY_KEY: &str = "_key _KEY iKey pikey PIKEY -Key";

/// Before other words for a key, these words say what it is for: `privateKey`, `api.key`. Others name a key of a
/// map: `item.key`, `sortKey`.
const BEFORE_KEY: &str = "access account admin api app auth client consumer crypto encrypt encryption jwt license \
    master private secret server service session shared signing subscription";

/// The place and length of a strong value after `word`, the part of a name that says "secret".
pub fn assigned(before: &[u8], word: &str, rest: &[u8]) -> Option<(usize, usize)> {
    let in_name = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_' || *it == b'-';
    let goes_on = |at: usize| match rest[at] {
        // `aws.secret.key`
        b'.' => rest.get(at + 1).is_some_and(u8::is_ascii_alphanumeric),
        byte => in_name(&byte),
    };
    let name_end = (0..rest.len()).take_while(|at| goes_on(*at)).count();
    if name_end > REST_OF_NAME {
        return None;
    }
    let name = before.iter().rev().take(BEGINNING_OF_NAME);
    let name_start = before.len() - name.take_while(|it| in_name(it)).count();
    if !says_what_for(&before[name_start..], word) {
        return None;
    }
    let (before_name, after_name) = (&before[..name_start], &rest[name_end..]);
    // `--token …`, and a line in the configuration of Redis.
    let is_option = before[name_start..].starts_with(b"-") || word == "requirepass";
    let apart = past_name_of_value(after_name)
        .or_else(|| past_blanks(before_name, after_name, is_option))
        .or_else(|| past_comma(before_name, after_name));
    let after = past_wrapper(apart.or_else(|| after_operator(after_name))?);
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
        (None, next) => next.is_none_or(|it| b"\r\n \t;,#<\"'`}".contains(it)),
    };
    // A call may have any two texts as neighbours.
    let in_call =
        apart.is_none() && after_name.get(1) == Some(&b',') && !is_named(before_name, after_name);
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
    let name = String::from_utf8_lossy(&name);
    let is_other_word = SHORT.split(' ').any(|it| it == word) && !promises_secret(&name);
    (!is_other_word && !is_harmless(&name, text)).then(|| (rest.len() - value.len(), text.len()))
}

/// True for a name, or a name with this text, that is of nothing secret.
fn is_harmless(name: &str, text: &str) -> bool {
    let words = words(name).join("_");
    let is_public = (is_uuid(text) && names_a_thing(&words))
        || (is_fingerprint(text) && names_a_key_of_packages(&words));
    let name = name.to_lowercase().replace(['-', '.'], "_");
    let has = |it: &str| name.contains(it) || words.contains(it);
    let ends_in = |it: &str| {
        let start = words.strip_suffix(it);
        start.is_some_and(|it| it.ends_with('_'))
    };
    is_public
        || HARMLESS.split(' ').any(has)
        || HARMLESS_ENDS.split(' ').any(ends_in)
        || repeats_name(&name, text)
}

/// False for the word for a key, when the name before it does not say what the key is for.
fn says_what_for(name: &[u8], word: &str) -> bool {
    let key = word
        .len()
        .checked_sub("key".len())
        .map(|at| word.split_at(at));
    let Some((end, _)) = key.filter(|(_, it)| it.eq_ignore_ascii_case("key")) else {
        return true;
    };
    // `Privat` and `eKey`, `api` and `.key`
    let name = [name, end.trim_start_matches(['.', '-']).as_bytes()].concat();
    let ends_so = |it: &str| {
        let end = name.len().checked_sub(it.len()).map(|at| &name[at..]);
        end.is_some_and(|end| end.eq_ignore_ascii_case(it.as_bytes()))
    };
    ANY_KEY.split(' ').any(|it| it == word) || BEFORE_KEY.split(' ').any(ends_so)
}

/// True for `3f2b8c1e-…`: groups of 8, 4, 4, 4 and 12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit())
}

/// True for `next_page_token` and `partition_key`: the word before the last one is one of [`BEFORE_UUID`].
fn names_a_thing(words: &str) -> bool {
    let before_last = words.rsplit('_').nth(1).unwrap_or_default();
    BEFORE_UUID.split(' ').any(|it| it == before_last)
}

/// True for 40 capital hexadecimal digits, as gpg prints the fingerprint of a key.
fn is_fingerprint(text: &str) -> bool {
    let is_digit = |it: u8| it.is_ascii_digit() || (b'A'..=b'F').contains(&it);
    text.len() == 40 && text.bytes().all(is_digit)
}

/// True for `gpg_key` and `docker__upstream_key`: what such a key signs is checked with its fingerprint.
fn names_a_key_of_packages(words: &str) -> bool {
    let of_packages = |it: &str| OF_PACKAGES.split(' ').any(|word| word == it);
    (words.ends_with("_key") || words.ends_with("_keys")) && words.split('_').any(of_packages)
}
