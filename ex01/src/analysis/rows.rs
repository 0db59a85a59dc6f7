//! How do rows from outside become the same tiles and blocks that simulated ones do?

use ndarray::Array1;

use super::block::{BLOCK, Block};
use super::tile::{self, Sketches, TILE};
use super::total::Total;
use crate::exit::Trouble;

/// The column of numbers.
pub const SIGNAL: &str = "signal";
/// The column of digits.
pub const ACTIVITY: &str = "agent_activity";

/// Beyond this a square no longer fits into a float.
const LARGEST: f64 = 1e150;

/// Takes rows one by one and reduces them tile by tile.
pub struct Collector<'e> {
    /// A tile of the column `signal`, filled so far.
    signal: Array1<f64>,
    /// A tile of the column `agent_activity`.
    activity: Array1<u8>,
    /// How much of the tile is filled.
    filled: usize,
    /// The block that the tiles go to.
    block: Block,
    /// What was counted so far.
    sketches: Sketches,
    /// All blocks so far.
    total: Total,
    /// Whether the values are wanted for export.
    keep: bool,
    /// Who wants to see each block.
    each: &'e mut dyn FnMut(&Block) -> Result<(), Trouble>,
}

impl<'e> Collector<'e> {
    /// Before the first row.
    pub fn new(keep: bool, each: &'e mut dyn FnMut(&Block) -> Result<(), Trouble>) -> Self {
        Self {
            signal: Array1::zeros(TILE),
            activity: Array1::zeros(TILE),
            filled: 0,
            block: Block::new(1, true),
            sketches: Sketches::new(),
            total: Total::new(),
            keep,
            each,
        }
    }

    /// How many rows came so far.
    pub fn count(&self) -> u64 {
        self.total.count() + self.block.count() + self.filled as u64
    }

    /// The next row.
    pub fn push(&mut self, signal: f64, activity: u8) -> Result<(), Trouble> {
        self.signal[self.filled] = signal;
        self.activity[self.filled] = activity;
        self.filled += 1;
        if self.filled == TILE {
            self.reduce()?;
        }
        Ok(())
    }

    /// Reduces what the tile holds.
    fn reduce(&mut self) -> Result<(), Trouble> {
        let filled = std::mem::take(&mut self.filled);
        self.block.add(
            &tile::first(self.signal.view(), filled),
            &tile::first(self.activity.view(), filled),
            &mut self.sketches,
        );
        if self.block.count() == BLOCK as u64 {
            self.finish_block()?;
        }
        Ok(())
    }

    /// Merges the block and begins a new one.
    fn finish_block(&mut self) -> Result<(), Trouble> {
        (self.each)(&self.block)?;
        self.total.add(&self.block);
        self.block = Block::new(self.total.series.size, self.keep);
        Ok(())
    }

    /// After the last row: everything, merged. No row at all is an error of the source.
    pub fn finish(mut self) -> Result<(Total, Sketches), Trouble> {
        if self.filled > 0 {
            self.reduce()?;
        }
        if self.block.count() > 0 {
            self.finish_block()?;
        }
        Ok((self.total, self.sketches))
    }
}

/// A `signal` is a finite number of a size that can be squared.
pub fn signal(value: f64) -> Result<f64, String> {
    match () {
        () if !value.is_finite() => Err(format!("{value} is not a finite number")),
        () if value.abs() > LARGEST => Err(format!("{value:e} is beyond ±{LARGEST:e}")),
        () => Ok(value),
    }
}

/// An `agent_activity` is a whole number from 0 to 9; `5.0` is one too.
pub fn activity(value: f64) -> Result<u8, String> {
    (0_u8..=9)
        .find(|it| f64::from(*it).total_cmp(&(value + 0.0)).is_eq())
        .ok_or_else(|| format!("{value} is not a whole number from 0 to 9"))
}

/// How many rows a reader finds, or what it says is wrong.
#[cfg(test)]
pub fn counted(
    read: impl FnOnce(&mut Collector<'_>) -> Result<(), super::bad::Bad>,
) -> Result<u64, String> {
    let mut each = |_: &_| Ok(());
    let mut rows = Collector::new(false, &mut each);
    match read(&mut rows) {
        Ok(()) => Ok(rows.count()),
        Err(bad) => Err(bad.to_string()),
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact values are what is promised")]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_finite_and_an_activity_is_a_digit() {
        assert_eq!(signal(-1.5), Ok(-1.5));
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e200] {
            assert!(signal(value).is_err(), "{value}");
        }
        assert_eq!(activity(9.0), Ok(9));
        for value in [-1.0, 10.0, 0.5, f64::NAN, f64::INFINITY] {
            assert!(activity(value).is_err(), "{value}");
        }
    }

    #[test]
    fn every_row_arrives() {
        let mut seen = 0;
        let mut each = |block: &Block| {
            seen += block.count();
            Ok(())
        };
        let mut rows = Collector::new(false, &mut each);
        for row in 0..300_000_u32 {
            rows.push(f64::from(row), (row % 10) as u8).unwrap();
            assert_eq!(rows.count(), u64::from(row) + 1);
        }
        let (total, sketches) = rows.finish().unwrap();
        assert_eq!(seen, 300_000);
        let findings = total.findings(sketches).unwrap();
        assert_eq!(findings.n, 300_000);
        assert_eq!(findings.signal.max, 299_999.0);
        assert_eq!(findings.signal.mean, 149_999.5);
        assert!(findings.groups.iter().all(|it| it.count == 30_000));
    }
}
