//! Does Python believe that it runs where it was built?
//!
//! `make` leaves a mark beside the interpreter that it has just built, so that it finds its library in the source tree. The same mark
//! beside any other executable sends it looking for a library that was never there.
//!
//! Source: CPython `Modules/getpath.py`, "CHECK FOR BUILD DIRECTORY" (3.11 and later).

use crate::files::{self, Content};
use crate::getpath::{self, Start};
use crate::notes::{Notes, Problem};
use crate::pypath::PyPath;
use crate::pyvenv_cfg;
use crate::repair;

/// The mark of a tree that Python was built in, beside the executable. One that is neither there nor absent is fatal.
///
/// With it, the compiled-in prefix counts once the library has been looked for.
pub fn mark(folder: &PyPath, start: &Start, notes: &mut Notes) -> Result<Option<PyPath>, Problem> {
    let mark = folder.join("pybuilddir.txt");
    let fatal = |what: &str| Problem::new(format!("{} {what}", mark.shown()), &mark, "");
    let mark = match files::read(&mark, pyvenv_cfg::GETPATH_LIMIT - 1) {
        Content::Bytes(_) | Content::Folder | Content::Null => Some(mark),
        Content::Absent | Content::Denied => {
            // From 3.14 on, and in the later releases of 3.13, only Windows knows this one. What getpath knows stands in it.
            let name = "Modules/Setup.local";
            let other = Some(folder.join(name)).filter(|_| !getpath::since_314(start));
            other.filter(|it| files::is_file(it) && start.binary.mentions(name))
        }
        Content::Failed(reason) => return Err(fatal(&format!("cannot be looked for: {reason}"))),
        Content::Fifo | Content::Special | Content::TooLarge(_) => {
            return Err(fatal("is nothing that Python could read"));
        }
    };
    if let Some(mark) = &mark {
        notes.say(
            "getpath",
            mark,
            "the mark of a tree that Python was built in",
        );
    }
    Ok(mark)
}

/// An executable in a build tree looks for a library that was never installed, unless it is told where home is.
pub fn problem(mark: &PyPath) -> Problem {
    let what = format!(
        "{} makes Python believe that it runs where it was built: its library is not there",
        mark.shown()
    );
    Problem::new(what, mark, repair::remove(mark))
}
