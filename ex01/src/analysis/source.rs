//! Where may data come from, and what is said when it cannot be had?

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::bad::Bad;
use super::rows::Collector;
use super::{csv, fetch, json, parquet};
use crate::exit::Trouble;
use crate::{escape, output};

/// How much of a source is looked at to tell its format.
const HEAD: u64 = 4096;

/// The byte order mark in UTF-8, as Windows programs begin a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How files begin that are no table yet, and what to do with them.
const OTHERS: [(&[u8], &str); 5] = [
    (b"\x1f\x8b", "it is compressed with gzip: unpack it first"),
    (
        b"\x28\xb5\x2f\xfd",
        "it is compressed with zstd: unpack it first",
    ),
    (
        b"PK\x03\x04",
        "it is a zip archive or a spreadsheet: export it as CSV first",
    ),
    (b"\xff\xfe", "it is UTF-16: save it as UTF-8 first"),
    (b"\xfe\xff", "it is UTF-16: save it as UTF-8 first"),
];

/// A file or an address.
#[derive(Debug, PartialEq, Eq)]
pub enum Source {
    /// A path.
    File(PathBuf),
    /// An http or https address.
    Url(String),
}

/// How much to take, and for how long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a download in all.
    pub timeout: Duration,
    /// After decompression.
    pub bytes: u64,
}

impl Source {
    /// Tells a path from an address; other protocols are refused.
    pub fn parse(text: &OsStr) -> Result<Self, Trouble> {
        let scheme = text.to_str().and_then(|it| it.split_once("://"));
        match scheme {
            Some((scheme, _)) if matches!(&*scheme.to_lowercase(), "http" | "https") => {
                Ok(Self::Url(text.to_string_lossy().into_owned()))
            }
            Some((scheme, rest)) if is_scheme(scheme) => Err(Trouble::new(
                format_args!("`--source` knows `http://` and `https://`, not `{scheme}://`"),
                match &*scheme.to_lowercase() {
                    "file" => format!("`--source {rest}` reads a file"),
                    // What stands behind it may be a password.
                    _ => "fetch it with another program, then give `--source` the file".to_owned(),
                },
            )),
            _ => Ok(Self::File(text.into())),
        }
    }

    /// The source as it is named everywhere; a password in an address is not shown.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => escape::os(path.as_os_str()),
            Self::Url(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
                let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                match rest[..end].rsplit_once('@') {
                    Some((secret, _)) => {
                        escape::text(&format!("{scheme}://***{}", &rest[secret.len()..]))
                    }
                    None => escape::text(url),
                }
            }
        }
    }

    /// Reads all rows; an error names the source and what is wrong where.
    pub fn read(
        &self,
        limits: Limits,
        progress: &dyn Fn(u64),
        rows: &mut Collector<'_>,
    ) -> Result<(), Trouble> {
        let (file, body) = match self {
            Self::File(path) => (Some(open(path)?), None),
            Self::Url(url) => (None, Some(fetch::open(url, &self.shown(), limits)?)),
        };
        let result = match (&file, body) {
            (Some(file), _) => self.parse_rows(file, Some(file), limits, progress, rows),
            (None, Some(body)) => self.parse_rows(body, None, limits, progress, rows),
            (None, None) => Ok(()),
        };
        let result = result.and_then(|()| match rows.count() {
            0 => Err(Bad::new("it has no rows")),
            _ => Ok(()),
        });
        result.map_err(|bad| match bad {
            Bad::Other(trouble) => trouble,
            Bad::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Trouble::new(
                format_args!("`{}` is larger than {} bytes", self.shown(), limits.bytes),
                "`--max-bytes N` raises the limit",
            ),
            Bad::Io(error) if error.kind() == io::ErrorKind::TimedOut => Trouble::new(
                format_args!("`{}` took longer than {:?}", self.shown(), limits.timeout),
                "`--timeout SECONDS` waits longer; `--or-simulate` goes on without it",
            ),
            bad @ Bad::Io(_) => Trouble::new(
                format_args!("failed to read `{}`: {bad}", self.shown()),
                "try again; `--or-simulate` goes on without it",
            ),
            bad => Trouble::new(
                format_args!("failed to read `{}`: {bad}", self.shown()),
                "a table with the columns `signal` (numbers) and `agent_activity` (0 to 9) is wanted, \
                 as CSV, JSON or Parquet; `--or-simulate` goes on without it",
            ),
        })
    }

    /// Tells the format by the first bytes and reads the rows.
    fn parse_rows(
        &self,
        input: impl Read,
        file: Option<&File>,
        limits: Limits,
        progress: &dyn Fn(u64),
        rows: &mut Collector<'_>,
    ) -> Result<(), Bad> {
        let mut input = Limited {
            inner: input,
            left: limits.bytes,
            taken: 0,
            progress,
        };
        let mut head = Vec::new();
        (&mut input).take(HEAD).read_to_end(&mut head)?;
        let format = format(&head);
        // A byte order mark says nothing in UTF-8, and no parser needs to know it.
        let mark = usize::from(head.starts_with(MARK)) * MARK.len();
        let input = Cursor::new(head.split_off(mark)).chain(&mut input);
        match (format, file) {
            (Format::Csv, _) if self.is_called(".parquet") => Err(Bad::new(
                "it is no Parquet file: `PAR1` is missing at its start",
            )),
            (Format::Csv, _) => csv::read(input, rows),
            (Format::Json, _) => json::read(input, rows),
            (Format::Other(what), _) => Err(Bad::new(what)),
            (Format::Parquet, Some(file)) => parquet::read(file, limits.bytes, rows),
            (Format::Parquet, None) => {
                // A Parquet file is read from its end: it must be complete first.
                let mut spool = tempfile::tempfile().map_err(|error| {
                    let folder = std::env::temp_dir();
                    Trouble::new(
                        format_args!(
                            "failed to make a temporary file in `{}`: {}",
                            escape::os(folder.as_os_str()),
                            output::reason(&error)
                        ),
                        "let `TMPDIR` name a folder that you may write to",
                    )
                })?;
                io::copy(&mut { input }, &mut spool)?;
                parquet::read(&spool, limits.bytes, rows)
            }
        }
    }

    /// Whether the name ends so.
    fn is_called(&self, ending: &str) -> bool {
        self.shown().to_lowercase().ends_with(ending)
    }
}

