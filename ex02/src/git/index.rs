//! What does git know about the files of a repository?
//!
//! Plumbing commands only, paths after `--`, and never a secret in an argument. How git is
//! started so that the repository itself runs nothing is `process.rs`' part.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use memchr::memchr;

use super::process::Process;
use super::silence::Silence;
use crate::words::Outside;

/// A repository that git answers questions about.
pub struct Git {
    /// Answers.
    pub process: Process,
    /// The top folder of the work tree.
    pub top: PathBuf,
    /// True when earlier commits were left out by `git clone --depth`.
    pub shallow: bool,
    /// True when files were left out by `git clone --filter`.
    pub partial: bool,
    /// What is special about it.
    pub kind: Option<Place>,
    /// When the index was written.
    pub index_written: Option<SystemTime>,
    /// Every tracked file of the repository, or why git cannot list them.
    pub tracked: Result<Vec<Tracked>, Silence>,
}

/// What a work tree is, when it is not an ordinary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Made by `git worktree add`.
    LinkedWorktree,
    /// A part of another repository.
    Submodule,
}

/// One tracked file.
#[derive(Debug, PartialEq, Eq)]
pub struct Tracked {
    /// From the top folder.
    pub path: PathBuf,
    /// Its blob in the index, in hexadecimal.
    pub blob: String,
    /// What it is.
    pub kind: Kind,
    /// What git saw of the file when it read this blob from it.
    pub seen: Option<Seen>,
}

/// Times (seconds and nanoseconds of the last change and of the last write), device, inode, owner,
/// group and size of a file, each cut to 32 bits as the index has them.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen([u32; 9]);

impl Seen {
    /// What there is to see now.
    #[cfg(unix)]
    #[expect(clippy::unnecessary_wraps, reason = "other systems show less")]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "git cuts them in the same way"
    )]
    fn now(facts: &Metadata) -> Option<Self> {
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

    /// Nothing: what git sees here is another story.
    #[cfg(not(unix))]
    fn now(_: &Metadata) -> Option<Self> {
        None
    }
}

/// What a tracked path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// Another repository's commit.
    Submodule,
}

impl Git {
    /// Which rule makes git ignore a file: `.gitignore:3`. `None`: no rule does.
    pub fn ignored_by(&self, file: &Path) -> Result<Option<Outside>, Silence> {
        let question = ["check-ignore", "--verbose", "-z", "--stdin", "--no-index"];
        let input = [file.as_os_str().as_encoded_bytes(), b"\0"].concat();
        let answer = self.process.converse(question, input)?;
        let mut fields = answer.out.split(|byte| *byte == 0);
        let (Some(source), Some(line), Some(rule)) = (fields.next(), fields.next(), fields.next())
        else {
            return match answer.code {
                1 => Ok(None),
                _ => Err(Silence::AboutIgnored),
            };
        };
        let rule_ignores = !rule.starts_with(b"!");
        let place = format!(
            "{}:{}",
            String::from_utf8_lossy(source),
            String::from_utf8_lossy(line)
        );
        Ok(rule_ignores.then(|| place.into()))
    }

    /// The blobs that the next commit would add or change, each with its path; not those of files
    /// that lie in the work tree just as git read them.
    ///
    /// Without a commit so far, or with one that git cannot read, the next commit adds all.
    pub fn staged(&self) -> Result<Vec<(PathBuf, String)>, Silence> {
        let question = [
            "diff-index",
            "--cached",
            "--raw",
            "-z",
            "--no-renames",
            "--no-abbrev",
            "--ignore-submodules=all",
            "HEAD",
            "--",
        ];
        let answer = self.process.ask(question)?;
        let tracked = || self.tracked.iter().flatten();
        let mut staged = match answer.code {
            0 => read_diff_index(&answer.out),
            _ => tracked()
                .filter(|it| it.kind != Kind::Submodule)
                .map(|it| (it.path.clone(), it.blob.clone()))
                .collect(),
        };
        if !staged.is_empty() {
            let as_read = tracked().filter(|it| self.lies_as_read(it));
            let as_read: HashSet<&Path> = as_read.map(|it| it.path.as_path()).collect();
            staged.retain(|(path, _)| !as_read.contains(path.as_path()));
        }
        Ok(staged)
    }

