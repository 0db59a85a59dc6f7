//! Does a value only repeat the name of its variable, with words of examples around it?

use super::phrase::cut;
use super::vocabulary::KNOWN;

/// Words that are beside a name in examples, and that say nothing in other texts.
const BESIDE: &str = "ci cd e2e mine sandbox";

/// A year, or another short number, may be in such a value. In digits.
const LONGEST_NUMBER: usize = 4;

/// True for `FOURSQUARE_SECRET=test_foursquare_secret`: each word is in the name, or is a word of
/// placeholders, and there is one of both. A value of the name's words alone is the name itself.
pub fn repeats_name(name: &str, text: &str) -> bool {
    let own = words(name);
    let said = words(text);
    let is_own = |it: &String| own.contains(it);
    let is_known =
        |it: &String| KNOWN.contains_key(it.as_str()) || BESIDE.split(' ').any(|one| one == it);
    let is_number =
        |it: &String| it.len() <= LONGEST_NUMBER && it.bytes().all(|it| it.is_ascii_digit());
    said.iter().any(is_own)
        && (said.iter().any(is_known) || said.iter().all(is_own))
        && said
            .iter()
            .all(|it| is_own(it) || is_known(it) || is_number(it))
}

/// The words of a text, in small letters: `next`, `page` and `token` of `nextPageToken`.
pub fn words(text: &str) -> Vec<String> {
    let pieces = text.split(|c: char| !c.is_alphanumeric());
    pieces.flat_map(cut).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_name_count_as_words_of_a_placeholder() {
        for (name, text) in [
            ("FOURSQUARE_SECRET", "test_foursquare_secret"),
            ("NEXT_PRIVATE_REVALIDATION_KEY", "demo_revalidation_key"),
            ("NEBUCHADNEZZAR_SECRET", "nebuchadnezzar-secret-2024"),
            ("NEBUCHADNEZZAR_SECRET", "dev_nebuchadnezzar_secret"),
            ("NEBUCHADNEZZAR_TOKEN", "ci-nebuchadnezzar-token"),
            ("nebuchadnezzarToken", "my-nebuchadnezzar-token-1"),
            ("GATE_TOKEN", "gateToken"),
        ] {
            assert!(repeats_name(name, text), "{name}={text}");
        }
        for (name, text) in [
            ("NEBUCHADNEZZAR_SECRET", "nebuchadnezzar-1999-morpheus"),
            ("RABBIT_HOLE", "rabbit-2024"),
            ("GATE_KEY", "gate-9fQ1kd7xLp2v"),
            ("GATE_KEY", "gate-key-48392017"),
            ("GATE_KEY", "test"),
            ("GATE_KEY", "q7VxRt2yZL9w"),
            ("GATE_KEY", ""),
        ] {
            assert!(!repeats_name(name, text), "{name}={text}");
        }
    }
}
