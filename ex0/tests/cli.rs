//! What the user sees and what a script gets: the subject's lines, the flags, the exit codes.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the differential test uses the rest")]
mod python;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use python::Interpreter;
use serde_json::Value;
use snapbox::{assert_data_eq, str};

/// A new folder for environments, and a real interpreter for them.
struct World {
    /// The folder; the test deletes it at its end.
    folder: tempfile::TempDir,
    interpreter: Interpreter,
}

impl World {
    /// `None` if there is no CPython: the test is skipped and says so; in CI it fails.
    fn new() -> Option<Self> {
        Some(Self {
            folder: python::folder(),
            interpreter: python::cpython_since(6)?,
        })
    }

    /// The folder, with all links resolved.
    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Makes an environment and returns its folder.
    fn env(&self, name: &str, cfg: &str) -> PathBuf {
        let folder = self.root().join(name);
        fs::create_dir_all(folder.join("bin")).unwrap();
        symlink(&self.interpreter.file, folder.join("bin/python3")).unwrap();
        fs::write(
            folder.join("pyvenv.cfg"),
            cfg.replace('@', &self.interpreter.folder()),
        )
        .unwrap();
        folder
    }

    /// Makes the environment that `python -m venv matrix_env` would make.
    fn matrix_env(&self) -> PathBuf {
        self.env(
            "matrix_env",
            "home = @\ninclude-system-site-packages = false\n",
        )
    }

    /// A folder with the global python3 in it.
    fn global(&self) -> PathBuf {
        let folder = self.root().join("global");
        fs::create_dir_all(&folder).unwrap();
        let _ = symlink(&self.interpreter.file, folder.join("python3"));
        folder
    }

