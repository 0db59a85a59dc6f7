//! Which patterns does one pass search for?

use super::engine::{Engine, MOST_AT_ONCE, Pattern};
use super::parts::PARTS;

/// The fastest engine first compares this many bytes, or fewer when a pattern is shorter.
const COMPARED: usize = 4;

/// The fastest engine has this many buckets.
const BUCKETS: usize = 16;

/// Up to this many passes of the fastest engine take less time than one pass of the automaton.
pub const MOST_PASSES: usize = 12;

/// Patterns that one pass searches for.
pub struct Group {
    /// Finds them.
    pub engine: Engine,
    /// What each pattern means.
    pub meanings: Vec<Meaning>,
}

/// What a pattern means.
#[derive(Clone, Copy)]
pub enum Meaning {
    /// A form of a value. With the index of its owner.
    Value(usize),
    /// A part of an anchor. With its index in the parts.
    Part(usize),
}

/// The patterns for the beginnings of all well-known keys.
pub fn key_patterns() -> impl Iterator<Item = (Pattern, Meaning)> {
    let parts = PARTS.iter().enumerate();
    parts.map(|(index, part)| (Pattern::new(part.text.into()), Meaning::Part(index)))
}

/// The same in groups for a short text. These groups take little time to make, and more to search with.
pub fn key_groups() -> Vec<Group> {
    let patterns: Vec<_> = key_patterns().collect();
    let groups = patterns.chunks(MOST_AT_ONCE);
    groups.map(|it| Group::new(it.to_vec())).collect()
}

/// Puts patterns into groups, with one pass for each group. The engine first compares as many bytes as the
/// shortest pattern of a group has, so short patterns have groups of their own.
pub fn groups_of(patterns: Vec<(Pattern, Meaning)>) -> Vec<Group> {
    let groups = if patterns.len() > MOST_AT_ONCE * MOST_PASSES {
        vec![patterns]
    } else {
        let is_long = |(pattern, _): &(Pattern, Meaning)| pattern.len() >= COMPARED;
        let (long, short) = patterns.into_iter().partition(is_long);
        [dealt(short), dealt(long)].concat()
    };
    groups.into_iter().map(Group::new).collect()
}

impl Group {
    fn new(patterns: Vec<(Pattern, Meaning)>) -> Self {
        Self {
            engine: Engine::new(patterns.iter().map(|(it, _)| it)),
            meanings: patterns.into_iter().map(|(_, it)| it).collect(),
        }
    }
}

/// Deals patterns out to passes. The engine puts the patterns of a pass into buckets, one after the other.
/// Where a text fits the first bytes of a bucket, it compares all patterns of this bucket. So the patterns
/// in a bucket should be alike.
fn dealt(mut patterns: Vec<(Pattern, Meaning)>) -> Vec<Vec<(Pattern, Meaning)>> {
    let passes = patterns.len().div_ceil(MOST_AT_ONCE);
    let mut groups = vec![Vec::new(); passes];
    let mut buckets = vec![Bucket::default(); passes * BUCKETS];
    for turn in 0..patterns.len() {
        let index = turn % buckets.len();
        // Every pattern fits an empty bucket equally well.
        let free = if turn < buckets.len() {
            1
        } else {
            patterns.len()
        };
        let next = (0..free).min_by_key(|at| buckets[index].with(&patterns[*at].0).width());
        let pattern = patterns.remove(next.unwrap_or_default());
        buckets[index] = buckets[index].with(&pattern.0);
        groups[index / BUCKETS].push(pattern);
    }
    groups
}

/// The first bytes of some patterns, as the engine sees them: for each place, a set of left halves and a
/// set of right halves.
#[derive(Clone, Copy, Default)]
struct Bucket([(u16, u16); COMPARED]);

impl Bucket {
    /// The same with one more pattern.
    fn with(mut self, pattern: &Pattern) -> Self {
        for ((left, right), byte) in self.0.iter_mut().zip(pattern.iter()) {
            *left |= 1 << (byte >> 4);
            *right |= 1 << (byte & 15);
        }
        self
    }

    /// How many beginnings fit.
    fn width(self) -> u64 {
        let fitting = |(left, right): (u16, u16)| left.count_ones() * right.count_ones();
        self.0
            .into_iter()
            .map(|it| u64::from(fitting(it).max(1)))
            .product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Patterns with their places in this list.
    fn patterns(texts: &[&str]) -> Vec<(Pattern, Meaning)> {
        let form = |it: &&str| Pattern::new(it.as_bytes().to_vec());
        let meanings = (0..).map(Meaning::Part);
        texts.iter().map(form).zip(meanings).collect()
    }

    #[test]
    fn the_longer_of_two_patterns_with_one_beginning_is_found() {
        for count in 0..PARTS.len() {
            let mut texts = vec!["Wh1te", "Wh1te/R4bbit", "Wh1te/R4bb"];
            texts.extend(PARTS[..count].iter().map(|it| it.text));
            let groups = groups_of(patterns(&texts));
            let found = groups.iter().filter_map(|it| {
                let found = it.engine.find(b"Wh1te/R4bbit+Hole", 0)?;
                Some(it.meanings[found.pattern().as_usize()])
            });
            let longest = |it: Meaning| matches!(it, Meaning::Part(1));
            assert_eq!(found.filter(|it| longest(*it)).count(), 1, "{count}");
        }
    }

    #[test]
    fn every_beginning_of_a_key_is_found_in_the_groups_for_a_short_text() {
        let groups = key_groups();
        for (form, meaning) in key_patterns() {
            let found = groups.iter().filter_map(|it| {
                let found = it.engine.find(&form, 0)?;
                Some(it.meanings[found.pattern().as_usize()])
            });
            let same = |it| matches!((it, meaning), (Meaning::Part(one), Meaning::Part(other)) if one == other);
            assert_eq!(found.filter(|it| same(*it)).count(), 1);
        }
    }

    #[test]
    fn patterns_that_are_dealt_out_share_buckets_with_their_like() {
        let texts: Vec<_> = PARTS.iter().map(|it| it.text).collect();
        let long: Vec<_> = texts.into_iter().filter(|it| it.len() > COMPARED).collect();
        let width = |groups: &[Vec<(Pattern, Meaning)>]| -> u64 {
            let buckets = groups.iter().flat_map(|group| {
                (0..BUCKETS).map(move |first| group.iter().skip(first).step_by(BUCKETS))
            });
            let joined = |it, (form, _): &(Pattern, Meaning)| Bucket::with(it, form);
            let bucket = buckets.map(|it| it.fold(Bucket::default(), joined));
            bucket.map(Bucket::width).sum()
        };
        let given = patterns(&long);
        let groups = dealt(given.clone());
        assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), long.len());
        assert!(groups.iter().all(|it| it.len() <= MOST_AT_ONCE));
        let in_order: Vec<_> = given.chunks(MOST_AT_ONCE).map(<[_]>::to_vec).collect();
        assert!(width(&groups) * 2 < width(&in_order));
    }
}
