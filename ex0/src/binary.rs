//! 2. Which Python is this program, exactly?
//!
//! The version in `pyvenv.cfg` is the version that made the environment, perhaps years ago. The program itself has its own version: since
//! Python 3.11 the executable or its libpython exports the integer `Py_Version`. In older programs the name of the libpython, or a
//! constant, shows the first two numbers, `X.Y`.

mod elf; // what is inside a program on Linux
mod segments; // what is at an address, and whether the file is whole
mod header; // what exec and the loader accept
mod kernel; // would exec succeed?
mod script; // would exec start what a script names?
mod loader; // would the dynamic loader succeed?
mod library; // what is kept of a library
mod symbols; // what a program exports, and which symbols it needs
mod constants; // a search for text, where there is no symbol
mod places; // where the loader looks
mod build; // how it was built
mod release; // the version of a program that exports none

pub use build::Build;
pub use kernel::LoadOutcome;
pub use places::library_path;
pub use script::{first_line, refusal};

use std::cell::OnceCell;

use self::build::{build, kind_of_non_elf, library_name, with_flags};
use self::elf::{ElfFile, Opened};
use self::kernel::outcome_of_start;
use self::loader::Load;
use crate::finding::{Cause, Manager, Opaque, Unloadable, VersionSource};
use crate::support::files;
use crate::support::version::{Implementation, Minor, Version};
use crate::support::{PyPath, World};

/// What a file is that the kernel would start.
pub enum Program {
    /// A Python.
    Python(Box<Binary>),
    /// A script, and its first bytes: enough for a shim.
    Script(Vec<u8>),
    /// exec or the loader refuses it, and it shows no version.
    Refused(Cause),
    Other(Opaque),
}

/// An interpreter's binary.
pub struct Binary {
    pub implementation: Implementation,
    pub minor: Minor,
    /// `X.Y.Z`, if the program itself says so.
    pub version: Option<Version>,
    /// What `version` was read from.
    pub source: VersionSource,
    /// The executable, with all links resolved.
    pub file: PyPath,
    /// The shared library that contains the interpreter, if there is one.
    pub library: Option<PyPath>,
    /// How it was built.
    pub build: Build,
    /// Would it start?
    pub outcome: LoadOutcome,
    /// How many libraries it needs.
    pub libraries: usize,
    /// The file that contains the interpreter, for the search for constants.
    elf: ElfFile,
    /// The compiled-in prefix. It is searched for at most once.
    prefix: OnceCell<Option<PyPath>>,
}

/// Looks into a program.
pub fn inspect(file: &PyPath, world: &World) -> Program {
    let elf = match ElfFile::open_program(file) {
        Opened::Elf(elf) => *elf,
        Opened::Other(head) => return non_elf(file, head),
        Opened::Unreadable | Opened::Closed => return Program::Other(Opaque::Unreadable),
        Opened::Failed(reason) => return Program::Other(Opaque::Failed(reason)),
    };
    let real = files::real_path(&elf.file, file);
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
        return without_libpython(elf, real, own, (count, outcome));
    };
    let library = libraries
        .into_iter()
        .find_map(|it| Some((it.path, it.elf?)));
    let outcome = match (&library, outcome) {
        (Some((path, inner)), LoadOutcome::Loads) => {
            outcome_of_start((&elf, &real), (inner, path), world)
        }
        (_, outcome) => outcome,
    };
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
    if_supported(Binary {
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

/// A file that is not ELF.
fn non_elf(file: &PyPath, head: Vec<u8>) -> Program {
    match kind_of_non_elf(&head) {
        Opaque::Script => Program::Script(head),
        Opaque::DamagedElf => {
            let (file, why) = (file.clone(), Unloadable::CutOff);
            Program::Refused(Cause::NotLoadable { file, why })
        }
        other => Program::Other(other),
    }
}

/// A program that needs no libpython: an interpreter in one file, or no interpreter.
fn without_libpython(
    elf: ElfFile,
    file: PyPath,
    own: Option<Version>,
    load: (usize, LoadOutcome),
) -> Program {
    let (libraries, outcome) = load;
    let Some(minor) = minor_inside(&elf, own.as_ref()) else {
        if let LoadOutcome::Fails(cause) = outcome {
            return Program::Refused(cause);
        }
        return Program::Other(if file.basename().bytes() == b"mise" {
            Opaque::ShimOf(Manager::Mise)
        } else {
            Opaque::NoPython
        });
    };
    if_supported(Binary {
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

/// The Python, unless it is older than all versions whose rules we know.
fn if_supported(binary: Binary) -> Program {
    if binary.minor < Minor(3, 6) {
        return Program::Other(Opaque::TooOld(binary.minor));
    }
    Program::Python(Box::new(binary))
}

/// The `X.Y` of an interpreter that is one file, without a libpython.
fn minor_inside(elf: &ElfFile, exported: Option<&Version>) -> Option<Minor> {
    if let Some(version) = exported {
        return Some(version.minor);
    }
    // Before 3.11 the name of its library folder is one of its constants. A program that only starts Python has such a constant too, but
    // only an interpreter exports functions for other programs.
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

#[cfg(test)]
impl Binary {
    /// An interpreter of any version, for the folders that a test builds. The bytes are those of this test program.
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
            outcome: LoadOutcome::Loads,
            libraries: 0,
            elf: ElfFile::open_elf(&own).unwrap(),
            prefix: OnceCell::new(),
        }
    }
}

/// The text that starts here and ends at the next NUL; at most 80 bytes.
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
