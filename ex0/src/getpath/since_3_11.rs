//! Where does Python think it is installed? (`sys.base_prefix`; Python 3.11 and later)
//!
//! Before a single module can be imported, CPython must find its own library. It starts from its executable, lets a pyvenv.cfg beside
//! it move the search elsewhere (`home`), and climbs until a folder holds a landmark: `lib/pythonX.Y/os.py`.
//!
//! Source: CPython `Modules/getpath.py`, whose names and order this module keeps. What changed in 3.14 is marked.

use super::base::{Base, Start, heed_home, lib_name, platlibdir, since_314, split_home};
use super::executable;
use super::landmarks::Landmarks;
use super::library;
use super::overrides;
use crate::pyvenv_cfg;
use crate::support::PyPath;
use crate::support::files::{self, Content};
use crate::support::notes::{Notes, Problem};

/// The first pass.
pub fn run(start: &Start, notes: &mut Notes) -> Base {
    let mut base = Base {
        platlibdir: platlibdir(start),
        runs_site: true,
        ..Base::default()
    };
    let mut search = executable::who_am_i(start, &mut base, notes);
    let mut home = start.world.set("PYTHONHOME").cloned();
    if let Some(home) = &home {
        heed_home(home, notes);
    }
    if let Err(problem) = consult_cfg(start, home.is_some(), &mut base, &mut search, notes) {
        base.problem = Some(problem);
        return base;
    }

    // Links are followed for the executable alone, never for a folder on the way.
    let real = match search.resolved {
        true => search.real_executable,
        false => executable::resolve(&search.real_executable, &start.binary.file)
            .unwrap_or(search.real_executable),
    };
    let settled = |folder: Option<PyPath>| {
        folder
            .filter(|it| !it.is_empty())
            .unwrap_or_else(|| real.dirname())
    };
    let executable_dir = settled(search.executable_dir);
    let real_executable_dir = settled(search.real_executable_dir);

    let module_paths = overrides::consult(start, &mut base, &real, notes).map(|(file, paths)| {
        home = Some(file.dirname());
        base.pth = Some(file);
        paths
    });
    let built = overrides::mark(&real_executable_dir, start, notes);

    let lib = format!("{}/{}", base.platlibdir, lib_name(start.binary));
    let has_home = home.is_some();
    // A part of PYTHONHOME that is empty is as good as none.
    (base.prefix, base.exec_prefix) = home.map(|it| split_home(&it)).unwrap_or_default();
    let landmarks = Landmarks::above(&executable_dir, start.binary, &base.platlibdir);
    if base.prefix.is_empty() {
        base.prefix = landmarks.prefix(&start.world.cwd, notes);
    }
    if base.exec_prefix.is_empty() {
        base.exec_prefix = landmarks.exec_prefix(&base.prefix);
    }
    base.stdlib = base.prefix.join(&lib);
    match built {
        Err(problem) => base.problem = Some(problem),
        Ok(Some(mark)) if !has_home => base.problem = Some(overrides::problem(&mark)),
        Ok(Some(_)) => {
            let compiled = start.binary.compiled_prefix().unwrap_or_default();
            (base.prefix, base.exec_prefix) = (compiled.clone(), compiled);
        }
        Ok(None) => {}
    }
    if base.problem.is_none() {
        let paths =
            module_paths.unwrap_or_else(|| library::module_paths(start.world, &base.stdlib));
        base.problem = library::problem(&base, start.binary, &paths, notes);
    }
    base
}

/// Is there a pyvenv.cfg, and does it say where home is? Up to 3.13 it is not even looked for when `PYTHONHOME` is set.
fn consult_cfg(
    start: &Start,
    has_home: bool,
    base: &mut Base,
    search: &mut executable::Search,
    notes: &mut Notes,
) -> Result<(), Problem> {
    if has_home && !since_314(start) {
        return Ok(());
    }
    let near = search
        .executable_dir
        .clone()
        .filter(|it| !it.is_empty())
        .unwrap_or_else(|| base.executable.dirname());
    let Some((folder, file)) = read_cfg(&near, notes)? else {
        return Ok(());
    };
    let path = folder.join(pyvenv_cfg::NAME);
    match pyvenv_cfg::home(&file).map(PyPath::new) {
        Some(value) if !has_home => {
            notes.say(
                "getpath",
                &path,
                format!(
                    "home = {}: the library is looked for from there",
                    value.shown()
                ),
            );
            let mut near = value;
            if executable::LAUNCHERS
                .iter()
                .all(|name| start.world.set(name).is_none())
            {
                (search.real_executable, search.resolved) =
                    executable::base_executable(&base.executable, &near, start.binary);
                if let Some(folder) =
                    executable::truer_than(&near, &search.real_executable, start, base)
                {
                    let said = format!("this Python trusts {} more", folder.shown());
                    notes.say("getpath", &search.real_executable, said);
                    near = folder;
                }
            }
            search.executable_dir = Some(near.clone());
            search.real_executable_dir = Some(near);
        }
        Some(_) => notes.say(
            "getpath",
            &path,
            "its home is ignored, because PYTHONHOME is set",
        ),
        None => notes.say("getpath", &path, "has no line for home"),
    }
    if since_314(start) {
        // An empty one, of a relative executable, is as good as none.
        base.venv_prefix = Some(folder).filter(|it| !it.is_empty());
    }
    // A folder or /dev/null reads as empty here, and is no mark for site.
    base.cfg = Some((path, file)).filter(|(_, file)| !file.is_empty());
    Ok(())
}

/// The folder of the pyvenv.cfg that getpath reads, and its bytes: one level above the executable, else beside it.
fn read_cfg(near: &PyPath, notes: &mut Notes) -> Result<Option<(PyPath, Vec<u8>)>, Problem> {
    for folder in [near.dirname(), near.clone()] {
        let path = folder.join(pyvenv_cfg::NAME);
        let fatal = |what: &str| Problem::new(format!("{} {what}", path.shown()), &path, "");
        match files::read(&path, pyvenv_cfg::GETPATH_LIMIT - 1) {
            Content::Absent => notes.say("getpath", &path, "not there"),
            Content::Denied => notes.say("getpath", &path, "may not be read"),
            Content::Bytes(bytes) => return Ok(Some((folder, bytes))),
            Content::Folder | Content::Null => return Ok(Some((folder, Vec::new()))),
            Content::TooLarge(_) => {
                return Err(fatal(
                    "has 32 kB or more, which Python refuses to read when it starts",
                ));
            }
            Content::Fifo => {
                return Err(fatal(
                    "is a FIFO: Python would wait for ever for somebody to write to it",
                ));
            }
            Content::Special => {
                return Err(fatal(
                    "is a device or a socket, and cannot be read as a file",
                ));
            }
            Content::Failed(reason) => return Err(fatal(&format!("cannot be opened: {reason}"))),
        }
    }
    Ok(None)
}
