//! Which executable am I? (`sys.executable`, and the file that is really running)
//!
//! Python is told a name and finds itself by it, with rules of its own: it repeats the shell's search, believes two variables more than
//! itself, and in an environment takes the namesake in `home` for what it stands for.
//!
//! Source: CPython `Modules/getpath.py`, "CALCULATE executable" and "CALCULATE `base_executable`"; `getpath_realpath` in `getpath.c`.

use super::base::{Base, Start};
use super::landmarks::Landmarks;
use crate::binary::Binary;
use crate::finding::{Misled, Notes, Reader, Said, Warning};
use crate::support::PyPath;
use crate::support::files;

/// Two variables, meant for launchers on macOS and Windows, that are believed everywhere; the first that is set counts.
pub const LAUNCHERS: [&str; 2] = ["PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"];

/// Where the search for the library begins, as far as it is known.
pub struct Search {
    /// The folder, once something has settled it.
    pub executable_dir: Option<PyPath>,
    /// The folder in which the marks of a build tree are looked for, once something has settled it.
    pub real_executable_dir: Option<PyPath>,
    /// The executable that is really running.
    pub real_executable: PyPath,
    /// Its links have been followed already.
    pub resolved: bool,
}

/// Begins the search: the executable by the name that it was told, unless one of [`LAUNCHERS`] is set. Sets `base.executable`.
pub fn who_am_i(start: &Start, base: &mut Base, notes: &mut Notes) -> Search {
    let world = start.world;
    let real_executable = executable(start);
    let mut executable_dir = real_executable.is_empty().then(|| world.cwd.clone());
    let real_executable_dir = executable_dir.clone();
    base.executable = real_executable.clone();
    for name in LAUNCHERS {
        let Some(value) = world.set(name) else {
            continue;
        };
        let said = Said::SetsExecutable {
            value: value.clone(),
        };
        notes.say_variable(Reader::Getpath, name, said);
        notes.warn(Warning::Launcher {
            name,
            value: value.clone(),
        });
        base.misled = Some(Misled::Variable(name));
        base.executable = value.clone();
        executable_dir = Some(value.dirname());
        break;
    }
    Search {
        executable_dir,
        real_executable_dir,
        real_executable,
        resolved: false,
    }
}

/// `sys.executable` as getpath works it out: a path is made absolute, a name is searched for on PATH, where `./name` is never tried.
fn executable(start: &Start) -> PyPath {
    let (argv0, world) = (start.argv0, start.world);
    if argv0.bytes().contains(&b'/') {
        return abspath(argv0, &world.cwd);
    }
    // Without a PATH nothing is searched, while the shell searches its own default.
    let entries = (world.set("PATH").into_iter()).flat_map(|it| it.bytes().split(|&b| b == b':'));
    entries
        .map(|entry| PyPath::new(entry).join(argv0))
        .find(|file| file == start.file || files::is_executable(file))
        .unwrap_or_default()
}

/// getpath's `abspath`: tidied first, then put behind the current folder and a slash. In `/` that makes two slashes, and `..` stays.
fn abspath(path: &PyPath, cwd: &PyPath) -> PyPath {
    let tidied = path.tidied();
    if path.is_absolute() {
        tidied
    } else {
        PyPath::new([cwd.bytes(), b"/", tidied.bytes()].concat())
    }
}

/// The executable that a copy or link in an environment stands for: its own target, else the namesake in `home`. And: were its links
/// followed?
pub fn base_executable(executable: &PyPath, home: &PyPath, binary: &Binary) -> (PyPath, bool) {
    let minor = binary.minor;
    if let Some(resolved) = resolve(executable, &binary.file).filter(|it| it != executable) {
        return (resolved, true);
    }
    let namesake = home.join(executable.basename());
    if files::is_file(&namesake) {
        return (namesake, false);
    }
    let names = [format!("python{}", minor.0), format!("python{minor}")];
    let found = names
        .iter()
        .map(|name| home.join(name))
        .find(files::is_file);
    (found.unwrap_or(namesake), false)
}

/// The folder of the executable that an environment's own one leads to, where a library can be found from there: the later releases of
/// 3.14, and python-build-standalone's of 3.11 to 3.13, begin the search in it and not in `home` (gh-106045). One that does carries the
/// name of the new variable in its frozen getpath.
pub fn truer_than(
    home: &PyPath,
    executable: &PyPath,
    start: &Start,
    base: &Base,
) -> Option<PyPath> {
    let folder = executable.dirname();
    if folder == *home || !files::is_file(executable) {
        return None;
    }
    let found = files::is_file(&folder.join("pybuilddir.txt"))
        || Landmarks::above(&folder, start.binary, &base.platlibdir).any();
    (found && start.binary.mentions("base_executable_dir")).then_some(folder)
}

/// getpath's `realpath`: follows the last component's links, at most 40 of them; the folders on the way stay as they are. `real` is a
/// path that is known to be no link, so that the kernel need not be asked.
pub fn resolve(path: &PyPath, real: &PyPath) -> Option<PyPath> {
    let mut path = path.clone();
    for _ in 0..40 {
        let Some(target) = Some(&path).filter(|it| *it != real).and_then(files::link) else {
            return Some(path);
        };
        let slash = path.bytes().contains(&b'/');
        path = if target.is_absolute() {
            target
        } else if slash {
            path.dirname().join(&target)
        } else {
            // A bare name keeps itself as its folder: a mistake of getpath's that is copied here.
            path.join(&target)
        };
    }
    None
}
