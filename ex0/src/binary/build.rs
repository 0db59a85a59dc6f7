//! How was it built? The header, the loader, the symbols and the library's name show it.

use elf::abi;
use serde::Serialize;

use super::Binary;
use super::elf::ElfFile;
use crate::support::version::{Flavour, Implementation, Minor};

/// How the names of musl's loaders begin.
pub const MUSL: &[u8] = b"ld-musl";

/// How an interpreter was built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Build {
    /// The machine that it was built for, as `uname -m` names it.
    pub architecture: Option<&'static str>,
    /// The C library. The name of the loader shows it.
    pub libc: Option<&'static str>,
    /// Built without the global lock. The names of its folders contain a `t`.
    pub free_threaded: bool,
    /// Built to find errors in Python itself.
    pub debug: bool,
}

/// What the program's header and its loader show.
pub fn build(elf: &ElfFile) -> Build {
    let architecture = match elf.header.e_machine {
        abi::EM_X86_64 => Some("x86_64"),
        abi::EM_386 => Some("i686"),
        abi::EM_AARCH64 => Some("aarch64"),
        abi::EM_ARM => Some("arm"),
        abi::EM_RISCV => Some("riscv64"),
        abi::EM_PPC64 => Some("ppc64le"),
        abi::EM_S390 => Some("s390x"),
        _ => None,
    };
    let loader = elf.loader().map(|it| it.basename()).unwrap_or_default();
    let libc = if loader.bytes().starts_with(MUSL) {
        Some("musl")
    } else if loader.bytes().starts_with(b"ld") {
        Some("glibc")
    } else {
        None
    };
    Build {
        architecture,
        libc,
        ..Build::default()
    }
}

/// What the exported functions show: other builds do not have them.
pub fn with_flags(build: Build, elf: &ElfFile) -> Build {
    Build {
        free_threaded: elf.exports("_Py_MergeZeroLocalRefcount"),
        debug: elf.exports("_Py_NegativeRefcount"),
        ..build
    }
}

impl Binary {
    pub fn is_pypy(&self) -> bool {
        self.implementation == Implementation::Pypy
    }

    /// Is it CPython 3.6? That one has many rules of its own.
    pub fn is_3_6(&self) -> bool {
        !self.is_pypy() && self.minor == Minor(3, 6)
    }

    /// The Pythons that see the same packages.
    pub fn flavour(&self) -> Flavour {
        Flavour {
            implementation: self.implementation,
            free_threaded: self.build.free_threaded,
            minor: Some(self.minor),
        }
    }
}

/// What the name of a library shows: `libpython3.11.so.1.0`, `libpython3.6m.so.1.0`, `libpython3.13t.so.1.0`, `libpypy3.9-c.so`.
pub fn library_name(name: &str) -> Option<Flavour> {
    let (flavour, rest) = Flavour::at_start(name.strip_prefix("lib")?)?;
    rest.contains(".so").then_some(flavour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<(Implementation, u8, u8, bool)>) {
        let expected = expected.map(|(implementation, major, minor, free_threaded)| Flavour {
            implementation,
            minor: Some(Minor(major, minor)),
            free_threaded,
        });
        assert_eq!(library_name(name), expected);
    }

    #[test]
    fn the_name_of_libpython_contains_the_minor_version() {
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
