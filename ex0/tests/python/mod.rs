//! The interpreters of this machine, and their answers.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The question for Python: every field, with construct's name for it. Paths are in hex, so that any byte is possible. It writes the JSON
/// itself: to import Python's module takes longer than all the rest.
const QUESTION: &str = r#"
import sys, os
def path(p): return None if p is None else os.fsencode(p).hex()
import site
in_env = sys.prefix != sys.base_prefix
everything = getattr(site, "PREFIXES", [])
packages = site.getsitepackages()
prefix, sys.prefix = sys.prefix, sys.base_prefix
base = site.getsitepackages([sys.base_prefix, sys.base_exec_prefix])
sys.prefix = prefix
stdlib = os.path.dirname(os.path.abspath(os.__file__))
def text(it):
    if isinstance(it, dict): return "{%s}" % ",".join('"%s":%s' % (name, text(it[name])) for name in it)
    if isinstance(it, list): return "[%s]" % ",".join(map(text, it))
    return {None: "null", True: "true", False: "false"}.get(it, '"%s"' % it)
print(text({
  "isolated": in_env,
  "executable": path(sys.executable),
  "version": "%d.%d.%d" % sys.version_info[:3],
  "implementation": sys.implementation.name,
  "prefix": path(sys.prefix), "base_prefix": path(sys.base_prefix), "exec_prefix": path(sys.exec_prefix),
  "site_packages": [path(p) for p in packages],
  "global_site_packages": [path(p) for p in base],
  "user_site": site.ENABLE_USER_SITE,
  "externally_managed": not in_env and os.path.isfile(os.path.join(stdlib, "EXTERNALLY-MANAGED")),
  "system_site_packages": (sys.base_prefix in everything) if in_env else None,
}))
"#;

/// A Python of this machine.
#[derive(Clone)]
pub struct Interpreter {
    /// For messages: version and place.
    pub name: String,
    /// The executable, with all links resolved.
    pub file: String,
    /// `X.Y`.
    pub minor: String,
    /// `sys.base_prefix`.
    pub prefix: String,
    /// The folder of the standard library.
    pub stdlib: String,
    /// `python` or `pypy`.
    pub word: &'static str,
    /// `X.Y.Z`.
    version: String,
    /// The files and folders of its library that it needs to answer the question.
    pub needs: Vec<String>,
}

impl Interpreter {
    /// The folder that the executable is in.
    pub fn folder(&self) -> String {
        Path::new(&self.file)
            .parent()
            .unwrap()
            .display()
            .to_string()
    }

    /// `X.Y.Z`.
    pub fn version(&self) -> String {
        self.version.clone()
    }

    /// `Y`.
    pub fn minor_number(&self) -> u32 {
        self.minor.split('.').nth(1).unwrap().parse().unwrap()
    }

    /// `lib/pythonX.Y`.
    pub fn lib(&self) -> String {
        format!("lib/{}{}", self.word, self.minor)
    }
}

/// All interpreters that are found. If there is none, the tests say so; with `CI=true` they fail.
pub fn interpreters() -> Vec<Interpreter> {
    // The search runs once for all tests of a file.
    static FOUND: OnceLock<Vec<Interpreter>> = OnceLock::new();
    let found = FOUND.get_or_init(look_for_interpreters).clone();
    if found.is_empty() {
        absent("no Python 3");
    }
    found
}

/// The interpreters without 3.7 and 3.12, if both neighbours are there: these have the same rules.
pub fn interpreters_apart() -> Vec<Interpreter> {
    let all = interpreters();
    let has = |minor: u32| all.iter().any(|it| it.minor_number() == minor);
    let is_between = |minor: u32| [7, 12].contains(&minor) && has(minor - 1) && has(minor + 1);
    let apart = all.iter().filter(|it| !is_between(it.minor_number()));
    apart.cloned().collect()
}

