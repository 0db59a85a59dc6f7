//! Why can a source not be read?

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Content, Failure, Parquet, Place};

/// A source, or one of its parts, that cannot be read.
#[derive(Debug)]
pub struct SourceFault {
    /// Its name, without the password of an address.
    pub name: OsString,
    /// The address that failed, if a redirection led to it.
    pub redirect: Option<String>,
    pub refusal: Box<Refusal>,
}

impl SourceFault {
    pub fn new(name: impl Into<OsString>, refusal: Refusal) -> Self {
        Self {
            name: name.into(),
            redirect: None,
            refusal: Box::new(refusal),
        }
    }

    /// A path that cannot be opened.
    pub fn unopened(path: &Path, error: io::Error) -> Self {
        Self::new(path, Refusal::Path(error))
    }

    /// Whether not even a header is in it.
    pub fn is_empty(&self) -> bool {
        matches!(*self.refusal, Refusal::Content(_, Content::Empty))
    }
}

/// Why it cannot be read.
#[derive(Debug)]
pub enum Refusal {
    /// This is wrong with its content, at this place.
    Content(Place, Content),
    /// Its bytes ended with this error.
    Io(io::Error),
    /// It has more bytes than this.
    TooLarge(u64),
    /// It took longer than this.
    TimedOut(Duration),
    /// The path cannot be opened.
    Path(io::Error),
    /// It is a folder, where a file must be.
    Folder,
    /// It is a FIFO, a device or the like.
    NotRegular,
    /// The folder has no part in it.
    NoParts,
    /// The folder has parts of these two formats.
    TwoFormats([&'static str; 2]),
    /// The folder has a part and the same part packed, with these names.
    Twice([String; 2]),
    /// The folder has a folder with this name in it.
    Nested(String),
    /// No file matches the pattern.
    NoMatch,
    /// It is no pattern, for this reason.
    BadPattern(&'static str),
    /// The address gave no data.
    Fetch(Failure),
    /// A temporary file in this folder cannot be written, which is not the source's fault.
    Temporary { folder: PathBuf, error: io::Error },
    /// The system refuses a thread to read it, which is not the source's fault.
    NoThread(io::Error),
    /// A thread that read it panicked with this message.
    Panic(String),
}

impl Refusal {
    /// The same, after this many more lines and rows.
    pub fn behind(mut self, lines: u64, rows: u64) -> Self {
        if let Self::Content(place, _) = &mut self {
            place.line = place.line.map(|it| it + lines);
            place.row = place.row.map(|it| it + rows);
        }
        self
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Fetch(failure)
    }
}

impl From<Content> for Refusal {
    /// Something is wrong with the whole source.
    fn from(content: Content) -> Self {
        Self::Content(Place::default(), content)
    }
}

impl From<Parquet> for Refusal {
    fn from(parquet: Parquet) -> Self {
        Content::Parquet(parquet).into()
    }
}

/// What is wrong with a stream of bytes. An [`io::Error`] carries it through the readers of other libraries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// The file became shorter while it was read.
    Shrunk,
    /// The bytes cannot be unpacked with this codec, for this reason.
    Damaged { codec: &'static str, why: String },
    /// Unpacking with this codec would need too much memory.
    TooFarBack { codec: &'static str },
    /// The server says that it packed the bytes with this codec, but it did not.
    NotPacked { codec: &'static str },
}

impl std::error::Error for ReadFault {}