    /// True when a file cannot have changed since git read it. git judges so itself, but where it
    /// is in doubt it would run a filter that the repository names.
    fn lies_as_read(&self, file: &Tracked) -> bool {
        let Ok(facts) = self.top.join(&file.path).symlink_metadata() else {
            return false;
        };
        // A file written after the index may have the times and size of before.
        let written = facts.modified().ok().zip(self.index_written);
        written.is_some_and(|(file, index)| file < index)
            && file.seen.is_some()
            && Seen::now(&facts) == file.seen
    }

    /// The first commit, of all that any branch or tag reaches, in which a file was.
    pub fn first_commit_with(&self, file: &Path) -> Result<Option<Outside>, Silence> {
        let words = [
            "rev-list",
            "--all",
            "--full-history",
            "--abbrev-commit",
            "--topo-order",
            "--",
        ];
        // Without the magic word, `*` and `[` in a folder's name would be patterns.
        let mut literal = OsString::from(":(literal)");
        literal.push(file);
        let answer = self
            .process
            .ask(words.map(OsString::from).into_iter().chain([literal]))?;
        if answer.code != 0 {
            return Err(Silence::AboutHistory);
        }
        let text = String::from_utf8_lossy(&answer.out);
        Ok(text.lines().last().map(Outside::from))
    }
}

/// Asks for every tracked file.
pub fn list_tracked(process: &Process) -> Result<Vec<Tracked>, Silence> {
    let answer = process.ask(["ls-files", "--stage", "--debug", "-z", "--full-name"])?;
    match answer.code {
        0 => Ok(read_ls_files(&answer.out)),
        _ => Err(Silence::AboutTracked),
    }
}

/// Reads the entries of `ls-files --stage --debug -z`.
///
/// Each ends with a NUL, and what git saw of the file follows in five lines that begin with two
/// blanks. git promises nothing about these: whatever they say that is not understood is not used.
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
        if let (Some(file), Some(seen)) = (files.last_mut(), numbers.first_chunk()) {
            file.seen = Some(Seen(*seen));
        }
        files.extend(tracked(entry));
    }
    files
}

/// Reads one of them: `100644 <blob> 0<tab><path>`.
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
        seen: None,
    })
}

/// Reads pairs of `:<mode> <mode> <before> <after> <status>` and `<path>`, each ended by a NUL.
pub fn read_diff_index(out: &[u8]) -> Vec<(PathBuf, String)> {
    let mut fields = out.split(|byte| *byte == 0);
    let mut staged = Vec::new();
    while let (Some(facts), Some(path)) = (fields.next(), fields.next()) {
        let facts = String::from_utf8_lossy(facts);
        let mut facts = facts.split(' ').skip(1);
        let (Some(mode), Some(blob)) = (facts.next(), facts.nth(1)) else {
            continue;
        };
        // Mode 0: the next commit deletes it.
        if matches!(mode, "100644" | "100755" | "120000") {
            staged.push((bytes_to_path(path), blob.to_owned()));
        }
    }
    staged
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
    use super::*;

    #[track_caller]
    fn check(entry: &str, path: &str, kind: Kind) {
        let expected = Tracked {
            path: path.into(),
            blob: "0a1b".to_owned(),
            kind,
            seen: None,
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
    fn what_git_saw_of_a_file_is_read_with_it() {
        let out = "100644 aa 0\ta\n b\0  ctime: 1:2\n  mtime: 3:4\n  dev: 5\tino: 6\n  uid: 7\tgid: 8\n  size: 9\tflags: 0\n100644 bb 0\tc\0  of another kind\n";
        let files = read_ls_files(out.as_bytes());
        let paths: Vec<&Path> = files.iter().map(|it| it.path.as_path()).collect();
        assert_eq!(paths, [Path::new("a\n b"), Path::new("c")]);
        assert_eq!(files[0].seen, Some(Seen([1, 2, 3, 4, 5, 6, 7, 8, 9])));
        assert_eq!(files[1].seen, None);
    }

    #[test]
    fn what_is_staged_is_read_without_what_is_deleted() {
        let out = ":100644 100755 aa bb M\0a b\0:100644 000000 aa 00 D\0gone\0:000000 160000 00 cc A\0sub\0:000000 120000 00 dd A\0link\0";
        let expected = [("a b".into(), "bb".into()), ("link".into(), "dd".into())];
        assert_eq!(read_diff_index(out.as_bytes()), expected);
        assert_eq!(read_diff_index(b""), []);
    }
}
