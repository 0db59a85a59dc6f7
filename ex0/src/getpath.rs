//! 4. Where does Python think it is installed? (`sys.base_prefix`)
//!
//! Before Python can import its first module, it must find its own library. There are three sets of rules: those of Python 3.11 and later,
//! those of the C code in older versions, and those of PyPy.

mod base; // what the search starts with, and what it finds
mod since_3_11; // the rules of today
mod until_3_10; // the rules before
mod pypy; // the rules of PyPy
mod executable; // which executable am I?
mod landmarks; // which folder has the standard library?
mod overrides; // files next to the executable that change the rules
mod library; // does the library have all modules that Python needs to start?
mod shadow; // does PYTHONPATH put another module before one of them?
mod settings; // does a variable have a value that stops Python?

pub use base::{Base, Start};
pub use library::{OLD_VIRTUALENV, python_path};
pub use pypy::goes_on;
pub use settings::number;
pub use shadow::Folder;

use crate::finding::{Cause, Notes, Opaque};
use crate::support::PyPath;
use crate::support::version::{Implementation, Minor};

/// The last version that uses the rules in C.
const LAST_IN_C: Minor = Minor(3, 10);

/// The first pass, with the rules of this interpreter: where Python finds its library. If Python would stop in this pass, `problem` says why.
pub fn find_base(start: &Start, notes: &mut Notes) -> Base {
    let mut base = Base {
        executable: start.found.file.clone(),
        runs_site: true,
        ..Base::default()
    };
    base.problem = fill(&mut base, start, notes).err();
    base
}

/// Fills in what Python finds. The error: Python would stop.
fn fill(base: &mut Base, start: &Start, notes: &mut Notes) -> Result<(), Cause> {
    if let Some(problem) = without_current_folder(start) {
        return Err(problem);
    }
    match start.binary.implementation {
        Implementation::Pypy => pypy::fill(base, start, notes)?,
        Implementation::Cpython if start.binary.minor <= LAST_IN_C => {
            until_3_10::fill(base, start, notes)?;
        }
        Implementation::Cpython => since_3_11::fill(base, start, notes)?,
    }
    // Python judges the values of some variables before it looks for its library, or just after it. An encoding must be in the library.
    settings::problem(start, &base.stdlib).map_or(Ok(()), Err)
}

/// The problem if Python must make a path absolute, and the current folder no longer exists. Up to 3.10 the folders of PYTHONPATH may stay
/// relative. PyPy goes on without site.
///
/// Source: CPython `Modules/getpath.c` (`getpath_abspath`), `Lib/site.py` (`venv`, which calls `os.path.abspath`).
fn without_current_folder(start: &Start) -> Option<Cause> {
    let (binary, world) = (start.binary, start.world);
    if !world.cwd.is_empty() {
        return None;
    }
    let makes_all_absolute = !binary.is_pypy() && binary.minor > LAST_IN_C;
    let listed = world.non_empty("PYTHONPATH").filter(|_| makes_all_absolute);
    let folders = listed.into_iter().flat_map(PyPath::entries);
    let mut paths = [start.found.file.clone()].into_iter().chain(folders);
    let path = paths.find(|it| !it.is_absolute())?;
    Some(if binary.is_pypy() {
        Cause::opaque(&path, Opaque::NoCurrentFolder)
    } else {
        Cause::NoCurrentFolder(path)
    })
}
