//! How is a secret written in JSON and JavaScript?

use super::forms::{Table, other, rewritten};

/// The characters that JSON and JavaScript escape as `\u00XX`: by nobody, by Go, by Gson, by PHP and Jinja,
/// by .NET, by Django, and by careful programs. With what the program also escapes in another way.
const JSON: &[(&str, &Table)] = &[
    ("", &[]),
    ("", SLASH),
    (GO, &[]),
    (GSON, &[]),
    ("&<>'", &[]),
    ("&<>'\"", SLASH),
    ("&<>'+`\"", &[]),
    ("&<>'=-;`\"\\", &[]),
    (PUNCTUATION, &[]),
];

/// The slash, which some programs escape.
const SLASH: &Table = &[('/', "\\/")];

/// The characters that Go escapes. It leaves letters beyond ASCII alone.
const GO: &str = "&<>";

/// The characters that Gson escapes. It leaves letters beyond ASCII alone.
const GSON: &str = "&<>'=";

/// Every sign of ASCII.
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// The signs that no program escapes alone.
const PLAIN_IN_JSON: &str = "-._";

/// The characters that must be escaped in JSON, and in quotes of most languages.
const JSON_ALWAYS: &Table = &[
    ('"', "\\\""),
    ('\\', "\\\\"),
    ('\n', "\\n"),
    ('\r', "\\r"),
    ('\t', "\\t"),
];

/// The secret with its signs escaped, in each way.
pub fn escaped(secret: &str) -> impl Iterator<Item = String> {
    let json = JSON.iter().map(|(more, table)| {
        rewritten(secret, |c| {
            let beyond = !c.is_ascii() && ![GO, GSON].contains(more);
            if more.contains(c) || beyond {
                Some(in_utf16(c))
            } else {
                other(c, &[table, JSON_ALWAYS])
            }
        })
    });
    // JavaScript leaves letters beyond ASCII alone, and other programs can be told to.
    let kept = [&[], SLASH].into_iter();
    let kept = kept.map(|table| rewritten(secret, |c| other(c, &[table, JSON_ALWAYS])));
    // One sign alone: `\u003d`.
    let alone = PUNCTUATION.chars();
    let alone = alone.filter(|it| secret.contains(*it) && !PLAIN_IN_JSON.contains(*it));
    let alone = alone.map(|sign| {
        rewritten(secret, |c| {
            let others = || other(c, &[JSON_ALWAYS]);
            (c == sign).then(|| in_utf16(c)).or_else(others)
        })
    });
    json.chain(kept).chain(alone)
}

/// `\u003d`. For a character beyond 16 bits, two of them.
fn in_utf16(c: char) -> String {
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units).iter();
    units.fold(String::new(), |text, it| text + &format!("\\u{it:04x}"))
}
