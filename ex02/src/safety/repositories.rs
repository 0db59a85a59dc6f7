//! Which repository knows a file? A link may lead into a submodule, or into any other repository.

use std::path::Path;
use std::time::Duration;

use crate::git::{Repository, TimeLeft, find_repository, find_root};
use crate::sources::Sources;

/// The repositories of one run.
pub struct Repositories<'a> {
    /// The one of the current folder.
    pub current: Repository,
    sources: &'a Sources,
    left: TimeLeft,
}

impl<'a> Repositories<'a> {
    /// Asks git whether the current folder is in a repository. In all repositories together, git may take
    /// this much time.
    pub fn new(sources: &'a Sources, patience: Duration) -> Self {
        let left = TimeLeft::new(patience.into());
        let root = sources.root.as_ref().map_err(|why| *why);
        let find = |root: &'a Option<_>| {
            let user = &sources.process.user;
            find_repository(&sources.folder, root.as_deref(), None, user, &left)
        };
        Self {
            current: root.and_then(find),
            sources,
            left,
        }
    }

    /// The innermost repository that has the file at this path, which has no links in it. `None`: it is the
    /// one of the current folder, or none at all.
    pub fn other(&self, file: &Path) -> Option<Repository> {
        let root = match find_root(file) {
            Ok(root) => root?,
            Err(why) => return Some(Err(why)),
        };
        let own = self.sources.root.as_ref().ok().and_then(Option::as_deref);
        let is_own = own.is_some_and(|it| it.canonicalize().is_ok_and(|it| it == root));
        // No git of the place where the user stands is run, in a repository or not.
        let here = own.unwrap_or(&self.sources.folder);
        let user = &self.sources.process.user;
        (!is_own).then(|| find_repository(root, Some(root), Some(here), user, &self.left))
    }
}
