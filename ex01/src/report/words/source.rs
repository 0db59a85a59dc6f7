//! Why can a source not be read, in words?

use std::fmt;
use std::io::ErrorKind;

use super::{content, fetch, shown};
use crate::faults::{ReadFault, Refusal, SourceFault};
use crate::text::{self, reason};

/// How many characters of a redirection's address are shown at most.
const MOST_SHOWN: usize = 200;

/// What is wrong with it.
pub fn what(fault: &SourceFault) -> String {
    let name = named(fault);
    let why = match &*fault.refusal {
        Refusal::Content(place, what) => content::what(*place, what),
        Refusal::Io(error) | Refusal::Path(error) => reason(error),
        Refusal::TooLarge(limit) => return format!("{name} is larger than {limit} bytes"),
        Refusal::TimedOut(limit) => return format!("{name} took longer than {limit:?}"),
        Refusal::Folder => "it is a folder".to_owned(),
        Refusal::NotRegular => "it is not a regular file".to_owned(),
        Refusal::NoParts => "no CSV, JSON or Parquet file is in it".to_owned(),
        Refusal::TwoFormats([one, other]) => {
            format!("it has both {one} and {other}, perhaps the same data twice")
        }
        Refusal::Twice(names) => {
            let [one, other] = names.each_ref().map(|it| text::shown(it));
            format!("it has both `{one}` and `{other}`, perhaps the same data twice")
        }
        Refusal::Nested(folder) => {
            let folder = text::shown(folder);
            format!("it has a folder `{folder}`, and folders in folders are not read")
        }
        Refusal::NoMatch => "no file matches this pattern".to_owned(),
        Refusal::BadPattern(why) => (*why).to_owned(),
        Refusal::Fetch(failure) => {
            return format!("failed to fetch {name}: {}", fetch::why(failure));
        }
        Refusal::Temporary { folder, error } => {
            let (folder, why) = (shown(folder), reason(error));
            return format!("failed to make a temporary file in `{folder}`: {why}");
        }
        Refusal::NoThread(error) => return super::no_thread(error),
        Refusal::Panic(message) => return format!("panicked: {message}"),
    };
    format!("failed to read {name}: {why}")
}

/// Its name, and the address that a redirection led to.
fn named(fault: &SourceFault) -> String {
    let name = text::word(&fault.name);
    let Some(redirect) = &fault.redirect else {
        return format!("`{name}`");
    };
    let mut place = text::shown(redirect);
    if let Some((end, _)) = place.char_indices().nth(MOST_SHOWN) {
        place.truncate(end);
        place.push('…');
    }
    format!("`{name}`, which redirects to `{place}`")
}

/// What to do about it.
pub fn hint(fault: &SourceFault) -> String {
    let hint = match &*fault.refusal {
        Refusal::Content(..) => {
            "the source must be a table with the columns `signal` (numbers) and `agent_activity` (0 to 9), \
             as CSV, JSON or Parquet"
        }
        Refusal::Io(error) if error.kind() == ErrorKind::InvalidData => "get the whole file again",
        // Only an answer that breaks its own promise has this kind.
        Refusal::Io(error) if error.kind() == ErrorKind::InvalidInput => super::ELSEWHERE,
        Refusal::Io(_) => "try again",
        Refusal::TooLarge(_) => return "`--max-bytes N` raises the limit".to_owned(),
        Refusal::TimedOut(_) => "`--timeout SECONDS` waits longer",
        Refusal::Path(_) => "check the path given to `--source`",
        Refusal::NotRegular => {
            "give `--source` a CSV, JSON or Parquet file, or `-` and the data on standard input"
        }
        Refusal::NoParts => {
            return "a file's name must end in `.csv`, `.json` or `.parquet`, perhaps followed by `.gz` or `.zst`"
                .to_owned();
        }
        Refusal::Folder | Refusal::TwoFormats(_) | Refusal::Twice(_) | Refusal::Nested(_) => {
            return "put the files that you want into a folder of their own, or use a pattern that names no others: \
                    `--source 'FOLDER/*.csv'`"
                .to_owned();
        }
        Refusal::NoMatch | Refusal::BadPattern(_) => "check the pattern given to `--source`",
        Refusal::Fetch(failure) => fetch::hint(failure, fault.redirect.is_some()),
        Refusal::Temporary { error, .. } => {
            let hint = match error.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                    "free some space there, or set `TMPDIR` to a folder that has more"
                }
                ErrorKind::FileTooLarge => "raise `ulimit -f`",
                _ => "set `TMPDIR` to a folder that you may write to",
            };
            return hint.to_owned();
        }
        Refusal::NoThread(_) => return super::THREADS.to_owned(),
        Refusal::Panic(_) => return super::BUG.to_owned(),
    };
    format!("{hint}; `--or-simulate` goes on without it")
}

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shrunk => f.write_str("it became shorter while it was read"),
            Self::Damaged { codec, why } => {
                write!(f, "it is compressed with {codec} and damaged: {why}")
            }
            Self::TooFarBack { codec } => write!(
                f,
                "it is compressed with {codec} and refers too far back: compress it again without `--long` and `--ultra`"
            ),
            Self::NotPacked { codec } => write!(
                f,
                "the server says that it compressed it with {codec}, but it did not"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_for_a_temporary_file_fits_what_the_system_says() {
        for (kind, named) in [
            (ErrorKind::PermissionDenied, "that you may write to"),
            (ErrorKind::NotFound, "that you may write to"),
            (ErrorKind::StorageFull, "free some space"),
            (ErrorKind::QuotaExceeded, "free some space"),
            (ErrorKind::FileTooLarge, "`ulimit -f`"),
        ] {
            let refusal = Refusal::Temporary {
                folder: "/tmp".into(),
                error: kind.into(),
            };
            let hint = hint(&SourceFault::new("a", refusal));
            assert!(hint.contains(named), "{kind}: {hint}");
        }
    }
}
