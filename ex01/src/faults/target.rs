//! Why can a file not be written?

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file is not written, or not kept.
#[derive(Debug)]
pub enum TargetFault {
    /// The system, or a library that writes, gives this reason.
    Io { path: PathBuf, error: io::Error },
    /// A folder, a FIFO or a device has this name.
    NotRegular(PathBuf),
    /// The symbolic links that this path begins with lead in a circle.
    Circle(PathBuf),
    /// `--output` does not end like a picture.
    NotPicture(PathBuf),
    /// `--export` does not end like a Parquet file.
    NotParquet(PathBuf),
    /// No folder is made whose name may be an address with a password.
    Login(PathBuf),
    /// `--output` and `--export` both name this file.
    SameFile(PathBuf),
    /// The file of this flag is a file of the source.
    OverSource {
        flag: &'static str,
        path: PathBuf,
        source: PathBuf,
    },
    /// The file of this flag would become a part of this source.
    AmongSource {
        flag: &'static str,
        path: PathBuf,
        source: PathBuf,
    },
    /// The folder holds a part of an older, larger export.
    OldPart { folder: PathBuf, part: OsString },
    /// The picture does not hold the bytes that were written to it, or the export the rows.
    Changed(PathBuf),
}

impl TargetFault {
    pub fn io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        Self::Io { path, error }
    }
}