    /// The program in this folder. PATH is its only variable.
    fn construct(&self, path: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_construct"));
        command
            .env_clear()
            .env("PATH", path)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

/// Runs a command that must end soon.
fn run(command: Command) -> Output {
    python::within(command, python::PATIENCE).expect("it must not hang")
}

/// The exit code, stdout and stderr.
fn parts(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Runs the program with flags and variables. Returns the exit code and stdout.
fn say_here(
    world: &World,
    path: &Path,
    flags: &[&str],
    variables: &[(&str, &str)],
) -> (i32, String) {
    let mut command = world.construct(path);
    command.args(flags).envs(variables.iter().copied());
    let (code, stdout, stderr) = parts(&run(command));
    assert_eq!(stderr, "");
    (code, stdout)
}

/// The same, with a student's paths instead of those of this machine.
fn say(world: &World, path: &Path, flags: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let (code, stdout) = say_here(world, path, flags, variables);
    (code, as_student(world, &stdout))
}

/// The JSON with these flags, with a student's paths.
fn json(world: &World, path: &Path, flags: &[&str], variables: &[(&str, &str)]) -> Value {
    let (_, text) = say(world, path, &[&["--json"], flags].concat(), variables);
    serde_json::from_str(&text).unwrap()
}

/// A text with a student's paths instead of those of this machine.
fn as_student(world: &World, text: &str) -> String {
    let minor = &world.interpreter.minor;
    python::respelled(text, &world.root().display().to_string(), "/home/neo")
        .replace(&format!("python{minor}"), "python3.x")
}

/// The first lines.
fn first(text: &str, lines: usize) -> String {
    text.lines()
        .take(lines)
        .map(|line| format!("{line}\n"))
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn the_subject_s_lines_come_first_outside() {
    let Some(world) = World::new() else { return };
    let (code, stdout) = say(&world, &world.global(), &[], &[]);
    assert_eq!(code, 0);
    assert_data_eq!(
        first(&stdout, 14),
        str![[r#"
MATRIX STATUS: You're still plugged in

Current Python: /home/neo/global/python3
Virtual Environment: None detected

WARNING: You're in the global environment!
The machines can see everything you install.

To enter the construct, run:
python -m venv matrix_env
source matrix_env/bin/activate # On Unix
matrix_env/Scripts/activate # On Windows

Then run this program again.

"#]]
    );
    // For the snapshot both kinds of slashes are equal.
    python::has(&stdout, "\nmatrix_env\\Scripts\\activate # On Windows\n");
}

#[test]
fn the_subject_s_lines_come_first_inside() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    let (code, stdout) = say(
        &world,
        &folder.join("bin"),
        &[],
        &[("VIRTUAL_ENV", folder.to_str().unwrap())],
    );
    assert_eq!(code, 0);
    assert_data_eq!(
        first(&stdout, 12),
        str![[r#"
MATRIX STATUS: Welcome to the construct

Current Python: /home/neo/matrix_env/bin/python3
Virtual Environment: matrix_env
Environment Path: /home/neo/matrix_env

SUCCESS: You're in an isolated environment!
Safe to install packages without affecting
the global system.

Package installation path:
/home/neo/matrix_env/lib/python3.x/site-packages

"#]]
    );
    python::has(
        &stdout,
        "sys.prefix != sys.base_prefix: a virtual environment",
    );
    python::has(
        &stdout,
        "agrees: the Python that starts is this environment's",
    );
}

#[test]
fn check_answers_with_the_exit_code() {
    let Some(world) = World::new() else { return };
    let broken = world.env("broken_env", "home = @\n\u{0}x = y");
    fs::write(broken.join("pyvenv.cfg"), b"home = /usr/bin\n\xff\n").unwrap();
    for (path, expected) in [
        (world.matrix_env().join("bin"), 0),
        (world.global(), 1),
        (broken.join("bin"), 1),
        (PathBuf::from("/none"), 1),
    ] {
        assert_eq!(
            say(&world, &path, &["--check"], &[]).0,
            expected,
            "{}",
            path.display()
        );
        assert_eq!(
            say(&world, &path, &["--check", "-q"], &[]),
            (expected, String::new())
        );
        assert_eq!(say(&world, &path, &[], &[]).0, 0);
    }
}

#[test]
fn a_broken_environment_is_shown_with_its_repair() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    fs::write(folder.join("pyvenv.cfg"), b"home = /usr/bin\n\xff\n").unwrap();
    let (_, stdout) = say(&world, &folder.join("bin"), &[], &[]);
    assert_data_eq!(
        first(&stdout, 11),
        str![[r#"
MATRIX STATUS: You're still plugged in

Current Python: /home/neo/matrix_env/bin/python3
Virtual Environment: matrix_env (broken)

PROBLEM: This Python cannot start!
line 2 of /home/neo/matrix_env/pyvenv.cfg is not UTF-8, and site stops at the first such byte

This edits pyvenv.cfg and nothing else; the packages stay.
To mend it, run:
sed -i 2d /home/neo/matrix_env/pyvenv.cfg

"#]]
    );
}

/// Breaks an activated environment, runs the command of the answer, and asks again.
#[track_caller]
fn check_repair(damage: impl FnOnce(&Path), variables: &[(&str, &str)], expected: &str) {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    damage(&folder);
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        folder.join("bin").display(),
        world.global().display()
    );
    let path = Path::new(&path);
    let (_, json) = say_here(&world, path, &["--json"], variables);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["status"], "broken");
    let repair = json["problem"]["repair"].as_str().unwrap();
    assert_eq!(as_student(&world, repair), expected);
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{repair} && \"$0\" --check")])
        .arg(env!("CARGO_BIN_EXE_construct"))
        .env_clear()
        .env("PATH", path)
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    let output = python::within(command, Duration::from_mins(2)).expect("it must not hang");
    let (code, stdout, stderr) = parts(&output);
    assert_eq!(code, 0, "{stdout}{stderr}");
}

#[test]
fn the_command_that_repairs_an_environment_works() {
    check_repair(
        |env| fs::write(env.join("pyvenv.cfg"), b"home = /usr/bin\n\xff\n").unwrap(),
        &[],
        "sed -i 2d /home/neo/matrix_env/pyvenv.cfg",
    );
    check_repair(
        |env| fs::write(env.join("bin/pyvenv.cfg"), b"\xff").unwrap(),
        &[],
        // An empty one would still come before the environment's own.
        "mv /home/neo/matrix_env/bin/pyvenv.cfg /home/neo/matrix_env/bin/pyvenv.cfg.off",
    );
    check_repair(|_| {}, &[("PYTHONHOME", "/nowhere")], "unset PYTHONHOME");
}

/// An environment with this pyvenv.cfg and a package for Python 3.5, and a PATH on which it comes first.
fn old_env(world: &World, cfg: &str) -> (PathBuf, PathBuf) {
    let folder = world.env("old_env", cfg);
    fs::create_dir_all(folder.join("lib/python3.5/site-packages/neo-1.0.dist-info")).unwrap();
    let (own, global) = (folder.join("bin"), world.global());
    let path = format!("{}:{}", own.display(), global.display());
    (folder, path.into())
}

/// The warnings about an environment with this pyvenv.cfg, and the whole JSON.
fn drift(world: &World, cfg: &str) -> (Value, String) {
    let (folder, path) = old_env(world, cfg);
    let own = folder.join(world.interpreter.lib());
    fs::rename(folder.join("lib/python3.5"), own).unwrap();
    let (_, text) = say(world, &path, &["--json"], &[]);
    fs::remove_dir_all(folder).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    (json["warnings"].clone(), text)
}

#[test]
fn another_last_number_is_only_a_note() {
    let Some(world) = World::new() else { return };
    let minor = &world.interpreter.minor;
    for maker in ["", "uv = 0.5\n", "virtualenv = 20\n"] {
        let (warnings, text) = drift(&world, &format!("home = @\nversion = {minor}.99\n{maker}"));
        assert_eq!(warnings.to_string(), "[]");
        python::has(&text, "sees the same packages");
        assert!(!text.contains("--clear"), "{text}");
    }
    let version = world.interpreter.version();
    let (_, text) = drift(&world, &format!("home = @\nversion = {version}\n"));
    assert!(!text.contains("sees the same packages"), "{text}");
}

#[test]
fn another_minor_version_does_not_see_the_old_packages() {
    let Some(world) = World::new() else { return };
    let (folder, path) = old_env(&world, "home = @\nversion = 3.5.1\n");
    let warnings = || {
        let (_, json) = say_here(&world, &path, &["--json"], &[]);
        let json: Value = serde_json::from_str(&json).unwrap();
        json["warnings"].clone()
    };
    let said = warnings()[0].as_str().unwrap().to_owned();
    let packages = folder.join("lib/python3.5/site-packages");
    let start = format!("packages in {} (1) are not seen by", packages.display());
    assert!(said.starts_with(&start), "{said}");
    // The command makes the environment again. It deletes the links to Python, and no script of a package.
    let command = said.split('`').nth(1).unwrap();
    python::has(command, " -m venv ");
    let scripts =
        ["python-argcomplete", "python3-config", "pythonz"].map(|it| folder.join("bin").join(it));
    for script in &scripts {
        fs::write(script, "#!/bin/sh\n").unwrap();
    }
    let again = warnings()[0].as_str().unwrap().to_owned();
    assert_eq!(again.split('`').nth(1), Some(command));
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", command]).env("PATH", "/usr/bin:/bin");
    assert_eq!(run(shell).status.code(), Some(0), "{command}");
    let own = folder.join(world.interpreter.lib()).join("site-packages");
    fs::create_dir_all(own.join("pip")).unwrap();
    let said = warnings()[0].as_str().unwrap().to_owned();
    assert!(said.ends_with(": install them again"), "{said}");
    fs::create_dir(own.join("neo-1.1.dist-info")).unwrap();
    assert_eq!(warnings().to_string(), "[]");
    assert!(packages.join("neo-1.0.dist-info").exists());
    assert!(scripts.iter().all(|it| it.exists()));
}

#[test]
fn a_pth_file_that_breaks_python_is_renamed() {
    let Some(world) = World::new() else { return };
    // `._pth` files count from 3.11 on.
    if world.interpreter.minor.starts_with("3.1") && !world.interpreter.minor.ends_with("10") {
        check_repair(
            |env| fs::write(env.join("bin/python3._pth"), "/nowhere\n").unwrap(),
            &[],
            "mv /home/neo/matrix_env/bin/python3._pth /home/neo/matrix_env/bin/python3._pth.off",
        );
    }
}

#[test]
fn only_a_dead_link_outside_an_environment_is_removed() {
    let Some(world) = World::new() else { return };
    fs::create_dir(world.root().join("bin")).unwrap();
    symlink("/nowhere/python3", world.root().join("bin/python3")).unwrap();
    let json = json(
        &world,
        Path::new("/none"),
        &["--python", "bin/python3"],
        &[],
    );
    assert_eq!(json["problem"]["repair"], "rm /home/neo/bin/python3");
    assert_eq!(json["environment"], Value::Null);
}

#[test]
fn no_python_is_an_answer_and_not_an_error() {
    let Some(world) = World::new() else { return };
    let (code, stdout) = say(&world, Path::new("/none"), &[], &[]);
    assert_eq!(code, 0);
    python::has(&stdout, "Current Python: None found");
    let json = json(&world, Path::new("/none"), &[], &[]);
    assert_eq!(json["status"], "no-python");
    assert_eq!(json["environment"], Value::Null);
}

#[test]
fn an_environment_whose_python_is_a_dead_link_is_broken() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    fs::remove_file(folder.join("bin/python3")).unwrap();
    symlink("/nowhere/python3", folder.join("bin/python3")).unwrap();
    let json = json(&world, &world.global(), &["--python", "matrix_env"], &[]);
    assert_eq!(json["status"], "broken");
    assert_eq!(json["problem"]["path"], "matrix_env/bin/python3");
    assert_eq!(json["environment"]["name"], "matrix_env");
}

#[test]
fn a_pipe_is_no_regular_file() {
    let Some(world) = World::new() else { return };
    let mut command = world.construct(&world.global());
    command.args(["--json", "--python", "/dev/stdin"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let what = "/dev/stdin cannot be started: not a regular file";
    assert_eq!(json["problem"]["what"], what);
}

#[test]
fn an_environment_made_on_windows_is_described_but_its_status_is_unknown() {
    let Some(world) = World::new() else { return };
    let folder = world.root().join("winenv");
    fs::create_dir_all(folder.join("Scripts")).unwrap();
    fs::write(folder.join("Scripts/python.exe"), b"MZ\x90\0").unwrap();
    let cfg = "home = C:\\Python312\r\ninclude-system-site-packages = false\r\nuv = 0.5\r\n";
    fs::write(folder.join("pyvenv.cfg"), cfg).unwrap();
    for name in ["winenv", "./winenv", "winenv/Scripts/python.exe"] {
        let json = json(&world, &world.global(), &["--python", name], &[]);
        assert_eq!(json["status"], "unknown");
        assert_eq!(json["isolated"], Value::Null);
        assert_eq!(json["environment"]["kind"], "uv");
        assert_eq!(json["environment"]["system_site_packages"], false);
        let what = json["problem"]["what"].as_str().unwrap();
        python::has(what, "a Windows program");
    }
    // What is known stands beside it, so not all is unknown.
    let (_, text) = say(&world, &world.global(), &["--python", "winenv"], &[]);
    python::has(
        &text,
        "\nWARNING: Whether it is isolated is not known without running it!\n",
    );
}

#[test]
fn a_folder_that_may_be_written_is_not_called_a_place_where_pip_installs() {
    let Some(world) = World::new() else { return };
    for path in [world.global(), world.matrix_env().join("bin")] {
        let (_, text) = say(&world, &path, &[], &[]);
        let line = text
            .lines()
            .find(|it| it.starts_with("  writable "))
            .unwrap();
        python::has(line, "you may ");
        python::has(line, "write into its first folder of packages");
        assert!(!line.contains("install"), "{line}");
    }
}

#[test]
fn the_answer_names_a_folder_without_a_python() {
    let Some(world) = World::new() else { return };
    let what = |name: &str, expected: i32| {
        let (code, json) = say(&world, &world.global(), &["--json", "--python", name], &[]);
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!((code, &json["status"]), (expected, &"no-python".into()));
        assert_eq!(json["problem"]["path"], name);
        json["problem"]["what"].as_str().unwrap().to_owned()
    };
    let folder = world.matrix_env();
    fs::remove_file(folder.join("bin/python3")).unwrap();
    let pythons = "bin/python3 or bin/python or Scripts/python.exe";
    assert_eq!(
        what("./matrix_env", 0),
        format!("there is no {pythons} in ./matrix_env")
    );
    assert_eq!(what("./", 2), format!("there is no {pythons} in ./"));
}

#[test]
fn a_python_that_does_not_exist_ends_with_exit_code_2() {
    let Some(world) = World::new() else { return };
    let spelling = "check the spelling";
    for (name, advice) in [
        ("/nonexistent", spelling),
        ("nonexistent", spelling),
        ("python9", "install Python"),
        ("3.99", spelling),
    ] {
        let (code, text) = say(&world, &world.global(), &["--python", name], &[]);
        assert_eq!(code, 2, "{name}");
        python::has(&text, &format!("What to do: {advice}"));
        let flags = ["--check", "-q", "--python", name];
        assert_eq!(say(&world, &world.global(), &flags, &[]).0, 1, "{name}");
    }
    // If only the environment's python is missing, there is an answer with a repair.
    let folder = world.matrix_env();
    fs::remove_file(folder.join("bin/python3")).unwrap();
    let flags = ["--python", "./matrix_env"];
    let (code, text) = say(&world, &world.global(), &flags, &[]);
    assert_eq!(code, 0);
    python::has(&text, "To mend it, run:");
}

#[test]
fn every_heading_has_lines_below_it() {
    let Some(world) = World::new() else { return };
    let inside = world.matrix_env();
    for name in ["nosuch", "3.99", "/nonexistent", inside.to_str().unwrap()] {
        let (_, text) = say(&world, &world.global(), &["--python", name], &[]);
        let lines: Vec<&str> = text.lines().collect();
        let headings = lines.iter().enumerate().filter(|(_, line)| {
            let is_subject_s = line.starts_with("Package installation path");
            line.ends_with(':') && !line.starts_with(' ') && !is_subject_s
        });
        let mut count = 0;
        for (at, heading) in headings {
            let below = lines.get(at + 1).copied().unwrap_or_default();
            assert!(
                below.starts_with("  "),
                "nothing is below {heading}\n{text}"
            );
            count += 1;
        }
        assert!(count > 0, "{text}");
    }
}

/// Compares the verdict about `VIRTUAL_ENV`.
#[track_caller]
fn check_claim(world: &World, path: &Path, value: &str, expected: &str) {
    let json = json(world, path, &[], &[("VIRTUAL_ENV", value)]);
    let claim = json["claims"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["name"] == "VIRTUAL_ENV");
    assert_eq!(
        claim.map_or("none", |it| it["verdict"].as_str().unwrap()),
        expected,
        "{json}"
    );
}

#[test]
fn virtual_env_is_a_claim_and_not_a_proof() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    let other = world.env("other_env", "home = @\n");
    fs::create_dir(world.root().join("plain")).unwrap();
    let (inside, outside) = (folder.join("bin"), world.global());
    let name = |path: &Path| path.to_str().unwrap().to_owned();
    check_claim(&world, &inside, &name(&folder), "agrees");
    check_claim(&world, &inside, &(name(&folder) + "/"), "agrees");
    check_claim(&world, &inside, "", "not activated");
    check_claim(
        &world,
        &inside,
        &name(&other),
        "another environment is in force",
    );
    check_claim(&world, &outside, &name(&folder), "not activated");
    check_claim(&world, &outside, "/nowhere", "stale");
    check_claim(
        &world,
        &outside,
        &name(&world.root().join("plain")),
        "stale",
    );
    check_claim(&world, &outside, "", "none");
}

#[test]
fn an_environment_that_works_on_windows_is_not_made_again() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    let hint = || {
        let variables = [("VIRTUAL_ENV", folder.to_str().unwrap())];
        let json = json(&world, &world.global(), &[], &variables);
        assert_eq!(json["claims"][0]["verdict"], "stale");
        json["claims"][0]["hint"].as_str().unwrap().to_owned()
    };
    fs::remove_file(folder.join("bin/python3")).unwrap();
    let python = format!("{}/python3", world.interpreter.folder());
    // Without the module ensurepip the command has the option --without-pip too.
    let hinted = hint();
    assert!(
        hinted.starts_with(&format!("{python} -m venv ")),
        "{hinted}"
    );
    assert!(hinted.ends_with(" /home/neo/matrix_env"), "{hinted}");
    fs::create_dir(folder.join("Scripts")).unwrap();
    fs::write(folder.join("Scripts/python.exe"), "MZ").unwrap();
    assert_eq!(hint(), "unset VIRTUAL_ENV");
}

#[test]
fn conda_prefix_is_a_claim_with_other_hints() {
    let Some(world) = World::new() else { return };
    let (inside, outside) = (world.matrix_env().join("bin"), world.global());
    let check = |path: &Path, value: &str, expected: &str, hint: &str| {
        let value = world.root().join(value).display().to_string();
        let json = json(&world, path, &[], &[("CONDA_PREFIX", &value)]);
        let claims = json["claims"].as_array().unwrap();
        let claim = claims.iter().find(|it| it["name"] == "CONDA_PREFIX");
        let claim = claim.unwrap();
        assert_eq!(
            (&claim["verdict"], &claim["hint"]),
            (&expected.into(), &hint.into())
        );
    };
    fs::create_dir_all(world.root().join("conda/conda-meta")).unwrap();
    check(&outside, "none", "stale", "conda deactivate");
    check(&outside, "matrix_env", "stale", "conda deactivate");
    check(&outside, "conda", "not activated", "conda install python");
    world.env("conda", "");
    check(
        &outside,
        "conda",
        "not activated",
        "conda activate /home/neo/conda",
    );
    check(
        &inside,
        "conda",
        "another environment is in force",
        "conda activate /home/neo/conda",
    );
}

#[test]
fn a_false_variable_never_makes_an_environment() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    for value in ["/nowhere", "", folder.to_str().unwrap()] {
        let (code, stdout) = say(
            &world,
            &world.global(),
            &["--check"],
            &[("VIRTUAL_ENV", value)],
        );
        assert_eq!(code, 1);
        assert!(
            !stdout.contains("Welcome") && !stdout.contains("SUCCESS"),
            "{stdout}"
        );
    }
}

#[test]
fn a_wrong_flag_is_an_error_with_a_hint() {
    let Some(world) = World::new() else { return };
    for (flags, expected) in [
        (
            ["--chekc"].as_slice(),
            "error: unexpected argument '--chekc' found",
        ),
        (
            &["--python", ""],
            "error: the value of '--python <NAME|PATH>' is empty",
        ),
        (
            &["--python"],
            "error: a value is required for '--python <NAME|PATH>'",
        ),
        (&["more"], "error: unexpected argument 'more' found"),
    ] {
        let mut command = world.construct(&world.global());
        command.args(flags);
        let (code, stdout, stderr) = parts(&run(command));
        assert_eq!((code, stdout.as_str()), (2, ""));
        assert!(stderr.starts_with(expected), "{stderr}");
        python::has(&stderr, "hint: ");
    }
}

#[test]
fn help_has_an_example_and_version_is_one_line() {
    let Some(world) = World::new() else { return };
    let (code, help) = say(&world, &world.global(), &["--help"], &[]);
    assert_eq!(code, 0);
    for word in [
        "--python",
        "--verify",
        "--check",
        "--json",
        "--quiet",
        "--color",
        "Example:",
        "Exit codes:",
    ] {
        assert!(
            help.contains(word),
            "the help does not contain {word}: {help}"
        );
    }
    assert_eq!(
        say(&world, &world.global(), &["--version"], &[]),
        (0, "construct 0.1.0\n".to_owned())
    );
}

#[test]
fn colour_is_only_for_terminals_or_if_it_is_asked_for() {
    let Some(world) = World::new() else { return };
    let path = world.global();
    let escape = '\u{1b}';
    assert!(!say(&world, &path, &[], &[]).1.contains(escape));
    assert!(
        say(&world, &path, &["--color", "always"], &[])
            .1
            .contains(escape)
    );
    assert!(
        say(&world, &path, &[], &[("CLICOLOR_FORCE", "1")])
            .1
            .contains(escape)
    );
    assert!(
        !say(
            &world,
            &path,
            &["--color", "never"],
            &[("CLICOLOR_FORCE", "1")]
        )
        .1
        .contains(escape)
    );
    // Any value but 0 forces it: bixense.com/clicolors.
    for (name, value) in [("CLICOLOR_FORCE", "0"), ("CLICOLOR_FORCE", "")] {
        let (_, text) = say(&world, &path, &[], &[(name, value)]);
        assert!(!text.contains(escape), "{name}={value}");
    }
    let mut wrong = world.construct(&path);
    wrong.arg("--chekc").env("CLICOLOR_FORCE", "0");
    assert!(!parts(&run(wrong)).2.contains(escape));
    assert!(
        !say(&world, &path, &["--json", "--color", "always"], &[])
            .1
            .contains(escape)
    );
}

#[test]
fn a_closed_pipe_is_success() {
    let Some(world) = World::new() else { return };
    let mut command = Command::new("/bin/sh");
    command
        .env_clear()
        .env("PATH", world.global())
        .env("CONSTRUCT", env!("CARGO_BIN_EXE_construct"));
    command.args(["-c", "{ \"$CONSTRUCT\"; echo $? >&2; } | :"]);
    let (_, _, stderr) = parts(&run(command));
    assert_eq!(stderr, "0\n");
}

#[test]
fn control_characters_from_outside_are_escaped() {
    let Some(world) = World::new() else { return };
    let folder = world.env(
        "evil\u{1b}[31m\nenv",
        "home = @\nprompt = a\u{1b}]0;x\u{7}b\n",
    );
    let (_, stdout) = say(
        &world,
        &folder.join("bin"),
        &[],
        &[("CI", "true"), ("RUSTUP_TOOLCHAIN", "\u{1b}[1m")],
    );
    assert!(!stdout.contains(['\u{1b}', '\u{7}']), "{stdout:?}");
    python::has(&stdout, "Virtual Environment: a\\u{1b}]0;x\\u{7}b\n");
}

#[test]
fn the_program_works_without_variables() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_construct"));
    command
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::null())
        .arg("--json");
    let (code, stdout, stderr) = parts(&run(command));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let json: Value = serde_json::from_str(&stdout).unwrap();
    assert!(json["status"].is_string());
}

