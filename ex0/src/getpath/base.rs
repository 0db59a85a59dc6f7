//! What does the search for the library start with, and what does it find?

use bstr::ByteSlice;

use super::shadow::Folder;
use crate::binary::Binary;
use crate::finding::{Cause, Misled, Notes, OfGetpath, Reader};
use crate::lookup::Found;
use crate::pyvenv_cfg::Cfg;
use crate::support::PyPath;
use crate::support::World;
use crate::support::access;
use crate::support::files;
use crate::support::version::Minor;

/// What is known before Python reads a file.
pub struct Start<'a> {
    /// What the shell found. It is executable, so this is not checked again.
    pub found: &'a Found,
    pub binary: &'a Binary,
    /// The variables and the current folder.
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
    /// From 3.14 on getpath itself sets `sys.prefix`: the folder of the pyvenv.cfg that it read.
    pub venv_prefix: Option<PyPath>,
    /// `sys.platlibdir`: `lib`, or `lib64` on some systems.
    pub platlibdir: String,
    /// An `os.py` that is known to be there.
    pub landmark: Option<PyPath>,
    /// The folder of the standard library.
    pub stdlib: PyPath,
    /// The pyvenv.cfg that was read, if it is a regular file.
    pub cfg: Option<Cfg>,
    /// The paths where getpath found no pyvenv.cfg.
    pub without_cfg: Vec<PyPath>,
    /// The folders of `PYTHONPATH`. Next to a `._pth` file Python does not read that variable.
    pub before: Vec<Folder>,
    /// Are all modules that Python needs, except the encodings, taken out of the program?
    pub frozen: bool,
    /// The names in the folder of the standard library, if they were needed.
    pub names: Vec<PyPath>,
    /// The text of `site.py`, if it is not taken out of the program.
    pub site: Option<Vec<u8>>,
    /// The file of `stat`, if it is empty and Python stops only when it finds a folder of packages.
    pub empty_stat: Option<PyPath>,
    /// False if a `._pth` file leaves out site.
    pub runs_site: bool,
    /// Why Python would stop in this pass.
    pub problem: Option<Cause>,
    /// The variable that names an executable in another folder than that of the program.
    pub sent_by: Option<&'static str>,
    /// What moved the search for the library; `None` if nothing did.
    pub misled: Option<Misled>,
}

/// Sets the name of the folder of libraries: the value of `PYTHONPLATLIBDIR`, else the compiled-in name. To search for that one is slow. A
/// library in `lib` beside the program is as good, and its landmark need not be looked for again.
pub fn set_platlibdir(start: &Start, base: &mut Base) {
    let set = start
        .world
        .non_empty("PYTHONPLATLIBDIR")
        .filter(|_| start.binary.minor >= Minor(3, 9));
    if let Some(set) = set {
        base.platlibdir = set.lossy().into_owned();
        return;
    }
    let prefix = start.binary.file.dirname().dirname();
    let landmark = prefix.os_join(format!("lib/{}/os.py", start.binary.flavour()));
    // Of an empty or a closed one it must still be said that it stops Python.
    let readable = access::readable(&landmark).filter(|_| !prefix.is_empty());
    let is_usual = readable.is_some_and(|(stat, may_read)| may_read && stat.st_size > 0);
    base.landmark = Some(landmark).filter(|_| is_usual);
    let name = if is_usual {
        "lib"
    } else {
        start.binary.platlibdir()
    };
    name.clone_into(&mut base.platlibdir);
}

/// Do the rules of 3.14 apply?
pub fn since_314(start: &Start) -> bool {
    start.binary.minor >= Minor(3, 14)
}

/// Notes that `PYTHONHOME` is set and so decides the prefix.
pub fn note_home(home: &PyPath, notes: &mut Notes) {
    let said = OfGetpath::SetsPrefix(home.clone());
    notes.say_variable(Reader::Getpath, "PYTHONHOME", said);
    notes.warn_of_it();
}

/// Follows at most 40 links of the last component; `None` after that. The folders before it stay as they are. `join` puts the link and its
/// target together. `real` is a path that is not a link; knowing it saves a question to the kernel.
pub fn follow_links(
    path: &PyPath,
    real: &PyPath,
    join: fn(&PyPath, &PyPath) -> PyPath,
) -> Option<PyPath> {
    let mut path = path.clone();
    for _ in 0..40 {
        let Some(target) = Some(&path).filter(|it| *it != real).and_then(files::link) else {
            return Some(path);
        };
        path = join(&path, &target);
    }
    None
}

/// Searches the folders of a PATH for the program. `join` puts its name after a folder.
pub fn on_path(
    start: &Start,
    path: Option<&PyPath>,
    join: impl Fn(&PyPath) -> PyPath,
) -> Option<PyPath> {
    let folders = path.into_iter().flat_map(PyPath::entries);
    let mut files = folders.map(|it| join(&it));
    files.find(|it| *it == start.found.file || files::is_executable(it))
}

/// Splits `prefix[:exec_prefix]`.
pub fn split_home(home: &PyPath) -> (PyPath, PyPath) {
    match home.bytes().split_once_str(":") {
        Some((prefix, exec_prefix)) => (PyPath::new(prefix), PyPath::new(exec_prefix)),
        None => (home.clone(), home.clone()),
    }
}

/// Sets `misled` if `PYTHONPLATLIBDIR` sent the search to a wrong folder: the library is in the folder that Python uses without it.
pub fn blame_platlibdir(start: &Start, base: &mut Base) {
    let is_set = start.world.non_empty("PYTHONPLATLIBDIR").is_some();
    let usual = base
        .prefix
        .os_join(format!("lib/{}", start.binary.flavour()));
    if is_set && base.platlibdir != "lib" && files::is_dir(&usual) && !files::is_dir(&base.stdlib) {
        base.misled = Some(Misled::Variable("PYTHONPLATLIBDIR"));
    }
}
