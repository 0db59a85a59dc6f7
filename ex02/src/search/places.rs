//! Which of many places are listed, and how many more are there?
//!
//! The memory for this is limited: a hostile file may be full of matches. The first places are kept. Of
//! the next ones, a fingerprint is kept, so that each counts once. All others are only counted.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::words::MOST_LISTED;

/// How many fingerprints are kept. They take at most two mebibytes.
const MOST_KNOWN: usize = 100_000;

/// Places in order, each once: the first ones, and the number of the others. The order in which they
/// are added makes no difference.
#[derive(Debug)]
pub struct Places<T> {
    /// The listed places, at most [`MOST_LISTED`].
    first: BTreeSet<T>,
    /// The fingerprints of others.
    beyond: HashSet<u64>,
    /// How many fingerprints may be kept.
    most: usize,
    /// How many places came after that.
    unknown: usize,
    /// True when some places were not counted because they may have come before.
    uncounted: bool,
}

/// The number of places that are not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beyond {
    /// The number.
    pub number: usize,
    /// True when there may be more.
    pub at_least: bool,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self::knowing(MOST_KNOWN)
    }
}

impl<T> Places<T> {
    /// No places yet, with room for this many fingerprints.
    fn knowing(most: usize) -> Self {
        Self {
            first: BTreeSet::new(),
            beyond: HashSet::new(),
            most,
            unknown: 0,
            uncounted: false,
        }
    }

    /// The first ones, in order.
    pub fn first(&self) -> impl Iterator<Item = &T> {
        self.first.iter()
    }

    /// The number of the others.
    pub fn beyond(&self) -> Beyond {
        Beyond {
            number: self.beyond.len() + self.unknown,
            at_least: self.uncounted,
        }
    }
}

impl<T: Ord + Hash> Places<T> {
    /// Adds a place that is new.
    pub fn add(&mut self, place: T) {
        if let Some(fingerprint) = self.insert(place) {
            self.unknown += 1 - usize::from(self.beyond.contains(&fingerprint));
        }
    }

    /// Adds a place that may have come before. Returns false when the caller can stop: places that come later
    /// in the order would not change the result.
    pub fn add_again(&mut self, place: T) -> bool {
        if let Some(fingerprint) = self.insert(place) {
            self.uncounted |= !self.beyond.contains(&fingerprint);
            return !self.uncounted;
        }
        true
    }

    /// Adds all places of another list. They are all new.
    pub fn add_all(&mut self, other: Self) {
        for place in other.first {
            self.add(place);
        }
        for fingerprint in other.beyond {
            self.unknown += usize::from(!self.know(fingerprint));
        }
        self.unknown += other.unknown;
        self.uncounted |= other.uncounted;
    }

    /// Lists or counts a place. When there are too many, returns its fingerprint.
    fn insert(&mut self, place: T) -> Option<u64> {
        let mut beyond = Some(place);
        if self.first.len() < MOST_LISTED || self.first.last() >= beyond.as_ref() {
            self.first.extend(beyond.take());
            if self.first.len() > MOST_LISTED {
                beyond = self.first.pop_last();
            }
        }
        let fingerprint = fingerprint(&beyond?);
        (!self.know(fingerprint)).then_some(fingerprint)
    }

    /// Remembers a place that is not listed. False: there are too many.
    fn know(&mut self, fingerprint: u64) -> bool {
        let room = self.beyond.len() < self.most;
        if room {
            self.beyond.insert(fingerprint);
        }
        room
    }
}

/// The fingerprint of a place. Two places have the same one only by a chance of one in billions.
fn fingerprint(place: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    place.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds these numbers in two parts, the second part backwards, and joins the parts. Then adds some of
    /// them again.
    #[track_caller]
    fn check(last: usize, again: usize, known: usize, more: (usize, bool)) {
        for cut in 0..=last {
            let (mut places, mut others) = (Places::knowing(known), Places::knowing(known));
            (0..cut).for_each(|it| places.add(it));
            (cut..last).rev().for_each(|it| others.add(it));
            places.add_all(others);
            (0..again).for_each(|it| {
                places.add_again(it);
            });
            let first = places.first().copied();
            assert!(first.eq(0..last.min(MOST_LISTED)), "{cut}");
            let beyond = places.beyond();
            assert_eq!((beyond.number, beyond.at_least), more, "{cut}");
            assert!(places.beyond.len() <= known);
        }
    }

    #[test]
    fn the_first_are_kept_and_the_others_counted() {
        check(0, 0, 9, (0, false));
        check(MOST_LISTED, MOST_LISTED, 9, (0, false));
        check(MOST_LISTED + 9, MOST_LISTED + 9, 9, (9, false));
        check(MOST_LISTED + 30, MOST_LISTED, 9, (30, false));
        check(MOST_LISTED + 30, MOST_LISTED + 30, 9, (30, true));
    }

    #[test]
    fn places_that_make_no_difference_are_refused() {
        let mut places = Places::knowing(1);
        let told: Vec<bool> = (1..=MOST_LISTED + 2)
            .map(|it| places.add_again(it))
            .collect();
        assert_eq!(told.iter().filter(|it| **it).count(), MOST_LISTED + 1);
        assert!(places.add_again(1));
    }
}
