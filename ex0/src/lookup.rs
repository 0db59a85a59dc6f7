//! Which file does typing `python3` start?
//!
//! The shell and the kernel take the first entry of PATH that holds an executable regular file of that name. Folders, dangling links
//! and files without an x bit are passed over in silence, which is how a dead environment gives way to the next Python unnoticed.
//!
//! Source: POSIX XBD 8.3 (`PATH`), execvp(3).

use crate::support::PyPath;
use crate::support::World;
use crate::support::files;
use crate::support::notes::Notes;

mod path; // what a search of PATH finds
pub mod pyenv; // which Python a shim starts

use self::path::{DEFAULT_PATH, pass_over};
pub use self::path::{Found, on_path};

/// The Python of an environment: on Unix, on Windows.
pub const IN_ENVIRONMENT: [&str; 3] = ["bin/python3", "bin/python", "Scripts/python.exe"];

/// Searches for what was asked for: a name on PATH, a path, or an environment's folder.
pub fn find(wanted: Option<&PyPath>, world: &World, notes: &mut Notes) -> Option<Found> {
    let Some(wanted) = wanted else {
        let names = ["python3", "python"];
        let found = names
            .iter()
            .find_map(|name| on_path(&PyPath::from(*name), world, notes));
        if found.is_none() {
            let searched = PyPath::new(world.variable("PATH").map_or(DEFAULT_PATH, PyPath::bytes));
            notes.say(
                "shell",
                &searched,
                "no folder of this PATH has an executable python3 or python",
            );
        }
        return found;
    };
    if !wanted.bytes().contains(&b'/') && !is_environment(wanted) {
        return on_path(wanted, world, notes);
    }
    let file = if files::is_dir(wanted) {
        let inside = IN_ENVIRONMENT.iter().map(|name| wanted.os_join(name));
        let exists = |file: &PyPath| {
            files::is_executable(file) || files::link(file).is_some() || is_windows(file)
        };
        inside.into_iter().find(exists)?
    } else {
        wanted.clone()
    };
    if !file.bytes().contains(&b'/') {
        return None;
    }
    if !files::is_executable(&file) && !is_windows(&file) {
        pass_over(&file, notes);
        return None;
    }
    Some(Found {
        argv0: file.clone(),
        file,
    })
}

/// A folder in reach that is named without a slash, as in `--python .venv`.
fn is_environment(name: &PyPath) -> bool {
    ["bin", "Scripts"]
        .iter()
        .any(|it| files::is_dir(&name.os_join(it)))
}

/// A program of Windows', where no x bit says that it is one.
fn is_windows(file: &PyPath) -> bool {
    file.bytes().ends_with(b".exe") && files::is_file(file)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// A world with this PATH; `@` stands for the folder.
    fn world(folder: &std::path::Path, path: &str) -> World {
        let path = path.replace('@', &folder.display().to_string());
        World::new(
            [("PATH".into(), path.into())].into_iter(),
            PyPath::from(folder),
        )
    }

    #[test]
    fn the_first_executable_regular_file_wins() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["plain", "dead", "folder", "loop", "good"] {
            fs::create_dir(at(name)).unwrap();
        }
        fs::write(at("plain/python3"), "").unwrap();
        symlink("/nowhere", at("dead/python3")).unwrap();
        fs::create_dir(at("folder/python3")).unwrap();
        symlink("python3", at("loop/python3")).unwrap();
        fs::write(at("good/python3"), "").unwrap();
        fs::set_permissions(at("good/python3"), fs::Permissions::from_mode(0o100)).unwrap();
        let mut notes = Notes::default();
        let world = world(folder.path(), "/none:@/plain:@/dead:@/folder:@/loop:@/good");
        let found = find(None, &world, &mut notes).unwrap();
        assert_eq!(found.file, PyPath::from(at("good/python3").as_path()));
        assert_eq!(found.argv0, PyPath::from("python3"));
        assert_eq!(notes.trace.len(), 4);
        assert_eq!(notes.warnings.len(), 2);
    }

    #[test]
    fn python3_is_preferred_wherever_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        for (place, name) in [("a", "python"), ("b", "python3")] {
            fs::create_dir(folder.path().join(place)).unwrap();
            let file = folder.path().join(place).join(name);
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let name = |path| {
            find(None, &world(folder.path(), path), &mut Notes::default())
                .map(|it| it.argv0.shown())
        };
        assert_eq!(name("@/a:@/b").as_deref(), Some("python3"));
        assert_eq!(name("@/a").as_deref(), Some("python"));
        assert_eq!(name("/none"), None);
    }
}
