//! How do several threads parse a source, and keep its order?
//!
//! One thread reads ahead and deals out tasks to the workers in turn.

use std::sync::mpsc::{self, SyncSender};

use super::memory::MemoryPermit;
use super::workers::Workers;
use crate::faults::Refusal;
#[cfg(test)]
use crate::faults::{Content, Place, ReadFault};

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

/// Pieces in the order of the data.
pub struct Pieces(Workers<Piece, ()>);

impl Pieces {
    /// Starts one thread that deals out tasks, and some workers. A refusal of `read` comes after all its tasks.
    pub fn start<T: Send + 'static>(
        threads: usize,
        read: impl FnOnce(&mut Dealer<T>) -> Result<(), Refusal> + Send + 'static,
        parse: impl Fn(T) -> Piece + Clone + Send + 'static,
    ) -> Result<Self, Refusal> {
        let mut workers = Workers::new();
        let mut dealer = Dealer {
            workers: Vec::new(),
            turn: 0,
        };
        for _ in 0..threads.max(1) {
            let (sender, tasks) = mpsc::sync_channel::<Result<T, Refusal>>(1);
            dealer.workers.push(sender);
            let parse = parse.clone();
            let work = move |pieces: &SyncSender<Piece>| {
                for task in tasks {
                    let piece = task.map_or_else(Piece::refused, &parse);
                    if pieces.send(piece).is_err() {
                        break; // nobody needs more tasks
                    }
                }
            };
            workers.start(1, work).map_err(Refusal::NoThread)?;
        }
        let deal = move || {
            if let Err(refusal) = read(&mut dealer) {
                dealer.send(Err(refusal));
            }
        };
        workers.start_helper(deal).map_err(Refusal::NoThread)?;
        Ok(Self(workers))
    }

    /// The next piece; none after the last one. While it waits, it calls `waiting` now and then.
    pub fn next(&mut self, waiting: &dyn Fn()) -> Result<Option<Piece>, Refusal> {
        let piece = self.0.next(waiting);
        if piece.is_none() {
            self.0.end().map_err(Refusal::Panic)?;
        }
        Ok(piece)
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
