//! What does git know about the files of a repository?
//!
//! Plumbing commands only, paths after `--`, and never a secret in an argument. How git is
//! started so that the repository itself runs nothing is `git_process.rs`' part.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::git_process::Process;

/// A repository that git answers questions about.
pub struct Git {
    /// Answers.
    pub process: Process,
    /// The top folder of the work tree.
    pub top: PathBuf,
    /// True when earlier commits were left out by `git clone --depth`.
    pub shallow: bool,
    /// What is special about it, in words.
    pub kind: Option<&'static str>,
    /// Every tracked file of the repository, or why git cannot list them.
    pub tracked: Result<Vec<Tracked>, String>,
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
    pub fn ignored_by(&self, file: &Path) -> Result<Option<String>, String> {
        let question = ["check-ignore", "--verbose", "-z", "--stdin", "--no-index"];
        let input = [file.as_os_str().as_encoded_bytes(), b"\0"].concat();
        let answer = self.process.converse(question, input)?;
        let mut fields = answer.out.split(|byte| *byte == 0);
        let (Some(source), Some(line), Some(rule)) = (fields.next(), fields.next(), fields.next())
        else {
            return match answer.code {
                1 => Ok(None),
                _ => Err("git cannot say whether it is ignored".to_owned()),
            };
        };
        let rule_ignores = !rule.starts_with(b"!");
        let place = format!(
            "{}:{}",
            String::from_utf8_lossy(source),
            String::from_utf8_lossy(line)
        );
        Ok(rule_ignores.then_some(place))
    }

    /// The blobs that the next commit would add or change, each with its path.
    ///
    /// Without a commit so far, or with one that git cannot read, that is everything tracked.
    pub fn staged(&self) -> Result<Vec<(PathBuf, String)>, String> {
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
        if answer.code == 0 {
            return Ok(read_diff_index(&answer.out));
        }
        let files = self.tracked.iter().flatten();
        let files = files.filter(|it| it.kind != Kind::Submodule);
        Ok(files.map(|it| (it.path.clone(), it.blob.clone())).collect())
    }

    /// The first commit, of all that any branch or tag reaches, in which a file was.
    pub fn first_commit_with(&self, file: &Path) -> Result<Option<String>, String> {
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
            return Err("git cannot walk the history (objects may be missing)".to_owned());
        }
        let text = String::from_utf8_lossy(&answer.out);
        Ok(text.lines().last().map(str::to_owned))
    }
}

/// Asks for every tracked file.
pub fn list_tracked(process: &Process) -> Result<Vec<Tracked>, String> {
    let answer = process.ask(["ls-files", "--stage", "-z", "--full-name"])?;
    match answer.code {
        0 => Ok(read_ls_files(&answer.out)),
        _ => Err("git cannot list the tracked files (the index may be damaged)".to_owned()),
    }
}

/// Reads the entries of `ls-files --stage -z`.
pub fn read_ls_files(out: &[u8]) -> Vec<Tracked> {
    out.split(|byte| *byte == 0).filter_map(tracked).collect()
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
    fn what_is_staged_is_read_without_what_is_deleted() {
        let out = ":100644 100755 aa bb M\0a b\0:100644 000000 aa 00 D\0gone\0:000000 160000 00 cc A\0sub\0:000000 120000 00 dd A\0link\0";
        let expected = [("a b".into(), "bb".into()), ("link".into(), "dd".into())];
        assert_eq!(read_diff_index(out.as_bytes()), expected);
        assert_eq!(read_diff_index(b""), []);
    }
}
