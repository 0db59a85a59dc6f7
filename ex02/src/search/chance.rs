//! How much of a text is random?

/// This many letters in a row look like a word.
const WORD: usize = 4;

/// The letters that often follow each letter in the words of programs: the most usual 200 pairs. Of the
/// words in the sources of tokio, rustls, pandas and matplotlib, 98 of 100 have such pairs for half of
/// their neighbours; of random rows of letters, 25 of 100.
const FOLLOWERS: [&str; 26] = [
    "bcdgilmnprstvy",
    "aeilou",
    "acehiklortu",
    "adeiorsu",
    "acdefglmnpqrstvx",
    "aefiloru",
    "ehinr",
    "aeio",
    "abcdefglmnoprstvz",
    "",
    "ei",
    "adeilostuy",
    "aeiopsu",
    "acdefgiost",
    "cdglmnoprstuvw",
    "aeiloprstu",
    "u",
    "acdeimnorstuvy",
    "acehiopstuy",
    "acehilorstuy",
    "abceilmnprst",
    "aei",
    "ai",
    "p",
    "p",
    "e",
];

/// How many letters are in rows that look like words: [`WORD`] letters or more, all small, all capital, or
/// with only the first one capital.
pub fn in_words(bytes: &[u8]) -> usize {
    let goes_on = |row: &[u8], byte: u8| match row {
        [.., last] if byte.is_ascii_uppercase() => last.is_ascii_uppercase(),
        [.., last] if byte.is_ascii_lowercase() => {
            last.is_ascii_lowercase() || (row.len() == 1 && last.is_ascii_uppercase())
        }
        _ => false,
    };
    let (mut sum, mut start) = (0, 0);
    for end in 1..=bytes.len() {
        let row = &bytes[start..end];
        let next = bytes.get(end);
        if !next.is_some_and(|it| goes_on(row, *it)) {
            sum += if is_word(row) { row.len() } else { 0 };
            start = end;
        }
    }
    sum
}

/// True for a row of letters that looks like a word.
fn is_word(row: &[u8]) -> bool {
    let usual = row.windows(2).filter(|it| {
        let index = it[0].to_ascii_lowercase().wrapping_sub(b'a');
        let followers = FOLLOWERS.get(usize::from(index));
        followers.is_some_and(|all| all.bytes().any(|one| it[1].eq_ignore_ascii_case(&one)))
    });
    row.len() >= WORD && usual.count() * 2 >= row.len() - 1
}

/// How many parts of a `CamelCase` text have only one or two letters.
pub fn stumps(value: &str) -> usize {
    let rows = value.split(|c: char| !c.is_ascii_alphabetic());
    let words = rows.flat_map(|row| {
        let bytes = row.as_bytes();
        bytes.chunk_by(|one, next| !(one.is_ascii_lowercase() && next.is_ascii_uppercase()))
    });
    words.filter(|it| it.len() < 3).count()
}

/// The entropy of a text, in bits for each byte (Shannon).
#[expect(clippy::cast_precision_loss, reason = "at most 150")]
pub fn bits(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let all = bytes.len() as f64;
    let share = |it: &&u32| f64::from(**it) / all;
    let counts = counts.iter().filter(|it| **it > 0);
    counts.map(|it| share(&it)).map(|it| -it * it.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_words_are_told_from_random_ones() {
        for (text, expected) in [
            ("getTokenFromCache2", 14),
            ("SECRET_of_zion", 10),
            ("the-matrix", 6),
            ("fuzzing", 7),
            ("qzkvxw-bnmtrw", 0),
            ("Wq7RtYzKpL", 0),
            ("", 0),
        ] {
            assert_eq!(in_words(text.as_bytes()), expected, "{text}");
        }
    }
}