#[test]
fn the_program_works_in_a_deleted_folder() {
    let Some(world) = World::new() else { return };
    let mut command = Command::new("/bin/sh");
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("CONSTRUCT", env!("CARGO_BIN_EXE_construct"))
        .current_dir(world.folder.path());
    command.args([
        "-c",
        "mkdir gone && cd gone && rmdir ../gone && \"$CONSTRUCT\" --json",
    ]);
    let (code, stdout, _) = parts(&run(command));
    assert_eq!(code, 0);
    assert!(serde_json::from_str::<Value>(&stdout).unwrap()["status"].is_string());
}

#[test]
fn hostile_variables_do_not_hang_the_program() {
    let Some(world) = World::new() else { return };
    let long = vec!["/nowhere"; 12_000].join(":");
    for (name, value) in [
        ("PATH", long.as_str()),
        ("PYTHONHOME", &long[..90_000]),
        ("VIRTUAL_ENV", "/dev/zero"),
        ("HOME", "/dev/zero"),
        ("RUSTUP_HOME", "/proc/self/fd"),
    ] {
        let mut command = world.construct(&world.global());
        command.env(name, value).arg("--json");
        assert_eq!(run(command).status.code(), Some(0), "{name}");
    }
}

#[test]
fn a_program_that_only_starts_python_is_unknown() {
    let Some(world) = World::new() else { return };
    // This test program is not a Python, but it contains this text, like a program that starts a Python.
    std::hint::black_box("\u{0}/usr/bin/python3.9\u{0}");
    let folder = world.root().join("wrapper");
    fs::create_dir(&folder).unwrap();
    fs::copy(std::env::current_exe().unwrap(), folder.join("python3")).unwrap();
    let json = json(&world, &folder, &[], &[]);
    assert_eq!(json["status"], "unknown");
    assert_eq!(
        [
            &json["executable"],
            &json["version"],
            &json["prefix"],
            &json["isolated"]
        ],
        [&Value::Null; 4]
    );
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report");
    fs::write(&file, "").unwrap();
    let read_only = fs::File::open(&file).unwrap();
    let full = fs::File::options().write(true).open("/dev/full").ok();
    // The hint fits the cause.
    let full = full.map(|it| (it, "hint: free some space"));
    let outputs = [Some((read_only, "hint: send the output elsewhere")), full];
    for (stdout, hint) in outputs.into_iter().flatten() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_construct"));
        let output = command.arg("--json").stdout(stdout).output().unwrap();
        let (code, _, stderr) = parts(&output);
        assert_eq!(code, 2, "{stderr}");
        python::has(&stderr, "failed to write to stdout: ");
        python::has(&stderr, hint);
    }
}

