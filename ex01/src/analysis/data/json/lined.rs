//! Which line does the parser read?
//!
//! `serde_json` says where it stands after a value and what follows it, and it counts no line end but `\n`.

use std::cell::Cell;
use std::io::{self, Read};

/// A reader that keeps the line of the last byte that it gave. The parser takes one byte at a time.
pub struct Lined<'l, R> {
    inner: R,
    line: &'l Cell<u64>,
    last: u8,
}

impl<'l, R> Lined<'l, R> {
    pub fn new(inner: R, line: &'l Cell<u64>) -> Self {
        line.set(1);
        Self {
            inner,
            line,
            last: 0,
        }
    }
}

impl<R: Read> Read for Lined<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        for byte in &buffer[..read] {
            // A line end is still in the line that it ends.
            if self.last == b'\n' || self.last == b'\r' && *byte != b'\n' {
                self.line.set(self.line.get() + 1);
            }
            self.last = *byte;
        }
        Ok(read)
    }
}
