//! What does the user type to enter an environment?

use crate::support::files;
use crate::support::shell::{Shell, quoted};
use crate::support::{PyPath, World};

/// The command that activates an environment in this shell. The environment need not exist yet.
pub fn activation(folder: &PyPath, shell: Shell) -> Option<String> {
    command(scripts(folder, shell).first()?, shell)
}

/// The command that activates an environment; `None` if it has no script for this shell.
pub fn activate(folder: &PyPath, world: &World) -> Option<String> {
    existing(folder, Shell::at_hand(world))
}

fn existing(folder: &PyPath, shell: Shell) -> Option<String> {
    let script = scripts(folder, shell).into_iter().find(files::is_file)?;
    command(&script, shell)
}

/// The names of the script for this shell: venv's, and the one of virtualenv and uv.
fn scripts(folder: &PyPath, shell: Shell) -> Vec<PyPath> {
    let names: &[&str] = match shell {
        Shell::Fish => &["bin/activate.fish"],
        Shell::Csh => &["bin/activate.csh"],
        Shell::Nu => &["bin/activate.nu"],
        Shell::Powershell => &["bin/Activate.ps1", "bin/activate.ps1"],
        Shell::Bash | Shell::Posix => &["bin/activate"],
    };
    let folder = folder.without_trailing_slashes();
    names.iter().map(|it| folder.os_join(it)).collect()
}

/// The command that runs a script in this shell.
fn command(script: &PyPath, shell: Shell) -> Option<String> {
    let word = quoted(script)?;
    let verb = match shell {
        Shell::Fish | Shell::Csh | Shell::Bash => "source ",
        Shell::Nu => "overlay use ",
        // Without it, a text in quotes is printed.
        Shell::Powershell if word.starts_with('\'') => "& ",
        Shell::Powershell => "",
        Shell::Posix => ". ",
    };
    Some(format!("{verb}{word}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shell: Shell, expected: &str) {
        let command = activation(&"matrix_env/".into(), shell);
        assert_eq!(command.as_deref(), Some(expected));
    }

    #[test]
    fn each_shell_has_its_own_command() {
        check(Shell::Bash, "source matrix_env/bin/activate");
        check(Shell::Posix, ". matrix_env/bin/activate");
        check(Shell::Fish, "source matrix_env/bin/activate.fish");
        check(Shell::Csh, "source matrix_env/bin/activate.csh");
        check(Shell::Nu, "overlay use matrix_env/bin/activate.nu");
        check(Shell::Powershell, "matrix_env/bin/Activate.ps1");
        let command = activation(&"my env".into(), Shell::Powershell);
        assert_eq!(command.as_deref(), Some("& 'my env/bin/Activate.ps1'"));
    }

    #[test]
    fn a_script_has_the_name_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        for name in ["activate.ps1", "Activate.ps1"] {
            let script = folder.path().join("bin").join(name);
            std::fs::write(&script, "").unwrap();
            let expected = format!("{}", script.display());
            let found = existing(&folder.path().into(), Shell::Powershell);
            assert_eq!(found, Some(expected));
        }
    }

    #[test]
    fn a_missing_script_is_no_hint() {
        let folder = tempfile::tempdir().unwrap();
        let path = PyPath::from(folder.path());
        assert_eq!(activate(&path, &World::default()), None);
    }
}
