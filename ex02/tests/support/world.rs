//! A fresh folder, an empty environment, and secrets that no output may have in it.
//!
//! Every run of every test goes through [`World::run`]. It searches all output for any 8 characters of
//! every planted secret: raw, percent-encoded, base64, hexadecimal, reversed, in upper and in lower case.
//! A test cannot forget to plant: every text of [`random`] counts as a secret of its thread.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "each test file uses its own part of this"
)]

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::OsString;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

#[path = "skipped.rs"]
mod skipped;

pub use skipped::{lacks, note, skip};

/// Ends a test when this program is missing, and says so. Only a macro can return for its caller.
macro_rules! needs {
    ($program:literal) => {
        if $crate::world::lacks($program) {
            return;
        }
    };
}

/// The five variables.
pub const NAMES: [&str; 5] = [
    "MATRIX_MODE",
    "DATABASE_URL",
    "API_KEY",
    "LOG_LEVEL",
    "ZION_ENDPOINT",
];

/// A place to run the oracle in.
pub struct World {
    /// The temporary folder. It is deleted at the end, with everything in it.
    temporary: tempfile::TempDir,
    /// The folder in which the oracle runs.
    folder: PathBuf,
    /// Its whole environment.
    env: RefCell<Vec<(OsString, OsString)>>,
    /// Secrets that no output may have in it, besides the texts of [`random`].
    secrets: RefCell<Vec<String>>,
}

