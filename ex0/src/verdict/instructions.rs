//! What does a person type to enter an environment, and to leave it?

use crate::support::PyPath;
use crate::support::shell;

/// The subject's own instructions, to the letter.
pub const SUBJECT: &str = "\
To enter the construct, run:
python -m venv matrix_env
source matrix_env/bin/activate # On Unix
matrix_env\\Scripts\\activate # On Windows

Then run this program again.";

/// What activates the environment in a folder, in the shell at hand (the value of `SHELL`).
pub fn activate(folder: &PyPath, shell: Option<&PyPath>) -> String {
    let folder = folder.without_trailing_slashes();
    let script = |name: &str| shell::quoted(&folder.os_join(name));
    let shell = shell
        .map(|it| it.basename().lossy().into_owned())
        .unwrap_or_default();
    match shell.as_str() {
        "fish" => format!("source {}", script("bin/activate.fish")),
        "csh" | "tcsh" => format!("source {}", script("bin/activate.csh")),
        "nu" => format!("overlay use {}", script("bin/activate.nu")),
        "pwsh" if cfg!(not(windows)) => script("bin/Activate.ps1"),
        _ if cfg!(windows) => format!("{}\\Scripts\\activate", folder.shown()),
        "bash" | "zsh" => format!("source {}", script("bin/activate")),
        _ => format!(". {}", script("bin/activate")),
    }
}

/// How to create and activate an environment.
pub fn to_enter(shell: Option<&PyPath>) -> Vec<(&'static str, String)> {
    vec![
        ("create", "python3 -m venv matrix_env".to_owned()),
        ("activate", activate(&PyPath::from("matrix_env"), shell)),
        ("leave again", "deactivate".to_owned()),
    ]
}

/// How to leave.
pub fn to_leave() -> Vec<(&'static str, String)> {
    vec![("leave", "deactivate".to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shell: &str, expected: &str) {
        let lines = to_enter(Some(&PyPath::from(shell)));
        assert_eq!(lines[1].1, expected);
    }

    #[cfg(not(windows))]
    #[test]
    fn each_shell_has_its_own_way_in() {
        check("/bin/bash", "source matrix_env/bin/activate");
        check("/bin/sh", ". matrix_env/bin/activate");
        check("/usr/bin/fish", "source matrix_env/bin/activate.fish");
        check("/bin/tcsh", "source matrix_env/bin/activate.csh");
        let blank = activate(&PyPath::from("/x/my env/"), None);
        assert_eq!(blank, ". '/x/my env/bin/activate'");
    }
}