#[test]
fn verify_asks_python_and_python_agrees() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    let (code, stdout) = say(&world, &folder.join("bin"), &["--verify"], &[]);
    assert_eq!(code, 0, "{stdout}");
    assert!(
        stdout.contains("[OK] base_prefix") && stdout.contains("Python says the same"),
        "{stdout}"
    );
}

/// Starts a program that inherits no interest in its children, as some daemons do.
const UNWATCHED: &str = "
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])";

#[test]
fn verify_asks_where_the_system_keeps_no_status_of_a_child() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    let agrees = || {
        let mut command = Command::new(&world.interpreter.file);
        command
            .env_clear()
            .stdin(Stdio::null())
            .args(["-c", UNWATCHED]);
        command.arg(env!("CARGO_BIN_EXE_construct"));
        command.args(["--verify", "--python"]).arg(&folder);
        let (code, stdout, _) = parts(&run(command));
        (code, stdout.replace("\n  ", " "))
    };
    let (code, stdout) = agrees();
    assert_eq!(code, 0, "{stdout}");
    python::has(&stdout, "Python says the same");
    fs::write(folder.join("pyvenv.cfg"), b"home = /usr/bin\n\xff\n").unwrap();
    let (code, stdout) = agrees();
    assert_eq!(code, 0, "{stdout}");
    let why = "as predicted: it ended, and the system did not keep its status";
    python::has(&stdout, why);
}

