//! Does a variable of the user send git to another place?
//!
//! Without them, git would look into the repository of the folder, and call a file untracked that the user's
//! git tracks. A hook gets these variables too, mostly with the places that git finds anyway.

use std::path::{Path, PathBuf};

use super::silence::Silence;
use super::user::User;

/// The variable with the place of the store.
pub const STORE: &str = "GIT_DIR";

/// The variable with the place of the store that linked work trees share.
pub const COMMON: &str = "GIT_COMMON_DIR";

/// The variable with the place of the work tree.
pub const WORK_TREE: &str = "GIT_WORK_TREE";

/// The variable with the index. In a hook, it is the one that the new commit is made of.
pub const INDEX: &str = "GIT_INDEX_FILE";

/// All four.
pub const PLACES: [&str; 4] = [STORE, COMMON, WORK_TREE, INDEX];

impl User {
    /// The place that a variable names, from this folder.
    fn place(&self, name: &str, folder: &Path) -> Option<PathBuf> {
        let value = self.get(name).filter(|it| !it.is_empty())?;
        Some(folder.join(value))
    }

    /// Refuses a variable that names another place than this one. git itself refuses an empty name, and a place
    /// that is not there.
    pub fn expect(
        &self,
        name: &'static str,
        folder: &Path,
        own: Option<&Path>,
    ) -> Result<(), Silence> {
        let named = self
            .place(name, folder)
            .and_then(|it| it.canonicalize().ok());
        match named {
            Some(named) if Some(named.as_path()) != own => Err(Silence::SentElsewhere(name)),
            _ => Ok(()),
        }
    }

    /// The index that a variable names, from the top folder of the work tree. To git, one that is not there has no
    /// files, and it would wait for a pipe.
    pub fn index(&self, top: &Path) -> Result<Option<PathBuf>, Silence> {
        if self.get(INDEX).is_none() {
            return Ok(None);
        }
        let index = self.place(INDEX, top);
        let index = index.filter(|it| it.metadata().is_ok_and(|it| it.is_file()));
        index.map(Some).ok_or(Silence::SentElsewhere(INDEX))
    }
}
