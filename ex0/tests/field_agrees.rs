//! The differential test of the kinds of faults that users of Python's tools report: which Python starts, and what would it say?
//!
//! Each table has one kind, and each row one case of it, with every interpreter that is found. The fields, the text and the printed commands
//! are all held to what the interpreter does.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the other differential test uses the rest")]
mod python;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use python::{Case, Expect, Interpreter};

/// Runs each row of a table with one interpreter of each set of rules: 3.6, 3.10, the newest, the system's, and PyPy.
#[track_caller]
fn agree<T: Sync>(rows: &[(&str, T)], build: impl Fn(&T, &mut Case) + Sync) {
    let mut all = python::interpreters();
    let newest = all.iter().map(Interpreter::minor_number).max();
    let is_one = |it: &Interpreter| {
        [Some(6), Some(10), newest].contains(&Some(it.minor_number())) || it.prefix == "/usr"
    };
    all.retain(is_one);
    agree_with(rows, &all, build);
}

/// Runs each row of a table with these interpreters.
#[track_caller]
fn agree_with<T: Sync>(
    rows: &[(&str, T)],
    interpreters: &[Interpreter],
    build: impl Fn(&T, &mut Case) + Sync,
) {
    python::agree(rows, interpreters, |row, case| {
        build(row, case);
        case.all_complaints()
    });
}

/// The text of a pyvenv.cfg. `@` means the interpreter's folder.
const CFG: &[(&str, &str)] = &[
    ("two spellings of home", "Home = /nowhere/bin\nhome = @\n"),
    (
        "two spellings of home, the good one first",
        "HOME = @\nhome = /nowhere/bin\n",
    ),
    ("home with two signs", "home == @\n"),
    ("home with a comment", "home = @ # the base\n"),
    (
        "home with a space that does not break",
        "home = \u{a0}@\u{a0}\n",
    ),
    ("home with a form feed", "home = @\x0c\n"),
    ("home in quotes of Unicode", "home = \u{201c}@\u{201d}\n"),
    ("home with a variable", "home = ${HOME}/bin\n"),
    ("home behind a long line", "home = @\nx = y\n"),
    (
        "a mark before a comment, Windows line ends",
        "\u{feff}# x\r\nhome = @\r\n",
    ),
    ("a section, as in an INI file", "[venv]\nhome = @\n"),
    ("home with a colon", "home: @\n"),
    (
        "global packages, in mixed case",
        "home = @\ninclude-system-site-packages = tRuE\n",
    ),
    (
        "global packages, 1",
        "home = @\ninclude-system-site-packages = 1\n",
    ),
    (
        "global packages, on",
        "home = @\ninclude-system-site-packages = on\n",
    ),
    (
        "global packages, no value",
        "home = @\ninclude-system-site-packages =\n",
    ),
    (
        "global packages, no sign",
        "home = @\ninclude-system-site-packages\n",
    ),
    (
        "global packages, two signs",
        "home = @\ninclude-system-site-packages == true\n",
    ),
    (
        "global packages, in quotes",
        "home = @\ninclude-system-site-packages = 'true'\n",
    ),
    (
        "global packages, with a comment",
        "home = @\ninclude-system-site-packages = true # yes\n",
    ),
    (
        "global packages, a tab at the end",
        "home = @\ninclude-system-site-packages = true\x0b\t\n",
    ),
    (
        "global packages, a separator of ASCII",
        "home = @\ninclude-system-site-packages = \x1ctrue\x1f\n",
    ),
    (
        "global packages, a line break of Unicode",
        "home = @\ninclude-system-site-packages = true\u{2028}\n",
    ),
    (
        "global packages, a wide space before",
        "home = @\n\u{3000}include-system-site-packages = true\n",
    ),
    (
        "global packages, no width",
        "home = @\ninclude-system-site-packages = true\u{200b}\n",
    ),
    (
        "global packages, underscores",
        "home = @\ninclude_system_site_packages = true\n",
    ),
    (
        "global packages, a dotted capital",
        "home = @\n\u{130}nclude-system-site-packages = true\n",
    ),
    (
        "global packages, another sign of Kelvin",
        "home = @\ninclude-system-site-pac\u{212a}ages = true\n",
    ),
    (
        "global packages, false and then true",
        "home = @\ninclude-system-site-packages = false\nInclude-System-Site-Packages = true\n",
    ),
];

#[test]
fn python_agrees_about_spellings_in_pyvenv_cfg() {
    agree(CFG, |cfg, case| case.cfg_line(cfg));
}

#[test]
fn python_agrees_about_spellings_beside_a_copied_executable() {
    agree(&CFG[..12], |cfg, case| {
        case.cfg_line(cfg);
        case.copy_executable("env");
    });
}

