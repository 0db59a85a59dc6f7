//! Why is a file not written, in words?

use std::io::ErrorKind;
use std::path::Path;

use super::{shown, typed};
use crate::faults::TargetFault;
use crate::text::{self, reason};

/// What is wrong with it.
pub fn what(fault: &TargetFault) -> String {
    let (path, why) = match fault {
        TargetFault::Io { path, error } => (path, reason(error)),
        TargetFault::NotRegular(path) => (path, "it is not a regular file".to_owned()),
        TargetFault::Circle(path) => (path, "its symbolic links lead in a circle".to_owned()),
        TargetFault::NotPicture(path) => {
            return format!("`--output {}` is not a picture", shown(path));
        }
        TargetFault::NotParquet(path) => {
            return format!("`--export {}` is not a Parquet file", shown(path));
        }
        TargetFault::Login(path) => {
            return format!(
                "`--export {}` looks like an address with a password",
                shown(path)
            );
        }
        TargetFault::SameFile(path) => {
            let path = shown(path);
            return format!("`--output {path}` and `--export` name the same file");
        }
        TargetFault::OverSource { flag, path, source } => {
            let (path, source) = (shown(path), shown(source));
            return format!("`{flag} {path}` would be written over the source `{source}`");
        }
        TargetFault::AmongSource { flag, path, source } => {
            let (path, source) = (shown(path), shown(source));
            return format!("`{flag} {path}` would become a part of the source `{source}`");
        }
        TargetFault::OldPart { folder, part } => {
            let (folder, part) = (shown(folder), text::os(part));
            return format!("`{folder}` holds `{part}` of a larger export");
        }
        TargetFault::Changed(path) => {
            return format!("`{}` does not hold what was written to it", shown(path));
        }
    };
    format!("failed to write `{}`: {why}", shown(path))
}

/// What to do if there is no folder for this file.
fn make_the_folder_of(path: &Path) -> String {
    match path.parent().and_then(Path::to_str) {
        Some(folder) if !folder.is_empty() && text::word(folder.as_ref()) == folder => {
            let folder = typed(folder);
            format!("make the folder first: `mkdir -p {folder}`, or choose another name")
        }
        _ => "make its folder first, or choose another name".to_owned(),
    }
}

/// What to do about it.
pub fn hint(fault: &TargetFault) -> String {
    let hint = match fault {
        TargetFault::Io { path, error } => match error.kind() {
            ErrorKind::NotFound => return make_the_folder_of(path),
            ErrorKind::AlreadyExists => "a file is in the way: move it, or choose another name",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "choose a folder and a file that you may write to"
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::WriteZero => {
                "free some space, or choose another name"
            }
            ErrorKind::FileTooLarge => "raise `ulimit -f`, or choose another name",
            _ => "choose another name",
        },
        TargetFault::Circle(_) => "remove one of these links, or choose another name",
        TargetFault::NotRegular(_) => "move it away, or choose another name",
        TargetFault::NotPicture(_) => "end the name in `.png` or `.svg`",
        TargetFault::NotParquet(_) => "end the name in `.parquet`, or in `/` for a folder of parts",
        TargetFault::Login(_) => {
            "it writes into folders of this machine: make the folder first, or choose another name"
        }
        TargetFault::SameFile(_) => "choose another place for one of them",
        TargetFault::OverSource { flag, .. } | TargetFault::AmongSource { flag, .. } => {
            return format!("choose another place for `{flag}`");
        }
        TargetFault::OldPart { .. } => {
            "remove all parts of that export, or export into another folder"
        }
        TargetFault::Changed(_) => {
            "check the disk, and whether another program writes to the same file"
        }
    };
    hint.to_owned()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn the_hint_fits_what_the_system_says() {
        for (kind, named) in [
            (ErrorKind::StorageFull, "free some space"),
            (ErrorKind::QuotaExceeded, "free some space"),
            (ErrorKind::FileTooLarge, "`ulimit -f`"),
            (ErrorKind::ReadOnlyFilesystem, "that you may write to"),
            (ErrorKind::Other, "choose another name"),
        ] {
            let hint = hint(&TargetFault::io(Path::new("a"), io::Error::from(kind)));
            assert!(hint.contains(named), "{kind}: {hint}");
            let is_full = matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
            assert_eq!(hint.contains("space"), is_full, "{kind}: {hint}");
        }
    }
}
