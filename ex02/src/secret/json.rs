//! How is a secret written in JSON and JavaScript?

use super::forms::{known, rewritten};

/// The characters that JSON and JavaScript escape as `\u00XX`: by nobody, by Go, by Gson, by PHP and Jinja,
/// by .NET, by Django, and by careful programs. Does the program also escape the slash, as `\/`?
const JSON: &[(&str, bool)] = &[
    ("", false),
    ("", true),
    (GO, false),
    (GSON, false),
    ("&<>'", false),
    ("&<>'\"", true),
    ("&<>'+`\"", false),
    ("&<>'=-;`\"\\", false),
    (PUNCTUATION, false),
];

/// The characters that Go escapes. It leaves letters beyond ASCII alone.
const GO: &str = "&<>";

/// The characters that Gson escapes. It leaves letters beyond ASCII alone.
const GSON: &str = "&<>'=";

/// Every sign of ASCII.
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// The signs that no program escapes alone.
const PLAIN_IN_JSON: &str = "-._";

/// The characters that must be escaped in JSON, and in quotes of most languages.
const JSON_ALWAYS: &[(char, &str)] = &[
    ('"', "\\\""),
    ('\\', "\\\\"),
    ('\n', "\\n"),
    ('\r', "\\r"),
    ('\t', "\\t"),
];

/// The secret with its signs escaped, in each way.
pub fn escaped(secret: &str) -> impl Iterator<Item = String> {
    let json = JSON.iter().map(|(more, slash)| {
        rewritten(secret, |c| {
            let beyond = !c.is_ascii() && ![GO, GSON].contains(more);
            if more.contains(c) || beyond {
                Some(in_utf16(c))
            } else if c == '/' && *slash {
                Some("\\/".to_owned())
            } else {
                known(JSON_ALWAYS, c).map(str::to_owned)
            }
        })
    });
    // JavaScript leaves letters beyond ASCII alone, and other programs can be told to.
    let kept = [false, true].into_iter().map(|slash| {
        rewritten(secret, |c| {
            let slash = (c == '/' && slash).then_some("\\/");
            let other = slash.or_else(|| known(JSON_ALWAYS, c));
            other.map(str::to_owned)
        })
    });
    // One sign alone: `\u003d`.
    let alone = PUNCTUATION.chars();
    let alone = alone.filter(|it| secret.contains(*it) && !PLAIN_IN_JSON.contains(*it));
    let alone = alone.map(|sign| {
        rewritten(secret, |c| {
            let others = || known(JSON_ALWAYS, c).map(str::to_owned);
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
