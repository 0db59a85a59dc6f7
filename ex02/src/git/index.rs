//! What does git know about the files of a repository?
//!
//! Only plumbing commands, with paths after `--`, and never a secret in an argument. `process.rs` starts
//! git so that the repository itself runs nothing.

use std::ffi::OsString;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::listing::{Kind, StatData, Tracked, bytes_to_path, read_ls_files};
use super::process::GitProcess;
use super::silence::Silence;
use crate::words::Outside;

/// A repository that git answers questions about.
pub struct Git {
    /// The git that answers.
    pub process: GitProcess,
    /// The top folder of the work tree.
    pub top: PathBuf,
    /// True when earlier commits were left out by `git clone --depth`.
    pub shallow: bool,
    /// True when files were left out by `git clone --filter`.
    pub partial: bool,
    /// The time of writing of the index.
    pub index_written: Option<SystemTime>,
    /// Every tracked file of the repository, or why git cannot list them.
    pub tracked: Result<Vec<Tracked>, Silence>,
}

impl Git {
    /// The rule that makes git ignore a file: `.gitignore:3`. `None`: no rule does.
    pub fn ignored_by(&self, file: &Path) -> Result<Option<Outside>, Silence> {
        let question = "check-ignore --verbose -z --stdin --no-index";
        let input = [file.as_os_str().as_encoded_bytes(), b"\0"].concat();
        let answer = self.process.ask_with_input(question, input)?;
        let mut fields = answer.out.split(|byte| *byte == 0);
        let (Some(source), Some(line), Some(rule)) = (fields.next(), fields.next(), fields.next())
        else {
            return match answer.code {
                1 => Ok(None),
                _ => Err(Silence::AboutIgnored),
            };
        };
        let rule_ignores = !rule.starts_with(b"!");
        let place = [source, b":", line].concat();
        Ok(rule_ignores.then(|| bytes_to_path(&place).into()))
    }

    /// The files of the index that are not the same in the work tree: changed, staged and then changed, or not
    /// there. The next commit has them as they are in the index, whatever a flag says (`--skip-worktree`).
    pub fn changed(&self) -> Result<Vec<&Tracked>, Silence> {
        let (mut same_size, mut changed) = (Vec::new(), Vec::new());
        let tracked = self.tracked.iter().flatten();
        for file in tracked.filter(|it| it.kind != Kind::Submodule) {
            match self.top.join(&file.path).symlink_metadata() {
                Ok(facts) if self.is_unchanged(file, &facts) => {}
                Ok(facts) if may_be_same(file, &facts) => same_size.push(file),
                _ => changed.push(file),
            }
        }
        if !same_size.is_empty() {
            // Without filters, git runs no program here.
            let question = "hash-object --no-filters --stdin-paths";
            let paths = same_size.iter().flat_map(|it| quoted(&it.path)).collect();
            let answer = self.process.ask_with_input(question, paths)?;
            // git stops at a file that it cannot read.
            let mut hashes = answer.out.split(|byte| *byte == b'\n');
            let differs = |it: &&Tracked| hashes.next() != Some(it.blob.as_bytes());
            changed.extend(same_size.into_iter().filter(differs));
        }
        Ok(changed)
    }

    /// True when a file cannot have changed since git read it. git uses the same rule, but in doubt it
    /// would run a filter that the repository names.
    fn is_unchanged(&self, file: &Tracked, facts: &Metadata) -> bool {
        // A file that was written after the index may still have the old times and size.
        let written = facts.modified().ok().zip(self.index_written);
        written.is_some_and(|(file, index)| file < index)
            && file.stat.is_some()
            && StatData::now(facts) == file.stat
    }

    /// True when git tracks the file at this path.
    pub fn tracks(&self, path: &Path) -> Result<bool, Silence> {
        let tracked = self.tracked.as_ref().map_err(|why| *why)?;
        let mut files = tracked.iter().filter(|it| it.kind != Kind::Submodule);
        Ok(files.any(|it| self.top.join(&it.path) == path))
    }

    /// The names of the objects of the history that are damaged or not here. git gets this much time.
    ///
    /// None in a partial clone: it lacks what it did not fetch.
    pub fn lacking(&self, patience: Duration) -> Result<Vec<String>, Silence> {
        if self.partial {
            return Ok(Vec::new());
        }
        // With `--quiet`, only the objects that git cannot read are listed: `?<name>`.
        let question = "rev-list --objects --all --missing=print --quiet";
        let answer = self.process.ask_within(patience, question)?;
        if answer.code != 0 {
            return Err(Silence::AboutHistory);
        }
        let text = String::from_utf8_lossy(&answer.out);
        let names = text.lines().filter_map(|it| it.strip_prefix('?'));
        Ok(names.map(str::to_owned).collect())
    }

    /// The first commit with a file, among all commits that a branch or tag reaches. A folder or a submodule
    /// of this name does not count.
    pub fn first_commit_with(&self, file: &Path) -> Result<Option<Outside>, Silence> {
        let question = "rev-list --all --full-history --abbrev-commit --topo-order --";
        // Without the magic word, `*` and `[` in the name of a folder would be patterns.
        let mut this = OsString::from(":(literal)");
        this.push(file);
        // With a `/` at the end, it is a folder or a submodule, and all below it.
        let mut as_folder = OsString::from(":(exclude,literal)");
        as_folder.push(file);
        as_folder.push("/");
        let answer = self.process.ask_about(question, &[this, as_folder])?;
        if answer.code != 0 {
            return Err(Silence::AboutHistory);
        }
        let text = String::from_utf8_lossy(&answer.out);
        Ok(text.lines().last().map(Outside::from))
    }
}

/// True for a file of the size that it had when git read it. Only its content can tell whether it changed.
fn may_be_same(file: &Tracked, facts: &Metadata) -> bool {
    let same_size = |it: &StatData| it.has_size_of(facts);
    facts.is_file() && file.kind == Kind::File && file.stat.as_ref().is_none_or(same_size)
}

/// A path as `--stdin-paths` reads it: in quotes, so that it may have a line break in it.
fn quoted(path: &Path) -> Vec<u8> {
    let mut line = b"\"".to_vec();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'\n' => line.extend(b"\\n"),
            b'"' | b'\\' => line.extend([b'\\', *byte]),
            _ => line.push(*byte),
        }
    }
    line.extend(b"\"\n");
    line
}

/// Asks for every tracked file.
pub fn list_tracked(process: &GitProcess) -> Result<Vec<Tracked>, Silence> {
    let answer = process.ask("ls-files --stage --debug -z --full-name")?;
    match answer.code {
        0 => Ok(read_ls_files(&answer.out)),
        _ => Err(Silence::AboutTracked),
    }
}
