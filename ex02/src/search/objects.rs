//! Are there secrets in git's store, also in objects of past commits?
//!
//! One `git cat-file --batch` gives every object once, and the search happens here. So no value is ever
//! an argument of git (`ps` would show the key of `git log -S KEY` to everybody).

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::mem;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::buffer::Buffer;
use super::needles::{Needle, Needles};
use super::places::Places;
use super::tree::Names;
use super::work_tree::MOST_OF_A_FILE;
use crate::git::{Git, Silence};

/// The search of a whole history may take this long.
const PATIENCE: Duration = Duration::from_mins(10);

/// The longest line of `git cat-file --batch` before an object. In bytes.
const HEADER: u64 = 1024;

/// An object of git's store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// Its kind. Files come first, and names last: most names are still there, and are reported as such too.
    pub kind: ObjectKind,
    /// Its name, in hexadecimal.
    pub name: String,
}

/// The kind of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// The content of a file.
    Blob,
    /// The message of a commit, and the names of people.
    Commit,
    /// The same for a tag.
    Tag,
    /// The names in a folder.
    Tree,
}

/// A secret in an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectHit {
    /// The object.
    pub object: Object,
    /// From 1. In a tree, the number of the entry.
    pub line: usize,
    /// What was found.
    pub what: Needle,
}

/// The result of searching objects.
#[derive(Debug, Default)]
pub struct SearchedObjects {
    /// How many objects were searched: files, names in folders, commits and tags.
    pub objects: usize,
    /// How many bytes they have.
    pub bytes: u64,
    /// The names of the objects that git could not give.
    pub lacking: BTreeSet<String>,
    /// How many were searched only in their first [`MOST_OF_A_FILE`] bytes.
    pub cut: usize,
    /// How many places have an allow mark.
    pub allowed: usize,
}

/// The result of searching the whole store.
pub struct SearchedStore {
    /// What was searched, or why the search ended early.
    pub searched: Result<SearchedObjects, Silence>,
    /// How many objects git could not give: damaged ones, and those of the history that were deleted. Or
    /// why that is not known.
    pub lacking: Result<usize, Silence>,
    /// All places, also those before an early end.
    pub hits: Places<ObjectHit>,
}

/// Searches every object of the store, reachable or not.
pub fn search_all(git: &Git, needles: &Needles) -> SearchedStore {
    let until = Instant::now() + PATIENCE;
    let words = "cat-file --batch --batch-all-objects --unordered";
    let mut hits = Places::default();
    let hit = |object: &Object, line, what: Needle| {
        // An object has no path: it may be a test.
        if what.counts(true) {
            hits.add(ObjectHit {
                object: object.clone(),
                line,
                what,
            });
        }
    };
    let mut searched = search(git, needles, words, "", PATIENCE, hit);
    let names = searched.iter_mut().map(|it| mem::take(&mut it.lacking));
    let mut names: BTreeSet<String> = names.flatten().collect();
    let left = until.saturating_duration_since(Instant::now());
    let lacking = git.lacking(left).map(|deleted| {
        names.extend(deleted);
        names.len()
    });
    SearchedStore {
        searched,
        lacking,
        hits,
    }
}

/// Searches these blobs. Calls `hit` with the blob, the line and the meaning of each finding.
pub fn search_blobs<'a>(
    git: &Git,
    needles: &Needles,
    blobs: impl IntoIterator<Item = &'a str>,
    mut hit: impl FnMut(&str, usize, Needle),
) -> Result<SearchedObjects, Silence> {
    let list: String = blobs.into_iter().flat_map(|blob| [blob, "\n"]).collect();
    let words = "cat-file --batch";
    let hit = |object: &Object, line, what| hit(&object.name, line, what);
    let search = |left| search(git, needles, words, &list, left, hit);
    git.process.timed(search)
}

