//! Are there secrets in tracked files: in their names or in their content?

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use super::buffer::Buffer;
use super::examples::holds_examples;
use super::in_time::InTime;
use super::needles::{Needle, Needles};
use super::places::Places;
use crate::git::{Kind, Tracked};
use crate::words::open_regular;

/// How much of a file is read. A sparse file may claim any size. In bytes.
pub const MOST_OF_A_FILE: u64 = 1024 * 1024 * 1024;

/// How many folders are remembered.
const MOST_FOLDERS: usize = 4096;

/// The longest path that the system opens. In bytes.
const LONGEST_PATH: usize = 4096;

/// A place of a secret. The secret itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileHit {
    /// The path, from the top folder.
    pub path: PathBuf,
    /// The line, from 1. `None`: the secret is in the name of the file.
    pub line: Option<usize>,
    /// What was found.
    pub what: Needle,
}

impl FileHit {
    /// A place in this file.
    pub fn new(path: &Path, line: Option<usize>, what: Needle) -> Self {
        let path = path.to_owned();
        Self { path, line, what }
    }
}

/// What a search looked at and found.
#[derive(Debug, Default)]
pub struct Found {
    /// All places.
    pub hits: Places<FileHit>,
    /// How many files were read to the end.
    pub files: usize,
    /// How many bytes these files have.
    pub bytes: u64,
    /// Tracked files that are not in the work tree, as indices.
    pub absent: Vec<usize>,
    /// Files that could not be read.
    pub unread: Places<PathBuf>,
    /// Files that were read only in their first [`MOST_OF_A_FILE`] bytes.
    pub cut: Places<PathBuf>,
    /// How many files were not searched, or not to the end, because the time was up.
    pub late: usize,
    /// How many other repositories are inside this one. They were not entered.
    pub submodules: usize,
    /// How many places have an allow mark.
    pub allowed: usize,
}

/// How far a search goes.
#[derive(Clone, Copy)]
pub struct Limits {
    /// How many bytes of a file are read.
    pub bytes: u64,
    /// When it stops.
    pub until: Instant,
}

/// Searches all tracked files in two threads, within the limits.
pub fn search_files(needles: &Needles, top: &Path, tracked: &[Tracked], limits: Limits) -> Found {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Found::default()));
    let work = || {
        let mut searcher = Searcher {
            needles,
            top,
            limits,
            inside: HashMap::new(),
            buffer: Buffer::default(),
            found: Found::default(),
        };
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = tracked.get(index) else {
                break;
            };
            let before = index.checked_sub(1).and_then(|it| tracked.get(it));
            if before.is_some_and(|it| it.path == file.path) {
                // In a conflict, git has up to three blobs of one file.
                searcher.note_if_absent(index, file);
            } else if Instant::now() < limits.until {
                searcher.search(index, file);
            } else {
                searcher.found.late += 1;
            }
        }
        if let Ok(mut all) = found.lock() {
            all.add(searcher.found);
        }
    };
    thread::scope(|scope| {
        // Without a free thread, this thread does all the work.
        let _ = thread::Builder::new().spawn_scoped(scope, work);
        work();
    });
    found.into_inner().unwrap_or_default()
}

/// One thread's part of the work.
struct Searcher<'a> {
    /// What to look for.
    needles: &'a Needles,
    /// The top folder of the work tree.
    top: &'a Path,
    /// The limits of the search.
    limits: Limits,
    /// Folders that were checked: are they in the work tree, or is there a link on the way?
    inside: HashMap<PathBuf, bool>,
    /// Memory for a piece of a file.
    buffer: Buffer,
    /// The outcome so far.
    found: Found,
}

