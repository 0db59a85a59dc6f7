//! Where does Python think it is installed? (`sys.base_prefix`; Python 3.11 and later)
//!
//! Before a single module can be imported, CPython must find its own library. It starts from its executable, lets a pyvenv.cfg beside
//! it move the search elsewhere (`home`), and climbs until a folder holds a landmark: `lib/pythonX.Y/os.py`.
//!
//! Source: CPython `Modules/getpath.py`, whose names and order this module keeps. What changed in 3.14 is marked.

use crate::binary::Binary;
use crate::files::{self, Content};
use crate::notes::{Notes, Problem};
use crate::pypath::PyPath;
use crate::pyvenv_cfg;
use crate::version::Minor;
use crate::world::World;

/// Two variables, meant for launchers on macOS and Windows, that are believed everywhere; the first that is set counts.
const LAUNCHERS: [&str; 2] = ["PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"];

/// What is known before Python looks at a single file.
pub struct Start<'a> {
    /// The name that the program is told (`argv[0]`).
    pub argv0: &'a PyPath,
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
    /// False when a `._pth` file leaves site out.
    pub runs_site: bool,
    /// False when a `._pth` file makes Python ignore its environment variables.
    pub heeds_environment: bool,
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
        heeds_environment: true,
        ..Base::default()
    };
    let mut search = who_am_i(start, &mut base, notes);
    let mut home = python_home(start, notes);
    if let Err(problem) = consult_cfg(start, home.is_some(), &mut base, &mut search, notes) {
        base.problem = Some(problem);
        return base;
    }

    // Links are followed for the executable alone, never for a folder on the way.
    let real = resolve(&search.real_executable).unwrap_or(search.real_executable);
    let executable_dir = search
        .executable_dir
        .filter(|it| !it.is_empty())
        .unwrap_or_else(|| real.dirname());

    let module_paths = consult_pth(start, &mut base, &real, notes).map(|(file, paths)| {
        home = Some(file.dirname());
        paths
    });
    base.problem = build_tree(&executable_dir, notes);

    let lib = format!("{}/{}", base.platlibdir, lib_name(start.binary));
    if let Some(home) = home {
        (base.prefix, base.exec_prefix) = split_home(&home);
    } else {
        base.prefix = prefix(start, &executable_dir, &lib, &base.platlibdir, notes);
        base.exec_prefix = exec_prefix(start, &executable_dir, &lib, &base.prefix);
    }
    base.stdlib = base.prefix.join(&lib);
    if base.problem.is_none() {
        let paths =
            module_paths.unwrap_or_else(|| module_paths_by_default(start.world, &base.stdlib));
        base.problem = without_encodings(&base, &paths, notes);
    }
    base
}

/// The rules of 3.14 hold.
fn since_314(start: &Start) -> bool {
    start.binary.minor >= Minor(3, 14)
}

/// Where the search for the library begins, as far as it is known.
struct Search {
    /// The folder, once something has settled it.
    executable_dir: Option<PyPath>,
    /// The executable that is really running.
    real_executable: PyPath,
}

/// Which executable am I? getpath repeats the shell's search with its own rules, and believes two variables more than itself.
fn who_am_i(start: &Start, base: &mut Base, notes: &mut Notes) -> Search {
    let world = start.world;
    let real_executable = executable(start.argv0, world);
    let mut executable_dir = real_executable.is_empty().then(|| world.cwd.clone());
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
        real_executable,
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
            if LAUNCHERS.iter().all(|name| start.world.set(name).is_none()) {
                search.real_executable =
                    base_executable(&base.executable, &value, start.binary.minor);
            }
            search.executable_dir = Some(value);
        }
        Some(_) => notes.say(
            "getpath",
            &path,
            "its home is ignored, because PYTHONHOME is set",
        ),
        None => notes.say("getpath", &path, "has no line for home"),
    }
    if since_314(start) {
        base.venv_prefix = Some(folder);
    }
    Ok(())
}