#[test]
fn verify_runs_no_code_from_the_environment() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    let packages = folder.join(world.interpreter.lib()).join("site-packages");
    fs::create_dir_all(&packages).unwrap();
    let canary = world.root().join("canary");
    let sing = format!("import pathlib; pathlib.Path({canary:?}).touch()\n");
    fs::write(packages.join("x.pth"), &sing).unwrap();
    fs::write(packages.join("sitecustomize.py"), &sing).unwrap();
    fs::write(world.root().join("site.py"), &sing).unwrap();
    let (code, stdout) = say(
        &world,
        &folder.join("bin"),
        &["--verify", "-q"],
        &[("PYTHONPATH", packages.to_str().unwrap())],
    );
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(!canary.exists());
}

/// The module site as it is since Python 3.15: a `StartupState` collects folders and processes the files in them.
const SITE_SINCE_3_15: &str = r#"
import sys, types
site = types.ModuleType("site")
exec("""
class StartupState:
    def __init__(self, known_paths): pass
    def addsitedir(self, folder): print("reads .pth files")
    def addsitepackages(self, prefixes=None): self.addsitedir("")
    def process(self): print("runs them")
def venv(known_paths):
    state = StartupState(known_paths)
    state.addsitepackages()
    state.process()
def getsitepackages(): return []
""", site.__dict__)
sys.modules["site"] = site
"#;