impl Searcher<'_> {
    /// Searches one tracked file as it is in the work tree, and its name.
    fn search(&mut self, index: usize, file: &Tracked) {
        self.search_name(&file.path);
        // When a folder became a link, another tree is there. For git, the file is deleted.
        if !self.lies_inside(file.path.parent().unwrap_or(Path::new(""))) {
            return self.found.absent.push(index);
        }
        let path = self.top.join(&file.path);
        let (hits, buffer) = (&mut self.found.hits, &mut self.buffer);
        let among_examples = holds_examples(&file.path);
        let insert = |line, what: Needle| {
            if what.counts(among_examples) {
                hits.add(FileHit::new(&file.path, Some(line), what));
            }
        };
        let outcome = match file.kind {
            Kind::Submodule => {
                self.found.submodules += 1;
                return;
            }
            // The text of a link is tracked. The file that it points to is not.
            Kind::Link => path.read_link().and_then(|to| {
                let to = to.as_os_str().as_encoded_bytes();
                self.needles.search_stream(to, buffer, insert)
            }),
            Kind::File => open_regular(&path).and_then(|(stream, length)| {
                if length > self.limits.bytes {
                    self.found.cut.add(file.path.clone());
                }
                let until = self.limits.until;
                // For git too, a file ends where its length says. This saves a look behind the end.
                let bytes = length.min(self.limits.bytes);
                let beginning = InTime { stream, until }.take(bytes);
                self.needles.search_stream(beginning, buffer, insert)
            }),
        };
        match outcome {
            Ok(streamed) => {
                self.found.files += 1;
                self.found.bytes += streamed.bytes;
                self.found.allowed += streamed.allowed;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.found.absent.push(index);
            }
            Err(error) if error.kind() == io::ErrorKind::TimedOut && file.kind == Kind::File => {
                self.found.late += 1;
            }
            Err(_) => self.found.unread.add(file.path.clone()),
        }
    }

    /// Searches a file's name.
    fn search_name(&mut self, path: &Path) {
        let name = path.as_os_str().as_encoded_bytes();
        let mut in_name = BTreeSet::new();
        let insert = |_, what| {
            in_name.insert(what);
        };
        // Reading from memory does not fail.
        let _ = self.needles.search_stream(name, &mut self.buffer, insert);
        for what in in_name {
            self.found.hits.add(FileHit::new(path, None, what));
        }
    }

    /// Notes a file that is not in the work tree.
    fn note_if_absent(&mut self, index: usize, file: &Tracked) {
        let inside = self.lies_inside(file.path.parent().unwrap_or(Path::new("")));
        if !inside || self.top.join(&file.path).symlink_metadata().is_err() {
            self.found.absent.push(index);
        }
    }

    /// True when no part of this folder's path, from the top folder on, is a link.
    fn lies_inside(&mut self, folder: &Path) -> bool {
        // Nothing is there. Such a path may have more folders than the stack can hold.
        if folder.as_os_str().len() > LONGEST_PATH {
            return false;
        }
        let Some(parent) = folder.parent() else {
            return true;
        };
        if let Some(known) = self.inside.get(folder) {
            return *known;
        }
        let is_link = |it: fs::Metadata| it.is_symlink();
        // Files come in order, so the folders that are still needed come back soon.
        if self.inside.len() == MOST_FOLDERS {
            self.inside.clear();
        }
        let inside = self.lies_inside(parent)
            && !self.top.join(folder).symlink_metadata().is_ok_and(is_link);
        self.inside.insert(folder.to_owned(), inside);
        inside
    }
}

