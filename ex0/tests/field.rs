//! Faults from real life: environments that venv, uv and virtualenv make, broken in the ways that users and systems break them.
//!
//! The tests run each printed command and ask again: the Python must start, and its packages must still be there.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the differential test uses the rest")]
mod python;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use python::{Folder, Interpreter};
use serde_json::Value;

/// An environment in a folder of its own, with one package in it.
struct Field {
    folder: tempfile::TempDir,
    interpreter: Interpreter,
    variables: RefCell<BTreeMap<&'static str, String>>,
}

/// The tools that make the environments.
const MAKERS: [&str; 3] = ["venv", "uv", "virtualenv"];

impl Field {
    /// Lets a tool make an environment; `None` if the tool is missing or cannot use this Python.
    fn made_by(
        maker: &str,
        interpreter: &Interpreter,
        name: &str,
        options: &[&str],
    ) -> Option<Self> {
        let field = Self {
            folder: python::folder(),
            interpreter: interpreter.clone(),
            variables: RefCell::default(),
        };
        let file = interpreter.file.as_str();
        let (program, arguments) = match maker {
            "venv" => (PathBuf::from(file), vec!["-m", "venv", "--without-pip"]),
            "uv" => (python::which("uv")?, vec!["venv", "-q", "--python", file]),
            _ => (
                python::which("virtualenv")?,
                vec!["-q", "--no-seed", "-p", file],
            ),
        };
        let mut command = Command::new(program);
        command.args(arguments).args(options).arg(field.at(name));
        command
            .env_remove("VIRTUAL_ENV")
            .env("HOME", field.folder.path());
        let output = python::within(command, python::PATIENCE)?;
        if !output.status.success() {
            return None;
        }
        fs::rename(field.at(name), field.at("env")).unwrap_or_default();
        let packages = field.packages();
        fs::create_dir_all(packages.join("neo-1.0.dist-info")).unwrap();
        fs::write(packages.join("neo.py"), "").unwrap();
        Some(field)
    }

    /// Made by `python -m venv` with a copy of the newest Python. If there is one of pyenv, it is taken: its library is a file of its own.
    fn copies() -> Option<Self> {
        let of_pyenv = python::interpreters().into_iter().filter(is_of_pyenv);
        let newest = of_pyenv.max_by_key(Interpreter::minor_number);
        let interpreter = newest.or_else(|| python::cpython_since(6))?;
        Self::of_venv(&interpreter, &["--copies"])
    }

    /// The same as [`Field::copies`], but only if the library is a file of its own.
    fn copies_with_library() -> Option<Self> {
        let field = Self::copies()?;
        let bytes = fs::read(field.at("env/bin/python3")).unwrap();
        if !bytes.windows(9).any(|it| it == b"libpython") {
            python::absent("no Python with a library of its own");
            return None;
        }
        Some(field)
    }

    /// Made by `python -m venv`.
    fn plain() -> Option<Self> {
        Self::of_venv(&python::cpython_since(6)?, &[])
    }

    /// Made by `python -m venv` with these options.
    fn of_venv(interpreter: &Interpreter, options: &[&str]) -> Option<Self> {
        let field = Self::made_by("venv", interpreter, "env", options);
        if field.is_none() {
            python::absent("no module venv");
        }
        field
    }

