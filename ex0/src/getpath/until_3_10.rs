//! Where does an older Python think it is installed? (`sys.base_prefix`; Python 3.6 to 3.10)
//!
//! Before 3.11 C code answered this question. It looks for pyvenv.cfg next to the *resolved* executable first. It never tidies a path, it
//! knows no zip landmark and no `._pth` file, and on Linux it ignores the launcher variables.
//!
//! Source: CPython 3.6 to 3.10 `Modules/getpath.c`.

use super::base::{self, Base, Start};
use super::library;
use crate::finding::{Cause, Misled, Notes, OfGetpath, Opaque, Reader, Said};
use crate::pyvenv_cfg::{self, Cfg};
use crate::support::PyPath;
use crate::support::World;
use crate::support::files::{self, Content, Odd};
use crate::support::version::Minor;

/// Finds the library as the C code does. The error: Python would stop.
pub fn fill(base: &mut Base, start: &Start, notes: &mut Notes) -> Result<(), Cause> {
    base.executable = executable(start);
    base::set_platlibdir(start, base);
    let join = |path: &PyPath, target: &PyPath| path.dirname().os_join(target);
    let real = base::follow_links(&base.executable, &start.binary.file, join);
    // The kernel follows no more links than Python, so there is an end.
    let mut argv0_path = real.unwrap_or_default().dirname();
    if let Some((cfg, bytes)) = read_cfg(&argv0_path, start.binary.minor, notes)? {
        if let Some(home) = Cfg::parse(cfg.clone(), bytes).home_in_c {
            notes.say(Reader::Getpath, &cfg, OfGetpath::Home(home.clone()));
            argv0_path = home.clone();
            base.misled = Some(Misled::Home { cfg, home });
        } else {
            notes.say(Reader::Getpath, &cfg, OfGetpath::NoHome);
        }
    }
    let lib = PyPath::from(base.platlibdir.as_str()).os_join(start.binary.flavour().to_string());
    // For Python 3.6 an empty PYTHONHOME is set too.
    let home = start
        .world
        .variable("PYTHONHOME")
        .filter(|it| !it.is_empty() || start.binary.minor == Minor(3, 6));
    if let Some(home) = home {
        base::note_home(home, notes);
        base.misled = Some(Misled::Variable("PYTHONHOME"));
        let (prefix, exec_prefix) = base::split_home(home);
        base.stdlib = prefix.os_join(&lib);
        (base.prefix, base.exec_prefix) = (cut(&prefix, &lib), cut(&exec_prefix, &lib));
    } else {
        let lowest = find_prefix(start, &argv0_path, &lib, base, notes);
        base.exec_prefix = exec_prefix(start, &argv0_path, lowest.as_ref(), &lib);
    }
    base::blame_platlibdir(start, base);
    library::check(base, start, None, notes)
}

/// `sys.executable`: always absolute and not tidied, but one `./` at the front is removed.
fn executable(start: &Start) -> PyPath {
    let (argv0, world) = (&start.found.argv0, start.world);
    if argv0.bytes().contains(&b'/') {
        return absolute(argv0, world);
    }
    // An empty PATH has one empty entry here; a missing PATH has no entry.
    let found = base::on_path(start, world.variable("PATH"), |it| it.os_join(argv0));
    found.map(|file| absolute(&file, world)).unwrap_or_default()
}

/// Python adds the library's folder to a prefix and removes as many names as `lib/pythonX.Y` has. This also removes one slash, and a
/// `PYTHONPLATLIBDIR` of several names leaves some of them.
fn cut(path: &PyPath, lib: &PyPath) -> PyPath {
    let cut = path.os_join(lib).dirname().dirname();
    cut.or(|| "/".into())
}

