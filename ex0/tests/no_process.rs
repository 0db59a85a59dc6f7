//! construct starts no process, writes no file, uses no network and needs few system calls.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the differential test uses the rest")]
mod python;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The system calls of one run in an ordinary environment, one per line; `None` without strace.
fn traced(interpreter: &python::Interpreter, folder: &Path) -> Option<Vec<String>> {
    let Some(strace) = python::which("strace") else {
        python::absent("no strace");
        return None;
    };
    let environment = folder.join("env");
    fs::create_dir_all(environment.join("bin")).unwrap();
    let _ = std::os::unix::fs::symlink(&interpreter.file, environment.join("bin/python3"));
    fs::write(
        environment.join("pyvenv.cfg"),
        format!(
            "home = {}\ninclude-system-site-packages = false\n",
            interpreter.folder()
        ),
    )
    .unwrap();
    let log = folder.join("calls");
    let mut command = Command::new(strace);
    command
        .args(["-f", "-o"])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_construct"));
    command
        .env_clear()
        .env("PATH", environment.join("bin"))
        .env("HOME", folder)
        .env("VIRTUAL_ENV", &environment);
    // Each folder above the current one is asked for a Cargo.lock and a toolchain: `/` has none above it.
    command.current_dir("/").stdin(Stdio::null());
    let output = python::within(command, python::PATIENCE).expect("it must not hang");
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    if stdout.is_empty() && stderr.contains("ptrace") {
        python::absent("strace may not trace");
        return None;
    }
    assert!(stdout.contains("Welcome to the construct"), "{stdout}");
    Some(
        fs::read_to_string(log)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect(),
    )
}

/// The lines with these calls.
fn of<'a>(calls: &'a [String], names: &[&str]) -> Vec<&'a String> {
    let is_one = |line: &&String| {
        names.iter().any(|name| {
            line.split_once(' ')
                .is_some_and(|(_, call)| call.trim_start().starts_with(&format!("{name}(")))
        })
    };
    calls.iter().filter(is_one).collect()
}

#[test]
fn no_process_is_started_no_file_is_written_no_network_is_used() {
    for interpreter in python::interpreters() {
        let folder = tempfile::tempdir().unwrap();
        let Some(calls) = traced(&interpreter, folder.path()) else {
            return;
        };
        assert_eq!(of(&calls, &["execve", "execveat"]).len(), 1, "{calls:#?}");
        for name in [
            "fork", "vfork", "clone", "clone3", "socket", "connect", "unlink", "rename", "mkdir",
        ] {
            assert!(of(&calls, &[name]).is_empty(), "{name}: {calls:#?}");
        }
        for line in of(&calls, &["openat", "open"]) {
            assert!(
                line.contains("O_RDONLY") && !line.contains("O_CREAT"),
                "{line}"
            );
        }
    }
}

#[test]
fn an_ordinary_environment_needs_at_most_150_system_calls() {
    // PyPy is left out: construct must search 60 MB for its version.
    for interpreter in python::interpreters()
        .iter()
        .filter(|it| it.word == "python")
    {
        let folder = tempfile::tempdir().unwrap();
        let Some(calls) = traced(interpreter, folder.path()) else {
            return;
        };
        // Only a debug build calls `fcntl` before it closes a file.
        let counted = calls.len() - of(&calls, &["fcntl"]).len();
        python::note(&format!("{}: {counted} system calls", interpreter.name));
        assert!(
            counted <= 150,
            "{}: {counted}\n{calls:#?}",
            interpreter.name
        );
    }
}
