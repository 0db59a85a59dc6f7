//! Which Python does a pyenv shim start?
//!
//! pyenv puts a script called `python3` on PATH. The script looks for versions in this order: in `PYENV_VERSION`, in a `.python-version`
//! in the current folder or above it, in the global file `$PYENV_ROOT/version`. It starts the first version that has the command.
//!
//! Source: pyenv `libexec/pyenv-{exec,which,version-name,version-file,version-file-read,latest}`.

use std::cmp::Reverse;

use bstr::ByteSlice;

use super::path::{Found, has_command, on_path};
use crate::finding::{Cause, Missing, Notes, OfPyenv, Reader};
use crate::support::files;
use crate::support::version::{ends_in_t, is_final, newest_release, numbers};
use crate::support::{PyPath, World};

/// pyenv's root folder, if the script is a shim: it exports the root and then runs pyenv. Other scripts may mention pyenv too.
pub fn root_in(script: &[u8]) -> Option<PyPath> {
    let mut lines = script.split(|&byte| byte == b'\n');
    let root = lines.find_map(|line| {
        line.strip_prefix(b"export PYENV_ROOT=\"")?
            .strip_suffix(b"\"")
    })?;
    let hands_over = |line: &[u8]| {
        let command = line.strip_prefix(b"exec \"").unwrap_or_default();
        let parts = command.split_once_str("\"");
        parts.is_some_and(|(it, rest)| it.ends_with(b"/pyenv") && rest.starts_with(b" exec "))
    };
    lines.any(hands_over).then(|| PyPath::new(root))
}

/// Follows the shim to the interpreter. The error means that pyenv would say "command not found".
pub fn follow(
    root: &PyPath,
    shim: &Found,
    world: &World,
    notes: &mut Notes,
) -> Result<Found, Cause> {
    let name = shim.argv0.basename();
    let without = |installed: Option<PyPath>| {
        let (shim, name) = (shim.file.clone(), name.clone());
        Cause::NoPython(Missing::ShimWithoutVersion {
            shim,
            name,
            installed,
        })
    };
    if !may_choose(shim, world, notes) {
        return Err(without(None));
    }
    // The system's Python is the first one on PATH that is neither in pyenv's folder of shims nor in the one of this shim.
    let left_out = [root.os_join("shims"), shim.file.dirname()];
    let left_out = left_out.map(|it| it.without_trailing_slashes());
    let others = world.searching(|it| !left_out.contains(&it.without_trailing_slashes()));
    // It is also the last one that pyenv tries.
    let versions = versions(root, world, notes).into_iter();
    for version in versions.chain(["system".into()]) {
        if version.bytes() == b"system" {
            if let Some(Found { file, .. }) = on_path(&name, &others, notes) {
                notes.say(Reader::Pyenv, &file, OfPyenv::SystemsOwn);
                return Ok(Found::at(&file));
            }
            continue;
        }
        let Some(folder) = installed_folder(root, &version.lossy()) else {
            let folder = folder_of(root, &version);
            notes.say(Reader::Pyenv, &folder, OfPyenv::NotInstalled);
            notes.warn_of_it();
            continue;
        };
        let file = folder.os_join("bin").os_join(&name);
        if files::is_executable(&file) {
            notes.say(Reader::Pyenv, &file, OfPyenv::HasCommand(version));
            return Ok(Found::at(&file));
        }
        notes.say(Reader::Pyenv, &file, OfPyenv::HasNoCommand);
    }
    let versions = root.os_join("versions");
    let has_it = |version: &PyPath| {
        files::is_executable(&versions.os_join(version).os_join("bin").os_join(&name))
    };
    let mut installed = files::names(&versions, 1000);
    installed.retain(has_it);
    let newest = |it: &PyPath| newest_release(&it.lossy());
    Err(without(installed.into_iter().max_by_key(newest)))
}

/// Can the shim run until it chooses a version?
fn may_choose(shim: &Found, world: &World, notes: &mut Notes) -> bool {
    if !has_command("bash", world) {
        notes.say(Reader::Shell, &shim.file, OfPyenv::NeedsBash);
        return false;
    }
    if let Some(folder) = world.non_empty("PYENV_DIR")
        && !files::is_dir(folder)
    {
        let said = OfPyenv::CannotGoTo(folder.clone());
        notes.say_variable(Reader::Pyenv, "PYENV_DIR", said);
        return false;
    }
    true
}