/// The pyvenv.cfg that the C code reads: next to the executable, else one level above it.
fn read_cfg(
    near: &PyPath,
    minor: Minor,
    notes: &mut Notes,
) -> Result<Option<(PyPath, Vec<u8>)>, Cause> {
    let beside = near.os_join(pyvenv_cfg::NAME);
    // Up to 3.8 Python removes two names from the path of the file. That differs if the folder ends in a slash.
    let parent = if minor < Minor(3, 9) {
        beside.dirname().dirname()
    } else {
        near.dirname()
    };
    let above = parent.os_join(pyvenv_cfg::NAME);
    for path in [beside, above] {
        match files::read(&path, pyvenv_cfg::OUR_LIMIT) {
            Content::Bytes(bytes) => return Ok(Some((path, bytes))),
            Content::Nothing => return Ok(Some((path, Vec::new()))),
            Content::Odd(Odd::TooLarge(size)) => {
                return Err(Cause::opaque(&path, Opaque::LargeCfg(size)));
            }
            Content::Odd(odd @ (Odd::Fifo | Odd::Special)) => {
                return Err(Cause::CfgUnreadable { path, odd });
            }
            _ => notes.say(Reader::Getpath, &path, Said::NotThere),
        }
    }
    Ok(None)
}

/// Makes a path absolute as the C code does it: removes one `./` and puts the current folder before a relative path.
fn absolute(path: &PyPath, world: &World) -> PyPath {
    let bytes = path.bytes();
    world
        .cwd
        .os_join(bytes.strip_prefix(b"./").unwrap_or(bytes))
}

/// `sys.base_prefix` and the standard library: in the first folder above with `os.py`, else in the compiled-in prefix. Returns the lowest
/// folder that has a `lib/pythonX.Y`: the next search can begin there.
fn find_prefix(
    start: &Start,
    argv0_path: &PyPath,
    lib: &PyPath,
    base: &mut Base,
    notes: &mut Notes,
) -> Option<PyPath> {
    let landmark = |folder: &PyPath| {
        let names = ["os.py", "os.pyc"].map(|name| folder.os_join(lib).os_join(name));
        let is_there = |it: &PyPath| base.landmark.as_ref() == Some(it) || files::is_file(it);
        names.into_iter().find(is_there)
    };
    let is_known = |it: &PyPath| {
        let landmark = base.landmark.as_ref();
        landmark.is_some_and(|landmark| landmark.dirname() == *it)
    };
    let mut lowest = None;
    let found = absolute(argv0_path, start.world)
        .climb()
        .filter(|folder| {
            let lib = folder.os_join(lib);
            is_known(&lib) || files::is_dir(&lib)
        })
        .find_map(|folder| {
            lowest.get_or_insert_with(|| folder.clone());
            Some((landmark(&folder)?, folder))
        });
    let folder = if let Some((landmark, folder)) = found {
        base.prefix = cut(&folder, lib);
        let prefix = folder.clone();
        notes.say(Reader::Getpath, &landmark, OfGetpath::Landmark(prefix));
        folder
    } else {
        base.prefix = start.binary.compiled_prefix().unwrap_or_default();
        notes.say(Reader::Getpath, argv0_path, OfGetpath::NoLandmark);
        base.prefix.clone()
    };
    base.stdlib = folder.os_join(lib);
    lowest
}

/// `sys.base_exec_prefix`: the first folder above with `lib-dynload`, else the compiled-in prefix. The climb begins in `lowest`.
fn exec_prefix(
    start: &Start,
    argv0_path: &PyPath,
    lowest: Option<&PyPath>,
    lib: &PyPath,
) -> PyPath {
    let compiled = || start.binary.compiled_prefix().unwrap_or_default();
    if files::is_file(&argv0_path.os_join("pybuilddir.txt")) {
        return compiled();
    }
    let landmark = lib.os_join("lib-dynload");
    let found = lowest.and_then(|it| {
        it.climb()
            .find(|folder| files::is_dir(&folder.os_join(&landmark)))
    });
    found.map_or_else(compiled, |it| cut(&it, lib))
}
