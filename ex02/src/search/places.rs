//! Which of many places are listed, and how many more are there?
//!
//! The memory for this is limited: a hostile file may be full of matches. The first places are kept, and all
//! others are only counted.

use std::collections::BTreeSet;

use crate::words::MOST_LISTED;

/// Places in order, each once: the first ones, and the number of the others. The order in which they
/// are added makes no difference.
#[derive(Debug)]
pub struct Places<T> {
    /// The listed places, at most [`MOST_LISTED`].
    first: BTreeSet<T>,
    /// The others.
    beyond: Beyond,
}

/// The number of places that are not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beyond {
    /// The number.
    pub number: usize,
    /// True when there may be more: some places were not counted because they may have come before.
    pub at_least: bool,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self {
            first: BTreeSet::new(),
            beyond: Beyond::default(),
        }
    }
}

impl<T> Places<T> {
    /// The first ones, in order.
    pub fn first(&self) -> impl Iterator<Item = &T> {
        self.first.iter()
    }

    /// The number of the others.
    pub fn beyond(&self) -> Beyond {
        self.beyond
    }
}

impl<T: Ord> Places<T> {
    /// Adds a place that is new.
    pub fn add(&mut self, place: T) {
        self.first.insert(place);
        if self.first.len() > MOST_LISTED {
            self.first.pop_last();
            self.beyond.number += 1;
        }
    }

    /// Adds a place that may have come before. Returns false when the caller can stop: places that come later
    /// in the order would not change the result.
    pub fn add_again(&mut self, place: T) -> bool {
        // A place that was listed and then pushed out stands behind all that are listed now.
        let may_be_counted = self.first.len() == MOST_LISTED && self.first.last() < Some(&place);
        if may_be_counted {
            self.beyond.at_least = true;
        } else {
            self.add(place);
        }
        !may_be_counted
    }

    /// Adds all places of another list. They are all new.
    pub fn add_all(&mut self, other: Self) {
        for place in other.first {
            self.add(place);
        }
        self.beyond.number += other.beyond.number;
        self.beyond.at_least |= other.beyond.at_least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds these numbers in two parts, the second part backwards, and joins the parts. Then adds some of
    /// them again.
    #[track_caller]
    fn check(last: usize, again: usize, more: (usize, bool)) {
        for cut in 0..=last {
            let (mut places, mut others) = (Places::default(), Places::default());
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
        }
    }

    #[test]
    fn the_first_are_kept_and_the_others_counted() {
        check(0, 0, (0, false));
        check(MOST_LISTED, MOST_LISTED, (0, false));
        check(MOST_LISTED + 9, MOST_LISTED, (9, false));
        check(MOST_LISTED + 9, MOST_LISTED + 9, (9, true));
    }

    #[test]
    fn places_that_make_no_difference_are_refused() {
        let mut places = Places::default();
        let told: Vec<bool> = (1..=MOST_LISTED + 2)
            .map(|it| places.add_again(it))
            .collect();
        assert_eq!(told.iter().filter(|it| **it).count(), MOST_LISTED);
        assert!(places.add_again(1));
    }
}
