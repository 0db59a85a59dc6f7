//! Do `python`, `python3` and `pip` belong to the same Python?
//!
//! The shell searches PATH for each name separately. If an environment does not have all three, or if pip belongs to another Python, then
//! pip installs a package and `python3` does not find it.

use serde::Serialize;

use crate::binary;
use crate::finding::{Cause, Unloadable, Warning};
use crate::lookup::{Request, entries, first_on_path, starts, tool_of_shims};
use crate::pyvenv_cfg::environment_of;
use crate::support::files;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Running, Status};

/// How many bytes of a script are read at most. Only its first line is needed.
const SCRIPT_CAP: u64 = 64 * 1024;

/// What the three names would start.
#[derive(Debug, Default, Serialize)]
pub struct Commands {
    pub python3: Option<PyPath>,
    pub python: Option<PyPath>,
    pub pip: Option<PyPath>,
    /// The Python that this pip names, and installs for if it starts; `None` if its first line does not name one.
    pub pip_python: Option<PyPath>,
    /// False if what its first line names is not there or cannot start; `None` if pip was not found, or names no Python.
    pub pip_starts: Option<bool>,
    /// Do all names that exist belong to the same Python? `None` if no difference is known, but `pip` names no Python and is not in the folder
    /// of the Python that starts.
    pub agree: Option<bool>,
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// Looks for the three names on PATH; `None` if the user asked for a Python with `--python`.
pub fn compare_commands(request: &Request, answer: &Answer, world: &World) -> Option<Commands> {
    let found = answer
        .found
        .as_ref()
        .filter(|_| *request == Request::Typed)?;
    let typed = answer.started.as_ref().unwrap_or(found).file.clone();
    let mut commands = Commands {
        agree: Some(true),
        ..Commands::default()
    };
    if typed.basename().bytes() == b"python3" {
        commands.python3 = Some(typed.clone());
        commands.python = first_on_path("python", world);
    } else {
        commands.python = Some(typed.clone());
    }
    commands.pip = first_on_path("pip", world);
    let script = (commands.pip.as_ref()).and_then(|it| files::bytes(it, SCRIPT_CAP));
    let both = script.as_ref().zip(commands.pip.as_ref());
    commands.pip_python = both.and_then(|(it, pip)| binary::python_of(it, pip, world));
    let why = script.as_ref().and_then(|it| refusal(it, &commands, world));
    let is_known = why.is_some() || commands.pip_python.is_some();
    commands.pip_starts = is_known.then_some(why.is_none());
    let pip_python = commands.pip_python.clone();
    let others = [
        ("python", commands.python.clone()),
        ("pip", pip_python.filter(|_| why.is_none())),
    ];
    for (name, file) in others {
        if let Some(file) = file.filter(|it| !same_python(it, &typed)) {
            let python = typed.clone();
            let warning = Warning::Differs { name, file, python };
            commands.warnings.push(warning);
            commands.agree = Some(false);
        }
    }
    let running = answer.running().filter(|it| it.is_isolated());
    if let (Some(pip), Some(why)) = (&commands.pip, why) {
        commands.agree = Some(false);
        commands.warnings.push(Warning::PipCannotStart {
            why: Cause::not_loadable(pip, why),
            typed: typed.basename(),
            own: running.map(Running::own_pip),
        });
    } else if let (Some(pip), None) = (&commands.pip, &commands.pip_python)
        && pip.dirname() != typed.dirname()
    {
        commands.agree = commands.agree.filter(|agree| !agree);
        if let Some(running) = running {
            commands.warnings.push(Warning::PipElsewhere {
                pip: pip.clone(),
                typed: typed.basename(),
                own: running.own_pip(),
            });
        }
    }
    if answer.status() == Status::Isolated {
        commands.warnings.extend(shims_first(&typed, world));
    }
    Some(commands)
}

/// Do both files belong to the same Python? Yes, if they are in the same folder, or if they lead to the same file and are not in
/// environments.
fn same_python(a: &PyPath, b: &PyPath) -> bool {
    let (near, far) = (a.dirname(), b.dirname());
    if near == far {
        return true;
    }
    let inside = environment_of(a).is_some();
    if inside != environment_of(b).is_some() {
        return false;
    }
    files::real(&near) == files::real(&far) || (!inside && files::real(a) == files::real(b))
}

/// Why a script of pip's cannot start: exec refuses it, or the shell that it starts does not find its Python.
fn refusal(script: &[u8], commands: &Commands, world: &World) -> Option<Unloadable> {
    let dead = || (commands.pip_python.clone()).filter(|it| !starts(it));
    binary::refusal(script, world).or_else(|| dead().map(Unloadable::NoInterpreter))
}

/// A tool's folder of shims that comes before the environment's bin on PATH.
fn shims_first(python: &PyPath, world: &World) -> Option<Warning> {
    let bin = python.dirname();
    let mut before = entries(world).into_iter().take_while(|it| *it != bin);
    before.find_map(|folder| {
        let tool = tool_of_shims(&folder)?;
        Some(Warning::ShimsFirst { folder, tool })
    })
}