/// A CPython of at least `3.oldest`; the system's if possible.
pub fn cpython_since(oldest: u32) -> Option<Interpreter> {
    let fits = |it: &Interpreter| it.word == "python" && it.minor_number() >= oldest;
    let found = interpreters().into_iter().rfind(fits);
    if found.is_none() {
        absent(&format!("no CPython since 3.{oldest}"));
    }
    found
}

/// Looks in all folders where a Python may be.
fn look_for_interpreters() -> Vec<Interpreter> {
    let mut files: Vec<PathBuf> = ["/usr/bin/python3", "/usr/bin/pypy3"]
        .map(PathBuf::from)
        .to_vec();
    files.extend(std::env::var_os("MATRIX_PYTHON").map(PathBuf::from));
    let roots = [
        std::env::var_os("PYENV_ROOT").map(PathBuf::from),
        std::env::home_dir().map(|it| it.join(".pyenv")),
    ];
    for root in roots.into_iter().flatten() {
        let versions = fs::read_dir(root.join("versions"))
            .into_iter()
            .flatten()
            .flatten();
        files.extend(versions.map(|it| it.path().join("bin/python3")));
    }
    files.extend(which("python3"));
    let mut found: Vec<Interpreter> = files.iter().filter_map(|file| interpreter(file)).collect();
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found.dedup_by(|a, b| a.file == b.file);
    found
}

/// Says that something is missing on this machine, so a test or a part of it is skipped. In CI it fails instead.
pub fn absent(what: &str) {
    assert!(!is_ci(), "{what} in CI");
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default();
    note(&format!("SKIPPED: {test}: {what} on this machine"));
}

/// In CI nothing is skipped.
fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|it| it == "true")
}

/// Prints a message. (The test runner hides the output of `eprintln!` in a test that passes, but not this.)
pub fn note(text: &str) {
    // stderr may be closed. The test goes on anyway.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The text must have this part.
#[track_caller]
pub fn has(text: &str, part: &str) {
    assert!(text.contains(part), "no {part:?} in {text}");
}

/// May the tests act as another user? Only root may, with this program.
pub fn may_be_another_user() -> bool {
    let may = which("setpriv").is_some() && fs::read_dir("/root").is_ok();
    if !may {
        absent("setpriv, or root");
    }
    may
}

/// A new folder. Its name has a blank and an umlaut, like the folders of many students.
pub fn folder() -> tempfile::TempDir {
    tempfile::Builder::new()
        .prefix("Für Neo ")
        .tempdir()
        .unwrap()
}

/// Copies a program that a test will start.
///
/// Another process makes the copy. If this process had the copy open for writing, and another test started a child now, the child would
/// have the file open too. Starting the copy would then fail with "Text file busy".
pub fn copy_program(from: impl AsRef<Path>, to: impl AsRef<Path>) {
    // Remove it first: `cp` would follow a link and overwrite its target.
    let _ = fs::remove_file(&to);
    let mut copy = Command::new("cp");
    copy.arg("-p").arg(from.as_ref()).arg(to.as_ref());
    assert!(copy.status().unwrap().success());
}

/// Writes a program that a test will start.
pub fn write_program(file: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    let draft = file.as_ref().with_extension("draft");
    fs::write(&draft, bytes).unwrap();
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)).unwrap();
    copy_program(&draft, &file);
    fs::remove_file(&draft).unwrap();
}

/// Replaces a folder's path in a text by `name`. A path with a blank has quotes around it: they are removed too.
pub fn respelled(text: &str, folder: &str, name: &str) -> String {
    let start = format!("'{folder}");
    let mut pieces = text.split(&start);
    let mut spelled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (path, rest) = piece.split_once('\'').expect("a closing quote");
        let is_plain = |it: char| it.is_ascii_alphanumeric() || "/._-".contains(it);
        let quote = if path.chars().all(is_plain) { "" } else { "'" };
        spelled.extend([quote, name, path, quote, rest]);
    }
    spelled.replace(folder, name)
}

