//! Where can data come from?

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::format::{Format, MARK};
use super::gather::Gatherer;
use super::pieces::Pieces;
use super::progress::Progress;
use super::stream::{self, Meter, Opened, Whole};
use super::url::is_scheme;
use super::{Limits, csv, fetch, format, json, parquet, parts};
use crate::faults::{Content, Parquet, Refusal, SourceFault, TargetFault, Trouble};
use crate::text;

/// How many bytes are needed to find the format.
const HEAD: usize = 4096;
/// How many, if blanks come first.
const MOST_HEAD: usize = 1 << 20;

/// A file gets another thread for each of these many bytes.
const SHARE: u64 = 1 << 20;

/// Standard input, a path or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `-`.
    Input,
    /// A file, a folder, or a pattern of names.
    Path(PathBuf),
    /// An http or https address.
    Url(String),
}

impl Source {
    /// Tells a path from an address, and refuses other protocols.
    pub fn parse(text: &OsStr) -> Result<Self, Trouble> {
        if text == "-" {
            return Ok(Self::Input);
        }
        let scheme = text.to_str().and_then(|it| it.split_once("://"));
        match scheme {
            Some((scheme, _)) if matches!(&*scheme.to_lowercase(), "http" | "https") => {
                Ok(Self::Url(text.to_string_lossy().into_owned()))
            }
            Some((scheme, _)) if is_scheme(scheme) => Err(Trouble::Protocol(scheme.to_owned())),
            _ => Ok(Self::Path(text.into())),
        }
    }

    /// The name of the source, without the secrets in an address.
    pub fn name(&self) -> OsString {
        match self {
            Self::Input => "standard input".into(),
            Self::Path(path) => path.into(),
            Self::Url(url) => text::masked(url).into(),
        }
    }

    /// The name for a person: it cannot control the terminal.
    pub fn shown(&self) -> String {
        text::os(&self.name())
    }

    /// The files of the source, even if it cannot be read. Nothing may overwrite them.
    pub fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Path(path) => parts::named(path),
            // A shell may have opened a file: `loading --source - < data.parquet`.
            Self::Input => Path::new("/dev/stdin").canonicalize().into_iter().collect(),
            Self::Url(_) => Vec::new(),
        }
    }

    /// Refuses to write a file that is a part of the source, or would be one in the next run.
    pub fn keep(
        source: Option<&Self>,
        flag: &'static str,
        given: &Path,
        file: &Path,
    ) -> Result<(), TargetFault> {
        let (path, source) = match source {
            Some(Self::Path(source)) if parts::takes(source, file) => (given.into(), source.into()),
            _ => return Ok(()),
        };
        Err(if file.exists() {
            TargetFault::OverSource { flag, path, source }
        } else {
            TargetFault::AmongSource { flag, path, source }
        })
    }

    /// Reads all rows of its parts. An error names the source, and what is wrong at which place.
    pub fn read(
        &self,
        parts: Vec<Self>,
        limits: Limits,
        progress: &Progress,
        rows: &mut Gatherer<'_>,
    ) -> Result<(), Trouble> {
        let meter = Arc::new(Meter::new(limits.bytes));
        let all = self.name();
        let is_one_of_many = parts.len() > 1;
        for part in parts {
            match part.read_part(&all, limits, &meter, progress, rows) {
                // A program that had no rows for this part wrote not even a header.
                Err(Trouble::Source(fault)) if is_one_of_many && fault.is_empty() => {}
                outcome => outcome?,
            }
        }
        if rows.count() == 0 {
            let fault = SourceFault::new(all, Content::NoRows.into());
            return Err(Trouble::Source(fault));
        }
        Ok(())
    }

    /// Its parts: each file of a folder or pattern is one.
    pub fn parts(&self) -> Result<Vec<Self>, Trouble> {
        let Self::Path(path) = self else {
            return Ok(vec![self.clone()]);
        };
        let files = parts::files(path).map_err(Trouble::Source)?;
        Ok(files.into_iter().map(Self::Path).collect())
    }

    /// Whether its name says that it is a Parquet file, perhaps packed.
    fn promises_parquet(&self) -> bool {
        parts::promised_format(&self.name().to_string_lossy()) == Some("Parquet")
    }

    /// Reads the rows of a part, piece by piece. `all` names the source that it belongs to.
    fn read_part(
        &self,
        all: &OsStr,
        limits: Limits,
        meter: &Arc<Meter>,
        progress: &Progress,
        rows: &mut Gatherer<'_>,
    ) -> Result<(), Trouble> {
        let mut opened = self.open(limits).map_err(Trouble::Source)?;
        let redirect = opened.redirect.take();
        let source = |refusal| {
            let mut fault = fault(self.name(), all, limits, refusal);
            fault.redirect.clone_from(&redirect);
            Trouble::Source(fault)
        };
        let mut pieces = self.pieces(opened, limits, meter).map_err(source)?;
        let (before, mut lines) = (rows.count(), 0);
        while let Some(mut piece) = pieces
            .next(&|| progress.at(meter.taken()))
            .map_err(source)?
        {
            let start = piece.start.unwrap_or_else(|| rows.count() - before);
            if let Some(refusal) = piece.refusal.take() {
                return Err(source(refusal.behind(lines, start)));
            }
            lines += piece.lines;
            rows.add(piece)?;
        }
        Ok(())
    }

    /// Opens a part.
    fn open(&self, limits: Limits) -> Result<Opened, SourceFault> {
        match self {
            Self::Input => Ok(Opened::new(io::stdin())),
            Self::Url(url) => fetch::open(url, limits).map_err(|it| SourceFault {
                redirect: it.redirect,
                ..SourceFault::new(self.name(), it.failure.into())
            }),
            Self::Path(path) => {
                let refused = |error| SourceFault::unopened(path, error);
                let file = File::open(path).map_err(refused)?;
                let size = Some(file.metadata().map_err(refused)?.len());
                let file = Whole::new(file).map_err(refused)?;
                Ok(Opened {
                    size,
                    ..Opened::new(file)
                })
            }
        }
    }

    /// Finds the format by the first bytes, and starts to parse.
    fn pieces(
        &self,
        opened: Opened,
        limits: Limits,
        meter: &Arc<Meter>,
    ) -> Result<Pieces, Refusal> {
        let (bytes, packed) = stream::open(opened.bytes, opened.codec)?;
        let (head, bytes) = stream::peek(bytes, HEAD, MOST_HEAD, |head, _| tell_the_format(head))?;
        let mut bytes = stream::metered(bytes, meter);
        if head.starts_with(MARK) {
            // In UTF-8, a byte order mark means nothing, and no parser needs it.
            bytes.read_exact(&mut [0; MARK.len()])?;
        }
        // A folder may have thousands of small files, and a thread for a few rows takes longer than they do.
        let most = opened.size.filter(|_| !packed).map(|size| size / SHARE + 1);
        let most = most.and_then(|it| usize::try_from(it).ok());
        let threads = limits.threads.min(most.unwrap_or(usize::MAX));
        match (format::recognize(&head), self) {
            (Format::Other(foreign), _) => Err(Content::Foreign(foreign).into()),
            (Format::Csv, _) if self.promises_parquet() => Err(Parquet::NoStart.into()),
            (Format::Csv, _) => csv::pieces(bytes, threads),
            (Format::Json, _) => json::pieces(bytes, threads),
            (Format::Parquet, Self::Path(path)) if !packed => {
                let file = File::open(path).map_err(Refusal::Path)?;
                parquet::pieces(file, meter, threads)
            }
            (Format::Parquet, _) => parquet::pieces(parquet::spool(bytes)?, meter, threads),
        }
    }
}

