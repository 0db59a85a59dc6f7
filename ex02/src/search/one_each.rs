//! When findings overlap, which one is reported?
//!
//! One secret is one finding. A value in force wins over a shape. Of two shapes, the more specific one
//! wins.

use std::ops::Range;

use super::needles::Needle;

/// A finding in a piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The beginning of the value or the anchor.
    pub at: usize,
    /// The range of the secret.
    pub range: Range<usize>,
    /// What was found.
    pub needle: Needle,
}

/// From overlapping findings, keeps the values, or else the shape that comes first in the table. In
/// order.
pub fn one_each(seen: &mut Vec<Finding>) {
    seen.sort_unstable_by_key(|it| (it.range.start, it.needle));
    let is_value = |it: &Finding| matches!(it.needle, Needle::Value(_));
    // In the order of their beginnings, each with the furthest end of those before.
    let (mut values, mut furthest) = (Vec::new(), 0);
    for it in seen.iter().filter(|it| is_value(it)) {
        furthest = furthest.max(it.range.end);
        values.push((it.range.start, furthest));
    }
    let mut kept: Vec<Finding> = Vec::new();
    let mut last_shape = None;
    for it in seen.drain(..) {
        if is_value(&it) {
            kept.push(it);
            continue;
        }
        let before = values.partition_point(|(start, _)| *start < it.range.end);
        let last_end = before.checked_sub(1).map(|last| values[last].1);
        if last_end.is_some_and(|end| end > it.range.start) {
            continue;
        }
        match last_shape.and_then(|last: usize| kept.get_mut(last)) {
            Some(last) if last.range.end > it.range.start => {
                if it.needle < last.needle {
                    *last = it;
                }
            }
            _ => {
                last_shape = Some(kept.len());
                kept.push(it);
            }
        }
    }
    *seen = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use Needle::{Shape, Value};

    #[track_caller]
    fn check(found: &[(usize, usize, Needle)], expected: &[(usize, Needle)]) {
        let seen = |(from, to, needle): &(usize, usize, Needle)| Finding {
            at: *from,
            range: *from..*to,
            needle: *needle,
        };
        let mut all: Vec<Finding> = found.iter().map(seen).collect();
        one_each(&mut all);
        let left: Vec<_> = all.iter().map(|it| (it.range.start, it.needle)).collect();
        assert_eq!(left, expected);
    }

    #[test]
    fn a_value_in_force_wins_over_its_shape() {
        check(&[(0, 9, Shape(1)), (3, 6, Value(0))], &[(3, Value(0))]);
        check(&[(3, 9, Shape(1)), (0, 4, Value(0))], &[(0, Value(0))]);
        let long = (0, 30, Value(0));
        let inside = [long, (2, 4, Value(1)), (9, 12, Shape(1))];
        check(&inside, &[(0, Value(0)), (2, Value(1))]);
        check(
            &[(0, 3, Shape(1)), (3, 6, Value(0))],
            &[(0, Shape(1)), (3, Value(0))],
        );
    }

    #[test]
    fn the_first_row_of_two_shapes_wins() {
        check(&[(0, 9, Shape(4)), (3, 9, Shape(1))], &[(3, Shape(1))]);
        check(&[(0, 9, Shape(1)), (3, 9, Shape(4))], &[(0, Shape(1))]);
        check(
            &[(0, 3, Shape(1)), (3, 9, Shape(4))],
            &[(0, Shape(1)), (3, Shape(4))],
        );
    }
}