thread_local! {
    /// The texts that [`random`] made for the test in this thread.
    static RANDOM: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The result of a run.
pub struct Run {
    /// The exit code. -1 after a signal.
    pub code: i32,
    /// Its stdout.
    pub out: String,
    /// Its stderr.
    pub err: String,
}

/// Letters and digits that no file and no other run has. From now on, they are a secret of this test.
pub fn random(length: usize) -> String {
    let mut text = String::new();
    while text.len() < length {
        let mut number = RandomState::new().hash_one(text.len());
        for _ in 0..10 {
            // Without x: four in a row, which may come by chance, would be a placeholder.
            let letters = b"ABCDEFGHJKMNPQRSTVWYZabcdefghjkmnpqrstvwyz23456789";
            text.push(letters[usize::try_from(number % 50).unwrap()] as char);
            number /= 50;
        }
    }
    // A digit comes first: some shapes need one.
    text.replace_range(..1, "7");
    text.truncate(length);
    RANDOM.with_borrow_mut(|it| it.push(text.clone()));
    text
}

impl World {
    /// An empty folder outside any repository.
    pub fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().canonicalize().unwrap().join("project");
        std::fs::create_dir(&folder).unwrap();
        let world = Self {
            temporary,
            folder,
            env: RefCell::default(),
            secrets: RefCell::default(),
        };
        world.set("PATH", &std::env::var("PATH").unwrap_or_default());
        world
    }

    /// A repository with an ignored, complete, private `.env`. Everything is right, except perhaps the
    /// connections to `database` and `endpoint`. Returns the key.
    pub fn sound(database: &str, endpoint: &str) -> (Self, String) {
        let world = Self::new();
        let key = world.secret(&format!("zk{}", random(30)));
        world.file(".gitignore", ".env\n.env.*\n!.env.example\n");
        world.file(".env.example", example());
        world.repository();
        world.dotenv(&format!(
            "MATRIX_MODE=development\nDATABASE_URL='{database}'\nAPI_KEY={key}\nLOG_LEVEL=DEBUG\nZION_ENDPOINT='{endpoint}'\n"
        ));
        (world, key)
    }

    /// The folder that the oracle runs in.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file, and makes its folders.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Writes `.env` so that only its owner can read it.
    pub fn dotenv(&self, text: &str) {
        self.private(".env", text);
    }

    /// Writes `.env` once more, with these changes.
    pub fn edit_dotenv(&self, edit: impl FnOnce(String) -> String) {
        let text = std::fs::read_to_string(self.path(".env")).unwrap();
        self.dotenv(&edit(text));
    }

    /// Writes a file that only its owner can read.
    pub fn private(&self, name: &str, text: impl AsRef<[u8]>) {
        use std::os::unix::fs::PermissionsExt;
        self.file(name, text);
        let permissions = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(self.path(name), permissions).unwrap();
    }

    /// Writes a program that can be started at once.
    ///
    /// A shell writes it. If this process opened it, a child process that another test starts at that moment
    /// would keep it open too, and the kernel starts no file that is open for writing ("Text file busy").
    pub fn program(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut shell = Command::new("sh")
            .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
            .arg(path)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = shell.stdin.take().unwrap();
        input.write_all(text.as_ref()).unwrap();
        drop(input);
        assert!(shell.wait().unwrap().success(), "{name} was not written");
    }

    /// Sets a variable of the process environment.
    pub fn set(&self, name: &str, value: &str) -> &Self {
        self.env.borrow_mut().retain(|(it, _)| it != name);
        self.env.borrow_mut().push((name.into(), value.into()));
        self
    }

    /// Removes one.
    pub fn unset(&self, name: &str) -> &Self {
        self.env.borrow_mut().retain(|(it, _)| it != name);
        self
    }

    /// From now on, no output of any run may have this text in it.
    pub fn secret(&self, text: &str) -> String {
        self.secrets.borrow_mut().push(text.to_owned());
        text.to_owned()
    }

    /// Makes the folder a repository with everything in it committed.
    pub fn repository(&self) {
        self.git(&["init", "-q", "-b", "main"]);
        self.commit();
    }

    /// Commits everything that is not ignored. Returns the short name of the commit.
    pub fn commit(&self) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "one step"]);
        self.git(&["rev-parse", "--short", "HEAD"])
            .trim()
            .to_owned()
    }

    /// Runs git as a developer would.
    pub fn git(&self, words: &[&str]) -> String {
        self.git_in(&self.folder, words)
    }

    /// Runs git in another folder.
    pub fn git_in(&self, folder: &Path, words: &[&str]) -> String {
        let done = Command::new("git")
            .args(["-c", "user.name=neo", "-c", "user.email=neo@zion.invalid"])
            .args([
                "-c",
                "commit.gpgsign=false",
                "-c",
                "protocol.file.allow=always",
            ])
            .args(words)
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.temporary.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap_or_else(|error| panic!("{error}: a test of git begins with needs!(\"git\")"));
        assert!(
            done.status.success(),
            "git {words:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8(done.stdout).unwrap()
    }

    /// The oracle in a folder, with this environment and no other.
    pub fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oracle"));
        command
            .current_dir(folder)
            .env_clear()
            .envs(self.env.borrow().iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Runs the oracle in the folder and searches its output for every secret.
    #[track_caller]
    pub fn run(&self, words: &[&str]) -> Run {
        self.run_in(&self.folder, words)
    }

    /// Runs the oracle in another folder.
    #[track_caller]
    pub fn run_in(&self, folder: &Path, words: &[&str]) -> Run {
        let done = self.command(folder).args(words).output().unwrap();
        let run = Run {
            code: done.status.code().unwrap_or(-1),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
        };
        assert!(
            [0, 1, 2, 78].contains(&run.code),
            "{words:?} ended with {}:\n{}",
            run.code,
            run.err
        );
        for text in [&run.out, &run.err] {
            assert_holds_no(&self.secrets.borrow(), text);
            RANDOM.with_borrow(|secrets| assert_holds_no(secrets, text));
        }
        run
    }

    /// Runs the oracle in every way that prints something. Returns the plain report.
    #[track_caller]
    pub fn run_every_way(&self, words: &[&str]) -> Run {
        for more in [
            &["--json"][..],
            &["--check", "--history"],
            &["-q"],
            &["--color", "always"],
        ] {
            self.run(&[words, more].concat());
        }
        for name in NAMES {
            self.run(&[words, &["--explain", name]].concat());
            self.run(&[words, &["--explain", name, "--json"]].concat());
        }
        self.run(words)
    }

    /// Runs the oracle in the three ways that say most about one variable.
    #[track_caller]
    pub fn run_about(&self, name: &str, words: &[&str]) {
        for more in [&[][..], &["--json"], &["--explain", name]] {
            self.run(&[words, more].concat());
        }
    }

    /// The report as JSON.
    #[track_caller]
    pub fn json(&self, words: &[&str]) -> serde_json::Value {
        let run = self.run(&[words, &["--json"]].concat());
        serde_json::from_str(&run.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err))
    }
}

