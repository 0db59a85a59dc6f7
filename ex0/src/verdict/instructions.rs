//! What does the user type to enter an environment?

mod leave; // would `deactivate` work?
mod place; // can an environment be made here?

pub use self::leave::{Leave, leave};
pub use self::place::{NoPlace, no_place};

use crate::support::PyPath;
use crate::support::files;
use crate::support::shell::{Shell, quoted};

/// What an environment's script for this shell does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Activation {
    /// This command activates the environment.
    Command(String),
    /// The script has the path of this folder, so that one would be activated: the environment was moved or copied.
    Elsewhere(PyPath),
    /// The script asks the shell where it is, and this shell does not know: uv's, in an environment that may be moved.
    OtherShells,
    /// The script has the path in `"`, and the shell replaces a part of it, so that no such folder is activated.
    Replaced,
}

/// The command that activates an environment in this shell. The environment need not exist yet.
pub fn activation(folder: &PyPath, shell: Shell) -> Option<String> {
    command(scripts(folder, shell).first()?, shell)
}

/// What activates an environment; `None` if it has no script for this shell.
pub fn activate(folder: &PyPath, shell: Shell) -> Option<Activation> {
    let script = scripts(folder, shell).into_iter().find(files::is_file)?;
    let text = files::text(&script).unwrap_or_default();
    if shell == Shell::Posix && asks_where_it_is(&text) {
        return Some(Activation::OtherShells);
    }
    if text.lines().any(|it| is_replaced(it, shell)) {
        return Some(Activation::Replaced);
    }
    let named = folder_in(&text);
    let is_own = |it: &PyPath| it == folder || files::real(it) == files::real(folder);
    match named.filter(|it| !is_own(it)) {
        Some(other) => Some(Activation::Elsewhere(other)),
        None => command(&script, shell).map(Activation::Command),
    }
}

/// The names of the script for this shell: venv's, and the one of virtualenv and uv.
fn scripts(folder: &PyPath, shell: Shell) -> Vec<PyPath> {
    let names: &[&str] = match shell {
        Shell::Fish => &["bin/activate.fish"],
        Shell::Csh => &["bin/activate.csh"],
        Shell::Nu => &["bin/activate.nu"],
        Shell::Powershell => &["bin/Activate.ps1", "bin/activate.ps1"],
        Shell::Xonsh => &["bin/activate.xsh"],
        Shell::Bash | Shell::Ksh | Shell::Posix | Shell::Other => &["bin/activate"],
    };
    let folder = folder.without_trailing_slashes();
    names.iter().map(|it| folder.os_join(it)).collect()
}

/// The command that runs a script in this shell.
fn command(script: &PyPath, shell: Shell) -> Option<String> {
    let word = quoted(script)?;
    let verb = match shell {
        Shell::Fish | Shell::Csh | Shell::Xonsh | Shell::Bash => "source ",
        Shell::Nu => "overlay use ",
        Shell::Powershell => "",
        Shell::Ksh | Shell::Posix | Shell::Other => ". ",
    };
    shell.spelled(format!("{verb}{word}"))
}

/// Does the script take its folder from a variable that it sets in bash, zsh and ksh alone?
fn asks_where_it_is(script: &str) -> bool {
    let mut lines = script.lines();
    lines.any(|it| it.starts_with("VIRTUAL_ENV=") && it.contains("$SCRIPT_PATH"))
}

/// Does this line give a path in `"` to `VIRTUAL_ENV` that the shell would change? `python -m venv` wrote any path so before
/// 3.13.1, 3.12.8, 3.11.11, 3.10.16 and 3.9.21.
fn is_replaced(line: &str, shell: Shell) -> bool {
    const STARTS: [&str; 3] = [
        "VIRTUAL_ENV=\"/",
        "setenv VIRTUAL_ENV \"/",
        "set -gx VIRTUAL_ENV \"/",
    ];
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let Some(path) = STARTS.iter().find_map(|it| line.strip_prefix(it)) else {
        return false;
    };
    // Without a quote at its end the path goes on in the next line, which changes nothing.
    let path = path.strip_suffix('"').unwrap_or(path);
    match shell {
        Shell::Bash | Shell::Ksh | Shell::Posix => {
            path.contains(['$', '`', '"']) || path.contains(r"\\") || path.ends_with('\\')
        }
        Shell::Fish => path.contains(['$', '"']) || path.contains(r"\\") || path.ends_with('\\'),
        Shell::Csh => path.contains(['$', '`', '"', '!']),
        Shell::Nu | Shell::Powershell | Shell::Xonsh | Shell::Other => false,
    }
}

