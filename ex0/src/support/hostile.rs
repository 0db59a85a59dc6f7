//! What if every byte is against us? The inputs for the tests of the parsers.
//!
//! Each parser keeps a test of its own that takes thousands of these and asserts what must hold of any answer. The generator is seeded:
//! every run tries the same inputs, so a failure comes back.

/// A small generator of hostile inputs (Knuth's MMIX constants, the upper bits).
pub struct Hostile(u64);

impl Hostile {
    /// The same seed, the same inputs.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    /// Up to `most` of the pieces that matter, in any order.
    pub fn soup(&mut self, pieces: &[&[u8]], most: usize) -> Vec<u8> {
        let count = self.below(most + 1);
        (0..count)
            .flat_map(|_| pieces[self.below(pieces.len())].to_vec())
            .collect()
    }

    /// A good input, spoiled in one to four places: a byte changed, a part cut out, doubled, or overwritten with one value.
    pub fn spoil(&mut self, good: &[u8]) -> Vec<u8> {
        let mut bytes = good.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let end = (at + 1 + self.below(16)).min(bytes.len());
            match self.below(5) {
                _ if bytes.is_empty() => {}
                0 => bytes[at] ^= 1 << self.below(8),
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
                3 => bytes[at..end].fill([0, 1, 0x7f, 0xff][self.below(4)]),
                _ => bytes.truncate(at),
            }
        }
        bytes
    }
}

/// Does the answer stand in the input, letter by letter?
pub fn within(input: &[u8], answer: &[u8]) -> bool {
    answer.is_empty() || memchr::memmem::find(input, answer).is_some()
}