/// A `._pth` file replaces every other setting (it is meant for Windows, and works everywhere): the file, and sys.path.
fn consult_pth(
    start: &Start,
    base: &mut Base,
    real: &PyPath,
    notes: &mut Notes,
) -> Option<(PyPath, Vec<PyPath>)> {
    let library = start.binary.library.as_ref().filter(|_| since_314(start));
    let (file, lines) = read_pth(&[library, Some(&base.executable), Some(real)])?;
    let pth = Pth::read(&file, &lines);
    let site = if pth.imports_site {
        "asks for site"
    } else {
        "leaves site out"
    };
    notes.say("getpath", &file, format!("replaces sys.path, and {site}"));
    notes.warn(format!(
        "{} takes the place of every other setting",
        file.shown()
    ));
    base.runs_site = pth.imports_site;
    base.heeds_environment = false;
    Some((file, pth.paths))
}

/// Where Python looks for its first module: `PYTHONPATH`, then the standard library.
pub fn module_paths_by_default(world: &World, stdlib: &PyPath) -> Vec<PyPath> {
    let python_path = world
        .set("PYTHONPATH")
        .map(PyPath::bytes)
        .unwrap_or_default();
    let listed = python_path
        .split(|&byte| byte == b':')
        .filter(|it| !it.is_empty())
        .map(PyPath::new);
    listed.chain([stdlib.clone()]).collect()
}

/// Without its encodings Python cannot say a word: it dies with "No module named 'encodings'".
pub fn without_encodings(base: &Base, paths: &[PyPath], notes: &mut Notes) -> Option<Problem> {
    let Some(found) = paths
        .iter()
        .map(|it| it.os_join("encodings"))
        .find(files::is_dir)
    else {
        return Some(no_library(base));
    };
    notes.say("getpath", &found, "the standard library is there");
    None
}

/// Python dies with "No module named 'encodings'".
pub fn no_library(base: &Base) -> Problem {
    Problem::new(
        format!(
            "there is no standard library in {}: Python would stop with \"No module named 'encodings'\"",
            base.stdlib.shown()
        ),
        &base.stdlib,
        "",
    )
}

/// `sys.executable` as getpath works it out: a path is made absolute, a name is searched for on PATH, where `./name` is never tried.
fn executable(argv0: &PyPath, world: &World) -> PyPath {
    if argv0.bytes().contains(&b'/') {
        return world.cwd.os_join(argv0.tidied());
    }
    let entries = world
        .set("PATH")
        .map(PyPath::bytes)
        .unwrap_or_default()
        .split(|&byte| byte == b':');
    let files = entries.map(|entry| PyPath::new(entry).join(argv0));
    files
        .into_iter()
        .find(files::is_executable)
        .unwrap_or_default()
}

