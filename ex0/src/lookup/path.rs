//! What does a search of PATH find?

use crate::support::PyPath;
use crate::support::World;
use crate::support::files;
use crate::support::notes::Notes;

/// What is searched without a PATH: execvp's own default.
pub const DEFAULT_PATH: &[u8] = b"/bin:/usr/bin";

/// A file that would be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file, as the search spelled it.
    pub file: PyPath,
    /// The name that the program is told (`argv[0]`): what was typed.
    pub argv0: PyPath,
}

/// Searches PATH for a name.
pub fn on_path(name: &PyPath, world: &World, notes: &mut Notes) -> Option<Found> {
    let path = world.variable("PATH").map_or(DEFAULT_PATH, PyPath::bytes);
    for entry in path.split(|&byte| byte == b':') {
        let file = PyPath::new(entry).os_join(name);
        if files::is_executable(&file) {
            return Some(Found {
                file,
                argv0: name.clone(),
            });
        }
        pass_over(&file, notes);
    }
    None
}

/// Notes why a file that is there would not be started; says nothing of one that is not.
pub fn pass_over(file: &PyPath, notes: &mut Notes) {
    let Some(target) = files::link(file) else {
        if files::exists(file) {
            notes.say("shell", file, "passed over: not an executable file");
        }
        return;
    };
    if files::exists(file) {
        notes.say(
            "shell",
            file,
            format!(
                "passed over: a link to {}, which is not an executable file",
                target.shown()
            ),
        );
    } else {
        notes.say(
            "shell",
            file,
            format!(
                "passed over: a link to {}, which is not there",
                target.shown()
            ),
        );
        notes.warn(format!(
            "{} is a dead link, so the next Python on PATH answers instead",
            file.shown()
        ));
    }
}
