//! How is a piece of a source quoted, so that a person sees what is really there?

use crate::text;

/// How many characters of a cell or a name are shown at most.
const MOST_SHOWN: usize = 40;

/// A piece of text from a source: its invisible characters are spelled out, and its length fits into a line. If it is
/// deceptive, all other characters beyond ASCII are spelled out too. Bytes that are not UTF-8 are written as `\xe9`.
pub fn excerpt(bytes: &[u8], is_deceptive: impl Fn(&str) -> bool) -> String {
    let spelled = |valid| spelled(valid, is_deceptive(valid));
    let chunks = bytes.utf8_chunks();
    let text: String = chunks
        .map(|it| spelled(it.valid()) + &it.invalid().escape_ascii().to_string())
        .collect();
    match text.char_indices().nth(MOST_SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Whether a name has letters beyond ASCII in the place of some letters of the right name, and may look like it.
pub fn looks_like(name: &str, right: &str) -> bool {
    let mut pairs = name.chars().zip(right.chars());
    name.chars().count() == right.len() && pairs.all(|(c, right)| c == right || !c.is_ascii())
}

/// Whether a text has a digit, and all of it in ASCII may be a number: `−1.5` has a typographer's minus.
pub fn looks_like_a_number(text: &str) -> bool {
    let plain = |c: char| !c.is_ascii() || c.is_ascii_digit() || "+-.eE".contains(c);
    text.contains(char::is_numeric) && text.chars().all(plain)
}

/// Whether a text is a number with decimal or thousands commas.
pub fn is_a_number_with_commas(text: &str) -> bool {
    let plain = text.trim().replace(',', "");
    text.contains(',') && plain.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A text with its invisible characters spelled out, or all beyond ASCII: a wrong name may look like the right one.
fn spelled(text: &str, is_deceptive: bool) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        let visible = c == ' ' || !(c.is_whitespace() || text::is_unseen(c));
        if visible && (c.is_ascii() || !is_deceptive) {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}
