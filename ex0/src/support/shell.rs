//! How is a path written as one word for a shell, and which shell is it?

mod parent; // which shell started this process

pub use self::parent::Parent;

use super::{PyPath, World};

/// A path as one word for every POSIX shell and for fish; `None` if there is no way to write it.
///
/// A terminal or a JSON reader may change some bytes. Those are written with `printf`. A shell removes line breaks at the end of its output,
/// so a path that ends in one cannot be written.
pub fn quoted(path: &PyPath) -> Option<String> {
    let bytes = path.bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@%".contains(byte);
    if !bytes.is_empty() && bytes.iter().all(is_plain) && bytes[0] != b'-' {
        return Some(path.lossy().into_owned());
    }
    let shown = path.lossy();
    if path.to_string() == shown {
        return Some(in_quotes(&shown));
    }
    if bytes.last() == Some(&b'\n') || bytes.contains(&0) {
        return None;
    }
    let spelled: String = bytes
        .iter()
        .map(|byte| match byte {
            b'%' => "%%".to_owned(),
            b' '..=b'~' if !br"'\".contains(byte) => char::from(*byte).to_string(),
            other => format!("\\{other:03o}"),
        })
        .collect();
    Some(format!("\"$(printf '{spelled}')\""))
}

/// A text in single quotes. In them, fish reads `\\` and `\'` as one character, and a POSIX shell as two. Such a backslash stays outside.
fn in_quotes(text: &str) -> String {
    let mut word = "'".to_owned();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => word += r"'\''",
            '\\' if matches!(letters.peek(), None | Some('\\' | '\'')) => word += r"'\\'",
            other => word.push(other),
        }
    }
    word + "'"
}

/// The shells that need different commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Bash,
    Fish,
    Csh,
    Nu,
    Powershell,
    Xonsh,
    /// The Korn shell. Scripts can ask it where they are.
    Ksh,
    /// Any other POSIX shell.
    Posix,
    /// No POSIX shell, and its words are not known.
    Other,
}

impl Shell {
    /// The shell with this program name.
    fn named(name: &str) -> Option<Self> {
        Some(match name.trim_start_matches('-') {
            "bash" | "zsh" => Self::Bash,
            "fish" => Self::Fish,
            "csh" | "tcsh" => Self::Csh,
            "nu" => Self::Nu,
            "pwsh" => Self::Powershell,
            "xonsh" => Self::Xonsh,
            "ksh" | "ksh93" => Self::Ksh,
            "sh" | "dash" | "mksh" | "ash" | "busybox" | "yash" => Self::Posix,
            "elvish" | "es" | "ion" | "murex" | "rc" | "ysh" => Self::Other,
            _ => return None,
        })
    }

    /// The command that removes a variable. Of a shell whose words are not known, [`Self::spelled`] refuses it.
    pub fn unset(self, name: &str) -> String {
        match self {
            Self::Fish => format!("set -e {name}"),
            Self::Csh => format!("unsetenv {name}"),
            Self::Nu => format!("hide-env {name}"),
            Self::Powershell => format!("Remove-Item Env:{name}"),
            Self::Xonsh => format!("del ${name}"),
            Self::Bash | Self::Ksh | Self::Posix | Self::Other => format!("unset {name}"),
        }
    }

    /// The command that gives a variable to all programs; `None` for a shell that reads quotes in another way. The value is one word already.
    pub fn export(self, name: &str, word: &str) -> Option<String> {
        Some(match self {
            Self::Fish => format!("set -gx {name} {word}"),
            Self::Csh => format!("setenv {name} {word}"),
            Self::Bash | Self::Ksh | Self::Posix => format!("export {name}={word}"),
            Self::Nu | Self::Powershell | Self::Xonsh | Self::Other => return None,
        })
    }

    /// A POSIX command as this shell reads it; `None` if there is no way to write it. csh replaces `!` by an older command, even in quotes.
    pub fn spelled(self, command: String) -> Option<String> {
        match self {
            Self::Other => None,
            Self::Csh if command.contains("\"$(printf ") => None,
            Self::Csh => Some(command.replace('!', "\\!")),
            // They read quotes in other ways, and nu no `&&`.
            Self::Nu if command.contains('&') => None,
            Self::Nu | Self::Powershell | Self::Xonsh => {
                Some(command).filter(|it| !it.contains(['\'', '"', '\\', '>']))
            }
            Self::Bash | Self::Fish | Self::Ksh | Self::Posix => Some(command),
        }
    }

    /// Does `python -m venv` write a script that activates an environment in this shell?
    pub fn is_known_to_venv(self) -> bool {
        !matches!(self, Self::Nu | Self::Xonsh)
    }

