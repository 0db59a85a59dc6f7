//! How much of a file may be in memory at once?

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};

/// The most megabytes of pages, packed and unpacked, in memory at once.
const MOST_MEGABYTES: usize = 32;

/// What large pages leave of it, for their values.
const LEFT_MEGABYTES: usize = 4;

/// A limit for memory. Each megabyte takes a place in this channel, and waits if there is none.
pub struct MemoryLimit {
    places: SyncSender<()>,
    free: Arc<Mutex<Receiver<()>>>,
}

/// Megabytes that are in use until this is dropped.
#[derive(Debug)]
pub struct MemoryPermit {
    places: usize,
    free: Arc<Mutex<Receiver<()>>>,
}

impl MemoryLimit {
    pub fn new() -> Self {
        let (places, free) = mpsc::sync_channel(MOST_MEGABYTES);
        let free = Arc::new(Mutex::new(free));
        Self { places, free }
    }

    /// Waits until almost nothing else is in memory.
    pub fn take_most(&self) -> MemoryPermit {
        self.take(MOST_MEGABYTES - LEFT_MEGABYTES)
    }

    /// Waits for this many megabytes beside large pages, or for all that they leave.
    pub fn take_beside(&self, megabytes: usize) -> MemoryPermit {
        self.take(megabytes.min(LEFT_MEGABYTES))
    }

    /// Waits for this many megabytes, or for all of them if there are fewer.
    pub fn take(&self, megabytes: usize) -> MemoryPermit {
        let wanted = megabytes.min(MOST_MEGABYTES);
        // We hold the other end, so it exists.
        let places = (0..wanted).filter(|_| self.places.send(()).is_ok()).count();
        MemoryPermit {
            places,
            free: Arc::clone(&self.free),
        }
    }
}

impl Drop for MemoryPermit {
    fn drop(&mut self) {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..self.places {
            let _ = free.try_recv();
        }
    }
}
