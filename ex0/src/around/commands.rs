//! Do `python`, `python3` and `pip` belong to the same Python?
//!
//! The shell searches PATH for each name separately. If an environment does not have all three, or if pip belongs to another Python, then
//! pip installs a package and `python3` does not find it.

use serde::Serialize;

use crate::finding::{Difference, Warning};
use crate::lookup::{Request, entries, first_on_path, tool_of_shims};
use crate::support::files;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Status};

/// How many bytes of a script are read at most. Only its first line is needed.
const SCRIPT_CAP: u64 = 64 * 1024;

/// What the three names would start.
#[derive(Debug, Default, Serialize)]
pub struct Commands {
    pub python3: Option<PyPath>,
    pub python: Option<PyPath>,
    pub pip: Option<PyPath>,
    /// The Python that this pip installs for; `None` if its first line does not name one.
    pub pip_python: Option<PyPath>,
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
    let typed = answer.notes.started().unwrap_or(&found.file).clone();
    let is_python3 = typed.basename().bytes() == b"python3";
    let mut commands = Commands {
        agree: Some(true),
        ..Commands::default()
    };
    if is_python3 {
        commands.python3 = Some(typed.clone());
        commands.python = first_on_path("python", world);
    } else {
        commands.python = Some(typed.clone());
    }
    commands.pip = first_on_path("pip", world);
    commands.pip_python = (commands.pip.as_ref()).and_then(|it| shebang(it, world));
    let others = [
        ("python", commands.python.clone()),
        ("pip", commands.pip_python.clone()),
    ];
    for (name, file) in others {
        let Some(file) = file.filter(|it| *it != typed) else {
            continue;
        };
        if !same_python(&file, &typed) {
            let difference = Difference {
                name,
                file,
                python: typed.clone(),
            };
            commands.warnings.push(Warning::Differs(difference));
            commands.agree = Some(false);
        }
    }
    if let (Some(pip), None) = (&commands.pip, &commands.pip_python)
        && pip.dirname() != typed.dirname()
    {
        commands.agree = commands.agree.filter(|agree| !agree);
        if let Some(running) = answer.running().filter(|it| it.is_isolated()) {
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
    let in_environment = |it: &PyPath| files::is_file(&it.dirname().os_join("pyvenv.cfg"));
    let inside = in_environment(&near);
    if inside != in_environment(&far) {
        return false;
    }
    files::real(&near) == files::real(&far) || (!inside && files::real(a) == files::real(b))
}

/// The interpreter that a script of pip's names: by its path, or by the name that env searches for.
///
/// The first line of a script cannot have a blank in its path, nor be long. Then distlib, which writes the scripts, starts a shell and has
/// the path on the second line: `'''exec' "/home/neo/my env/bin/python3" "$0" "$@"`.
fn shebang(script: &PyPath, world: &World) -> Option<PyPath> {
    let bytes = files::bytes(script, SCRIPT_CAP)?;
    let mut lines = bytes.strip_prefix(b"#!")?.split(|&byte| byte == b'\n');
    let first = lines.next()?.trim_ascii();
    let second = lines.next().unwrap_or_default();
    let file = match second.strip_prefix(b"'''exec' ") {
        Some(rest) if first == b"/bin/sh" => match rest.strip_prefix(b"\"") {
            Some(quoted) => quoted.split(|&byte| byte == b'"').next()?,
            None => rest.split(|&byte| byte == b' ').next()?,
        },
        _ => first.split(|&byte| byte == b' ').next()?,
    };
    let file = PyPath::new(file);
    let is_python = |it: &PyPath| it.basename().bytes().starts_with(b"py");
    if file.basename().bytes() == b"env" {
        // env searches PATH for the name, which may come after options.
        let mut words = first.split(|&byte| byte == b' ').map(PyPath::new);
        return first_on_path(words.find(is_python)?.text()?, world);
    }
    (file.is_absolute() && is_python(&file)).then_some(file)
}

/// A tool's folder of shims that comes before the environment's bin on PATH.
fn shims_first(python: &PyPath, world: &World) -> Option<Warning> {
    let bin = python.dirname();
    let before = entries(world).into_iter().take_while(|it| *it != bin);
    before.into_iter().find_map(|folder| {
        let tool = tool_of_shims(&folder)?;
        Some(Warning::ShimsFirst { folder, tool })
    })
}
