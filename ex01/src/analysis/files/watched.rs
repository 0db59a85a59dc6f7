//! Why did the system refuse to write, where a library keeps only words of it?

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// The last error of a file. polars would keep only the words of it.
pub type Refused = Arc<Mutex<Option<io::Error>>>;

/// A file that keeps its last error.
pub struct Watched {
    pub file: File,
    pub refused: Refused,
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        if let (Err(error), Ok(mut refused)) = (&written, self.refused.lock()) {
            let same = error.raw_os_error().map(io::Error::from_raw_os_error);
            *refused = Some(same.unwrap_or_else(|| error.kind().into()));
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
