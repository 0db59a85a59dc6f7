//! Which executable am I? (`sys.executable`, and the file that really runs)
//!
//! Python gets only a name and must find its own file. It repeats the shell's search on PATH, but two variables come first. In an
//! environment it also looks in `home` for an executable of the same name.
//!
//! Source: CPython `Modules/getpath.py`, "CALCULATE executable" and "CALCULATE `base_executable`"; `getpath_realpath` in `getpath.c`.

use super::base::{self, Base, Start};
use super::landmarks::Landmarks;
use crate::binary::Binary;
use crate::finding::{Misled, Notes, OfGetpath, Reader};
use crate::support::files;
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// Two variables for launchers on macOS and Windows. Python uses them on every system.
const LAUNCHERS: [&str; 2] = ["PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"];

/// The first of [`LAUNCHERS`] that is set, and its value.
pub fn launcher(world: &World) -> Option<(&'static str, &PyPath)> {
    LAUNCHERS
        .into_iter()
        .find_map(|name| Some((name, world.non_empty(name)?)))
}

/// Where the search for the library begins.
pub struct Search {
    /// The folder; empty if it is not decided yet.
    pub executable_dir: PyPath,
    /// The folder where Python looks for the marks of a build tree; empty if it is not decided yet.
    pub real_executable_dir: PyPath,
    /// The executable that really runs.
    pub real_executable: PyPath,
}

/// The base executable of a link or copy in an environment: the link's target, else a file in `home`.
pub fn base_executable(executable: &PyPath, home: &PyPath, binary: &Binary) -> PyPath {
    let target = resolve(executable, &binary.file).filter(|it| it != executable);
    target.unwrap_or_else(|| namesake(executable, home, binary.minor))
}

/// Begins the search and sets `base.executable`: the value of a [`launcher`], else the executable with the name in `argv[0]`.
pub fn who_am_i(start: &Start, base: &mut Base, notes: &mut Notes) -> Search {
    let real_executable = executable(start);
    let folder = Some(&start.world.cwd).filter(|_| real_executable.is_empty());
    let folder = folder.cloned().unwrap_or_default();
    let mut search = Search {
        executable_dir: folder.clone(),
        real_executable_dir: folder,
        real_executable,
    };
    base.executable = search.real_executable.clone();
    if let Some((name, value)) = launcher(start.world) {
        let said = OfGetpath::SetsExecutable(value.clone());
        notes.say_variable(Reader::Getpath, name, said);
        notes.warn_of_it();
        search.executable_dir = value.dirname();
        let own = files::real(&search.real_executable.dirname());
        base.sent_by = Some(name).filter(|_| files::real(&search.executable_dir) != own);
        base.misled = Some(Misled::Variable(name));
        base.executable = value.clone();
    }
    search
}

/// `sys.executable` by the rules of getpath: a path becomes absolute, a name is searched for on PATH (but never as `./name`).
fn executable(start: &Start) -> PyPath {
    let (argv0, world) = (&start.found.argv0, start.world);
    if argv0.bytes().contains(&b'/') {
        return abspath(argv0, &world.cwd);
    }
    // Without PATH Python searches nothing. (The shell searches its default folders.)
    let path = world.non_empty("PATH");
    base::on_path(start, path, |it| it.join(argv0)).unwrap_or_default()
}

/// getpath's `abspath`: the path is tidied first; then the current folder and a slash are put before it. So in `/` the path gets two
/// slashes, and `..` at its start stays.
fn abspath(path: &PyPath, cwd: &PyPath) -> PyPath {
    let tidied = path.tidied();
    if path.is_absolute() {
        tidied
    } else {
        PyPath::new([cwd.bytes(), b"/", tidied.bytes()].concat())
    }
}

/// The file in `home` that a copy in an environment stands for: the one of the same name, else one with a usual name.
fn namesake(executable: &PyPath, home: &PyPath, minor: Minor) -> PyPath {
    let namesake = home.join(executable.basename());
    if files::is_file(&namesake) {
        return namesake;
    }
    let names = [format!("python{}", minor.0), format!("python{minor}")];
    let mut others = names.iter().map(|name| home.join(name));
    others.find(files::is_file).unwrap_or(namesake)
}

/// The folder in which Python begins its search instead of `home`; `None` if it begins in `home`. The later releases of 3.14, and those
/// of python-build-standalone for 3.11 to 3.13, begin in the folder of the base executable if they find a library from there (gh-106045).
/// Such a release has the name of the new variable in its frozen getpath.
pub fn folder_instead_of_home(
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
        || Landmarks::above(&folder, start.binary, base).any();
    (found && start.binary.mentions("base_executable_dir")).then_some(folder)
}

/// getpath's `realpath`.
pub fn resolve(path: &PyPath, real: &PyPath) -> Option<PyPath> {
    base::follow_links(path, real, |path, target| {
        if target.is_absolute() {
            target.clone()
        } else if path.bytes().contains(&b'/') {
            path.dirname().join(target)
        } else {
            // getpath uses a name without a slash as a folder. This is a mistake, but we must copy it.
            path.join(target)
        }
    })
}
