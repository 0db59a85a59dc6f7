//! In which folders does the program look for files?

use std::path::Path;

use super::owner::is_ours;
use crate::words::Words;

/// The folders in which the program looks for files.
pub struct Reach<'a> {
    /// The current folder, and the folders above it in the same repository.
    pub folders: Vec<&'a Path>,
    /// The root of the repository.
    pub root: Option<&'a Path>,
    /// The first folder of another user, as a person would type it.
    pub ended_at: Option<Words>,
}

/// Looks upwards for the root of the repository. Stops at a folder or file of another user.
pub fn reach(current: &Path) -> Reach<'_> {
    let mut reach = Reach {
        folders: vec![current],
        root: None,
        ended_at: None,
    };
    let mut passed = Vec::new();
    for (up, folder) in current.ancestors().enumerate() {
        let ours = |path: &Path| path.symlink_metadata().is_ok_and(|it| is_ours(&it));
        let store = folder.join(".git");
        let has_store = store.symlink_metadata().is_ok();
        // The user chose the current folder, so its owner does not matter. git itself judges the `.git` in it.
        if up > 0 && !(ours(folder) && (!has_store || ours(&store))) {
            let mut above = folder.ancestors();
            let lost = above.any(|it| it.join(".git").symlink_metadata().is_ok());
            reach.ended_at = lost.then(|| steps_up(up));
            return reach;
        }
        passed.push(folder);
        if has_store {
            reach.root = Some(folder);
            reach.folders = passed;
            return reach;
        }
    }
    reach
}

/// One `../` for each step.
pub fn steps_up(steps: usize) -> Words {
    Words::joined(std::iter::repeat_n("../", steps), "")
}
