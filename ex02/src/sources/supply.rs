//! Which lines does dotenvy see, and how many of them does it take for one entry?
//!
//! When a quote stands open, in a comment too (`A=1  # don't`), it takes all up to the next quote.
//! So it gets one line per read, and we decide where the file ends for it.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};

use secrecy::zeroize::Zeroizing;

/// A line of a file, overwritten when it goes: it may hold a secret.
pub type Line = Zeroizing<String>;

/// The lines of a file, of which dotenvy gets those that it is to see.
pub struct Supply<'a> {
    /// Each with its `\n`; an empty one ends the file for dotenvy.
    lines: &'a [Line],
    /// Index of the line that the next read begins or goes on with.
    next: Cell<usize>,
    /// Where the file ends for dotenvy.
    until: Cell<usize>,
    /// What dotenvy gets there, once.
    last: RefCell<String>,
    /// How much of the line has been handed out (a long one takes several reads).
    offset: Cell<usize>,
}

impl<'a> Supply<'a> {
    /// Of these lines, none yet.
    pub fn new(lines: &'a [Line]) -> Self {
        Self {
            lines,
            next: Cell::new(0),
            until: Cell::new(0),
            last: RefCell::default(),
            offset: Cell::new(0),
        }
    }
}

impl Read for &Supply<'_> {
    /// One line or a part of it, never more: dotenvy's buffer cannot run ahead.
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let (next, last) = (self.next.get(), self.last.borrow());
        if next > self.until.get() {
            return Ok(0);
        }
        let line = match self.lines[..self.until.get()].get(next) {
            Some(line) => line,
            None => &*last,
        };
        let rest = &line.as_bytes()[self.offset.get()..];
        let count = rest.len().min(to.len());
        to[..count].copy_from_slice(&rest[..count]);
        let offset = self.offset.get() + count;
        let done = offset == line.len();
        self.offset.set(if done { 0 } else { offset });
        self.next.set(next + usize::from(done));
        Ok(count)
    }
}

/// One run of dotenvy, which knows the values that it has seen. It can be sent back to earlier
/// lines: what it finds at the end of a file is not the end of the run.
pub struct Run<'a> {
    /// Where dotenvy reads.
    supply: &'a Supply<'a>,
    /// dotenvy.
    entries: dotenvy::Iter<&'a Supply<'a>>,
}

/// Name and value.
type Pair = (String, String);

impl<'a> Run<'a> {
    /// That has seen no value.
    pub fn new(supply: &'a Supply<'a>) -> Self {
        let entries = dotenvy::from_read_iter(supply);
        Self { supply, entries }
    }

    /// The first item in lines `from` to `until`, and the line after the last that it took.
    /// `last` is one line more, to be read after them.
    pub fn read(
        &mut self,
        from: usize,
        until: usize,
        last: &str,
    ) -> (Option<dotenvy::Result<Pair>>, usize) {
        self.supply.next.set(from);
        self.supply.until.set(until);
        last.clone_into(&mut self.supply.last.borrow_mut());
        let item = self.entries.next();
        (item, self.supply.next.get().min(until))
    }

    /// What dotenvy makes of these lines when there are no others: one entry, or nothing.
    ///
    /// A quote in a comment keeps dotenvy from reading even a line alone. So where `comment` says
    /// that there may be one, dotenvy gets a quote that closes it, on a line more and after a NUL.
    /// When the NUL is not in the value, dotenvy itself took that line for a part of the comment.
    pub fn alone(&mut self, from: usize, until: usize, comment: bool) -> Option<Pair> {
        let lasts: &[&str] = if comment {
            &["", "\0'\n", "\0\"\n"]
        } else {
            &[""]
        };
        for last in lasts {
            let (item, end) = self.read(from, until, last);
            match item {
                Some(Ok(pair)) if end == until && fills(&pair.1, until - from) => {
                    return Some(pair);
                }
                other => self.forget(other),
            }
        }
        None
    }

    /// Makes dotenvy forget a value that it should not have read, so that no `$NAME` becomes it.
    pub fn forget(&mut self, item: Option<dotenvy::Result<Pair>>) {
        if let Some(Ok((name, _))) = item {
            let end = self.supply.lines.len();
            self.read(end, end, &format!("{name}=\n"));
        }
    }
}

/// True when a value may be that of an entry of so many lines: the line breaks are in it, and the
/// NUL that [`Run::alone`] adds is not.
pub fn fills(value: &str, lines: usize) -> bool {
    !value.contains('\0') && value.matches('\n').count() + 1 >= lines
}
