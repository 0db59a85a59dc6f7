//! Where does Python think it is installed? (`sys.base_prefix`; Python 3.11 and later)
//!
//! Before a single module can be imported, CPython must find its own library. It starts from its executable, lets a pyvenv.cfg beside
//! it move the search elsewhere (`home`), and climbs until a folder holds a landmark: `lib/pythonX.Y/os.py`.
//!
//! Source: CPython `Modules/getpath.py`, whose names and order this module keeps. What changed in 3.14 is marked.

use crate::binary::Binary;
use crate::files::{self, Content};
use crate::imports;
use crate::landmarks::Landmarks;
use crate::notes::{Notes, Problem};
use crate::pth;
use crate::pypath::PyPath;
use crate::pyvenv_cfg;
use crate::repair;
use crate::version::Minor;
use crate::world::World;

/// Two variables, meant for launchers on macOS and Windows, that are believed everywhere; the first that is set counts.
const LAUNCHERS: [&str; 2] = ["PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"];

/// What is known before Python looks at a single file.
pub struct Start<'a> {
    /// The name that the program is told (`argv[0]`).
    pub argv0: &'a PyPath,
    /// The file that the shell found under that name: executable, without looking again.
    pub file: &'a PyPath,
    /// The interpreter's binary.
    pub binary: &'a Binary,
    /// The environment.
    pub world: &'a World,
}

/// What the first pass finds.
#[derive(Debug, Default)]
pub struct Base {
    /// `sys.executable`.
    pub executable: PyPath,
    /// `sys.base_prefix`.
    pub prefix: PyPath,
    /// `sys.base_exec_prefix`.
    pub exec_prefix: PyPath,
    /// From 3.14 getpath itself sets `sys.prefix`: to the folder of the pyvenv.cfg that it read.
    pub venv_prefix: Option<PyPath>,
    /// `sys.platlibdir`: `lib`, or `lib64` on some systems.
    pub platlibdir: String,
    /// The folder of the standard library.
    pub stdlib: PyPath,
    /// The pyvenv.cfg that was read, a regular file, and its bytes.
    pub cfg: Option<(PyPath, Vec<u8>)>,
    /// False when a `._pth` file leaves site out.
    pub runs_site: bool,
    /// Why it would die here.
    pub problem: Option<Problem>,
}

/// `pythonX.Y`, with a `t` in builds without the global lock.
pub fn lib_name(binary: &Binary) -> String {
    let t = if binary.free_threaded { "t" } else { "" };
    format!("python{}{t}", binary.minor)
}

/// The compiled-in or overridden name of the folder of libraries.
pub fn platlibdir(start: &Start) -> String {
    let set = start
        .world
        .set("PYTHONPLATLIBDIR")
        .filter(|_| start.binary.minor >= Minor(3, 9));
    set.map_or_else(|| "lib".to_owned(), |it| it.lossy().into_owned())
}

/// The first pass.
pub fn run(start: &Start, notes: &mut Notes) -> Base {
    let mut base = Base {
        platlibdir: platlibdir(start),
        runs_site: true,
        ..Base::default()
    };
    let mut search = who_am_i(start, &mut base, notes);
    let mut home = python_home(start, notes);
    if let Err(problem) = consult_cfg(start, home.is_some(), &mut base, &mut search, notes) {
        base.problem = Some(problem);
        return base;
    }

    // Links are followed for the executable alone, never for a folder on the way.
    let real = match search.resolved {
        true => search.real_executable,
        false => resolve(&search.real_executable).unwrap_or(search.real_executable),
    };
    let settled = |folder: Option<PyPath>| {
        folder
            .filter(|it| !it.is_empty())
            .unwrap_or_else(|| real.dirname())
    };
    let executable_dir = settled(search.executable_dir);
    let real_executable_dir = settled(search.real_executable_dir);

    let module_paths = pth::consult(start, &mut base, &real, notes).map(|(file, paths)| {
        home = Some(file.dirname());
        paths
    });
    let built = build_tree(&real_executable_dir, start, notes);

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
        Ok(Some(mark)) if !has_home => base.problem = Some(unbuilt(&mark)),
        Ok(Some(_)) => {
            let compiled = start.binary.compiled_prefix().unwrap_or_default();
            (base.prefix, base.exec_prefix) = (compiled.clone(), compiled);
        }
        Ok(None) => {}
    }
    if base.problem.is_none() {
        let paths =
            module_paths.unwrap_or_else(|| imports::module_paths(start.world, &base.stdlib));
        base.problem = imports::problem(&base, start.binary, &paths, notes);
    }
    base
}

/// The rules of 3.14 hold.
pub fn since_314(start: &Start) -> bool {
    start.binary.minor >= Minor(3, 14)
}

/// Where the search for the library begins, as far as it is known.
struct Search {
    /// The folder, once something has settled it.
    executable_dir: Option<PyPath>,
    /// The folder in which the marks of a build tree are looked for, once something has settled it.
    real_executable_dir: Option<PyPath>,
    /// The executable that is really running.
    real_executable: PyPath,
    /// Its links have been followed already.
    resolved: bool,
}