/// The file of a command on the PATH of this test run.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|it| it.join(name))
        .find(|it| {
            it.metadata()
                .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
        })
}

/// Asks an interpreter for its facts. For an environment it takes the base interpreter.
fn interpreter(file: &Path) -> Option<Interpreter> {
    let ask = "import sys, os; print(sys.base_prefix); print('%d.%d' % sys.version_info[:2]); print(os.path.dirname(os.__file__)); \
               print(sys.implementation.name); print(os.path.realpath(sys.executable)); print('%d.%d.%d' % sys.version_info[:3]); \
               import site; files = [getattr(m, '__file__', None) for m in list(sys.modules.values())]; lib = os.path.dirname(os.__file__); \
               print(':'.join(sorted(set(os.path.relpath(f, lib).split(os.sep)[0] for f in files if f and f.startswith(lib)))))";
    let output = Command::new(file)
        .env_clear()
        .args(["-I", "-c", ask])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let lines: Vec<&str> = text.lines().collect();
    let &[prefix, minor, stdlib, implementation, file, version, needs] = lines.as_slice() else {
        return None;
    };
    let word = if implementation == "pypy" {
        "pypy"
    } else {
        "python"
    };
    Some(Interpreter {
        name: format!("{word} {minor} in {prefix}"),
        file: file.to_owned(),
        minor: minor.to_owned(),
        prefix: prefix.to_owned(),
        stdlib: stdlib.to_owned(),
        word,
        version: version.to_owned(),
        needs: needs.split(':').map(str::to_owned).collect(),
    })
}

/// A scenario: its name, and the function that builds the environment.
pub type Scenario = (&'static str, fn(&mut Case));

/// Outside CI, a row of a long table is asked about every third Python. All rows with all of ten Pythons take minutes.
const TURNS: usize = 3;

/// Builds a case for each row of a table with each interpreter, and reports all complaints at once.
///
/// Outside CI the rows of a long table take turns: each row has some of the interpreters, each interpreter some of the rows.
#[track_caller]
pub fn agree<T: Sync>(
    rows: &[(&str, T)],
    interpreters: &[Interpreter],
    complaints: impl Fn(&T, &mut Case) -> Vec<String> + Sync,
) {
    assert!(!rows.is_empty());
    let shared = !is_ci() && rows.len() >= TURNS && interpreters.len() > TURNS;
    let with = |(place, interpreter): (usize, &Interpreter)| -> Vec<String> {
        let of_row = |(name, row): &(&str, T)| {
            let wrong = complaints(row, &mut Case::new(interpreter));
            let say = |it: String| format!("{name} ({}): {it}", interpreter.name);
            wrong.into_iter().map(say).collect::<Vec<_>>()
        };
        let (first, step) = if shared {
            (place % TURNS, TURNS)
        } else {
            (0, 1)
        };
        rows.iter()
            .skip(first)
            .step_by(step)
            .flat_map(of_row)
            .collect()
    };
    let with = &with;
    // Some cases wait for a Python that hangs, so each interpreter has its own thread.
    let all: Vec<String> = std::thread::scope(|scope| {
        let each = interpreters.iter().enumerate();
        let threads = each.map(|it| scope.spawn(move || with(it)));
        let threads: Vec<_> = threads.collect();
        let joined = threads.into_iter().map(|it| it.join().unwrap());
        joined.flatten().collect()
    });
    let (count, list) = (all.len(), all.join("\n"));
    assert!(all.is_empty(), "{count} disagreements:\n{list}");
}

/// What construct must answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// The same as the interpreter.
    Agreement,
    /// "unknown": no claim at all.
    Unknown,
}

