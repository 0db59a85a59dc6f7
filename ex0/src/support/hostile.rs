//! Hostile inputs for the tests of the parsers.
//!
//! Each parser has a test that reads thousands of these inputs and checks what must be true for every answer. The generator has a seed:
//! every run uses the same inputs, so a failure can be repeated.

use bstr::ByteSlice;

/// A small generator of hostile inputs. It uses Knuth's MMIX constants and the upper bits.
pub struct Hostile(u64);

impl Hostile {
    /// The same seed gives the same inputs.
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

    /// At most `most` pieces, in any order.
    pub fn soup(&mut self, pieces: &[&[u8]], most: usize) -> Vec<u8> {
        let count = self.below(most + 1);
        (0..count)
            .flat_map(|_| pieces[self.below(pieces.len())].to_vec())
            .collect()
    }

    /// A good input with one to four errors: a byte is changed, a part is removed, doubled or overwritten with one value, the end is cut off.
    pub fn damage(&mut self, good: &[u8]) -> Vec<u8> {
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

/// Does the input contain the answer, byte by byte?
pub fn within(input: &[u8], answer: &[u8]) -> bool {
    answer.is_empty() || input.contains_str(answer)
}