    /// Sets a variable for all that runs from now on.
    fn set(&self, name: &'static str, value: impl Display) {
        let mut variables = self.variables.borrow_mut();
        variables.insert(name, value.to_string());
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn packages(&self) -> PathBuf {
        self.at("env")
            .join(self.interpreter.lib())
            .join("site-packages")
    }

    fn cfg(&self) -> Vec<u8> {
        fs::read(self.at("env/pyvenv.cfg")).unwrap()
    }

    fn set_cfg(&self, bytes: &[u8]) {
        fs::write(self.at("env/pyvenv.cfg"), bytes).unwrap();
    }

    /// Adds a line.
    fn add_to_cfg(&self, line: &[u8]) {
        self.set_cfg(&[&self.cfg(), line].concat());
    }

    /// Removes the names in `bin` that begin with python.
    fn remove_pythons(&self) {
        for entry in fs::read_dir(self.at("env/bin")).unwrap() {
            let path = entry.unwrap().path();
            if path
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("python")
            {
                fs::remove_file(path).unwrap();
            }
        }
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let tools = python::which("uv").map(|it| it.parent().unwrap().display().to_string());
        let path = format!("/usr/bin:/bin:{}", tools.unwrap_or_default());
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", std::env::home_dir().unwrap_or_default());
        // Without it fish reads an umlaut in a path as two letters.
        command.env("LANG", "C.UTF-8");
        command
            .envs(&*self.variables.borrow())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn run(command: Command) -> Output {
        python::within(command, python::PATIENCE).expect("it must not hang")
    }

    /// The JSON that a command prints.
    fn json(command: Command) -> Value {
        serde_json::from_slice(&Self::run(command).stdout).unwrap()
    }

    /// The text that a command prints.
    fn printed(command: Command) -> String {
        String::from_utf8(Self::run(command).stdout).unwrap()
    }

    /// The JSON with these flags.
    fn ask(&self, flags: &[&str]) -> Value {
        let mut command = self.command(env!("CARGO_BIN_EXE_construct"));
        command.arg("--json").args(flags);
        let output = Self::run(command);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The same, but the kernel answers some system calls with an error; `None` without strace.
    fn ask_with_errors(&self, of: &[&str], flags: &[&str]) -> Option<Value> {
        let Some(strace) = python::which("strace") else {
            python::absent("no strace");
            return None;
        };
        let mut command = self.command(strace);
        command.args(["-o", "/dev/null"]).args(of);
        command
            .args([env!("CARGO_BIN_EXE_construct"), "--json"])
            .args(flags);
        let output = Self::run(command);
        let stderr = String::from_utf8_lossy(&output.stderr);
        if output.stdout.is_empty() && stderr.contains("ptrace") {
            python::absent("strace may not trace");
            return None;
        }
        Some(serde_json::from_slice(&output.stdout).unwrap())
    }

    /// The JSON about the environment.
    fn say(&self) -> Value {
        self.ask(&["--python", "env"])
    }

    /// The text with these flags.
    fn text(&self, flags: &[&str]) -> String {
        let mut command = self.command(env!("CARGO_BIN_EXE_construct"));
        command.args(flags);
        Self::printed(command)
    }

    /// Does its Python start and import the package?
    fn starts(&self) -> bool {
        let mut command = self.command(self.at("env/bin/python3"));
        command
            .args(["-c", "import neo"])
            .env("PYTHONDONTWRITEBYTECODE", "1");
        // A Python that reads a FIFO waits forever: it does not start.
        let limit = Duration::from_secs(10);
        python::within(command, limit).is_some_and(|it| it.status.success())
    }

    /// Both construct and Python must find the environment broken. Then the printed command runs, and both must find it repaired.
    #[track_caller]
    fn check_repair(&self, what: &str, command: &str) {
        let said = self.say();
        assert!(!self.starts(), "it starts: {said}");
        let problem = &said["problem"];
        assert!(
            problem["what"].as_str().unwrap_or_default().contains(what),
            "{said}"
        );
        let repair = problem["command"].as_str().unwrap_or_default();
        assert!(repair.contains(command), "{problem}");
        assert!(!repair.contains("--clear"), "{repair}");
        assert!(!problem["effect"].as_str().unwrap().is_empty());
        let mut shell = self.command("sh");
        shell.arg("-c").arg(format!(
            "{repair}\n\"$0\" --json --python env && env/bin/python3 -c 'import neo'"
        ));
        shell.arg(env!("CARGO_BIN_EXE_construct"));
        let output = Self::run(shell);
        let (stdout, stderr) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{repair}: {stderr}");
        assert!(
            stdout.contains("\"status\": \"isolated\""),
            "{repair}: {stdout}"
        );
    }
}

impl Folder for Field {
    fn file_at(&self, name: &str) -> PathBuf {
        self.at(name)
    }
}

/// Did pyenv install it, and is it CPython?
fn is_of_pyenv(interpreter: &Interpreter) -> bool {
    interpreter.word == "python" && interpreter.file.contains("versions")
}

/// Runs a case for an environment of each tool.
#[track_caller]
fn each_maker(case: impl Fn(&Field)) {
    let Some(interpreter) = python::cpython_since(11) else {
        return;
    };
    for maker in MAKERS {
        match Field::made_by(maker, &interpreter, "env", &[]) {
            Some(field) => case(&field),
            None => python::absent(&format!("no environment of {maker}'s")),
        }
    }
}

#[test]
fn a_bad_byte_costs_only_its_line() {
    each_maker(|field| {
        field.add_to_cfg(b"# caf\xe9\n");
        field.check_repair("is not UTF-8", "sed -i ");
    });
}

#[test]
fn a_pyvenv_cfg_that_is_a_link_stays_one() {
    let Some(field) = Field::plain() else { return };
    let (cfg, target) = (field.at("env/pyvenv.cfg"), field.at("kept.cfg"));
    field.add_to_cfg(b"prompt = \xff\n");
    fs::rename(&cfg, &target).unwrap();
    symlink("../kept.cfg", &cfg).unwrap();
    field.check_repair("is not UTF-8", "kept.cfg");
    assert!(cfg.is_symlink());
}

#[test]
fn two_bad_lines_are_removed_together() {
    each_maker(|field| {
        field.set_cfg(&[b"\xff\n".as_slice(), &field.cfg(), b"# \xff\n"].concat());
        field.check_repair("is not UTF-8", "1d");
    });
}

#[test]
fn a_bad_home_is_replaced_and_not_removed() {
    each_maker(|field| {
        let cfg = String::from_utf8(field.cfg()).unwrap();
        let (before, after) = cfg.split_once("home = ").unwrap();
        field.set_cfg(&[before.as_bytes(), b"home = /x\xe9", after.as_bytes()].concat());
        field.check_repair("is not UTF-8", "home = ");
    });
}

#[test]
fn a_pyvenv_cfg_that_is_too_large_is_written_again() {
    each_maker(|field| {
        field.add_to_cfg(&b"# why\n".repeat(6000));
        field.check_repair("32 kB", "pyvenv.cfg.off");
    });
}

#[test]
fn a_pyvenv_cfg_that_is_a_fifo_or_a_loop_is_renamed() {
    each_maker(|field| {
        field.remove("env/pyvenv.cfg");
        field.link("pyvenv.cfg", "env/pyvenv.cfg");
        field.check_repair("symbolic links", "pyvenv.cfg.off");
    });
    let Some(interpreter) = python::cpython_since(11) else {
        return;
    };
    let Some(field) = Field::of_venv(&interpreter, &[]) else {
        return;
    };
    field.remove("env/pyvenv.cfg");
    Command::new("mkfifo")
        .arg(field.at("env/pyvenv.cfg"))
        .status()
        .unwrap();
    field.check_repair("FIFO", "printf");
}

#[test]
fn in_a_chain_of_links_the_dead_one_is_named_and_replaced() {
    each_maker(|field| {
        field.remove_pythons();
        field.link("python", "env/bin/python3");
        field.link("/gone/python3", "env/bin/python");
        field.check_repair(
            "env/bin/python is a link to /gone/python3",
            "env/bin/python",
        );
    });
}

#[test]
fn an_environment_without_its_base_gets_another_base_of_the_same_version() {
    each_maker(|field| {
        let cfg = String::from_utf8(field.cfg()).unwrap();
        field.set_cfg(cfg.replace("home = ", "home = /gone").as_bytes());
        field.remove_pythons();
        field.link("/gone/python3", "env/bin/python3");
        field.check_repair("is not there", "ln -sf ");
    });
}

#[test]
fn the_repair_says_which_packages_another_version_will_not_see() {
    let Some(field) = Field::plain() else { return };
    fs::rename(
        field.at("env").join(field.interpreter.lib()),
        field.at("env/lib/python3.5"),
    )
    .unwrap();
    field.set_cfg(b"home = /gone\nversion = 3.5.1\n");
    field.remove_pythons();
    field.link("/gone/python3.5", "env/bin/python3");
    let text = field.text(&["--python", "env"]);
    let (lost, run) = (
        text.find("are lost for the new version"),
        text.find("To mend it, run:"),
    );
    assert!(lost.is_some() && lost < run, "{text}");
    let said = field.say();
    let mut shell = field.command("sh");
    shell.args(["-c", said["problem"]["command"].as_str().unwrap()]);
    assert!(Field::run(shell).status.success(), "{said}");
    assert_eq!(field.say()["status"], "isolated");
    assert!(
        field.at("env/lib/python3.5/site-packages/neo.py").exists(),
        "nothing is deleted"
    );
}

#[test]
fn a_file_that_is_not_executable_is_not_called_missing() {
    let Some(field) = Field::copies() else { return };
    field.set_mode("env/bin/python3", 0o644);
    field.check_repair("is not executable", "chmod +x ");
}

#[test]
fn a_file_that_this_user_may_not_reach_is_permission_denied() {
    let Some(field) = Field::plain() else { return };
    if !python::may_be_another_user() {
        return;
    }
    field.mkdir("locked");
    python::copy_program(&field.interpreter.file, field.at("locked/python3"));
    field.set_mode("locked", 0o700);
    field.set_mode("", 0o755);
    field.remove_pythons();
    field.link(field.at("locked/python3"), "env/bin/python3");
    let copy = field.at("construct");
    python::copy_program(env!("CARGO_BIN_EXE_construct"), &copy);
    let mut command = field.command("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(copy);
    command
        .args(["--json", "--python", "env"])
        .env("HOME", "/nowhere");
    let said = Field::json(command);
    assert_eq!(said["status"], "broken");
    let what = said["problem"]["what"].as_str().unwrap();
    python::has(what, "permission denied");
}

#[test]
fn a_python_that_takes_the_environment_of_another_is_not_called_its_own() {
    let Some(field) = Field::copies() else { return };
    let is_root = fs::read_dir("/root").is_ok();
    if is_root && python::which("setpriv").is_none() {
        return python::absent("no setpriv");
    }
    // Getpath takes a file with any x bit, although this user has none of them.
    let mode = if is_root { 0o700 } else { 0o611 };
    for entry in fs::read_dir(field.at("env/bin")).unwrap() {
        let file = entry.unwrap().path();
        let is_python = file
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("python");
        if is_python && !file.is_symlink() {
            fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
        }
    }
    field.set_mode("", 0o755);
    let is_system = |it: &Interpreter| it.word == "python" && it.file.starts_with("/usr/bin/");
    let Some(system) = python::interpreters().into_iter().find(is_system) else {
        return python::absent("no Python in /usr/bin");
    };
    let base = field.at("base");
    fs::create_dir(&base).unwrap();
    // The Python is in a folder that every user may enter.
    symlink(&system.file, base.join("python3")).unwrap();
    python::write_program(base.join("pip"), script_for(&system.file));
    let copy = field.at("construct");
    python::copy_program(env!("CARGO_BIN_EXE_construct"), &copy);
    let run = |program: &Path, arguments: &[&str]| {
        let mut command = if is_root {
            let mut command = field.command(python::which("setpriv").unwrap());
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            command.arg(program);
            command
        } else {
            field.command(program)
        };
        let bin = field.at("env/bin");
        command
            .args(arguments)
            .env("PATH", format!("{}:{}", bin.display(), base.display()))
            .env("VIRTUAL_ENV", field.at("env"));
        Field::run(command).stdout
    };
    let said: Value = serde_json::from_slice(&run(&copy, &["--json"])).unwrap();
    let ask = "exec python3 -I -B -c 'import sys; print(sys.prefix)'";
    let says = String::from_utf8(run(Path::new("/bin/sh"), &["-c", ask])).unwrap();
    assert_eq!(said["prefix"], says.trim());
    let claim = &said["claims"][0];
    let meaning = claim["meaning"].as_str().unwrap();
    assert!(
        meaning.contains("starts and uses this environment"),
        "{said}"
    );
    assert_eq!(said["commands"]["agree"], false, "{said}");
    let warnings = said["warnings"].to_string();
    python::has(&warnings, "uses the environment");
    // The packages of another version are not given up: its own Python can be made to start.
    if system.minor != field.interpreter.minor {
        python::has(&warnings, "its own python does not start");
        assert!(
            !warnings.contains("make the environment again"),
            "{warnings}"
        );
    }
}

#[test]
fn a_sandbox_that_refuses_to_say_what_is_executable_denies_no_execution() {
    let Some(field) = Field::plain() else { return };
    let of = ["-e", "inject=faccessat2:error=EPERM"];
    let Some(said) = field.ask_with_errors(&of, &["--python", "env"]) else {
        return;
    };
    assert_eq!(said, field.say());
    assert_eq!(said["status"], "isolated");
}

#[test]
fn without_dev_null_python_is_not_asked_and_not_contradicted() {
    let Some(field) = Field::plain() else { return };
    let of = ["-P", "/dev/null", "-e", "inject=open,openat:error=ENOENT"];
    let flags = ["--python", "env", "--verify"];
    let Some(said) = field.ask_with_errors(&of, &flags) else {
        return;
    };
    let verification = &said["verification"];
    assert_eq!(verification["agrees"], Value::Null, "{said}");
    let outcome = verification["outcome"].as_str().unwrap();
    python::has(outcome, "/dev/null");
    assert_eq!(field.ask(&flags)["verification"]["agrees"], true);
}

/// Is it unknown because the system fails at this path, and is nothing to be changed?
#[track_caller]
fn check_failure(said: &Value, what: &str) {
    assert_eq!(said["status"], "unknown", "{said}");
    let problem = &said["problem"];
    assert!(problem["what"].as_str().unwrap().ends_with(what), "{said}");
    assert_eq!(problem["command"], Value::Null, "{said}");
}

#[test]
fn a_file_that_the_system_fails_to_read_is_neither_missing_nor_wrong() {
    let Some(field) = Field::plain() else { return };
    let libc = PathBuf::from("/lib/x86_64-linux-gnu/libc.so.6");
    if !libc.exists() {
        return python::absent("no Debian for x86-64");
    }
    let module = Path::new(&field.interpreter.stdlib).join("encodings/__init__.py");
    let python = field.at("env/bin/python3");
    // The loader of construct itself opens libraries with `openat`.
    for (call, path) in [
        ("open", libc),
        ("newfstatat", module),
        ("newfstatat,lstat", python.clone()),
        ("open", field.at("env/pyvenv.cfg")),
        ("read,pread64", field.at("env/pyvenv.cfg")),
    ] {
        let path = path.to_str().unwrap();
        let inject = format!("inject={call}:error=EIO");
        let Some(said) = field.ask_with_errors(
            &["-P", path, "-e", &inject],
            &["--python", python.to_str().unwrap()],
        ) else {
            return;
        };
        let what = format!("{path} cannot be read: input/output error");
        check_failure(&said, &what);
    }
}

#[test]
fn a_limit_of_open_files_does_not_make_a_library_missing() {
    let Some(field) = Field::plain() else { return };
    let Some(prlimit) = python::which("prlimit") else {
        return python::absent("no prlimit");
    };
    let mut known = 0;
    for most in 4..9 {
        let mut command = field.command(&prlimit);
        command.arg(format!("--nofile={most}"));
        command.args([env!("CARGO_BIN_EXE_construct"), "--json", "--python", "env"]);
        let said = Field::json(command);
        if said["status"] == "isolated" {
            known += 1;
        } else {
            check_failure(&said, " cannot be read: too many open files");
        }
    }
    assert!((1..5).contains(&known), "{known}");
}

#[test]
fn a_real_user_who_is_not_the_effective_one_has_no_user_site() {
    let Some(field) = Field::plain() else { return };
    if !python::may_be_another_user() {
        return;
    }
    let python = field.interpreter.file.as_str();
    for (who, in_words) in [
        ("--ruid=0", "on:"),
        ("--ruid=54321", "off:"),
        ("--rgid=54321", "off:"),
    ] {
        for file in [python, "env/bin/python3"] {
            let asked = |program: &str, arguments: &[&str]| {
                let mut command = field.command("setpriv");
                command
                    .args([who, "--clear-groups", program])
                    .args(arguments);
                Field::printed(command)
            };
            let construct = env!("CARGO_BIN_EXE_construct");
            let ours = asked(construct, &["--json", "--python", file]);
            let ours: Value = serde_json::from_str(&ours).unwrap();
            let question = "import json, site; print(json.dumps(site.ENABLE_USER_SITE))";
            let theirs = asked(file, &["-c", question]);
            assert_eq!(ours["user_site"].to_string(), theirs.trim(), "{who} {file}");
            let text = asked(construct, &["--python", file]);
            let in_words = if file == python { in_words } else { "off" };
            python::has(&text, &format!("user site         {in_words}"));
        }
    }
}

#[test]
fn a_limit_of_the_system_is_no_verdict_on_python() {
    let Some(field) = Field::plain() else { return };
    if python::which("prlimit").is_none() || fs::read_dir("/root").is_err() {
        return python::absent("prlimit, or root");
    }
    let python = Path::new("/usr/bin/python3");
    if !python.exists() {
        return python::absent("no python3 of the system");
    }
    field.set_mode("", 0o755);
    let copy = field.at("construct");
    python::copy_program(env!("CARGO_BIN_EXE_construct"), &copy);
    // A user with no other process. The first limit refuses Python, the second one the thread that reads its answer.
    let user = format!("--reuid={}", 1_500_000 + std::process::id());
    for most in ["--nproc=1", "--nproc=2"] {
        let mut command = field.command("setpriv");
        command.args([&user, "--clear-groups", "prlimit", most]);
        command
            .arg(&copy)
            .args(["--verify", "--python"])
            .arg(python);
        let output = Field::run(command);
        let said = String::from_utf8(output.stdout).unwrap();
        let why = "Python gives no answer: the system refuses another process: resource temporarily unavailable";
        assert!(said.replace("\n  ", " ").contains(why), "{most}: {said}");
        assert_eq!(output.status.code(), Some(2), "{most}: {said}");
    }
}

#[test]
fn a_python_where_it_was_built_is_not_called_broken() {
    let Some(field) = Field::copies() else { return };
    if field.interpreter.minor_number() < 11 {
        return python::absent("a Python since 3.11");
    }
    field.remove("env/pyvenv.cfg");
    field.write("env/bin/pybuilddir.txt", "build/lib");
    assert_eq!(
        field.ask(&["--python", "env/bin/python3"])["status"],
        "broken"
    );
    field.mkdir("env/Lib");
    field.write("env/Lib/os.py", "");
    let said = field.ask(&["--python", "env/bin/python3"]);
    assert_eq!(said["status"], "unknown");
    let what = said["problem"]["what"].as_str().unwrap();
    python::has(what, "/env/Lib is not checked");
}

/// Replaces bytes in a file.
fn patch(file: &Path, from: &[u8], to: &[u8]) {
    let bytes = fs::read(file).unwrap();
    let at = bytes
        .windows(from.len())
        .position(|it| it == from)
        .expect("the bytes are there");
    python::write_program(file, [&bytes[..at], to, &bytes[at + from.len()..]].concat());
}

#[test]
fn a_program_without_its_loader_cannot_start() {
    let Some(field) = Field::copies() else { return };
    let loader = b"/lib64/ld-linux-x86-64.so.2";
    if !cfg!(target_arch = "x86_64") {
        return python::absent("no program for x86-64");
    }
    patch(
        &field.at("env/bin/python3"),
        loader,
        b"/lib/ld-musl-x86_64.so.1\0\0\0",
    );
    field.check_repair("ld-musl-x86_64.so.1", "ln -sf ");
}

#[test]
fn a_program_for_another_machine_cannot_start() {
    let Some(field) = Field::copies() else { return };
    let file = field.at("env/bin/python3");
    let mut bytes = fs::read(&file).unwrap();
    bytes[18] = 22; // IBM's mainframe
    python::write_program(&file, bytes);
    let said = field.say();
    let what = said["problem"]["what"].as_str().unwrap_or_default();
    assert!(what.contains("another kind of machine"), "{said}");
}

#[test]
fn a_program_that_needs_a_newer_c_library_cannot_start() {
    let Some(field) = Field::copies() else { return };
    let file = field.at("env/bin/python3");
    let bytes = fs::read(&file).unwrap();
    if !bytes.windows(11).any(|it| it == b"GLIBC_2.34\0") {
        return python::absent("no Python that needs GLIBC_2.34");
    }
    patch(&file, b"GLIBC_2.34\0", b"GLIBC_9.34\0");
    field.check_repair("GLIBC_9.34", "ln -sf ");
}

#[test]
fn a_program_without_its_library_cannot_start() {
    let Some(field) = Field::copies_with_library() else {
        return;
    };
    let name = format!("libpython{}", field.interpreter.minor);
    let other = name.replace("python", "zython");
    patch(
        &field.at("env/bin/python3"),
        name.as_bytes(),
        other.as_bytes(),
    );
    let said = field.say();
    assert!(!field.starts());
    assert_ne!(said["status"], "isolated", "{said}");
}

#[test]
fn another_program_with_a_python_inside_is_unknown() {
    let Some(field) = Field::copies_with_library() else {
        return;
    };
    let app = field.at("env/bin/app");
    python::copy_program(field.at("env/bin/python3"), &app);
    let said = || field.ask(&["--python", "env/bin/app"]);
    assert_eq!(said()["status"], "isolated");
    // gdb calls other functions of libpython's, and not the one that reads the command line as Python does.
    patch(&app, b"\0Py_BytesMain\0", b"\0PyObject_Str\0");
    let said = said();
    let what = said["problem"]["what"].as_str().unwrap_or_default();
    assert_eq!(said["status"], "unknown", "{said}");
    python::has(what, "another program with a Python inside");
}

#[test]
fn a_program_whose_library_is_an_empty_file_cannot_start() {
    let Some(field) = Field::copies_with_library() else {
        return;
    };
    field.mkdir("lib");
    let name = format!("libpython{}.so.1.0", field.interpreter.minor);
    fs::write(field.at("lib").join(&name), "").unwrap();
    assert_eq!(field.say()["status"], "isolated");
    let path = field.at("lib").display().to_string();
    field.set("LD_LIBRARY_PATH", path);
    let (said, starts) = (field.say(), field.starts());
    assert_eq!(said["status"] == "isolated", starts, "{said}");
}

#[test]
fn a_program_that_is_cut_off_cannot_start() {
    let Some(field) = Field::copies() else { return };
    let file = field.at("env/bin/python3");
    let bytes = fs::read(&file).unwrap();
    python::write_program(&file, &bytes[..bytes.len() / 3]);
    field.check_repair("cut off", "ln -sf ");
}

#[test]
fn a_module_in_pythonpath_can_stop_python() {
    let Some(field) = Field::plain() else {
        return;
    };
    field.mkdir("mine");
    let mine = field.at("mine").display().to_string();
    for path in [mine.clone(), format!("/nowhere:{mine}")] {
        field.set("PYTHONPATH", path);
        field.write("mine/encodings.py", "");
        field.check_repair("mine/encodings.py", "PYTHONPATH");
        field.remove("mine/encodings.py");
        assert_eq!(field.say()["status"], "isolated");
    }
    // One command removes all folders that stop it, and keeps the others.
    let [good, other] = ["good", "other"].map(|it| field.at(it).display().to_string());
    for folder in [&good, &other] {
        fs::create_dir(folder).unwrap();
    }
    for file in ["mine/encodings.py", "other/encodings.py", "good/tank.py"] {
        field.write(file, "");
    }
    let path = format!("{mine}:{good}:{other}");
    field.set("PYTHONPATH", path);
    field.check_repair("mine/encodings.py", &good);
}

#[test]
fn another_library_in_pythonpath_is_not_checked() {
    let Some(interpreter) = python::cpython_since(11) else {
        return;
    };
    let Some(field) = Field::of_venv(&interpreter, &[]) else {
        return;
    };
    let mine = field.at("mine");
    fs::create_dir(&mine).unwrap();
    field.set("PYTHONPATH", mine.display());
    let said = field.say();
    assert!(
        !said["warnings"].to_string().contains("not checked"),
        "{said}"
    );
    // From 3.11 on Python needs no other file of the library to start.
    let own = Path::new(&interpreter.stdlib).join("encodings");
    symlink(own, mine.join("encodings")).unwrap();
    let said = field.say();
    python::has(&said["warnings"].to_string(), "not checked");
    assert_eq!(said["status"], "isolated");
}

#[test]
fn up_to_3_10_a_colon_in_the_path_hides_the_library() {
    let mut all = python::interpreters();
    all.retain(|it| is_of_pyenv(it) && [9, 12].contains(&it.minor_number()));
    if all.is_empty() {
        python::absent("no 3.9 or 3.12 of pyenv's");
    }
    for interpreter in all {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap().join("a:b");
        symlink(&interpreter.prefix, &base).unwrap();
        let python = base.join("bin/python3");
        let status = Command::new(&python)
            .args(["-c", ""])
            .env_clear()
            .stderr(Stdio::null())
            .status();
        let mut command = Command::new(env!("CARGO_BIN_EXE_construct"));
        command
            .env_clear()
            .args(["--json", "--python"])
            .arg(&python);
        let said = Field::json(command);
        assert_eq!(
            said["status"] != "broken",
            status.unwrap().success(),
            "{said}"
        );
    }
}

#[test]
fn a_command_works_for_any_name_of_a_folder() {
    let Some(field) = Field::plain() else { return };
    for name in [
        "a b",
        "it's",
        "a\nb",
        "-rf",
        "$HOME",
        "caf\u{e9}",
        "x;y",
        "a\\b%s",
    ] {
        field.rename("env", name);
        fs::write(
            field.at(name).join("pyvenv.cfg"),
            [
                b"home = ".as_slice(),
                field.interpreter.folder().as_bytes(),
                b"\n\xff\n",
            ]
            .concat(),
        )
        .unwrap();
        let said = field.ask(&["--python", &format!("./{name}")]);
        let command = said["problem"]["command"].as_str().expect("a command");
        let mut shell = field.command("sh");
        shell.args(["-c", command]);
        assert!(Field::run(shell).status.success(), "{command}");
        assert_eq!(
            field.ask(&["--python", &format!("./{name}")])["status"],
            "isolated",
            "{command}"
        );
        field.rename(name, "env");
    }
}

#[test]
fn a_repair_for_a_relative_path_works_in_any_folder() {
    let Some(field) = Field::plain() else {
        return;
    };
    field.add_to_cfg(b"\xff\n");
    field.set("PATH", "env/bin:/usr/bin:/bin");
    let said = field.ask(&[]);
    let command = said["problem"]["command"].as_str().unwrap();
    assert!(
        command.contains(&field.at("env/pyvenv.cfg").display().to_string()),
        "{command}"
    );
}

#[test]
fn every_spelling_of_a_path_gets_the_same_repair() {
    let Some(field) = Field::plain() else { return };
    let python = field.at("env/bin/python3");
    fs::remove_file(&python).unwrap();
    symlink("/gone/python3", &python).unwrap();
    field.mkdir("far");
    field.link(field.at("env/bin"), "far/link");
    let absolute = python.display().to_string();
    let said = |from: &str, path: &str| {
        let mut command = field.command(env!("CARGO_BIN_EXE_construct"));
        command.args(["--json", "--python", path]);
        command.current_dir(field.at(from));
        let said = Field::json(command);
        let command = said["problem"]["command"].as_str().unwrap_or_default();
        assert!(command.starts_with("ln -sf "), "{from}: {path}: {said}");
        (command.to_owned(), said["environment"]["path"].clone())
    };
    let expected = said(".", &absolute);
    assert!(expected.0.contains(&format!("{absolute}'")), "{expected:?}");
    assert_eq!(expected.1, field.at("env").to_str().unwrap());
    for (from, path) in [
        ("env/bin", "./python3"),
        ("env/bin", ".//python3"),
        ("env/bin", "."),
        ("env/bin", "../bin/python3"),
        ("env", "bin/python3"),
        ("env", "lib/../bin//python3"),
        (".", "env/./bin/python3"),
        // The text of the path says `far/bin`. The kernel goes to `env/bin`.
        ("far", "link/../bin/python3"),
    ] {
        assert_eq!(said(from, path), expected, "{from}: {path}");
    }
    // Python reads a pyvenv.cfg beside its executable first.
    field.rename("env/pyvenv.cfg", "env/bin/pyvenv.cfg");
    for (from, path) in [(".", absolute.as_str()), ("env/bin", "./python3")] {
        assert_eq!(said(from, path), expected, "{from}: {path}");
    }
}

#[test]
fn json_has_the_name_itself() {
    let Some(field) = Field::plain() else { return };
    field.rename("env", "line\nbreak");
    let said = field.ask(&["--python", "./line\nbreak"]);
    assert_eq!(said["environment"]["name"], "line\nbreak");
    field.rename("line\nbreak", "a\u{200b}b");
    let text = field.text(&["--json", "--python", "./a\u{200b}b"]);
    assert!(
        text.contains("\\u200b") && !text.contains('\u{200b}'),
        "{text}"
    );
    let text = field.text(&["--python", "./a\u{200b}b"]);
    assert!(
        text.contains("\\u{200b}") && !text.contains('\u{200b}'),
        "{text}"
    );
}

#[test]
fn the_reason_of_a_claim_was_checked() {
    let Some(field) = Field::plain() else {
        return;
    };
    field.remove_pythons();
    field.link(&field.interpreter.file, "env/bin/python");
    field.mkdir("base");
    field.link(&field.interpreter.file, "base/python3");
    let (env, base) = (
        field.at("env").display().to_string(),
        field.at("base").display().to_string(),
    );
    field.set("VIRTUAL_ENV", &env);
    field.set("PATH", format!("{env}/bin:{base}"));
    let said = field.ask(&[]);
    let meaning = said["claims"][0]["meaning"].as_str().unwrap();
    assert!(
        meaning.contains("bin is first, but has no python3"),
        "{said}"
    );
    assert_eq!(said["commands"]["agree"], false, "{said}");
    field.set("PATH", base);
    let meaning = field.ask(&[])["claims"][0]["meaning"].to_string();
    python::has(&meaning, "not on PATH");
}

#[test]
fn pipenv_is_recognised_by_its_name_and_its_pipfile() {
    let Some(field) = Field::plain() else { return };
    field.mkdir("project");
    let project = field.at("project").display().to_string();
    let kind = |name: &str, pipfile: bool| {
        let _ = fs::remove_file(field.at("project/Pipfile"));
        if pipfile {
            field.write("project/Pipfile", "");
        }
        field.write("env/.project", &project);
        field.rename("env", name);
        let said = field.ask(&["--python", &format!("./{name}")]);
        field.rename(name, "env");
        said["environment"]["kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(kind("web-AbCd_-12", true), "pipenv");
    assert_eq!(kind("web-AbCd_-12", false), "venv");
    assert_eq!(kind("web-shop", true), "venv");
    assert_eq!(kind(".venv", true), "pipenv");
}

#[test]
fn a_module_that_changes_python_is_named() {
    let Some(field) = Field::copies() else { return };
    if Path::new(&field.interpreter.stdlib)
        .join("sitecustomize.py")
        .exists()
    {
        return python::absent("no Python without a sitecustomize of its own, which comes first,");
    }
    assert_eq!(field.say()["customizations"].as_array().unwrap().len(), 0);
    let file = field.packages().join("sitecustomize.py");
    fs::write(&file, "").unwrap();
    assert_eq!(field.say()["customizations"][0], file.display().to_string());
    let text = field.text(&["--python", "env", "--verify"]);
    python::has(&text, "was left out");
}

#[test]
fn other_folders_that_an_environment_sees_are_named() {
    let Some(field) = Field::plain() else {
        return;
    };
    field.set("PYTHONPATH", "/opt/ros/lib");
    let said = field.say();
    assert_eq!(said["pythonpath"][0], "/opt/ros/lib");
    python::has(said["warnings"][0].as_str().unwrap(), "/opt/ros/lib");
    field.variables.take();
    field.add_to_cfg(b"uv = 0.9\nextends-environment = /other\nrelocatable = true\nseed = true\n");
    let said = field.say();
    assert_eq!(said["environment"]["uv"]["extends_environment"], "/other");
    assert_eq!(said["environment"]["uv"]["relocatable"], true);
    python::has(said["warnings"][0].as_str().unwrap(), "/other");
}

#[test]
fn the_overlay_of_uv_is_code_that_runs() {
    let Some(field) = Field::plain() else { return };
    let overlay = field.packages().join("_uv_ephemeral_overlay.pth");
    fs::write(&overlay, "import site; site.addsitedir(\"/below\")").unwrap();
    let said = field.say();
    assert_eq!(said["customizations"][0], overlay.to_str().unwrap());
    python::has(&said["warnings"].to_string(), "runs code");
}

#[test]
fn a_folder_that_a_pth_file_adds_is_spelled_as_on_sys_path() {
    let Some(field) = Field::plain() else {
        return;
    };
    let (a, b) = (field.at("a"), field.at("b"));
    for folder in [&a, &b, &field.at("c d")] {
        fs::create_dir(folder).unwrap();
    }
    let (a, b) = (a.display(), b.display());
    for (lines, variable) in [
        ("../../../../a\n".to_owned(), ""),
        (format!("{a}/\n{a}\n{a}/.\n"), ""),
        (format!("{a}/../b//\n/{b}\n"), ""),
        (format!("{a}\n{b}\n"), "a/:b"),
        (format!("{a}/../c d  \n{b}/../env/..\n"), "/nowhere:c d"),
        ("../../../..\n../../../../\n".to_owned(), ""),
    ] {
        fs::write(field.packages().join("x.pth"), &lines).unwrap();
        field.set("PYTHONPATH", variable);
        let ask = "import sys, os\nfor it in sys.path[1:]:\n    if ('/' + it.lstrip('/')).startswith(os.getcwd()) and not it.startswith(sys.prefix + '/'): print(it)";
        let mut command = field.command(field.at("env/bin/python3"));
        command.args(["-c", ask]);
        let output = String::from_utf8(Field::run(command).stdout).unwrap();
        let of_variable = variable
            .split(':')
            .map(|it| field.at(it.trim_end_matches('/')));
        let of_variable: Vec<_> = of_variable.map(|it| it.display().to_string()).collect();
        let truth = output.lines().filter(|it| {
            let it = it.trim_end_matches('/').to_owned();
            variable.is_empty() || !of_variable.contains(&it)
        });
        let truth: Vec<&str> = truth.collect();
        let said = field.say();
        let added = said["added"].as_array().unwrap().iter();
        let added: Vec<&str> = added.map(|it| it["folder"].as_str().unwrap()).collect();
        assert_eq!(added, truth, "{lines} {variable}");
    }
}

#[test]
fn the_folders_that_pth_files_add_from_outside_are_named() {
    let Some(field) = Field::plain() else { return };
    let (packages, source) = (field.packages(), field.at("my source"));
    fs::create_dir(&source).unwrap();
    fs::create_dir(packages.join("inner")).unwrap();
    let lines = format!("inner\n{0}\n/nowhere\n{0}\n# /usr\n", source.display());
    fs::write(packages.join("x.pth"), lines).unwrap();
    let said = field.say();
    assert_eq!(said["status"], "isolated");
    let added = serde_json::json!([{"folder": source, "by": packages.join("x.pth")}]);
    assert_eq!(said["added"], added, "{said}");
    assert_eq!(
        said["warnings"],
        serde_json::json!([]),
        "it is nothing unusual"
    );
    let mut command = field.command(env!("CARGO_BIN_EXE_construct"));
    command.args(["--color", "never", "--python", "env"]);
    let text = Field::printed(command);
    let line = format!("added             {} (by ", source.display());
    python::has(&text, &line);
    // A link into the environment leads nowhere else.
    field.link(field.at("env"), "link");
    let line = format!("{}\n", field.at("link/lib").display());
    fs::write(packages.join("x.pth"), line).unwrap();
    assert_eq!(field.say()["added"], serde_json::json!([]));
}

#[test]
fn the_instructions_fit_the_shell_that_runs() {
    let Some(field) = Field::plain() else {
        return;
    };
    for (shell, expected) in [
        ("dash", "  activate          . matrix_env/bin/activate\n"),
        (
            "bash",
            "  activate          source matrix_env/bin/activate\n",
        ),
        (
            "fish",
            "  activate          source matrix_env/bin/activate.fish\n",
        ),
    ] {
        if python::which(shell).is_none() {
            python::absent(&format!("no {shell}"));
            continue;
        }
        field.set("SHELL", "/bin/zsh");
        let mut command = field.command(shell);
        command
            .args(["-c", "\"$CONSTRUCT\" --python \"$BASE\"; true"])
            .env("CONSTRUCT", env!("CARGO_BIN_EXE_construct"))
            .env("BASE", &field.interpreter.file);
        let text = Field::printed(command);
        assert!(text.contains(expected), "{shell}: {text}");
    }
}

#[test]
fn a_variable_is_unset_in_the_words_of_the_shell_that_runs() {
    let Some(field) = Field::plain() else { return };
    for shell in ["dash", "bash", "zsh", "fish"] {
        if python::which(shell).is_none() {
            python::absent(&format!("no {shell}"));
            continue;
        }
        for (name, value, of) in [
            ("VIRTUAL_ENV", "/zion", "/claims/0/hint"),
            ("PYTHONHOME", "/zion", "/problem/command"),
            ("PYTHONHASHSEED", "abc", "/problem/command"),
        ] {
            let mut command = field.command(shell);
            command
                .args(["-c", "\"$CONSTRUCT\" --json --python \"$BASE\"; true"])
                .env("CONSTRUCT", env!("CARGO_BIN_EXE_construct"))
                .env("BASE", &field.interpreter.file)
                .env(name, value);
            let said = Field::json(command);
            let typed = said.pointer(of).unwrap().as_str().unwrap();
            let mut command = field.command(shell);
            command
                .args(["-c", &format!("{typed}\nprintenv {name}; true")])
                .env(name, value);
            let output = Field::run(command);
            assert_eq!(
                (output.stdout, output.stderr),
                (Vec::new(), Vec::new()),
                "{shell}: {typed}"
            );
        }
    }
}

/// bash is the only shell here that takes `~` in PATH for the home folder.
#[test]
fn a_tilde_in_path_is_a_folder_for_bash_alone() {
    let Some(field) = Field::plain() else { return };
    field.set("HOME", field.folder.path().display());
    field.link("/bin/echo", "env/bin/neo");
    for (path, is_warned) in [("~/env/bin", true), ("~", true), ("/x~/bin", false)] {
        field.set("PATH", format!("{path}:/usr/bin:/bin"));
        for shell in ["bash", "dash"] {
            let mut command = field.command(shell);
            command.args(["-c", "neo"]);
            let finds = path == "~/env/bin" && shell == "bash";
            assert_eq!(Field::run(command).status.success(), finds, "{shell}");
        }
        let warnings = field.ask(&[])["warnings"].to_string();
        assert_eq!(warnings.contains("only bash"), is_warned, "{warnings}");
    }
}

#[test]
fn a_hint_is_a_command_that_works() {
    let Some(field) = Field::plain() else { return };
    let said = field.say();
    let hint = said["claims"][0]["hint"].as_str().unwrap();
    // After the command, the shell is in the environment.
    let mut shell = field.command("bash");
    shell.args(["-c", &format!("{hint} && command -v python3")]);
    let started = Field::printed(shell);
    assert_eq!(
        started.trim(),
        field.at("env/bin/python3").display().to_string(),
        "{said}"
    );
    let text = field.text(&["--python", "env"]);
    assert!(
        !text.contains("deactivate"),
        "no environment was activated, so there is none to leave: {text}"
    );
    field.remove("env/bin/activate");
    assert_eq!(field.say()["claims"][0]["hint"], Value::Null);
}

#[test]
fn a_conda_environment_has_a_name_and_a_command_to_leave_it() {
    let Some(field) = Field::plain() else {
        return;
    };
    let Some(real) = python::interpreters().into_iter().find(is_of_pyenv) else {
        return python::absent("no Python of pyenv's");
    };
    let neo = field.at("neo");
    fs::create_dir_all(neo.join("bin")).unwrap();
    fs::create_dir_all(neo.join("conda-meta")).unwrap();
    symlink(Path::new(&real.prefix).join("lib"), neo.join("lib")).unwrap();
    python::copy_program(&real.file, neo.join("bin/python3"));
    field.set("PATH", format!("{}/bin:/usr/bin:/bin", neo.display()));
    field.set("CONDA_PREFIX", neo.display());
    let said = field.ask(&[]);
    assert_eq!(
        (&said["isolated"], &said["environment"]["kind"]),
        (&false.into(), &"conda".into())
    );
    let text = field.text(&[]);
    python::has(&text, "conda environment: neo\n");
    python::has(&text, "conda deactivate\n");
    assert_eq!(said["managed"]["in_force"], true, "{said}");
    field.set("PATH", "/usr/bin:/bin");
    let said = field.ask(&[]);
    assert_eq!(
        (&said["managed"]["name"], &said["managed"]["in_force"]),
        (&"neo".into(), &false.into())
    );
    field.set("PATH", format!("{}/bin:/usr/bin:/bin", neo.display()));
    fs::write(neo.join("conda-meta/pixi"), "{}").unwrap();
    field.set("PIXI_IN_SHELL", "1");
    let text = field.text(&[]);
    assert!(
        text.contains("pixi environment: neo\n") && text.contains("leave pixi        exit\n"),
        "{text}"
    );
}

#[test]
fn a_link_in_an_environment_can_use_the_library_of_another_python() {
    let Some(field) = Field::plain() else {
        return;
    };
    let neo = field.at("neo");
    fs::create_dir_all(neo.join("conda-meta")).unwrap();
    fs::create_dir_all(neo.join("bin")).unwrap();
    symlink(&field.interpreter.file, neo.join("bin/python3")).unwrap();
    field.set("PATH", format!("{}/bin", neo.display()));
    field.set("CONDA_PREFIX", neo.display());
    field.set("CONDA_DEFAULT_ENV", "the-one");
    let said = field.ask(&[]);
    let meaning = said["claims"][0]["meaning"].as_str().unwrap();
    assert!(meaning.contains("takes its library from"), "{said}");
    let text = field.text(&[]);
    python::has(&text, "conda environment: the-one\n");
    python::has(&text, "conda deactivate\n");
}

#[test]
fn each_wrong_value_of_python_has_its_own_sentence() {
    let Some(field) = Field::plain() else {
        return;
    };
    field.mkdir("base");
    field.link(&field.interpreter.file, "base/python3.99");
    field.set("PATH", field.at("base").display());
    field.write("plain", "");
    let what = |given: &str| {
        field.ask(&["--python", given])["problem"]["what"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(field.ask(&["--python", "env/bin"])["status"], "isolated");
    assert_eq!(field.ask(&["--python", "./env/bin/"])["status"], "isolated");
    let plain = field.ask(&["--python", "./plain"]);
    assert_eq!(plain["problem"]["command"], Value::Null, "it is no Python");
    field.mkdir("empty");
    field.write("empty/pyvenv.cfg", "");
    for (given, expected) in [
        (
            "3.99",
            "3.99 is a version, not a name on PATH: python3.99 is on PATH",
        ),
        ("3.98", "no Python of that version"),
        ("3.99t", "no Python of that version"),
        ("./none", "there is no file ./none"),
        ("python9", "there is no python9 on PATH"),
        ("/bin/ls", "no Python 3 inside"),
        ("./base", "there is no bin/python3"),
    ] {
        python::has(&what(given), expected);
    }
    for (given, end) in [
        ("./plain", "plain is not executable"),
        (".", "Scripts/python.exe in ."),
        ("empty", "Scripts/python.exe in empty"),
    ] {
        assert!(what(given).ends_with(end), "{}", what(given));
    }
}

#[test]
fn without_path_the_default_of_the_shell_counts() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_construct"));
    command.env_clear().arg("--json");
    let said = Field::json(command);
    assert_eq!(said["trace"][0]["path"], "PATH");
    let mut command = Command::new("dash");
    command.env_clear().args(["-c", "command -v python3"]);
    let Some(output) = python::within(command, python::PATIENCE) else {
        return python::absent("no dash");
    };
    let first = String::from_utf8(output.stdout).unwrap();
    if !first.is_empty() {
        assert_eq!(said["trace"][1]["path"], first.trim());
    }
}

#[test]
fn without_path_each_shell_has_its_own_default() {
    for shell in ["bash", "dash", "zsh", "tcsh", "ksh"] {
        let Some(program) = python::which(shell) else {
            python::note(&format!("SKIPPED: no {shell}"));
            continue;
        };
        let run = |script: &str| {
            let mut command = Command::new(&program);
            command
                .env_clear()
                .env("C", env!("CARGO_BIN_EXE_construct"));
            command
                .args(["-c", &format!("{script}; true")])
                .stdin(Stdio::null());
            Field::run(command).stdout
        };
        let said: Value = serde_json::from_slice(&run("\"$C\" --json")).unwrap();
        let sentence = said["trace"][0]["said"].as_str().unwrap();
        assert!(
            sentence.starts_with(&format!("not set: {shell} searches /")),
            "{sentence}"
        );
        let prefix = run("python3 -c 'import sys; print(sys.prefix)'");
        let prefix = String::from_utf8(prefix).unwrap();
        let ours = said["prefix"].as_str().unwrap_or_default();
        assert_eq!(ours, prefix.trim(), "{shell}: {said}");
        // The places themselves, where the shell says them.
        let named = String::from_utf8(run("echo $PATH")).unwrap();
        if named.contains(':') {
            assert!(
                sentence.ends_with(named.trim()),
                "{shell}: {sentence}, {named}"
            );
        }
    }
}

#[test]
fn the_file_name_alone_makes_no_python_free_threaded() {
    let folder = tempfile::tempdir().unwrap();
    for interpreter in python::interpreters()
        .iter()
        .filter(|it| it.word == "python")
    {
        let name = format!("python{}t", interpreter.minor);
        let _ = fs::remove_file(folder.path().join(&name));
        symlink(&interpreter.file, folder.path().join(&name)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_construct"));
        command
            .env_clear()
            .args(["--json", "--python"])
            .arg(folder.path().join(&name));
        let said = Field::json(command);
        assert_eq!(said["build"]["free_threaded"], false, "{said}");
        assert_eq!(said["status"], "global", "{said}");
    }
}

#[test]
fn a_shim_that_comes_before_an_environment_is_named() {
    let Some(field) = Field::plain() else {
        return;
    };
    let shims = field.at("mise/shims");
    fs::create_dir_all(&shims).unwrap();
    field.write("mise/mise", "#!/bin/sh\n");
    field.set_mode("mise/mise", 0o755);
    symlink("../mise", shims.join("python3")).unwrap();
    let env = field.at("env").display().to_string();
    field.set("VIRTUAL_ENV", &env);
    field.set("PATH", format!("{}:{env}/bin", shims.display()));
    let said = field.ask(&[]);
    assert_eq!(said["status"], "unknown", "{said}");
    python::has(said["problem"]["what"].as_str().unwrap(), "shim of mise");
    python::has(
        said["claims"][0]["meaning"].as_str().unwrap(),
        "mise's shims",
    );
    field.set("PATH", format!("{env}/bin:{}", shims.display()));
    assert_eq!(field.ask(&[])["status"], "isolated");
}

#[test]
fn pip_of_another_python_is_named() {
    let Some(field) = Field::plain() else {
        return;
    };
    field.mkdir("other");
    let pip = field.at("other/pip");
    fs::write(&pip, "#!/opt/other/bin/python3\n").unwrap();
    fs::set_permissions(&pip, fs::Permissions::from_mode(0o755)).unwrap();
    field.set(
        "PATH",
        format!(
            "{}:{}",
            field.at("env/bin").display(),
            field.at("other").display()
        ),
    );
    let said = field.ask(&[]);
    assert_eq!(
        said["commands"]["pip_python"], "/opt/other/bin/python3",
        "{said}"
    );
    assert_eq!(said["commands"]["agree"], false);
    // So does distlib where the path has a blank, as it has here.
    let python = field.at("env/bin/python3");
    let text = format!(
        "#!/bin/sh\n'''exec' \"{}\" \"$0\" \"$@\"\n' '''\n",
        python.display()
    );
    fs::write(&pip, text).unwrap();
    let said = field.ask(&[]);
    assert_eq!(said["commands"]["agree"], true);
    assert!(!said["warnings"].to_string().contains("pip is "), "{said}");
    // env searches PATH, so this is the Python that the user gets.
    fs::write(&pip, "#!/usr/bin/env -S python3 -E\n").unwrap();
    let said = field.ask(&[]);
    assert_eq!(said["commands"]["pip_python"], python.to_str().unwrap());
    assert_eq!(said["commands"]["agree"], true);
    fs::write(&pip, "#!/usr/bin/env bash\n").unwrap();
    assert!(field.ask(&[])["commands"]["pip_python"].is_null());
    // A shim does not say which Python it is for.
    fs::write(&pip, "#!/bin/sh\n").unwrap();
    let said = field.ask(&[]);
    assert!(said["commands"]["agree"].is_null(), "{said}");
    let warnings = said["warnings"].to_string();
    assert!(
        warnings.contains("which is not in this environment, and this environment has no pip"),
        "{said}"
    );
    // What it advises then works.
    let package = field.packages().join("pip");
    if warnings.contains("type `python3 -m ensurepip`") {
        let mut command = Command::new(&python);
        command.args(["-I", "-m", "ensurepip"]).stdin(Stdio::null());
        assert!(command.output().unwrap().status.success());
        assert!(package.is_dir());
    } else {
        fs::create_dir_all(package.join("_internal")).unwrap();
        for part in ["__init__.py", "__main__.py", "_internal/__init__.py"] {
            fs::write(package.join(part), "").unwrap();
        }
    }
    let warnings = field.ask(&[])["warnings"].to_string();
    python::has(
        &warnings,
        "which is not in this environment: type `python3 -m pip`",
    );
}

#[test]
fn a_pip_of_which_a_part_is_missing_is_neither_advised_nor_called_missing() {
    let Some(field) = Field::copies() else {
        return;
    };
    let run = |module: &str| {
        let mut command = Command::new(field.at("env/bin/python3"));
        command.args(["-I", "-m", module]).stdin(Stdio::null());
        command.output().unwrap().status.success()
    };
    assert!(run("ensurepip"));
    fs::remove_file(field.at("env/bin/pip3")).unwrap();
    let _ = fs::remove_file(field.at("env/bin/pip"));
    field.mkdir("other");
    python::write_program(field.at("other/pip"), "#!/bin/sh\n");
    let [bin, other] = ["env/bin", "other"].map(|it| field.at(it).display().to_string());
    field.set("PATH", format!("{bin}:{other}:/usr/bin"));
    let said = || field.ask(&[])["warnings"].to_string();
    python::has(&said(), "not in this environment: type `python3 -m pip`");
    let (packages, aside) = (field.packages(), field.at("aside"));
    for part in ["pip", "pip/__main__.py", "pip/__init__.py", "pip/_internal"] {
        fs::rename(packages.join(part), &aside).unwrap();
        // ensurepip takes it for whole.
        assert!(run("ensurepip") && !packages.join(part).exists(), "{part}");
        assert!(!run("pip") || part == "pip/__init__.py", "{part}");
        let said = said();
        python::has(&said, "which is not in this environment");
        assert!(
            !said.contains("python3 -m") && !said.contains("no pip"),
            "{part}: {said}"
        );
        fs::rename(&aside, packages.join(part)).unwrap();
    }
}

#[test]
fn a_difference_is_named_by_the_names_that_are_there() {
    let Some(field) = Field::plain() else {
        return;
    };
    field.mkdir("one");
    field.link(&field.interpreter.file, "one/python");
    let pip = field.at("one/pip");
    field.mkdir("two");
    let other = field.at("two/python3");
    symlink("/bin/sh", &other).unwrap();
    fs::write(&pip, script_for(&other.display().to_string())).unwrap();
    fs::set_permissions(&pip, fs::Permissions::from_mode(0o755)).unwrap();
    let path = field.at("one").display().to_string();
    let expected = format!(
        "pip installs for {}, but python is {path}/python",
        other.display()
    );
    field.set("PATH", path);
    assert_eq!(field.ask(&[])["warnings"][0], expected);
}

/// A script as distlib writes it where the path of its Python has a blank.
fn script_for(python: &str) -> String {
    format!("#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n")
}

/// The folder of a script, as uv writes it.
const DIR: &str = "\"$(dirname -- \"$(realpath -- \"$0\")\")\"/";

#[test]
fn a_pip_whose_python_is_gone_cannot_start() {
    let Some(field) = Field::plain() else {
        return;
    };
    let bin = field.at("env/bin");
    let pip = bin.join("pip");
    let path = format!("{}:/usr/bin", bin.display());
    field.set("PATH", path);
    for (script, named) in [
        ("#!/gone/bin/python3\n", "/gone/bin/python3"),
        (&script_for("/my env/bin/python3"), "/my env/bin/python3"),
    ] {
        python::write_program(&pip, script);
        let output = Command::new(&pip).output();
        assert!(!output.is_ok_and(|it| it.status.success()), "{script}");
        let said = field.ask(&[]);
        assert_eq!(said["commands"]["pip_python"], named, "{said}");
        assert_eq!(said["commands"]["pip_starts"], false, "{said}");
        assert_eq!(said["commands"]["agree"], false, "{said}");
        let warnings = said["warnings"].to_string();
        assert!(warnings.contains("pip cannot start: "), "{said}");
        assert!(!warnings.contains("installs for"), "{said}");
    }
    python::write_program(&pip, "#!/usr/bin/env python3.99\n");
    let warnings = field.ask(&[])["warnings"].to_string();
    python::has(&warnings, "python3.99, which is not on PATH");
    // It names a Python that is there.
    python::write_program(&pip, "#!/usr/bin/env python3\n");
    assert_eq!(field.ask(&[])["commands"]["pip_starts"], true);
    // uv lets it look for the Python next to it, wherever the environment is.
    let beside = |name: &str| {
        script_for(&format!("@'{name}'"))
            .replace("\"@", DIR)
            .replace("'\" ", "' ")
    };
    python::write_program(&pip, beside("python3"));
    assert_eq!(field.ask(&[])["commands"]["pip_starts"], true);
    python::write_program(&pip, beside("python3.99"));
    let said = field.ask(&[]);
    let named = bin.join("python3.99").display().to_string();
    assert_eq!(said["commands"]["pip_python"], named, "{said}");
    assert_eq!(said["commands"]["pip_starts"], false, "{said}");
    // What another script does is not known.
    python::write_program(&pip, "#!/bin/sh\nexec /gone/python3 -m pip\n");
    assert_eq!(field.ask(&[])["commands"]["pip_starts"], Value::Null);
}

#[test]
fn a_pip_whose_module_was_not_found_is_not_said_to_start() {
    let Some(field) = Field::plain() else {
        return;
    };
    let pip = field.at("env/bin/pip");
    field.set(
        "PATH",
        format!("{}:/usr/bin", field.at("env/bin").display()),
    );
    let script = "#!/usr/bin/env python3\nfrom pip._internal.cli.main import main\n";
    python::write_program(&pip, script);
    let package = field.packages().join("pip");
    for is_there in [false, true] {
        let starts = Field::run(field.command(&pip)).status.success();
        assert_eq!(starts, is_there);
        let expected = if is_there {
            Value::Bool(true)
        } else {
            Value::Null
        };
        assert_eq!(field.ask(&[])["commands"]["pip_starts"], expected);
        let words = if is_there {
            " (installs for "
        } else {
            " (a script for "
        };
        python::has(&field.text(&[]), words);
        fs::create_dir_all(package.join("_internal/cli")).unwrap();
        fs::write(package.join("_internal/cli/main.py"), "main = 0\n").unwrap();
        for part in ["__init__.py", "__main__.py", "_internal/__init__.py"] {
            fs::write(package.join(part), "").unwrap();
        }
    }
}

/// A root of pyenv's in the folder `pyenv` with these shims, and a folder `tools` that has only bash.
fn with_pyenv(field: &Field, shims: &[&str]) {
    let root = field.at("pyenv");
    fs::create_dir_all(root.join("shims")).unwrap();
    fs::create_dir_all(root.join("versions")).unwrap();
    let text = format!(
        "#!/usr/bin/env bash\nexport PYENV_ROOT=\"{0}\"\nexec \"{0}/libexec/pyenv\" exec \"$program\" \"$@\"\n",
        root.display()
    );
    for name in shims {
        python::write_program(root.join("shims").join(name), &text);
    }
    field.mkdir("tools");
    field.link(python::which("bash").unwrap(), "tools/bash");
    field.link(python::which("env").unwrap(), "tools/env");
}

#[test]
fn names_that_are_shims_are_compared_by_what_they_start() {
    let Some(field) = Field::plain() else {
        return;
    };
    with_pyenv(&field, &["python", "python3", "pip"]);
    let at = |name: &str| field.at(name).display().to_string();
    let (own, pip) = (at("pyenv/versions/own"), at("pip/pip"));
    let path = format!("{}:{}", at("pyenv/shims"), at("tools"));
    let with_pip = format!("{}:{path}", at("pip"));
    // One version has python and pip; the environment, as pyenv-virtualenv links it, has python3 too.
    field.mkdir("pyenv/versions/own/bin");
    symlink(&field.interpreter.file, format!("{own}/bin/python")).unwrap();
    python::write_program(
        format!("{own}/bin/pip"),
        script_for(&format!("{own}/bin/python")),
    );
    field.link("../../env", "pyenv/versions/linked");
    field.mkdir("pip");
    python::write_program(&pip, script_for(&at("env/bin/python3")));
    let ask = |path: &str, version: &str| {
        field.set("PATH", path);
        field.set("PYENV_VERSION", version);
        let said = field.ask(&[]);
        (said["commands"].clone(), said["warnings"].to_string())
    };
    let (commands, warnings) = ask(&path, "own:linked");
    assert_eq!(commands["agree"], false, "{commands}");
    assert_eq!(commands["pip_python"], format!("{own}/bin/python"));
    assert!(warnings.contains("python is ") && warnings.contains("pip installs for "));
    assert!(!warnings.contains("shims"), "{warnings}");
    // The pip of another folder names the environment's own Python.
    let (commands, warnings) = ask(&with_pip, "linked");
    assert_eq!(commands["agree"], true, "{warnings}");
    assert_eq!(warnings, "[]");
    // No version has a pip.
    let (commands, warnings) = ask(&path, "linked");
    assert_eq!(commands["agree"], false, "{commands}");
    assert_eq!(commands["pip_starts"], false, "{commands}");
    python::has(&warnings, "has a command pip");
    // The system has python3 only.
    field.link(&field.interpreter.file, "tools/python3");
    let ask = |path: &str, version: &str| {
        field.set("PATH", path);
        field.set("PYENV_VERSION", version);
        field.ask(&[])
    };
    let said = ask(&path, "system");
    assert_eq!(said["commands"]["agree"], false, "{said}");
    let warnings = said["warnings"].to_string();
    python::has(&warnings, "has a command python\"");
    python::has(&warnings, "python cannot start");
}

#[test]
fn the_version_that_is_offered_is_the_newest_that_has_the_command() {
    let Some(field) = Field::plain() else {
        return;
    };
    with_pyenv(&field, &["python"]);
    for version in ["3.9.18", "3.13.0", "3.14.0rc1", "neo", "3.15.0"] {
        let bin = field.at(&format!("pyenv/versions/{version}/bin"));
        fs::create_dir_all(&bin).unwrap();
        if version != "3.15.0" {
            symlink(&field.interpreter.file, bin.join("python")).unwrap();
        }
    }
    let folders = ["pyenv/shims", "tools"].map(|it| field.at(it).display().to_string());
    field.set("PATH", folders.join(":"));
    field.set("PYENV_VERSION", "system");
    let said = field.ask(&["--python", "python"]);
    let command = &said["problem"]["command"];
    assert_eq!(command, "export PYENV_VERSION=3.13.0", "{said}");
}

#[test]
fn a_line_that_is_quoted_is_in_the_file() {
    each_maker(|field| {
        let said = field.say();
        let cfg = String::from_utf8(field.cfg()).unwrap();
        let trace = said["trace"].as_array().unwrap().iter();
        let of_cfg = trace.filter(|it| it["path"] == field.at("env/pyvenv.cfg").to_str().unwrap());
        let said = of_cfg.map(|it| it["said"].as_str().unwrap());
        let quoted: Vec<&str> = said.filter_map(|it| Some(it.split_once(": ")?.0)).collect();
        assert_eq!(quoted.len(), 3, "{quoted:?}");
        for line in quoted {
            assert!(cfg.lines().any(|it| it == line), "{line}: {cfg}");
        }
    });
}

#[test]
fn two_files_in_one_folder_are_not_one_python_for_that() {
    let all = python::interpreters();
    let Some((one, two)) = all
        .iter()
        .flat_map(|a| all.iter().map(move |b| (a, b)))
        .find(|(a, b)| a.minor != b.minor)
    else {
        return python::absent("no two Pythons");
    };
    let Some(field) = Field::plain() else {
        return;
    };
    let bin = field.at("bin");
    fs::create_dir(&bin).unwrap();
    field.set("PATH", bin.display());
    symlink(&one.file, bin.join("python3")).unwrap();
    symlink(&one.file, bin.join("python")).unwrap();
    assert_eq!(field.ask(&[])["commands"]["agree"], true);
    fs::remove_file(bin.join("python")).unwrap();
    symlink(&two.file, bin.join("python")).unwrap();
    let said = field.ask(&[]);
    assert_eq!(said["commands"]["agree"], false, "{said}");
    // What a script starts is not known.
    python::write_program(bin.join("python"), "#!/bin/sh\nexec python3\n");
    let said = field.ask(&[]);
    assert_eq!(said["commands"]["agree"], Value::Null, "{said}");
    fs::remove_file(bin.join("python")).unwrap();
    // A program is no script that cannot start. Which Python it installs for is not known.
    symlink("/bin/sh", bin.join("pip")).unwrap();
    let said = field.ask(&[]);
    assert_eq!(said["commands"]["pip_starts"], Value::Null, "{said}");
    assert_eq!(said["commands"]["agree"], Value::Null, "{said}");
    fs::remove_file(bin.join("pip")).unwrap();
    python::write_program(bin.join("pip"), "\0\0\0\0");
    let said = field.ask(&[]);
    assert_eq!(said["commands"]["pip_starts"], false, "{said}");
}

#[test]
fn shims_behind_an_environment_are_not_before_it() {
    let Some(field) = Field::plain() else {
        return;
    };
    let shims = field.at(".pyenv/shims");
    fs::create_dir_all(&shims).unwrap();
    let (env, shims) = (field.at("env/bin"), shims.display().to_string());
    let env = env.display().to_string();
    field.link("env", "linked");
    let linked = field.at("linked/bin").display().to_string();
    for (path, is_named) in [
        (format!("{env}/:{shims}"), false),
        (format!("{env}//:{shims}"), false),
        (format!("{linked}:{shims}:{env}"), false),
        (format!("{shims}:{env}/"), true),
    ] {
        field.set("PATH", &path);
        let warnings = field.ask(&[])["warnings"].to_string();
        assert_eq!(
            warnings.contains("come before this environment"),
            is_named,
            "{path}: {warnings}"
        );
    }
}

#[test]
fn a_program_that_runs_the_library_of_another_installation_is_named() {
    let all = python::interpreters();
    let mut pairs = all.iter().flat_map(|a| all.iter().map(move |b| (a, b)));
    let Some((base, other)) =
        pairs.find(|(a, b)| a.word == "python" && a.minor == b.minor && a.prefix != b.prefix)
    else {
        return python::absent("no two Pythons of one minor version");
    };
    let Some(field) = Field::of_venv(base, &[]) else {
        return;
    };
    field.remove_pythons();
    field.link(&other.file, "env/bin/python3");
    let said = field.say();
    let runs = Command::new(field.at("env/bin/python3"))
        .args(["-c", "import sys; print(sys.base_prefix)"])
        .output()
        .unwrap();
    assert_eq!(
        said["base_prefix"],
        String::from_utf8(runs.stdout).unwrap().trim()
    );
    if said["base_prefix"] != other.prefix.as_str() {
        python::has(&said["warnings"].to_string(), "runs the library of");
    }
}

#[test]
fn the_tool_that_ordered_an_environment_is_named() {
    let Some(field) = Field::plain() else { return };
    let asked_by = |name: &str| field.ask(&["--python", name])["environment"]["asked_by"].clone();
    assert_eq!(asked_by("./env"), Value::Null);
    for (file, tool) in [
        (".tox-info.json", "tox"),
        ("pipx_metadata.json", "pipx"),
        ("uv-receipt.toml", "uv tool"),
        ("PEX-INFO", "pex"),
    ] {
        fs::write(field.at("env").join(file), "").unwrap();
        assert_eq!(asked_by("./env"), tool);
        fs::remove_file(field.at("env").join(file)).unwrap();
    }
    for (folder, tool) in [
        (".tox", "tox"),
        (".nox", "nox"),
        ("hatch/env/virtual", "hatch"),
    ] {
        field.mkdir(folder);
        let name = format!("{folder}/py312");
        field.rename("env", &name);
        assert_eq!(asked_by(&name), tool);
        field.rename(&name, "env");
    }
}

#[test]
fn the_library_of_another_version_on_pythonpath_is_never_called_isolated() {
    let all = python::interpreters();
    for interpreter in &all {
        let Some(field) = Field::of_venv(interpreter, &[]) else {
            continue;
        };
        for other in &all {
            let is_other = other.minor != interpreter.minor || other.word != interpreter.word;
            if !is_other {
                continue;
            }
            field.set("PYTHONPATH", &other.stdlib);
            let mut command = field.command(field.at("env/bin/python3"));
            command.args(["-c", "pass"]);
            let starts = Field::run(command).status.success();
            let said = field.say();
            let status = said["status"].as_str().unwrap();
            let both = format!(
                "{} with the library of {}: {said}",
                interpreter.name, other.name
            );
            assert!(
                status == "unknown" || (status == "broken" && !starts),
                "{both}"
            );
            // A newer library is certain to stop the older versions.
            let (own, new) = (interpreter.minor_number(), other.minor_number());
            if interpreter.word == "python" && other.word == "python" && own < 10 && new > own {
                assert_eq!(status, "broken", "{both}");
                let file = said["problem"]["path"].as_str().unwrap();
                assert!(Path::new(file).is_file(), "{both}");
                assert_eq!(said["problem"]["command"], "unset PYTHONPATH", "{both}");
            }
        }
    }
}