/// Runs one `git cat-file --batch` and searches its output.
fn search(
    git: &Git,
    needles: &Needles,
    words: &str,
    list: &str,
    patience: Duration,
    hit: impl FnMut(&Object, usize, Needle),
) -> Result<SearchedObjects, Silence> {
    let mut child = git.process.start(words)?;
    let started = Instant::now();
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let child = Mutex::new(child);
    let (finished, late) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let write = || stdin.map(|mut pipe| pipe.write_all(list.as_bytes()));
        // Its stderr is read so that git never waits for us. It is dropped, because it quotes paths.
        let listen = || stderr.map(|mut pipe| io::copy(&mut pipe, &mut io::sink()));
        let watch = || {
            let late = late;
            if late.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout)
                && let Ok(mut child) = child.lock()
            {
                // git may have ended already.
                let _ = child.kill();
            }
        };
        let thread = thread::Builder::new;
        let helped = thread().spawn_scoped(scope, write).is_ok()
            && thread().spawn_scoped(scope, listen).is_ok()
            && thread().spawn_scoped(scope, watch).is_ok();
        // Without a free thread, nothing is read: nobody could end a silent git.
        let stdout = stdout.filter(|_| helped);
        let outcome = stdout.map(|pipe| {
            let pipe = BufReader::with_capacity(1 << 20, pipe);
            read_batch(pipe, needles, MOST_OF_A_FILE, hit)
        });
        drop(finished);
        let ended_well = child
            .lock()
            .is_ok_and(|mut it| it.wait().is_ok_and(|status| status.success()));
        match outcome {
            None => Err(Silence::NoThreads),
            Some(Ok(searched)) if ended_well => Ok(searched),
            // It was ended.
            _ if started.elapsed() >= patience => Err(Silence::Late),
            _ => Err(Silence::AboutObjects),
        }
    })
}

/// Reads, for each object, `<name> <kind> <size>`, the content and a line end. Searches at most `most`
/// bytes of each.
pub fn read_batch(
    mut pipe: impl BufRead,
    needles: &Needles,
    most: u64,
    mut hit: impl FnMut(&Object, usize, Needle),
) -> io::Result<SearchedObjects> {
    let (mut searched, mut header, mut buffer) =
        (SearchedObjects::default(), String::new(), Buffer::default());
    let mut names = Names::default();
    loop {
        header.clear();
        if pipe.by_ref().take(HEADER).read_line(&mut header)? == 0 {
            return Ok(searched);
        }
        let mut facts = header.trim_end().split(' ');
        let mut word = || facts.next().unwrap_or_default();
        let (name, kind, size) = (word(), word(), word());
        let Ok(size) = size.parse::<u64>() else {
            searched.lacking.insert(name.to_owned());
            continue;
        };
        let kind = match kind {
            "tree" => ObjectKind::Tree,
            "commit" => ObjectKind::Commit,
            "tag" => ObjectKind::Tag,
            _ => ObjectKind::Blob,
        };
        let object = Object {
            name: name.to_owned(),
            kind,
        };
        let mut content = pipe.by_ref().take(size);
        searched.objects += 1;
        let mut look = |line: Option<usize>, content: &mut dyn Read| {
            let hit = |at, what| hit(&object, line.unwrap_or(at), what);
            let streamed = needles.search_stream(content, &mut buffer, hit)?;
            searched.bytes += streamed.bytes;
            searched.allowed += streamed.allowed;
            Ok(())
        };
        let is_whole = if kind == ObjectKind::Tree {
            // Two hexadecimal digits are a byte.
            let of_object = object.name.len() as u64 / 2;
            let look = |entry, mut name: &[u8]| look(Some(entry), &mut name);
            names.look_at_new(&mut content, of_object, look)?
        } else {
            look(None, &mut content.by_ref().take(most))?;
            size <= most
        };
        searched.cut += usize::from(!is_whole);
        io::copy(&mut content, &mut io::sink())?;
        io::copy(&mut pipe.by_ref().take(1), &mut io::sink())?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Owner;
    use crate::secret::Secret;

    #[test]
    fn each_object_of_a_batch_is_searched_and_of_trees_the_names() {
        let needles = Needles::new(&[(Owner::Variable("API_KEY"), Secret::new("Wh1te-R4bbit"))]);
        let batch = "aa blob 15\nx\nWh1te-R4bbit\n\nbb tree 24\n1 x\0!2 Wh1te-R4bbit.md\0!\ncc missing\ndd commit 13\nWh1te-R4bbit\n\n";
        let mut hits = Vec::new();
        let hit = |object: &Object, line, _| {
            hits.push(format!("{} {:?}:{line}", object.name, object.kind));
        };
        let searched = read_batch(batch.as_bytes(), &needles, 20, hit).unwrap();
        assert_eq!(hits, ["aa Blob:2", "bb Tree:2", "dd Commit:1"]);
        assert_eq!((searched.objects, searched.bytes), (3, 44));
        assert_eq!((searched.lacking.len(), searched.cut), (1, 0));
        let hit = |object: &Object, _, _| assert_eq!(object.kind, ObjectKind::Tree);
        let cut = read_batch(batch.as_bytes(), &needles, 10, hit).unwrap();
        assert_eq!((cut.objects, cut.bytes, cut.cut), (3, 36, 2));
    }
}
