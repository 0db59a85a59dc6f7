//! The differential test of packages: who may install them, what makes an environment with pip, what runs at the start, what is visible.
//!
//! The kernel and Python are the judge.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the other differential test uses the rest")]
mod python;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

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

/// What ensurepip has: the files that are not of the package itself. A name that ends in a star is completed.
const WHEELS: &[(&str, Option<&[&str]>)] = &[
    ("no folder", None),
    ("nothing", Some(&[])),
    ("only pip", Some(&["pip-*"])),
    ("only setuptools", Some(&["setuptools-*"])),
    ("both", Some(&["pip-*", "setuptools-*"])),
];

#[test]
fn python_agrees_about_the_wheels_of_ensurepip() {
    python::agree(WHEELS, &two(), |wheels, case| {
        let lib = case.interpreter.lib();
        let own = Path::new(&case.interpreter.stdlib).join("ensurepip");
        // Where a distribution has the wheels elsewhere, one row is enough.
        if !own.is_dir() || (wheels.is_some() && !own.join("_bundled").is_dir()) {
            return Vec::new();
        }
        case.moved("base", &["lib-dynload", "ensurepip"]);
        let dynload = Path::new(&case.interpreter.stdlib).join("lib-dynload");
        symlink(dynload, case.at(&format!("base/{lib}/lib-dynload"))).unwrap();
        let package = case.at(&format!("base/{lib}/ensurepip"));
        fs::create_dir(&package).unwrap();
        for name in ["__init__.py", "__main__.py"] {
            fs::copy(own.join(name), format!("{package}/{name}")).unwrap();
        }
        if let Some(wheels) = wheels {
            fs::create_dir(format!("{package}/_bundled")).unwrap();
            let all = fs::read_dir(own.join("_bundled")).into_iter().flatten();
            for file in all.map(|it| it.unwrap().path()) {
                let name = file.file_name().unwrap().to_str().unwrap();
                let fits = |it: &&str| name.starts_with(it.trim_end_matches('*'));
                if wheels.iter().any(fits) {
                    symlink(&file, format!("{package}/_bundled/{name}")).unwrap();
                }
            }
        }
        let ours = case.construct_says()["venv"].clone();
        let mut command = Command::new(case.at("base/bin/python3"));
        command
            .args(["-m", "venv"])
            .arg(case.at("made"))
            .env_clear();
        let output = python::within(command, Duration::from_mins(2)).unwrap();
        let works = output.status.success();
        let is_right = (ours == "complete") == works;
        (!is_right)
            .then(|| format!("venv {ours}, but it works: {works}"))
            .into_iter()
            .collect()
    });
}