/// The versions that pyenv must use. Notes which variable or file names them.
fn versions(root: &PyPath, world: &World, notes: &mut Notes) -> Vec<PyPath> {
    let listed = |text: &str| -> Vec<PyPath> {
        let parts = text.split(':').filter(|it| !it.is_empty());
        parts.map(PyPath::from).collect()
    };
    let value = world.non_empty("PYENV_VERSION");
    let versions = value.map(|it| listed(&it.lossy())).unwrap_or_default();
    if !versions.is_empty() {
        let said = OfPyenv::AsksFor(versions.clone());
        notes.say_variable(Reader::Pyenv, "PYENV_VERSION", said);
        return versions;
    }
    let file = local_file(world).unwrap_or_else(|| root.os_join("version"));
    let bytes = files::bytes(&file, 1 << 20).unwrap_or_default();
    let text = bytes.to_str_lossy();
    let safe = words(&text).filter(|version| is_safe(root, version));
    let versions: Vec<PyPath> = safe.flat_map(|it| listed(&it)).collect();
    notes.say(Reader::Pyenv, &file, OfPyenv::AsksFor(versions.clone()));
    versions
}

/// The nearest `.python-version`: in the current folder or above it, up to `/`.
fn local_file(world: &World) -> Option<PyPath> {
    // bash uses PWD if it is another name of the current folder.
    let logical = world
        .non_empty("PWD")
        .filter(|it| it.is_absolute() && **it != world.cwd)
        .filter(|it| files::canonical(it).as_ref() == Some(&world.cwd));
    let here = logical.unwrap_or(&world.cwd);
    let starts = world.non_empty("PYENV_DIR").into_iter().chain([here]);
    let mut folders = starts.flat_map(PyPath::climb_to_root);
    folders.find_map(|folder| Some(folder.os_join(".python-version")).filter(files::is_file))
}

/// The first word of every line that is not a comment. bash drops NUL bytes, and a carriage return ends a word.
fn words(text: &str) -> impl Iterator<Item = String> {
    let first = |line: &str| {
        let line = line.replace('\0', "");
        let word = line
            .trim_start_matches([' ', '\t'])
            .split([' ', '\t', '\r'])
            .next();
        word.unwrap_or_default().to_owned()
    };
    text.split('\n')
        .map(first)
        .filter(|word| !word.is_empty() && !word.starts_with('#'))
}

/// pyenv refuses a version that leads out of its own folder (CVE-2022-35861).
fn is_safe(root: &PyPath, version: &str) -> bool {
    if version != ".." && !version.contains('/') {
        return true;
    }
    let versions = root.os_join("versions");
    let folder = folder_of(root, version).tidied();
    folder
        .bytes()
        .starts_with(&[versions.bytes(), b"/"].concat())
        && files::is_dir(&folder)
}

/// The folder of a version, as bash writes it: behind `versions/`, even if the version is an absolute path.
fn folder_of(root: &PyPath, version: impl AsRef<[u8]>) -> PyPath {
    let versions = root.os_join("versions/");
    PyPath::new([versions.bytes(), version.as_ref()].concat())
}

/// The folder of a version, or of the newest release whose name begins with it.
fn installed_folder(root: &PyPath, version: &str) -> Option<PyPath> {
    let versions = root.os_join("versions");
    let bare = version.strip_prefix("python-").unwrap_or(version);
    let folder = |name: &str| Some(folder_of(root, name)).filter(files::is_dir);
    folder(version).or_else(|| folder(bare)).or_else(|| {
        let names = files::names(&versions, 10_000);
        let names: Vec<String> = names.iter().map(|it| it.lossy().into_owned()).collect();
        let newest = |prefix: &str| releases(&names, prefix).find_map(|name| folder(name));
        newest(version).or_else(|| newest(bare))
    })
}

