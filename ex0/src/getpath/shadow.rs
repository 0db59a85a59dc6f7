//! Does `PYTHONPATH` put another module before one that Python needs to start?
//!
//! In a folder, a package comes first, then a library, then source, then bytecode. An empty `encodings.so` stops Python too. A folder without
//! `__init__` is no package: the search goes on. An entry of `PYTHONPATH` may also be a zip file.
//!
//! Source: CPython `Lib/importlib/_bootstrap_external.py` (`FileFinder.find_spec`); test runs of every version from 3.6 to 3.13 and of PyPy.

mod library; // does Python start with a whole library of another one?
mod zip; // which names are in a zip file?

pub use self::zip::members;

use super::base::Base;
use super::library::{FIRST, needed};
use crate::binary::Binary;
use crate::finding::{Cause, Notes, Opaque};
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::{Implementation, Minor};

/// The modules that PyPy imports after it has read `PYTHONPATH`.
const OF_PYPY: [&str; 9] = [
    "site",
    "os",
    "abc",
    "stat",
    "posixpath",
    "genericpath",
    "_collections_abc",
    "io",
    "_sitebuiltins",
];

/// Those of them with which PyPy stops, goes on without site, or starts as usual: what is in them decides.
const OPEN_IN_PYPY: [&str; 3] = ["stat", "io", "_sitebuiltins"];

/// The cause of the first module on `PYTHONPATH` that stops Python, because it is not the same as Python's own.
pub fn problem(base: &Base, binary: &Binary, notes: &mut Notes) -> Option<Cause> {
    let mut others = base.before.iter().filter(|it| it.path != base.stdlib);
    let mut first = others.find_map(|it| problem_in(it, base, binary, notes))?;
    if let Cause::Shadowed { folders, .. } = &mut first {
        // Without the first folder, Python would stop at the next one.
        for folder in others {
            let next = problem_in(folder, base, binary, &mut Notes::default());
            if let Some(Cause::Shadowed { folders: more, .. }) = next {
                folders.extend(more);
            }
        }
    }
    Some(first)
}

/// The cause of the first module in a folder that stops Python.
fn problem_in(folder: &Folder, base: &Base, binary: &Binary, notes: &mut Notes) -> Option<Cause> {
    if !binary.is_pypy() {
        if folder.is_library(base) {
            return library::problem(folder, base, binary, notes);
        }
        let encodings = folder.module(FIRST);
        if let Some(file) = encodings.filter(|_| !folder.has_whole_encodings()) {
            return Some(folder.shadows(FIRST, file));
        }
    }
    let modules = if binary.is_pypy() {
        OF_PYPY.to_vec()
    } else {
        needed(base)
    };
    modules.into_iter().find_map(|module| {
        let found = folder.module(module);
        let file = found.filter(|it| !is_same(base, module, it))?;
        // Another site may not stop Python, but it decides everything that follows. The newer versions need less of the others.
        let is_open = module == "site" || (binary.is_pypy() && OPEN_IN_PYPY.contains(&module));
        let is_known = !is_open && binary.minor < Minor(3, 11);
        Some(if is_known {
            folder.shadows(module, file)
        } else {
            Cause::opaque(&binary.file, Opaque::OtherModule(module, file))
        })
    })
}

/// Has the file the text of Python's own module?
fn is_same(base: &Base, module: &str, file: &PyPath) -> bool {
    let own = files::text(&base.stdlib.os_join(format!("{module}.py")));
    own.is_some() && own == files::text(file)
}

/// A folder of modules, or a zip file of them, as this Python sees it.
#[derive(Clone, Debug)]
pub struct Folder {
    pub path: PyPath,
    names: Vec<PyPath>,
    is_zip: bool,
    rules: (Implementation, Minor),
}

impl Folder {
    pub fn read(path: &PyPath, binary: &Binary) -> Self {
        Self::of(path.clone(), Vec::new(), binary).listed()
    }

    /// The same folder or zip file, with the names in it.
    fn listed(mut self) -> Self {
        self.names = files::names(&self.path, 100_000);
        self.is_zip = self.names.is_empty() && files::is_file(&self.path);
        if self.is_zip {
            self.names = members(&self.path);
        }
        self
    }

