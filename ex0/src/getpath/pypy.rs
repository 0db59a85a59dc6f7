//! Where does PyPy think it is installed?
//!
//! PyPy climbs from its executable, resolving links at every step, and lets a pyvenv.cfg in the first two folders move the search. It
//! looks for `lib/pypyX.Y`, else for `lib-python` and `lib_pypy`; when nothing is found it climbs once more from its own library.
//!
//! Source: PyPy `pypy/module/sys/initpath.py`.

use super::base::{Base, Start};
use super::library;
use crate::pyvenv_cfg;
use crate::support::PyPath;
use crate::support::files::{self, Content};
use crate::support::notes::{Notes, Problem};

/// The first pass.
pub fn run(start: &Start, notes: &mut Notes) -> Base {
    let cwd = &start.world.cwd;
    let mut base = Base {
        executable: executable(start),
        platlibdir: "lib".to_owned(),
        runs_site: true,
        ..Base::default()
    };
    let own_library = start
        .binary
        .library
        .as_ref()
        .map(|it| files::canonical(it).unwrap_or_else(|| it.clone()));
    let found =
        climb(&base.executable, start, cwd, notes).and_then(|found| match (found, own_library) {
            (None, Some(library)) => climb(&library, start, cwd, notes),
            (found, _) => Ok(found),
        });
    match found {
        Err(problem) => base.problem = Some(problem),
        Ok(Some((prefix, stdlib))) => {
            notes.say(
                "getpath",
                &stdlib,
                format!(
                    "the standard library: the base prefix is {}",
                    prefix.shown()
                ),
            );
            (base.exec_prefix, base.prefix, base.stdlib) = (prefix.clone(), prefix, stdlib);
            let paths = library::module_paths(start.world, &base.stdlib);
            base.problem = library::problem(&base, start.binary, &paths, notes);
        }
        Ok(None) => {
            base.stdlib = base
                .executable
                .dirname()
                .dirname()
                .os_join(format!("lib/pypy{}", start.binary.minor));
            base.problem = Some(library::missing("encodings", &base));
        }
    }
    base
}

/// `sys.executable`: absolute; nothing if the file is not there.
fn executable(start: &Start) -> PyPath {
    let (argv0, world) = (start.argv0, start.world);
    let mut file = argv0.clone();
    if !argv0.bytes().contains(&b'/') {
        let entries = world
            .set("PATH")
            .map(PyPath::bytes)
            .unwrap_or_default()
            .split(|&byte| byte == b':');
        file = entries
            .map(|entry| PyPath::new(entry).os_join(argv0))
            .find(files::is_executable)
            .unwrap_or(file);
    }
    Some(file.abspath(&world.cwd))
        .filter(files::is_executable)
        .unwrap_or_default()
}

/// The folder that the standard library was found from, and the standard library.
type Found = Option<(PyPath, PyPath)>;

/// Climbs from a file until a folder holds the standard library.
fn climb(from: &PyPath, start: &Start, cwd: &PyPath, notes: &mut Notes) -> Result<Found, Problem> {
    let mut search = if from.is_empty() {
        PyPath::from("pypy3-c")
    } else {
        from.clone()
    };
    let mut cfgs_left = 2;
    // Every step goes up or follows a link; more of them than this means that the links go round.
    for _ in 0..200 {
        let mut folder = folder_of(&search, cwd);
        if folder == search {
            return Ok(None);
        }
        if cfgs_left > 0 {
            cfgs_left -= 1;
            if let Some(home) = home(&folder, notes)? {
                folder = home;
                cfgs_left = 0;
            }
        }
        if let Some(stdlib) = stdlib(&folder, start) {
            return Ok(Some((folder, stdlib)));
        }
        search = folder;
    }
    Ok(None)
}

/// The folder of a file, the file's own links resolved.
fn folder_of(file: &PyPath, cwd: &PyPath) -> PyPath {
    let mut file = file.abspath(cwd);
    for _ in 0..40 {
        let folder = file.os_join("..").tidied();
        let Some(target) = files::link(&file) else {
            return folder;
        };
        file = folder.os_join(&target).abspath(cwd);
    }
    file.os_join("..").tidied()
}

/// The `home` of a pyvenv.cfg in this folder.
fn home(folder: &PyPath, notes: &mut Notes) -> Result<Option<PyPath>, Problem> {
    let path = folder.os_join(pyvenv_cfg::NAME);
    match files::read(&path, 4 << 20) {
        Content::Bytes(bytes) => {
            let home = pyvenv_cfg::home_in_pypy(&bytes).map(PyPath::new);
            let said = home.as_ref().map_or_else(
                || "has no line for home".to_owned(),
                |home| {
                    format!(
                        "home = {}: the library is looked for from there",
                        home.shown()
                    )
                },
            );
            notes.say("getpath", &path, said);
            Ok(home)
        }
        Content::Fifo => {
            let what = format!(
                "{} is a FIFO: PyPy would wait for ever for somebody to write to it",
                path.shown()
            );
            Err(Problem::new(what, &path, ""))
        }
        _ => Ok(None),
    }
}

/// The standard library in this folder: packaged as `lib/pypyX.Y`, else as in PyPy's own archives before 3.8.
fn stdlib(folder: &PyPath, start: &Start) -> Option<PyPath> {
    let packaged = folder.os_join(format!("lib/pypy{}", start.binary.minor));
    if files::is_file(&packaged.os_join("site.py")) {
        return Some(packaged);
    }
    let archive = folder
        .os_join("lib-python")
        .os_join(start.binary.minor.0.to_string());
    (files::is_dir(&archive) && files::is_dir(&folder.os_join("lib_pypy"))).then_some(archive)
}
