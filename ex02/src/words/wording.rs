//! How are numbers and lists put into words?

/// More things than this are counted, not listed.
pub const MOST_LISTED: usize = 20;

/// `1 value`, `2 values`.
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `812 bytes`, `3.4 MiB`.
pub fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let bytes_as_float = bytes as f64;
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KiB", bytes_as_float / 1024.0),
        _ => format!("{:.1} MiB", bytes_as_float / 1_048_576.0),
    }
}

/// `a, b, c`; of a long list its beginning, `and 7 more`.
pub fn some(things: &[String]) -> String {
    let listed = things[..things.len().min(MOST_LISTED)].join(", ");
    match things.len().saturating_sub(MOST_LISTED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_as_sentences_do() {
        assert_eq!(
            [count(1, "value"), count(2, "value")],
            ["1 value", "2 values"]
        );
        assert_eq!(
            [size(812), size(1536), size(3 << 20)],
            ["812 bytes", "1.5 KiB", "3.0 MiB"]
        );
        let lines = |last| (1..=last).map(|it| it.to_string()).collect::<Vec<_>>();
        assert_eq!(some(&lines(3)), "1, 2, 3");
        assert!(some(&lines(25)).ends_with("19, 20 and 5 more"));
    }
}
