//! How far are files looked for?

use std::path::Path;

use super::owner::is_ours;
use crate::words::Words;

/// How far files are looked for.
pub struct Reach<'a> {
    /// The current folder, and those above that belong to the same repository.
    pub folders: Vec<&'a Path>,
    /// The top of the repository.
    pub root: Option<&'a Path>,
    /// Where another user's land begins, as a person would type it.
    pub ended_at: Option<Words>,
}

/// Looks for the repository's root upwards, and not past what another user owns.
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
        // The current folder was chosen by whoever runs this; git has its own say about its `.git`.
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

/// `../` for each step.
pub fn steps_up(steps: usize) -> Words {
    Words::joined(std::iter::repeat_n("../", steps), "")
}
