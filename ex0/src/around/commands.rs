//! Do `python`, `python3` and `pip` belong to one Python?
//!
//! Each is a name of its own on PATH. An environment that has one of them and not the others, or a pip that was installed by another
//! Python, makes "installed, and yet not found".

use serde::Serialize;

use crate::finding::{Difference, Notes, Warning};
use crate::lookup::{Request, entries, folder_of, on_path};
use crate::support::files::{self, Content};
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Status};

/// The most of a script that is read, in bytes: its first line counts.
const SCRIPT_CAP: u64 = 64 * 1024;

/// What the three names would start.
#[derive(Debug, Default, Serialize)]
pub struct Commands {
    pub python3: Option<PyPath>,
    pub python: Option<PyPath>,
    pub pip: Option<PyPath>,
    /// The Python that this pip installs for; `None` when its first line does not say so.
    pub pip_python: Option<PyPath>,
    /// Do all that are there belong to one Python? `None` where one of them is a shim or unknown.
    pub agree: Option<bool>,
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// Looks the three up; only when none was asked for by name.
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
    let look = |name: &str| on_path(&name.into(), world, &mut Notes::default()).map(|it| it.file);
    if is_python3 {
        commands.python3 = Some(typed.clone());
        commands.python = look("python");
    } else {
        commands.python = Some(typed.clone());
    }
    commands.pip = look("pip");
    commands.pip_python = commands.pip.as_ref().and_then(shebang);
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
    if answer.status() == Status::Isolated {
        commands.warnings.extend(shims_first(&typed, world));
    }
    Some(commands)
}

/// Two names of one Python lie in one folder, or lead to one file from no environment.
fn same_python(a: &PyPath, b: &PyPath) -> bool {
    let (near, far) = (a.dirname(), b.dirname());
    if near == far {
        return true;
    }
    let in_environment = |it: &PyPath| files::is_file(&it.dirname().os_join("pyvenv.cfg"));
    let real = |it: &PyPath| files::canonical(it).unwrap_or_else(|| it.clone());
    match (in_environment(&near), in_environment(&far)) {
        (true, true) => real(&near) == real(&far),
        (false, false) => real(&near) == real(&far) || real(a) == real(b),
        _ => false,
    }
}

/// The interpreter in the first line of a script, where it names one by its path.
fn shebang(script: &PyPath) -> Option<PyPath> {
    let Content::Bytes(bytes) = files::read(script, SCRIPT_CAP) else {
        return None;
    };
    let line = bytes
        .strip_prefix(b"#!")?
        .split(|&byte| byte == b'\n')
        .next()?
        .trim_ascii();
    let file = PyPath::new(line.split(|&byte| byte == b' ').next()?);
    (file.is_absolute() && file.basename().bytes().starts_with(b"py")).then_some(file)
}

/// A tool's folder of shims in front of the environment's own: its other commands start from there.
fn shims_first(python: &PyPath, world: &World) -> Option<Warning> {
    let bin = python.dirname();
    let before = entries(world).into_iter().take_while(|it| *it != bin);
    before.into_iter().find_map(|folder| {
        let tool = folder_of(&folder)?;
        Some(Warning::ShimsFirst { folder, tool })
    })
}
