//! Is there a key of a well-known shape in a short text, such as the name of a file?

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::closely::{NONE_REJECTED, confirmed_shape};
use super::groups::{Group, Meaning, key_groups};
use super::parts::PARTS;

/// How many beginnings of keys in a text are looked at closely. No name has so many by chance.
const MOST_LOOKS: usize = 64;

/// Finds the beginnings of all well-known keys.
static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(key_groups);

/// The ranges of the keys in a text. Here, `-` and `_` end a word too. Of a text with too many beginnings of
/// keys, it is all of it.
pub fn key_ranges(text: &str) -> Vec<Range<usize>> {
    let (text, mut keys, mut looks) = (text.as_bytes(), Vec::new(), 0);
    for Group { engine, meanings } in GROUPS.iter() {
        let mut from = 0;
        while let Some(found) = engine.find(text, from) {
            from = found.start() + 1;
            looks += 1;
            if looks > MOST_LOOKS {
                keys.push(0..text.len());
                return keys;
            }
            if let Meaning::Part(part) = meanings[found.pattern().as_usize()] {
                look(part, text, found.start(), &mut keys);
            }
        }
    }
    keys
}

/// Adds the keys that have this part here.
fn look(part: usize, text: &[u8], at: usize, keys: &mut Vec<Range<usize>>) {
    let begins = |from: &usize| !text[..*from].last().is_some_and(u8::is_ascii_alphanumeric);
    let anchors = PARTS[part].anchors.iter();
    let words = anchors.filter_map(|it| at.checked_sub(it.before));
    let words: BTreeSet<usize> = words.filter(begins).chain([0]).collect();
    for from in words {
        let mut rejected = NONE_REJECTED;
        let found = confirmed_shape(part, &text[from..], at - from, &mut rejected);
        // A text that only looks strong is usual in a name.
        let found = found.filter(|it| it.needle.counts(true));
        keys.extend(found.map(|it| from + it.range.start..from + it.range.end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_the_name_of_a_file_is_found_at_its_range() {
        // In two halves, because the oracle searches this file too.
        let key = ["ghp_", "M2wDdYAG1l70BytqZyijQ0N8sfsa0I61POeE"].concat();
        let ranges = |name: &str| key_ranges(&name.replace("{}", &key));
        for (name, at) in [
            ("{}", 0),
            ("keys/{}.txt", 5),
            ("dump-{}", 5),
            ("old_{}/x", 4),
        ] {
            let found = ranges(name);
            assert!(!found.is_empty(), "{name}");
            assert!(found.iter().all(|it| *it == (at..at + key.len())), "{name}");
        }
        let many = "xox-".repeat(MOST_LOOKS + 1);
        assert!(ranges(&many).contains(&(0..many.len())));
        for name in ["src/main.rs", "x{}", "ghp_short", &many[4..]] {
            assert!(ranges(name).is_empty(), "{name}");
        }
    }
}
