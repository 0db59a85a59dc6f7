//! Which values in a text stand behind the name of a secret?
//!
//! `Server=db;Password=…`, `host=db password='…'`, `h:6379,password=…`, `{"password": "…"}`. No grammar needs
//! to be known: the name in front of a sign decides, as it does for a variable.

use std::collections::HashSet;
use std::ops::Range;

use super::name::promises_secret;
use super::url::{decode, with_decoded};
use crate::secret::Secret;

/// What may stand between two pairs, in one grammar or another.
const SEPARATORS: &[char] = &[';', '&', ',', '#', ' ', '\t', '\n', '\r'];

/// A longer name is none. In bytes.
const LONGEST_NAME: usize = 64;

/// A longer value is cut. In bytes. So a text full of names takes no more than its own length in time.
const LONGEST_VALUE: usize = 1024;

/// Of a value that may end sooner, a shorter beginning is no secret of its own. In bytes.
const SHORTEST_BEGINNING: usize = 8;

/// The values behind the names of secrets in a text, also when the text is percent-encoded. As they are written
/// and decoded, each once.
pub fn named_secrets(text: &str) -> Vec<Secret> {
    let decoded = decode(text).filter(|it| it.as_str() != text);
    let mut found: Vec<Secret> = Vec::new();
    for text in [text].into_iter().chain(decoded.as_deref().map(|it| &**it)) {
        found.extend(with_decoded(values(text).into_iter()));
    }
    found.sort_by(|one, other| one.expose().cmp(other.expose()));
    found.dedup_by(|one, other| one.expose() == other.expose());
    found
}

/// Adds the secrets that are not there yet.
pub fn add_new(to: &mut Vec<Secret>, more: Vec<Secret>) {
    let known: HashSet<&str> = to.iter().map(Secret::expose).collect();
    let is_new = |it: &Secret| !known.contains(it.expose());
    let new: Vec<Secret> = more.into_iter().filter(is_new).collect();
    to.extend(new);
}

/// The values behind the names of secrets in a text, as they are written.
fn values(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut past = 0;
    for (at, sign) in text.match_indices(['=', ':']) {
        if at < past || !is_name_of_secret(&text[..at], sign, &text[at + 1..]) {
            continue;
        }
        let values = values_at(text, at + 1);
        found.extend(values.iter().map(|it| &text[it.clone()]));
        past = values.last().map_or(at, |it| it.end);
    }
    found
}

/// True when a text ends with the name of a secret before this sign. A colon is such a sign after a quote or
/// before a blank: `"password":"…"`, `password: …`.
fn is_name_of_secret(before: &str, sign: &str, after: &str) -> bool {
    let bare = before.trim_end_matches([' ', '"', '\'', '\\']);
    let is_quoted = before.trim_end().len() > bare.len();
    let start = bare.bytes().rev().take(LONGEST_NAME + 1);
    let start = start.take_while(|it| it.is_ascii_alphanumeric() || b"_-.".contains(it));
    let name = &bare[bare.len() - start.count()..];
    (sign == "=" || is_quoted || after.starts_with(' '))
        && name.len() <= LONGEST_NAME
        && promises_secret(name)
}

/// Where the value is that begins at this place. A value without quotes may end at several places. Then it has
/// several ranges, and the shortest comes last.
fn values_at(text: &str, at: usize) -> Vec<Range<usize>> {
    let rest = &text[at..];
    let rest = &rest[..rest.floor_char_boundary(LONGEST_VALUE)];
    let value = rest.trim_start_matches([' ', '\\', '[']);
    let start = at + rest.len() - value.len();
    let from = |skip: usize, length: usize| start + skip..start + skip + length;
    if let Some(quote) = value.chars().next().filter(|it| ['"', '\''].contains(it)) {
        let inside = value[1..].split(quote).next().unwrap_or_default();
        return vec![from(1, inside.trim_end_matches('\\').len())];
    }
    if let Some(inside) = value.strip_prefix('{') {
        let inside = inside.split('}').next().unwrap_or_default();
        // Pairs in braces are found one by one.
        let is_one = !inside.contains(['"', ':', '=']);
        return is_one.then(|| from(1, inside.len())).into_iter().collect();
    }
    let signs = || value.match_indices(SEPARATORS).map(|(at, _)| at);
    let whole = signs().find(|it| begins_a_pair(&value[it + 1..]));
    let whole = whole.unwrap_or(value.len());
    let first = signs().next().unwrap_or(whole).min(whole);
    let shorter = (first < whole && first >= SHORTEST_BEGINNING).then(|| from(0, first));
    [from(0, whole)].into_iter().chain(shorter).collect()
}

/// True when nothing follows, or a name and its sign.
fn begins_a_pair(text: &str) -> bool {
    let text = text.trim_start_matches(SEPARATORS);
    let in_name = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    let end = text.find(|c| !in_name(c)).unwrap_or(text.len());
    text.is_empty() || (end > 0 && text[end..].starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_before_a_sign_decides_in_every_grammar() {
        for place in [
            "Server=db;User Id=sa;Password={}",
            "Server=db;User Id=sa;Password={};",
            "Server=db;Pwd={};Encrypt",
            "host=db user=neo password='{}' sslmode=require",
            "host=db password={} dbname=m",
            "jdbc:postgresql://h/m?user=neo&password={}",
            "jdbc:sqlserver://h;user=neo;password={{}};encrypt=true",
            "mssql:///?odbc_connect=DRIVER%3DODBC%3BUID%3Dsa%3BPWD%3D{}%3B",
            "h:6379,password={},ssl=True",
            "h:6379,password={},resolveDns",
            "AccountName=zion;AccountKey={};EndpointSuffix=zion.example",
            "Endpoint=sb://z/;SharedAccessKeyName=r;SharedAccessKey={}",
            "api-key={},x-zion=1",
            "Login required username=\"neo\" password=\"{}\";",
            "{\"user\": \"neo\", \"password\": \"{}\"}",
            "{\\\"password\\\":\\\"{}\\\"}",
            "md:x?motherduck_token={}",
            "{\"secrets\": {\"token\": [\"{}\"]}}",
            "-Dzion.password={} -Xmx1g",
        ] {
            // Not written out, because the oracle searches this file too.
            let text = place.replace("{}", "wh1te-R4bbit");
            let found = named_secrets(&text);
            let found: Vec<&str> = found.iter().map(Secret::expose).collect();
            assert!(found.contains(&"wh1te-R4bbit"), "{text}: {found:?}");
        }
        for text in [
            "Server=db;User Id=sa;Password Length=12",
            "--max-old-space-size=4096",
            "see http://a:1 or neo@zion",
            "token:wh1te-R4bbit",
            "key",
            "=wh1te-R4bbit",
        ] {
            assert!(named_secrets(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_value_may_have_the_separators_of_other_grammars_in_it() {
        let found = named_secrets("Password=wh1te,R4bbit and;Server=db");
        let found: Vec<&str> = found.iter().map(Secret::expose).collect();
        assert_eq!(found, ["wh1te,R4bbit and"]);
    }

    #[test]
    fn a_text_full_of_names_is_read_in_one_pass() {
        for piece in ["key=", "key={", "\"key\":", "key=;", "key=a,", "%3Dkey"] {
            let length: usize = named_secrets(&piece.repeat(10_000))
                .iter()
                .map(|it| it.expose().len())
                .sum();
            assert!(length <= 4 * 60_000, "{piece}: {length}");
        }
    }
}