/// The folder that a script gives to `VIRTUAL_ENV`; `None` if it finds the folder when it runs.
///
/// The makers write one of `VIRTUAL_ENV="/x"`, `setenv VIRTUAL_ENV '/x'`, `let virtual_env = r#'/x'#`, and for xonsh a call.
fn folder_in(script: &str) -> Option<PyPath> {
    const NAMES: [&str; 3] = ["VIRTUAL_ENV", "_virtualenv_dir", "virtual_env"];
    script.lines().find_map(|line| {
        let (_, rest) = NAMES.iter().find_map(|it| line.split_once(it))?;
        let (between, _) = rest.split_once('/')?;
        let is_assigned = between.starts_with([' ', '=']);
        let only_quotes = between.replace("self._fs_path(", "");
        if !is_assigned || only_quotes.contains(|it| !" ='\"r#".contains(it)) {
            return None;
        }
        let path = &rest[between.len()..];
        let quote = between.chars().last().filter(|it| ['\'', '"'].contains(it));
        let end = quote.map_or_else(|| path.find([' ', '\t', ';']), |it| path.find(it));
        let path = &path[..end.unwrap_or(path.len())];
        // A path with a quote or an escape has another form in each shell. Without quotes, the shell puts the word together when it runs.
        let is_whole = match quote {
            Some(quote) => rest.matches(quote).count() == 2,
            None => !path.contains(['"', '\'', '$', '`']),
        };
        (is_whole && !path.contains('\\')).then(|| PyPath::from(path))
    })
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
        check(Shell::Xonsh, "source matrix_env/bin/activate.xsh");
        check(Shell::Powershell, "matrix_env/bin/Activate.ps1");
        let command = activation(&"my env".into(), Shell::Powershell);
        assert_eq!(command, None);
    }

    #[test]
    fn a_script_has_the_name_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        for name in ["activate.ps1", "Activate.ps1"] {
            let script = folder.path().join("bin").join(name);
            std::fs::write(&script, "").unwrap();
            let found = activate(&folder.path().into(), Shell::Powershell);
            let expected = command(&PyPath::from(script.as_path()), Shell::Powershell);
            assert_eq!(found, expected.map(Activation::Command));
        }
    }

    #[track_caller]
    fn check_folder(line: &str, expected: Option<&str>) {
        let script = format!("unset VIRTUAL_ENV\n    {line}\nPATH=\"$VIRTUAL_ENV/bin:$PATH\"\n");
        assert_eq!(folder_in(&script), expected.map(PyPath::from), "{line}");
    }

    #[test]
    fn a_script_names_the_folder_where_it_was_written_or_finds_its_own() {
        let own = Some("/home/neo/my env");
        check_folder("VIRTUAL_ENV=\"/home/neo/my env\"", own);
        check_folder("VIRTUAL_ENV='/home/neo/my env'", own);
        check_folder("VIRTUAL_ENV=/home/neo/env", Some("/home/neo/env"));
        check_folder("export VIRTUAL_ENV=/home/neo/env", Some("/home/neo/env"));
        check_folder("set -gx VIRTUAL_ENV '/home/neo/my env'", own);
        check_folder("setenv VIRTUAL_ENV \"/home/neo/my env\"", own);
        check_folder("set _virtualenv_dir='/home/neo/my env'", own);
        check_folder("let virtual_env = r#'/home/neo/my env'#", own);
        check_folder("const virtual_env = '/home/neo/my env'", own);
        let call = "self.embedded_virtual_env = self._fs_path('/home/neo/my env', required=True)";
        check_folder(call, own);
        check_folder(
            "VIRTUAL_ENV=''\"$(dirname -- \"$SCRIPT_PATH/..\")\"''",
            None,
        );
        check_folder("VIRTUAL_ENV=$(cygpath '/home/neo/env')", None);
        check_folder(r#"VIRTUAL_ENV='/home/it'"'"'s/env'"#, None);
        check_folder("$VIRTUAL_ENV = $BASE_DIR", None);
        let in_pieces = r#"VIRTUAL_ENV=/caf"$(unset -f printf; \printf '%b' '\0303\0251')"/env"#;
        check_folder(in_pieces, None);
        check_folder("VIRTUAL_ENV=/home/neo/'my env'", None);
        check_folder("VIRTUAL_ENV=/home/$NAME/env", None);
        check_folder(
            "VIRTUAL_ENV=/home/neo/env; export VIRTUAL_ENV",
            Some("/home/neo/env"),
        );
    }

    #[test]
    fn a_path_that_the_shell_would_change_is_not_activated() {
        let folder = tempfile::tempdir().unwrap();
        let check = |name: &str, shell: Shell, script: &str, is_replaced: bool| {
            let own = PyPath::from(folder.path().join(name).as_path());
            std::fs::create_dir_all(own.os_join("bin").as_path()).unwrap();
            let script_file = own.os_join("bin").os_join(script);
            let line = match shell {
                Shell::Fish => format!("set -gx VIRTUAL_ENV \"{own}\"\n"),
                Shell::Csh => format!("setenv VIRTUAL_ENV \"{own}\"\n"),
                _ => format!("    VIRTUAL_ENV=\"{own}\"\nexport VIRTUAL_ENV\n"),
            };
            std::fs::write(script_file.as_path(), &line).unwrap();
            let found = activate(&own, shell);
            assert_eq!(found == Some(Activation::Replaced), is_replaced, "{line}");
            assert!(found.is_some(), "{line}");
        };
        for (shell, script) in [
            (Shell::Posix, "activate"),
            (Shell::Fish, "activate.fish"),
            (Shell::Csh, "activate.csh"),
        ] {
            check("plain env", shell, script, false);
            check("it's", shell, script, false);
            check("dol$x", shell, script, true);
            check("dol`id`", shell, script, shell != Shell::Fish);
        }
        check(r"a\b", Shell::Posix, "activate", false);
        check(r"a\\b", Shell::Posix, "activate", true);
        check(r"a\", Shell::Posix, "activate", true);
        check("a\"b", Shell::Posix, "activate", true);
    }

    #[test]
    fn a_missing_script_is_no_hint() {
        let folder = tempfile::tempdir().unwrap();
        let path = PyPath::from(folder.path());
        assert_eq!(activate(&path, Shell::Posix), None);
    }
}