#[test]
fn the_question_runs_no_pth_file_since_3_15_either() {
    let Some(world) = World::new() else { return };
    let question = include_str!("../src/verify/question.py");
    let mut command = Command::new(&world.interpreter.file);
    let code = format!("{SITE_SINCE_3_15}\n{question}");
    command.args(["-I", "-S", "-c", &code]).env_clear();
    let (code, stdout, stderr) = parts(&run(command));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with("{\"executable\": "), "{stdout}");
}

#[test]
fn verify_starts_no_program_that_it_does_not_know() {
    let Some(world) = World::new() else { return };
    let folder = world.root().join("fake");
    let canary = world.root().join("canary");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("python3"),
        format!("#!/bin/sh\n: > '{}'\n", canary.display()),
    )
    .unwrap();
    fs::set_permissions(folder.join("python3"), fs::Permissions::from_mode(0o755)).unwrap();
    let (code, stdout) = say(&world, &folder, &["--verify"], &[]);
    assert_eq!(code, 2);
    python::has(&stdout, "not asked: it is not known what this file starts");
    assert!(!canary.exists());
}

#[test]
fn verify_confirms_that_a_broken_python_does_not_start() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    fs::write(folder.join("pyvenv.cfg"), b"home = /usr/bin\n\xff\n").unwrap();
    let (code, stdout) = say(&world, &folder.join("bin"), &["--verify"], &[]);
    assert_eq!(code, 0, "{stdout}");
    python::has(&stdout, "Python does not start, as predicted");
}

