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
use std::process::Command;

use python::{Case, Expect, Folder, Interpreter, Scenario};

/// Runs each row of a table with one interpreter of each set of rules: the newest before 3.11, the newest, and PyPy.
#[track_caller]
fn agree<T: Sync>(rows: &[(&str, T)], build: impl Fn(&T, &mut Case) + Sync) {
    let all = python::interpreters();
    let newest = |fits: fn(&Interpreter) -> bool| {
        let those = all.iter().filter(|it| fits(it));
        those.max_by_key(|it| it.minor_number()).cloned()
    };
    let chosen = [
        newest(|it| it.word == "python" && it.minor_number() < 11),
        newest(|it| it.word == "python" && it.minor_number() >= 11),
        newest(|it| it.word == "pypy"),
    ];
    let chosen: Vec<Interpreter> = chosen.into_iter().flatten().collect();
    agree_with(rows, &chosen, build);
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
    agree(&CFG[..6], |cfg, case| {
        case.cfg_line(cfg);
        case.copy_executable("env");
    });
}

/// Variables of an activated environment. `@` means the interpreter's prefix, `%` the case's folder.
const VARIABLES: &[(&str, &[(&str, &str)])] = &[
    ("PYTHONHOME is relative", &[("PYTHONHOME", "base")]),
    ("PYTHONHOME is the environment", &[("PYTHONHOME", "%/env")]),
    ("PYTHONHOME is the root", &[("PYTHONHOME", "/")]),
    ("PYTHONHOME has blanks around it", &[("PYTHONHOME", " @ ")]),
    ("PYTHONHOME ends in two slashes", &[("PYTHONHOME", "@//")]),
    ("PYTHONHOME has a dot", &[("PYTHONHOME", "@/./lib/..")]),
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
    ("PYTHONUTF8 is not a switch", &[("PYTHONUTF8", "2")]),
    ("PYTHONHASHSEED is random", &[("PYTHONHASHSEED", "random")]),
    ("PYTHONHASHSEED is a number", &[("PYTHONHASHSEED", "42")]),
    ("PYTHONHASHSEED is a word", &[("PYTHONHASHSEED", "abc")]),
    ("PYTHONHASHSEED is negative", &[("PYTHONHASHSEED", "-1")]),
    (
        "PYTHONHASHSEED is too large",
        &[("PYTHONHASHSEED", "4294967296")],
    ),
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
        "PYTHONIOENCODING is another name",
        &[("PYTHONIOENCODING", "ISO 8859-1")],
    ),
    (
        "PYTHONIOENCODING is no text",
        &[("PYTHONIOENCODING", "hex")],
    ),
    (
        "PYTHONIOENCODING has an unknown handler",
        &[("PYTHONIOENCODING", "utf-8:bogus")],
    ),
    (
        "PYTHONTRACEMALLOC is a word",
        &[("PYTHONTRACEMALLOC", "abc")],
    ),
    (
        "PYTHONINTMAXSTRDIGITS is too small",
        &[("PYTHONINTMAXSTRDIGITS", "5")],
    ),
    ("PYTHON_GIL is off", &[("PYTHON_GIL", "0")]),
    ("PYTHON_GIL is on", &[("PYTHON_GIL", "1")]),
    ("PYTHON_CPU_COUNT is a word", &[("PYTHON_CPU_COUNT", "abc")]),
    (
        "PYTHONWARNINGS is not known",
        &[("PYTHONWARNINGS", "bogus")],
    ),
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
        case.link(&case.interpreter.prefix, "base");
        for (name, value) in *variables {
            let value = value.replace('@', &case.interpreter.prefix);
            case.set(name, &value.replace('%', &case.at("")));
        }
    });
}

/// Values that some versions refuse. A value that Python accepts although it then cannot print is left out.
const VALUES: &[(&str, (&str, &str))] = &[
    ("an allocator since 3.13", ("PYTHONMALLOC", "mimalloc")),
    ("an allocator since 3.7", ("PYTHONMALLOC", "default")),
    (
        "an allocator with checks",
        ("PYTHONMALLOC", "pymalloc_debug"),
    ),
    (
        "an allocator with checks twice",
        ("PYTHONMALLOC", "malloc_debug_debug"),
    ),
    ("checks without an allocator", ("PYTHONMALLOC", "_debug")),
    (
        "an encoding with two dashes",
        ("PYTHONIOENCODING", "-utf--8-"),
    ),
    ("an encoding with a dot", ("PYTHONIOENCODING", "utf.8")),
    ("another name with dots", ("PYTHONIOENCODING", "iso.8859.1")),
    (
        "an encoding with a foreign letter",
        ("PYTHONIOENCODING", "utf\u{e9}8"),
    ),
    ("an encoding of Windows", ("PYTHONIOENCODING", "cp65001")),
    (
        "a module that is no encoding",
        ("PYTHONIOENCODING", "aliases"),
    ),
    (
        "the package of the encodings",
        ("PYTHONIOENCODING", "__init__"),
    ),
    ("an encoding of no letter", ("PYTHONIOENCODING", "-")),
    ("no frame", ("PYTHONTRACEMALLOC", "0")),
    ("many frames", ("PYTHONTRACEMALLOC", "65536")),
    ("too many frames", ("PYTHONTRACEMALLOC", "178956970")),
    ("neither on nor off", ("PYTHON_FROZEN_MODULES", "maybe")),
    ("off", ("PYTHON_FROZEN_MODULES", "off")),
    ("neither 0 nor 1", ("PYTHON_CONTEXT_AWARE_WARNINGS", "2")),
    ("no number", ("PYTHON_THREAD_INHERIT_CONTEXT", "on")),
    ("a seed with a sign", ("PYTHONHASHSEED", "+5")),
    ("no processor", ("PYTHON_CPU_COUNT", "0")),
];

