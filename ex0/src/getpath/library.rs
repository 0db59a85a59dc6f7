//! Are the modules there that Python cannot start without?
//!
//! Before a line of anybody's code runs, Python imports its encodings, and then site with all that site needs. Up to 3.10 each of those
//! is a file of the standard library; from 3.11 on all but the encodings are frozen into the program. One that is missing ends it.
//!
//! Source: CPython `Python/pylifecycle.c` (`init_import_site`, `init_sys_streams`), `Python/frozen.c`; runs of every version from 3.6 to
//! 3.14 with one module taken away at a time.

use super::base::Base;
use crate::binary::Binary;
use crate::support::PyPath;
use crate::support::World;
use crate::support::files::{self, Content};
use crate::support::notes::{Notes, Problem};
use crate::support::version::{Implementation, Minor};

/// What every version imports from its files.
const ALWAYS: &str = "encodings/__init__";

/// What comes next, from 3.11 on. Before, these two are not looked for: so much more is that the package stands for them.
const FROM_3_11: [&str; 2] = ["encodings/aliases", "encodings/utf_8"];

/// What comes next up to 3.10, and for every PyPy: from 3.11 on CPython has these frozen into the program.
const UNTIL_3_10: [&str; 10] = [
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

/// What 3.6 needs besides.
const ONLY_3_6: [&str; 2] = ["_weakrefset", "sysconfig"];

/// The most of a zip file of modules that is read, in bytes: the whole library takes about 10 MB.
const ZIP_CAP: u64 = 64 << 20;

/// Where Python looks for its first modules: `PYTHONPATH`, then the standard library.
pub fn module_paths(world: &World, stdlib: &PyPath) -> Vec<PyPath> {
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

/// Why Python would stop at an import, if it would.
pub fn problem(
    base: &Base,
    binary: &Binary,
    paths: &[PyPath],
    notes: &mut Notes,
) -> Option<Problem> {
    let library = Library::of(base, binary);
    let absent = needed(binary)
        .find(|module| !library.has(module) && !paths.iter().any(|it| has(it, module)));
    let Some(module) = absent else {
        let said = "the standard library is there";
        notes.say("getpath", &base.stdlib.os_join("encodings"), said);
        return None;
    };
    if zipped(base) {
        notes.say("getpath", &zip(base), "the standard library, in one file");
        return None;
    }
    Some(missing(module, base))
}

/// Python dies with "No module named …".
pub fn missing(module: &str, base: &Base) -> Problem {
    let name = module.trim_end_matches("/__init__").replace('/', ".");
    let stdlib = base.stdlib.shown();
    let (what, path) = if name == "encodings" {
        ("there is no standard library", base.stdlib.clone())
    } else {
        let file = base.stdlib.os_join(format!("{module}.py"));
        ("a module is missing from the standard library", file)
    };
    Problem::new(
        format!("{what} in {stdlib}: Python would stop with \"No module named '{name}'\""),
        &path,
        "",
    )
}

/// The modules that this version imports from files when it starts.
fn needed(binary: &Binary) -> impl Iterator<Item = &'static str> {
    let more: &[&str] = if is_frozen(binary) {
        &FROM_3_11
    } else {
        &UNTIL_3_10
    };
    let only_3_6: &[&str] = if binary.minor == Minor(3, 6) {
        &ONLY_3_6
    } else {
        &[]
    };
    [ALWAYS]
        .into_iter()
        .chain(more.iter().chain(only_3_6).copied())
}

/// Is all but the encodings a part of the program?
fn is_frozen(binary: &Binary) -> bool {
    binary.implementation == Implementation::Cpython && binary.minor >= Minor(3, 11)
}

/// The folder of the standard library. Its names are listed at once, where many are asked for.
struct Library<'a> {
    /// The folder.
    folder: &'a PyPath,
    /// What is in it; none when it was not listed.
    names: Vec<PyPath>,
}

impl<'a> Library<'a> {
    /// Lists it for those who import more from it than the encodings.
    fn of(base: &'a Base, binary: &Binary) -> Self {
        let names = match is_frozen(binary) {
            true => Vec::new(),
            false => files::names(&base.stdlib, 10_000),
        };
        let folder = &base.stdlib;
        Self { folder, names }
    }

    /// Is this module there? A name that is listed need not be a file, so one that is not is only ruled out.
    fn has(&self, module: &str) -> bool {
        let file = PyPath::from(format!("{module}.py").as_str());
        self.names.binary_search(&file).is_ok() || has(self.folder, module)
    }
}

/// Is there a module of this name in the folder, as source or as bytecode?
fn has(folder: &PyPath, module: &str) -> bool {
    let file = |suffix: &str| folder.os_join(format!("{module}{suffix}"));
    files::is_file(&file(".py")) || files::is_file(&file(".pyc"))
}

/// `lib/pythonXY.zip`, which comes before the folder.
fn zip(base: &Base) -> PyPath {
    base.stdlib
        .dirname()
        .os_join(base.stdlib.basename().lossy().replace('.', "") + ".zip")
}

/// Does that file hold the library? The names of a zip file's members stand in it as they are.
fn zipped(base: &Base) -> bool {
    match files::read(&zip(base), ZIP_CAP) {
        Content::Bytes(bytes) => memchr::memmem::find(&bytes, b"encodings/__init__.py").is_some(),
        _ => false,
    }
}