impl Found {
    /// Adds the findings of another thread.
    fn add(&mut self, other: Self) {
        self.hits.add_all(other.hits);
        self.files += other.files;
        self.bytes += other.bytes;
        self.absent.extend(other.absent);
        self.unread.add_all(other.unread);
        self.cut.add_all(other.cut);
        self.late += other.late;
        self.submodules += other.submodules;
        self.allowed += other.allowed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Owner;
    use crate::secret::Secret;

    /// A value to look for. No whole key is written in this file.
    const VALUE: &str = "Wh1te/R4bbit+Hole";

    /// Searches these paths in a folder that `prepare` fills. Findings as `path:line`, or `path` for a name.
    fn search_in(prepare: impl Fn(&Path), paths: &[&str], most: u64) -> (Vec<String>, Found) {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let needles = Needles::new(&[(Owner::Variable("API_KEY"), Secret::new(VALUE))]);
        let tracked = paths.iter().map(|path| Tracked {
            path: path.into(),
            blob: "0a1b".to_owned(),
            kind: Kind::File,
            stat: None,
        });
        let tracked: Vec<Tracked> = tracked.collect();
        let until = Instant::now() + std::time::Duration::from_hours(1);
        let limits = Limits { bytes: most, until };
        let found = search_files(&needles, folder.path(), &tracked, limits);
        let late = Limits {
            until: Instant::now(),
            ..limits
        };
        let nothing = search_files(&needles, folder.path(), &tracked, late);
        let once: BTreeSet<&&str> = paths.iter().collect();
        assert_eq!((nothing.late, nothing.files), (once.len(), 0));
        let hits = found.hits.first().map(|it| {
            let line = it.line.map_or(String::new(), |line| format!(":{line}"));
            format!("{}{line}", it.path.display())
        });
        (hits.collect(), found)
    }

    #[test]
    fn a_file_is_searched_in_its_name_and_its_lines() {
        let prepare = |at: &Path| {
            fs::create_dir_all(at.join("Wh1te")).unwrap();
            fs::write(at.join("a"), format!("\n{VALUE}")).unwrap();
            fs::write(at.join("Wh1te/R4bbit+Hole"), "x").unwrap();
        };
        let (hits, found) = search_in(prepare, &["a", "Wh1te/R4bbit+Hole", "gone"], u64::MAX);
        assert_eq!(hits, ["Wh1te/R4bbit+Hole", "a:2"]);
        assert_eq!((found.files, found.absent.len()), (2, 1));
    }

    #[test]
    fn a_file_in_conflict_is_searched_once() {
        let prepare = |at: &Path| fs::write(at.join("a"), VALUE).unwrap();
        let (hits, found) = search_in(prepare, &["a", "a", "a", "gone", "gone"], u64::MAX);
        assert_eq!((hits, found.files), (vec!["a:1".to_owned()], 1));
        assert_eq!(found.absent.len(), 2);
    }

    #[test]
    fn a_path_of_very_many_folders_is_in_the_index_only() {
        let deep = "a/".repeat(200_000) + "b";
        let (hits, found) = search_in(|_| {}, &[&deep, &deep], u64::MAX);
        assert_eq!((hits.len(), found.absent.len()), (0, 2));
    }

    #[test]
    fn the_first_of_many_places_are_kept_and_the_others_counted() {
        let names: Vec<String> = (0..50).map(|it| format!("f{it:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let prepare = |at: &Path| {
            for name in &names {
                fs::write(at.join(name), format!("{VALUE} {VALUE}\n").repeat(40)).unwrap();
            }
        };
        let (hits, found) = search_in(prepare, &names, u64::MAX);
        let first: Vec<String> = (1..=20).map(|line| format!("f00:{line}")).collect();
        assert_eq!((hits, found.hits.beyond().number), (first, 1980));
        let (_, found) = search_in(|_| {}, &names, u64::MAX);
        assert_eq!(found.absent.len(), 50);
    }

    #[test]
    fn only_the_beginning_of_an_endless_file_is_read_and_the_report_says_so() {
        let prepare = |at: &Path| {
            let file = fs::File::create(at.join("sparse")).unwrap();
            file.set_len(1 << 40).unwrap();
        };
        let (hits, found) = search_in(prepare, &["sparse"], 10_000);
        assert_eq!((hits.len(), found.bytes), (0, 10_000));
        assert!(found.cut.first().eq([Path::new("sparse")]));
    }

    #[cfg(unix)]
    #[test]
    fn the_target_of_a_link_is_not_read() {
        let prepare = |at: &Path| {
            fs::create_dir(at.join("outside")).unwrap();
            fs::write(at.join("outside/a"), VALUE).unwrap();
            std::os::unix::fs::symlink("outside", at.join("folder")).unwrap();
            std::os::unix::fs::symlink("outside/a", at.join("file")).unwrap();
        };
        let (hits, found) = search_in(prepare, &["folder/a", "folder/b/c", "file"], u64::MAX);
        assert_eq!((hits.len(), found.files), (0, 0));
        assert_eq!((found.absent.len(), found.unread.first().count()), (2, 1));
    }
}
