//! What does the user type to enter an environment?

use crate::support::files;
use crate::support::shell::{Shell, quoted};
use crate::support::{PyPath, World};

/// The script that activates an environment in this shell, and the command. The script need not exist yet.
pub fn activation(folder: &PyPath, shell: Shell) -> Option<(PyPath, String)> {
    let folder = folder.without_trailing_slashes();
    let (verb, name) = match shell {
        Shell::Fish => ("source ", "bin/activate.fish"),
        Shell::Csh => ("source ", "bin/activate.csh"),
        Shell::Nu => ("overlay use ", "bin/activate.nu"),
        Shell::Powershell => ("", "bin/Activate.ps1"),
        Shell::Bash => ("source ", "bin/activate"),
        Shell::Posix => (". ", "bin/activate"),
    };
    let script = folder.os_join(name);
    let command = format!("{verb}{}", quoted(&script)?);
    Some((script, command))
}

/// The command that activates an environment; `None` if it has no script for this shell.
pub fn activate(folder: &PyPath, world: &World) -> Option<String> {
    let (script, command) = activation(folder, Shell::at_hand(world))?;
    files::is_file(&script).then_some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shell: Shell, expected: &str) {
        let (_, command) = activation(&"matrix_env/".into(), shell).unwrap();
        assert_eq!(command, expected);
    }

    #[test]
    fn each_shell_has_its_own_command() {
        check(Shell::Bash, "source matrix_env/bin/activate");
        check(Shell::Posix, ". matrix_env/bin/activate");
        check(Shell::Fish, "source matrix_env/bin/activate.fish");
        check(Shell::Csh, "source matrix_env/bin/activate.csh");
    }

    #[test]
    fn a_missing_script_is_no_hint() {
        let folder = tempfile::tempdir().unwrap();
        let path = PyPath::from(folder.path());
        assert_eq!(activate(&path, &World::default()), None);
    }
}
