//! How do bytes come in? They are unpacked, counted and limited.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::fetch;
use crate::faults::{Failure, ReadFault};
use crate::text;

/// The first bytes of files that are unpacked while they are read.
const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// The same of a zstd frame that holds no data. Its first byte is 0x50 to 0x5f.
const SKIPPED: &[u8] = b"\x2a\x4d\x18";

/// How far back zstd may refer, as a power of two: 32 MB, as its level 20 does. Its programs take 128 MB.
const WINDOW_LOG: u32 = 25;
/// What zstd says about a file that refers further back.
const TOO_FAR_BACK: &str = "too much memory";

/// A stream of bytes for a parser, on any thread.
pub type Bytes = Box<dyn Read + Send>;

/// A source whose bytes nobody has read yet.
pub struct Opened {
    pub bytes: Bytes,
    /// What they are packed with, as a server says.
    pub codec: Option<&'static str>,
    /// How many there are, if they are a file.
    pub size: Option<u64>,
    /// The address that a redirection led to, without its secrets.
    pub redirect: Option<String>,
}

impl Opened {
    /// These bytes, and nothing else is known about them.
    pub fn new(bytes: impl Read + Send + 'static) -> Self {
        Self {
            bytes: Box::new(bytes),
            codec: None,
            size: None,
            redirect: None,
        }
    }
}

/// An address that gave no data.
pub struct Unfetched {
    pub failure: Failure,
    /// The address that failed, without its secrets, if a redirection led to it.
    pub redirect: Option<String>,
}

/// How many bytes came, and how many may come. It counts all parts of a source together, after unpacking.
#[derive(Debug)]
pub struct Meter {
    taken: AtomicU64,
    limit: u64,
}

impl Meter {
    pub fn new(limit: u64) -> Self {
        Self {
            taken: AtomicU64::new(0),
            limit,
        }
    }

    /// How many bytes came.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Takes this many more bytes.
    pub fn take(&self, bytes: u64) -> io::Result<()> {
        let before = self.taken.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(())
    }
}

/// A reader that stops at a limit with an error.
struct Metered {
    inner: Bytes,
    meter: Arc<Meter>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(fetch::cause)?;
        self.meter.take(read as u64)?;
        Ok(read)
    }
}

/// A reader that says what cannot be unpacked.
struct Unpacked {
    inner: Bytes,
    codec: &'static str,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(fetch::cause);
        read.map_err(|error| {
            let said: Option<&ReadFault> = error.get_ref().and_then(|it| it.downcast_ref());
            if said.is_some() || error.kind() == io::ErrorKind::TimedOut {
                return error;
            }
            let (codec, why) = (self.codec, text::reason(&error));
            let fault = if why.contains(TOO_FAR_BACK) {
                ReadFault::TooFarBack { codec }
            } else {
                ReadFault::Damaged { codec, why }
            };
            io::Error::new(io::ErrorKind::InvalidData, fault)
        })
    }
}

/// A file that must not end before the end that it had when it was opened.
pub struct Whole {
    file: File,
    left: u64,
    /// A file that the kernel makes has a size of zero: it is read until it ends.
    is_endless: bool,
}

impl Whole {
    pub fn new(file: File) -> io::Result<Self> {
        let left = file.metadata()?.len();
        Ok(Self {
            file,
            left,
            is_endless: left == 0,
        })
    }
}

impl Read for Whole {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = match usize::try_from(self.left) {
            Ok(left) if !self.is_endless => left.min(buffer.len()),
            _ => buffer.len(),
        };
        let read = self.file.read(&mut buffer[..most])?;
        if read == 0 && most > 0 && self.left > 0 {
            return Err(shrunk());
        }
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// The error for a file that ends too early.
pub fn shrunk() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, ReadFault::Shrunk)
}

/// The first bytes, and a reader that begins with them again. As long as they are not enough, twice as many are read, but no
/// more than `most`. `are_enough` also learns whether they are all that there are.
pub fn peek(
    mut input: Bytes,
    mut length: usize,
    most: usize,
    mut are_enough: impl FnMut(&[u8], bool) -> bool,
) -> io::Result<(Vec<u8>, Bytes)> {
    let mut head = Vec::new();
    loop {
        let missing = (length - head.len()) as u64;
        (&mut input)
            .take(missing)
            .read_to_end(&mut head)
            .map_err(fetch::cause)?;
        let is_all = head.len() < length;
        if are_enough(&head, is_all) || is_all || length >= most {
            let all = Cursor::new(head.clone()).chain(input);
            return Ok((head, Box::new(all)));
        }
        length *= 2;
    }
}

/// The unpacked bytes of a source; true if they were packed. A server may have promised a codec.
pub fn open(raw: Bytes, promised: Option<&'static str>) -> io::Result<(Bytes, bool)> {
    let (head, raw) = peek(raw, ZSTD.len(), ZSTD.len(), |_, _| true)?;
    let found = if head.starts_with(GZIP) {
        Some("gzip")
    } else if head == ZSTD || head.get(1..) == Some(SKIPPED) && head[0] >> 4 == 5 {
        Some("zstd")
    } else {
        None
    };
    if let Some(codec) = promised
        && found != promised
        && !head.is_empty()
    {
        let fault = ReadFault::NotPacked { codec };
        return Err(io::Error::new(io::ErrorKind::InvalidInput, fault));
    }
    let Some(codec) = found else {
        return Ok((raw, false));
    };
    let inner: Bytes = if codec == "gzip" {
        Box::new(MultiGzDecoder::new(BufReader::new(raw)))
    } else {
        let mut inner = zstd::stream::read::Decoder::new(raw)?;
        inner.window_log_max(WINDOW_LOG)?;
        Box::new(inner)
    };
    let unpacked = Box::new(Unpacked { inner, codec });
    if promised.is_some() {
        // A packed file may be packed again on its way.
        return Ok((open(unpacked, None)?.0, true));
    }
    Ok((unpacked, true))
}