/// The folder of a test, and the files in it.
pub trait Folder {
    fn file_at(&self, name: &str) -> PathBuf;

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.file_at(name), bytes).unwrap();
    }

    /// Makes a folder and those above it.
    fn mkdir(&self, name: &str) {
        fs::create_dir_all(self.file_at(name)).unwrap();
    }

    fn link(&self, target: impl AsRef<Path>, name: &str) {
        symlink(target, self.file_at(name)).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.file_at(name)).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.file_at(from), self.file_at(to)).unwrap();
    }

    fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.file_at(name), fs::Permissions::from_mode(mode)).unwrap();
    }
}

impl Folder for Case<'_> {
    fn file_at(&self, name: &str) -> PathBuf {
        self.at(name).into()
    }
}

/// One scenario with one interpreter, in a new folder.
pub struct Case<'a> {
    /// The interpreter.
    pub interpreter: &'a Interpreter,
    pub path: String,
    pub cwd: String,
    /// What construct must answer.
    pub expect: Expect,
    /// The command: `python3`, or a path.
    program: OsString,
    /// PATH, if it is not UTF-8.
    path_bytes: Option<OsString>,
    /// How long Python may take.
    patience: Duration,
    /// More variables.
    variables: Vec<(String, String)>,
    /// The user who asks, if it is not the one who runs the tests.
    user: Option<u32>,
    /// The folder; it is deleted at the end.
    folder: tempfile::TempDir,
}

impl<'a> Case<'a> {
    /// An empty folder.
    pub fn new(interpreter: &'a Interpreter) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("construct-")
            .tempdir()
            .unwrap();
        let cwd = folder.path().canonicalize().unwrap().display().to_string();
        Self {
            interpreter,
            path: String::new(),
            cwd,
            expect: Expect::Agreement,
            program: "python3".into(),
            path_bytes: None,
            patience: PATIENCE,
            variables: Vec::new(),
            user: None,
            folder,
        }
    }

