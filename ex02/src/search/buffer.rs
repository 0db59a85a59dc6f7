//! How is a stream searched in pieces, so that its size does not matter?

use std::io::{self, ErrorKind, Read};

/// How many bytes are read before they are searched.
pub const PIECE: usize = if cfg!(test) {
    512 * 1024
} else {
    4 * 1024 * 1024
};

/// Memory for a piece of a stream and for the rest of the piece before. It is filled with zeros once,
/// and the next stream uses it again.
#[derive(Default)]
pub struct Buffer {
    /// The memory. It has its full size from the first use on.
    bytes: Vec<u8>,
    /// How many of these bytes belong to the stream.
    end: usize,
}

impl Buffer {
    /// Forgets the stream before.
    pub fn clear(&mut self) {
        self.end = 0;
    }

    /// The bytes that were read and are still kept.
    pub fn text(&self) -> &[u8] {
        &self.bytes[..self.end]
    }

    /// Reads [`PIECE`] bytes, or fewer at the end of the stream. Keeps at most `kept` of the bytes before.
    /// Returns how many it read.
    pub fn fill(&mut self, stream: &mut impl Read, kept: usize) -> io::Result<usize> {
        if self.bytes.is_empty() {
            self.bytes = vec![0; kept + PIECE];
        }
        let start = self.end;
        let most = (start + PIECE).min(self.bytes.len());
        while self.end < most {
            match stream.read(&mut self.bytes[self.end..most]) {
                Ok(0) => break,
                Ok(count) => self.end += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.end - start)
    }

    /// Drops the bytes before this one.
    pub fn drop_until(&mut self, at: usize) {
        self.bytes.copy_within(at..self.end, 0);
        self.end -= at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_comes_in_pieces_and_the_next_one_begins_anew() {
        let stream: Vec<u8> = (0..PIECE + 9).map(|it| it.to_le_bytes()[0]).collect();
        let (mut buffer, mut rest) = (Buffer::default(), &stream[..]);
        assert_eq!(buffer.fill(&mut rest, 4).unwrap(), PIECE);
        assert_eq!(buffer.text(), &stream[..PIECE]);
        buffer.drop_until(PIECE - 4);
        assert_eq!(buffer.fill(&mut rest, 4).unwrap(), 9);
        assert_eq!(buffer.text(), &stream[PIECE - 4..]);
        buffer.clear();
        assert_eq!(buffer.fill(&mut &b"neo"[..], 4).unwrap(), 3);
        assert_eq!(buffer.text(), b"neo");
    }
}