/// The same bytes, counted.
pub fn metered(inner: Bytes, meter: &Arc<Meter>) -> Bytes {
    let meter = Arc::clone(meter);
    Box::new(Metered { inner, meter })
}

/// Reads until there are enough bytes for a chunk of this length; true at the end of the input.
pub fn fill(input: &mut Bytes, buffer: &mut Vec<u8>, chunk: usize) -> io::Result<bool> {
    let wanted = chunk.saturating_sub(buffer.len()).max(chunk / 2) as u64;
    let read = input.take(wanted).read_to_end(buffer)?;
    Ok((read as u64) < wanted)
}

/// Takes the first bytes of a buffer.
pub fn cut(buffer: &mut Vec<u8>, end: usize) -> Vec<u8> {
    let rest = buffer.split_off(end);
    std::mem::replace(buffer, rest)
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::*;

    #[test]
    fn a_file_is_read_to_the_end_that_it_had() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"12345").unwrap();
        let mut whole = Whole::new(file.reopen().unwrap()).unwrap();
        file.write_all(b"678").unwrap();
        let mut found = String::new();
        whole.read_to_string(&mut found).unwrap();
        assert_eq!(found, "12345");
        let mut whole = Whole::new(file.reopen().unwrap()).unwrap();
        file.as_file().set_len(2).unwrap();
        let error = whole.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        // The kernel says that its files are empty.
        file.as_file().set_len(0).unwrap();
        let mut whole = Whole::new(file.reopen().unwrap()).unwrap();
        file.rewind().unwrap();
        file.write_all(b"1").unwrap();
        assert_eq!(whole.read(&mut [0; 9]).unwrap(), 1);
    }

    /// Reads everything, with a limit.
    fn read(raw: Vec<u8>, limit: u64) -> io::Result<Vec<u8>> {
        let meter = Arc::new(Meter::new(limit));
        let mut found = Vec::new();
        let (bytes, _) = open(Box::new(Cursor::new(raw)), None)?;
        metered(bytes, &meter).read_to_end(&mut found)?;
        Ok(found)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn packed_bytes_are_unpacked_under_any_name() {
        let text = vec![7; 1000];
        let twice = [gzip(&text), gzip(&text)].concat();
        assert_eq!(read(text.clone(), 1000).unwrap(), text);
        assert_eq!(read(gzip(&text), 1000).unwrap(), text);
        assert_eq!(read(twice, 2000).unwrap(), text.repeat(2));
        let zstd = zstd::stream::encode_all(&text[..], 0).unwrap();
        assert_eq!(read(zstd.clone(), 1000).unwrap(), text);
        // Frames without data, which pzstd writes.
        let skipped = b"\x50\x2a\x4d\x18\x04\0\0\0abcd".to_vec();
        assert_eq!(read([skipped, zstd].concat(), 1000).unwrap(), text);
    }

    #[test]
    fn a_limit_counts_unpacked_bytes() {
        for raw in [vec![7; 1000], gzip(&[7; 1000])] {
            let error = read(raw, 999).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        }
    }

    #[test]
    fn a_file_that_refers_too_far_back_is_not_called_damaged() {
        let packed = |window_log| {
            let mut encoder = zstd::stream::Encoder::new(Vec::new(), 0).unwrap();
            encoder.window_log(window_log).unwrap();
            encoder.write_all(&[7; 1000]).unwrap();
            read(encoder.finish().unwrap(), 1000)
        };
        assert_eq!(packed(25).unwrap(), [7; 1000]);
        for window_log in [26, 27, 31] {
            let error = packed(window_log).unwrap_err();
            let expected = ReadFault::TooFarBack { codec: "zstd" };
            assert_eq!(error.downcast::<ReadFault>().unwrap(), expected);
        }
    }

    #[test]
    fn a_text_that_was_cut_is_an_error() {
        for more in ["\n", "junk", "\0"] {
            let followed = [gzip(&[7; 1000]), more.into()].concat();
            let error = read(followed, 2000).unwrap_err();
            let fault = error.get_ref().and_then(|it| it.downcast_ref());
            assert!(
                matches!(fault, Some(ReadFault::Damaged { .. })),
                "{error:?}"
            );
        }
        let whole = gzip(&[7; 1000]);
        assert!(read(whole[..whole.len() - 4].to_vec(), 1000).is_err());
    }

    #[test]
    fn a_file_that_shrinks_is_an_error() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 100]).unwrap();
        let mut input = Whole::new(file.try_clone().unwrap()).unwrap();
        file.rewind().unwrap();
        file.set_len(50).unwrap();
        let error = input.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.downcast::<ReadFault>().unwrap(), ReadFault::Shrunk);
    }
}
