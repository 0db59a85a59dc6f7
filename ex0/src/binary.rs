//! Which Python is this program, to the last digit?
//!
//! `pyvenv.cfg` only remembers the version of the day when the environment was made. The program itself knows: since Python 3.11 it
//! exports the integer `Py_Version`, in the executable or in the libpython that it needs. Older ones are named by their libpython or
//! by their constants as far as `X.Y`.

mod elf; // what is written inside a program on Linux
mod symbols; // what a program exports
mod loader; // where the dynamic loader finds a library
mod release; // the version of one that exports none

use std::cell::OnceCell;

use self::elf::{Dynamic, ElfFile, Opened};
use crate::support::PyPath;
use crate::support::World;
use crate::support::version::{Implementation, Minor, Version};

/// What a file that the kernel would start turned out to be.
pub enum Program {
    /// A Python, as far as it can be known from its inside.
    Python(Box<Binary>),
    /// Starts with `#!`, or is some other text: what it starts is not known.
    Script,
    /// A program, but no Python that we know: the reason.
    Other(String),
}

/// An interpreter's binary.
pub struct Binary {
    /// CPython or PyPy.
    pub implementation: Implementation,
    /// `X.Y`.
    pub minor: Minor,
    /// Built without the global lock: `t` is part of its folders' names.
    pub free_threaded: bool,
    /// `X.Y.Z`, when the program itself says so.
    pub version: Option<Version>,
    /// What `version` was read from.
    pub source: &'static str,
    /// The executable, links resolved.
    pub file: PyPath,
    /// The shared library that holds the interpreter, where there is one.
    pub library: Option<PyPath>,
    /// The shared library that is needed and nowhere to be found.
    pub missing: Option<String>,
    /// The file that holds the interpreter, to be searched for constants.
    pub elf: ElfFile,
    /// The compiled-in prefix, searched for at most once.
    prefix: OnceCell<Option<PyPath>>,
}

/// Looks into a program.
pub fn inspect(file: &PyPath, world: &World) -> Program {
    let elf = match ElfFile::open(file) {
        Opened::Elf(elf) => elf,
        Opened::Other(head) => return no_elf(&head),
        Opened::Unreadable => return Program::Other("it cannot be read".to_owned()),
    };
    let real = elf.real_path(file);
    // A symbol of its own settles it: then there is no libpython to look for.
    let own = elf.constant("Py_Version").and_then(Version::from_hex);
    let dynamic = if own.is_none() {
        elf.dynamic()
    } else {
        Dynamic::default()
    };
    let needed = dynamic
        .needed
        .iter()
        .find_map(|name| Some((name, library_name(name.rsplit('/').next()?)?)));
    let Some((name, named)) = needed else {
        return inside(elf, real, own);
    };
    let library = loader::find(name, &dynamic, &real, world);
    let missing = library.is_none().then(|| name.clone());
    let inner = library.as_ref().and_then(ElfFile::open_elf);
    let exported = inner
        .as_ref()
        .and_then(|it| it.constant("Py_Version"))
        .and_then(Version::from_hex);
    Program::Python(Box::new(Binary {
        implementation: named.implementation,
        minor: exported.as_ref().map_or(named.minor, |it| it.minor),
        free_threaded: named.free_threaded,
        version: exported,
        source: "the symbol Py_Version of its libpython",
        file: real,
        library,
        missing,
        elf: inner.unwrap_or(elf),
        prefix: OnceCell::new(),
    }))
}

/// An interpreter that is one file, without a libpython.
fn inside(elf: ElfFile, file: PyPath, exported: Option<Version>) -> Program {
    let name = file.basename().lossy().into_owned();
    let minor = match &exported {
        Some(version) => Some(version.minor),
        // Before 3.11: the name of its folder of modules is among its constants. A program that only starts Python has such a constant
        // too; an interpreter is one that others can extend.
        None if elf.exports("Py_Initialize") => elf.search(b"python3.", |window, at| {
            let text = text_at(window, at + "python".len());
            let minor = Minor::at_start(&text).filter(|it| *it < Minor(3, 11))?;
            (text == minor.to_string() && matches!(window.get(at.wrapping_sub(1)), Some(0 | b'/')))
                .then_some(minor)
        }),
        None => None,
    };
    let Some(minor) = minor else {
        return Program::Other("a program that is no Python 3 inside; it may start one".to_owned());
    };
    Program::Python(Box::new(Binary {
        implementation: Implementation::Cpython,
        minor,
        free_threaded: name
            .strip_prefix("python")
            .and_then(|it| it.strip_suffix('t'))
            .is_some(),
        version: exported,
        source: "its symbol Py_Version",
        file,
        library: None,
        missing: None,
        elf,
        prefix: OnceCell::new(),
    }))
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
            free_threaded: false,
            version: None,
            source: "",
            file: file.clone(),
            library: None,
            missing: None,
            elf: ElfFile::open_elf(&own).unwrap(),
            prefix: OnceCell::new(),
        }
    }
}

/// A file that is not ELF, by its first bytes.
fn no_elf(head: &[u8]) -> Program {
    let reason = match head {
        [0x7f, b'E', b'L', b'F', ..] => "its ELF tables are damaged or missing",
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => {
            "a Mach-O program: its version is not read here"
        }
        [b'M', b'Z', ..] => "a Windows program: its version is not read here",
        _ => return Program::Script,
    };
    Program::Other(reason.to_owned())
}

/// What the name of a library says.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    /// CPython or PyPy.
    implementation: Implementation,
    /// `X.Y`.
    minor: Minor,
    /// The `t` of a build without the global lock.
    free_threaded: bool,
}

/// `libpython3.11.so.1.0`, `libpython3.6m.so.1.0`, `libpython3.13t.so.1.0`, `libpypy3.9-c.so`.
fn library_name(name: &str) -> Option<Named> {
    let (implementation, rest) = if let Some(rest) = name.strip_prefix("libpython") {
        (Implementation::Cpython, rest)
    } else {
        (Implementation::Pypy, name.strip_prefix("libpypy")?)
    };
    let minor = Minor::at_start(rest)?;
    let flags = rest.strip_prefix(&minor.to_string())?;
    let free_threaded = flags.starts_with('t');
    (flags.contains(".so")).then_some(Named {
        implementation,
        minor,
        free_threaded,
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<(Implementation, u8, u8, bool)>) {
        let expected = expected.map(|(implementation, major, minor, free_threaded)| Named {
            implementation,
            minor: Minor(major, minor),
            free_threaded,
        });
        assert_eq!(library_name(name), expected);
    }

    #[test]
    fn the_name_of_libpython_holds_the_minor_version() {
        use Implementation::{Cpython, Pypy};
        check("libpython3.11.so.1.0", Some((Cpython, 3, 11, false)));
        check("libpython3.6m.so.1.0", Some((Cpython, 3, 6, false)));
        check("libpython3.13t.so.1.0", Some((Cpython, 3, 13, true)));
        check("libpypy3.9-c.so", Some((Pypy, 3, 9, false)));
        check("libpython3.so", None);
        check("libc.so.6", None);
        check("libpython3.99999.so", None);
    }
}
