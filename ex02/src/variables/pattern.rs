//! Is a text a pattern, or only words? No service issues such a key.

use super::phrase::{LONGEST_ROW, cut, is_pattern, may_be_a_word};
use super::vocabulary::KNOWN;

/// A key with fewer different characters than this is a pattern.
const FEWEST_DIFFERENT: usize = 6;

/// The same for a key of digits alone: a random one has few different digits too.
const FEWEST_DIGITS: usize = 4;

/// True for one repeated character, a repeated piece, `0123456789…`, `a1b2c3…`. No key looks like that.
/// Signs between and capital letters make no difference: `11111111-2222-…`, `AbCdEf…`.
pub fn is_uniform(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let letters = chars.iter().filter(|it| it.is_alphanumeric());
    let letters: Vec<char> = letters.flat_map(|it| it.to_lowercase()).collect();
    // Of a short text, or one full of signs, too little is left.
    let enough = letters.len() >= 16 && letters.len() * 4 >= chars.len() * 3;
    // `00112233…`
    let mut once = letters.clone();
    once.dedup();
    let in_rows = once.len() * 2 <= letters.len() && is_monotonous(&once);
    is_monotonous(&chars) || (enough && (is_monotonous(&letters) || in_rows))
}

/// True for a text that is too short for a pattern, and in which no character comes twice.
pub fn is_only_short(text: &str) -> bool {
    let mut rest = text.chars();
    let comes_again = std::iter::from_fn(|| rest.next().map(|it| rest.as_str().contains(it)));
    text.chars().count() < FEWEST_DIFFERENT && !comes_again.into_iter().any(|it| it)
}

fn is_monotonous(chars: &[char]) -> bool {
    let mut different = chars.to_vec();
    different.sort_unstable();
    different.dedup();
    let only_digits = chars.iter().all(char::is_ascii_digit);
    let fewest = if only_digits {
        FEWEST_DIGITS
    } else {
        FEWEST_DIFFERENT
    };
    if different.len() < fewest {
        return true;
    }
    let repeats = smallest_period(chars) <= chars.len() / 2;
    let apart = |it: &&[char]| {
        (it[1] as u32).abs_diff(it[0] as u32) == 1 || are_keys_side_by_side(it[0], it[1])
    };
    let steps = chars.windows(2).filter(apart).count();
    // `a1b2c3d4e5f6`, `1q2w3e4r`: letters and digits take turns.
    let up = |it: &&[char]| {
        let rises = (it[2] as u32).checked_sub(it[0] as u32) == Some(1);
        let turn = it[0].is_ascii_digit() != it[1].is_ascii_digit();
        turn && (rises || are_keys_side_by_side(it[0], it[2]))
    };
    let turns = chars.windows(3).filter(up).count();
    repeats || (steps + turns) * 4 >= chars.len() * 3
}

/// True for two keys of which the second stands right of the first on a keyboard, or below it. The top of
/// the next column follows the bottom of a column.
fn are_keys_side_by_side(left: char, right: char) -> bool {
    const WALKS: &str =
        "qwertyuiop asdfghjkl zxcvbnm 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik qazwsxedcrfvtgbyhnujmik";
    let mut rest = WALKS.split(' ').filter_map(|row| row.split_once(left));
    rest.any(|(_, rest)| rest.starts_with(right))
}

/// The length of the shortest piece that makes this text when it is repeated (D. E. Knuth, J. H. Morris,
/// V. R. Pratt, *Fast pattern matching in strings*, 1977). Cut at the end of the text.
fn smallest_period(text: &[char]) -> usize {
    // For each beginning of the text: how many of its first characters are also its last?
    let (mut borders, mut border) = (vec![0; text.len()], 0);
    for at in 1..text.len() {
        while border > 0 && text[at] != text[border] {
            border = borders[border - 1];
        }
        border += usize::from(text[at] == text[border]);
        borders[at] = border;
    }
    text.len() - border
}

/// True for words alone, with signs between them or known ones in a row: `injected-at-runtime`,
/// `thisisasecretkey123`. No service issues such a key.
pub fn is_only_words(text: &str) -> bool {
    let pieces: Vec<&str> = text.split(['-', '_', '.']).collect();
    let mixed = text.contains(char::is_uppercase) && text.contains(char::is_lowercase);
    let letters = |it: &&str| it.chars().all(char::is_alphabetic);
    let spoken = |it: &str| {
        let word = it.len() < 4 || may_be_a_word(&it.to_lowercase());
        pieces.len() > 2 && !mixed && letters(&it) && word
    };
    let known = |it: &&str| match it.len() {
        _ if !letters(it) => it.len() < 3 || is_pattern(it),
        length => known_letters(&it.to_lowercase()) * 3 >= length * 2,
    };
    text.len() <= LONGEST_ROW
        && pieces
            .iter()
            .flat_map(|it| cut(it))
            .any(|it| it.len() > 4 && letters(&it))
        && pieces
            .iter()
            .all(|it| spoken(it) || cut(it).iter().all(known))
}

/// How many letters of a row are in known words.
fn known_letters(row: &str) -> usize {
    // For every place in the row: how many letters up to there.
    let mut until = vec![0; row.len() + 1];
    for end in 1..=row.len() {
        let known = (0..end.saturating_sub(2)).filter(|start| {
            let part = row.get(*start..end);
            part.is_some_and(|it| KNOWN.contains_key(it))
        });
        let most = known.map(|start| until[start] + end - start).max();
        until[end] = most.unwrap_or(0).max(until[end - 1]);
    }
    until[row.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_neighbours_are_uniform_with_signs_between_too() {
        for text in [
            "11111111-2222-3333-4444-555555555555",
            "12345678-1234-1234-1234-123456789012",
            "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
            "AbCdEfGhIjKlMnOp",
            "a1b2c3d4e5f6g7h8",
            "1q2w3e4r5t6y7u8i",
            "00112233445566778899aabbccddeeff",
        ] {
            assert!(is_uniform(text), "{text}");
        }
        for text in [
            "3f2b8c1d-9e4a-4f67-8b0c-5d2e7a916f38",
            "9182736450",
            "Zq7HLx9Rb4tVn8k",
            "0b1f3d5h7k9m2p4r",
            "ffee11bbdd44aa99cc00772288",
            "!@#$%^&*()_+{}|:<>?",
        ] {
            assert!(!is_uniform(text), "{text}");
        }
    }

    #[test]
    fn a_period_is_the_shortest_repeated_piece() {
        for length in 1..=12 {
            for number in 0..1_u32 << length {
                let text: Vec<char> = (0..length)
                    .map(|bit| if number >> bit & 1 == 0 { 'a' } else { 'b' })
                    .collect();
                let repeats = |step: &usize| text.iter().zip(&text[*step..]).all(|(a, b)| a == b);
                let expected = (1..=length).find(repeats).unwrap();
                assert_eq!(smallest_period(&text), expected, "{text:?}");
            }
        }
    }
}