impl Run {
    /// The text after `label: `.
    #[track_caller]
    pub fn value(&self, label: &str) -> &str {
        let prefix = format!("{label}: ");
        let mut lines = self.out.lines();
        let line = lines.find_map(|line| line.strip_prefix(&prefix));
        line.unwrap_or_else(|| panic!("no `{label}` in:\n{}{}", self.out, self.err))
    }

    /// The three findings' tags: `OK WARN FAIL`.
    #[track_caller]
    pub fn tags(&self) -> String {
        let after = self
            .out
            .split("Environment security check:\n")
            .nth(1)
            .unwrap_or_default();
        let lines = after.lines().take(3);
        let tags: Vec<&str> = lines
            .map(|it| it.trim_start_matches('[').split(']').next().unwrap())
            .collect();
        tags.join(" ")
    }

    /// The report on one line, so that a sentence is found across line breaks.
    pub fn flat(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Asserts that the report has this text in it, also across line breaks.
    #[track_caller]
    pub fn says(&self, sentence: &str) -> &Self {
        assert!(
            self.flat().contains(sentence),
            "no `{sentence}` in:\n{}{}",
            self.out,
            self.err
        );
        self
    }

    /// Asserts that the report does not have this text in it.
    #[track_caller]
    pub fn is_silent_about(&self, sentence: &str) -> &Self {
        assert!(
            !self.flat().contains(sentence),
            "`{sentence}` in:\n{}",
            self.out
        );
        self
    }
}

/// The workspace's `.env.example`, in short.
pub fn example() -> String {
    "MATRIX_MODE=development\nDATABASE_URL=sqlite::memory:\nAPI_KEY=replace-with-your-api-key\nLOG_LEVEL=DEBUG\nZION_ENDPOINT=http://localhost:8080\n".to_owned()
}

/// Fails the test when a text has a piece of one of these secrets in it.
#[track_caller]
pub fn assert_holds_no(secrets: &[String], text: &str) {
    let pieces = windows(text).collect();
    for secret in secrets {
        if let Some(piece) = leak_among(secret, &pieces) {
            panic!("`{piece}` of `{secret}` in:\n{text}");
        }
    }
}

/// Eight characters in a row, of any form of a secret, that are in a text.
pub fn leak(secret: &str, text: &str) -> Option<String> {
    leak_among(secret, &windows(text).collect())
}

/// The same, for a text that is cut into pieces of eight characters.
fn leak_among(secret: &str, pieces: &HashSet<&str>) -> Option<String> {
    let forms = forms(secret);
    let found = forms
        .iter()
        .flat_map(|form| windows(form))
        .find(|it| pieces.contains(it));
    found.map(str::to_owned)
}

/// Every form of a secret that the tests look for.
pub fn forms(secret: &str) -> Vec<String> {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escaped = |byte: u8| format!("%{byte:02X}");
    let percent = secret.bytes().map(|byte| {
        if usual(byte) {
            char::from(byte).to_string()
        } else {
            escaped(byte)
        }
    });
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap();
    let digits = secret
        .bytes()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    let hex: String = digits.collect();
    let mut forms = vec![
        secret.to_owned(),
        secret.to_uppercase(),
        secret.to_lowercase(),
        secret.chars().rev().collect(),
        hex.to_uppercase(),
        hex,
    ];
    for form in [percent.collect(), secret.bytes().map(escaped).collect()] {
        let form: String = form;
        forms.push(lower_escapes(&form));
        forms.push(form);
    }
    for shift in 0..3 {
        let encoded = STANDARD_NO_PAD.encode([&b"\0\0"[..shift], secret.as_bytes()].concat());
        // The characters at both ends also depend on the neighbours.
        let inside = [0, 2, 3][shift]..(shift + secret.len()) * 8 / 6;
        let inside = encoded.get(inside).unwrap_or_default();
        forms.push(inside.replace('+', "-").replace('/', "_"));
        forms.push(inside.to_owned());
    }
    forms
}

/// `%2F` as `%2f`.
fn lower_escapes(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        format!("{text}%{}{}", part[..2].to_lowercase(), &part[2..])
    })
}

/// Every eight characters in a row of a text.
fn windows(text: &str) -> impl Iterator<Item = &str> {
    let ends = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .skip(8);
    text.char_indices()
        .zip(ends)
        .map(|((from, _), to)| &text[from..to])
}
