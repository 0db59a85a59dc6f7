//! How is a stream read only until a deadline?

use std::io::{self, Read};
use std::time::Instant;

/// A stream that fails with [`io::ErrorKind::TimedOut`] after a deadline.
pub struct InTime<R> {
    /// The stream.
    pub stream: R,
    /// The deadline.
    pub until: Instant,
}

impl<R: Read> Read for InTime<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() < self.until {
            self.stream.read(buffer)
        } else {
            Err(io::ErrorKind::TimedOut.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_not_read_after_the_deadline() {
        let until = Instant::now();
        let mut late = InTime {
            stream: &b"x"[..],
            until,
        };
        let error = late.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
