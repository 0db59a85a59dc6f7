//! In which written forms does a secret occur in files and in output?

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode_byte, utf8_percent_encode};
use secrecy::zeroize::Zeroizing;

use super::json;

/// One written form of a secret. It is overwritten before it is freed, like the secret itself.
pub type Form = Zeroizing<String>;

/// The characters that each percent-encoding leaves as they are, besides letters and digits.
const PERCENT: [AsciiSet; 9] = [
    // RFC 3986, and Python's `quote` with `safe=""`.
    all_but("-._~"),
    // Python's `urllib.parse.quote`.
    all_but("-._~/"),
    // JavaScript's `encodeURIComponent` and `encodeURI`.
    all_but("-._~!'()*"),
    all_but("-._~!'()*;,/?:@&=+$#"),
    // Forms: `URLSearchParams`, Java, Ruby; and PHP's `urlencode`.
    all_but("-._*"),
    all_but("-._"),
    // A password before the `@`: `URL` of JavaScript, and Go, whose segments of a path have a set of their own.
    all_but("-._~!'()*$%&+,"),
    all_but("-._~$&+,;="),
    all_but("-._~$&+:=@"),
];

/// A set of everything except letters, digits, and these characters.
const fn all_but(kept: &str) -> AsciiSet {
    let (kept, mut at) = (kept.as_bytes(), 1);
    let mut set = NON_ALPHANUMERIC.remove(kept[0]);
    while at < kept.len() {
        set = set.remove(kept[at]);
        at += 1;
    }
    set
}

