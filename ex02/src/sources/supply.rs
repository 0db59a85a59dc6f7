//! Which lines does dotenvy see, and how many of them does it read as one entry?
//!
//! When a quote is open, also in a comment (`A=1  # don't`), dotenvy reads on to the next quote.
//! So it gets one line at a time, and this module decides where the file ends for it.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};

use secrecy::zeroize::Zeroizing;

/// A line of a file. It may have a secret in it, so it is overwritten before it is freed.
pub type Line = Zeroizing<String>;

/// The lines of a file. dotenvy gets only those that it may see.
pub struct Supply<'a> {
    /// Each line with its `\n`. An empty one ends the file for dotenvy.
    lines: &'a [Line],
    /// Index of the line that the next read starts or continues.
    next: Cell<usize>,
    /// Where the file ends for dotenvy.
    until: Cell<usize>,
    /// The text that dotenvy gets there, once.
    last: RefCell<String>,
    /// How much of the line dotenvy has read (a long line takes several reads).
    offset: Cell<usize>,
}

impl<'a> Supply<'a> {
    /// These lines, and dotenvy has read none of them.
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
    /// At most one line, so that dotenvy's buffer cannot run ahead.
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

/// One run of dotenvy. It knows the values that it has seen. It can go back to earlier lines: the end
/// of a file is not the end of the run.
pub struct Run<'a> {
    /// The lines that dotenvy reads.
    supply: &'a Supply<'a>,
    /// dotenvy.
    entries: dotenvy::Iter<&'a Supply<'a>>,
}

/// Name and value.
type Pair = (String, String);

impl<'a> Run<'a> {
    /// A new run, which has seen no value.
    pub fn new(supply: &'a Supply<'a>) -> Self {
        let entries = dotenvy::from_read_iter(supply);
        Self { supply, entries }
    }

    /// The first item in the lines `from` to `until`, and the line after its last line.
    /// `last` is one more line, which dotenvy reads after them.
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

    /// How dotenvy reads these lines alone: as one entry, or as nothing.
    ///
    /// With a quote in a comment, dotenvy cannot read even a single line. So when `comment` says that
    /// there may be one, dotenvy gets a closing quote, on one more line and after a NUL. When the NUL is
    /// not in the value, dotenvy itself read that line as a part of the comment.
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

    /// Makes dotenvy forget a value that it should not have read, so that no `$NAME` is replaced by it.
    pub fn forget(&mut self, item: Option<dotenvy::Result<Pair>>) {
        if let Some(Ok((name, _))) = item {
            let end = self.supply.lines.len();
            self.read(end, end, &format!("{name}=\n"));
        }
    }
}

/// True when a value may belong to an entry of this many lines: it has the line breaks in it, but not
/// the NUL that [`Run::alone`] adds.
pub fn fills(value: &str, lines: usize) -> bool {
    !value.contains('\0') && value.matches('\n').count() + 1 >= lines
}
