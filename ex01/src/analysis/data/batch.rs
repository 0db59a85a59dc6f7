//! Which pages of a Parquet file's column are unpacked together?

use super::memory::MemoryPermit;

/// Of batches that take more bytes, one is in memory at a time. Usual ones take four megabytes.
pub const LARGE: usize = 8 << 20;

/// Some pages, with their dictionary first.
#[derive(Default)]
pub struct Batch {
    /// The bytes in the file.
    pub bytes: Vec<u8>,
    /// The bytes after unpacking.
    pub unpacked: usize,
    /// How many of those are the dictionary's.
    pub dictionary: usize,
    /// The number of values, with nulls.
    pub values: u64,
    /// Whether a page keeps the bytes of its numbers apart.
    pub is_split: bool,
    /// Most of the memory, if it is large.
    pub permit: Option<MemoryPermit>,
}

impl Batch {
    /// How many bytes it takes: packed, unpacked, and as numbers.
    pub fn size(&self) -> usize {
        size(self.bytes.len(), self.unpacked, self.values)
    }

    /// Whether no other one is in memory.
    pub fn is_large(&self) -> bool {
        self.size() > LARGE
    }
}

/// How many bytes some pages take: as they are, unpacked, and as numbers of polars and ours.
pub fn size(packed: usize, unpacked: usize, values: u64) -> usize {
    let values = usize::try_from(values).unwrap_or(usize::MAX);
    values.saturating_mul(2 * size_of::<f64>()) + packed + unpacked
}
