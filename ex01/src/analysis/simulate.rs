//! Where do a billion points come from?
//!
//! From one random stream per chunk of the data, named by seed and chunk number. Which thread makes a chunk, and
//! when, changes nothing: the same seed gives the same points at any number of threads.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use ndarray::Array1;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

use super::block::{BLOCK, Block};
use super::normal::Ziggurat;
use super::tile::{self, Sketches, TILE};
use super::total::KEPT;
use crate::exit::Trouble;
use crate::results::Series;

/// Points per random stream: 8 tiles.
const CHUNK: usize = 8 * TILE;

/// Blocks that may be finished ahead of the one that is waited for, per thread.
const AHEAD: u64 = 3;

/// What to make.
#[derive(Clone, Copy)]
pub struct Plan {
    /// How many points.
    pub points: u64,
    /// Where the random streams start.
    pub seed: u64,
    /// How many threads make them.
    pub threads: usize,
    /// Whether the values themselves are wanted, for export.
    pub keep: bool,
}

impl Plan {
    /// How many blocks the points fill.
    fn blocks(&self) -> u64 {
        self.points.div_ceil(BLOCK as u64)
    }
}

/// Makes all points and hands them on, block by block, in the order of the data.
pub fn run(
    plan: Plan,
    mut each: impl FnMut(Block) -> Result<(), Trouble>,
) -> Result<Sketches, Trouble> {
    let threads = plan
        .threads
        .min(usize::try_from(plan.blocks()).unwrap_or(usize::MAX));
    if threads == 1 {
        let mut worker = Worker::new(plan);
        for index in 0..plan.blocks() {
            each(worker.block(index))?;
        }
        return Ok(worker.sketches);
    }
    let queue = Queue::new(plan.blocks(), AHEAD * threads as u64);
    let (sender, receiver) = mpsc::sync_channel(threads);
    thread::scope(|scope| {
        let start = || {
            let (queue, sender) = (&queue, sender.clone());
            scope.spawn(move || Worker::new(plan).work(queue, &sender))
        };
        let workers: Vec<_> = (0..threads).map(|_| start()).collect();
        drop(sender);
        // Blocks that came too early wait here; the queue keeps them few.
        let mut early = BTreeMap::new();
        let mut outcome = Ok(());
        for (index, block) in &receiver {
            early.insert(index, block);
            while let Some(block) = early.remove(&queue.done()) {
                outcome = outcome.and_then(|()| each(block));
                queue.advance();
            }
            if outcome.is_err() {
                queue.close();
            }
        }
        let mut sketches = Sketches::new();
        for worker in workers {
            match worker.join() {
                Ok(theirs) => sketches.merge(theirs),
                Err(panic) => return Err(crate::exit::bug(&*panic)),
            }
        }
        outcome.map(|()| sketches)
    })
}

/// Which block is next, and how far ahead of the merging one may work.
struct Queue {
    /// The next block to make, and the next one to merge.
    state: Mutex<(u64, u64)>,
    /// Wakes those who got too far ahead.
    merged: Condvar,
    /// How many there are.
    blocks: u64,
    /// How far is too far.
    ahead: u64,
}

impl Queue {
    /// Before the first block.
    fn new(blocks: u64, ahead: u64) -> Self {
        Self {
            state: Mutex::new((0, 0)),
            merged: Condvar::new(),
            blocks,
            ahead,
        }
    }

    /// The next block to make; none when all are taken.
    fn take(&self) -> Option<u64> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let far =
            |(next, done): &mut (u64, u64)| *next < self.blocks && *next >= *done + self.ahead;
        let mut state = self
            .merged
            .wait_while(state, far)
            .unwrap_or_else(PoisonError::into_inner);
        let next = state.0;
        (next < self.blocks).then(|| {
            state.0 += 1;
            next
        })
    }

    /// The block that is to be merged next.
    fn done(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// One more block is merged.
    fn advance(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1 += 1;
        self.merged.notify_all();
    }

    /// No more blocks are wanted.
    fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0 = self.blocks;
        self.merged.notify_all();
    }
}

/// One thread's arrays and counters.
struct Worker {
    /// What to make.
    plan: Plan,
    /// The edges of the normal distribution's layers.
    ziggurat: Ziggurat,
    /// A tile of the column `signal`.
    signal: Array1<f64>,
    /// A tile of the column `agent_activity`.
    activity: Array1<u8>,
    /// What was counted so far.
    sketches: Sketches,
}

