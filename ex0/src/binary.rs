//! Which Python is this program, to the last digit?
//!
//! `pyvenv.cfg` only remembers the version of the day when the environment was made. The program itself knows: since Python 3.11 it
//! exports the integer `Py_Version`, in the executable or in the libpython that it needs. Older ones are named by their libpython or
//! by their constants as far as `X.Y`.

mod elf; // what is written inside a program on Linux
mod kernel; // would exec succeed?
mod loader; // would the dynamic loader succeed?
mod symbols; // what a program exports, and wants of others
mod constants; // what is searched for where nothing else tells
mod places; // where the loader looks
mod build; // how it was built
mod release; // the version of one that exports none

pub use build::Build;
pub use kernel::Outcome;

use std::cell::OnceCell;

use self::build::{build, library_name, no_elf, with_flags};
use self::elf::{ElfFile, Opened};
use self::loader::Load;
use crate::finding::{Manager, Opaque, VersionSource};
use crate::support::version::{Implementation, Minor, Version};
use crate::support::{PyPath, World};

/// What a file that the kernel would start turned out to be.
pub enum Program {
    /// A Python, as far as it can be known from its inside.
    Python(Box<Binary>),
    /// A script, as much of it as a shim has.
    Script(Vec<u8>),
    Other(Opaque),
}

/// An interpreter's binary.
pub struct Binary {
    pub implementation: Implementation,
    pub minor: Minor,
    /// `X.Y.Z`, when the program itself says so.
    pub version: Option<Version>,
    /// What `version` was read from.
    pub source: VersionSource,
    /// The executable, links resolved.
    pub file: PyPath,
    /// The shared library that holds the interpreter, where there is one.
    pub library: Option<PyPath>,
    /// What else its inside says.
    pub build: Build,
    /// How it would end to start it.
    pub outcome: Outcome,
    /// How many libraries it needs.
    pub libraries: usize,
    /// The file that holds the interpreter, to be searched for constants.
    elf: ElfFile,
    /// The compiled-in prefix, searched for at most once.
    prefix: OnceCell<Option<PyPath>>,
}

/// Looks into a program.
pub fn inspect(file: &PyPath, world: &World) -> Program {
    let elf = match ElfFile::open(file) {
        Opened::Elf(elf) => *elf,
        Opened::Other(head) => {
            return match no_elf(&head) {
                Opaque::Script => Program::Script(head),
                other => Program::Other(other),
            };
        }
        Opened::Unreadable => return Program::Other(Opaque::Unreadable),
    };
    let real = elf.real_path(file);
    let Load { libraries, outcome } = loader::load(&elf, &real, world);
    let count = libraries.len();
    let named = elf
        .dynamic
        .needed
        .iter()
        .find_map(|name| library_name(&name.basename().lossy()));
    let own = elf.constant("Py_Version").and_then(Version::from_hex);
    let held = if own.is_some() { None } else { named };
    let build = build(&elf);
    let Some(named) = held else {
        return alone(elf, real, own, (count, outcome));
    };
    let library = libraries
        .into_iter()
        .find_map(|it| Some((it.path, it.elf?)));
    let (path, inner) = library.map_or((None, elf), |(path, elf)| (Some(path), elf));
    let exported = inner.constant("Py_Version").and_then(Version::from_hex);
    let build = if path.is_some() {
        with_flags(build, &inner)
    } else {
        Build {
            free_threaded: named.free_threaded,
            ..build
        }
    };
    python(Binary {
        implementation: named.implementation,
        minor: exported.as_ref().map_or(named.minor, |it| it.minor),
        version: exported,
        source: VersionSource::SymbolOfLibrary,
        file: real,
        library: path,
        build,
        outcome,
        libraries: count,
        elf: inner,
        prefix: OnceCell::new(),
    })
}

/// A program that needs no libpython: an interpreter in one file, or none.
fn alone(elf: ElfFile, file: PyPath, own: Option<Version>, load: (usize, Outcome)) -> Program {
    let Some(minor) = inside(&elf, own.as_ref()) else {
        return Program::Other(if file.basename().bytes() == b"mise" {
            Opaque::ShimOf(Manager::Mise)
        } else if elf.is_cut_off() {
            Opaque::CutOff
        } else {
            Opaque::NoPython
        });
    };
    let (libraries, outcome) = load;
    python(Binary {
        implementation: Implementation::Cpython,
        minor,
        version: own,
        source: VersionSource::Symbol,
        file,
        library: None,
        build: with_flags(build(&elf), &elf),
        outcome,
        libraries,
        elf,
        prefix: OnceCell::new(),
    })
}