/// Variables of an activated environment. `@` means the interpreter's prefix, `%` the case's folder.
const VARIABLES: &[(&str, &[(&str, &str)])] = &[
    ("PYTHONHOME is relative", &[("PYTHONHOME", "base")]),
    ("PYTHONHOME is the environment", &[("PYTHONHOME", "%/env")]),
    ("PYTHONHOME is the root", &[("PYTHONHOME", "/")]),
    ("PYTHONHOME is a tilde", &[("PYTHONHOME", "~")]),
    ("PYTHONHOME has blanks around it", &[("PYTHONHOME", " @ ")]),
    ("PYTHONHOME ends in two slashes", &[("PYTHONHOME", "@//")]),
    ("PYTHONHOME has three parts", &[("PYTHONHOME", "@:@:@")]),
    ("PYTHONHOME has a dot", &[("PYTHONHOME", "@/./lib/..")]),
    (
        "PYTHONHOME and no user site",
        &[("PYTHONHOME", "@"), ("PYTHONNOUSERSITE", "1")],
    ),
    (
        "PYTHONHOME and PYTHONPLATLIBDIR",
        &[("PYTHONHOME", "@"), ("PYTHONPLATLIBDIR", "lib64")],
    ),
    (
        "PYTHONPLATLIBDIR leads away",
        &[("PYTHONPLATLIBDIR", "../lib")],
    ),
    (
        "PYTHONPLATLIBDIR is absolute",
        &[("PYTHONPLATLIBDIR", "@/lib")],
    ),
    ("PYTHONUSERBASE", &[("PYTHONUSERBASE", "%/user")]),
    ("PYTHONSAFEPATH", &[("PYTHONSAFEPATH", "1")]),
    ("PYTHONOPTIMIZE", &[("PYTHONOPTIMIZE", "2")]),
    ("PYTHONUTF8 is not a switch", &[("PYTHONUTF8", "2")]),
    ("PYTHONUTF8 is on", &[("PYTHONUTF8", "1")]),
    ("PYTHONHASHSEED is random", &[("PYTHONHASHSEED", "random")]),
    ("PYTHONHASHSEED is a number", &[("PYTHONHASHSEED", "42")]),
    ("PYTHONHASHSEED is a word", &[("PYTHONHASHSEED", "abc")]),
    ("PYTHONHASHSEED is negative", &[("PYTHONHASHSEED", "-1")]),
    (
        "PYTHONHASHSEED is too large",
        &[("PYTHONHASHSEED", "4294967296")],
    ),
    ("PYTHONMALLOC is known", &[("PYTHONMALLOC", "malloc")]),
    ("PYTHONMALLOC is not known", &[("PYTHONMALLOC", "bogus")]),
    (
        "PYTHONIOENCODING is known",
        &[("PYTHONIOENCODING", "utf-8:strict")],
    ),
    (
        "PYTHONIOENCODING is not known",
        &[("PYTHONIOENCODING", "bogus")],
    ),
    (
        "PYTHONIOENCODING has an unknown handler",
        &[("PYTHONIOENCODING", "utf-8:bogus")],
    ),
    (
        "PYTHONIOENCODING has only a handler",
        &[("PYTHONIOENCODING", ":replace")],
    ),
    (
        "PYTHONTRACEMALLOC is a word",
        &[("PYTHONTRACEMALLOC", "abc")],
    ),
    (
        "PYTHONTRACEMALLOC is a number",
        &[("PYTHONTRACEMALLOC", "3")],
    ),
    (
        "PYTHONINTMAXSTRDIGITS is too small",
        &[("PYTHONINTMAXSTRDIGITS", "5")],
    ),
    (
        "PYTHONINTMAXSTRDIGITS is fine",
        &[("PYTHONINTMAXSTRDIGITS", "5000")],
    ),
    ("PYTHON_GIL is off", &[("PYTHON_GIL", "0")]),
    ("PYTHON_GIL is on", &[("PYTHON_GIL", "1")]),
    ("PYTHON_CPU_COUNT is a word", &[("PYTHON_CPU_COUNT", "abc")]),
    ("PYTHON_CPU_COUNT is fine", &[("PYTHON_CPU_COUNT", "2")]),
    (
        "PYTHONWARNINGS is not known",
        &[("PYTHONWARNINGS", "bogus")],
    ),
    ("PYTHONDEVMODE", &[("PYTHONDEVMODE", "1")]),
    (
        "PYTHON_FROZEN_MODULES is off",
        &[("PYTHON_FROZEN_MODULES", "off")],
    ),
    (
        "PYTHONCOERCECLOCALE is off",
        &[("PYTHONCOERCECLOCALE", "0")],
    ),
    ("PYTHONBREAKPOINT", &[("PYTHONBREAKPOINT", "0")]),
    ("a locale that is not there", &[("LC_ALL", "xx_YY.UTF-8")]),
    ("no home", &[("HOME", "")]),
    (
        "a library path that does not exist",
        &[("LD_LIBRARY_PATH", "/nowhere")],
    ),
    (
        "a library to load first that does not exist",
        &[("LD_PRELOAD", "/nowhere/lib.so")],
    ),
    (
        "an empty library to load first",
        &[("LD_PRELOAD", "%/env/pyvenv.cfg")],
    ),
];