    /// The shell that started this process, itself or by a program such as cargo. If that is not known, the login shell in `SHELL`.
    pub fn at_hand(world: &World) -> Self {
        let login = || Self::named(&world.non_empty("SHELL")?.basename().lossy());
        let parent = world.parent().and_then(|it| Self::named(&it.name));
        parent.or_else(login).unwrap_or(Self::Posix)
    }
}

/// The folders that each shell searches if PATH is not set. (fish and mksh set it.) Source: test runs on Debian.
const OWN_PATHS: [(&str, &str); 6] = [
    (
        "bash",
        "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin:.",
    ),
    ("zsh", "/bin:/usr/bin:/usr/ucb:/usr/local/bin"),
    ("csh", "/usr/bin:/bin"),
    ("tcsh", "/usr/bin:/bin"),
    ("ksh", "/bin:/usr/bin"),
    ("ksh93", "/bin:/usr/bin"),
];

/// The same for dash, which is `sh` on Debian. It stands for every other shell.
const OF_DASH: (&str, &str) = (
    "dash",
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
);

/// The shell at hand, and the folders that it searches if PATH is not set.
pub fn own_path(world: &World) -> (&'static str, &'static str) {
    let parent = world.parent();
    let is_it = |(shell, _): &(&str, &str)| parent.is_some_and(|it| it.name == *shell);
    OWN_PATHS.into_iter().find(is_it).unwrap_or(OF_DASH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &[u8], expected: Option<&str>) {
        assert_eq!(quoted(&PyPath::new(path)).as_deref(), expected);
        let Some(word) = expected else { return };
        let script = format!("printf %s {word}");
        for shell in ["sh", "bash", "dash", "fish", "ksh", "mksh", "zsh"] {
            let mut command = std::process::Command::new(shell);
            // fish writes into its home. In another locale, it reads an umlaut as two letters.
            let home = tempfile::tempdir().unwrap();
            let command = command.env("HOME", home.path()).env("LANG", "C.UTF-8");
            match command.args(["-c", &script]).output() {
                Ok(said) => assert_eq!(said.stdout, path, "{shell}: {word}"),
                Err(error) => assert_ne!(shell, "sh", "{error}"),
            }
        }
    }

    #[test]
    fn csh_reads_the_command_as_the_same_bytes() {
        for path in [
            "/x/a!b",
            "/x/!",
            r"/x/a\!b",
            "/x/it's !!",
            "/x/$HOME `id` !$",
        ] {
            let word = quoted(&path.into()).unwrap();
            let script = Shell::Csh.spelled(format!("printf %s {word}")).unwrap();
            let mut command = std::process::Command::new("tcsh");
            if let Ok(said) = command.args(["-f", "-c", &script]).output() {
                assert_eq!(said.stdout, path.as_bytes(), "{script}");
            }
        }
        let word = quoted(&"/x/a\nb".into()).unwrap();
        assert_eq!(Shell::Csh.spelled(word.clone()), None);
        assert_eq!(Shell::Bash.spelled(word.clone()), Some(word));
    }

    #[test]
    fn a_shell_of_another_kind_gets_only_plain_words() {
        let plain = "python3 -m venv --without-pip /x/env";
        let steps = "rm /x/python3 && ln -s /y /x/python3";
        for shell in [Shell::Nu, Shell::Powershell, Shell::Xonsh] {
            let spelled = |command: &str| shell.spelled(command.to_owned());
            assert_eq!(spelled(plain).as_deref(), Some(plain));
            assert_eq!(spelled(steps).is_some(), shell != Shell::Nu);
            for path in ["/x/my env", "/x/it's", "/x/a\nb", r"/x y\z", "/x/$HOME"] {
                let command = format!("rm -r {}", quoted(&path.into()).unwrap());
                assert_eq!(spelled(&command), None);
            }
            assert_eq!(shell.export("X", "/a"), None);
        }
    }

    #[test]
    fn a_shell_reads_the_word_as_the_same_bytes() {
        check(b"/x/matrix_env", Some("/x/matrix_env"));
        check(b"/x/my env", Some("'/x/my env'"));
        check(b"/x/it's", Some(r"'/x/it'\''s'"));
        check("/x/é".as_bytes(), Some("'/x/é'"));
        check(
            b"/x/a\nb%d\\c'",
            Some(r#""$(printf '/x/a\012b%%d\134c\047')""#),
        );
        check(b"/x/\xff\x1b[m", Some(r#""$(printf '/x/\377\033[m')""#));
        check(b"/x/a\n", None);
        check(br"/x/a\b", Some(r"'/x/a\b'"));
        check(br"/x/a\\b\", Some(r"'/x/a'\\'\b'\\''"));
        check(br"\'", Some(r"''\\''\'''"));
    }
}