#[test]
fn every_python_agrees_about_the_values_of_variables() {
    agree_with(VALUES, &python::interpreters(), |(name, value), case| {
        case.env("env", "");
        case.set(name, value);
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
        // What is in them decides whether PyPy stops, goes on without site, or starts as usual.
        let mut all_names = names.iter();
        let is_open = all_names.any(|it| ["stat.py", "io.py"].contains(it));
        if is_open && case.interpreter.word == "pypy" {
            case.expect = Expect::Unknown;
        }
        case.set("PYTHONPATH", &format!("/nowhere:{folder}/"));
    });
}

/// The module that is empty in PYTHONPATH, or missing in the library, although all modules could be frozen.
const THAWED: &[(&str, (&str, &str))] = &[
    ("nothing", ("", "")),
    ("os.py in PYTHONPATH", ("os.py", "")),
    ("stat.py in PYTHONPATH", ("stat.py", "")),
    ("neo.py in PYTHONPATH", ("neo.py", "")),
    ("abc is missing", ("", "abc.py")),
    ("_sitebuiltins is missing", ("", "_sitebuiltins.py")),
];

#[test]
fn python_agrees_about_modules_that_are_not_taken_out_of_the_program() {
    let one: Vec<Interpreter> = python::cpython_since(13).into_iter().collect();
    agree_with(THAWED, &one, |(other, missing), case| {
        case.moved("base", &[*missing]);
        let folder = case.at("mine");
        fs::create_dir(&folder).unwrap();
        if !other.is_empty() {
            fs::write(format!("{folder}/{other}"), "").unwrap();
        }
        if ["os.py", "stat.py"].contains(other) {
            case.expect = Expect::Unknown;
        }
        case.set("PYTHONPATH", &folder);
        case.set("PYTHON_FROZEN_MODULES", "off");
    });
}

/// Files in a zip file on PYTHONPATH.
const ZIPPED: &[(&str, &[&str])] = &[
    ("a module", &["neo.py"]),
    ("encodings.py", &["encodings.py"]),
    ("a package encodings", &["encodings/__init__.py"]),
    ("a folder encodings without a module", &["encodings/neo.py"]),
    ("encodings in a library", &["encodings.so"]),
    ("encodings in another folder", &["neo/encodings.py"]),
    ("os.py", &["os.py"]),
];

