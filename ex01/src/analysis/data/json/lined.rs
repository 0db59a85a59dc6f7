//! Which line does the parser read?
//!
//! `serde_json` says where it stands after a value and what follows it, and it counts no line end but `\n`.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::Range;

/// How many bytes are read at once.
const BUFFER: usize = 8 << 10;

/// A reader that keeps the line of the last byte that it gave. It gives one byte at a time, as the parser takes them.
pub struct Lined<'l, R> {
    inner: R,
    buffer: [u8; BUFFER],
    /// What of the buffer was read, and not given yet.
    rest: Range<usize>,
    line: &'l Cell<u64>,
    last: u8,
}

impl<'l, R> Lined<'l, R> {
    pub fn new(inner: R, line: &'l Cell<u64>) -> Self {
        line.set(1);
        Self {
            inner,
            buffer: [0; BUFFER],
            rest: 0..0,
            line,
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
            self.line.set(self.line.get() + 1);
        }
        (self.last, *first) = (byte, byte);
        Ok(1)
    }
}