    /// Lets another user ask. Only root can do that.
    pub fn asked_by(&mut self, user: u32) {
        fs::set_permissions(self.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        copy_program(env!("CARGO_BIN_EXE_construct"), self.at("construct"));
        self.user = Some(user);
    }

    /// A path in the folder. `LIB` means `lib/pythonX.Y`.
    pub fn at(&self, name: &str) -> String {
        let name = name.replace("LIB", &self.interpreter.lib());
        let folder = self.folder.path().canonicalize().unwrap();
        folder.join(name).display().to_string()
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Asks for a path instead of a name on PATH.
    pub fn ask(&mut self, program: &str) {
        self.program = program.into();
    }

    /// A folder whose only file is a link `python3` to the interpreter.
    pub fn path_of_interpreter(&mut self) {
        let own = Path::new(&self.interpreter.file);
        let leads_there = |name: &&str| {
            let file = own.with_file_name(name).canonicalize();
            file.is_ok_and(|it| it == own)
        };
        // If a folder has two Pythons, `python3` leads to one of them.
        let name = ["python3", "pypy3"].into_iter().find(leads_there);
        self.program = name.map_or_else(|| own.file_name().unwrap().into(), OsString::from);
        self.path = self.interpreter.folder();
    }

    /// The text of an ordinary pyvenv.cfg with more lines.
    pub fn cfg(&self, more: &str) -> String {
        let own = if more.to_lowercase().contains("include-system") {
            ""
        } else {
            "include-system-site-packages = false\n"
        };
        format!(
            "home = {}\n{own}version = 3.0.0\n{more}",
            self.interpreter.folder()
        )
    }

    /// An ordinary environment, first on PATH.
    pub fn env(&mut self, name: &str, more: &str) {
        let cfg = self.cfg(more);
        self.raw_env(name, &self.interpreter.file.clone(), &cfg);
        self.path = self.at(&format!("{name}/bin"));
    }

    /// An environment whose python is a link to `target`.
    pub fn raw_env(&self, name: &str, target: &str, cfg: &str) {
        let bin = self.at(&format!("{name}/bin"));
        fs::create_dir_all(&bin).unwrap();
        fs::create_dir_all(self.at(&format!("{name}/{}/site-packages", self.interpreter.lib())))
            .unwrap();
        for (target, name) in [(target, "python3"), ("python3", "python")] {
            let link = format!("{bin}/{name}");
            let _ = fs::remove_file(&link);
            symlink(target, link).unwrap();
        }
        fs::write(self.at(&format!("{name}/pyvenv.cfg")), cfg).unwrap();
    }

    /// An environment with this pyvenv.cfg.
    pub fn cfg_file(&mut self, cfg: &[u8]) {
        self.env("env", "");
        fs::write(self.at("env/pyvenv.cfg"), cfg).unwrap();
    }

    /// An environment with this pyvenv.cfg. `@` means the interpreter's folder.
    pub fn cfg_line(&mut self, cfg: &str) {
        self.cfg_line_bytes(cfg.as_bytes());
    }

    /// The same for bytes.
    pub fn cfg_line_bytes(&mut self, cfg: &[u8]) {
        let home = self.interpreter.folder();
        let pieces: Vec<&[u8]> = cfg.split(|&byte| byte == b'@').collect();
        self.cfg_file(&pieces.join(home.as_bytes()));
    }

    /// A pyvenv.cfg of exactly this size.
    pub fn cfg_sized(&mut self, size: usize) {
        let mut cfg = format!("home = {}\n", self.interpreter.folder());
        while cfg.len() < size {
            let left = size - cfg.len();
            cfg.push_str(&"#".repeat(left.min(80) - 1));
            cfg.push('\n');
        }
        self.cfg_file(cfg.as_bytes());
    }

    /// An environment with this `home`.
    pub fn home(&mut self, home: &str) {
        self.cfg_file(format!("home = {home}\n").as_bytes());
    }

    /// An environment of a moved Python, without the files in `without`.
    pub fn env_of_moved(&mut self, without: &[&str]) {
        self.moved("base", without);
        let cfg = format!("home = {}\n", self.at("base/bin"));
        self.raw_env("env", "../../base/bin/python3", &cfg);
        self.path = self.at("env/bin");
    }

    /// A copy of the interpreter in what would be an environment if it had a pyvenv.cfg.
    pub fn copy_without_cfg(&mut self) {
        self.env("env", "");
        self.copy_executable("env");
        self.remove("env/pyvenv.cfg");
    }

    /// Replaces the link by a copy of the interpreter.
    pub fn copy_executable(&self, name: &str) {
        let file = self.at(&format!("{name}/bin/python3"));
        copy_program(&self.interpreter.file, &file);
    }

    /// A moved Python, first on PATH: a copy of the executable, and a library of links. The files in `without` are missing.
    pub fn moved(&mut self, name: &str, without: &[&str]) {
        let (bin, lib) = (
            self.at(&format!("{name}/bin")),
            self.at(&format!("{name}/{}", self.interpreter.lib())),
        );
        fs::create_dir_all(&bin).unwrap();
        fs::create_dir_all(format!("{lib}/encodings")).unwrap();
        copy_program(&self.interpreter.file, format!("{bin}/python3"));
        for folder in ["", "encodings/"] {
            let own = format!("{}/{folder}", self.interpreter.stdlib);
            for entry in fs::read_dir(own).unwrap() {
                let (name, file) = (entry.as_ref().unwrap().file_name(), entry.unwrap().path());
                let part = format!("{folder}{}", name.to_str().unwrap());
                // Only the modules that Python needs are linked, and those that a test is about. Without lib-dynload it reads the packages of another
                // prefix, and these may need any module: then all are linked.
                let all = without.contains(&"lib-dynload");
                let is_needed = all
                    || match folder {
                        "" => {
                            self.interpreter.needs.contains(&part)
                                || ["this.py", "lib-dynload"].contains(&part.as_str())
                        }
                        _ => [
                            "__init__.",
                            "aliases.",
                            "utf_8.",
                            "latin_1.",
                            "ascii.",
                            "utf_8_sig.",
                            "koi8_r.",
                        ]
                        .iter()
                        .any(|it| part.strip_prefix(folder).unwrap().starts_with(it)),
                    };
                let is_left_out = without.contains(&part.as_str()) || part == "encodings";
                if is_needed && !is_left_out {
                    symlink(file, format!("{lib}/{part}")).unwrap();
                }
            }
        }
        self.path = bin;
    }

    pub fn fifo(&mut self, name: &str) {
        // A reader of the FIFO waits forever. A short time is enough to see that.
        self.patience = Duration::from_secs(3);
        assert!(
            Command::new("mkfifo")
                .arg(self.at(name))
                .status()
                .unwrap()
                .success()
        );
    }

    /// An executable script. PATH has only its folder.
    pub fn script(&mut self, name: &str, text: &str) {
        fs::create_dir(self.at("scripts")).unwrap();
        write_program(self.at(&format!("scripts/{name}")), text);
        self.path = self.at("scripts");
    }

    /// An environment in a folder whose name is not UTF-8.
    pub fn not_utf8(&mut self) {
        self.env("env", "");
        let odd = OsString::from_vec(
            [
                self.folder
                    .path()
                    .canonicalize()
                    .unwrap()
                    .as_os_str()
                    .as_bytes(),
                b"/\xff\xfe",
            ]
            .concat(),
        );
        fs::rename(self.at("env"), &odd).unwrap();
        self.path_bytes = Some(Path::new(&odd).join("bin").into_os_string());
    }

    /// A command in this folder with these variables.
    pub fn command(&self, program: &OsStr) -> Command {
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("/usr/bin/setpriv");
                command.args([format!("--reuid={user}"), format!("--regid={user}")]);
                command.arg("--clear-groups").arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .env_clear()
            .current_dir(&self.cwd)
            .stdin(Stdio::null());
        command.env(
            "PATH",
            self.path_bytes.as_deref().unwrap_or(OsStr::new(&self.path)),
        );
        command
            .env("HOME", self.folder.path())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(self.variables.iter().cloned());
        command
    }

    /// Lets a tool make the environment; `false` if the tool cannot use this interpreter.
    pub fn made_by(&mut self, program: &str, arguments: &[&str]) -> bool {
        let target = self.at("made");
        let mut command = Command::new(program);
        // The tools need HOME for their own files. They must not see an environment of this test run.
        command
            .args(arguments)
            .arg(&target)
            .env_remove("VIRTUAL_ENV")
            .env("HOME", self.folder.path());
        self.path = format!("{target}/bin");
        within(command, Duration::from_mins(1)).is_some_and(|it| it.status.success())
    }

    /// `environment.kind`.
    pub fn kind(&self) -> Value {
        self.construct_says()["environment"]["kind"].clone()
    }

    /// The interpreter's answer; `None` if it does not start or needs too long.
    fn python_says(&self) -> Option<Value> {
        self.python_says_after(":")
    }

    /// The same in a shell that has run another command.
    fn python_says_after(&self, first: &str) -> Option<Value> {
        let output = self.ask_python(first, QUESTION)?;
        output
            .status
            .success()
            .then(|| serde_json::from_slice(&output.stdout).unwrap())
    }

    /// PyPy goes on if the module site fails. Then it cannot answer, but it has started.
    fn starts_without_site(&self) -> bool {
        let starts = || {
            self.ask_python(":", "pass")
                .is_some_and(|it| it.status.success())
        };
        self.interpreter.word == "pypy" && starts()
    }

    /// What the interpreter does with this program; `None` if it needs too long.
    fn ask_python(&self, first: &str, program: &str) -> Option<Output> {
        // A shell searches PATH, as for a user. In a test of repairs it also needs the commands of the system.
        let first = if first == ":" {
            String::new()
        } else {
            format!("own=$PATH; PATH=$PATH:/usr/bin:/bin\n{first}\nPATH=$own\n")
        };
        let mut command = self.command(OsStr::new("/bin/sh"));
        command
            .arg("-c")
            .arg(format!("{first}exec \"$0\" -c \"$1\""))
            .arg(&self.program)
            .arg(program);
        within(command, self.patience)
    }

    /// The answer of `construct` as JSON.
    pub fn construct_says(&self) -> Value {
        serde_json::from_slice(&self.construct(&["--json"])).unwrap()
    }

    /// What `construct` prints with these flags.
    fn construct(&self, flags: &[&str]) -> Vec<u8> {
        let copy = self.at("construct");
        let program = match self.user {
            Some(_) => OsStr::new(&copy),
            None => OsStr::new(env!("CARGO_BIN_EXE_construct")),
        };
        let mut command = self.command(program);
        command.args(flags);
        if self.program != "python3" {
            command.arg("--python").arg(&self.program);
        }
        let output = within(command, PATIENCE).expect("construct must not hang");
        assert!(
            output.status.success(),
            "construct failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    /// Everything that is wrong: fields, the text beside the JSON, and a printed command that does not help.
    pub fn all_complaints(&self) -> Vec<String> {
        let ours = self.construct_says();
        let mut wrong = self.complaints_about(&ours);
        if self.expect == Expect::Agreement {
            wrong.extend(self.differs_in_text(&ours));
            // The command may change the folder, so this is the last question.
            wrong.extend(self.disappoints(&ours));
        }
        wrong
    }

    /// What the JSON says and the text does not.
    fn differs_in_text(&self, ours: &Value) -> Vec<String> {
        let text = String::from_utf8(self.construct(&["--color=never"])).unwrap();
        let first = match ours["status"].as_str().unwrap() {
            "isolated" => "MATRIX STATUS: Welcome to the construct",
            "unknown" => "MATRIX STATUS: Unknown",
            _ => "MATRIX STATUS: You're still plugged in",
        };
        let problem = &ours["problem"];
        let mut said = vec![&problem["what"], &problem["command"], &problem["effect"]];
        said.extend([&ours["executable"], &ours["prefix"], &ours["base_prefix"]]);
        said.extend([&ours["environment"]["name"], &ours["version"]]);
        for list in ["warnings", "site_packages", "global_site_packages"] {
            said.extend(ours[list].as_array().into_iter().flatten());
        }
        let said = said.into_iter().filter_map(Value::as_str);
        // The text has escapes where the JSON has the characters.
        let is_plain = |it: &&str| it.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let missing = [first].into_iter().chain(said.filter(is_plain));
        let missing = missing.filter(|it| !text.contains(it));
        missing.map(|it| format!("not in the text: {it}")).collect()
    }

    /// Types the printed command. Then Python must start, and construct must say that it does.
    fn disappoints(&self, ours: &Value) -> Option<String> {
        let command = ours["problem"]["command"].as_str()?;
        if !self.stays_here(command) {
            return None;
        }
        let Some(theirs) = self.python_says_after(command) else {
            return Some(format!("does not help: {command}"));
        };
        let of_shell = ["unset", "export"].iter().any(|it| command.starts_with(it));
        let status = || self.construct_says()["status"].clone();
        let expected = if theirs["isolated"] == true {
            "isolated"
        } else {
            "global"
        };
        (!of_shell && status() != expected)
            .then(|| format!("after {command}: status {}, expected {expected}", status()))
    }

    /// Does the command change nothing but this case's folder and the variables of its own shell?
    fn stays_here(&self, command: &str) -> bool {
        let folder = self.at("");
        command.split(" && ").all(|piece| {
            let last = piece.split(' ').next_back().unwrap_or_default();
            ["unset ", "export "].iter().any(|it| piece.starts_with(it))
                || (last.contains(&folder) && !piece.contains("install"))
        })
    }

    /// Every field in which the two answers differ.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints_about(&self.construct_says())
    }

    fn complaints_about(&self, ours: &Value) -> Vec<String> {
        let status = ours["status"].as_str().unwrap();
        let theirs = match self.expect {
            Expect::Agreement => self.python_says(),
            Expect::Unknown => None,
        };
        let is_silent = theirs.is_none() && self.starts_without_site();
        if self.expect == Expect::Unknown || is_silent {
            let silent = [
                "isolated",
                "executable",
                "version",
                "prefix",
                "base_prefix",
                "environment",
            ];
            let mut wrong: Vec<String> = silent
                .iter()
                .filter(|it| !ours[**it].is_null())
                .map(|it| format!("{it} is claimed"))
                .collect();
            wrong.extend(
                (status != "unknown").then(|| format!("status {status}, expected unknown")),
            );
            return wrong;
        }
        let Some(theirs) = theirs else {
            let path = &ours["problem"]["path"];
            let repair = ours["problem"]["repair"].as_str().unwrap_or_default();
            return match status {
                "broken" if !path.is_null() && !repair.is_empty() => Vec::new(),
                "broken" => vec![format!("no path or repair: {}", ours["problem"])],
                _ => vec![format!("status {status}, but Python does not start")],
            };
        };
        let expected = if theirs["isolated"] == true {
            "isolated"
        } else {
            "global"
        };
        if status != expected {
            return vec![format!(
                "status {status}, expected {expected}: {}",
                ours["problem"]
            )];
        }
        let mut wrong = Vec::new();
        for (field, theirs) in theirs.as_object().unwrap() {
            let ours = if field == "system_site_packages" {
                &ours["environment"][field]
            } else {
                &ours[field]
            };
            if hexed(field, ours) != *theirs {
                wrong.push(format!("{field}: ours {ours}, Python's {}", shown(theirs)));
            }
        }
        wrong
    }
}

/// Paths in hex, as in Python's answer.
fn hexed(field: &str, value: &Value) -> Value {
    match value {
        Value::String(text) if !matches!(field, "version" | "implementation") => {
            let pairs: Vec<String> = text.bytes().map(|it| format!("{it:02x}")).collect();
            json!(pairs.concat())
        }
        Value::Object(map) => map["hex"].clone(),
        Value::Array(list) => list.iter().map(|it| hexed(field, it)).collect(),
        other => other.clone(),
    }
}

/// Readable paths instead of hex, for a message.
fn shown(value: &Value) -> String {
    match value {
        Value::String(hex) => {
            let bytes: Option<Vec<u8>> = (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
                .collect();
            bytes.map_or_else(
                || hex.clone(),
                |it| String::from_utf8_lossy(&it).into_owned(),
            )
        }
        Value::Array(list) => format!(
            "[{}]",
            list.iter().map(shown).collect::<Vec<_>>().join(", ")
        ),
        other => other.to_string(),
    }
}

/// How long a program may take that ends. On a machine with much other work, making an environment takes half a minute.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Runs a command; `None` if it needs longer than `limit`.
pub fn within(mut command: Command, limit: Duration) -> Option<Output> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    // Threads read the pipes. Otherwise a full pipe would look like a hang.
    let stdout = read_to_end(child.stdout.take()?);
    let stderr = read_to_end(child.stderr.take()?);
    let start = Instant::now();
    let status = loop {
        match child.try_wait().ok()? {
            Some(status) => break status,
            None if start.elapsed() > limit => {
                child.kill().ok()?;
                child.wait().ok()?;
                return None;
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    Some(Output {
        status,
        stdout: stdout.join().ok()?,
        stderr: stderr.join().ok()?,
    })
}

/// Reads a pipe in the background.
fn read_to_end(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // The bytes before an error count.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}