fn python(binary: Binary) -> Program {
    if binary.minor < Minor(3, 6) {
        return Program::Other(Opaque::TooOld(binary.minor));
    }
    Program::Python(Box::new(binary))
}

/// The `X.Y` of an interpreter that is one file, without a libpython.
fn inside(elf: &ElfFile, exported: Option<&Version>) -> Option<Minor> {
    if let Some(version) = exported {
        return Some(version.minor);
    }
    // Before 3.11: the name of its folder of modules is among its constants. A program that only starts Python has such a constant too;
    // an interpreter is one that others can extend.
    if !elf.exports("Py_Initialize") {
        return None;
    }
    elf.search(b"python3.", |window, at| {
        let text = text_at(window, at + "python".len());
        let minor = Minor::at_start(&text).filter(|it| *it < Minor(3, 11))?;
        (text == minor.to_string() && matches!(window.get(at.wrapping_sub(1)), Some(0 | b'/')))
            .then_some(minor)
    })
}

impl Binary {
    /// The prefix that the interpreter was configured with, which it falls back on when it finds no landmark.
    ///
    /// From 3.11 it stands between two names of getpath's variables; before, in front of the name of the folder of modules.
    pub fn compiled_prefix(&self) -> Option<PyPath> {
        let search = || {
            if self.minor >= Minor(3, 11) {
                return self.elf.search(b"\0WITH_NEXT_FRAMEWORK\0", |window, at| {
                    let start = at + "\0WITH_NEXT_FRAMEWORK\0".len();
                    let text = window.get(start..)?.split(|&byte| byte == 0).next()?;
                    let after = window.get(start + text.len() + 1..)?;
                    (text.starts_with(b"/") && after.starts_with(b"EXEC_PREFIX\0"))
                        .then(|| PyPath::new(text))
                });
            }
            [
                format!("\0lib/python{}\0", self.minor),
                format!("\0python{}\0", self.minor),
            ]
            .iter()
            .find_map(|needle| {
                self.elf.search(needle.as_bytes(), |window, at| {
                    let start = window[..at].iter().rposition(|&byte| byte == 0)? + 1;
                    Some(PyPath::new(&window[start..at])).filter(PyPath::is_absolute)
                })
            })
        };
        self.prefix.get_or_init(search).clone()
    }

    /// Is it one of python-build-standalone's that looks for its library in /proc/self/maps? It carries the pattern of a line there.
    pub fn is_standalone(&self) -> bool {
        self.mentions("%lx-%lx %*s %*s %*s %*s")
    }

    /// Does a text stand among the interpreter's constants? (From 3.11 the module site is one of them.)
    pub fn mentions(&self, text: &str) -> bool {
        self.elf.search(text.as_bytes(), |_, _| Some(())).is_some()
    }
}

#[cfg(test)]
impl Binary {
    /// An interpreter of any version, for trees that a test builds: its inside is this test program.
    pub fn pretend(major: u8, minor: u8, file: &PyPath) -> Self {
        let own = PyPath::from(std::env::current_exe().unwrap().as_path());
        Self {
            implementation: Implementation::Cpython,
            minor: Minor(major, minor),
            version: None,
            source: VersionSource::Symbol,
            file: file.clone(),
            library: None,
            build: Build::default(),
            outcome: Outcome::Loads,
            libraries: 0,
            elf: ElfFile::open_elf(&own).unwrap(),
            prefix: OnceCell::new(),
        }
    }
}

/// The text that starts here and ends at the next NUL, at most 80 bytes of it.
pub fn text_at(window: &[u8], at: usize) -> String {
    let text = window.get(at..).unwrap_or_default();
    let text = text
        .iter()
        .take(80)
        .take_while(|&&byte| byte != 0)
        .copied()
        .collect();
    String::from_utf8(text).unwrap_or_default()
}
