//! How do several threads work side by side, and how do their results come in the order of the data?
//!
//! Worker i modulo n makes result i, and the results are taken in the same turn. So nobody has to sort anything, and a
//! fast worker waits.

use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::faults;

/// How often `next` calls its caller while it waits for a result.
const MOMENT: Duration = Duration::from_millis(100);

/// Threads that send results, and return something in the end.
pub struct Workers<T, R> {
    results: Vec<Receiver<T>>,
    turn: usize,
    threads: Vec<JoinHandle<R>>,
}

impl<T: Send + 'static, R: Send + 'static> Workers<T, R> {
    pub fn new() -> Self {
        Self {
            results: Vec::new(),
            turn: 0,
            threads: Vec::new(),
        }
    }

    /// Starts a worker that may have so many results ready ahead of time. If the system refuses the thread, the others
    /// end as soon as nobody takes their results.
    pub fn start(
        &mut self,
        ahead: usize,
        work: impl FnOnce(&SyncSender<T>) -> R + Send + 'static,
    ) -> io::Result<()> {
        let (sender, receiver) = mpsc::sync_channel(ahead);
        self.results.push(receiver);
        self.start_helper(move || work(&sender))
    }

    /// Starts a thread that sends no results.
    pub fn start_helper(&mut self, work: impl FnOnce() -> R + Send + 'static) -> io::Result<()> {
        self.threads.push(thread::Builder::new().spawn(work)?);
        Ok(())
    }

    /// The next result; none after the last one, or if its worker ended early. While it waits, it calls `waiting` now
    /// and then.
    pub fn next(&mut self, waiting: &dyn Fn()) -> Option<T> {
        let worker = self.results.get(self.turn % self.results.len().max(1))?;
        loop {
            waiting();
            match worker.recv_timeout(MOMENT) {
                Ok(result) => {
                    self.turn += 1;
                    return Some(result);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// What all threads return in the end, or the message of one that panicked.
    pub fn end(&mut self) -> Result<Vec<R>, String> {
        // Beside one that panicked, another one may wait until somebody takes its result.
        self.results.clear();
        let threads = self.threads.drain(..);
        let ends = threads.map(|it| it.join().map_err(|panic| faults::message(&*panic)));
        ends.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_the_others_too() {
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            let mut workers = Workers::new();
            let busy = |results: &SyncSender<u8>| while results.send(1).is_ok() {};
            workers.start(1, busy).unwrap();
            workers.start(1, |_| panic!("no luck")).unwrap();
            while workers.next(&|| ()).is_some() {}
            done.send(workers.end().unwrap_err()).unwrap();
        });
        let found = is_done.recv_timeout(Duration::from_secs(20));
        assert_eq!(found.as_deref(), Ok("no luck"));
    }
}
