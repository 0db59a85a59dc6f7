//! How are git's lists read: paths of any bytes, kinds, blobs, and what git saw of each file?

use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::PathBuf;

use memchr::memchr;

/// One tracked file.
#[derive(Debug, PartialEq, Eq)]
pub struct Tracked {
    /// From the top folder.
    pub path: PathBuf,
    /// The name of its blob in the index, in hexadecimal.
    pub blob: String,
    /// Its kind.
    pub kind: Kind,
    /// What git saw of the file when it made this blob from it.
    pub stat: Option<StatData>,
}

/// Times (seconds and nanoseconds of the last change and of the last write), device, inode, owner,
/// group and size of a file, each cut to 32 bits as the index has them.
#[derive(Debug, PartialEq, Eq)]
pub struct StatData([u32; 9]);

impl StatData {
    /// What the file system shows now.
    #[cfg(unix)]
    #[expect(clippy::unnecessary_wraps, reason = "other systems show less")]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "git cuts them in the same way"
    )]
    pub fn now(facts: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self([
            facts.ctime() as u32,
            facts.ctime_nsec() as u32,
            facts.mtime() as u32,
            facts.mtime_nsec() as u32,
            facts.dev() as u32,
            facts.ino() as u32,
            facts.uid(),
            facts.gid(),
            facts.size() as u32,
        ]))
    }

    /// True when git saw a file of this size.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "git cuts it in the same way"
    )]
    pub fn has_size_of(&self, facts: &Metadata) -> bool {
        self.0.last() == Some(&(facts.len() as u32))
    }

    /// Nothing: on this system, git sees other things.
    #[cfg(not(unix))]
    pub fn now(_: &Metadata) -> Option<Self> {
        None
    }
}

/// The kind of a tracked path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// Another repository's commit.
    Submodule,
}

/// Reads the entries of `ls-files --stage --debug -z`.
///
/// Each ends with a NUL. Five lines that begin with two blanks follow, with what git saw of the file.
/// git does not promise their format, so a line that is not understood is not used.
pub fn read_ls_files(out: &[u8]) -> Vec<Tracked> {
    let mut files: Vec<Tracked> = Vec::new();
    for mut entry in out.split(|byte| *byte == 0) {
        let mut numbers = Vec::new();
        while let Some(rest) = entry.strip_prefix(b"  ") {
            let (line, rest) = rest.split_at(memchr(b'\n', rest).map_or(rest.len(), |at| at + 1));
            let words = line.split(|byte| !byte.is_ascii_digit());
            let words = words.filter_map(|it| std::str::from_utf8(it).ok()?.parse::<u32>().ok());
            numbers.extend(words);
            entry = rest;
        }
        if let (Some(file), Some(stat)) = (files.last_mut(), numbers.first_chunk()) {
            file.stat = Some(StatData(*stat));
        }
        files.extend(tracked(entry));
    }
    files
}

/// Reads one entry: `100644 <blob> 0<tab><path>`.
fn tracked(entry: &[u8]) -> Option<Tracked> {
    let tab = entry.iter().position(|byte| *byte == b'\t')?;
    let mut facts = std::str::from_utf8(&entry[..tab]).ok()?.split(' ');
    let kind = match facts.next()? {
        "120000" => Kind::Link,
        "160000" => Kind::Submodule,
        _ => Kind::File,
    };
    Some(Tracked {
        path: bytes_to_path(&entry[tab + 1..]),
        blob: facts.next()?.to_owned(),
        kind,
        stat: None,
    })
}

/// A path as the system spells it.
#[cfg(unix)]
pub fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path as the system spells it.
#[cfg(not(unix))]
pub fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[track_caller]
    fn check(entry: &str, path: &str, kind: Kind) {
        let expected = Tracked {
            path: path.into(),
            blob: "0a1b".to_owned(),
            kind,
            stat: None,
        };
        assert_eq!(tracked(entry.as_bytes()), Some(expected));
    }

    #[test]
    fn the_index_is_read_with_its_kinds() {
        check("100644 0a1b 0\tsrc/main.rs", "src/main.rs", Kind::File);
        check("100755 0a1b 0\ta\tb\nc", "a\tb\nc", Kind::File);
        check("120000 0a1b 0\tlink", "link", Kind::Link);
        check("160000 0a1b 0\tvendor/x", "vendor/x", Kind::Submodule);
        assert_eq!(tracked(b""), None);
    }

    #[test]
    fn a_listed_file_has_what_git_saw_of_it() {
        let out = "100644 aa 0\ta\n b\0  ctime: 1:2\n  mtime: 3:4\n  dev: 5\tino: 6\n  uid: 7\tgid: 8\n  size: 9\tflags: 0\n100644 bb 0\tc\0  of another kind\n";
        let files = read_ls_files(out.as_bytes());
        let paths: Vec<&Path> = files.iter().map(|it| it.path.as_path()).collect();
        assert_eq!(paths, [Path::new("a\n b"), Path::new("c")]);
        assert_eq!(files[0].stat, Some(StatData([1, 2, 3, 4, 5, 6, 7, 8, 9])));
        assert_eq!(files[1].stat, None);
    }
}
