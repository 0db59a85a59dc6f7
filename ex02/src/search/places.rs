//! Which of many places are listed, and how many more are there?
//!
//! In memory that has an end: a file may be full of matches, and whoever wrote it decides how many.
//! The first are kept, of all others a fingerprint, so that each counts once, and beyond a number not
//! even that.
use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::words::MOST_LISTED;

/// So many are counted beyond those that are listed; that takes two mebibytes at most.
const MOST_COUNTED: usize = 100_000;

/// Places in order, each once: the first ones, and the number of the others. The same whatever the
/// order they come in.
#[derive(Debug)]
pub struct Places<T> {
    /// At most [`MOST_LISTED`].
    first: BTreeSet<T>,
    /// Fingerprints of the others, at most so many.
    beyond: HashSet<u64>,
    /// How many may be counted.
    most: usize,
    /// True when there were more.
    uncounted: bool,
}

/// How many there are that are not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beyond {
    /// So many were counted.
    pub number: usize,
    /// True when there are more than that.
    pub at_least: bool,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self::counting(MOST_COUNTED)
    }
}

impl<T> Places<T> {
    /// None yet; so many are counted.
    fn counting(most: usize) -> Self {
        Self {
            first: BTreeSet::new(),
            beyond: HashSet::new(),
            most,
            uncounted: false,
        }
    }

    /// The first ones, in order.
    pub fn first(&self) -> impl Iterator<Item = &T> {
        self.first.iter()
    }

    /// How many there are besides.
    pub fn beyond(&self) -> Beyond {
        Beyond {
            number: self.beyond.len(),
            at_least: self.uncounted,
        }
    }
}

impl<T: Ord + Hash> Places<T> {
    /// Adds one. False: this one and all that come after it in order would make no difference.
    pub fn add(&mut self, place: T) -> bool {
        if self.first.len() == MOST_LISTED && self.first.last() < Some(&place) {
            self.count(fingerprint(&place));
            return !self.uncounted;
        }
        self.first.insert(place);
        if self.first.len() > MOST_LISTED
            && let Some(pushed_out) = self.first.pop_last()
        {
            self.count(fingerprint(&pushed_out));
        }
        true
    }

    /// Adds all of another's.
    pub fn add_all(&mut self, other: Self) {
        for place in other.first {
            self.add(place);
        }
        for fingerprint in other.beyond {
            self.count(fingerprint);
        }
        self.uncounted |= other.uncounted;
    }

    /// Counts one that is not listed.
    fn count(&mut self, fingerprint: u64) {
        if self.beyond.len() < self.most {
            self.beyond.insert(fingerprint);
        } else if !self.uncounted {
            self.uncounted = !self.beyond.contains(&fingerprint);
        }
    }
}

/// A number that no two places share, but for one chance in billions.
fn fingerprint(place: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    place.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds these numbers in two parts, the second backwards, and puts the parts together.
    #[track_caller]
    fn check(numbers: &[usize], most: usize, first: &[usize], more: (usize, bool)) {
        for cut in 0..=numbers.len() {
            let (one, other) = numbers.split_at(cut);
            let (mut places, mut others) = (Places::counting(most), Places::counting(most));
            for it in one {
                places.add(*it);
            }
            for it in other.iter().rev() {
                others.add(*it);
            }
            places.add_all(others);
            assert_eq!(places.first().copied().collect::<Vec<_>>(), first, "{cut}");
            let beyond = places.beyond();
            assert_eq!((beyond.number, beyond.at_least), more, "{cut}");
            assert!(places.beyond.len() <= most);
        }
    }

    #[test]
    fn the_first_are_kept_and_the_others_counted_once() {
        let twice = |last| (1..=last).chain(1..=last).collect::<Vec<usize>>();
        let first: Vec<usize> = (1..=MOST_LISTED).collect();
        check(&[], 9, &[], (0, false));
        check(&[3, 1, 3, 2], 9, &[1, 2, 3], (0, false));
        check(&twice(MOST_LISTED), 9, &first, (0, false));
        check(&twice(MOST_LISTED + 9), 9, &first, (9, false));
        check(&twice(MOST_LISTED + 10), 9, &first, (9, true));
    }

    #[test]
    fn what_makes_no_difference_is_told() {
        let mut places = Places::counting(1);
        let told: Vec<bool> = (1..=MOST_LISTED + 2).map(|it| places.add(it)).collect();
        assert_eq!(told.iter().filter(|it| **it).count(), MOST_LISTED + 1);
        assert!(places.add(0));
    }
}
