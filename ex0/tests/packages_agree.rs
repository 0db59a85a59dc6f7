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
use std::time::{Duration, Instant};

use python::{Case, Folder, Interpreter};

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
    if !python::may_be_another_user() {
        return;
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
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg("mkdir").arg(format!("{folder}/neo"));
        let may = command.stderr(Stdio::null()).status().unwrap().success();
        (ours != may)
            .then(|| format!("writable {ours}, the kernel says {may}"))
            .into_iter()
            .collect()
    });
}

/// What Python prints for a program; the first Python on the case's PATH.
fn print(case: &Case, program: &str) -> String {
    let mut command = case.command("/bin/sh".as_ref());
    command.args(["-c", "exec python3 -c \"$0\"", program]);
    let output = python::within(command, Duration::from_secs(20)).unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Writes a file and the folders above it. A name that ends in `.pyc` becomes bytecode.
fn write(case: &Case, file: &str, text: &str) {
    let file = Path::new(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    // A link may lead to a file of the system.
    let _ = fs::remove_file(file);
    if file.extension().is_none_or(|it| it != "pyc") {
        return fs::write(file, text).unwrap();
    }
    let source = case.at("source.py");
    fs::write(&source, text).unwrap();
    let mut command = Command::new(&case.interpreter.file);
    let compile =
        "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], doraise=True)";
    command.args(["-c", compile, &source]).arg(file);
    assert!(command.status().unwrap().success());
}

/// The code that a test can see. A `.pth` file may have it as a line.
const CODE: &str = "import sys; sys.neo = 1";

/// Files and their texts. In a name `@` is the environment's folder of packages, `~` that of the user, `%` the case's folder. In a text `!` is
/// [`CODE`].
const CUSTOM: &[(&str, &[(&str, &str)])] = &[
    ("nothing", &[]),
    ("sitecustomize.py", &[("@/sitecustomize.py", "!")]),
    ("a package", &[("@/sitecustomize/__init__.py", "!")]),
    ("bytecode", &[("@/sitecustomize.pyc", "!")]),
    (
        "a package of bytecode",
        &[("@/sitecustomize/__init__.pyc", "!")],
    ),
    (
        "a folder that is no package",
        &[("@/sitecustomize/neo.py", "!")],
    ),
    (
        "only cached bytecode",
        &[("@/__pycache__/sitecustomize.pyc", "!")],
    ),
    (
        "a package in PYTHONPATH",
        &[("%/mine/sitecustomize/__init__.py", "!")],
    ),
    (
        "bytecode in PYTHONPATH",
        &[("%/mine/sitecustomize.pyc", "!")],
    ),
    (
        "the user's, although it is off",
        &[("~/usercustomize.py", "!")],
    ),
    (
        "a folder of a .pth file",
        &[("%/x/sitecustomize.py", "!"), ("@/a.pth", "%/x\n")],
    ),
    (
        "a relative folder of a .pth file, with a package",
        &[
            ("@/x/sitecustomize/__init__.py", "!"),
            ("@/a.pth", "# x\n\nx \r\n"),
        ],
    ),
    (
        "a folder in a comment",
        &[("%/x/sitecustomize.py", "!"), ("@/a.pth", "#%/x\n")],
    ),
    ("a line of code", &[("@/a.pth", "!\n")]),
    (
        "a line of code after a tab",
        &[("@/a.pth", "import\tsys; sys.neo = 1")],
    ),
    (
        "a line of code after others",
        &[("@/a.pth", "# a\r\n/nowhere\r\n!\r\n")],
    ),
    ("a line of code after a blank", &[("@/a.pth", " !\n")]),
    ("a line of code in a comment", &[("@/a.pth", "#!\n")]),
    ("a line of code in another file", &[("@/a.txt", "!\n")]),
    (
        "a line that is not virtualenv's",
        &[("@/_virtualenv.pth", "!\n")],
    ),
    (
        "a line of virtualenv's",
        &[
            ("@/_virtualenv.pth", "import _virtualenv"),
            ("@/_virtualenv.py", ""),
        ],
    ),
    (
        "a line of setuptools'",
        &[(
            "@/distutils-precedence.pth",
            "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack').add_shim(); \n",
        )],
    ),
    (
        "a name space's line",
        &[(
            "@/neo-nspkg.pth",
            "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('neo',));ie = os.path.exists(os.path.join(p,'__init__.py'));m = not ie and sys.modules.setdefault('neo', types.ModuleType('neo'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)\n",
        )],
    ),
    (
        "a line of setuptools' with more behind it",
        &[(
            "@/distutils-precedence.pth",
            "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; !\n",
        )],
    ),
    (
        "a name space's line with more behind it",
        &[("@/neo-nspkg.pth", "import sys, types, os; !\n")],
    ),
    (
        "a line of a package that is edited, with more behind it",
        &[
            ("@/__editable__.neo.pth", "import __editable___neo; !\n"),
            ("@/__editable___neo.py", ""),
        ],
    ),
    (
        "a line of a package that is edited",
        &[
            ("@/__editable__.neo.pth", "import __editable___neo"),
            ("@/__editable___neo.py", ""),
        ],
    ),
];

/// Writes the files of a row.
fn fill(files: &[(&str, &str)], case: &mut Case) {
    let user = case.at(&format!(".local/{}/site-packages", case.interpreter.lib()));
    let (packages, folder) = (packages(case), case.at("").trim_end_matches('/').to_owned());
    for (name, text) in files {
        let name = name.replace('@', &packages).replace('~', &user);
        let text = text.replace('!', CODE).replace('%', &folder);
        write(case, &name.replace('%', &folder), &text);
    }
    case.set("PYTHONPATH", &format!("{folder}/mine"));
}

/// Files that not every version reads in the same way.
const BY_VERSION: &[(&str, &[(&str, &str)])] = &[
    ("a hidden file", &[("@/.a.pth", "!\n")]),
    ("a line after an old Mac's end", &[("@/a.pth", "x\r!\n")]),
    (
        "a line after a mark of the byte order",
        &[("@/a.pth", "\u{feff}!\n")],
    ),
    ("a line after a form feed", &[("@/a.pth", "x\x0c!\n")]),
    (
        "a line after a separator of ASCII",
        &[("@/a.pth", "x\x1c!\n")],
    ),
    ("a line after a next line", &[("@/a.pth", "x\u{85}!\n")]),
    (
        "a line after a line separator",
        &[("@/a.pth", "x\u{2028}!\n")],
    ),
    (
        "a folder between an old Mac's ends",
        &[("%/x/sitecustomize.py", "!"), ("@/a.pth", "y\r%/x\ry")],
    ),
    (
        "a folder before blanks",
        &[
            ("%/x/sitecustomize.py", "!"),
            ("@/a.pth", "%/x\x0b\u{a0}\n"),
        ],
    ),
];

#[test]
fn every_python_agrees_about_the_lines_of_a_pth_file() {
    python::agree(BY_VERSION, &python::interpreters(), |files, case| {
        case.env("env", "");
        // Debian's own module would come before one in a folder of packages.
        let is_hidden_by_debian = files.len() > 1 && case.interpreter.prefix == "/usr";
        if is_hidden_by_debian {
            return Vec::new();
        }
        fill(files, case);
        // In the C locale, Python 3.6 would stop at a letter that is not ASCII.
        case.set("LC_ALL", "C.UTF-8");
        complaint(case)
    });
}

/// Compares what is named with what ran.
fn complaint(case: &Case) -> Vec<String> {
    let ran = print(case, "import sys; print(hasattr(sys, 'neo'))") == "True";
    let said = case.construct_says();
    // The installation may run code of its own.
    let folder = case.at("");
    let of_case = |list: &serde_json::Value| -> Vec<String> {
        let all = list.as_array().unwrap().iter();
        let all = all.filter_map(|it| it.as_str()).map(str::to_owned);
        all.filter(|it| it.contains(&folder)).collect()
    };
    let (named, warnings) = (of_case(&said["customizations"]), of_case(&said["warnings"]));
    let warns = warnings.iter().any(|it| it.contains("not checked"));
    let is_right = named.is_empty() != ran && warns == ran;
    let text = format!("it ran: {ran}, named: {named:?}, warnings: {warnings:?}");
    (!is_right).then_some(text).into_iter().collect()
}

#[test]
fn python_agrees_about_what_runs_at_the_start() {
    python::agree(CUSTOM, &two(), |files, case| {
        case.env("env", "");
        fill(files, case);
        complaint(case)
    });
}

/// The same, if the user's packages are visible.
const OF_USER: &[(&str, &[(&str, &str)])] = &[
    ("usercustomize.py", &[("~/usercustomize.py", "!")]),
    ("a package", &[("~/usercustomize/__init__.py", "!")]),
    ("in the environment", &[("@/usercustomize.pyc", "!")]),
    ("a line of code", &[("~/a.pth", "!\n")]),
    (
        "a folder of a .pth file",
        &[("%/x/usercustomize.py", "!"), ("~/a.pth", "%/x\n")],
    ),
];

#[test]
fn python_agrees_about_what_the_user_runs_at_the_start() {
    python::agree(OF_USER, &two(), |files, case| {
        case.env("env", "include-system-site-packages = true\n");
        fill(files, case);
        complaint(case)
    });
}

#[test]
fn python_agrees_about_what_runs_out_of_its_library() {
    let names = [
        "sitecustomize.py",
        "sitecustomize.pyc",
        "sitecustomize/__init__.py",
    ];
    let rows = names.map(|it| (it, it));
    python::agree(&rows, &two(), |name, case| {
        case.moved("base", &[]);
        let library = case.at(&format!("base/{}", case.interpreter.lib()));
        // Debian has a module of its own there.
        let _ = fs::remove_file(format!("{library}/sitecustomize.py"));
        let file = format!("{library}/{name}");
        write(case, &file, CODE);
        complaint(case)
    });
}

#[test]
fn python_agrees_about_a_link_that_looks_like_debians() {
    let mut all = two();
    // Debian's own module comes first.
    all.retain(|it| it.prefix != "/usr");
    let rows = [("in an environment", "env"), ("in the library", "base")];
    python::agree(&rows, &all, |place, case| {
        let lib = case.interpreter.lib();
        let folder = if *place == "env" {
            case.env("env", "");
            packages(case)
        } else {
            case.moved("base", &[]);
            case.at(&format!("base/{lib}"))
        };
        let neo = case.at("neo.py");
        fs::write(&neo, CODE).unwrap();
        let target = format!("/etc/python3.11/../..{neo}");
        symlink(target, format!("{folder}/sitecustomize.py")).unwrap();
        complaint(case)
    });
}

#[test]
fn a_library_that_customizes_is_named() {
    let mut all = two();
    // Debian's own module comes first.
    all.retain(|it| it.prefix != "/usr");
    python::agree(
        &[("so", "so"), ("abi3", "abi3.so")],
        &all,
        |suffix, case| {
            case.env("env", "");
            let file = format!("{}/sitecustomize.{suffix}", packages(case));
            fs::write(&file, "").unwrap();
            let said = case.construct_says()["customizations"].clone();
            let is_right = said == serde_json::json!([file]);
            (!is_right).then(|| said.to_string()).into_iter().collect()
        },
    );
}

/// The text of a `.pth` file, and `PYTHONPATH`. `@` is a global folder of packages, `%` the case's folder.
const REACH: &[(&str, (&str, &str))] = &[
    ("nothing", ("", "")),
    ("a line", ("@\n", "")),
    ("a line with a slash at the end", ("/nowhere\n@/\r\n", "")),
    (
        "a line with dots",
        ("@/../site-packages/../../x/..\n@/.\n", ""),
    ),
    ("a line with a link", ("%/link\n", "")),
    ("a line that is relative", ("../../../../link\n", "")),
    ("a line in a comment", ("# @\n", "")),
    ("a line with a folder in it", ("@/neo\n", "")),
    ("the variable", ("", "@")),
    ("the variable, at the end", ("", "/nowhere:%:@/")),
    ("the variable with a link", ("", "%/link")),
    ("the variable with a folder above", ("", "@/..")),
];

#[test]
fn python_agrees_about_global_packages_that_are_visible_all_the_same() {
    let ask = "import os, sys; real = os.path.realpath; print(real(sys.argv[1]) in [real(it) for it in sys.path])";
    python::agree(REACH, &two(), |(line, variable), case| {
        case.env("env", "");
        let said = case.construct_says();
        let globals = said["global_site_packages"].as_array().unwrap();
        let mut globals = globals.iter().filter_map(|it| it.as_str());
        let Some(global) = globals.find(|it| Path::new(it).is_dir()) else {
            return Vec::new();
        };
        case.link(global, "link");
        let folder = case.at("").trim_end_matches('/').to_owned();
        let spelled = |it: &str| it.replace('@', global).replace('%', &folder);
        fs::write(format!("{}/a.pth", packages(case)), spelled(line)).unwrap();
        case.set("PYTHONPATH", &spelled(variable));
        let is_visible = print(case, &ask.replace("sys.argv[1]", &format!("{global:?}"))) == "True";
        let said = case.construct_says();
        let warnings = said["warnings"].to_string();
        let is_right = warnings.contains("these global packages are visible") == is_visible;
        let text = format!("visible: {is_visible}, warnings: {warnings}");
        (!is_right).then_some(text).into_iter().collect()
    });
}

/// More than is read: many lines, many folders, a file that is too large. `None` means that all is checked.
const LONG: &[(&str, (usize, Option<&str>))] = &[
    ("the same folder often", (500_000, None)),
    ("many folders", (1200, Some("x"))),
    ("a large file", (200_000, Some("folder"))),
];

#[test]
fn a_pth_file_that_is_too_long_is_named_and_costs_little() {
    let one: Vec<Interpreter> = python::cpython_since(6).into_iter().collect();
    python::agree(LONG, &one, |(count, name), case| {
        case.env("env", "");
        let line = |at| name.map_or_else(|| "x\n".to_owned(), |name| format!("{name}{at}\n"));
        let file = format!("{}/a.pth", packages(case));
        fs::write(&file, (0..*count).map(line).collect::<String>()).unwrap();
        let start = Instant::now();
        let said = case.construct_says();
        let took = start.elapsed();
        let warnings = said["warnings"].as_array().unwrap().iter();
        let mut warnings = warnings.filter_map(|it| it.as_str());
        let is_named = warnings.any(|it| it.contains(&file) && it.contains("not checked in full"));
        let is_right = is_named == name.is_some() && took < Duration::from_secs(10);
        let text = format!("{took:?}, {}", said["warnings"]);
        (!is_right).then_some(text).into_iter().collect()
    });
}

#[test]
fn a_zip_file_that_is_often_on_pythonpath_costs_little() {
    let one: Vec<Interpreter> = python::cpython_since(6).into_iter().collect();
    python::agree(&[("often", ())], &one, |(), case| {
        case.env("env", "");
        let zip = case.at("neo.zip");
        let file = fs::File::create(&zip).unwrap();
        file.set_len(60 << 20).unwrap();
        case.set("PYTHONPATH", &format!("{zip}:").repeat(200));
        let start = Instant::now();
        let said = case.construct_says();
        let took = start.elapsed();
        let warnings = said["warnings"].to_string();
        let is_right = warnings.matches(&zip).count() == 1 && took < Duration::from_secs(5);
        let text = format!("{took:?}, {warnings}");
        (!is_right).then_some(text).into_iter().collect()
    });
}

/// Values of the variable that tells pip to ignore the mark of PEP 668, and whether they say yes.
const BREAKS: &[(&str, (&str, bool))] = &[
    ("empty", ("", false)),
    ("zero", ("0", false)),
    ("no", ("no", false)),
    ("one", ("1", true)),
    ("true", ("True", true)),
    ("on", ("on", true)),
];

#[test]
fn a_variable_that_tells_pip_to_install_all_the_same_is_named() {
    let name = "PIP_BREAK_SYSTEM_PACKAGES";
    let one: Vec<Interpreter> = python::cpython_since(6).into_iter().collect();
    python::agree(BREAKS, &one, |(value, says_yes), case| {
        case.moved("base", &["EXTERNALLY-MANAGED"]);
        case.path = case.at("base/bin");
        case.set(name, value);
        let is_named = |case: &Case| case.construct_says()["trace"].to_string().contains(name);
        let mut wrong = Vec::new();
        // Without the mark there is nothing to tell.
        wrong.extend(is_named(case).then(|| "named without the mark".to_owned()));
        let lib = case.interpreter.lib();
        case.write(&format!("base/{lib}/EXTERNALLY-MANAGED"), "");
        wrong.extend((is_named(case) != *says_yes).then(|| format!("named: {}", !says_yes)));
        wrong
    });
}

/// What a case has before a folder: lines of code, and files. As in [`CUSTOM`], `@` and `%` are folders.
type Before = (&'static str, &'static [(&'static str, &'static str)]);

/// Lines of code that do not fail.
const BEFORE: &[(&str, Before)] = &[
    (
        "an edited package",
        (
            "import __editable___neo; __editable___neo.install()\n",
            &[("@/__editable___neo.py", "install = int")],
        ),
    ),
    (
        "modules inside of some Pythons",
        ("import itertools, math, atexit, array\n", &[]),
    ),
    (
        "a module",
        ("import nosuchmod\n", &[("@/nosuchmod.py", "")]),
    ),
    (
        "a package",
        ("import nosuchmod\n", &[("@/nosuchmod/__init__.py", "")]),
    ),
    (
        "a module that is built in",
        ("import sys; sys.neo = len(sys.path)\n", &[]),
    ),
    ("a module of the library", ("import json, time\n", &[])),
    (
        "a module in an added folder",
        ("%/y\nimport morpheus\n", &[("%/y/morpheus.py", "")]),
    ),
];

#[test]
fn python_agrees_about_the_folders_after_a_line_of_code() {
    let all = python::interpreters();
    python::agree(BEFORE, &all, |(lines, files), case| {
        case.env("env", "");
        let text = format!("{lines}%/x\n");
        let both = [
            ("@/__editable__.neo.pth", text.as_str()),
            ("%/x/tank.py", ""),
        ];
        fill(&[&both, *files].concat(), case);
        let is_seen = print(
            case,
            "import sys; print([it for it in sys.path if it.endswith('/x')])",
        ) != "[]";
        let said = case.construct_says();
        let folder = case.at("x");
        let is_added = said["added"].to_string().contains(&folder);
        let text = format!("seen: {is_seen}, added: {is_added}");
        (is_seen != is_added).then_some(text).into_iter().collect()
    });
}
