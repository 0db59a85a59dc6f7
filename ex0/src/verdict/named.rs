//! Which files in an environment's `bin` are Pythons, by their names or by what is in them? The fault of another file is none of the
//! environment's.

use rustix::fs::FileType;

use super::repair::last_own;
use crate::binary::{self, Program};
use crate::finding::{Cause, Missing, Unloadable, Unusable};
use crate::pyvenv_cfg::environment_of;
use crate::support::access;
use crate::support::files;
use crate::support::{PyPath, World};

/// How many bytes of two programs are compared at most. The largest Pythons have some 30 MB.
const COPY_CAP: u64 = 100 << 20;

/// Is this the name of an interpreter: `python`, `python3.13t`, `pypy3`? Not `python-argcomplete`: that is a package's script.
pub fn names_python(name: &[u8]) -> bool {
    let name = name.strip_suffix(b".exe").unwrap_or(name);
    let version = name.strip_prefix(b"python").or(name.strip_prefix(b"pypy"));
    // A build without the global lock has a `t` behind the digits.
    let version = version.map(|it| it.strip_suffix(b"t").unwrap_or(it));
    version.is_some_and(|it| it.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'))
}

/// The path of a file as Python takes it: absolute and tidy, so that the folders above it have names. If such a text leads to another
/// folder, because one on the way is a link, the links are resolved.
pub fn placed(file: &PyPath, world: &World) -> PyPath {
    let tidy = file.abspath(&world.cwd);
    let is_folder_of = |it: &PyPath| files::canonical(&it.dirname_or_root());
    let real = is_folder_of(&world.cwd.os_join(file));
    match real {
        Some(folder) if is_folder_of(&tidy).as_ref() != Some(&folder) => {
            folder.os_join(tidy.basename())
        }
        _ => tidy,
    }
}

/// Is it a Python of an environment? The name may be that of the file, or of what its links lead to.
pub fn is_in_environment(file: &PyPath) -> bool {
    let last = last_own(file);
    let target = files::link(&last).unwrap_or_default();
    let mut names = [file, &last, &target].into_iter().map(PyPath::basename);
    environment_of(file).is_some() && names.any(|it| names_python(it.bytes()))
}

/// The cause, if the file that it is about could be a Python. What is no Python needs no repair.
pub fn of_python(cause: Cause, file: &PyPath, world: &World) -> Cause {
    if let Cause::NotStartable {
        why: Unusable::NotExecutable(end),
        ..
    } = &cause
        && let Program::Python(binary) = binary::inspect(end, world)
    {
        // Permission to execute a library would change nothing.
        let is_library = |it: &&Cause| {
            let why = Unloadable::NoStart;
            matches!(it, Cause::NotLoadable { why: it, .. } if *it == why)
        };
        let failure = binary.outcome.failure().filter(is_library);
        return failure.cloned().unwrap_or(cause);
    }
    let place = placed(file, world);
    let is_other = environment_of(&place).is_some() && !is_in_environment(&place);
    match &cause {
        // What is in a file that may not be read is not known.
        Cause::NotStartable {
            why: Unusable::Denied(_) | Unusable::Closed { .. },
            ..
        } => cause,
        Cause::NotStartable { .. } | Cause::NotLoadable { .. } if is_other => {
            let (file, why) = (file.clone(), Box::new(cause));
            Cause::NoPython(Missing::OtherProgram { file, why })
        }
        _ => cause,
    }
}

/// The interpreters in an environment, or what has their names.
pub fn pythons(folder: &PyPath) -> Vec<PyPath> {
    let bin = folder.os_join("bin");
    let mut names = files::names(&bin, 1000);
    names.retain(|it| names_python(it.bytes()));
    names.iter().map(|it| bin.os_join(it)).collect()
}

/// The file, and the environment's other pythons that are copies of it. What one of them lacks, they all lack.
pub fn with_copies(file: PyPath) -> Vec<PyPath> {
    let bytes = |it: &PyPath| {
        let is_regular = access::file_type(it).is_ok_and(|it| it == FileType::RegularFile);
        files::bytes(it, COPY_CAP).filter(|_| is_regular)
    };
    let own = bytes(&file);
    let mut others = pythons(&file.dirname().dirname());
    others.retain(|it| *it != file && own.is_some() && bytes(it) == own);
    [vec![file], others].concat()
}
