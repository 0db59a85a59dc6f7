//! Which line does the parser read?
//!
//! `serde_json` says where it stands after a value and what follows it, and it counts no line end but `\n`.

use std::cell::Cell;
use std::io::{self, BufReader, Read};

/// A reader that keeps the line of the last byte that it gave. It gives one byte at a time, as the parser takes them.
pub struct Lined<'l, R> {
    bytes: io::Bytes<BufReader<R>>,
    line: &'l Cell<u64>,
    last: u8,
}

impl<'l, R: Read> Lined<'l, R> {
    pub fn new(inner: R, line: &'l Cell<u64>) -> Self {
        line.set(1);
        Self {
            bytes: BufReader::new(inner).bytes(),
            line,
            last: 0,
        }
    }
}

impl<R: Read> Read for Lined<'_, R> {
    fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
        let Some(first) = wanted.first_mut() else {
            return Ok(0);
        };
        let Some(byte) = self.bytes.next().transpose()? else {
            return Ok(0);
        };
        // A line end is still in the line that it ends.
        if self.last == b'\n' || self.last == b'\r' && byte != b'\n' {
            self.line.set(self.line.get() + 1);
        }
        (self.last, *first) = (byte, byte);
        Ok(1)
    }
}