impl Worker {
    /// Before the first block.
    fn new(plan: Plan) -> Self {
        Self {
            plan,
            ziggurat: Ziggurat::new(),
            signal: Array1::zeros(TILE),
            activity: Array1::zeros(TILE),
            sketches: Sketches::new(),
        }
    }

    /// Makes blocks until there are none left.
    fn work(mut self, queue: &Queue, done: &SyncSender<(u64, Block)>) -> Sketches {
        while let Some(index) = queue.take() {
            if done.send((index, self.block(index))).is_err() {
                break; // nobody merges any more
            }
        }
        self.sketches
    }

    /// Makes one block: draws its chunks and reduces them, tile by tile.
    fn block(&mut self, index: u64) -> Block {
        let points = self.plan.points;
        let keep = self.plan.keep || points <= KEPT;
        let mut block = Block::new(Series::size_for(points), keep);
        let first = index * BLOCK as u64;
        let end = points.min(first + BLOCK as u64);
        for start in (first..end).step_by(CHUNK) {
            let mut rng = stream(self.plan.seed, start / CHUNK as u64);
            let end = end.min(start + CHUNK as u64);
            for tile in (start..end).step_by(TILE) {
                let length = usize::try_from(end - tile).map_or(TILE, |left| left.min(TILE));
                self.draw(&mut rng);
                block.add(
                    &tile::first(self.signal.view(), length),
                    &tile::first(self.activity.view(), length),
                    &mut self.sketches,
                );
            }
        }
        block
    }

    /// Fills the arrays: always a whole tile, so that a point does not depend on how many follow it.
    fn draw(&mut self, rng: &mut Xoshiro256PlusPlus) {
        let ziggurat = &self.ziggurat;
        let mut local = rng.clone();
        self.signal
            .map_inplace(|it| *it = ziggurat.draw(&mut local));
        if let Some(activity) = self.activity.as_slice_mut() {
            digits(&mut local, activity);
        }
        *rng = local;
    }
}

/// The random stream of a chunk. Different pairs of seed and chunk have different states.
fn stream(seed: u64, chunk: u64) -> Xoshiro256PlusPlus {
    let mut state = [0; 32];
    // SplitMix64 maps every number to another one, so neither half forgets where it came from.
    let (seeds, chunks) = state.split_at_mut(16);
    SplitMix64::seed_from_u64(seed).fill_bytes(seeds);
    SplitMix64::seed_from_u64(!chunk).fill_bytes(chunks);
    Xoshiro256PlusPlus::from_seed(state)
}

/// Fills a slice with decimal digits, eight out of each 64 random bits: the bits are a fraction, and each
/// multiplication by ten brings one digit forth.
///
/// Eight digits need 27 of the 64 bits; the probability of any eight is off by less than 10^8 / 2^64.
fn digits(rng: &mut impl Rng, digits: &mut [u8]) {
    for eight in digits.chunks_mut(8) {
        let mut fraction = rng.next_u64();
        for digit in eight {
            let shifted = u128::from(fraction) * 10;
            #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
            let halves = ((shifted >> 64) as u8, shifted as u64);
            (*digit, fraction) = halves;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::normal::fixed::Fixed;
    use super::*;

    #[track_caller]
    fn check(bits: u64, expected: [u8; 10]) {
        let mut found = [255; 10];
        digits(&mut Fixed(bits), &mut found);
        assert_eq!(found, expected);
    }

    #[test]
    fn digits_are_those_of_the_fraction_eight_at_a_time() {
        check(0, [0; 10]);
        check(1 << 63, [5, 0, 0, 0, 0, 0, 0, 0, 5, 0]);
        check(u64::MAX, [9; 10]);
        // 2^64 / 7 = 0.142857142857…
        check(u64::MAX / 7, [1, 4, 2, 8, 5, 7, 1, 4, 1, 4]);
    }

    #[test]
    fn every_seed_and_every_chunk_has_a_stream_of_its_own() {
        let firsts: std::collections::BTreeSet<u64> = (0..100)
            .flat_map(|seed| (0..100).map(move |chunk| stream(seed, chunk).next_u64()))
            .collect();
        assert_eq!(firsts.len(), 10_000);
    }
}
