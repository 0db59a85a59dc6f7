//! The differential test of packages: who may install them, what makes an environment with pip, what runs at the start, what is visible.
//!
//! The kernel and Python are the judge.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the other differential test uses the rest")]
mod python;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use python::{Case, Interpreter};

/// The newest Python with a library of its own, and that of the system.
fn two() -> Vec<Interpreter> {
    let all = python::interpreters();
    let mut found: Vec<Interpreter> = all
        .iter()
        .filter(|it| it.word == "python" && it.prefix == "/usr")
        .cloned()
        .collect();
    let others = all
        .iter()
        .filter(|it| it.word == "python" && it.prefix != "/usr");
    found.extend(others.max_by_key(|it| it.minor_number()).cloned());
    found
}

/// The folder of packages of the environment `env`.
fn packages(case: &Case) -> String {
    case.at(&format!("env/{}/site-packages", case.interpreter.lib()))
}

/// The permissions of the folder of packages; `None` means that a file is in its place.
const PERMISSIONS: &[(&str, Option<u32>)] = &[
    ("all", Some(0o777)),
    ("only to read", Some(0o755)),
    ("to write, but not to search", Some(0o776)),
    ("to search, but not to write", Some(0o775)),
    ("to write and to search, but not to list", Some(0o773)),
    ("only to write", Some(0o772)),
    ("a file is there", None),
];

#[test]
fn the_kernel_agrees_about_who_may_install() {
    let setpriv = Path::new("/usr/bin/setpriv");
    if !setpriv.is_file() || fs::read_dir("/root").is_err() {
        return python::absent("setpriv, or root");
    }
    let mut of_system = two();
    // The others may be in the home of root.
    of_system.retain(|it| it.prefix == "/usr");
    python::agree(PERMISSIONS, &of_system, |permissions, case| {
        case.asked_by(65534);
        case.env("env", "");
        let folder = packages(case);
        let mode = fs::Permissions::from_mode(permissions.unwrap_or(0o777));
        if permissions.is_none() {
            fs::remove_dir(&folder).unwrap();
            fs::write(&folder, "").unwrap();
        }
        fs::set_permissions(&folder, mode).unwrap();
        let ours = case.construct_says()["writable"].clone();
        let mut command = Command::new(setpriv);
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg("mkdir").arg(format!("{folder}/neo"));
        let may = command.stderr(Stdio::null()).status().unwrap().success();
        (ours != may)
            .then(|| format!("writable {ours}, the kernel says {may}"))
            .into_iter()
            .collect()
    });
}
