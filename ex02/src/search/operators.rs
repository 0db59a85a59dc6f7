//! Where does the value begin, after the name of a secret?
//!
//! `api_key = "…"`, `"token": "…"`, `ENV TOKEN …`, `{api_key, "…"}`, `let token = String::from("…")`.

use super::assigned::REST_OF_NAME;
use super::closely::ascii;

/// A field for the value begins so soon after the name, at most. In bytes.
const LONGEST_GAP: usize = 80;

/// What names the value that counts when nothing else is set. As in all lists here, a `|` is between two.
const DEFAULTS: &str = "default=|default:|default_value=|fallback=";

/// What comes before this value after a call with the name: `ENV.fetch("API_KEY") { "…" }`.
const FALLBACKS: &str = "{|or |?:|.default(|.orElse(|.getOrElse(|.unwrap_or(";

/// What may be around a literal: `String::from("…")`, `@"…"`, `b"…"`.
const WRAPPERS: &str = "String::from(|SecretString::from(|Secret::new(|SecretStr(|std::string(|new String(|\
    Buffer.from(|Some(|Field(default=|Field(|&|@|L|b|f|r|u";

/// The calls that name a variable and then its value.
const CALLS: &str = "define(|env(|environ.get(|setProperty(|fetch(";

/// The operators except `:` and `,`. A blank is between two, and one that begins another comes after it.
const OPERATORS: &str = "::= ||= ??= := :- => <- || ?? ?= += = >";

/// The text after the first of these words, which begins it.
fn past_one_of(words: impl IntoIterator<Item = &'static str>, text: &[u8]) -> Option<&[u8]> {
    let mut words = words.into_iter();
    words.find_map(|it| text.strip_prefix(it.as_bytes()))
}

/// The text after an operator (`=`, `:`, `:=`, `?=`, `:-`, `=>`, `,`, `>`, `||`, `??`, `<-` and the like), which may
/// follow a name with a type or a bracket.
pub fn after_operator(text: &[u8]) -> Option<&[u8]> {
    let blanks = |it: &[u8]| it.iter().take_while(|it| b" \t".contains(it)).count();
    let closing = text.iter().take_while(|it| b"\"'[])".contains(it)).count();
    let escaped = usize::from(text.starts_with(b"\\\"")) * 2;
    let mut text = text.get(closing.min(3) + escaped..)?;
    text = &text[blanks(text).min(8)..];
    let fallback = || past_one_of(FALLBACKS.split('|'), text);
    if let Some(after) = (closing > 1).then(fallback).flatten() {
        return Some(after.trim_ascii_start());
    }
    if text.starts_with(b"==") || text.starts_with(b"=~") {
        return None;
    }
    let mut after = match (past_one_of(OPERATORS.split(' '), text), text) {
        (Some(after), _) => after,
        // `setdefault("SECRET_KEY", "…")`
        (None, [b',', after @ ..]) if closing > 0 => past_default(after).unwrap_or(after),
        (None, [b':', after @ ..]) => past_type(after).unwrap_or_else(|| unfolded(after)),
        // `var token string = "…"`
        (None, [b's' | b'S', ..] | [b'A' | b'a', b's', b' ', ..]) => past_type(text)?,
        _ => return None,
    };
    after = &after[blanks(after).min(8)..];
    // JSON in a string: `\"token\": \"…\"`.
    Some(after.strip_prefix(b"\\").unwrap_or(after))
}

/// The text after blanks. A header, and a value in YAML, goes on in the next line after a blank.
pub fn unfolded(text: &[u8]) -> &[u8] {
    let past_blanks = |it: &[u8]| ascii(it, |it| b" \t".contains(&it)).len();
    let text = &text[past_blanks(text)..];
    let end = text.strip_prefix(b"\r").unwrap_or(text);
    let next = end.strip_prefix(b"\n").unwrap_or_default();
    match past_blanks(next) {
        0 => text,
        blanks => &next[blanks..],
    }
}

/// The text after the name of a field of its own, perhaps in the next line: `"name": "TOKEN", "value": "…"`.
pub fn past_name_of_value(text: &[u8]) -> Option<&[u8]> {
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

/// The text after a comma in a pair: `{api_key, "…"}`.
pub fn past_comma<'a>(before: &[u8], text: &'a [u8]) -> Option<&'a [u8]> {
    let before = before.strip_suffix(b":").unwrap_or(before);
    let after = text.strip_prefix(b",")?.trim_ascii_start();
    let is_pair = before.trim_ascii_end().ends_with(b"{") && after.starts_with(b"\"");
    is_pair.then_some(after)
}

/// The literal in a text that begins with a wrapper, or the text as it is.
pub fn past_wrapper(text: &[u8]) -> &[u8] {
    let wrappers = WRAPPERS.split('|');
    let inside = wrappers.filter_map(|it| text.strip_prefix(it.as_bytes()));
    let mut literals = inside.filter(|it| it.starts_with(b"\"") || it.starts_with(b"'"));
    literals.next().unwrap_or(text)
}

/// The text after a blank, where a blank says "is": after an option, `ENV TOKEN …`, `#define TOKEN …`, and
/// `login neo password …` in `.netrc`.
pub fn past_blanks<'a>(before: &[u8], text: &'a [u8], is_option: bool) -> Option<&'a [u8]> {
    let after = text.strip_prefix(b" ")?.trim_ascii_start();
    if is_option {
        return Some(after);
    }
    let mut words = before
        .rsplit(u8::is_ascii_whitespace)
        .filter(|it| !it.is_empty());
    let (last, one_more) = (words.next()?, words.next().unwrap_or_default());
    let sets = [&b"ENV"[..], b"setenv", b"-x", b"-gx", b"#define"].contains(&last);
    (sets || one_more == b"login").then_some(after)
}

/// True inside of a call that names a variable and then its value: `define('TOKEN', '…')`, `getenv('TOKEN', '…')`,
/// and `config('TOKEN', default='…')`.
pub fn is_named(before: &[u8], after: &[u8]) -> bool {
    let call = before.trim_ascii_end();
    let call = call
        .strip_suffix(b"'")
        .or(call.strip_suffix(b"\""))
        .unwrap_or(call);
    let call = call.trim_ascii_end();
    let argument = after.iter().position(|it| *it == b',');
    CALLS.split('|').any(|it| call.ends_with(it.as_bytes()))
        || argument.is_some_and(|at| past_default(&after[at + 1..]).is_some())
}

/// The text after `default=`.
fn past_default(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii_start();
    let after = past_one_of(DEFAULTS.split('|'), text)?;
    Some(after.trim_ascii_start())
}

/// The text after `&str =`, `string =`.
fn past_type(text: &[u8]) -> Option<&[u8]> {
    let of_type = |it: u8| it.is_ascii_alphabetic() || b" &'_:<>?.".contains(&it);
    let end = ascii(&text[..text.len().min(REST_OF_NAME)], of_type).len();
    text[end..].strip_prefix(b"=")
}
