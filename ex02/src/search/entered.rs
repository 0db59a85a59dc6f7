//! Which commit brought an object into the history?

use std::collections::{BTreeMap, BTreeSet};

use crate::git::{Git, Silence, bytes_to_path};
use crate::words::Outside;

/// Where an object entered the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The commit, abbreviated.
    pub commit: Outside,
    /// Its path there.
    pub path: Outside,
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
