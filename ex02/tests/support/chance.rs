//! Random numbers that are the same in every run, so a failure comes back in the next one.

use std::cell::Cell;

/// `SplitMix64`.
pub struct Chance(Cell<u64>);

impl Chance {
    /// The seed decides all numbers.
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    /// From 0 to one less than `below`.
    pub fn number(&self, below: usize) -> usize {
        self.0.set(self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    }

    /// Picks one of these.
    pub fn one<T: Copy>(&self, of: &[T]) -> T {
        of[self.number(of.len())]
    }
}