/// Whether a protocol may be called so. Source: RFC 3986, section 3.1.
fn is_scheme(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(rest)
}

/// Opens a regular file; anything else may never end.
fn open(path: &Path) -> Result<File, Trouble> {
    let shown = escape::os(path.as_os_str());
    let failed = |error: &io::Error| {
        Trouble::new(
            format_args!("failed to read `{shown}`: {}", output::reason(error)),
            "check the path given to `--source`; `--or-simulate` goes on without it",
        )
    };
    let metadata = path.metadata().map_err(|error| failed(&error))?;
    if !metadata.is_file() {
        return Err(Trouble::new(
            format_args!("failed to read `{shown}`: it is not a regular file"),
            "give `--source` a CSV, JSON or Parquet file; `--or-simulate` goes on without it",
        ));
    }
    File::open(path).map_err(|error| failed(&error))
}

/// The formats that are told apart.
#[derive(Debug, PartialEq, Eq)]
enum Format {
    /// Whatever is none of the others.
    Csv,
    /// Begins with a brace or a bracket.
    Json,
    /// Begins with `PAR1`.
    Parquet,
    /// Begins as something does that is not read here; this is said then.
    Other(&'static str),
}

/// Looks at the first bytes.
fn format(head: &[u8]) -> Format {
    let text = head.strip_prefix(MARK).unwrap_or(head);
    match text.trim_ascii_start() {
        _ if head.starts_with(b"PAR1") => Format::Parquet,
        _ if let Some((_, what)) = OTHERS.iter().find(|it| head.starts_with(it.0)) => {
            Format::Other(what)
        }
        [b'{' | b'[', ..] => Format::Json,
        _ => Format::Csv,
    }
}

/// A reader that refuses to go beyond a limit and tells how far it is.
struct Limited<'p, R> {
    /// Where the bytes come from.
    inner: R,
    /// How many more may come.
    left: u64,
    /// How many came.
    taken: u64,
    /// Who wants to know.
    progress: &'p dyn Fn(u64),
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(fetch::cause)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or(io::ErrorKind::FileTooLarge)?;
        self.taken += read as u64;
        (self.progress)(self.taken);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let source = Source::parse(OsStr::new(text));
        assert_eq!(source.unwrap().shown(), expected);
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        check("http://a.b/c?d", "http://a.b/c?d");
        check("HTTPS://neo:trinity@a.b/c@d", "HTTPS://***@a.b/c@d");
        check("a@b.csv", "a@b.csv");
        check("./a://b", "./a://b");
    }

    #[test]
    fn other_protocols_are_refused() {
        for (text, hint) in [
            ("ftp://neo:password@a/b", "fetch it with another program"),
            ("svn+ssh://neo:password@a", "fetch it with another program"),
            ("file:///etc/passwd", "`--source /etc/passwd`"),
        ] {
            let error = Source::parse(OsStr::new(text)).unwrap_err();
            assert!(error.what.contains("knows `http://`"), "{}", error.what);
            assert!(error.hint.contains(hint), "{}", error.hint);
            assert!(!format!("{error:?}").contains("neo"), "{error:?}");
        }
    }

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        assert_eq!(format(b"PAR1\x15"), Format::Parquet);
        assert_eq!(format(b"\xef\xbb\xbf \n[1"), Format::Json);
        assert_eq!(format(b"{}"), Format::Json);
        for (start, what) in OTHERS {
            let text = [start, b" and more"].concat();
            assert_eq!(format(&text), Format::Other(what));
        }
        assert_eq!(format(b"signal,agent_activity"), Format::Csv);
        assert_eq!(format(b""), Format::Csv);
    }

    #[test]
    fn a_limit_is_a_limit() {
        let read = |limit| {
            let mut input = Limited {
                inner: &[7; 100][..],
                left: limit,
                taken: 0,
                progress: &|_| (),
            };
            input.read_to_end(&mut Vec::new())
        };
        assert_eq!(read(100).unwrap(), 100);
        assert_eq!(read(99).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
