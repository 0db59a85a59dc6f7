//! What would mend a Python that cannot start?

use crate::getpath::Base;
use crate::lookup;
use crate::pyvenv_cfg::{self, Record};
use crate::site::Site;
use crate::support::PyPath;
use crate::support::World;
use crate::support::files;
use crate::support::notes::{Notes, Problem};
use crate::support::shell;

/// The command that makes an environment anew in its place.
pub fn recreate(folder: &PyPath, world: &World) -> String {
    let python = python_outside(folder, world);
    format!(
        "{} -m venv --clear {}",
        shell::quoted(&python),
        shell::quoted(folder)
    )
}

/// The command with which its maker brings an environment up to date with the Python that it links to.
pub fn upgrade(folder: &PyPath, made: &Record, world: &World) -> String {
    let folder_quoted = shell::quoted(folder);
    if made.uv.is_some() {
        format!("uv venv --clear {folder_quoted}")
    } else if made.virtualenv.is_some() {
        format!("virtualenv --clear {folder_quoted}")
    } else {
        let python = python_outside(folder, world);
        format!(
            "{} -m venv --upgrade {folder_quoted}",
            shell::quoted(&python)
        )
    }
}

/// A Python to work on an environment with: the first on PATH that does not lie in it, for that one would empty the folder it runs from.
fn python_outside(folder: &PyPath, world: &World) -> PyPath {
    let python = PyPath::from("python3");
    let lies_in = |it: &PyPath| {
        files::canonical(it)
            .zip(files::canonical(folder))
            .is_some_and(|(it, folder)| it.bytes().starts_with(folder.os_join("").bytes()))
    };
    let mut unsaid = Notes::default();
    let first = lookup::on_path(&python, world, &mut unsaid);
    if !first.is_some_and(|it| lies_in(&it.file.dirname())) {
        return python;
    }
    let others = world.searching(|it| !lies_in(it));
    lookup::on_path(&python, &others, &mut unsaid).map_or(python, |it| it.file)
}

/// Is it the folder of an environment, so that emptying it takes nothing else away? The mark may be spoiled, but not missing.
pub fn is_environment(folder: &PyPath) -> bool {
    let mark = folder.os_join(pyvenv_cfg::NAME);
    !folder.is_empty() && (files::exists(&mark) || files::link(&mark).is_some())
}

/// The folder of the environment that the executable lies in.
pub fn environment_folder(base: &Base) -> Option<PyPath> {
    Some(base.executable.dirname().dirname()).filter(is_environment)
}

/// Adds the repair to a problem that came without one: the cause that can be undone most easily is named.
pub fn complete(mut problem: Problem, base: &Base, site: &Site, world: &World) -> Problem {
    if !problem.repair.is_empty() {
        return problem;
    }
    let variables = [
        "PYTHONHOME",
        "PYTHONPLATLIBDIR",
        "PYTHONEXECUTABLE",
        "__PYVENV_LAUNCHER__",
    ];
    let variable = variables.iter().find(|name| world.set(name).is_some());
    let zip = base.prefix.join(format!(
        "{}/{}.zip",
        base.platlibdir,
        base.stdlib.basename().lossy().replace('.', "")
    ));
    let cfg =
        (problem.path.as_ref()).filter(|it| it.basename().bytes() == pyvenv_cfg::NAME.as_bytes());
    let environment = environment_folder(base).or_else(|| {
        Some(site.prefix.clone())
            .filter(|_| site.cfg.is_some())
            .filter(is_environment)
    });
    problem.repair = match (cfg, variable, environment) {
        (Some(cfg), _, Some(folder)) if cfg.dirname() == folder => {
            format!("{} && {}", shell::remove(cfg), recreate(&folder, world))
        }
        (Some(cfg), _, _) => shell::remove(cfg),
        (_, Some(name), _) => format!("unset {name}"),
        _ if base.pth.is_some() => shell::remove(base.pth.as_ref().unwrap_or(&base.stdlib)),
        _ if files::is_file(&zip) => shell::remove(&zip),
        (_, _, Some(folder)) => recreate(&folder, world),
        _ => format!("reinstall the Python in {}", base.prefix.shown()),
    };
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(folder: &str, expected: &str) {
        let found = recreate(&PyPath::from(folder), &World::default());
        assert_eq!(found, expected);
    }

    #[test]
    fn the_command_survives_a_shell() {
        check("/x/matrix_env", "python3 -m venv --clear /x/matrix_env");
        check("/x/my env", "python3 -m venv --clear '/x/my env'");
        check("/x/it's", r"python3 -m venv --clear '/x/it'\''s'");
    }

    #[cfg(unix)]
    #[test]
    fn no_environment_is_emptied_by_its_own_python() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        for bin in ["env/bin", "other"] {
            let python = at(bin) + "/python3";
            std::fs::create_dir_all(at(bin)).unwrap();
            std::fs::write(&python, "").unwrap();
            std::fs::set_permissions(&python, PermissionsExt::from_mode(0o755)).unwrap();
        }
        symlink("env", at("link")).unwrap();
        let said = |path: &str| {
            let path = path.replace('@', &at(""));
            let world = World::new(
                [("PATH".into(), path.into())].into_iter(),
                PyPath::default(),
            );
            recreate(&PyPath::from(at("env").as_str()), &world)
        };
        let env = at("env");
        assert_eq!(
            said("@other:@env/bin"),
            format!("python3 -m venv --clear {env}")
        );
        let other = at("other/python3");
        let with_other = format!("{other} -m venv --clear {env}");
        assert_eq!(said("@env/bin:@other"), with_other);
        assert_eq!(said("@link/bin:@env/bin/:@other"), with_other);
    }

    #[test]
    fn a_folder_without_the_mark_is_no_environment() {
        let folder = tempfile::tempdir().unwrap();
        let path = PyPath::from(folder.path());
        assert!(!is_environment(&path));
        std::fs::write(folder.path().join(pyvenv_cfg::NAME), "").unwrap();
        assert!(is_environment(&path));
    }
}
