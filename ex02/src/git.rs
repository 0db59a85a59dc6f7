//! What does git know about a folder?
//!
//! Plumbing commands only, paths after `--`, and never a secret in an argument. How git is
//! started so that the repository itself runs nothing is `git_process.rs`' part.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::git_process::Process;

/// What became of asking git about a folder.
pub enum Repository {
    /// There is none here, so nothing is tracked and nothing was committed.
    None,
    /// There is or may be one, but git could not tell: why, and how to mend it.
    Unknown(String, String),
    /// There is one, and git answers.
    Known(Git),
}

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

/// Finds out whether `folder` is in a repository, and whether git will speak about it.
pub fn find(
    folder: &Path,
    root: Option<&Path>,
    path: Option<&OsStr>,
    patience: Duration,
) -> Repository {
    if root.is_none() && !is_bare(folder) {
        return Repository::None;
    }
    if let Some(name) = root.and_then(|root| pipe_in_place_of_a_file(root, folder)) {
        return unknown(
            &format!("{name} is no regular file, and git would wait for it"),
            "move it away",
        );
    }
    let Some(mut process) = Process::find(path, folder, patience) else {
        return unknown(
            "git cannot be run: not on PATH",
            "install git, or put it on PATH",
        );
    };
    let question = [
        "rev-parse",
        "--is-bare-repository",
        "--is-shallow-repository",
        "--git-dir",
        "--git-common-dir",
        "--show-toplevel",
    ];
    let answer = match process.ask(question) {
        Ok(answer) => answer,
        Err(why) => return unknown(&why, "look at it with: git status"),
    };
    let mut lines = answer.out.splitn(5, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (bare, shallow, own, common, top) = (line(), line(), line(), line(), line());
    if bare == b"true" {
        return unknown(
            "a bare repository: it has no work tree and no tracked files here",
            "run this in a clone of it",
        );
    }
    if answer.code != 0 {
        return refused(&answer.complaint);
    }
    // Each is given as git pleases: absolute, or from the folder it was asked in.
    let place = |path: &[u8]| folder.join(bytes_to_path(path)).canonicalize().ok();
    let kind = if place(own) != place(common) {
        Some("a linked worktree")
    } else if contains(own, b"/modules/") {
        Some("a submodule")
    } else {
        None
    };
    let shallow = shallow == b"true";
    let top = bytes_to_path(top.strip_suffix(b"\n").unwrap_or(top));
    // `core.worktree`, or an empty `.git` inside another repository: what git would speak about
    // is not the folder whose files were read.
    if root.and_then(|it| it.canonicalize().ok()) != top.canonicalize().ok() {
        return unknown(
            "its work tree is another folder than the one that `.git` is in",
            "look at it with: git rev-parse --show-toplevel",
        );
    }
    process.folder.clone_from(&top);
    let tracked = list_tracked(&process);
    Repository::Known(Git {
        process,
        top,
        shallow,
        kind,
        tracked,
    })
}

/// The first of the files that git reads to its end which is a pipe, a device or a socket.
fn pipe_in_place_of_a_file(root: &Path, folder: &Path) -> Option<&'static str> {
    const OF_THE_STORE: [&str; 7] = [
        ".git/HEAD",
        ".git/config",
        ".git/index",
        ".git/packed-refs",
        ".git/shallow",
        ".git/info/exclude",
        ".git/objects/info/alternates",
    ];
    let store = OF_THE_STORE.into_iter().map(|name| (root, name));
    let below = folder.ancestors().take_while(|it| it.starts_with(root));
    let mut files = store.chain(below.map(|it| (it, ".gitignore")));
    let strange = files.find(|(folder, name)| {
        let facts = folder.join(name).metadata();
        facts.is_ok_and(|it| !it.is_file() && !it.is_dir())
    });
    strange.map(|(_, name)| name)
}

/// Asks for every tracked file.
fn list_tracked(process: &Process) -> Result<Vec<Tracked>, String> {
    let answer = process.ask(["ls-files", "--stage", "-z", "--full-name"])?;
    match answer.code {
        0 => Ok(read_ls_files(&answer.out)),
        _ => Err("git cannot list the tracked files (the index may be damaged)".to_owned()),
    }
}

/// Puts git's refusal into words; git's own words quote paths and are not repeated.
fn refused(complaint: &[u8]) -> Repository {
    if contains(complaint, b"dubious ownership") {
        return unknown(
            "git refuses: the repository belongs to another user (dubious ownership)",
            "run this as its owner, or chown -R the folder",
        );
    }
    if contains(complaint, b"must be run in a work tree") {
        return unknown(
            "the current folder is outside the work tree of its repository",
            "run this in the work tree",
        );
    }
    unknown(
        "git does not accept this repository (damaged, or its configuration is)",
        "look at it with: git status",
    )
}

/// Shorthand.
fn unknown(why: &str, fix: &str) -> Repository {
    Repository::Unknown(why.to_owned(), fix.to_owned())
}

/// True for a folder that is itself a repository's store.
fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
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

/// True when the bytes contain these.
fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|it| it == wanted)
}

/// A path as the system spells it.
#[cfg(unix)]
fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path as the system spells it.
#[cfg(not(unix))]
fn bytes_to_path(bytes: &[u8]) -> PathBuf {
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

    #[test]
    fn every_refusal_of_git_is_told_apart() {
        #[track_caller]
        fn check(complaint: &str, expected: &str) {
            match refused(complaint.as_bytes()) {
                Repository::Unknown(why, _) => assert!(why.contains(expected), "{why}"),
                _ => panic!("accepted"),
            }
        }
        check(
            "fatal: detected dubious ownership in repository at '/x'",
            "another user",
        );
        check(
            "fatal: this operation must be run in a work tree",
            "outside the work tree",
        );
        check("fatal: bad config line 1", "does not accept");
    }
}