/// The folder of the pyvenv.cfg that getpath reads, and its bytes: one level above the executable, else beside it.
fn read_cfg(near: &PyPath, notes: &mut Notes) -> Result<Option<(PyPath, Vec<u8>)>, Problem> {
    for folder in [near.dirname(), near.clone()] {
        let path = folder.join(pyvenv_cfg::NAME);
        let fatal = |what: &str| Problem::new(format!("{} {what}", path.shown()), &path, "");
        match files::read(&path, pyvenv_cfg::GETPATH_LIMIT - 1) {
            Content::Absent => notes.say("getpath", &path, "not there"),
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

/// The executable that a copy or link in an environment stands for: its own target, else the namesake in `home`.
fn base_executable(executable: &PyPath, home: &PyPath, minor: Minor) -> PyPath {
    if let Some(resolved) = resolve(executable).filter(|it| it != executable) {
        return resolved;
    }
    let namesake = home.join(executable.basename());
    if files::is_file(&namesake) {
        return namesake;
    }
    let names = [format!("python{}", minor.0), format!("python{minor}")];
    names
        .iter()
        .map(|name| home.join(name))
        .find(files::is_file)
        .unwrap_or(namesake)
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

/// The first `._pth` file beside the library, the executable or what it links to, and its lines.
fn read_pth(places: &[Option<&PyPath>]) -> Option<(PyPath, Vec<u8>)> {
    places
        .iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .find_map(|place| {
            let path = place.with_suffix("._pth");
            match files::read(&path, pyvenv_cfg::GETPATH_LIMIT - 1) {
                Content::Bytes(bytes) => Some((path, bytes)),
                Content::Folder | Content::Null => Some((path, Vec::new())),
                _ => None,
            }
        })
}

/// What a `._pth` file asks for.
struct Pth {
    /// It has the line `import site`.
    imports_site: bool,
    /// The other lines: the whole of sys.path.
    paths: Vec<PyPath>,
}

impl Pth {
    /// Reads its lines; `#` starts a comment.
    fn read(file: &PyPath, lines: &[u8]) -> Self {
        let folder = file.dirname();
        let lines = lines.split(|&byte| byte == b'\n');
        let lines = lines.map(|line| {
            line.split(|&byte| byte == b'#')
                .next()
                .unwrap_or_default()
                .trim_ascii()
        });
        let lines: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).collect();
        Self {
            imports_site: lines.contains(&&b"import site"[..]),
            paths: lines
                .iter()
                .filter(|line| !line.starts_with(b"import "))
                .map(|line| folder.join(line))
                .collect(),
        }
    }
}

/// An executable in a build tree looks for a library that was never installed.
fn build_tree(executable_dir: &PyPath, notes: &mut Notes) -> Option<Problem> {
    let marks = ["pybuilddir.txt", "Modules/Setup.local"].map(|name| executable_dir.join(name));
    let mark = marks.into_iter().find(files::is_file)?;
    notes.say(
        "getpath",
        &mark,
        "the mark of a tree that Python was built in",
    );
    Some(Problem::new(
        format!(
            "{} makes Python believe that it runs where it was built: its library is not there",
            mark.shown()
        ),
        &mark,
        format!("rm {}", mark.shown()),
    ))
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

/// `sys.base_prefix`: the first folder above with a landmark, the zip file before the folder; else the compiled-in prefix.
fn prefix(
    start: &Start,
    executable_dir: &PyPath,
    lib: &str,
    platlibdir: &str,
    notes: &mut Notes,
) -> PyPath {
    let Minor(major, minor) = start.binary.minor;
    let t = if start.binary.free_threaded { "t" } else { "" };
    let zip = format!("{platlibdir}/python{major}{minor}{t}.zip");
    let landmarks = [format!("{lib}/os.py"), format!("{lib}/os.pyc")];
    let has_landmark = |folder: &PyPath| {
        landmarks
            .iter()
            .map(|it| folder.join(it))
            .find(files::is_file)
    };

    // 3.14 knows where its libpython was loaded from, and looks there first.
    let library = start
        .binary
        .library
        .as_ref()
        .filter(|_| start.binary.minor >= Minor(3, 14))
        .map(PyPath::dirname);
    if let Some(folder) = &library {
        let found = folder.climb().find(|it| files::is_file(&it.join(&zip)));
        if let Some(found) = found.or_else(|| has_landmark(folder).map(|_| folder.clone())) {
            notes.say("getpath", &found, "a landmark beside libpython");
            return found;
        }
    }
    if let Some(folder) = executable_dir
        .climb()
        .find(|it| files::is_file(&it.join(&zip)))
    {
        notes.say(
            "getpath",
            &folder.join(&zip),
            "the zip landmark: this folder is the base prefix",
        );
        notes.warn(format!(
            "{} takes the place of the standard library's folder",
            folder.join(&zip).shown()
        ));
        return folder;
    }
    if let Some((folder, landmark)) = executable_dir
        .climb()
        .find_map(|it| Some((it.clone(), has_landmark(&it)?)))
    {
        notes.say(
            "getpath",
            &landmark,
            format!("the landmark: the base prefix is {}", folder.shown()),
        );
        return folder;
    }
    let compiled = start.binary.compiled_prefix();
    let said = "no landmark in this folder or above it: the compiled-in prefix counts";
    notes.say("getpath", executable_dir, said);
    compiled.unwrap_or_else(|| start.world.cwd.clone())
}

/// `sys.base_exec_prefix`: the first folder above with `lib-dynload`, else the compiled-in prefix.
fn exec_prefix(start: &Start, executable_dir: &PyPath, lib: &str, prefix: &PyPath) -> PyPath {
    let landmark = format!("{lib}/lib-dynload");
    let has_landmark = |folder: &PyPath| files::is_dir(&folder.join(&landmark));
    if since_314(start) && has_landmark(prefix) {
        return prefix.clone();
    }
    let found = executable_dir.climb().find(has_landmark);
    found
        .or_else(|| start.binary.compiled_prefix())
        .unwrap_or_else(|| prefix.clone())
}
