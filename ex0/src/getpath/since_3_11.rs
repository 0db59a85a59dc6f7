//! Where does Python think it is installed? (`sys.base_prefix`; Python 3.11 and later)
//!
//! Before CPython can import its first module, it must find its own library. It starts in the folder of its executable. A pyvenv.cfg near
//! the executable can move the start to another folder (`home`). Then it climbs until a folder has a landmark: `lib/pythonX.Y/os.py`.
//!
//! Source: CPython `Modules/getpath.py`. The names and the order here are the same. Comments mark the changes in 3.14.

use super::base::{
    Base, Start, blame_platlibdir, note_home, set_platlibdir, since_314, split_home,
};
use super::executable::{self, Search};
use super::landmarks::Landmarks;
use super::library;
use super::overrides;
use crate::finding::{Cause, Misled, Notes, OfGetpath, Opaque, Reader, Said};
use crate::pyvenv_cfg::{self, Cfg};
use crate::support::PyPath;
use crate::support::files::{self, Content, Odd};
use crate::support::version::Minor;

/// Finds the library as `getpath.py` does. The error: Python would stop.
pub fn fill(base: &mut Base, start: &Start, notes: &mut Notes) -> Result<(), Cause> {
    let thaws = start.world.non_empty("PYTHON_FROZEN_MODULES");
    let thaws = thaws.is_some_and(|it| it.bytes() == b"off");
    base.frozen = !(thaws && start.binary.minor >= Minor(3, 13));
    set_platlibdir(start, base);
    let mut search = executable::who_am_i(start, base, notes);
    let mut home = start.world.non_empty("PYTHONHOME").cloned();
    if let Some(home) = &home {
        note_home(home, notes);
        base.misled = Some(Misled::Variable("PYTHONHOME"));
    }
    consult_cfg(start, home.is_some(), base, &mut search, notes)?;

    // Python follows the links of the executable, but not those of the folders before it.
    let real = executable::resolve(&search.real_executable, &start.binary.file)
        .unwrap_or(search.real_executable);
    let executable_dir = search.executable_dir.or(|| real.dirname());
    let real_executable_dir = search.real_executable_dir.or(|| real.dirname());

    let module_paths = overrides::consult(start, base, &real, notes).map(|(file, paths)| {
        home = Some(file.dirname());
        paths
    });
    let built = overrides::mark(&real_executable_dir, start, notes);

    let lib = format!("{}/{}", base.platlibdir, start.binary.flavour());
    let has_home = home.is_some();
    // An empty part of PYTHONHOME counts as missing.
    (base.prefix, base.exec_prefix) = home.map(|it| split_home(&it)).unwrap_or_default();
    let landmarks = Landmarks::above(&executable_dir, start.binary, base);
    if base.prefix.is_empty() {
        let (prefix, misled) = landmarks.prefix(&start.world.cwd, notes);
        base.prefix = prefix;
        base.misled = misled.or(base.misled.take());
    }
    if base.exec_prefix.is_empty() {
        base.exec_prefix = landmarks.exec_prefix(&base.prefix);
    }
    base.stdlib = base.prefix.join(&lib);
    blame_platlibdir(start, base);
    // The mark of a build tree can change the prefix once more. Then the library must be there.
    if let Some(mark) = built? {
        if !has_home {
            return Err(without_source(mark, start, base));
        }
        let compiled = start.binary.compiled_prefix().unwrap_or_default();
        (base.prefix, base.exec_prefix) = (compiled.clone(), compiled);
    }
    library::check(base, start, module_paths, notes)
}

/// With the mark and without `PYTHONHOME` Python takes its library only from `Lib` of its source. Where that folder is, was compiled in:
/// an installed Python has none. One that runs where it was built has it near the mark, and what it then does is not known here.
fn without_source(mark: PyPath, start: &Start, base: &Base) -> Cause {
    let folder = mark.dirname();
    let mut libraries = folder.climb().map(|it| it.join("Lib"));
    if let Some(library) = libraries.find(|it| files::is_file(&it.join("os.py"))) {
        return Cause::opaque(&start.binary.file, Opaque::BuildTree(library));
    }
    let (stdlib, misled) = (base.stdlib.clone(), Misled::File(mark));
    Cause::NoLibraryFolder { stdlib, misled }
}

/// Reads pyvenv.cfg, if there is one, and moves the search to its `home`. Up to 3.13 Python does not look for the file if `PYTHONHOME` is
/// set; from 3.14 on it reads the file, but ignores its `home`.
fn consult_cfg(
    start: &Start,
    has_home: bool,
    base: &mut Base,
    search: &mut Search,
    notes: &mut Notes,
) -> Result<(), Cause> {
    if has_home && !since_314(start) {
        return Ok(());
    }
    let near = search.executable_dir.clone();
    let near = near.or(|| base.executable.dirname());
    let Some((folder, file)) = read_cfg(&near, base, notes)? else {
        return Ok(());
    };
    let cfg = Cfg::parse(folder.join(pyvenv_cfg::NAME), file);
    let path = cfg.path.clone();
    match cfg.home.clone() {
        Some(value) if !has_home => {
            let said = OfGetpath::Home(value.clone());
            notes.say(Reader::Getpath, &path, said);
            let (cfg, home) = (path.clone(), value.clone());
            base.misled.get_or_insert(Misled::Home { cfg, home });
            apply_cfg_home(value, start, base, search, notes);
        }
        Some(_) => notes.say(Reader::Getpath, &path, OfGetpath::HomeIgnored),
        None => notes.say(Reader::Getpath, &path, OfGetpath::NoHome),
    }
    if since_314(start) {
        // The folder is empty if the path of the executable is relative. It counts as missing.
        base.venv_prefix = Some(folder).filter(|it| !it.is_empty());
    }
    // A folder or /dev/null counts as an empty file here, but not for site.
    base.cfg = Some(cfg).filter(|it| !it.bytes.is_empty());
    Ok(())
}

/// The search begins in `home`. The latest releases begin it where the executable's link leads.
fn apply_cfg_home(
    mut near: PyPath,
    start: &Start,
    base: &Base,
    search: &mut Search,
    notes: &mut Notes,
) {
    if executable::launcher(start.world).is_none() {
        let real = executable::base_executable(&base.executable, &near, start.binary);
        if let Some(folder) = executable::folder_instead_of_home(&near, &real, start, base) {
            let said = OfGetpath::InsteadOfHome(folder.clone());
            notes.say(Reader::Getpath, &real, said);
            near = folder;
        }
        search.real_executable = real;
    }
    search.executable_dir = near.clone();
    search.real_executable_dir = near;
}

/// The folder of the pyvenv.cfg that getpath reads, and its bytes. It looks one level above the executable first, then next to it.
fn read_cfg(
    near: &PyPath,
    base: &mut Base,
    notes: &mut Notes,
) -> Result<Option<(PyPath, Vec<u8>)>, Cause> {
    for folder in [near.dirname(), near.clone()] {
        let path = folder.join(pyvenv_cfg::NAME);
        match files::read(&path, pyvenv_cfg::GETPATH_LIMIT - 1) {
            Content::Bytes(bytes) => return Ok(Some((folder, bytes))),
            Content::Nothing => return Ok(Some((folder, Vec::new()))),
            Content::Odd(Odd::Denied) => notes.say(Reader::Getpath, &path, Said::MayNotBeRead),
            Content::Odd(odd) => return Err(Cause::CfgUnreadable { path, odd }),
            Content::Absent => {
                notes.say(Reader::Getpath, &path, Said::NotThere);
                base.without_cfg.push(path);
            }
        }
    }
    Ok(None)
}
