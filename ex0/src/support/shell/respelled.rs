//! How does a POSIX command become one of nu, PowerShell or xonsh?

use super::Shell;

impl Shell {
    /// The same for a shell that is no POSIX shell. Each of them reads a word without quotes in it as we do, and a whole word in single
    /// quotes; what is spelled in another way cannot be written. A program in quotes would be a text.
    pub(super) fn respelled(self, command: &str) -> Option<String> {
        // PowerShell reads the quotes of a typesetter as quotes.
        let unsafe_letters = [
            '\\', '"', '>', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}',
        ];
        if command.contains(unsafe_letters) || (self == Self::Nu && command.contains(" && ")) {
            return None;
        }
        let mut words = Vec::new();
        let mut rest = Some(command);
        let mut is_program = true;
        while let Some(text) = rest {
            let inside = text.strip_prefix('\'');
            let (word, after) = match inside {
                Some(inside) => inside.split_once('\'')?,
                None => text.split_at(text.find(' ').unwrap_or(text.len())),
            };
            let is_whole = after.is_empty() || after.starts_with(' ');
            if !is_whole || (inside.is_none() && word.contains('\'')) {
                return None;
            }
            words.push(self.word(word, inside.is_some(), is_program));
            is_program = inside.is_none() && word == "&&";
            rest = after.strip_prefix(' ');
        }
        Some(words.join(" "))
    }

    /// A word of such a shell, with or without quotes. In quotes xonsh fills in variables, if there is no `r`. nu has an `rm` of its own.
    fn word(self, word: &str, is_quoted: bool, is_program: bool) -> String {
        match (self, is_quoted, is_program) {
            (Self::Nu, true, true) => format!("^'{word}'"),
            (Self::Nu, false, true) if ["cp", "mkdir", "mv", "rm"].contains(&word) => {
                format!("^{word}")
            }
            (Self::Powershell, true, true) => format!("& '{word}'"),
            (Self::Xonsh, true, true) => format!("@(r'{word}')"),
            (Self::Xonsh, true, false) => format!("r'{word}'"),
            (_, true, _) => format!("'{word}'"),
            (_, false, _) => word.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::quoted;
    use super::*;

    #[test]
    fn a_shell_of_another_kind_gets_its_own_words_or_none() {
        let [nu, power, xonsh] = [Shell::Nu, Shell::Powershell, Shell::Xonsh].map(|shell| {
            move |command: &str, expected: Option<&str>| {
                let spelled = shell.spelled(command.to_owned());
                assert_eq!(spelled.as_deref(), expected, "{shell:?}");
            }
        });
        let plain = "python3 -m venv --without-pip /x/env";
        let program = "'/x/my $HOME/python3' -m venv 'a b'";
        let joined = "rm -r '/x y' && '/x y/python3' -m venv x";
        nu(plain, Some(plain));
        nu(program, Some("^'/x/my $HOME/python3' -m venv 'a b'"));
        nu("rm -r '/x y'", Some("^rm -r '/x y'"));
        nu(joined, None);
        power(plain, Some(plain));
        power(program, Some("& '/x/my $HOME/python3' -m venv 'a b'"));
        power(joined, Some("rm -r '/x y' && & '/x y/python3' -m venv x"));
        xonsh(plain, Some(plain));
        xonsh(program, Some("@(r'/x/my $HOME/python3') -m venv r'a b'"));
        for path in ["/x/it's", "/x/a\nb", r"/x y\z", "/x’y"] {
            let command = format!("rm -r {}", quoted(&path.into()).unwrap());
            for check in [nu, power, xonsh] {
                check(&command, None);
            }
        }
        for check in [nu, power, xonsh] {
            check("python3 -m venv --prompt='a b' /x", None);
        }
        assert_eq!(Shell::Nu.export("X", "/a"), "$env.X = '/a'");
        assert_eq!(Shell::Powershell.export("X", "/a"), "$env:X = '/a'");
    }

    #[test]
    fn xonsh_obeys_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("my $HOME (1)");
        std::os::unix::fs::symlink("/bin/echo", &program).unwrap();
        let program = quoted(&program.as_path().into()).unwrap();
        let command = format!("{program} -n '/x/$HOME b' && {program} -n '{{c}} *'");
        let command = Shell::Xonsh.spelled(command).unwrap();
        let mut xonsh = std::process::Command::new("xonsh");
        xonsh.env("HOME", folder.path()).args(["--no-rc", "-c"]);
        if let Ok(said) = xonsh.arg(&command).output() {
            assert_eq!(said.stdout, b"/x/$HOME b{c} *", "{command}");
        }
    }
}
