//! Can an environment be made in the current folder?

use crate::support::access;
use crate::support::files;
use crate::support::{PyPath, World};
use crate::verdict::repair::may_be_made;

/// Why no environment can be made in the current folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlace {
    /// It no longer exists.
    Gone,
    /// Its path has a colon or is not UTF-8.
    Unfit(PyPath),
    /// This user may not write into this folder.
    Closed(PyPath),
    /// Something else has this name.
    Taken(PyPath),
}

/// What stands in the way of an environment of this name. `python -m venv` makes it also in a folder that is there; another `tool` may refuse
/// that.
pub fn no_place(name: &str, tool: Option<&str>, world: &World) -> Option<NoPlace> {
    let here = &world.cwd;
    if here.is_empty() {
        return Some(NoPlace::Gone);
    }
    if !may_be_made(here) {
        return Some(NoPlace::Unfit(here.clone()));
    }
    let folder = here.os_join(name);
    let holds = if access::file_type(&folder).is_err() {
        here
    } else if tool.is_none() && files::is_dir(&folder) {
        &folder
    } else {
        return Some(NoPlace::Taken(folder));
    };
    (!access::may_write(holds)).then(|| NoPlace::Closed(holds.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_obstacle_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| PyPath::from(folder.path()).os_join(name);
        let check = |here: &PyPath, tool| no_place("env", tool, &World::of(&[], here.clone()));
        for name in ["free", "folder/env", "file", "a:b"] {
            std::fs::create_dir_all(at(name).as_path()).unwrap();
        }
        std::fs::write(at("file/env").as_path(), "").unwrap();
        assert_eq!(check(&at("free"), None), None);
        assert_eq!(check(&at("folder"), None), None);
        let taken = |name: &str| Some(NoPlace::Taken(at(name)));
        assert_eq!(check(&at("folder"), Some("uv")), taken("folder/env"));
        assert_eq!(check(&at("file"), None), taken("file/env"));
        assert_eq!(check(&at("a:b"), None), Some(NoPlace::Unfit(at("a:b"))));
        assert_eq!(check(&PyPath::default(), None), Some(NoPlace::Gone));
    }
}
