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
mod symbols; // what a program exports, and which symbols it needs
mod embeds; // the interpreter, or another program with a Python inside
mod constants; // a search for text, where there is no symbol
mod places; // where the loader looks
mod build; // how it was built
mod release; // the version of a program that exports none

pub use build::Build;
pub use kernel::LoadOutcome;
pub use places::library_path;
pub use script::{python_of, refusal};

use std::cell::OnceCell;

use self::build::{build, library_name, with_flags};
use self::elf::{ElfFile, Opened};
use self::kernel::outcome_of_start;
use self::loader::Load;
use crate::finding::{Cause, Notes, Opaque, Unloadable, VersionSource};
use crate::lookup::{self, Found};
use crate::support::version::{Implementation, Minor, Version};
use crate::support::{PyPath, World, files};

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
        Opened::Unreadable | Opened::Closed(_) => return Program::Other(Opaque::Unreadable),
        Opened::Failed(reason) => return Program::Other(Opaque::Failed(reason)),
    };
    let real = files::real_path(&elf.file, file);
    let load = loader::load(&elf, &real, world);
    interpreter(elf, real, load, world)
}

/// The file that starts in the end, and what it is. If the shell starts a shim, we can know what the shim starts.
pub fn follow(started: Found, world: &World, notes: &mut Notes) -> Result<(Found, Program), Cause> {
    let program = inspect(&started.file, world);
    let Program::Script(text) = &program else {
        return Ok((started, program));
    };
    let found = lookup::follow_shim(started, text, world, notes)?;
    let program = inspect(&found.file, world);
    Ok((found, program))
}

/// The Python that a program is, or that is in its libpython.
fn interpreter(elf: ElfFile, file: PyPath, load: Load, world: &World) -> Program {
    let Load { objects, outcome } = load;
    // The first object is the program itself.
    let libraries = objects.len() - 1;
    let own = exported_version(&elf);
    let starts_python = elf.starts_python();
    // What the name of its libpython shows. A program that exports a version contains the interpreter itself.
    let mut needed = elf.dynamic.needed.iter().map(PyPath::basename);
    let named = needed.find_map(|it| library_name(&it.lossy()));
    let named = named.filter(|_| own.is_none());
    // Of all objects, only a libpython keeps its file.
    let mut objects = objects.into_iter();
    let libpython = objects.find_map(|it| Some((it.path, it.elf?)));
    let library = libpython.filter(|_| named.is_some());
    let outcome = match (&library, outcome) {
        (Some((path, inner)), LoadOutcome::Loads) => {
            outcome_of_start((&elf, &file), (inner, path), world)
        }
        (_, outcome) => outcome,
    };
    let build = build(&elf);
    // From here on, `elf` is the file that contains the interpreter.
    let (library, elf) = library.map_or((None, elf), |(path, elf)| (Some(path), elf));
    let version = own.or_else(|| exported_version(&elf));
    let by_name = named.and_then(|it| it.minor);
    let minor = version.as_ref().map(|it| it.minor).or(by_name);
    let Some(minor) = minor.or_else(|| elf.minor_inside()) else {
        return no_interpreter(outcome, &file);
    };
    if !starts_python {
        return match outcome {
            LoadOutcome::Fails(cause) => Program::Refused(cause),
            _ => Program::Other(Opaque::Embeds),
        };
    }
    // These are all versions whose rules we know.
    if minor < Minor(3, 6) {
        return Program::Other(Opaque::TooOld(minor));
    }
    let mut build = with_flags(build, &elf);
    if let (None, Some(named)) = (&library, named) {
        build.free_threaded = named.free_threaded;
    }
    Program::Python(Box::new(Binary {
        implementation: named.map_or(Implementation::Cpython, |it| it.implementation),
        minor,
        version,
        source: VersionSource::Symbol,
        file,
        library,
        build,
        outcome,
        libraries,
        elf,
        prefix: OnceCell::new(),
    }))
}

/// The version in the constant that interpreters export since 3.11.
fn exported_version(elf: &ElfFile) -> Option<Version> {
    elf.constant("Py_Version").and_then(Version::from_hex)
}

/// A file that is not ELF, or only begins like it. Its first bytes show what it is.
fn non_elf(file: &PyPath, head: Vec<u8>) -> Program {
    match head.as_slice() {
        [0x7f, b'E', b'L', b'F', ..] => {
            Program::Refused(Cause::not_loadable(file, Unloadable::CutOff))
        }
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => {
            Program::Other(Opaque::MachO)
        }
        [b'M', b'Z', ..] => Program::Other(Opaque::Windows),
        _ => Program::Script(head),
    }
}

/// A program that is no interpreter.
fn no_interpreter(outcome: LoadOutcome, file: &PyPath) -> Program {
    if let LoadOutcome::Fails(cause) = outcome {
        return Program::Refused(cause);
    }
    Program::Other(if file.basename().bytes() == b"mise" {
        Opaque::ShimOf("mise")
    } else {
        Opaque::NoPython
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