#[cfg(target_os = "linux")]
#[test]
fn deactivate_is_offered_where_it_works() {
    let Some(base) = python::cpython_since(11) else {
        return;
    };
    let folder = python::folder();
    let run = |script: &str| {
        let mut command = Command::new("bash");
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", folder.path())
            .env("B", &base.file)
            .env("D", folder.path().canonicalize().unwrap())
            .env("C", env!("CARGO_BIN_EXE_construct"))
            .args(["-c", &format!("{script}\n:")])
            .current_dir(folder.path())
            .stdin(Stdio::null());
        let output = python::within(command, python::PATIENCE).expect("it must not hang");
        String::from_utf8(output.stdout).unwrap()
    };
    run("\"$B\" -m venv --without-pip env");
    let leaves = |script: &str| {
        let text = run(script);
        assert!(text.contains("SUCCESS: "), "{script}: {text}");
        let next = text.split("\nNext:").nth(1).unwrap_or_default();
        let line = next
            .lines()
            .find(|it| it.trim_start().starts_with("leave "));
        line.map(|it| {
            it.trim_start()
                .trim_start_matches("leave")
                .trim()
                .to_owned()
        })
    };
    let works = Some("deactivate".to_owned());
    let perhaps = Some("deactivate, if activate ran in this shell".to_owned());
    let by_hand = "export VIRTUAL_ENV=$D/env PATH=$D/env/bin:$PATH";
    assert_eq!(leaves(". env/bin/activate; \"$C\""), works);
    assert_eq!(leaves(". env/bin/activate; env \"$C\""), works);
    // Another shell, or another program that only sets the variables.
    assert_eq!(leaves(". env/bin/activate; bash -c '\"$C\"; :'"), perhaps);
    assert_eq!(leaves(". env/bin/activate; DIRENV_DIR=-/x \"$C\""), perhaps);
    assert_eq!(leaves(&format!("{by_hand}; \"$C\"")), None);
    assert_eq!(leaves(&format!("{by_hand}; bash -c '\"$C\"; :'")), None);
    // This script exports no more than the other program does.
    run("sed -i 's/VIRTUAL_ENV_PROMPT/OTHER/g' env/bin/activate");
    assert_eq!(leaves(&format!("{by_hand}; \"$C\"")), perhaps);
}

