//! How do several threads parse a source, and keep its order?
//!
//! One thread reads ahead and deals out tasks in turn. Task i goes to worker i modulo n, and the results are taken in
//! the same turn. So nobody has to sort anything, and a fast worker waits.

use std::any::Any;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::memory::MemoryPermit;
use crate::faults::{self, Refusal};
#[cfg(test)]
use crate::faults::{Content, Place, ReadFault};

/// How often `next` calls its caller while it waits for a piece.
const MOMENT: Duration = Duration::from_millis(100);

/// Some consecutive rows, or values of one column.
#[derive(Debug, Default)]
pub struct Piece {
    /// Values of the column `signal`.
    pub signal: Vec<f64>,
    /// Values of the column `agent_activity`.
    pub activity: Vec<u8>,
    /// How many rows come before these; if not given, count the rows so far.
    pub start: Option<u64>,
    /// How many lines these rows have.
    pub lines: u64,
    /// What is wrong after these rows. Its place is counted from the start of this piece.
    pub refusal: Option<Refusal>,
    /// The memory that it uses, as long as it exists.
    pub permit: Option<MemoryPermit>,
}

impl Piece {
    /// A piece with these values and without an error.
    #[cfg(test)]
    pub fn of(signal: Vec<f64>, activity: Vec<u8>) -> Self {
        Self {
            signal,
            activity,
            ..Self::default()
        }
    }

    /// A piece with an error only.
    pub fn refused(refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            ..Self::default()
        }
    }
}

/// A refusal that tests can compare.
#[cfg(test)]
#[derive(Debug, PartialEq)]
pub enum Fault {
    Content(Place, Content),
    Read(ReadFault),
}

#[cfg(test)]
impl Fault {
    pub fn of(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Content(place, content) => Self::Content(place, content),
            Refusal::Io(error) => Self::Read(error.downcast().unwrap()),
            other => panic!("{other:?}"),
        }
    }

    /// This is wrong with the whole source.
    pub fn whole(content: impl Into<Content>) -> Self {
        Self::Content(Place::default(), content.into())
    }

    /// This is wrong in a line, and perhaps in a row and a column of it.
    pub fn at(
        line: u64,
        row: Option<u64>,
        column: Option<&'static str>,
        content: impl Into<Content>,
    ) -> Self {
        let line = Some(line);
        Self::Content(Place { line, row, column }, content.into())
    }
}

/// Deals out tasks; false if nobody wants another one.
pub struct Dealer<T> {
    workers: Vec<SyncSender<Result<T, Refusal>>>,
    turn: usize,
}

impl<T> Dealer<T> {
    /// Gives the next task to the next worker.
    pub fn deal(&mut self, task: T) -> bool {
        self.send(Ok(task))
    }

    fn send(&mut self, task: Result<T, Refusal>) -> bool {
        let worker = &self.workers[self.turn % self.workers.len()];
        self.turn += 1;
        worker.send(task).is_ok()
    }
}

/// Starts a thread, if the system gives one.
fn spawn(work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Refusal> {
    let thread = thread::Builder::new().spawn(work);
    thread.map_err(Refusal::NoThread)
}

/// Pieces in the order of the data.
pub struct Pieces {
    workers: Vec<Receiver<Piece>>,
    turn: usize,
    threads: Vec<JoinHandle<()>>,
}

impl Pieces {
    /// Starts one thread that deals out tasks, and some workers. A refusal of `read` comes after all its tasks. If the
    /// system refuses a thread, the others end.
    pub fn start<T: Send + 'static>(
        threads: usize,
        read: impl FnOnce(&mut Dealer<T>) -> Result<(), Refusal> + Send + 'static,
        parse: impl Fn(T) -> Piece + Clone + Send + 'static,
    ) -> Result<Self, Refusal> {
        let mut pieces = Self {
            workers: Vec::new(),
            turn: 0,
            threads: Vec::new(),
        };
        let mut dealer = Dealer {
            workers: Vec::new(),
            turn: 0,
        };
        for _ in 0..threads.max(1) {
            let (tasks, parse) = (mpsc::sync_channel::<Result<T, Refusal>>(1), parse.clone());
            let done = mpsc::sync_channel(1);
            dealer.workers.push(tasks.0);
            pieces.workers.push(done.1);
            let work = move || {
                for task in tasks.1 {
                    let piece = task.map_or_else(Piece::refused, &parse);
                    if done.0.send(piece).is_err() {
                        break; // nobody needs more tasks
                    }
                }
            };
            pieces.threads.push(spawn(work)?);
        }
        let deal = move || {
            if let Err(refusal) = read(&mut dealer) {
                dealer.send(Err(refusal));
            }
        };
        pieces.threads.push(spawn(deal)?);
        Ok(pieces)
    }

    /// The next piece; none after the last one. While it waits, it calls `waiting` now and then.
    pub fn next(&mut self, waiting: &dyn Fn()) -> Result<Option<Piece>, Refusal> {
        let worker = &self.workers[self.turn % self.workers.len()];
        loop {
            waiting();
            match worker.recv_timeout(MOMENT) {
                Ok(piece) => {
                    self.turn += 1;
                    return Ok(Some(piece));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return self.end(),
            }
        }
    }

    /// How many rows there are, or what is wrong.
    #[cfg(test)]
    pub fn rows(mut self) -> Result<u64, Fault> {
        let (mut signal, mut activity, mut lines) = (0, 0, 0);
        while let Some(piece) = self.next(&|| ()).map_err(Fault::of)? {
            let start = piece.start.unwrap_or(signal);
            if let Some(refusal) = piece.refusal {
                return Err(Fault::of(refusal.behind(lines, start)));
            }
            signal += piece.signal.len() as u64;
            activity += piece.activity.len() as u64;
            lines += piece.lines;
        }
        assert_eq!(signal, activity);
        Ok(signal)
    }

    /// The end, unless a thread panicked.
    fn end(&mut self) -> Result<Option<Piece>, Refusal> {
        for thread in self.threads.drain(..) {
            let panicked = |panic: Box<dyn Any + Send>| Refusal::Panic(faults::message(&*panic));
            thread.join().map_err(panicked)?;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: u32) -> impl FnOnce(&mut Dealer<u32>) -> Result<(), Refusal> {
        move |dealer| {
            for number in 0..count {
                if !dealer.deal(number) {
                    break;
                }
            }
            Ok(())
        }
    }

    #[test]
    fn pieces_come_in_the_order_of_their_tasks() {
        for threads in [1, 2, 7] {
            let parse = |number: u32| Piece::of(vec![f64::from(number)], Vec::new());
            let mut pieces = Pieces::start(threads, numbers(1000), parse).unwrap();
            let mut found = Vec::new();
            while let Some(piece) = pieces.next(&|| ()).unwrap() {
                found.extend(piece.signal);
            }
            let expected: Vec<f64> = (0..1000).map(f64::from).collect();
            assert_eq!(found, expected, "{threads}");
        }
    }

    #[test]
    fn a_panic_of_a_worker_is_an_error() {
        let parse = |number: u32| {
            assert!(number < 5, "no luck");
            Piece::default()
        };
        let mut pieces = Pieces::start(2, numbers(10), parse).unwrap();
        let error = loop {
            match pieces.next(&|| ()) {
                Ok(Some(_)) => {}
                other => break other.unwrap_err(),
            }
        };
        assert!(matches!(error, Refusal::Panic(why) if why == "no luck"));
    }
}
