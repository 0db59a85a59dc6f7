//! Where do a billion points come from?
//!
//! Each chunk of the data has its own random stream, which follows from the seed and the number of the chunk. So it
//! does not matter which thread makes a chunk, and when: the same seed gives the same points with any number of
//! threads.

use std::sync::mpsc::SyncSender;

use ndarray::ArrayViewMut1;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

use super::normal::Ziggurat;
use super::workers::Workers;
use crate::analysis::statistics::{BLOCK, Counts, KEPT, Partial, Rows, TILE, Tile};
use crate::faults::Trouble;
use crate::results::Series;

/// Points per random stream: 8 tiles.
const CHUNK: usize = 8 * TILE;

/// How many blocks a thread may make ahead of time.
const AHEAD: usize = 2;

/// What to simulate.
#[derive(Clone, Copy)]
pub struct Plan {
    pub points: u64,
    /// The start of the random streams.
    pub seed: u64,
    pub threads: usize,
    /// Whether the export needs the values themselves.
    pub keep: bool,
}

impl Plan {
    /// How many blocks the points fill.
    fn blocks(&self) -> u64 {
        self.points.div_ceil(BLOCK as u64)
    }
}

/// Starts the threads, which make blocks and return their counters. If the system refuses a thread, or memory for its
/// counters, the others end.
pub fn start(plan: Plan) -> Result<Workers<Partial, Option<Counts>>, Trouble> {
    let count = usize::try_from(plan.blocks()).unwrap_or(usize::MAX);
    let count = plan.threads.clamp(1, count.max(1));
    let mut workers = Workers::new();
    for first in 0..count as u64 {
        let around_zero = || Counts::of(&Rows::default());
        let counts = (plan.points > KEPT).then(around_zero).transpose()?;
        let work = move |blocks: &SyncSender<Partial>| {
            let mut worker = Worker::new(plan, counts);
            for index in (first..plan.blocks()).step_by(count) {
                if blocks.send(worker.block(index)).is_err() {
                    break; // nobody merges any more
                }
            }
            worker.counts
        };
        workers.start(AHEAD, work).map_err(Trouble::NoThread)?;
    }
    Ok(workers)
}

/// One thread's arrays and counters.
struct Worker {
    plan: Plan,
    /// The edges of the normal distribution's layers.
    ziggurat: Ziggurat,
    tile: Tile,
    /// The counters, unless there are so few values that all are kept.
    counts: Option<Counts>,
}

impl Worker {
    fn new(plan: Plan, counts: Option<Counts>) -> Self {
        Self {
            plan,
            ziggurat: Ziggurat::new(),
            tile: Tile::new(),
            counts,
        }
    }

    /// Makes one block: draws its chunks, and reduces them tile by tile.
    fn block(&mut self, index: u64) -> Partial {
        let points = self.plan.points;
        let keep = self.plan.keep || points <= KEPT;
        let mut block = Partial::block(Series::size_for(points), keep);
        let first = index * BLOCK as u64;
        let end = points.min(first + BLOCK as u64);
        for start in (first..end).step_by(CHUNK) {
            let mut rng = stream(self.plan.seed, start / CHUNK as u64);
            let end = end.min(start + CHUNK as u64);
            for tile in (start..end).step_by(TILE) {
                let length = usize::try_from(end - tile).unwrap_or(TILE);
                let ziggurat = &self.ziggurat;
                self.tile.fill(length, |signal, activity| {
                    draw(&mut rng, ziggurat, signal, activity);
                });
                block.add(&self.tile);
                if let Some(counts) = &mut self.counts {
                    counts.count(&self.tile);
                }
            }
        }
        block
    }
}

/// Draws a whole tile. So a point does not depend on how many points follow it.
fn draw(
    rng: &mut Xoshiro256PlusPlus,
    ziggurat: &Ziggurat,
    signal: &mut [f64],
    activity: &mut [u8],
) {
    let mut local = rng.clone();
    ArrayViewMut1::from(signal).map_inplace(|it| *it = ziggurat.draw(&mut local));
    digits(&mut local, activity.as_chunks_mut().0);
    *rng = local;
}

/// The random stream of a chunk. Each pair of seed and chunk has its own state.
fn stream(seed: u64, chunk: u64) -> Xoshiro256PlusPlus {
    let mut state = [0; 32];
    // SplitMix64 maps different numbers to different numbers, so different pairs give different states.
    let (seeds, chunks) = state.split_at_mut(16);
    SplitMix64::seed_from_u64(seed).fill_bytes(seeds);
    SplitMix64::seed_from_u64(!chunk).fill_bytes(chunks);
    Xoshiro256PlusPlus::from_seed(state)
}

/// The two digits of each number of seven bits. Only those up to 99 are asked for.
static PAIRS: [[u8; 2]; 128] = {
    let mut pairs = [[0; 2]; 128];
    let mut number = 0;
    while number < 128 {
        pairs[number as usize] = [number / 10, number % 10];
        number += 1;
    }
    pairs
};

/// Draws decimal digits, eight from each 64 random bits. The bits are a fraction, and each multiplication by a hundred
/// gives two digits.
///
/// Eight digits need 27 of the 64 bits. The probability of any eight digits is off by less than 10^8 / 2^64.
fn digits(rng: &mut impl Rng, digits: &mut [[u8; 8]]) {
    for eight in digits {
        let mut fraction = rng.next_u64();
        for pair in eight.as_chunks_mut().0 {
            let shifted = u128::from(fraction) * 100;
            #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
            let halves = ((shifted >> 64) as usize, shifted as u64);
            (*pair, fraction) = (PAIRS[halves.0], halves.1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::normal::fixed::Fixed;
    use super::*;

    #[track_caller]
    fn check(bits: u64, expected: [u8; 8]) {
        let mut found = [[255; 8]; 2];
        digits(&mut Fixed(bits), &mut found);
        assert_eq!(found, [expected; 2]);
    }

    #[test]
    fn eight_digits_come_from_each_fraction() {
        check(0, [0; 8]);
        check(1 << 63, [5, 0, 0, 0, 0, 0, 0, 0]);
        check(u64::MAX, [9; 8]);
        // 2^64 / 7 = 0.142857142857…
        check(u64::MAX / 7, [1, 4, 2, 8, 5, 7, 1, 4]);
    }

    #[test]
    fn every_seed_and_every_chunk_has_a_stream_of_its_own() {
        let firsts: std::collections::BTreeSet<u64> = (0..100)
            .flat_map(|seed| (0..100).map(move |chunk| stream(seed, chunk).next_u64()))
            .collect();
        assert_eq!(firsts.len(), 10_000);
    }
}
