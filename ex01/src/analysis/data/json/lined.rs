//! Which line does the parser read?
//!
//! `serde_json` says where it stands after a value and what follows it, and it counts no line end but `\n`.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::Range;

/// What stands where the parser is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Comma,
    /// `NaN` or `Infinity`.
    NotFinite,
    Other,
}

/// A place of the parser.
#[derive(Clone, Copy)]
pub struct Spot {
    pub line: u64,
    pub found: Found,
}

/// Follows the parser. It is told each byte, so it decides nothing before it is asked.
pub struct Tracker {
    line: Cell<u64>,
    /// The last byte. It is zero instead of an `N` or `I` that begins another word than `NaN` or `Infinity`.
    byte: Cell<u8>,
}

impl Tracker {
    /// In the first line.
    pub fn new() -> Self {
        Self {
            line: Cell::new(1),
            byte: Cell::new(0),
        }
    }

    /// Where the parser is now.
    pub fn spot(&self) -> Spot {
        let found = match self.byte.get() {
            b',' => Found::Comma,
            b'N' | b'I' => Found::NotFinite,
            _ => Found::Other,
        };
        let line = self.line.get();
        Spot { line, found }
    }
}

/// How many bytes are read at once.
const BUFFER: usize = 8 << 10;

/// A reader that keeps the place of the last byte that it gave. It gives one byte at a time, as the parser takes them.
pub struct Lined<'l, R> {
    inner: R,
    buffer: [u8; BUFFER],
    /// What of the buffer was read, and not given yet.
    rest: Range<usize>,
    tracker: &'l Tracker,
    last: u8,
}

impl<'l, R> Lined<'l, R> {
    pub fn new(inner: R, tracker: &'l Tracker) -> Self {
        tracker.line.set(1);
        Self {
            inner,
            buffer: [0; BUFFER],
            rest: 0..0,
            tracker,
            last: 0,
        }
    }
}

impl<R: Read> Read for Lined<'_, R> {
    fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = 0..self.inner.read(&mut self.buffer)?;
        }
        let Some(first) = wanted.first_mut() else {
            return Ok(0);
        };
        let Some(at) = self.rest.next() else {
            return Ok(0);
        };
        let byte = self.buffer[at];
        // A line end is still in the line that it ends.
        if self.last == b'\n' || self.last == b'\r' && byte != b'\n' {
            self.tracker.line.set(self.tracker.line.get() + 1);
        }
        let is_other =
            matches!(byte, b'N' | b'I') && !is_not_finite(&self.buffer[at..self.rest.end]);
        self.tracker.byte.set(if is_other { 0 } else { byte });
        (self.last, *first) = (byte, byte);
        Ok(1)
    }
}

/// Whether a text begins with `NaN` or `Infinity`. The end of the buffer may cut the word.
fn is_not_finite(text: &[u8]) -> bool {
    let is = |word: &[u8]| text.starts_with(word) || word.starts_with(text);
    is(b"NaN") || is(b"Infinity")
}
