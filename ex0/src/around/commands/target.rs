//! What does a command start in the end, and is that the same Python as another?

use crate::binary::{self, Program};
use crate::finding::{Cause, Notes, Opaque, Unloadable};
use crate::lookup::{Found, entries, follow_shim, starts};
use crate::pyvenv_cfg::environment_of;
use crate::support::files;
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// What a file starts in the end. A shim of pyenv is followed.
pub enum Target {
    /// A program; its version, if it is a Python.
    Program(Python),
    /// A script that is no shim we can follow, and its first bytes.
    Script(PyPath, Vec<u8>),
    /// It cannot start.
    Nothing(Cause),
    /// Only another tool knows.
    Unknown,
}

/// A program that may be a Python.
#[derive(Clone)]
pub struct Python {
    pub file: PyPath,
    pub minor: Option<Minor>,
}

/// Looks at what a file starts. The program that is `known` is not looked at again.
pub fn target(file: &PyPath, known: Option<&Python>, world: &World) -> Target {
    match look_at(file, known, world) {
        Target::Script(file, text) => {
            let argv0 = file.basename();
            let shim = Found { file, argv0 };
            match follow_shim(shim.clone(), &text, world, &mut Notes::default()) {
                Ok(found) if found == shim => Target::Script(found.file, text),
                Ok(found) => look_at(&found.file, known, world),
                Err(cause @ Cause::NoPython(_)) => Target::Nothing(cause),
                Err(_) => Target::Unknown,
            }
        }
        other => other,
    }
}

fn look_at(file: &PyPath, known: Option<&Python>, world: &World) -> Target {
    let program = |minor| {
        let file = file.clone();
        Target::Program(Python { file, minor })
    };
    if let Some(known) = known.filter(|it| files::is_same(file, &it.file)) {
        return program(known.minor);
    }
    match binary::inspect(file, world) {
        Program::Python(binary) => match binary.outcome.failure() {
            Some(cause) => Target::Nothing(cause.clone()),
            None => program(Some(binary.minor)),
        },
        Program::Script(text) => Target::Script(file.clone(), text),
        Program::Refused(cause) => Target::Nothing(cause),
        Program::Other(Opaque::TooOld(minor)) => program(Some(minor)),
        Program::Other(_) => program(None),
    }
}

/// Why a script of pip's cannot start: exec refuses it, or the shell that it starts does not find its Python. What is `known` to start is not
/// looked at again.
pub fn refusal(
    script: &[u8],
    python: Option<&PyPath>,
    known: &PyPath,
    world: &World,
) -> Option<Unloadable> {
    let dead = || python.filter(|it| *it != known && !starts(it)).cloned();
    binary::refusal(script, Some(known), world).or_else(|| dead().map(Unloadable::NoInterpreter))
}

/// Do both files belong to the same Python? In environments, if it is the same environment. Else, if it is the same file, or if both are of
/// the same version in the same folder. `None` if the version of one of those is not known.
pub fn same_python(a: &Python, b: &Python) -> Option<bool> {
    let (near, far) = (a.file.dirname(), b.file.dirname());
    let is_one_folder = near == far || files::real(&near) == files::real(&far);
    let inside = environment_of(&a.file).is_some();
    if inside != environment_of(&b.file).is_some() {
        return Some(false);
    }
    if inside {
        return Some(is_one_folder);
    }
    if files::is_same(&a.file, &b.file) {
        return Some(true);
    }
    if is_one_folder {
        return Some(a.minor? == b.minor?);
    }
    Some(false)
}

/// The file that Python takes for itself if it is started by this name. It searches PATH as the shell does, but for a file with any x bit:
/// perhaps one that this user may not execute.
pub fn as_python_sees(started: &PyPath, world: &World) -> PyPath {
    let name = started.basename();
    let mut files = entries(world).into_iter().map(|it| it.os_join(&name));
    let found = files.find(|it| it == started || files::is_executable(it));
    found.unwrap_or_else(|| started.clone())
}
