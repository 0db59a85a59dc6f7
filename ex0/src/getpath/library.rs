//! Does the library have all modules that Python needs to start?
//!
//! Before your program runs, Python imports its encodings, and then site and the modules that site needs. Up to 3.10 each of them is a file
//! in the standard library. From 3.11 on all of them except the encodings are frozen: they are inside the program. Python stops if one is
//! missing.
//!
//! Source: CPython `Python/pylifecycle.c` (`init_import_site`, `init_sys_streams`), `Python/frozen.c`; test runs of every version from 3.6
//! to 3.14 with one module removed.

use std::collections::BTreeSet;

use super::LAST_IN_C;
use super::base::{Base, Start};
use super::shadow::{self, Folder};
use crate::binary::Binary;
use crate::finding::{Cause, Misled, Notes, Opaque, Reader, Said};
use crate::support::access;
use crate::support::files;
use crate::support::version::{Implementation, Minor};
use crate::support::{PyPath, World};

/// Every version imports this package first.
pub const FIRST: &str = "encodings";

/// The modules that Python needs from this package. Only CPython up to 3.9 needs the last one.
const ENCODINGS: [&str; 4] = [
    "encodings/__init__",
    "encodings/aliases",
    "encodings/utf_8",
    "encodings/latin_1",
];

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

/// virtualenv up to 16 copied Python into its environments, with a `site` of its own. That site reads this file next to it, and takes the
/// modules that it does not find here from the prefix in it.
pub const OLD_VIRTUALENV: &str = "orig-prefix.txt";

/// The folders of `PYTHONPATH`, each once: site removes the others. An empty entry is the current folder.
pub fn python_path(world: &World) -> Vec<PyPath> {
    let listed = world.non_empty("PYTHONPATH").into_iter();
    let entries = listed.flat_map(PyPath::entries);
    let mut seen = BTreeSet::new();
    let folders = entries.map(|it| it.abspath(&world.cwd));
    folders.filter(|it| seen.insert(it.clone())).collect()
}

/// Sets `base.before`. The error: Python would stop at an import. `only` are the folders of a `._pth` file.
pub fn check(
    base: &mut Base,
    start: &Start,
    only: Option<Vec<PyPath>>,
    notes: &mut Notes,
) -> Result<(), Cause> {
    let (binary, world) = (start.binary, start.world);
    if only.is_none() {
        let before = python_path(world);
        base.before = before.iter().map(|it| Folder::read(it, binary)).collect();
    }
    let joins = binary.implementation == Implementation::Cpython && binary.minor <= LAST_IN_C;
    let own = only.unwrap_or_else(|| {
        if joins {
            // Python splits the path of its library at colons.
            let parts = base.stdlib.entries();
            parts.map(|it| it.abspath(&world.cwd)).collect()
        } else {
            vec![base.stdlib.clone()]
        }
    });
    problem(base, binary, &own, notes).map_or(Ok(()), Err)
}

/// Why Python would stop at an import; `None` if it would not. `own` are the folders of its library.
fn problem(base: &Base, binary: &Binary, own: &[PyPath], notes: &mut Notes) -> Option<Cause> {
    if let Some(cause) = shadow::problem(base, binary, notes) {
        return Some(cause);
    }
    let before = base.before.iter().map(|it| &it.path);
    let everywhere: Vec<&PyPath> = before.chain(own).collect();
    // If many modules are needed, it is cheaper to list the folder once.
    let listed = everywhere.iter().filter(|_| !base.frozen);
    let names: Vec<Vec<PyPath>> = listed.map(|it| files::file_names(it, 10_000)).collect();
    let old_mark = PyPath::from(OLD_VIRTUALENV);
    if names.iter().any(|it| it.binary_search(&old_mark).is_ok()) {
        let why = Opaque::OldVirtualenv(base.stdlib.os_join(OLD_VIRTUALENV));
        return Some(Cause::opaque(&base.executable, why));
    }
    let lack = |module: &str| {
        let file = PyPath::from(format!("{module}.py").as_str());
        if names.iter().any(|it| it.binary_search(&file).is_ok()) {
            return None;
        }
        let mut empty = None;
        for (file, size) in everywhere.iter().filter_map(|it| module_file(it, module)) {
            if size > 0 || !fails_if_empty(module, binary) {
                return None;
            }
            empty = Some(Cause::ModuleEmpty(file));
        }
        empty.or_else(|| Some(missing(module, base)))
    };
    let absent = needed_with_encodings(base, binary).find_map(lack);
    let Some(cause) = absent else {
        let first = base.stdlib.os_join(FIRST);
        notes.say(Reader::Getpath, &first, Said::LibraryThere);
        return None;
    };
    if zipped(base) {
        notes.say(Reader::Getpath, &zip(base), Said::LibraryThere);
        return None;
    }
    if own.len() > 1 {
        return Some(Cause::ColonInPath(base.stdlib.clone()));
    }
    Some(cause)
}

/// The cause for "No module named …".
pub fn missing(module: &str, base: &Base) -> Cause {
    let stdlib = base.stdlib.clone();
    // Python takes what this user may not see for missing, and searches elsewhere: `home` leads to it all the same.
    let place = match &base.misled {
        Some(Misled::Home { home, .. }) => {
            let lib = home.dirname().os_join(&base.platlibdir);
            lib.os_join(stdlib.basename())
        }
        _ => stdlib.clone(),
    };
    let file = format!("{module}.py");
    if let Some(path) = access::closed(&place.os_join(&file)) {
        let variable = match base.misled {
            Some(Misled::Variable(name)) => Some(name),
            _ => None,
        };
        return Cause::LibraryClosed { path, variable };
    }
    if module.starts_with(FIRST) && !files::is_dir(&stdlib.os_join(FIRST)) {
        let misled = base.misled.clone().unwrap_or(Misled::ByNothing);
        Cause::NoLibraryFolder { stdlib, misled }
    } else {
        Cause::ModuleMissing(stdlib.os_join(file))
    }
}

/// The modules that Python needs from its library, besides the encodings.
pub fn needed(base: &Base) -> &'static [&'static str] {
    if base.frozen { &[] } else { &NOT_FROZEN }
}

/// The same, and the encodings before them.
fn needed_with_encodings(base: &Base, binary: &Binary) -> impl Iterator<Item = &'static str> {
    let encodings = match binary.implementation {
        Implementation::Cpython if binary.minor < Minor(3, 10) => ENCODINGS.len(),
        _ => ENCODINGS.len() - 1,
    };
    let encodings = ENCODINGS[..encodings].iter();
    let more = ONLY_3_6.iter().filter(|_| binary.minor == Minor(3, 6));
    encodings.chain(needed(base)).chain(more).copied()
}

/// The file of this module in the folder, as source or as bytecode, and its size.
fn module_file(folder: &PyPath, module: &str) -> Option<(PyPath, u64)> {
    let files = [".py", ".pyc"].map(|suffix| folder.os_join(format!("{module}{suffix}")));
    let mut sizes = files.into_iter().map(|it| (files::size(&it), it));
    sizes.find_map(|(size, file)| Some((file, size?)))
}

/// Does Python stop if this module is empty? In the C locale 3.6 does not use UTF-8, and Latin-1 is only imported.
fn fails_if_empty(module: &str, binary: &Binary) -> bool {
    let used = if binary.minor == Minor(3, 6) { 2 } else { 3 };
    ENCODINGS[..used].contains(&module)
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