/// Which executable am I? getpath repeats the shell's search with its own rules, and believes two variables more than itself.
fn who_am_i(start: &Start, base: &mut Base, notes: &mut Notes) -> Search {
    let world = start.world;
    let real_executable = executable(start);
    let mut executable_dir = real_executable.is_empty().then(|| world.cwd.clone());
    let real_executable_dir = executable_dir.clone();
    base.executable = real_executable.clone();
    for name in LAUNCHERS {
        let Some(value) = world.set(name) else {
            continue;
        };
        notes.say(
            "getpath",
            &PyPath::from(name),
            format!("is set: Python believes that it is {}", value.shown()),
        );
        notes.warn(format!(
            "{name} is set: Python takes {} for its own executable",
            value.shown()
        ));
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

/// `PYTHONHOME`, which settles the prefix.
fn python_home(start: &Start, notes: &mut Notes) -> Option<PyPath> {
    let home = start.world.set("PYTHONHOME")?;
    notes.say(
        "getpath",
        &PyPath::from("PYTHONHOME"),
        format!("is set: the prefix is {}", home.shown()),
    );
    notes.warn(format!(
        "PYTHONHOME is set: the library is looked for in {} alone",
        home.shown()
    ));
    Some(home.clone())
}

/// Is there a pyvenv.cfg, and does it say where home is? Up to 3.13 it is not even looked for when `PYTHONHOME` is set.
fn consult_cfg(
    start: &Start,
    has_home: bool,
    base: &mut Base,
    search: &mut Search,
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
            if LAUNCHERS.iter().all(|name| start.world.set(name).is_none()) {
                (search.real_executable, search.resolved) =
                    base_executable(&base.executable, &near, start.binary.minor);
                if let Some(folder) = truer_than(&near, &search.real_executable, start, base) {
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
    match path.is_absolute() {
        true => tidied,
        false => PyPath::new([cwd.bytes(), b"/", tidied.bytes()].concat()),
    }
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

/// The executable that a copy or link in an environment stands for: its own target, else the namesake in `home`. And: were its links
/// followed?
fn base_executable(executable: &PyPath, home: &PyPath, minor: Minor) -> (PyPath, bool) {
    if let Some(resolved) = resolve(executable).filter(|it| it != executable) {
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
/// 3.14 begin the search in it and not in `home` (gh-106045). One that does carries the name of the new variable in its frozen getpath.
fn truer_than(home: &PyPath, executable: &PyPath, start: &Start, base: &Base) -> Option<PyPath> {
    let folder = executable.dirname();
    if !since_314(start) || folder == *home || !files::is_file(executable) {
        return None;
    }
    let found = files::is_file(&folder.join("pybuilddir.txt"))
        || Landmarks::above(&folder, start.binary, &base.platlibdir).any();
    (found && start.binary.mentions("base_executable_dir")).then_some(folder)
}

/// getpath's `realpath`: follows the last component's links, at most 40 of them; the folders on the way stay as they are.
pub fn resolve(path: &PyPath) -> Option<PyPath> {
    let mut path = path.clone();
    for _ in 0..40 {
        let Some(target) = files::link(&path) else {
            return Some(path);
        };
        let slash = path.bytes().contains(&b'/');
        path = match target.is_absolute() {
            true => target,
            // A bare name keeps itself as its folder: a mistake of getpath's that is copied here.
            false if !slash => path.join(&target),
            false => path.dirname().join(&target),
        };
    }
    None
}

/// The mark of a tree that Python was built in, beside the executable. One that is neither there nor absent is fatal.
///
/// With it, the compiled-in prefix counts once the library has been looked for.
fn build_tree(
    folder: &PyPath,
    start: &Start,
    notes: &mut Notes,
) -> Result<Option<PyPath>, Problem> {
    let mark = folder.join("pybuilddir.txt");
    let fatal = |what: &str| Problem::new(format!("{} {what}", mark.shown()), &mark, "");
    let mark = match files::read(&mark, pyvenv_cfg::GETPATH_LIMIT - 1) {
        Content::Bytes(_) | Content::Folder | Content::Null => Some(mark),
        Content::Absent | Content::Denied => {
            // From 3.14 on only Windows knows this one.
            let other = (!since_314(start)).then(|| folder.join("Modules/Setup.local"));
            other.filter(files::is_file)
        }
        Content::Failed(reason) => return Err(fatal(&format!("cannot be looked for: {reason}"))),
        Content::Fifo | Content::Special | Content::TooLarge(_) => {
            return Err(fatal("is nothing that Python could read"));
        }
    };
    if let Some(mark) = &mark {
        notes.say(
            "getpath",
            mark,
            "the mark of a tree that Python was built in",
        );
    }
    Ok(mark)
}

/// An executable in a build tree looks for a library that was never installed, unless it is told where home is.
fn unbuilt(mark: &PyPath) -> Problem {
    let what = format!(
        "{} makes Python believe that it runs where it was built: its library is not there",
        mark.shown()
    );
    Problem::new(what, mark, repair::remove(mark))
}

/// `prefix[:exec_prefix]`, to the letter.
pub fn split_home(home: &PyPath) -> (PyPath, PyPath) {
    let mut parts = home
        .bytes()
        .splitn(2, |&byte| byte == b':')
        .map(PyPath::new);
    let prefix = parts.next().unwrap_or_default();
    let exec_prefix = parts.next().unwrap_or_else(|| prefix.clone());
    (prefix, exec_prefix)
}
