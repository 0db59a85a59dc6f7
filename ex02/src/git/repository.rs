//! Is this folder in a repository, and will git speak about it?

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::Duration;

use crate::git::index::{self, Git, bytes_to_path};
use crate::git::process::{NoGit, Process};

/// What became of asking git about a folder.
pub enum Repository {
    /// There is none here, so nothing is tracked and nothing was committed.
    None,
    /// There is or may be one, but git could not tell: why, and how to mend it.
    Unknown(String, String),
    /// There is one, and git answers.
    Known(Git),
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
    let mut process = match git(path, folder, root.unwrap_or(folder), patience) {
        Ok(process) => process,
        Err(unknown) => return unknown,
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
    let index = place(own).map(|it| it.join("index").metadata());
    let index_written = index.and_then(|it| it.ok()?.modified().ok());
    let tracked = index::list_tracked(&process);
    Repository::Known(Git {
        process,
        top,
        shallow,
        partial: place(common).is_some_and(|it| is_partial(&it)),
        kind,
        index_written,
        tracked,
    })
}

/// A git that may be asked about this folder, or why there is none.
fn git(
    path: Option<&OsStr>,
    folder: &Path,
    root: &Path,
    patience: Duration,
) -> Result<Process, Repository> {
    Process::find(path, folder, root, patience).map_err(|why| match why {
        NoGit::OnPath => unknown(
            "git cannot be run: not on PATH",
            "install git, or put it on PATH",
        ),
        NoGit::Outside => unknown(
            "git cannot be run: every git on PATH lies in this repository",
            "install git outside of it: nothing of a repository is ever run",
        ),
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

/// True for a store with packs that promise more than they hold.
fn is_partial(store: &Path) -> bool {
    let packs = store.join("objects/pack").read_dir();
    let promises = |name: OsString| Path::new(&name).extension() == Some("promisor".as_ref());
    packs.is_ok_and(|mut it| it.any(|pack| pack.is_ok_and(|pack| promises(pack.file_name()))))
}

/// True for a folder that is itself a repository's store.
fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// True when the bytes contain these.
fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|it| it == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

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
