//! Is this folder in a repository, and does git answer questions about it?

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::index::{self, Git};
use super::listing::bytes_to_path;
use super::process::{GitProcess, TimeLeft};
use super::sent;
use super::silence::Silence;
use super::user::User;

/// The repository of a folder. `None`: there is none, so nothing is tracked and nothing was committed. An
/// error: there is or may be one, but git could not tell.
pub type Repository = Result<Option<Git>, Silence>;

/// The root of the innermost repository that has a file: the nearest folder above it with a `.git`. The path
/// has no links in it.
pub fn find_root(file: &Path) -> Result<Option<&Path>, Silence> {
    for folder in file.ancestors().skip(1) {
        match folder.join(".git").symlink_metadata() {
            Ok(_) => return Ok(Some(folder)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Silence::NotSeen(error.kind())),
        }
    }
    Ok(None)
}

/// Finds out whether `folder` is in a repository, and whether git answers questions about it. No git of the
/// repository is run, and none below `forbidden`.
pub fn find_repository(
    folder: &Path,
    root: Option<&Path>,
    forbidden: Option<&Path>,
    user: &User,
    left: &TimeLeft,
) -> Repository {
    const QUESTION: &str = "rev-parse --is-bare-repository --is-shallow-repository --git-dir \
        --git-common-dir --show-toplevel";
    if root.is_none() && is_nowhere(folder, user)? {
        return Ok(None);
    }
    if let Some(why) = root.and_then(|root| unreadable_file(root, folder)) {
        return Err(why);
    }
    let roots: Vec<&Path> = [Some(root.unwrap_or(folder)), forbidden]
        .into_iter()
        .flatten()
        .collect();
    let mut process = GitProcess::find(user, folder, &roots, left)?;
    process.index = user.index(roots[0])?;
    let answer = process.ask(QUESTION)?;
    let mut lines = answer.out.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (bare, shallow, paths) = (line(), line(), line());
    if bare == b"true" {
        return Err(Silence::Bare);
    }
    if answer.code != 0 {
        return Err(refusal(&answer.stderr));
    }
    let shallow = shallow == b"true";
    let [own, common, top] = split(paths, &process)?;
    // `core.worktree`, or an empty `.git` inside another repository: git would answer about another
    // folder than the one whose files were read.
    if root.and_then(|it| it.canonicalize().ok()) != top.canonicalize().ok() {
        return Err(Silence::OtherWorkTree);
    }
    // git gives each path either absolute or from the folder of the question.
    let [own, common] = [own, common].map(|it| folder.join(it).canonicalize().ok());
    for (variable, place) in [(sent::STORE, &own), (sent::COMMON, &common)] {
        user.expect(variable, folder, place.as_deref())?;
    }
    user.expect(sent::WORK_TREE, folder, top.canonicalize().ok().as_deref())?;
    process.folder.clone_from(&top);
    let usual = || own.as_deref().map(|it| it.join("index"));
    let index = process.index.clone().or_else(usual);
    let index_written = index.and_then(|it| it.metadata().ok()?.modified().ok());
    let tracked = index::list_tracked(&process);
    Ok(Some(Git {
        process,
        shallow,
        partial: common.as_deref().is_some_and(is_partial),
        top,
        index_written,
        tracked,
    }))
}

/// True for a folder in no work tree and in no bare repository. No variable may send git to another one.
fn is_nowhere(folder: &Path, user: &User) -> Result<bool, Silence> {
    user.expect(sent::STORE, folder, None)?;
    Ok(!is_bare(folder))
}

/// The paths of the store, of the store that it shares with others, and of the work tree. A path may have line
/// breaks in it: then git is asked for each.
fn split(lines: &[u8], process: &GitProcess) -> Result<[PathBuf; 3], Silence> {
    let paths: Vec<&[u8]> = lines.split(|byte| *byte == b'\n').collect();
    if let [own, common, top, b""] = *paths {
        return Ok([own, common, top].map(bytes_to_path));
    }
    let ask = |question: &str| {
        let answer = process.ask(question)?.out;
        Ok(bytes_to_path(answer.strip_suffix(b"\n").unwrap_or(&answer)))
    };
    Ok([
        ask("rev-parse --git-dir")?,
        ask("rev-parse --git-common-dir")?,
        ask("rev-parse --show-toplevel")?,
    ])
}

/// The most that git reads of a file with rules or settings into its memory. In bytes.
const LARGEST: u64 = 100 * 1024 * 1024;

/// git reads these files to their end. Says so about the first that is a pipe, a device or a socket, or a
/// file of rules or settings that would fill the memory.
fn unreadable_file(root: &Path, folder: &Path) -> Option<Silence> {
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
    files.find_map(|(folder, name)| {
        let facts = folder.join(name).metadata().ok()?;
        // git maps these two, and they may be this large.
        let mapped = matches!(name, ".git/index" | ".git/packed-refs");
        let is_large = facts.is_file() && facts.len() > LARGEST && !mapped;
        if is_large {
            Some(Silence::TooLarge(name, LARGEST))
        } else {
            let is_usual = facts.is_file() || facts.is_dir();
            (!is_usual).then_some(Silence::NoRegularFile(name))
        }
    })
}

/// What git's refusals have in them. The first that is found counts.
const REFUSALS: [(&str, Silence); 7] = [
    ("dubious ownership", Silence::DubiousOwnership),
    ("must be run in a work tree", Silence::OutsideWorkTree),
    ("could not open '/dev/null'", Silence::NoNullDevice),
    ("Permission denied", Silence::Denied),
    ("Out of memory", Silence::Limited),
    ("Cannot allocate memory", Silence::Limited),
    ("Too many open files", Silence::Limited),
];

/// Tells git's refusals apart. git's own words quote paths, so they are not kept.
fn refusal(stderr: &[u8]) -> Silence {
    let mut found = REFUSALS
        .iter()
        .filter(|(words, _)| contains(stderr, words.as_bytes()));
    found.next().map_or(Silence::NotAccepted, |(_, why)| *why)
}

/// True for a store with packs of a partial clone.
fn is_partial(store: &Path) -> bool {
    let packs = store.join("objects/pack").read_dir();
    let promises = |name: OsString| Path::new(&name).extension() == Some("promisor".as_ref());
    packs.is_ok_and(|mut it| it.any(|pack| pack.is_ok_and(|pack| promises(pack.file_name()))))
}

/// True for a folder that is itself the store of a repository.
fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// True when the bytes contain these bytes.
fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|it| it == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_git_is_told_apart() {
        for (stderr, expected) in [
            (
                "fatal: detected dubious ownership in repository at '/x'",
                Silence::DubiousOwnership,
            ),
            (
                "fatal: this operation must be run in a work tree",
                Silence::OutsideWorkTree,
            ),
            (
                "fatal: could not open '/dev/null' for reading and writing: No such file or directory",
                Silence::NoNullDevice,
            ),
            (
                "fatal: unable to access '.git/config': Permission denied",
                Silence::Denied,
            ),
            (
                "fatal: Out of memory, malloc failed (tried to allocate 8192 bytes)",
                Silence::Limited,
            ),
            ("fatal: bad config line 1", Silence::NotAccepted),
        ] {
            assert_eq!(refusal(stderr.as_bytes()), expected);
        }
    }
}