#[test]
fn python_agrees_about_variables_that_could_stop_it() {
    agree(VARIABLES, |variables, case| {
        case.env("env", "");
        symlink(&case.interpreter.prefix, case.at("base")).unwrap();
        for (name, value) in *variables {
            let value = value.replace('@', &case.interpreter.prefix);
            case.set(name, &value.replace('%', &case.at("")));
        }
    });
}

/// Files in a folder of PYTHONPATH: a name that ends in a slash is a folder. `%` in a name means the version without a dot.
const MODULES: &[(&str, &[&str])] = &[
    ("nothing", &[]),
    ("encodings.pyc", &["encodings.pyc"]),
    ("encodings in a library", &["encodings.so"]),
    (
        "encodings in a library for each version",
        &["encodings.abi3.so"],
    ),
    (
        "encodings, only as cached bytecode",
        &["__pycache__/encodings.cpython-%.pyc"],
    ),
    ("a folder encodings without a module", &["encodings/"]),
    (
        "a folder encodings with one module",
        &["encodings/utf_8.py"],
    ),
    (
        "a package encodings that is empty",
        &["encodings/__init__.py"],
    ),
    (
        "a package encodings of bytecode",
        &["encodings/__init__.pyc"],
    ),
    ("encodings.py", &["encodings.py"]),
    (
        "posixpath in a library of PyPy",
        &["posixpath.pypy39-pp73-x86_64-linux-gnu.so"],
    ),
    ("posixpath.pyc", &["posixpath.pyc"]),
    ("os.py", &["os.py"]),
    ("codecs.py", &["codecs.py"]),
    ("io.py", &["io.py"]),
    ("abc.py", &["abc.py"]),
    ("stat.py", &["stat.py"]),
    ("_collections_abc.py", &["_collections_abc.py"]),
    ("a package os", &["os/__init__.py"]),
    ("a folder os", &["os/"]),
    ("codecs in a library", &["codecs.so"]),
    ("sitecustomize.py, empty", &["sitecustomize.py"]),
    ("usercustomize.py, empty", &["usercustomize.py"]),
    ("zipimport.py", &["zipimport.py"]),
    ("importlib", &["importlib/__init__.py"]),
    ("builtins.py and sys.py", &["builtins.py", "sys.py"]),
];

#[test]
fn python_agrees_about_modules_in_pythonpath() {
    agree(MODULES, |names, case| {
        case.env("env", "");
        let folder = case.at("mine");
        fs::create_dir(&folder).unwrap();
        for name in *names {
            let name = name.replace('%', &case.interpreter.minor.replace('.', ""));
            let file = Path::new(&folder).join(&name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            if name.ends_with('/') {
                fs::create_dir_all(&file).unwrap();
            } else {
                fs::write(&file, "").unwrap();
            }
        }
        case.set("PYTHONPATH", &format!("/nowhere:{folder}/"));
    });
}

/// A script called `python3`: only running it would show what it starts.
const SCRIPTS: &[(&str, &str)] = &[
    ("a line that names Python", "#!@/python3\n"),
    ("a line with an option", "#!@/python3 -I\n"),
    ("a line with env", "#!/usr/bin/env python3\n"),
    (
        "a line with env and its own options",
        "#!/usr/bin/env -S python3 -I\n",
    ),
    ("a blank in the line", "#! @/python3\n"),
    ("a line of Windows", "#!@/python3\r\n"),
    (
        "a line that is too long",
        "#!/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////bin/sh\n",
    ),
    ("an empty file", ""),
    ("a script without a line", "exec @/python3 \"$@\"\n"),
    ("a script for a script", "#!scripts/python3\n"),
];

#[test]
fn nothing_is_said_about_what_a_script_starts() {
    let one: Vec<Interpreter> = python::cpython_since(6).into_iter().collect();
    agree_with(SCRIPTS, &one, |text, case| {
        case.script("python3", &text.replace('@', &case.interpreter.folder()));
        case.expect = Expect::Unknown;
    });
}