#[cfg(target_os = "linux")]
#[test]
fn an_environment_is_offered_where_it_can_be_made() {
    let Some(base) = python::cpython_since(11) else {
        return;
    };
    let folder = python::folder();
    let at = |name: &str| folder.path().canonicalize().unwrap().join(name);
    for name in ["free", "taken", "a:b", "locked"] {
        fs::create_dir(at(name)).unwrap();
    }
    fs::write(at("taken/matrix_env"), "").unwrap();
    fs::set_permissions(at("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    let run = |program: &str, arguments: &[&str], place: &str| {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", base.folder())
            .env("HOME", folder.path())
            .args(arguments)
            .current_dir(at(place))
            .stdin(Stdio::null());
        python::within(command, python::PATIENCE).expect("it must not hang")
    };
    for place in ["free", "taken", "a:b", "locked"] {
        let output = run(env!("CARGO_BIN_EXE_construct"), &[], place);
        let text = String::from_utf8(output.stdout).unwrap();
        let next = text.split("\nNext:").nth(1).unwrap();
        let made = run(
            &base.file,
            &["-m", "venv", "--without-pip", "matrix_env"],
            place,
        );
        let is_offered = next.contains("  create  ");
        assert_eq!(is_offered, made.status.success(), "{place}: {next}");
        assert_eq!(
            !is_offered,
            next.contains("go to another folder: "),
            "{next}"
        );
    }
    fs::set_permissions(at("locked"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn verify_heeds_a_variable_by_which_python_needs_its_whole_library() {
    let Some(mut world) = World::new() else {
        return;
    };
    let Some(newer) = python::cpython_since(13) else {
        return;
    };
    world.interpreter = newer;
    let root = world.root();
    let lib = root.join("base").join(world.interpreter.lib());
    fs::create_dir_all(&lib).unwrap();
    fs::create_dir_all(root.join("base/bin")).unwrap();
    python::copy_program(&world.interpreter.file, root.join("base/bin/python3"));
    for entry in fs::read_dir(&world.interpreter.stdlib).unwrap() {
        let entry = entry.unwrap();
        symlink(entry.path(), lib.join(entry.file_name())).unwrap();
    }
    let ask = |value: &str| {
        let flags = ["--verify", "--json", "--python", "base/bin/python3"];
        let variables = [("PYTHON_FROZEN_MODULES", value)];
        let (code, json) = say_here(&world, Path::new("/none"), &flags, &variables);
        let json: Value = serde_json::from_str(&json).unwrap();
        (code, json["status"].as_str().unwrap().to_owned())
    };
    assert_eq!(ask("off"), (0, "global".to_owned()));
    fs::remove_file(lib.join("genericpath.py")).unwrap();
    assert_eq!(ask("on"), (0, "global".to_owned()));
    assert_eq!(ask("off"), (0, "broken".to_owned()));
}

#[test]
fn verify_does_not_contradict_what_it_leaves_out() {
    let Some(world) = World::new() else { return };
    let folder = world.matrix_env();
    let packages = folder.join(world.interpreter.lib()).join("site-packages");
    fs::create_dir_all(&packages).unwrap();
    let bad = packages.join("a.pth");
    let ask = |expected: (i32, &str)| {
        let flags = ["--verify", "--json"];
        let (code, json) = say_here(&world, &folder.join("bin"), &flags, &[]);
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!((code, json["status"].as_str().unwrap()), expected);
        let outcome = json["verification"]["outcome"].as_str().unwrap();
        assert_eq!(outcome.starts_with("not asked"), code == 2, "{outcome}");
    };
    fs::write(&bad, "/caf\u{e9}\n").unwrap();
    ask((0, "isolated"));
    fs::write(&bad, b"/caf\xe9\n").unwrap();
    ask((2, "broken"));
    fs::remove_file(&bad).unwrap();
    let made = Command::new("mkfifo").arg(&bad).status().unwrap();
    assert!(made.success());
    ask((2, "broken"));
}