#[test]
fn python_agrees_about_modules_in_a_zip_file_on_pythonpath() {
    agree(ZIPPED, |names, case| {
        case.env("env", "");
        let zip = case.at("neo.zip");
        let script = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as it:\n for name in sys.argv[2:]: it.writestr(name, '')";
        let mut command = std::process::Command::new(&case.interpreter.file);
        command.args(["-c", script, &zip]).args(*names);
        assert!(command.status().unwrap().success());
        case.set("PYTHONPATH", &format!("/nowhere:{zip}"));
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
    (
        "a line that is too long",
        "#!/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////bin/sh\n",
    ),
    ("a script without a line", "exec @/python3 \"$@\"\n"),
];

#[test]
fn nothing_is_said_about_what_a_script_starts() {
    let one: Vec<Interpreter> = python::cpython_since(6).into_iter().collect();
    agree_with(SCRIPTS, &one, |text, case| {
        case.script("python3", &text.replace('@', &case.interpreter.folder()));
        case.expect = Expect::Unknown;
    });
}

/// Environments and installations in unusual shapes.
const SHAPES: &[Scenario] = &[
    ("home is relative and good", |case| {
        case.link(&case.interpreter.prefix, "base");
        case.cfg_file(b"home = base/bin\n");
    }),
    ("home is relative, with a dot", |case| {
        case.link(&case.interpreter.prefix, "base");
        case.cfg_file(b"home = ./base/bin\n");
    }),
    ("home is relative, the executable is a copy", |case| {
        case.link(&case.interpreter.prefix, "base");
        case.cfg_file(b"home = base/bin\n");
        case.copy_executable("env");
    }),
    ("home is a link to a bin", |case| {
        case.link(case.interpreter.folder(), "linked");
        case.home(&case.at("linked"));
    }),
    ("home is a dead link", |case| {
        case.link("/nowhere/bin", "linked");
        case.home(&case.at("linked"));
    }),
    ("home is a file", |case| {
        case.home(&case.at("env/pyvenv.cfg"));
    }),
    ("home is the prefix and not its bin", |case| {
        let home = case.interpreter.prefix.clone();
        case.home(&home);
    }),
    ("home is the library", |case| {
        let home = case.interpreter.stdlib.clone();
        case.home(&home);
    }),
    ("a line of 9000 letters after home", |case| {
        case.cfg_line(&format!("home = @\nx = {}\n", "y".repeat(9000)));
    }),
    ("a line of 8191 letters before home", |case| {
        case.cfg_line(&format!("{}\nhome = @\n", "y".repeat(8190)));
    }),
    ("home before a line that is not UTF-8", |case| {
        case.cfg_line_bytes(b"home = @\n# \xe9\n");
    }),
    ("global packages before a line that is not UTF-8", |case| {
        case.cfg_line_bytes(b"home = @\ninclude-system-site-packages = true\n\xff\xfe\n");
    }),
    (
        "the python links to the python of another environment",
        |case| {
            case.env("outer", "include-system-site-packages = true\n");
            let cfg = case.cfg("");
            case.raw_env("env", &case.at("outer/bin/python3"), &cfg);
            case.path = case.at("env/bin");
        },
    ),
    (
        "an environment of an environment that was deleted",
        |case| {
            let home = case.at("outer/bin");
            case.raw_env(
                "env",
                &case.at("outer/bin/python3"),
                &format!("home = {home}\n"),
            );
            case.path = case.at("env/bin");
            case.env("second", "");
            case.path = format!("{}:{}", case.at("env/bin"), case.path);
        },
    ),
    ("an environment of an environment that was moved", |case| {
        case.env("outer", "");
        let home = case.at("outer/bin");
        case.raw_env(
            "env",
            &case.at("outer/bin/python3"),
            &format!("home = {home}\n"),
        );
        case.rename("outer", "moved");
        let path = format!("{}:{}", case.at("env/bin"), case.at("moved/bin"));
        case.path = path;
    }),
    ("a bin that is a link to the base's bin", |case| {
        case.env("env", "");
        fs::remove_dir_all(case.at("env/bin")).unwrap();
        case.link(case.interpreter.folder(), "env/bin");
        let name = Path::new(&case.interpreter.file).file_name().unwrap();
        let file = case.at("env/bin/") + name.to_str().unwrap();
        case.ask(&file);
    }),
    ("an executable without a folder of its own", |case| {
        case.moved("base", &[]);
        python::copy_program(case.at("base/bin/python3"), case.at("base/python3"));
        case.path = case.at("base");
    }),
    ("an executable in a deeper folder", |case| {
        case.moved("base", &[]);
        case.mkdir("base/a/b/c");
        python::copy_program(case.at("base/bin/python3"), case.at("base/a/b/c/python3"));
        case.path = case.at("base/a/b/c");
    }),
    ("a pyvenv.cfg in the base itself, empty", |case| {
        case.moved("base", &[]);
        case.write("base/pyvenv.cfg", "");
    }),
    (
        "a pyvenv.cfg in the base itself, with its own bin",
        |case| {
            case.moved("base", &[]);
            let cfg = format!("home = {}\n", case.at("base/bin"));
            case.write("base/pyvenv.cfg", cfg);
        },
    ),
    (
        "a pyvenv.cfg in the base itself, packages visible",
        |case| {
            case.moved("base", &[]);
            let cfg = "include-system-site-packages = true\n";
            case.write("base/pyvenv.cfg", cfg);
        },
    ),
    ("an environment inside of its base", |case| {
        case.moved("base", &[]);
        let cfg = format!("home = {}\n", case.at("base/bin"));
        case.raw_env("base/envs/env", "../../../bin/python3", &cfg);
        case.path = case.at("base/envs/env/bin");
    }),
    ("an environment around its base", |case| {
        case.moved("env/base", &[]);
        let cfg = format!("home = {}\n", case.at("env/base/bin"));
        case.raw_env("env", "../base/bin/python3", &cfg);
        case.path = case.at("env/bin");
    }),
    ("a base with a mark of conda", |case| {
        case.moved("base", &[]);
        case.mkdir("base/conda-meta");
        let prefix = case.at("base");
        case.set("CONDA_PREFIX", &prefix);
    }),
    ("an environment on a base with a mark of conda", |case| {
        case.moved("base", &[]);
        case.mkdir("base/conda-meta");
        let cfg = format!("home = {}\n", case.at("base/bin"));
        case.raw_env("env", "../../base/bin/python3", &cfg);
        case.path = case.at("env/bin");
        let prefix = case.at("base");
        case.set("CONDA_PREFIX", &prefix);
    }),
    ("a base with the mark of PEP 668", |case| {
        case.moved("base", &[]);
        let mark = "base/LIB/EXTERNALLY-MANAGED";
        let _ = fs::remove_file(case.at(mark));
        case.write(mark, "");
    }),
    ("a base whose mark of PEP 668 is a folder", |case| {
        case.moved("base", &[]);
        let mark = "base/LIB/EXTERNALLY-MANAGED";
        let _ = fs::remove_file(case.at(mark));
        case.mkdir(mark);
    }),
    ("a base whose mark of PEP 668 is a dead link", |case| {
        case.moved("base", &[]);
        let mark = "base/LIB/EXTERNALLY-MANAGED";
        let _ = fs::remove_file(case.at(mark));
        case.link("/nowhere", mark);
    }),
    ("a base whose library is a link", |case| {
        case.moved("base", &[]);
        case.rename("base/lib", "base/real");
        case.link("real", "base/lib");
    }),
    ("a base with lib64 and PYTHONPLATLIBDIR", |case| {
        case.moved("base", &[]);
        case.link("lib", "base/lib64");
        case.set("PYTHONPLATLIBDIR", "lib64");
    }),
    ("a landmark that is a folder", |case| {
        case.moved("base", &["os.py"]);
        case.mkdir("base/LIB/os.py");
    }),
    ("a landmark that is a dead link", |case| {
        case.moved("base", &["os.py"]);
        case.link("/nowhere", "base/LIB/os.py");
    }),
    ("an empty zip beside the library", |case| {
        case.moved("base", &[]);
        let zip = case.interpreter.minor.replace('.', "");
        case.write(&format!("base/lib/python{zip}.zip"), "");
    }),
    ("a folder named like the zip", |case| {
        case.moved("base", &[]);
        let zip = case.interpreter.minor.replace('.', "");
        case.mkdir(&format!("base/lib/python{zip}.zip"));
    }),
    ("only cached bytecode of the encodings", |case| {
        case.moved("base", &["encodings/__init__.py", "encodings/utf_8.py"]);
    }),
    ("lib-dynload in the folder above", |case| {
        case.moved("above/base", &[]);
        case.mkdir("above/LIB");
        let [from, to] = ["base/LIB", "LIB"].map(|it| format!("above/{it}/lib-dynload"));
        let _ = fs::rename(case.at(&from), case.at(&to));
    }),
    ("forty-one links", |case| {
        case.link(&case.interpreter.file, "link0");
        for number in 1..=41 {
            case.link(format!("link{}", number - 1), &format!("link{number}"));
        }
        case.link("link41", "python3");
        case.path = format!("{}:{}", case.at(""), case.interpreter.folder());
    }),
    ("an environment in a folder with a colon", |case| {
        case.env("a:b/env", "");
        case.ask(&case.at("a:b/env/bin/python3"));
    }),
    ("an environment without a library", |case| {
        case.env("env", "");
        fs::remove_dir_all(case.at("env/lib")).unwrap();
    }),
    ("an environment whose lib64 is a link", |case| {
        case.env("env", "");
        case.link("lib", "env/lib64");
    }),
    ("an environment with a sitecustomize", |case| {
        case.env("env", "");
        case.write("env/LIB/site-packages/sitecustomize.py", "");
    }),
    ("an environment with a .pth that fails", |case| {
        case.env("env", "");
        case.write(
            "env/LIB/site-packages/x.pth",
            "import nothing_of_that_name\n/nowhere\n",
        );
    }),
    ("an environment with a .pth that is a FIFO", |case| {
        case.env("env", "");
        case.fifo("env/LIB/site-packages/x.pth");
    }),
    ("a .pth of Latin 1 in the user site", |case| {
        case.path_of_interpreter();
        case.mkdir(".local/LIB/site-packages");
        case.write(".local/LIB/site-packages/x.pth", b"/caf\xe9\n");
    }),
    ("a .pth of Latin 1 in a user site that is off", |case| {
        case.env("env", "include-system-site-packages = false\n");
        case.mkdir(".local/LIB/site-packages");
        case.write(".local/LIB/site-packages/x.pth", b"/caf\xe9\n");
    }),
    ("a user site that exists", |case| {
        case.env("env", "include-system-site-packages = true\n");
        case.mkdir(".local/LIB/site-packages");
        case.write(".local/LIB/site-packages/usercustomize.py", "");
    }),
    ("a user site that exists, in the global Python", |case| {
        case.path_of_interpreter();
        case.mkdir(".local/LIB/site-packages");
    }),
    ("a ._pth file that is empty", |case| {
        case.moved("base", &[]);
        case.write("base/bin/python3._pth", "");
    }),
    ("a ._pth file that is a folder", |case| {
        case.moved("base", &[]);
        case.mkdir("base/bin/python3._pth");
    }),
    ("entries of PATH that are no folders", |case| {
        case.env("env", "");
        let cfg = case.at("env/pyvenv.cfg");
        let long = "x".repeat(300);
        case.path = format!("{cfg}:~/bin:/{long}:\"{}\":{}/", case.path, case.path);
    }),
    ("the same entry of PATH twice, once with slashes", |case| {
        case.env("env", "");
        let bin = case.path.clone();
        case.path = format!("{bin}//:{bin}");
    }),
    (
        "a python3 that is not executable, then an environment",
        |case| {
            case.env("env", "");
            case.mkdir("plain");
            fs::copy(&case.interpreter.file, case.at("plain/python3")).unwrap();
            case.set_mode("plain/python3", 0o644);
            case.path = format!("{}:{}", case.at("plain"), case.path);
        },
    ),
    ("a python3 that is a folder, linked", |case| {
        case.env("env", "");
        case.mkdir("plain");
        case.link("/tmp", "plain/python3");
        case.path = format!("{}:{}", case.at("plain"), case.path);
    }),
];

/// The bytes of a `.pth` file, and the locale.
const PTH: &[(&str, (&[u8], &str))] = &[
    ("a folder", (b"/nowhere\n", "")),
    ("a letter of UTF-8", (b"/caf\xc3\xa9\n", "")),
    (
        "a letter of UTF-8, in its locale",
        (b"/caf\xc3\xa9\n", "C.UTF-8"),
    ),
    ("a letter of Latin 1", (b"/tmp\n/caf\xe9\n", "")),
    (
        "a letter of Latin 1 in a comment",
        (b"# caf\xe9\n", "C.utf8"),
    ),
    ("a mark of the byte order", (b"\xef\xbb\xbf/nowhere\n", "")),
    ("a NUL", (b"a\0b\n", "POSIX")),
    ("a line that fails", (b"import nothing_of_that_name\n", "")),
];

#[test]
fn python_agrees_about_the_bytes_of_a_pth_file() {
    agree(PTH, |(bytes, locale), case| {
        case.env("env", "");
        let packages = case.at("env/LIB/site-packages");
        fs::write(format!("{packages}/neo.pth"), bytes).unwrap();
        case.set("LC_ALL", locale);
    });
}

/// The variables of a locale. `zz_ZZ` is installed nowhere.
const LOCALES: &[(&str, &str)] = &[
    ("none", ""),
    ("C for all", "LC_ALL=C"),
    ("POSIX for all", "LC_ALL=POSIX"),
    ("C that may be left", "LANG=C"),
    ("C that may not be left", "LANG=C PYTHONCOERCECLOCALE=0"),
    ("C, and UTF-8 from Python", "LC_ALL=C PYTHONUTF8=1"),
    ("C, and no UTF-8 from Python", "LC_ALL=C PYTHONUTF8=0"),
    ("no UTF-8 from Python", "PYTHONUTF8=0"),
    ("UTF-8", "LC_ALL=C.UTF-8 PYTHONUTF8=0"),
    ("UTF-8 that is not installed", "LC_ALL=zz_ZZ.UTF-8"),
    ("UTF-8 that is not installed, left", "LANG=zz_ZZ.UTF-8"),
    ("one of a Mac", "LC_CTYPE=UTF-8"),
    ("Latin 1 that is not installed", "LC_ALL=zz_ZZ.ISO-8859-1"),
    ("Latin 1 that is not installed, left", "LANG=zz_ZZ"),
    ("the last but one", "LC_CTYPE=zz_ZZ.utf8 LANG=C.UTF-8"),
    (
        "one elsewhere",
        "LC_CTYPE=zz_YY.UTF-8 LOCPATH=@/own PYTHONUTF8=0",
    ),
];

#[test]
fn every_python_agrees_about_the_letters_of_a_locale() {
    for bytes in [b"/caf\xc3\xa9\n".as_slice(), b"/tmp\n/caf\xe9\n"] {
        agree_with(LOCALES, &python::interpreters(), |variables, case| {
            case.env("env", "");
            let packages = case.at(&format!("env/{}/site-packages", case.interpreter.lib()));
            fs::write(format!("{packages}/neo.pth"), bytes).unwrap();
            fs::create_dir(case.at("own")).unwrap();
            let _ = symlink("/usr/lib/locale/C.utf8", case.at("own/zz_YY.utf8"));
            for variable in variables.split_whitespace() {
                let (name, value) = variable.split_once('=').unwrap();
                case.set(name, &value.replace('@', &case.at("")));
            }
        });
    }
}

#[test]
fn every_python_agrees_about_a_home_that_a_locale_cannot_write() {
    let rows = ["", "C", "zz_ZZ.UTF-8", "C.UTF-8"].map(|it| (it, it));
    agree_with(&rows, &python::interpreters(), |locale, case| {
        case.env("env", "");
        symlink(case.interpreter.folder(), case.at("jos\u{e9}")).unwrap();
        let cfg = format!("home = {}\n", case.at("jos\u{e9}"));
        fs::write(case.at("env/pyvenv.cfg"), cfg).unwrap();
        case.set("LC_ALL", locale);
    });
}

#[test]
fn a_large_pyvenv_cfg_is_broken_only_if_python_refuses_it() {
    let all = python::interpreters_apart();
    agree_with(&[("5 MB", 5 << 20)], &all, |size, case| {
        case.env("env", "");
        case.cfg_sized(*size);
        let refuses = case.interpreter.word == "python" && case.interpreter.minor_number() >= 11;
        case.expect = if refuses {
            Expect::Agreement
        } else {
            Expect::Unknown
        };
        let said = case.construct_says()["problem"].to_string();
        assert_eq!(said.contains("Python refuses to read"), refuses, "{said}");
    });
}

#[test]
fn every_python_agrees_about_a_hidden_pth_file_that_could_stop_it() {
    let rows = [("hidden", ".neo.pth"), ("not hidden", "neo.pth")];
    agree_with(&rows, &python::interpreters(), |name, case| {
        case.env("env", "");
        let packages = case.at("env/LIB/site-packages");
        fs::write(format!("{packages}/{name}"), b"\xff\n").unwrap();
    });
}

#[test]
fn python_agrees_about_unusual_shapes() {
    agree(SHAPES, |build, case| build(case));
}

/// A name, `LD_LIBRARY_PATH`, and the function that builds the libraries.
type Libraries = (&'static str, &'static str, fn(&Case));

/// Libraries that the loader meets. `%` means the case's folder.
const LIBRARIES: &[Libraries] = &[
    ("a folder named like a library", "%/lib", |case| {
        case.mkdir("lib/libm.so.6");
    }),
    ("a text named like a library", "%/lib", |case| {
        case.write("lib/libm.so.6", "INPUT ( -lm )\n".repeat(99));
    }),
    ("a short text named like a library", "%/lib", |case| {
        case.write("lib/libm.so.6", "x");
    }),
    ("a dead link named like a library", "%/lib", |case| {
        case.link("/nowhere", "lib/libm.so.6");
    }),
    ("links that lead in a circle", "%/lib:%/more", |case| {
        case.link("libm.so.6", "lib/libm.so.6");
        case.mkdir("more");
        case.write("more/libm.so.6", "x");
    }),
    ("a link that leads through a file", "%/lib:%/more", |case| {
        case.write("file", "");
        case.link("../file/x", "lib/libm.so.6");
        case.mkdir("more");
        case.write("more/libm.so.6", "x");
    }),
    ("a file instead of a folder", "%/file:%/lib", |case| {
        case.write("file", "");
        case.write("lib/libm.so.6", "x");
    }),
    ("a program for another machine", "%/lib", |case| {
        let mut bytes = fs::read(&case.interpreter.file).unwrap();
        bytes[18] = 183;
        case.write("lib/libm.so.6", bytes);
    }),
    ("a program of another class", "%/lib", |case| {
        let mut bytes = fs::read(&case.interpreter.file).unwrap();
        bytes[4] = 1;
        case.write("lib/libm.so.6", bytes);
    }),
    ("an empty entry", ":", |case| {
        case.write("libm.so.6", "x");
    }),
    ("a relative entry", "lib", |case| {
        case.write("lib/libm.so.6", "x");
    }),
    ("entries with a semicolon", "/nowhere;%/lib", |case| {
        case.write("lib/libm.so.6", "x");
    }),
    (
        "an entry with the program's folder",
        "$ORIGIN/../../lib",
        |case| {
            case.write("lib/libm.so.6", "x");
        },
    ),
    (
        "an entry with the system's folder of libraries",
        "%/$LIB:%/${LIB}",
        |case| {
            case.mkdir("lib/x86_64-linux-gnu");
            case.write("lib/x86_64-linux-gnu/libm.so.6", "x");
        },
    ),
    (
        "an entry with a name that begins like the loader's",
        "%/$LIBRARY:$ORIGINAL/../../lib",
        |case| {
            case.write("lib/libm.so.6", "x");
        },
    ),
    ("a good library", "%/lib", |case| {
        case.link("/lib/x86_64-linux-gnu/libm.so.6", "lib/libm.so.6");
    }),
];

#[test]
fn python_agrees_about_libraries_that_the_loader_meets() {
    let rows: Vec<_> = LIBRARIES
        .iter()
        .map(|(name, list, build)| (*name, (list, build)))
        .collect();
    agree(&rows, |(list, build), case| {
        case.env("env", "");
        case.copy_executable("env");
        case.mkdir("lib");
        build(case);
        case.set("LD_LIBRARY_PATH", &list.replace('%', &case.at("")));
    });
}

/// Gives a file or folder these permissions.
fn lock(case: &Case, name: &str, mode: u32) {
    case.set_mode(name, mode);
}

/// A copy of the executable with these permissions.
fn locked_copy(case: &mut Case, mode: u32) {
    python::copy_program(&case.interpreter.file, case.at("env/bin/copy"));
    lock(case, "env/bin/copy", mode);
    case.ask(&case.at("env/bin/copy"));
}

/// A folder of PYTHONPATH with a module that would stop Python.
fn locked_module(case: &mut Case, folder: u32, module: u32) {
    case.mkdir("mine");
    case.write("mine/encodings.py", "");
    lock(case, "mine/encodings.py", module);
    lock(case, "mine", folder);
    let mine = case.at("mine");
    case.set("PYTHONPATH", &mine);
}

/// An environment of a Python with a module that is locked after this command was run on it.
fn locked_encoding(case: &mut Case, command: &str) {
    case.env_of_moved(&["encodings/aliases.py"]);
    let (name, own) = ("base/LIB/encodings/aliases.py", &case.interpreter.stdlib);
    fs::copy(format!("{own}/encodings/aliases.py"), case.at(name)).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", command, &case.interpreter.file, &case.at(name)]);
    assert!(shell.status().unwrap().success());
    lock(case, name, 0o600);
}

/// An environment of root's. Its files and folders are locked in many ways, and the user `nobody` asks.
const LOCKED: &[Scenario] = &[
    ("pyvenv.cfg", |case| lock(case, "env/pyvenv.cfg", 0o600)),
    ("the environment", |case| lock(case, "env", 0o700)),
    ("the list of the environment's files", |case| {
        lock(case, "env", 0o711);
    }),
    ("bin", |case| lock(case, "env/bin", 0o700)),
    ("the list of the files in bin", |case| {
        lock(case, "env/bin", 0o711);
    }),
    ("the library", |case| lock(case, "env/lib", 0o700)),
    ("a copied executable", |case| locked_copy(case, 0o700)),
    ("a copied executable, in part", |case| {
        locked_copy(case, 0o711);
        case.expect = Expect::Unknown;
    }),
    ("a copied executable that nobody may execute", |case| {
        locked_copy(case, 0o644);
    }),
    ("a folder of PYTHONPATH", |case| {
        locked_module(case, 0o700, 0o644);
    }),
    ("the list of a folder of PYTHONPATH", |case| {
        locked_module(case, 0o711, 0o644);
    }),
    ("a module of PYTHONPATH", |case| {
        locked_module(case, 0o755, 0o600);
    }),
    ("the list of the standard library", |case| {
        case.env_of_moved(&[]);
        lock(case, "base/LIB", 0o711);
    }),
    ("the list of the encodings", |case| {
        case.env_of_moved(&[]);
        lock(case, "base/LIB/encodings", 0o711);
    }),
    ("a module of the standard library", |case| {
        locked_encoding(case, "true");
    }),
    ("such a module with its bytecode", |case| {
        locked_encoding(case, "\"$0\" -m py_compile \"$1\"");
    }),
    ("such a module with bytecode that fits any source", |case| {
        locked_encoding(
            case,
            "\"$0\" -c 'import py_compile, sys; py_compile.compile(sys.argv[1], invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)' \"$1\"",
        );
    }),
    (
        "such a module with the bytecode of another source",
        |case| {
            locked_encoding(case, "\"$0\" -m py_compile \"$1\" && echo >>\"$1\"");
        },
    ),
    ("a pyvenv.cfg with a bad byte", |case| {
        case.cfg_line_bytes(b"home = @\n\xff\n");
    }),
    ("a pyvenv.cfg that is too large", |case| {
        case.cfg_sized(40_000);
    }),
    ("a dead link", |case| {
        case.remove("env/bin/python3");
        case.link("/nowhere", "env/bin/python3");
        case.ask(&case.at("env/bin/python3"));
    }),
];

#[test]
fn python_agrees_about_what_another_user_may_not_do() {
    if !python::may_be_another_user() {
        return;
    }
    // The others are in the home of root.
    let mut all = python::interpreters();
    all.retain(|it| it.prefix == "/usr");
    agree_with(LOCKED, &all, |build, case| {
        case.asked_by(65534);
        case.env("env", "");
        build(case);
        case.path = format!("{}:/usr/bin", case.path);
    });
}

#[test]
fn a_folder_that_may_not_be_entered_is_no_reason_that_there_is_no_python() {
    if !python::may_be_another_user() {
        return;
    }
    let Some(interpreter) = python::cpython_since(6) else {
        return;
    };
    let what = |closed: &str, path: &str| {
        let mut case = Case::new(&interpreter);
        case.asked_by(65534);
        case.mkdir("out/in");
        case.mkdir("links");
        case.link("../out/in/python3", "links/python3");
        lock(&case, closed, 0o600);
        let here = case.at("");
        let here = here.trim_end_matches('/');
        case.path = path.replace('%', here);
        let said = case.construct_says();
        assert_eq!(said["status"], "no-python");
        let text = said.to_string().replace(here, "%");
        assert!(!text.contains("may not execute"), "{text}");
        assert!(text.contains(&format!("%/{closed}")), "{text}");
        let what = said["problem"]["what"].as_str().unwrap();
        what.replace(here, "%")
    };
    let none = "there is no python3 or python that can be started";
    assert_eq!(what("out/in", "%/out/in"), none);
    assert_eq!(what("out", "/nowhere:%/out/in"), none);
    assert_eq!(
        what("out", "%/links"),
        "permission denied: %/links/python3 leads into the folder %/out, which you may not enter"
    );
}

#[test]
fn a_claim_about_a_folder_that_may_not_be_entered_is_not_called_stale() {
    if !python::may_be_another_user() {
        return;
    }
    let Some(interpreter) = python::cpython_since(6) else {
        return;
    };
    for (closed, meaning) in [
        ("out", "you may not enter the folder %/out, so"),
        ("out/env", "you may not enter the folder %/out/env, so"),
        ("open", "there is no such folder"),
    ] {
        let mut case = Case::new(&interpreter);
        case.asked_by(65534);
        case.mkdir("open");
        if closed != "open" {
            case.mkdir("out/env");
        }
        lock(&case, closed, 0o600);
        let (claimed, here) = (case.at("") + "out/env", case.at(""));
        case.set("VIRTUAL_ENV", &claimed.replace("//", "/"));
        case.path = "/nowhere".to_owned();
        let claim = case.construct_says()["claims"][0].clone();
        let said = claim["meaning"].as_str().unwrap();
        let said = said.replace(here.trim_end_matches('/'), "%");
        assert!(said.starts_with(meaning), "{claim}");
        assert_eq!(claim["verdict"] == "stale", closed == "open", "{claim}");
    }
}

/// A command that is typed where the current folder was deleted, and values of PATH and `PYTHONPATH`. `%` is the folder above.
const NOWHERE: &[(&str, [&str; 3])] = &[
    ("an absolute path", ["%/env/bin/python3", "", ""]),
    ("a relative path", ["../env/bin/python3", "", ""]),
    ("an absolute folder on PATH", ["python3", "%/env/bin", ""]),
    ("a relative folder on PATH", ["python3", "../env/bin", ""]),
    (
        "a relative folder on PATH after it",
        ["python3", "%/env/bin:../env/bin", ""],
    ),
    (
        "an absolute folder in PYTHONPATH",
        ["python3", "%/env/bin", "%/lib"],
    ),
    (
        "a relative folder in PYTHONPATH",
        ["python3", "%/env/bin", "%/lib:lib"],
    ),
    (
        "an empty entry of PYTHONPATH",
        ["python3", "%/env/bin", "%/lib:"],
    ),
];

#[test]
fn python_agrees_where_the_current_folder_was_deleted() {
    let all = python::interpreters_apart();
    python::agree(NOWHERE, &all, |values, case| {
        case.env("env", "");
        let here = case.at("");
        let [typed, path, list] = values.map(|it| it.replace("%/", &here));
        let said = |command: &str| {
            let line = format!(
                "mkdir gone && cd gone && /bin/rmdir ../gone && PATH='{path}' && {command}"
            );
            let mut shell = case.command("/bin/sh".as_ref());
            shell.env("PATH", "/bin").env("PYTHONPATH", &list);
            shell.args(["-c", &line, env!("CARGO_BIN_EXE_construct"), &typed]);
            let output = python::within(shell, python::PATIENCE).expect("it must not hang");
            let text = String::from_utf8(output.stdout).unwrap();
            (output.status.success(), text)
        };
        let (starts, _) = said("exec \"$1\" -c pass");
        let (_, ours) = said("exec \"$0\" --json --python \"$1\"");
        let ours: serde_json::Value = serde_json::from_str(&ours).unwrap();
        let what = ours["problem"]["what"].as_str().unwrap_or_default();
        let is_relative = [&typed, &path].iter().any(|it| it.starts_with(".."));
        let is_right = if case.interpreter.word == "pypy" && is_relative {
            // It starts, but without site.
            ours["status"] == "unknown" && what.contains("which no longer exists")
        } else if starts {
            ours["status"] == "isolated"
        } else {
            ours["status"] == "broken" && what.contains("the current folder no longer exists")
        };
        let (_, verified) = said("exec \"$0\" --verify --python \"$1\"");
        let mut wrong = Vec::new();
        wrong.extend(
            (!is_right).then(|| format!("it starts: {starts}, but {}: {what}", ours["status"])),
        );
        wrong.extend(verified.contains("our answer was").then_some(verified));
        wrong
    });
}

/// What pyenv reads: `PYENV_VERSION`, and `.python-version` in the current folder. `@` means pyenv's root.
const PYENV: &[(&str, (&str, &[u8]))] = &[
    ("nothing", ("", b"")),
    ("a version", ("", b"3.12.1\n")),
    ("a version without an end of line", ("", b"3.12.1")),
    ("a minor version", ("", b"3.12\n")),
    ("a major version", ("", b"3\n")),
    ("the system's", ("", b"system\n")),
    ("a version and the system's", ("", b"3.12.1\nsystem\n")),
    ("the system's first", ("", b"system\n3.12.1\n")),
    ("line ends of Windows", ("", b"3.12.1\r\n3.11.7\r\n")),
    ("a mark of the byte order", ("", b"\xef\xbb\xbf3.12.1\n")),
    ("a comment", ("", b"# 3.11.7\n3.12.1 # newest\n")),
    ("a comment without a space", ("", b"3.12.1#newest\n")),
    ("blanks before it", ("", b" \t 3.12.1\n")),
    ("the word python before it", ("", b"python-3.12.1\n")),
    ("the word cpython before it", ("", b"cpython-3.12.1\n")),
    ("one that is not installed", ("", b"3.12.99\n3.12.1\n")),
    ("only one that is not installed", ("", b"3.99\n")),
    ("a path", ("", b"../versions/3.12.1\n")),
    ("a path out of the folder", ("", b"../../../tmp\n3.12.1\n")),
    ("an absolute path", ("", b"@/versions/3.12.1\n3.11.7\n")),
    ("only an absolute path", ("", b"@/versions/3.12.1\n")),
    (
        "an absolute path out of the folder",
        ("", b"/usr\n3.11.7\n"),
    ),
    ("a slash in front", ("", b"/3.12.1\n")),
    ("a slash in front in the variable", ("/3.12.1", b"")),
    (
        "an absolute path in the variable",
        ("@/versions/3.12.1:3.11.7", b""),
    ),
    ("a folder of a version", ("", b"3.12.1/bin\n3.11.7\n")),
    ("a slash at the end", ("", b"3.12.1/\n")),
    ("Python 2", ("", b"2.7.18\n3.12.1\n")),
    ("the variable", ("3.12.1", b"3.11.7\n")),
    ("a list in the variable", ("3.99:3.12.1", b"")),
    ("a list in the variable, empty parts", ("::3.12.1:", b"")),
    ("a minor version in the variable", ("3.12", b"")),
    ("a blank in the variable", ("3.12.1 ", b"")),
    ("a star in the variable", ("3.1*", b"")),
];

#[test]
fn python_agrees_about_the_versions_that_pyenv_reads() {
    let root = std::env::home_dir().unwrap().join(".pyenv");
    let has = |version: &str| root.join("versions").join(version).is_dir();
    if !has("3.12.1") || !has("3.11.7") || !root.join("shims/python3").is_file() {
        return python::absent("no pyenv with 3.11.7 and 3.12.1");
    }
    let one: Vec<Interpreter> = python::cpython_since(6).into_iter().collect();
    agree_with(PYENV, &one, |(variable, file), case| {
        let whole = |text: &str| text.replace('@', &root.display().to_string());
        if !file.is_empty() {
            let text = whole(std::str::from_utf8(file).unwrap());
            case.write(".python-version", text);
        }
        case.set("PYENV_VERSION", &whole(variable));
        case.path = format!("{}/shims:/usr/bin:/bin", root.display());
    });
}

/// What makes the module site fail, and the beginning of the command that mends it.
const WITHOUT_SITE: &[(&str, (Build, &str))] = &[
    (
        "a .pth file that is no text",
        (
            |case| {
                let packages = format!("env/{}/site-packages", case.interpreter.lib());
                case.write(&format!("{packages}/a.pth"), b"/\xff\n");
            },
            "mv ",
        ),
    ),
    (
        "a pyvenv.cfg that is no text",
        (
            |case| {
                let cfg = case.cfg("");
                let cfg = [cfg.as_bytes(), b"#\xff\n"].concat();
                case.write("env/pyvenv.cfg", cfg);
            },
            "sed ",
        ),
    ),
];

/// Modules that raise an error before Python's own.
const RAISING: &[(&str, &str)] = &[
    ("io", "io"),
    ("builtins", "_sitebuiltins"),
    ("stat", "stat"),
];

type Build = fn(&mut Case);

#[test]
fn pypy_goes_on_without_site_and_its_prefix_is_unknown() {
    let mut all = python::interpreters();
    all.retain(|it| it.word == "pypy");
    if all.is_empty() {
        return python::absent("no PyPy");
    }
    python::agree(WITHOUT_SITE, &all, |(build, command), case| {
        case.env("env", "");
        let mut wrong = case.complaints();
        build(case);
        case.expect = Expect::Unknown;
        wrong.extend(case.complaints());
        let said = case.construct_says();
        let problem = &said["problem"];
        let what = problem["what"].as_str().unwrap_or_default();
        let mends = problem["command"].as_str().unwrap_or_default();
        let is_right = what.contains("'import site' failed") && mends.starts_with(command);
        wrong.extend((!is_right).then(|| problem.to_string()));
        wrong
    });
    python::agree(RAISING, &all, |module, case| {
        case.env("env", "");
        case.mkdir("lib");
        case.write(&format!("lib/{module}.py"), "raise OSError\n");
        let folder = case.at("lib");
        case.set("PYTHONPATH", &folder);
        case.expect = Expect::Unknown;
        case.complaints()
    });
}
