//! Which names does a line have that dotenvy cannot read?
//!
//! `MATRIX_MODE=production now` and `MATRIX_MODE: production` set nothing, but their author meant a mode.

use super::parsed::Flaw;
use crate::variables::{may_be_listed, named, resembling};

/// Words that other programs write before a name.
const BEFORE: [&str; 5] = ["export", "set", "setenv", "env", "-"];

/// The names on a line that may be listed: the first word, and each name before a `=` or a `:`.
pub fn names_in(line: &str) -> impl Iterator<Item = &str> {
    // The rest is a comment.
    let line = line.split(" #").next().unwrap_or_default();
    let mut first = line.trim_start_matches(|c: char| c.is_whitespace() || "\"'".contains(c));
    for word in BEFORE {
        let rest = first.get(..word.len()).map(|it| (it, &first[word.len()..]));
        if let Some((_, rest)) =
            rest.filter(|(it, rest)| it.eq_ignore_ascii_case(word) && rest.starts_with([' ', '\t']))
        {
            first = rest.trim_start();
        }
    }
    let beginning = line.len() - first.len();
    let mut from = 0;
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(move |word| {
        let start = from;
        from = start + word.len();
        // One sign ends the word.
        from += line[from..].chars().next().map_or(0, char::len_utf8);
        !word.is_empty()
            && may_be_listed(word)
            && (start == beginning || is_set(line, start, start + word.len()))
    })
}

/// True for a name that stands alone before a `=` or a `:`, perhaps in quotes.
fn is_set(line: &str, start: usize, end: usize) -> bool {
    let before = line[..start].chars().next_back();
    let after = line[end..].trim_start_matches(['"', '\'']).trim_start();
    before.is_none_or(|it| it.is_whitespace() || "\"'`;,:{(".contains(it))
        && (after.starts_with('=') || (after.starts_with(':') && !after.starts_with("://")))
}

/// The flaw of a line with a text before its `=` that is no name for dotenvy: `API-KEY`, `MATRIX MODE`.
pub fn broken_name(line: &str) -> Option<Flaw> {
    let (name, _) = line.split_once('=')?;
    let name = name.trim();
    let rest = name.strip_prefix("export").map(str::trim_start);
    let name = rest.filter(|it| !it.is_empty()).unwrap_or(name);
    let usual = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
    if name.chars().all(usual) && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let last = name.rsplit(char::is_whitespace).next().unwrap_or_default();
    let meant = resembling(name).or_else(|| named(last));
    Some(Flaw::BrokenName(meant.map(|it| it.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        assert_eq!(names_in(line).collect::<Vec<_>>(), expected, "{line}");
    }

    #[test]
    fn a_line_names_its_first_word_and_what_it_sets() {
        for line in [
            "MATRIX_MODE=production now",
            "  MATRIX_MODE = \"production",
            "MATRIX_MODE: production",
            "MATRIX_MODE production",
            "export MATRIX_MODE production",
            "set MATRIX_MODE=production",
            "SetEnv MATRIX_MODE production",
            "ENV MATRIX_MODE production",
            "- MATRIX_MODE=production",
            "\"MATRIX_MODE\": \"production\",",
            "{ 'MATRIX_MODE' : 'production' }",
            "$env:MATRIX_MODE = \"production\"",
            "let x = 1; MATRIX_MODE=production",
        ] {
            check(line, &["MATRIX_MODE"]);
        }
        check("LOG_LEVEL=a; API_KEY=b", &["LOG_LEVEL", "API_KEY"]);
        check("PORT=80 80", &["PORT"]);
    }

    #[test]
    fn a_line_that_only_speaks_of_a_name_does_not_set_it() {
        check("the MATRIX_MODE chooses the files", &[]);
        check("x=${MATRIX_MODE} y", &[]);
        check("x=$MATRIX_MODE= y", &[]);
        check("x=https://zion.example/?LOG_LEVEL=1 y", &[]);
        check("x=MATRIX_MODE://zion y", &[]);
        check("x=a y # MATRIX_MODE: production", &[]);
        check("MATRIX_MODES=x y", &["MATRIX_MODES"]);
        check("Wh1te_R4bbit=é MATRIX_MODEé=1", &[]);
        check("", &[]);
    }

    #[test]
    fn a_name_that_dotenvy_cannot_read_is_recognised() {
        for (line, expected) in [
            ("API-KEY='x'", Some(Some("API_KEY"))),
            ("export API KEY=x", Some(Some("API_KEY"))),
            ("MATRIX MODE='x'", Some(Some("MATRIX_MODE"))),
            ("set MATRIX_MODE=x", Some(Some("MATRIX_MODE"))),
            ("2-FA='x'", Some(None)),
            ("Ключ='x'", Some(None)),
            ("='x'", Some(None)),
            ("API_KEY=x y", None),
            ("export zion.key2=x y", None),
            ("API_KEY", None),
        ] {
            assert_eq!(broken_name(line), expected.map(Flaw::BrokenName), "{line}");
        }
    }
}
