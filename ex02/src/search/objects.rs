//! Are there secrets in git's store, also in objects of past commits?
//!
//! One `git cat-file --batch` gives every object once, and the search happens here. So no value is ever
//! an argument of git (`ps` would show the key of `git log -S KEY` to everybody).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::mem;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::buffer::Buffer;
use super::needles::{Needle, Needles};
use super::places::Places;
use super::work_tree::MOST_OF_A_FILE;
use crate::git::{Git, Silence, bytes_to_path};
use crate::words::Outside;

/// The search of a whole history may take this long.
const PATIENCE: Duration = Duration::from_mins(10);

/// The longest line of `git cat-file --batch` before an object. In bytes.
const HEADER: u64 = 1024;

/// A secret in an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectHit {
    /// The object's name, in hexadecimal.
    pub object: String,
    /// From 1.
    pub line: usize,
    /// What was found.
    pub what: Needle,
}

/// Where an object entered the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The commit, abbreviated.
    pub commit: Outside,
    /// Its path there.
    pub path: Outside,
}

/// The result of searching objects.
#[derive(Debug, Default)]
pub struct SearchedObjects {
    /// How many objects were searched: files, commit messages and tags.
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
    let hit = |object: &str, line, what: Needle| {
        // An object has no path: it may be a test.
        if what.counts(true) {
            hits.add(ObjectHit {
                object: object.to_owned(),
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
    hit: impl FnMut(&str, usize, Needle),
) -> Result<SearchedObjects, Silence> {
    let list: String = blobs.into_iter().flat_map(|blob| [blob, "\n"]).collect();
    let words = "cat-file --batch";
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
    hit: impl FnMut(&str, usize, Needle),
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
    mut hit: impl FnMut(&str, usize, Needle),
) -> io::Result<SearchedObjects> {
    let (mut searched, mut header, mut buffer) =
        (SearchedObjects::default(), String::new(), Buffer::default());
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
        let mut content = pipe.by_ref().take(size);
        if kind == "tree" {
            io::copy(&mut content, &mut io::sink())?;
        } else {
            searched.objects += 1;
            searched.cut += usize::from(size > most);
            let beginning = content.by_ref().take(most);
            let streamed = needles.search_stream(beginning, &mut buffer, |line, what| {
                hit(name, line, what);
            })?;
            searched.bytes += streamed.bytes;
            searched.allowed += streamed.allowed;
            io::copy(&mut content, &mut io::sink())?;
        }
        io::copy(&mut pipe.by_ref().take(1), &mut io::sink())?;
    }
}

/// The commit and the path with which these objects entered the history. The earliest counts.
pub fn entered(
    git: &Git,
    objects: &BTreeSet<String>,
) -> Result<BTreeMap<String, Entered>, Silence> {
    let commits = git.process.ask("rev-list --all --reverse --topo-order")?;
    let mut question = "diff-tree -z --stdin --root -r -m --no-renames --no-abbrev".to_owned();
    question.extend(objects.iter().map(|it| format!(" --find-object={it}")));
    let answer = git.process.ask_with_input(&question, commits.out)?;
    Ok(read_diff_tree(&answer.out, objects))
}

/// Reads commits and pairs of `:<mode> <mode> <before> <after> <status>` and `<path>`, each ended by a NUL.
pub fn read_diff_tree(out: &[u8], objects: &BTreeSet<String>) -> BTreeMap<String, Entered> {
    let (mut found, mut commit) = (BTreeMap::new(), String::new());
    let mut fields = out.split(|byte| *byte == 0);
    while let Some(field) = fields.next() {
        let text = String::from_utf8_lossy(field);
        let Some(facts) = text.strip_prefix(':') else {
            // The name of a commit, abbreviated.
            commit = text.chars().take(10).collect();
            continue;
        };
        let path = fields.next().unwrap_or_default();
        let after = facts.split(' ').nth(3).unwrap_or_default();
        if objects.contains(after) {
            let entered = || Entered {
                commit: commit.as_str().into(),
                path: bytes_to_path(path).into(),
            };
            found.entry(after.to_owned()).or_insert_with(entered);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Owner;
    use crate::secret::Secret;

    #[test]
    fn each_object_of_a_batch_is_searched_and_trees_are_not() {
        let needles = Needles::new(&[(Owner::Variable("API_KEY"), Secret::new("Wh1te-R4bbit"))]);
        let batch = "aa blob 15\nx\nWh1te-R4bbit\n\nbb tree 12\nWh1te-R4bbit\ncc missing\ndd commit 13\nWh1te-R4bbit\n\n";
        let mut hits = Vec::new();
        let hit = |object: &str, line, _| hits.push(format!("{object}:{line}"));
        let searched = read_batch(batch.as_bytes(), &needles, 20, hit).unwrap();
        assert_eq!(hits, ["aa:2", "dd:1"]);
        assert_eq!((searched.objects, searched.bytes), (2, 28));
        assert_eq!((searched.lacking.len(), searched.cut), (1, 0));
        let cut = read_batch(batch.as_bytes(), &needles, 10, |_, _, _| panic!()).unwrap();
        assert_eq!((cut.objects, cut.bytes, cut.cut), (2, 20, 2));
    }

    #[test]
    fn the_earliest_commit_is_named() {
        let out = b"c0ffee00112233\0:000000 100644 00 aa A\0src/a.rs\0badcafe0112233\0:100644 100644 aa bb M\0src/a.rs\0:000000 100644 00 aa A\0b.rs\0";
        let found = read_diff_tree(out, &BTreeSet::from(["aa".to_owned()]));
        assert_eq!(
            found["aa"],
            Entered {
                commit: "c0ffee0011".into(),
                path: "src/a.rs".into()
            }
        );
        assert_eq!(found.len(), 1);
    }
}
