//! Does the library have all modules that Python needs to start?
//!
//! Before your program runs, Python imports its encodings, and then site and the modules that site needs. Up to 3.10 each of them is a file
//! in the standard library. From 3.11 on all of them except the encodings are frozen: they are inside the program. Python stops if one is
//! missing.
//!
//! Source: CPython `Python/pylifecycle.c` (`init_import_site`, `init_sys_streams`), `Python/frozen.c`; test runs of every version from 3.6
//! to 3.14 with one module removed.

use std::collections::BTreeSet;

use super::base::Base;
use super::shadow::{self, Folder};
use crate::binary::Binary;
use crate::finding::{Cause, Misled, Notes, Reader, Said};
use crate::support::files;
use crate::support::version::{Implementation, Minor};
use crate::support::{PyPath, World};

/// Every version imports this package first.
pub const FIRST: &str = "encodings";

/// The modules that Python needs from this package.
const ENCODINGS: [&str; 3] = ["encodings/__init__", "encodings/aliases", "encodings/utf_8"];

/// The next modules, up to 3.10 and in every PyPy. From 3.11 on they are frozen into CPython; from 3.13 on `PYTHON_FROZEN_MODULES=off` lets
/// it take them from the library all the same.
const NOT_FROZEN: [&str; 10] = [
    "codecs",
    "io",
    "abc",
    "site",
    "os",
    "stat",
    "posixpath",
    "genericpath",
    "_collections_abc",
    "_sitebuiltins",
];

/// The modules that 3.6 needs in addition.
const ONLY_3_6: [&str; 2] = ["_weakrefset", "sysconfig"];

/// Where Python looks for its first modules.
pub struct Paths {
    /// `PYTHONPATH`.
    pub before: Vec<Folder>,
    /// The standard library, or the folders of a `._pth` file. Up to 3.10 the path of the library is split at colons.
    own: Vec<PyPath>,
}

/// The folders of `PYTHONPATH`, each once: site removes the others. An empty entry is the current folder.
pub fn python_path(world: &World) -> Vec<PyPath> {
    let listed = world.non_empty("PYTHONPATH").into_iter();
    let entries = listed.flat_map(PyPath::entries);
    let mut seen = BTreeSet::new();
    let folders = entries.map(|it| it.abspath(&world.cwd));
    folders.filter(|it| seen.insert(it.clone())).collect()
}

/// The folders of `PYTHONPATH` and of the standard library.
pub fn paths(world: &World, base: &Base, binary: &Binary) -> Paths {
    let joins = binary.implementation == Implementation::Cpython && binary.minor <= Minor(3, 10);
    let own = if joins {
        let parts = base.stdlib.entries();
        parts.map(|it| it.abspath(&world.cwd)).collect()
    } else {
        vec![base.stdlib.clone()]
    };
    let before = python_path(world);
    let before = before.iter().map(|it| Folder::read(it, binary));
    Paths {
        before: before.collect(),
        own,
    }
}

/// Only the folders of a `._pth` file.
pub fn only(folders: Vec<PyPath>) -> Paths {
    Paths {
        before: Vec::new(),
        own: folders,
    }
}

/// Why Python would stop at an import; `None` if it would not.
pub fn problem(base: &Base, binary: &Binary, paths: &Paths, notes: &mut Notes) -> Option<Cause> {
    let more = needed(base);
    let only_3_6: &[&str] = if binary.minor == Minor(3, 6) {
        &ONLY_3_6
    } else {
        &[]
    };
    if let Some(cause) = shadow::problem(base, binary, &paths.before, notes) {
        return Some(cause);
    }
    let before = paths.before.iter().map(|it| &it.path);
    let everywhere: Vec<&PyPath> = before.chain(&paths.own).collect();
    // If many modules are needed, it is cheaper to list the folder once.
    let listed = |folder: &&PyPath| {
        if more.is_empty() {
            Vec::new()
        } else {
            files::regular_names(folder, 10_000)
        }
    };
    let names: Vec<Vec<PyPath>> = everywhere.iter().map(listed).collect();
    let is_there = |module: &str| {
        let file = PyPath::from(format!("{module}.py").as_str());
        names.iter().any(|it| it.binary_search(&file).is_ok())
            || everywhere
                .iter()
                .any(|it| module_file(it, module).is_some())
    };
    let first: &[&str] = if base.frozen {
        &ENCODINGS
    } else {
        &ENCODINGS[..1]
    };
    let absent = first
        .iter()
        .chain(more)
        .chain(only_3_6)
        .find(|it| !is_there(it));
    let Some(module) = absent else {
        notes.say(
            Reader::Getpath,
            &base.stdlib.os_join(FIRST),
            Said::LibraryThere,
        );
        return None;
    };
    if zipped(base) {
        notes.say(Reader::Getpath, &zip(base), Said::LibraryZipped);
        return None;
    }
    if paths.own.len() > 1 {
        return Some(Cause::ColonInPath(base.stdlib.clone()));
    }
    Some(missing(module, base))
}

/// The cause for "No module named …".
pub fn missing(module: &str, base: &Base) -> Cause {
    let stdlib = base.stdlib.clone();
    if module.starts_with(FIRST) && !files::is_dir(&stdlib.os_join(FIRST)) {
        let misled = base.misled.clone().unwrap_or(Misled::ByNothing);
        Cause::NoLibraryFolder { stdlib, misled }
    } else {
        Cause::ModuleMissing(stdlib.os_join(format!("{module}.py")))
    }
}

/// The modules that Python needs from its library, besides the encodings.
pub fn needed(base: &Base) -> &'static [&'static str] {
    if base.frozen { &[] } else { &NOT_FROZEN }
}

/// The file of this module in the folder, as source or as bytecode.
fn module_file(folder: &PyPath, module: &str) -> Option<PyPath> {
    let files = [".py", ".pyc"].map(|suffix| folder.os_join(format!("{module}{suffix}")));
    files.into_iter().find(files::is_file)
}

/// `lib/pythonXY.zip`. It comes before the folder.
fn zip(base: &Base) -> PyPath {
    let name = base.stdlib.basename().lossy().replace('.', "");
    base.stdlib.dirname().os_join(name + ".zip")
}

/// Does that file contain the library?
fn zipped(base: &Base) -> bool {
    let first = PyPath::from("encodings/__init__.py");
    shadow::members(&zip(base)).contains(&first)
}