/// The releases whose name is the prefix and then `.` or `-`, the newest first.
fn releases<'a>(names: &'a [String], prefix: &str) -> impl Iterator<Item = &'a String> {
    let free_threaded = ends_in_t(prefix);
    let prefix = &prefix[..prefix.len() - usize::from(free_threaded)];
    let is_release = |name: &str| is_final(name) && ends_in_t(name) == free_threaded;
    let continues = |name: &str| {
        let rest = name.strip_prefix(prefix);
        rest.is_some_and(|it| it.starts_with(['.', '-']))
    };
    let mut releases: Vec<&String> = names
        .iter()
        .filter(|name| continues(name) && is_release(name))
        .collect();
    releases.sort_by_key(|name| Reverse(numbers(name)));
    releases.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_shim_is_followed() {
        let shim = b"#!/usr/bin/env bash\nset -e\nexport PYENV_ROOT=\"/p\"\nexec \"/p/libexec/pyenv\" exec \"$program\" \"$@\"\n";
        assert_eq!(root_in(shim), Some(PyPath::from("/p")));
        assert_eq!(
            root_in(b"# export PYENV_ROOT=\"/p\"\nexec \"/p/pyenv\" exec x\n"),
            None
        );
        assert_eq!(root_in(b"export PYENV_ROOT=\"/p\"\nexec python3\n"), None);
        assert_eq!(
            root_in(b"export PYENV_ROOT=\"/p\"\nexec \"/p/notpyenv\" exec x\n"),
            None
        );
    }

    #[track_caller]
    fn check_words(text: &str, expected: &[&str]) {
        assert_eq!(words(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_version_file_has_one_version_per_line() {
        check_words("3.11.7\n", &["3.11.7"]);
        check_words("# comment\r\n\r\n  3.12 rest\r\n3.11", &["3.12", "3.11"]);
        check_words("3.\x0011\n\r3.12\n\t3.13\r\n", &["3.11", "3.13"]);
        check_words("", &[]);
    }

    #[track_caller]
    fn check_newest(prefix: &str, expected: Option<&str>) {
        let names = [
            "3.9.18",
            "3.11.7",
            "3.11.10",
            "3.12.0rc1",
            "3.12-dev",
            "3.13.0",
            "3.13.1t",
            "pypy3.9-7.3.11",
        ];
        let names = names.map(str::to_owned);
        let newest = releases(&names, prefix).next();
        assert_eq!(newest.map(String::as_str), expected);
    }

    #[test]
    fn a_prefix_means_the_newest_release() {
        check_newest("3.11", Some("3.11.10"));
        check_newest("3", Some("3.13.0"));
        check_newest("3.13t", Some("3.13.1t"));
        check_newest("3.12", None);
        check_newest("3.1", None);
        check_newest("pypy3.9", Some("pypy3.9-7.3.11"));
    }

    #[test]
    fn a_version_must_not_lead_out_of_pyenv() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("versions/3.11.7/envs/x")).unwrap();
        let root = PyPath::from(root.path());
        assert!(is_safe(&root, "3.11.7"));
        assert!(is_safe(&root, "3.11.7/envs/x"));
        assert!(!is_safe(&root, ".."));
        assert!(!is_safe(&root, "../../etc"));
    }

    /// Compares the file that a shim starts in `root/project`. The root has 3.11.7 and 3.9.18; paths are relative to it.
    #[track_caller]
    fn check_follow(variables: &[(&str, &str)], files: &[(&str, &str)], expected: Option<&str>) {
        use std::fs;
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("project")).unwrap();
        for name in [
            "versions/3.11.7/bin/python3",
            "versions/3.9.18/bin/python3",
            "versions/2.7.18/bin/python",
            "system/python3",
            "system/bash",
            "shims/python3",
        ] {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), "").unwrap();
            fs::set_permissions(root.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        // Only a folder is a version; this file has a newer name but does not count.
        fs::write(root.join("versions/3.11.9999"), "").unwrap();
        for (name, text) in files {
            fs::write(root.join(name), text).unwrap();
        }
        let path = format!("{0}/shims:{0}/system", root.display());
        let all = [&[("PATH", path.as_str())], variables].concat();
        let world = World::of(&all, root.join("project").as_path());
        let root = PyPath::from(root.as_path());
        let shim = Found {
            file: root.os_join("shims/python3"),
            argv0: PyPath::from("python3"),
        };
        let found = follow(&root, &shim, &world, &mut Notes::default());
        assert_eq!(
            found.ok().map(|it| it.file),
            expected.map(|it| root.os_join(it))
        );
    }

    #[test]
    fn the_variable_wins_over_the_nearest_file_and_the_nearest_file_over_the_global_one() {
        let global = ("version", "3.11.7\n");
        let local = ("project/.python-version", "3.9\n");
        let system = Some("system/python3");
        check_follow(&[], &[global], Some("versions/3.11.7/bin/python3"));
        check_follow(&[], &[global, local], Some("versions/3.9.18/bin/python3"));
        check_follow(
            &[("PYENV_VERSION", "3.11")],
            &[global, local],
            Some("versions/3.11.7/bin/python3"),
        );
        check_follow(
            &[("PYENV_VERSION", ":")],
            &[global],
            Some("versions/3.11.7/bin/python3"),
        );
        check_follow(
            &[("PYENV_VERSION", "2.7.18:3.9.18")],
            &[],
            Some("versions/3.9.18/bin/python3"),
        );
        check_follow(&[("PYENV_VERSION", "system")], &[global], system);
        check_follow(&[("PYENV_VERSION", "4.0")], &[global], system);
        check_follow(
            &[],
            &[global, ("project/.python-version", "# none\n")],
            system,
        );
        check_follow(&[], &[], system);
        check_follow(&[("PATH", "/none")], &[global], None);
        check_follow(&[("PYENV_DIR", "/nowhere")], &[global], None);
    }
}