/// Characters, and how each is written instead.
pub(super) type Table = [(char, &'static str)];

/// The characters that HTML and XML escape: between tags, by most programs, by Go and Python, by PHP, by
/// templates in JavaScript.
const HTML: &[&Table] = &[
    &[],
    &[('"', "&quot;")],
    &[('"', "&quot;"), ('\'', "&#039;")],
    &[('"', "&quot;"), ('\'', "&#39;")],
    &[('"', "&#34;"), ('\'', "&#39;"), ('+', "&#43;")],
    &[
        ('"', "&quot;"),
        ('\'', "&#x27;"),
        ('/', "&#x2F;"),
        ('`', "&#x60;"),
        ('=', "&#x3D;"),
    ],
    &[('"', "&quot;"), ('\'', "&#x27;"), ('/', "&#x2F;")],
    &[('"', "&quot;"), ('\'', "&#x27;")],
    &[('"', "&quot;"), ('\'', "&apos;")],
];

/// The characters that every program escapes in HTML.
const HTML_ALWAYS: &Table = &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")];

/// The characters that a shell escapes in single quotes (two ways) and in double quotes, that YAML and SQL
/// escape in single quotes, and that most languages do, with a backslash alone or doubled.
const QUOTED: &[&Table] = &[
    &[('\'', "'\\''")],
    &[('\'', "'\"'\"'")],
    &[('"', "\\\""), ('$', "\\$"), ('`', "\\`"), ('\\', "\\\\")],
    &[('\'', "''")],
    &[('\'', "\\'")],
    &[('\'', "\\'"), ('\\', "\\\\")],
];

/// The characters that get no backslash from a careful person, from bash's and zsh's `%q`, and from Ruby.
const PLAIN: [&str; 4] = ["_-./:@%+,=", "_-./:@%+=#~", "_-./:@%+,=!~", "_-./:@+,"];

/// The forms that a person or a tool writes into a file: the secret itself, percent-encoded, base64,
/// escaped for JSON, HTML and a shell, hexadecimal digits in the other case, and as a Windows editor may
/// save it.
pub fn written(secret: &str) -> Vec<Form> {
    let mut forms = BTreeSet::from([secret.to_owned()]);
    if secret.is_ascii() {
        forms.insert(utf16_inside(secret));
    }
    let encoded = PERCENT
        .iter()
        .map(|set| utf8_percent_encode(secret, set).to_string());
    // Somebody who wants to hide a key encodes its letters too.
    let whole: String = secret.bytes().map(percent_encode_byte).collect();
    for encoded in encoded.chain([whole]) {
        // In forms.
        forms.insert(encoded.replace("%20", "+"));
        forms.insert(other_case(&encoded, "%", 2, str::to_lowercase));
        forms.insert(encoded);
    }
    forms.extend(escaped(secret));
    let is_hex = |it: u8| it.is_ascii_hexdigit() || it == b'-';
    if secret.bytes().all(is_hex) {
        forms.insert(secret.to_ascii_uppercase());
        forms.insert(secret.to_ascii_lowercase());
    }
    for shift in 0..3 {
        let encoded = base64_inside(secret, shift);
        forms.insert(encoded.replace('+', "-").replace('/', "_"));
        forms.insert(encoded);
    }
    forms.into_iter().map(Zeroizing::new).collect()
}

/// A text of other characters than ASCII as a Windows editor may save it: UTF-16, in both orders of bytes. In UTF-8, this is no
/// text.
pub fn in_utf16(secret: &str) -> Vec<Zeroizing<Vec<u8>>> {
    if secret.is_ascii() {
        return Vec::new(); // its form is among the written ones
    }
    let orders = [u16::to_le_bytes, u16::to_be_bytes];
    let form = |bytes| Zeroizing::new(secret.encode_utf16().flat_map(bytes).collect());
    orders.map(form).into()
}

/// These forms, and the forms that only a careless program prints: hexadecimal, reversed, in other
/// letters.
pub fn printed(secret: &str) -> Vec<Form> {
    let mut forms = written(secret);
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    let digits = secret
        .bytes()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    let hex: String = digits.collect();
    forms.push(Zeroizing::new(hex.to_uppercase()));
    forms.push(Zeroizing::new(hex));
    forms.push(Zeroizing::new(secret.chars().rev().collect()));
    // For the gate, capital and small letters of ASCII are the same.
    if !secret.is_ascii() {
        forms.push(Zeroizing::new(secret.to_uppercase()));
        forms.push(Zeroizing::new(secret.to_lowercase()));
    }
    forms
}

/// The secret as it is written in JSON, HTML and scripts.
fn escaped(secret: &str) -> impl Iterator<Item = String> {
    let upper = |it: &str| other_case(it, "\\u", 4, str::to_uppercase);
    let json = json::escaped(secret).flat_map(move |it| [upper(&it), it]);
    let html = HTML.iter();
    let html = html.map(|table| rewritten(secret, |c| other(c, &[HTML_ALWAYS, table])));
    let quoted = QUOTED.iter();
    let quoted = quoted.map(|table| rewritten(secret, |c| other(c, &[table])));
    let backslashes = PLAIN.iter().map(|plain| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || plain.contains(c);
        let special = |c: char| c.is_ascii() && !is_plain(c);
        rewritten(secret, |c| special(c).then(|| format!("\\{c}")))
    });
    json.chain(html).chain(quoted).chain(backslashes)
}

/// How a character is written instead. The first of these tables that knows it counts.
pub(super) fn other(c: char, tables: &[&Table]) -> Option<String> {
    let mut rows = tables.iter().copied().flatten();
    rows.find(|(it, _)| *it == c)
        .map(|(_, other)| (*other).to_owned())
}

/// A text with some characters escaped.
pub(super) fn rewritten(text: &str, other: impl Fn(char) -> Option<String>) -> String {
    let written = text
        .chars()
        .map(|c| other(c).unwrap_or_else(|| c.to_string()));
    written.collect()
}

/// A text with the digits after each of these marks in the other case, as in `%2f` or `\u003C`. Both cases
/// are common.
fn other_case(text: &str, mark: &str, digits: usize, change: fn(&str) -> String) -> String {
    let mut parts = text.split(mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(digits).unwrap_or((part, ""));
        out.push_str(mark);
        out.push_str(&change(digits));
        out.push_str(rest);
    }
    out
}

/// The part of UTF-16 that is the same in both byte orders: a NUL byte between any two characters.
fn utf16_inside(ascii: &str) -> String {
    let mut form = String::with_capacity(2 * ascii.len());
    for c in ascii.chars() {
        form.extend((!form.is_empty()).then_some('\0'));
        form.push(c);
    }
    form
}

/// The base64 characters that depend only on the secret, with `shift` bytes before it.
///
/// Base64 turns 3 bytes into 4 characters, so a text looks different at each of three positions, for
/// example in `user:password` of a header. The characters at both ends that also depend on a neighbour
/// are left out.
fn base64_inside(secret: &str, shift: usize) -> String {
    let bytes = [&vec![0; shift], secret.as_bytes()].concat();
    let encoded = STANDARD_NO_PAD.encode(&bytes);
    let first = [0, 2, 3][shift % 3];
    let past_last = bytes.len() * 8 / 6;
    encoded.get(first..past_last).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(forms: &[Form], haystack: &str) {
        assert!(
            forms.iter().any(|it| haystack.contains(it.as_str())),
            "{haystack}"
        );
    }

    #[test]
    fn percent_encoding_is_found_in_each_usual_dialect() {
        let forms = written("p@ss/w(o)rd é");
        check(&forms, "p%40ss%2Fw%28o%29rd%20%C3%A9");
        check(&forms, "p%40ss%2fw%28o%29rd%20%c3%a9");
        check(&forms, "p%40ss%2Fw(o)rd%20%C3%A9");
        check(&forms, "p%40ss/w%28o%29rd%20%C3%A9");
        // Written by JavaScript's `URLSearchParams`, `encodeURI` and `URL`, by Python's `quote_plus`, and by Go.
        let forms = written("a,b;c7:d~e2*f(g)/h=i %@$&!");
        check(
            &forms,
            "a%2Cb%3Bc7%3Ad%7Ee2*f%28g%29%2Fh%3Di+%25%40%24%26%21",
        );
        check(&forms, "a,b;c7:d~e2*f(g)/h=i%20%25@$&!");
        check(&forms, "a,b%3Bc7%3Ad~e2*f(g)%2Fh%3Di%20%%40$&!");
        check(
            &forms,
            "a%2Cb%3Bc7%3Ad~e2%2Af%28g%29%2Fh%3Di+%25%40%24%26%21",
        );
        check(&forms, "a,b;c7%3Ad~e2%2Af%28g%29%2Fh=i%20%25%40$&%21");
        check(&written("Neo#1"), "%4E%65%6F%23%31");
        check(&written("Neo#1"), "%4e%65%6f%23%31");
    }

    #[test]
    fn texts_escaped_for_json_html_and_shells_are_found() {
        let forms = written("a/b&c<d\"e'f$g\\h");
        check(&forms, r#"a/b&c<d\"e'f$g\\h"#);
        check(&forms, r#"a\/b&c<d\"e'f$g\\h"#);
        check(&forms, r#"a/b\u0026c\u003cd\"e'f$g\\h"#);
        check(&forms, r"a/b\u0026c\u003Cd\u0022e\u0027f$g\\h");
        check(&forms, r"a/b&amp;c&lt;d&quot;e&#39;f$g\h");
        check(&forms, r"a&#x2F;b&amp;c&lt;d&quot;e&#x27;f$g\h");
        check(&forms, r#"a/b&c<d"e'\''f$g\h"#);
        check(&forms, r#"a/b&c<d"e'"'"'f$g\h"#);
        check(&forms, r#"a/b&c<d\"e'f\$g\\h"#);
        check(&forms, r#"a/b\&c\<d\"e\'f\$g\\h"#);
        // bash 5.2, zsh 5.9, and Ruby's `shellescape`.
        let forms = written("a,b#c~d%e!f");
        check(&forms, r"a\,b#c~d%e\!f");
        check(&forms, r"a,b\#c~d%e!f");
        check(&forms, r"a,b\#c\~d\%e\!f");
        check(&written("zion é key"), r"zion \u00e9 key");
        check(&written("zion\nkey"), r"zion\nkey");
        let forms = written("a=b&c+d/e\"f-g_h");
        check(&forms, r#"a\u003db\u0026c+d/e\"f-g_h"#);
        check(&forms, r#"a\u003Db\u0026c+d/e\"f-g_h"#);
        check(&forms, r#"a\u003db&c+d/e\"f-g_h"#);
        check(&forms, r#"a=b&c\u002bd/e\"f-g_h"#);
        check(&forms, r#"a=b&c\u002Bd/e\"f-g_h"#);
        check(&forms, r#"a=b&c+d\u002fe\"f-g_h"#);
        check(&forms, r"a=b&c+d/e\u0022f-g_h");
        check(&forms, r"a\u003Db\u0026c+d/e\u0022f\u002Dg_h");
        let all = r"a\u003db\u0026c\u002bd\u002fe\u0022f\u002dg\u005fh";
        check(&forms, all);
        check(&forms, &other_case(all, "\\u", 4, str::to_uppercase));
        check(&written("zion é key"), "zion+%C3%A9+key");
    }

    #[test]
    fn texts_that_escape_little_are_found() {
        let forms = written("a&b\"c'd\\eé<f");
        check(&forms, "a&amp;b\"c'd\\eé&lt;f");
        check(&forms, "a&amp;b&quot;c'd\\eé&lt;f");
        check(&forms, "a&amp;b&quot;c&#039;d\\eé&lt;f");
        check(&forms, "a&b\"c\\'d\\\\eé<f");
        check(&forms, "a&b\"c\\'d\\eé<f");
        check(&forms, "a&b\\\"c'd\\\\eé<f");
        check(&written("a/b\"cé&d"), "a\\/b\\\"cé&d");
    }

    #[test]
    fn hexadecimal_digits_are_found_in_either_case() {
        check(&written("00c0ffee-badcafe"), "00C0FFEE-BADCAFE");
        check(&written("00C0FFEE-BADCAFE"), "00c0ffee-badcafe");
    }

    #[test]
    fn a_plain_key_has_few_forms() {
        // Each form is a pattern of the search, so equal forms count once.
        assert_eq!(written("51HxQzT9bWmK3vLp8RyN4cD7e").len(), 7);
    }

    #[test]
    fn base64_is_found_at_every_position() {
        let secret = "zion mainframe key?>";
        let forms = written(secret);
        for before in ["", "n", "ne", "neo", "neo:"] {
            for after in ["", "!", "!!"] {
                let text = format!("{before}{secret}{after}");
                check(&forms, &STANDARD_NO_PAD.encode(&text));
                check(
                    &forms,
                    &base64::engine::general_purpose::URL_SAFE.encode(&text),
                );
            }
        }
    }

    #[test]
    fn utf_16_is_found_in_both_byte_orders() {
        let text = "neo: wh1te-rabbit!";
        let forms = written("wh1te-rabbit");
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let file: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
            check(&forms, std::str::from_utf8(&file).unwrap());
            let file: Vec<u8> = "neo: Wäch-Hündin!".encode_utf16().flat_map(bytes).collect();
            let forms = in_utf16("Wäch-Hündin");
            assert!(
                forms
                    .iter()
                    .any(|it| memchr::memmem::find(&file, it).is_some())
            );
        }
    }

    #[test]
    fn the_gate_knows_the_forms_that_a_careless_program_prints() {
        let forms = printed("Neo#1");
        check(&forms, "4e656f2331");
        check(&forms, "4E656F2331");
        check(&forms, "1#oeN");
    }
}
