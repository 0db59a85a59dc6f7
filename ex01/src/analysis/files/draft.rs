//! How is a file written so that nobody ever sees half of it?
//!
//! It is written under another name in the same folder, and then renamed in one step. After an error or Ctrl-C, this
//! other file is removed again, and a folder that was made for it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use super::interrupt;
use crate::faults::TargetFault;

/// How many drafts were begun. So each has its own name, which is short enough for any folder.
static DRAFTS: AtomicU64 = AtomicU64::new(0);

/// A file that is not finished.
pub struct Draft {
    /// Where the finished file will be.
    pub target: PathBuf,
    /// Where the unfinished file is.
    pub path: PathBuf,
}

impl Draft {
    /// Begins a file beside its target, and opens it for writing. An error says why the target cannot be written.
    pub fn new(target: &Path) -> Result<(Self, File), TargetFault> {
        // If the target is a link, its file is replaced, not the link itself, even if that file does not exist yet.
        let target = followed(target)?;
        if target.exists() && !target.is_file() {
            return Err(TargetFault::NotRegular(target));
        }
        if target.exists() {
            // A rename asks for no right to write to the file that it replaces. Opened like this, the file stays as it is.
            let old = File::options().write(true).open(&target);
            old.map_err(|error| TargetFault::io(&target, error))?;
        }
        if target.file_name().is_none() {
            let error = io::ErrorKind::IsADirectory.into();
            return Err(TargetFault::io(&target, error));
        }
        loop {
            let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
            let path = target.with_file_name(format!(".loading-{}-{number}.part", process::id()));
            match interrupt::guarding(&path, || File::create_new(&path)) {
                // A process with the same number left this file when it was killed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(TargetFault::io(&target, error)),
                Ok(file) => return Ok((Self { target, path }, file)),
            }
        }
    }

    /// Writes all bytes, gives the file its name, and reads it again. Only then is it saved.
    /// An error calls it by the name that was given.
    pub fn save(self, mut file: File, bytes: &[u8], given: &Path) -> Result<(), TargetFault> {
        let failed = |error| TargetFault::io(given, error);
        file.write_all(bytes).map_err(failed)?;
        interrupt::naming(|_| self.rename())?;
        if fs::read(&self.target).map_err(failed)? == bytes {
            return Ok(());
        }
        Err(TargetFault::Changed(given.to_owned()))
    }

    /// Gives the file its name, and the rights of the file that had this name before.
    pub fn rename(&self) -> Result<(), TargetFault> {
        let failed = |error| TargetFault::io(&self.target, error);
        if let Ok(before) = self.target.metadata() {
            let rights = fs::set_permissions(&self.path, before.permissions());
            rights.map_err(failed)?;
        }
        fs::rename(&self.path, &self.target).map_err(failed)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After publishing, there is no such file, and that is no error.
        let _ = fs::remove_file(&self.path);
        interrupt::release(&self.path);
    }
}

/// A folder. If it was made here and nothing is published into it, it is removed again.
pub struct Folder {
    /// The folders that were made, the outermost one first.
    made: Vec<PathBuf>,
}

impl Folder {
    /// Makes the folder, and those around it.
    pub fn new(path: &Path) -> Result<Self, TargetFault> {
        let missing = path
            .ancestors()
            .take_while(|it| !it.as_os_str().is_empty() && !it.is_dir());
        let missing: Vec<&Path> = missing.collect();
        let mut folder = Self { made: Vec::new() };
        for path in missing.into_iter().rev() {
            interrupt::guarding(path, || fs::create_dir(path))
                .map_err(|error| TargetFault::io(path, error))?;
            folder.made.push(path.to_owned());
        }
        Ok(folder)
    }

    /// Takes it from the list of what is unfinished.
    pub fn keep(&self, unfinished: &mut Vec<PathBuf>) {
        unfinished.retain(|it| !self.made.contains(it));
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for path in self.made.iter().rev() {
            // This removes empty folders only. A folder with a file in it stays.
            let _ = fs::remove_dir(path);
            interrupt::release(path);
        }
    }
}

/// The file that a path names, after all links.
fn followed(start: &Path) -> Result<PathBuf, TargetFault> {
    let mut path = start.to_owned();
    // Linux follows this many links.
    for _ in 0..40 {
        match (path.canonicalize(), path.read_link()) {
            (Ok(whole), _) => return Ok(whole),
            (Err(_), Ok(next)) => path = path.with_file_name("").join(next),
            (Err(_), Err(_)) => return Ok(path),
        }
    }
    Err(TargetFault::Circle(start.to_owned()))
}

/// Refuses to write over one of these files of the source: a picture is not data, and an export has only some of its columns.
pub fn refuse_source(
    sources: &[PathBuf],
    flag: &'static str,
    given: &Path,
    is_ours: impl Fn(&Path) -> bool,
) -> Result<(), TargetFault> {
    let is_ours = |source: &&PathBuf| source.canonicalize().is_ok_and(|it| is_ours(&it));
    let Some(source) = sources.iter().find(is_ours) else {
        return Ok(());
    };
    Err(TargetFault::OverSource {
        flag,
        path: given.to_owned(),
        source: source.clone(),
    })
}

/// Whether a file's name ends in `.ending`, in small or capital letters.
pub fn ends_in(path: &Path, ending: &str) -> bool {
    path.extension()
        .is_some_and(|it| it.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_as_long_as_a_folder_allows_and_each_draft_has_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("n".repeat(255));
        let (first, file) = Draft::new(&target).unwrap();
        // The next name is taken, as if a process with our number had been killed.
        let next = DRAFTS.load(Ordering::Relaxed);
        let name = format!(".loading-{}-{next}.part", process::id());
        fs::write(folder.path().join(name), "").unwrap();
        let (second, _) = Draft::new(&target).unwrap();
        assert_ne!(first.path, second.path);
        first.save(file, b"", &target).unwrap();
        assert!(target.is_file());
    }
}
