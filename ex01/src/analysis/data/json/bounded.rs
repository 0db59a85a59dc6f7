//! How is a text that would need endless memory refused?
//!
//! `serde_json` keeps a whole string or number in memory, and one mark for every open bracket.

use std::io::{self, Read};

use crate::faults::Json;

/// The longest string or number, names included.
const LONGEST: usize = 64 << 10;
/// The most open brackets.
const DEEPEST: usize = 128;

/// A reader that counts the length of a word and the depth of the brackets.
pub struct Bounded<R> {
    /// Where the bytes come from.
    inner: R,
    string: bool,
    /// Whether the last byte was a backslash that escapes the next one.
    escaped: bool,
    /// The length of the current string, number or word.
    length: usize,
    depth: usize,
    /// The limit that is reached behind the bytes so far. The parser gets these first: then it knows the place.
    reached: Option<Json>,
}

impl<R> Bounded<R> {
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            string: false,
            escaped: false,
            length: 0,
            depth: 0,
            reached: None,
        }
    }

    /// Takes one byte into account.
    fn step(&mut self, byte: u8) {
        self.length += 1;
        if self.string {
            (self.string, self.escaped) = match byte {
                b'"' => (self.escaped, false),
                b'\\' => (true, !self.escaped),
                _ => (true, false),
            };
            if !self.string {
                self.length = 0;
            }
            return;
        }
        match byte {
            b'"' => (self.string, self.length) = (true, 0),
            b'[' | b'{' => (self.depth, self.length) = (self.depth + 1, 0),
            b']' | b'}' => (self.depth, self.length) = (self.depth.saturating_sub(1), 0),
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => self.length = 0,
            _ => {}
        }
    }

    /// The limit that is reached now.
    fn limit(&self) -> Option<Json> {
        if self.length > LONGEST {
            Some(Json::LongWord(LONGEST))
        } else {
            (self.depth > DEEPEST).then_some(Json::DeepBrackets(DEEPEST))
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(fault) = self.reached.clone() {
            return Err(io::Error::other(fault));
        }
        let read = self.inner.read(buffer)?;
        for (at, byte) in buffer[..read].iter().enumerate() {
            self.step(*byte);
            self.reached = self.limit();
            if self.reached.is_some() {
                return Ok(at + 1);
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a text.
    fn wrong(text: &str) -> Option<Json> {
        let read = Bounded::new(text.as_bytes()).read_to_end(&mut Vec::new());
        read.err().map(|error| error.downcast().unwrap())
    }

    #[test]
    fn an_endless_word_and_endless_brackets_are_refused() {
        let long = Some(Json::LongWord(65536));
        assert_eq!(wrong(&format!("[\"{}", "\\\"x".repeat(LONGEST))), long);
        assert_eq!(wrong(&format!("[{}", "1".repeat(LONGEST + 1))), long);
        let string = |bytes| wrong(&format!("[\"{}\", 1]", "x".repeat(bytes)));
        assert_eq!((string(LONGEST), string(LONGEST + 1)), (None, long));
        let long = Some(Json::LongWord(65536));
        let number = |bytes| wrong(&format!("[{}, 1]", "1".repeat(bytes)));
        assert_eq!((number(LONGEST), number(LONGEST + 1)), (None, long));
        let deep = Some(Json::DeepBrackets(128));
        assert_eq!(wrong(&"[{".repeat(100)), deep);
        assert_eq!(wrong(&"[\n".repeat(200)), deep);
    }

    #[test]
    fn a_long_text_of_short_words_is_read() {
        assert_eq!(
            wrong(&r#"[{"\"x\\": [1]}, "[[", 12]"#.repeat(LONGEST)),
            None
        );
        assert_eq!(wrong(&" ".repeat(3 * LONGEST)), None);
    }
}
