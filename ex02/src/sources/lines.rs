//! What can be said of lines without dotenvy?

use secrecy::zeroize::Zeroizing;

use super::supply::Line;

/// Lines as one text.
pub fn joined(lines: &[Line]) -> Zeroizing<String> {
    let length = lines.iter().map(|it| it.len()).sum();
    let mut text = Zeroizing::new(String::with_capacity(length));
    for line in lines {
        text.push_str(line);
    }
    text
}

/// The cost of reading lines again. A substitution copies a value, so it counts as that many bytes.
pub fn cost(lines: &[Line]) -> usize {
    let dollars = |it: &Line| memchr::memchr_iter(b'$', it.as_bytes()).count();
    lines.iter().map(|it| it.len() + 4096 * dollars(it)).sum()
}

/// True when one of the two kinds of quotes occurs an odd number of times.
pub fn odd_quotes(line: &str) -> bool {
    ['\'', '"']
        .iter()
        .any(|quote| line.matches(*quote).count() % 2 == 1)
}

/// True for lines that dotenvy skips.
pub fn is_skipped(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}
