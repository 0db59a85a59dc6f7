//! What would mend a Python that cannot start?

use crate::files;
use crate::getpath::Base;
use crate::notes::Problem;
use crate::pypath::PyPath;
use crate::pyvenv_cfg;
use crate::site::Site;
use crate::world::World;

/// The command that makes an environment anew in its place.
pub fn recreate(folder: &PyPath) -> String {
    format!("python3 -m venv --clear {}", quoted(folder))
}

/// The command that takes a file, or a folder in its place, out of the way.
pub fn remove(path: &PyPath) -> String {
    format!("rm -r {}", quoted(path))
}

/// A path as a shell takes it for one word.
pub fn quoted(path: &PyPath) -> String {
    let shown = path.shown();
    let plain = shown
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/._-+@%".contains(&byte));
    if plain && !shown.is_empty() {
        shown
    } else {
        format!("'{}'", shown.replace('\'', r"'\''"))
    }
}

/// The folder of the environment that the executable lies in, by the pyvenv.cfg near it.
pub fn environment_folder(base: &Base) -> Option<PyPath> {
    let near = base.executable.dirname();
    let exists =
        |folder: &PyPath| !folder.is_empty() && files::exists(&folder.os_join(pyvenv_cfg::NAME));
    [near.dirname(), near.clone()]
        .iter()
        .any(exists)
        .then(|| near.dirname())
}

/// Adds the repair to a problem that came without one: the cause that can be undone most easily is named.
pub fn complete(mut problem: Problem, base: &Base, site: &Site, world: &World) -> Problem {
    if !problem.repair.is_empty() {
        return problem;
    }
    let at_fault = |name: &str| {
        problem
            .path
            .as_ref()
            .is_some_and(|it| it.basename().bytes() == name.as_bytes())
    };
    let variables = [
        "PYTHONHOME",
        "PYTHONPLATLIBDIR",
        "PYTHONEXECUTABLE",
        "__PYVENV_LAUNCHER__",
    ];
    let zip = base.prefix.join(format!(
        "{}/{}.zip",
        base.platlibdir,
        base.stdlib.basename().lossy().replace('.', "")
    ));
    let environment =
        environment_folder(base).or_else(|| site.cfg.is_some().then(|| site.prefix.clone()));
    problem.repair = match (
        variables.iter().find(|name| world.set(name).is_some()),
        environment,
    ) {
        (_, Some(folder)) if at_fault(pyvenv_cfg::NAME) => {
            let cfg = problem.path.clone().unwrap_or_default();
            format!("{} && {}", remove(&cfg), recreate(&folder))
        }
        (Some(name), _) => format!("unset {name}"),
        _ if files::is_file(&zip) => remove(&zip),
        (_, Some(folder)) => recreate(&folder),
        _ => format!("reinstall the Python in {}", base.prefix.shown()),
    };
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(folder: &str, expected: &str) {
        assert_eq!(recreate(&PyPath::from(folder)), expected);
    }

    #[test]
    fn the_command_survives_a_shell() {
        check("/x/matrix_env", "python3 -m venv --clear /x/matrix_env");
        check("/x/my env", "python3 -m venv --clear '/x/my env'");
        check("/x/it's", r"python3 -m venv --clear '/x/it'\''s'");
    }
}
