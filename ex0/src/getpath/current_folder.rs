//! Does Python need a current folder that no longer exists?
//!
//! Source: CPython `Modules/getpath.c` (`getpath_abspath`), `Lib/site.py` (`venv`, which calls `os.path.abspath`).

use super::LAST_IN_C;
use super::base::Start;
use crate::finding::{Cause, Opaque};
use crate::support::PyPath;
use crate::support::version::Implementation;

/// The problem if Python must make a path absolute, and the current folder no longer exists. Up to 3.10 the folders of PYTHONPATH may stay
/// relative. PyPy goes on without site.
pub fn problem(start: &Start) -> Option<Cause> {
    let (binary, world) = (start.binary, start.world);
    if !world.cwd.is_empty() {
        return None;
    }
    let is_cpython = binary.implementation == Implementation::Cpython;
    let makes_all_absolute = is_cpython && binary.minor > LAST_IN_C;
    let listed = world.non_empty("PYTHONPATH").filter(|_| makes_all_absolute);
    let folders = listed.into_iter().flat_map(PyPath::entries);
    let mut paths = [start.file.clone()].into_iter().chain(folders);
    let path = paths.find(|it| !it.is_absolute())?;
    Some(if is_cpython {
        Cause::NoCurrentFolder(path)
    } else {
        Cause::opaque(&path, Opaque::NoCurrentFolder)
    })
}
