//! How much of a file may be on its way at once?

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};

/// The most megabytes of pages, packed and unpacked, that are on their way at once.
const MOST_MEGABYTES: usize = 32;

/// How much may be on its way: each megabyte takes a place in this channel, and waits where there is none.
pub struct Rooms {
    places: SyncSender<()>,
    free: Arc<Mutex<Receiver<()>>>,
}

/// Places that are free again when this is dropped.
#[derive(Debug)]
pub struct Room {
    places: usize,
    free: Arc<Mutex<Receiver<()>>>,
}

impl Rooms {
    /// All are free.
    pub fn new() -> Self {
        let (places, free) = mpsc::sync_channel(MOST_MEGABYTES);
        let free = Arc::new(Mutex::new(free));
        Self { places, free }
    }

    /// Waits for so many megabytes; for all of them where it is more than there are.
    pub fn take(&self, megabytes: usize) -> Room {
        let wanted = megabytes.min(MOST_MEGABYTES);
        // The other end is ours: it is there.
        let places = (0..wanted).filter(|_| self.places.send(()).is_ok()).count();
        Room {
            places,
            free: Arc::clone(&self.free),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..self.places {
            let _ = free.try_recv();
        }
    }
}
