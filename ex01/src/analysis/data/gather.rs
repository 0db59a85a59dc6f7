//! How do rows from outside become the same tiles and blocks as simulated ones?

use std::collections::VecDeque;

use super::Data;
use super::pieces::Piece;
use crate::analysis::files::Export;
use crate::analysis::statistics::{BLOCK, Counts, KEPT, Partial, TILE, Tile};
use crate::faults::Trouble;

/// Takes rows piece by piece and reduces them tile by tile.
pub struct Gatherer<'e> {
    /// Values of one column that wait for the other column, or for the rest of a tile.
    signal: Waiting<f64>,
    activity: Waiting<u8>,
    tile: Tile,
    /// The block that takes the tiles.
    block: Partial,
    /// All blocks so far.
    total: Partial,
    /// The counters, once there are too many rows to keep.
    counts: Option<Counts>,
    /// The export, which takes each block.
    export: &'e mut Option<Export>,
}

impl<'e> Gatherer<'e> {
    /// A gatherer without rows.
    pub fn new(export: &'e mut Option<Export>) -> Self {
        Self {
            signal: Waiting::new(),
            activity: Waiting::new(),
            tile: Tile::new(),
            block: Partial::block(1, true),
            total: Partial::new(),
            counts: None,
            export,
        }
    }

    /// How many rows both columns have so far.
    pub fn count(&self) -> u64 {
        let waiting = self.signal.count.min(self.activity.count);
        self.total.count() + self.block.count() + waiting as u64
    }

    /// Takes the next rows, or the next values of one column.
    pub fn add(&mut self, piece: Piece) -> Result<(), Trouble> {
        self.signal.add(piece.signal);
        self.activity.add(piece.activity);
        while self.signal.count.min(self.activity.count) >= TILE {
            self.reduce(TILE)?;
        }
        Ok(())
    }

    /// Reduces the oldest waiting rows.
    fn reduce(&mut self, length: usize) -> Result<(), Trouble> {
        let (signals, activities) = (&mut self.signal, &mut self.activity);
        self.tile.fill(length, |signal, activity| {
            signals.take(&mut signal[..length]);
            activities.take(&mut activity[..length]);
        });
        self.block.add(&self.tile);
        if let Some(counts) = &mut self.counts {
            counts.count(&self.tile);
        } else if self.block.count() > KEPT
            && let Some(rows) = &self.block.rows
        {
            // The first block is longer than the limit for kept values, so it has all rows so far.
            self.counts = Some(Counts::of(rows)?);
            if self.export.is_none() {
                self.block.rows = None;
            }
        }
        if self.block.count() == BLOCK as u64 {
            self.finish_block()?;
        }
        Ok(())
    }

    /// Merges the block and begins a new one.
    fn finish_block(&mut self) -> Result<(), Trouble> {
        if let Some(export) = self.export {
            export.add(&self.block)?;
        }
        let next = Partial::block(self.total.series.size, self.export.is_some());
        self.total.merge(std::mem::replace(&mut self.block, next));
        Ok(())
    }

    /// Reduces the remaining rows and returns the data.
    pub fn finish(mut self) -> Result<Data, Trouble> {
        let left = self.signal.count.min(self.activity.count);
        if left > 0 {
            self.reduce(left)?;
        }
        if self.block.count() > 0 {
            self.finish_block()?;
        }
        Ok(Data {
            total: self.total,
            counts: self.counts,
        })
    }
}

/// Values that wait, as they came: to put many of them together would take their memory twice.
struct Waiting<T> {
    parts: VecDeque<Vec<T>>,
    /// How many values of the first part were taken.
    taken: usize,
    count: usize,
}

impl<T: Copy> Waiting<T> {
    fn new() -> Self {
        Self {
            parts: VecDeque::new(),
            taken: 0,
            count: 0,
        }
    }

    fn add(&mut self, values: Vec<T>) {
        self.count += values.len();
        self.parts.push_back(values);
    }

    /// Takes the next values, which must be there. A part is freed as soon as nothing of it is left.
    fn take(&mut self, mut to: &mut [T]) {
        self.count -= to.len();
        while let Some(first) = self.parts.front() {
            let rest = &first[self.taken..];
            let (filled, left) = to.split_at_mut(rest.len().min(to.len()));
            filled.copy_from_slice(&rest[..filled.len()]);
            self.taken += filled.len();
            if self.taken < first.len() {
                break;
            }
            self.parts.pop_front();
            self.taken = 0;
            to = left;
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values must be exact")]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_size_bring_every_row() {
        let signal: Vec<f64> = (0..300_000).map(f64::from).collect();
        let activity: Vec<u8> = (0..10).cycle().take(300_000).collect();
        let found = [7000, 65_536, 100_001].map(|size| {
            let mut export = None;
            let mut gatherer = Gatherer::new(&mut export);
            for (signal, activity) in signal.chunks(size).zip(activity.chunks(size)) {
                // One column may come before the other.
                let ones = Piece::of(signal.to_vec(), Vec::new());
                gatherer.add(ones).unwrap();
                gatherer
                    .add(Piece::of(Vec::new(), activity.to_vec()))
                    .unwrap();
            }
            assert_eq!(gatherer.count(), 300_000);
            crate::analysis::tables::findings(gatherer.finish().unwrap()).unwrap()
        });
        assert_eq!(found[0].n, 300_000);
        assert_eq!(found[0].signal.max, 299_999.0);
        assert_eq!(found[0].signal.mean, 149_999.5);
        assert!(found[0].groups.iter().all(|it| it.count == 30_000));
        assert!(found[0] == found[1] && found[1] == found[2]);
    }
}
