//! What does a person type to enter an environment, and to leave it?

use crate::pypath::PyPath;

/// The subject's own instructions, to the letter.
pub const SUBJECT: &str = "\
To enter the construct, run:
python -m venv matrix_env
source matrix_env/bin/activate # On Unix
matrix_env\\Scripts\\activate # On Windows

Then run this program again.";

/// How to create and activate in the shell at hand (the value of `SHELL`).
pub fn to_enter(shell: Option<&PyPath>) -> Vec<(&'static str, String)> {
    let name = shell
        .map(|it| it.basename().lossy().into_owned())
        .unwrap_or_default();
    let activate = match name.as_str() {
        "fish" => "source matrix_env/bin/activate.fish",
        "csh" | "tcsh" => "source matrix_env/bin/activate.csh",
        "nu" => "overlay use matrix_env/bin/activate.nu",
        "pwsh" if cfg!(not(windows)) => "matrix_env/bin/Activate.ps1",
        _ if cfg!(windows) => "matrix_env\\Scripts\\activate",
        "bash" | "zsh" => "source matrix_env/bin/activate",
        _ => ". matrix_env/bin/activate",
    };
    vec![
        ("create", "python3 -m venv matrix_env".to_owned()),
        ("activate", activate.to_owned()),
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
    }
}
