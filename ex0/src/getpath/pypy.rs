//! Where does PyPy think it is installed?
//!
//! PyPy climbs from its executable and resolves links at every step. A pyvenv.cfg in the first two folders can move the search. PyPy looks
//! for `lib/pypyX.Y`, else for `lib-python` and `lib_pypy`. If it finds nothing, it climbs once more, from its own library.
//!
//! Source: PyPy `pypy/module/sys/initpath.py`.

use super::base::{Base, Start, follow_links, on_path};
use super::library;
use crate::binary::Binary;
use crate::finding::{Cause, Notes, OfGetpath, Opaque, Reader};
use crate::pyvenv_cfg::{self, Cfg};
use crate::support::PyPath;
use crate::support::files::{self, Content, Odd};

/// Finds the library as PyPy does. The error: PyPy would stop.
pub fn fill(base: &mut Base, start: &Start, notes: &mut Notes) -> Result<(), Cause> {
    base.executable = executable(start);
    "lib".clone_into(&mut base.platlibdir);
    let mut found = climb(&base.executable, start, notes)?;
    if let (None, Some(library)) = (&found, &start.binary.library) {
        found = climb(&files::real(library), start, notes)?;
    }
    let Some(Library { prefix, stdlib }) = found else {
        let prefix = base.executable.dirname().dirname();
        base.stdlib = prefix.os_join(format!("lib/{}", start.binary.flavour()));
        return Err(library::missing(library::FIRST, base));
    };
    let said = OfGetpath::Landmark(prefix.clone());
    notes.say(Reader::Getpath, &stdlib, said);
    (base.exec_prefix, base.prefix, base.stdlib) = (prefix.clone(), prefix, stdlib);
    library::check(base, start, None, notes).map_err(|it| goes_on(it, start.binary))
}

/// The modules that only site imports.
const OF_SITE: [&str; 2] = ["io", "_sitebuiltins"];

/// PyPy does not stop if site fails: it prints "'import site' failed" and goes on. Whether site had set the prefix before, we cannot know for
/// each version. But a FIFO makes it wait.
///
/// Source: test runs of PyPy 7.3.11.
pub fn goes_on(cause: Cause, binary: &Binary) -> Cause {
    let is_of_site = match &cause {
        Cause::ModuleMissing(file) | Cause::ModuleEmpty(file) => OF_SITE
            .iter()
            .any(|it| file.basename().bytes() == format!("{it}.py").as_bytes()),
        Cause::CfgUnreadable { odd, .. } | Cause::PthUnreadable { odd, .. } => *odd != Odd::Fifo,
        Cause::CfgNotUtf8 { .. } | Cause::PthUndecodable { .. } => true,
        _ => false,
    };
    if is_of_site && binary.is_pypy() {
        let why = Opaque::WithoutSite(Box::new(cause));
        return Cause::opaque(&binary.file, why);
    }
    cause
}

/// `sys.executable`: absolute; empty if there is no such file.
fn executable(start: &Start) -> PyPath {
    let (argv0, world) = (&start.found.argv0, start.world);
    let mut file = argv0.clone();
    if !argv0.bytes().contains(&b'/') {
        let path = world.non_empty("PATH");
        file = on_path(start, path, |it| it.os_join(argv0)).unwrap_or(file);
    }
    Some(file.abspath(&world.cwd))
        .filter(files::is_executable)
        .unwrap_or_default()
}

/// A standard library, and the prefix in which it is.
struct Library {
    prefix: PyPath,
    stdlib: PyPath,
}

/// Climbs from a file until a folder has the standard library.
fn climb(from: &PyPath, start: &Start, notes: &mut Notes) -> Result<Option<Library>, Cause> {
    let mut search = from.clone().or(|| "pypy3-c".into());
    let mut cfgs_left = 2;
    // Every step goes up or follows a link. More than 200 steps mean that the links lead in a circle.
    for _ in 0..200 {
        let mut folder = folder_of(&search, &start.world.cwd);
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
            let prefix = folder;
            return Ok(Some(Library { prefix, stdlib }));
        }
        search = folder;
    }
    Ok(None)
}

/// The folder of a file, with the file's own links resolved.
fn folder_of(file: &PyPath, cwd: &PyPath) -> PyPath {
    let file = file.abspath(cwd);
    let end = follow_links(&file, &PyPath::default(), |path, target| {
        path.os_join("..").os_join(target).tidied()
    });
    end.unwrap_or(file).os_join("..").tidied()
}

/// The `home` of a pyvenv.cfg in this folder.
fn home(folder: &PyPath, notes: &mut Notes) -> Result<Option<PyPath>, Cause> {
    let path = folder.os_join(pyvenv_cfg::NAME);
    match files::read(&path, pyvenv_cfg::OUR_LIMIT) {
        Content::Bytes(bytes) => {
            let home = Cfg::parse(path.clone(), bytes).home_in_pypy;
            let said = home.clone().map_or(OfGetpath::NoHome, OfGetpath::Home);
            notes.say(Reader::Getpath, &path, said);
            Ok(home)
        }
        Content::Odd(Odd::TooLarge(size)) => Err(Cause::opaque(&path, Opaque::LargeCfg(size))),
        Content::Odd(odd @ Odd::Fifo) => Err(Cause::CfgUnreadable { path, odd }),
        _ => Ok(None),
    }
}

/// The standard library in this folder: `lib/pypyX.Y`, or the folders of PyPy's archives before 3.8.
fn stdlib(folder: &PyPath, start: &Start) -> Option<PyPath> {
    let packaged = folder.os_join(format!("lib/{}", start.binary.flavour()));
    if files::is_file(&packaged.os_join("site.py")) {
        return Some(packaged);
    }
    let archive = folder
        .os_join("lib-python")
        .os_join(start.binary.minor.0.to_string());
    (files::is_dir(&archive) && files::is_dir(&folder.os_join("lib_pypy"))).then_some(archive)
}
