//! Why is a file not written, in words?

use std::io::ErrorKind;

use super::shown;
use crate::faults::TargetFault;
use crate::text::{self, reason};

/// What is wrong with it.
pub fn what(fault: &TargetFault) -> String {
    match fault {
        TargetFault::Io { path, error } => {
            format!("failed to write `{}`: {}", shown(path), reason(error))
        }
        TargetFault::NotRegular(path) => {
            format!(
                "failed to write `{}`: it is not a regular file",
                shown(path)
            )
        }
        TargetFault::Circle(path) => {
            format!(
                "failed to write `{}`: its symbolic links lead in a circle",
                shown(path)
            )
        }
        TargetFault::NotPicture(path) => {
            format!("`--output {}` is not a picture", shown(path))
        }
        TargetFault::NotParquet(path) => {
            format!("`--export {}` is not a Parquet file", shown(path))
        }
        TargetFault::SameFile(path) => {
            let path = shown(path);
            format!("`--output {path}` and `--export` name the same file")
        }
        TargetFault::OverSource { flag, path, source } => {
            let (path, source) = (shown(path), shown(source));
            format!("`{flag} {path}` would be written over the source `{source}`")
        }
        TargetFault::OldPart { folder, part } => {
            let (folder, part) = (shown(folder), text::os(part));
            format!("`{folder}` holds `{part}` of a larger export")
        }
        TargetFault::Rows {
            path,
            written,
            found,
        } => {
            let path = shown(path);
            format!("failed to write `{path}`: {written} rows were written, {found} are in it")
        }
        TargetFault::Changed(path) => {
            format!("`{}` does not hold what was written to it", shown(path))
        }
    }
}

/// What to do about it.
pub fn hint(fault: &TargetFault) -> String {
    let hint = match fault {
        TargetFault::Io { error, .. } => match error.kind() {
            ErrorKind::NotFound => "make the folder first: `mkdir -p`, or choose another name",
            ErrorKind::AlreadyExists => "a file is in the way: move it, or choose another name",
            ErrorKind::PermissionDenied => "choose a folder that you may write to",
            // The libraries that write keep only the words of an error.
            ErrorKind::Other
            | ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::WriteZero => "free some space, or choose another name",
            _ => "choose another name",
        },
        TargetFault::Circle(_) => "remove one of these links, or choose another name",
        TargetFault::NotRegular(_) => "move it away, or choose another name",
        TargetFault::NotPicture(_) => "end the name in `.png` or `.svg`",
        TargetFault::NotParquet(_) => "end the name in `.parquet`, or in `/` for a folder of parts",
        TargetFault::SameFile(_) => "choose another place for one of them",
        TargetFault::OverSource { flag, .. } => {
            return format!("choose another place for `{flag}`");
        }
        TargetFault::OldPart { .. } => "remove it, or export into another folder",
        TargetFault::Rows { .. } => "check the disk; run again",
        TargetFault::Changed(_) => {
            "check the disk, and whether another program writes to the same file"
        }
    };
    hint.to_owned()
}
