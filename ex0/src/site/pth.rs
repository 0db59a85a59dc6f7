//! What do the `.pth` files do? Which one stops Python?
//!
//! site reads every `.pth` file in the folders of packages. It adds each line to sys.path, or executes it. Python stops at a byte that it
//! cannot decode, and waits forever for a FIFO. What a line of code does is not checked.
//!
//! Source: CPython `Lib/site.py` (`addsitedir`, `addpackage`); test runs of 3.6 to 3.13 and of PyPy, which goes on without site.

use crate::binary::Binary;
use crate::finding::{Cause, Odd};
use crate::getpath::Folder;
use crate::support::files::{self, Content};
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// How many bytes of a file are read at most. A larger one is not checked.
const CAP: u64 = 1 << 20;

/// A folder of packages and the names in it. It is listed once: that costs less than to ask for each name.
pub struct Listed {
    folder: PyPath,
    names: Vec<PyPath>,
}

impl Listed {
    pub fn read(folder: PyPath) -> Self {
        let names = files::names(&folder, 100_000);
        Self { folder, names }
    }

    /// The modules in it.
    pub fn modules<'a>(&self, binary: &'a Binary) -> Folder<'a> {
        Folder::of(self.folder.clone(), self.names.clone(), binary)
    }

    /// The `.pth` files, in Python's order. Whether a hidden one counts depends on the release.
    fn pths(&self) -> impl Iterator<Item = PyPath> {
        let is_pth = |it: &&PyPath| it.bytes().ends_with(b".pth") && !it.bytes().starts_with(b".");
        let names = self.names.iter().filter(is_pth);
        names.map(|it| self.folder.os_join(it))
    }
}

/// What the `.pth` files in a folder of packages do.
#[derive(Default)]
pub struct Effects {
    /// The first file that stops Python.
    pub problem: Option<Cause>,
    /// The folders on sys.path, each with the file that adds it.
    pub added: Vec<(PyPath, PyPath)>,
    /// The first line of each file that runs code. Lines of well-known tools are left out.
    pub runs: Vec<(PyPath, usize)>,
}

impl Effects {
    /// Reads all `.pth` files of a folder.
    pub fn of(folder: &Listed, binary: &Binary, world: &World) -> Self {
        let mut effects = Self::default();
        for path in folder.pths() {
            match files::read(&path, CAP) {
                Content::Bytes(bytes) => {
                    effects.read(&path, &bytes);
                    if let Some(at) = undecodable(&bytes, binary, world) {
                        let line = bytes[..at].split(|&byte| byte == b'\n').count();
                        effects.problem = Some(Cause::PthUndecodable { path, line });
                        break;
                    }
                }
                Content::Fifo => {
                    let odd = Odd::Fifo;
                    effects.problem = Some(Cause::PthUnreadable { path, odd });
                    break;
                }
                _ => {}
            }
        }
        effects
    }

    /// Adds what the lines of one file do.
    fn read(&mut self, path: &PyPath, bytes: &[u8]) {
        // A mark of the byte order counts as a letter before 3.13; then the line is the name of a folder that is not there.
        let lines = bytes.split(|it| *it == b'\n');
        let mut runs = None;
        for (at, line) in lines.enumerate() {
            let is_code = [&b"import "[..], b"import\t"]
                .iter()
                .any(|it| line.starts_with(it));
            if is_code && !is_well_known(path, line) {
                runs = runs.or(Some(at + 1));
            }
            let name = line.trim_ascii_end();
            if !is_code && !name.is_empty() && !line.starts_with(b"#") {
                let folder = path.dirname().os_join(name);
                self.added.push((folder, path.clone()));
            }
        }
        self.runs.extend(runs.map(|at| (path.clone(), at)));
    }
}

/// The files that well-known tools write: the beginning and the end of the name, and how their line of code begins.
const WELL_KNOWN: [(&str, &str, &str); 8] = [
    (
        "distutils-precedence",
        ".pth",
        "import os; var = 'SETUPTOOLS_USE_DISTUTILS'",
    ),
    ("_virtualenv", ".pth", "import _virtualenv"),
    (
        "_uv_ephemeral_overlay",
        ".pth",
        "import site; site.addsitedir(",
    ),
    ("__editable__", ".pth", "import __editable__"),
    ("_editable_impl_", ".pth", "import _editable_impl_"),
    ("_", "_editable.pth", "import _"),
    ("", "-editable.pth", "import _"),
    ("", "-nspkg.pth", "import sys, types, os"),
];

/// Is it the line of a tool that makes packages and environments work, and nothing else?
fn is_well_known(file: &PyPath, line: &[u8]) -> bool {
    let name = file.basename();
    WELL_KNOWN.iter().any(|(start, end, code)| {
        name.bytes().starts_with(start.as_bytes())
            && name.bytes().ends_with(end.as_bytes())
            && line.starts_with(code.as_bytes())
    })
}

/// The place of the first byte that Python cannot decode. In a locale that is not UTF-8 it may decode every byte.
fn undecodable(bytes: &[u8], binary: &Binary, world: &World) -> Option<usize> {
    // Since 3.7 the C locale means UTF-8.
    let speaks_ascii = binary.minor < Minor(3, 7) && speaks_ascii(world);
    if speaks_ascii {
        return bytes.iter().position(|it| !it.is_ascii());
    }
    let error = std::str::from_utf8(bytes).err()?;
    speaks_utf8(world).then(|| error.valid_up_to())
}

/// The locale that Python uses for letters.
fn locale(world: &World) -> Option<&PyPath> {
    let variables = ["LC_ALL", "LC_CTYPE", "LANG"];
    variables.iter().find_map(|it| world.non_empty(it))
}

/// Is it the C locale?
pub fn speaks_ascii(world: &World) -> bool {
    locale(world).is_none_or(|it| matches!(it.bytes(), b"C" | b"POSIX"))
}

/// Is it a locale with UTF-8, or the C locale, which Python treats as one?
fn speaks_utf8(world: &World) -> bool {
    let ends = |it: &PyPath| {
        let name = it.lossy().to_lowercase();
        name.ends_with("utf-8") || name.ends_with("utf8")
    };
    speaks_ascii(world) || locale(world).is_some_and(ends)
}
