//! Which patterns does one pass search for?

use std::io;

use super::engine::{Engine, MOST_AT_ONCE};
use super::needles::Needle;
use crate::secret::Form;

/// The fastest engine first compares this many bytes, or fewer when a pattern is shorter.
const COMPARED: usize = 4;

/// Up to this many passes of the fastest engine take less time than one pass of the automaton.
pub const MOST_PASSES: usize = 8;

/// Patterns that one pass searches for.
pub struct Group {
    /// Finds them.
    pub engine: Engine,
    /// What each pattern means.
    pub meanings: Vec<Needle>,
}

/// Puts patterns into groups, with one pass for each group. The engine first compares as many bytes as
/// the shortest pattern of a group has, so short patterns have a group of their own. Patterns with the
/// same beginning are in one group.
pub fn groups_of(mut patterns: Vec<(Form, Needle)>) -> io::Result<Vec<Group>> {
    patterns.sort_unstable_by(|(one, _), (other, _)| {
        let key = |it: &Form| it.len() >= COMPARED;
        (key(one), one.as_bytes()).cmp(&(key(other), other.as_bytes()))
    });
    let few = patterns.len() <= MOST_AT_ONCE * MOST_PASSES;
    let short = patterns.partition_point(|(it, _)| it.len() < COMPARED);
    let (short, long) = if few {
        patterns.split_at(short)
    } else {
        patterns.split_at(0)
    };
    let passes = long.len().div_ceil(MOST_AT_ONCE).max(1);
    let at_once = if few {
        long.len().div_ceil(passes)
    } else {
        long.len()
    };
    let groups = short
        .chunks(MOST_AT_ONCE)
        .chain(long.chunks(at_once.max(1)));
    let group = |patterns: &[(Form, Needle)]| {
        let engine = Engine::new(patterns.iter().map(|(it, _)| it))?;
        let meanings = patterns.iter().map(|(_, it)| *it).collect();
        Ok(Group { engine, meanings })
    };
    groups.map(group).collect()
}