/// Whether the first bytes tell the format: more than blanks and a byte order mark.
fn tell_the_format(head: &[u8]) -> bool {
    let text = head.strip_prefix(MARK).unwrap_or(head);
    !text.trim_ascii_start().is_empty()
}

/// What is wrong with a part. The limit of bytes is for `all` parts together.
fn fault(part: OsString, all: &OsStr, limits: Limits, refusal: Refusal) -> SourceFault {
    match refusal {
        Refusal::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
            SourceFault::new(all, Refusal::TooLarge(limits.bytes))
        }
        Refusal::Io(error) if error.kind() == ErrorKind::TimedOut => {
            SourceFault::new(part, Refusal::TimedOut(limits.timeout))
        }
        refusal => SourceFault::new(part, refusal),
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
        check("http://neo:p@ss@a.b:81/c", "http://***@a.b:81/c");
        // These characters should have been written as %23, %2F and %3F.
        for secret in ["pa#ss", "pa/ss", "p?ss", "p@a:b/s@s", "#", "1#2", "tok#en"] {
            let user = if secret == "tok#en" { "" } else { "neo:" };
            check(
                &format!("http://{user}{secret}@a.b:81/c"),
                "http://***@a.b:81/c",
            );
        }
        for plain in [
            "http://a.b:81/@c",
            "http://[::1]:81/c@d",
            "http://a.b/c?d=e@f#g@h",
            "http://a.b#c",
        ] {
            check(plain, plain);
        }
        check("a@b.csv", "a@b.csv");
        check("./a://b", "./a://b");
        check("-", "standard input");
    }

    #[test]
    fn other_protocols_are_refused() {
        for text in [
            "ftp://neo:password@a/b",
            "svn+ssh://neo:password@a",
            "file:///etc/passwd",
            "FILE:///tmp/a%20b%25.csv",
            "file://server/share/a.csv",
        ] {
            let found = Source::parse(OsStr::new(text)).unwrap_err();
            // The rest of an address may hold a password.
            assert!(
                matches!(&found, Trouble::Protocol(it) if text.split("://").next() == Some(it)),
                "{found:?}"
            );
        }
    }
}