    /// A folder whose names are known.
    pub fn of(path: PyPath, names: Vec<PyPath>, binary: &Binary) -> Self {
        Self {
            path,
            names,
            is_zip: false,
            rules: (binary.implementation, binary.minor),
        }
    }

    /// The package with this name. A zip file has no folders, only names with a slash.
    fn package(&self, name: &str) -> Self {
        let front = format!("{name}/");
        let inside = |it: &PyPath| Some(PyPath::new(it.bytes().strip_prefix(front.as_bytes())?));
        let package = Self {
            path: self.path.os_join(name),
            names: self.names.iter().filter_map(inside).collect(),
            ..*self
        };
        if self.is_zip {
            package
        } else {
            package.listed()
        }
    }

    /// The cause: Python imports this file instead of its own module.
    fn shadows(&self, module: &'static str, file: PyPath) -> Cause {
        let folders = vec![self.path.clone()];
        Cause::Shadowed {
            module,
            file,
            folders,
        }
    }

    /// The names of the files and folders in it.
    pub fn names(&self) -> &[PyPath] {
        &self.names
    }

    /// Is there a file or a folder of this name?
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search(&name.into()).is_ok()
    }

    /// The file that an import of this module takes; of a package, its folder.
    fn module(&self, module: &str) -> Option<PyPath> {
        let package = self.init(module).map(|_| self.path.os_join(module));
        package.or_else(|| self.file(module))
    }

    /// The file that runs when this module is imported.
    pub fn code(&self, module: &str) -> Option<PyPath> {
        self.init(module).or_else(|| self.file(module))
    }

    /// The file `__init__` of a package.
    fn init(&self, package: &str) -> Option<PyPath> {
        let may_be_there = self.is_zip || self.has(package);
        let file = may_be_there.then(|| self.package(package).file("__init__"));
        file.flatten()
    }

    /// The file of a module that is no package.
    fn file(&self, module: &str) -> Option<PyPath> {
        let suffixes = self.names.iter().filter_map(|name| {
            let suffix = name.bytes().strip_prefix(module.as_bytes())?;
            Some((self.rank(suffix)?, name))
        });
        let mut files: Vec<(u8, PyPath)> = suffixes
            .map(|(rank, name)| (rank, self.path.os_join(name)))
            .filter(|(_, file)| self.is_zip || files::is_file(file))
            .collect();
        files.sort();
        files.into_iter().next().map(|(_, file)| file)
    }

    /// The place of a suffix in the order in which this Python looks for them; `None` for other files.
    fn rank(&self, suffix: &[u8]) -> Option<u8> {
        let of_pypy = self.rules.0 == Implementation::Pypy;
        let tag = tag(self.rules);
        match suffix {
            b".py" => Some(2),
            b".pyc" => Some(3),
            // No library is loaded out of a zip file.
            _ if self.is_zip => None,
            b".so" | b".abi3.so" if !of_pypy => Some(1),
            _ => (suffix.starts_with(tag.as_bytes()) && suffix.ends_with(b".so")).then_some(0),
        }
    }

    /// Are all modules here that Python needs? Then it is no accident but another library.
    fn is_library(&self, base: &Base) -> bool {
        let has = |module: &&str| self.module(module).is_some();
        self.has_whole_encodings() && needed(base).iter().all(has)
    }

    /// Is there a package of encodings that comes from a Python?
    fn has_whole_encodings(&self) -> bool {
        let package = self.package(FIRST);
        let is_there = |module: &&str| {
            package.has(&format!("{module}.py")) || package.has(&format!("{module}.pyc"))
        };
        ["__init__", "aliases", "utf_8"].iter().all(is_there)
    }
}

/// The first part of the suffix of files for this Python alone.
pub fn tag((implementation, minor): (Implementation, Minor)) -> String {
    let word = match implementation {
        Implementation::Pypy => "pypy",
        Implementation::Cpython => "cpython-",
    };
    format!(".{word}{}{}", minor.0, minor.1)
}
