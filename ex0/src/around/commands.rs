//! Do `python`, `python3` and `pip` belong to the same Python?
//!
//! The shell searches PATH for each name separately. If an environment does not have all three, or if pip belongs to another Python, then
//! pip installs a package and `python3` does not find it.

mod target; // what a command starts in the end
mod pip; // which Python pip installs for, and does it start?

use serde::Serialize;

use self::target::{Python, Target, as_python_sees, same_python, target};
use crate::finding::Warning;
use crate::lookup::{Request, entries, first_on_path, tool_of_shims};
use crate::pyvenv_cfg::environment_of;
use crate::support::files;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Running, Status};

/// What the three names would start.
#[derive(Debug, Default, Serialize)]
pub struct Commands {
    pub python3: Option<PyPath>,
    pub python: Option<PyPath>,
    pub pip: Option<PyPath>,
    /// The Python that this pip names, and installs for if it starts; `None` if its first line does not name one. A shim is followed.
    pub pip_python: Option<PyPath>,
    /// False if it, or what its first line names, is not there or cannot start. True if that is the Python that starts, and it has a pip in its
    /// own folders. `None`: not looked at, or not known.
    pub pip_starts: Option<bool>,
    /// Do all names that exist belong to the same Python? `None` if no difference is known, but it is not known which Python one belongs to.
    pub agree: Option<bool>,
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// The Python that starts.
struct Typed<'a> {
    /// What the shell starts, perhaps a shim.
    started: PyPath,
    /// What runs in the end.
    runs: PyPath,
    /// The same, if it is a Python.
    known: Option<Python>,
    /// The file that it takes for itself.
    own: Python,
    answer: &'a Answer,
}

/// Looks for the three names on PATH; `None` if the user asked for a Python with `--python`.
pub fn compare_commands(request: &Request, answer: &Answer, world: &World) -> Option<Commands> {
    let found = answer
        .found
        .as_ref()
        .filter(|_| *request == Request::Typed)?;
    let started = answer.started.as_ref().unwrap_or(found).file.clone();
    let typed = Typed {
        own: Python {
            file: if started == found.file {
                as_python_sees(&started, world)
            } else {
                found.file.clone()
            },
            minor: answer.binary().map(|it| it.minor),
        },
        runs: found.file.clone(),
        known: answer.binary().map(|it| Python {
            file: found.file.clone(),
            minor: Some(it.minor),
        }),
        started,
        answer,
    };
    let mut commands = Commands {
        agree: Some(true),
        ..Commands::default()
    };
    if typed.started.basename().bytes() == b"python3" {
        commands.python3 = Some(typed.started.clone());
        commands.python = first_on_path("python", world);
    } else {
        commands.python = Some(typed.started.clone());
    }
    if let Some(python) = commands.python.clone().filter(|it| *it != typed.started) {
        commands.compare_python(&python, &typed, world);
    }
    commands.pip = first_on_path("pip", world);
    if let Some(pip) = commands.pip.clone() {
        commands.compare_pip(&pip, &typed, world);
    }
    if answer.status() == Status::Isolated {
        commands.warnings.extend(shims_first(&typed.started, world));
    }
    Some(commands)
}

impl Commands {
    /// Compares what `python` starts.
    fn compare_python(&mut self, file: &PyPath, typed: &Typed, world: &World) {
        if typed.is_plainly(file) {
            return;
        }
        match target(file, typed.known.as_ref(), world) {
            Target::Program(mut python) => {
                let runs = python.file.clone();
                if runs == *file {
                    python.file = as_python_sees(file, world);
                }
                self.compare("python", runs, same_python(&python, &typed.own), typed);
            }
            Target::Nothing(why) => {
                self.agree = Some(false);
                self.warnings.push(Warning::StartsNothing {
                    name: "python",
                    why,
                });
            }
            Target::Script(..) | Target::Unknown => self.doubt(),
        }
    }

    /// Notes a difference, or that it is not known.
    fn compare(&mut self, name: &'static str, file: PyPath, same: Option<bool>, typed: &Typed) {
        match same {
            Some(true) => {}
            Some(false) => {
                let python = typed.runs.clone();
                // By its own path it would not use this environment.
                let other = typed.own.file != typed.runs;
                self.agree = Some(false);
                self.warnings.push(Warning::Differs {
                    name,
                    file,
                    python,
                    within: environment_of(&typed.own.file).filter(|_| other),
                });
            }
            None => self.doubt(),
        }
    }

    /// It is not known which Python one of the names belongs to.
    fn doubt(&mut self) {
        self.agree = self.agree.filter(|agree| !agree);
    }
}

impl Typed<'_> {
    /// Is it the same file in the same folder? Then it needs no second look. But a shim looks at its name, and a name may lead elsewhere.
    fn is_plainly(&self, file: &PyPath) -> bool {
        [&self.started, &self.own.file]
            .iter()
            .all(|it| **it == self.runs)
            && file.dirname() == self.runs.dirname()
            && (*file == self.runs || files::is_same(file, &self.runs))
    }

    /// The environment's Python, if it is one.
    fn isolated(&self) -> Option<&Running> {
        self.answer.running().filter(|it| it.is_isolated())
    }
}

/// A tool's folder of shims that comes on PATH before the folder in which the shell found Python.
fn shims_first(python: &PyPath, world: &World) -> Option<Warning> {
    let name = python.basename();
    let folders = entries(world).into_iter();
    let mut before = folders.take_while(|it| it.os_join(&name) != *python);
    before.find_map(|folder| {
        let tool = tool_of_shims(&folder)?;
        Some(Warning::ShimsFirst { folder, tool })
    })
}
