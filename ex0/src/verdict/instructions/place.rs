//! Can an environment be made in the current folder?

use super::is_replaced;
use crate::support::access;
use crate::support::files;
use crate::support::shell::Shell;
use crate::support::{PyPath, World};
use crate::verdict::repair::may_be_made;

/// Why no environment can be made in the current folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlace {
    /// It no longer exists.
    Gone,
    /// Its path has a colon or is not UTF-8.
    Unfit(PyPath),
    /// Its path has a character that this shell replaces in the script that activates the environment.
    Replaced(PyPath),
    /// This user may not write into this folder.
    Closed(PyPath),
    /// Something else has this name.
    Taken(PyPath),
}

/// What stands in the way of an environment of this name. The Python whose library is `stdlib` makes it, also in a folder that is there;
/// without it, another tool, which may refuse that.
pub fn no_place(
    name: &str,
    stdlib: Option<&PyPath>,
    shell: Shell,
    world: &World,
) -> Option<NoPlace> {
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
    } else if stdlib.is_some() && files::is_dir(&folder) {
        &folder
    } else {
        return Some(NoPlace::Taken(folder));
    };
    if !access::may_write(holds) {
        return Some(NoPlace::Closed(holds.clone()));
    }
    let line = format!("VIRTUAL_ENV=\"{folder}\"");
    let is_bad = is_replaced(&line, shell) && stdlib.is_some_and(|it| !quotes(it));
    is_bad.then(|| NoPlace::Replaced(here.clone()))
}

/// Does the module venv in this library quote the path that it writes into its scripts?
fn quotes(stdlib: &PyPath) -> bool {
    files::text(&stdlib.os_join("venv/__init__.py")).is_some_and(|it| it.contains("shlex.quote"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_obstacle_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| PyPath::from(folder.path()).os_join(name);
        let check = |here: &PyPath, takes_folder| {
            let world = World::of(&[], here.clone());
            let stdlib = at("lib");
            let stdlib = Some(&stdlib).filter(|_| takes_folder);
            no_place("env", stdlib, Shell::Bash, &world)
        };
        for name in ["free", "folder/env", "file", "a:b", "a$b", "lib/venv"] {
            std::fs::create_dir_all(at(name).as_path()).unwrap();
        }
        std::fs::write(at("file/env").as_path(), "").unwrap();
        assert_eq!(check(&at("free"), true), None);
        assert_eq!(check(&at("folder"), true), None);
        let taken = |name: &str| Some(NoPlace::Taken(at(name)));
        assert_eq!(check(&at("folder"), false), taken("folder/env"));
        assert_eq!(check(&at("file"), true), taken("file/env"));
        assert_eq!(check(&at("a:b"), true), Some(NoPlace::Unfit(at("a:b"))));
        assert_eq!(check(&at("a$b"), false), None);
        let replaced = Some(NoPlace::Replaced(at("a$b")));
        assert_eq!(check(&at("a$b"), true), replaced);
        std::fs::write(at("lib/venv/__init__.py").as_path(), "shlex.quote(s)").unwrap();
        assert_eq!(check(&at("a$b"), true), None);
        assert_eq!(check(&PyPath::default(), true), Some(NoPlace::Gone));
    }
}
