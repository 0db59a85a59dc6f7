//! The differential test. It builds ordinary and unusual environments, asks the real interpreters, and compares every field.
//!
//! In CI each scenario runs with every Python that is found: the system's, those of pyenv, PyPy, and the one in `MATRIX_PYTHON`. Elsewhere the
//! scenarios share them out.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the test of the README uses the rest")]
mod python;

use python::{Case, Expect, Folder, Interpreter, Scenario};

/// Ordinary environments, as users make and keep them.
const ORDINARY: &[Scenario] = &[
    ("the global Python", |case| case.path_of_interpreter()),
    ("asked for by its path", |case| {
        case.ask(&case.interpreter.file.clone());
    }),
    ("an environment", |case| case.env("env", "")),
    ("an environment with blanks and accents", |case| {
        case.env("matrix env é", "");
    }),
    ("an environment named like an option", |case| {
        case.env("-env", "");
    }),
    (
        "an environment that was never activated, asked for by path",
        |case| {
            case.env("env", "");
            case.ask(&case.at("env/bin/python3"));
        },
    ),
    ("an environment asked for by a relative path", |case| {
        case.env("env", "");
        case.ask("env/bin/python3");
    }),
    ("an environment asked for with a dot in front", |case| {
        case.env("env", "");
        case.ask("./env/bin/python3");
    }),
    ("an environment asked for through its parent", |case| {
        case.env("env", "");
        case.mkdir("sub");
        case.cwd = case.at("sub");
        case.ask("../env/bin/python3");
    }),
    ("an environment asked for with doubled slashes", |case| {
        case.env("env", "");
        case.ask(&case.at("env//bin/../bin/python3"));
    }),
    ("global packages visible", |case| {
        case.env("env", "include-system-site-packages = true\n");
    }),
    ("global packages visible, in capitals", |case| {
        case.env("env", "INCLUDE-SYSTEM-SITE-PACKAGES = TRUE\n");
    }),
    ("global packages not visible", |case| {
        case.env("env", "include-system-site-packages = false\n");
    }),
    ("a value that is neither true nor false", |case| {
        case.env("env", "include-system-site-packages = yes\n");
    }),
    ("the last line about global packages counts", |case| {
        case.env(
            "env",
            "include-system-site-packages = true\ninclude-system-site-packages = false\n",
        );
    }),
    ("a link to the environment's folder", |case| {
        case.env("env", "");
        case.link("env", "link");
        case.path = case.at("link/bin");
    }),
    ("a link to the environment's bin", |case| {
        case.env("env", "");
        case.link("env/bin", "link");
        case.path = case.at("link");
    }),
    ("a link only to the environment's python", |case| {
        case.env("env", "");
        case.mkdir("elsewhere");
        case.link(case.at("env/bin/python3"), "elsewhere/python3");
        case.path = case.at("elsewhere");
    }),
    ("a relative link to the environment's python", |case| {
        case.env("env", "");
        case.mkdir("elsewhere");
        case.link("../env/bin/python3", "elsewhere/python3");
        case.path = case.at("elsewhere");
    }),
    ("an environment that was moved", |case| {
        case.env("env", "");
        case.mkdir("new");
        case.rename("env", "new/place");
        case.path = case.at("new/place/bin");
    }),
    ("an environment made from an environment", |case| {
        case.env("outer", "");
        let home = case.at("outer/bin");
        case.raw_env(
            "inner",
            &case.at("outer/bin/python3"),
            &format!("home = {home}\ninclude-system-site-packages = false\n"),
        );
        case.path = case.at("inner/bin");
    }),
    ("an environment within an environment", |case| {
        case.env("env", "");
        let cfg = case.cfg("");
        case.raw_env("env/inner", &case.interpreter.file.clone(), &cfg);
        case.path = case.at("env/inner/bin");
    }),
    ("two environments on PATH", |case| {
        case.env("second", "");
        case.env("first", "");
        case.path = format!("{}:{}", case.at("first/bin"), case.at("second/bin"));
    }),
    ("a copied executable", |case| {
        case.env("env", "");
        case.copy_executable("env");
    }),
    ("a copied executable with two slashes before it", |case| {
        case.moved("base", &[]);
        let cfg = format!("home = {}\n", case.at("base/bin"));
        case.raw_env("env", "/nowhere", &cfg);
        case.copy_executable("env");
        case.ask("env/bin//python3");
    }),
    ("a copied executable, global packages visible", |case| {
        case.env("env", "include-system-site-packages = true\n");
        case.copy_executable("env");
    }),
];

/// The text of a pyvenv.cfg. `@` means the interpreter's folder.
const LINES: &[(&str, &str)] = &[
    ("an empty pyvenv.cfg", ""),
    (
        "a pyvenv.cfg without home",
        "include-system-site-packages = false\n",
    ),
    ("home in capitals", "HOME = @\n"),
    ("home without blanks", "home=@\n"),
    ("home with many blanks", "  home  =   @   \n"),
    ("home with tabs", "\thome\t=\t@\t\n"),
    ("home in quotes", "home = \"@\"\n"),
    ("home after a number sign", "# home = @\n"),
    ("home on a line that does not end", "home = @"),
    ("home with a slash at the end", "home = @/\n"),
    ("home with dots in it", "home = @/../bin\n"),
    (
        "two homes, the first is good",
        "home = @\nhome = /nowhere/bin\n",
    ),
    (
        "two homes, the second is good",
        "home = /nowhere/bin\nhome = @\n",
    ),
    ("home that does not exist", "home = /nowhere/bin\n"),
    ("home that is empty", "home =\n"),
    ("home that is relative", "home = bin\n"),
    ("home with a tilde", "home = ~/bin\n"),
    (
        "Windows line ends",
        "home = @\r\ninclude-system-site-packages = false\r\n",
    ),
    (
        "old Macintosh line ends",
        "home = @\rinclude-system-site-packages = false\r",
    ),
    (
        "a carriage return without a line feed before the key",
        "home = @\nx = y\rinclude-system-site-packages = false\n",
    ),
    ("a byte order mark", "\u{feff}home = @\n"),
    (
        "a byte order mark, then a comment",
        "\u{feff}# x\nhome = @\n",
    ),
    ("a NUL before home", "x\0\nhome = @\n"),
    (
        "a NUL after home",
        "home = @\n\0include-system-site-packages = false\n",
    ),
    ("lines without a key", "hello\nhome = @\n====\n"),
    ("home of another Python", "home = /usr/bin\n"),
    ("home of one letter", "home = x\n"),
    ("home with a NUL after it", "home = @\0x\n"),
    ("home that is a NUL", "home = \0\n"),
    (
        "home that the C locale cannot encode",
        "home = @\u{2028}x\n",
    ),
    ("home that is a dot", "home = .\n"),
    ("home that is the root", "home = /\n"),
];

/// pyvenv.cfg with all kinds of changes.
const CONFIGURED: &[Scenario] = &[
    ("no pyvenv.cfg", |case| {
        case.env("env", "");
        case.remove("env/pyvenv.cfg");
    }),
    ("a renamed pyvenv.cfg", |case| {
        case.env("env", "");
        case.rename("env/pyvenv.cfg", "env/pyvenv.cfg.off");
    }),
    ("home that is the environment itself", |case| {
        case.home(&case.at("env/bin"));
    }),
    ("a byte that is not UTF-8", |case| {
        case.cfg_line_bytes(b"home = @\nx = \xff\n");
    }),
    ("a key that is not UTF-8", |case| {
        case.cfg_line_bytes(b"\xff = x\nhome = @\n");
    }),
    ("just below 32 kB", |case| case.cfg_sized(32 * 1024 - 1)),
    ("32 kB", |case| case.cfg_sized(32 * 1024)),
    ("100 kB", |case| case.cfg_sized(100_000)),
    ("a line of 10 kB before home", |case| {
        let long = "x".repeat(10_000);
        case.cfg_line(&format!("{long} = y\nhome = @\n"));
    }),
    ("pyvenv.cfg in bin", |case| {
        case.env("env", "");
        case.rename("env/pyvenv.cfg", "env/bin/pyvenv.cfg");
    }),
    ("a pyvenv.cfg in bin and another above it", |case| {
        case.env("env", "include-system-site-packages = true\n");
        case.write(
            "env/bin/pyvenv.cfg",
            "home = /nowhere\ninclude-system-site-packages = false\n",
        );
    }),
    ("pyvenv.cfg is a folder", |case| {
        case.env("env", "");
        case.remove("env/pyvenv.cfg");
        case.mkdir("env/pyvenv.cfg");
    }),
    ("pyvenv.cfg is a dead link", |case| {
        case.env("env", "");
        case.remove("env/pyvenv.cfg");
        case.link("/nowhere", "env/pyvenv.cfg");
    }),
    ("pyvenv.cfg is a link to a good one", |case| {
        case.env("env", "");
        case.rename("env/pyvenv.cfg", "real.cfg");
        case.link("../real.cfg", "env/pyvenv.cfg");
    }),
    ("pyvenv.cfg is a loop of links", |case| {
        case.env("env", "");
        case.remove("env/pyvenv.cfg");
        case.link("pyvenv.cfg", "env/pyvenv.cfg");
    }),
    ("pyvenv.cfg is /dev/null", |case| {
        case.env("env", "");
        case.remove("env/pyvenv.cfg");
        case.link("/dev/null", "env/pyvenv.cfg");
    }),
    ("pyvenv.cfg is a FIFO", |case| {
        case.env("env", "");
        case.remove("env/pyvenv.cfg");
        case.fifo("env/pyvenv.cfg");
    }),
    ("a copied executable, home without blanks", |case| {
        case.cfg_line("home=@\n");
        case.copy_executable("env");
    }),
    ("a copied executable, home without an end of line", |case| {
        case.cfg_line("home = @");
        case.copy_executable("env");
    }),
    ("a copied executable, home with two blanks", |case| {
        case.cfg_line("home =  @\n");
        case.copy_executable("env");
    }),
    ("a copied executable, home does not exist", |case| {
        case.cfg_file(b"home = /nowhere/bin\n");
        case.copy_executable("env");
    }),
    ("a copied executable, home is relative", |case| {
        case.cfg_file(b"home = bin\n");
        case.copy_executable("env");
    }),
    ("a copied executable, an empty pyvenv.cfg", |case| {
        case.cfg_file(b"");
        case.copy_executable("env");
    }),
    ("a copied executable, pyvenv.cfg in bin", |case| {
        case.env("env", "");
        case.copy_executable("env");
        case.rename("env/pyvenv.cfg", "env/bin/pyvenv.cfg");
    }),
    ("a copied executable, pyvenv.cfg is a FIFO", |case| {
        case.copy_without_cfg();
        case.fifo("env/pyvenv.cfg");
    }),
];

/// A variable that Python reads when it starts, and its value. `@` means the prefix.
type Variable = (&'static str, &'static str);

const FOR_THE_GLOBAL_PYTHON: &[Variable] = &[
    ("VIRTUAL_ENV", "/nowhere/matrix_env"),
    ("PYTHONNOUSERSITE", "1"),
    ("PYTHONNOUSERSITE", "x"),
    ("PYTHONNOUSERSITE", "-1"),
    // Zero means no. Blanks may come before the number, but not after it.
    ("PYTHONNOUSERSITE", "0"),
    ("PYTHONNOUSERSITE", " 0"),
    ("PYTHONNOUSERSITE", "0 "),
    ("PYTHONHOME", "@/"),
    ("PYTHONHOME", "@:@/x/.."),
    ("PYTHONHOME", "@:"),
    ("PYTHONPLATLIBDIR", "lib64"),
    ("PYTHONEXECUTABLE", "python3"),
    ("__PYVENV_LAUNCHER__", "/nowhere/bin/python3"),
];

const FOR_AN_ENVIRONMENT: &[Variable] = &[
    ("PYTHONPATH", "/nowhere:/tmp"),
    ("PYTHONHOME", "/nowhere"),
    ("PYTHONHOME", "@"),
    ("PYTHONHOME", ""),
    ("PYTHONHOME", ":"),
    ("PYTHONPLATLIBDIR", "lib64"),
    ("PYTHONPLATLIBDIR", "lib/"),
    ("PYTHONPLATLIBDIR", ""),
];

/// Variables, PATH and folders with all kinds of changes.
const UNUSUAL: &[Scenario] = &[
    ("PYTHONHOME with global packages visible", |case| {
        case.env("env", "include-system-site-packages = true\n");
        let prefix = case.interpreter.prefix.clone();
        case.set("PYTHONHOME", &prefix);
    }),
    (
        "PYTHONHOME is only a colon, the library is in this folder",
        |case| {
            case.env("env", "");
            case.mkdir("lib");
            let name = format!("lib/{}{}", case.interpreter.word, case.interpreter.minor);
            case.link(&case.interpreter.stdlib, &name);
            case.set("PYTHONHOME", ":");
        },
    ),
    ("two slashes at the front", |case| {
        case.env("env", "");
        case.ask(&format!("/{}", case.at("env/bin/python3")));
    }),
    ("a base that is reached through a link", |case| {
        case.link(&case.interpreter.prefix, "base");
        let home = case.at("base/bin");
        case.raw_env(
            "env",
            &case.interpreter.file.clone(),
            &format!("home = {home}\n"),
        );
        case.path = case.at("env/bin");
    }),
    ("thirty links one after the other", |case| {
        case.link(&case.interpreter.file, "link0");
        for number in 1..30 {
            case.link(format!("link{}", number - 1), &format!("link{number}"));
        }
        case.link("link29", "python3");
        case.path = case.at("");
    }),
    ("home of another Python, a copied executable", |case| {
        case.cfg_file(b"home = /usr/bin\n");
        case.copy_executable("env");
    }),
    ("home of many letters", |case| {
        case.cfg_file(format!("home = /{}\n", "x".repeat(3000)).as_bytes());
    }),
    ("__PYVENV_LAUNCHER__ names an environment", |case| {
        case.env("env", "");
        case.path_of_interpreter();
        let file = case.at("env/bin/python3");
        case.set("__PYVENV_LAUNCHER__", &file);
    }),
    ("PYTHONEXECUTABLE names an environment", |case| {
        case.env("env", "");
        case.path_of_interpreter();
        let file = case.at("env/bin/python3");
        case.set("PYTHONEXECUTABLE", &file);
    }),
    ("PYTHONEXECUTABLE wins over the launcher", |case| {
        case.env("env", "");
        case.path_of_interpreter();
        let file = case.at("env/bin/python3");
        case.set("PYTHONEXECUTABLE", &file);
        case.set("__PYVENV_LAUNCHER__", "/nowhere/bin/python3");
    }),
    ("a dead environment first on PATH", |case| {
        case.mkdir("dead/bin");
        case.link("/nowhere/python3", "dead/bin/python3");
        case.env("env", "");
        case.path = format!("{}:{}", case.at("dead/bin"), case.at("env/bin"));
    }),
    ("odd entries on PATH", |case| {
        case.mkdir("folder/python3");
        case.mkdir("plain");
        case.write("plain/python3", "not me");
        case.env("env", "");
        case.path = format!(
            "{}:/nowhere:{}:{}",
            case.at("folder"),
            case.at("plain"),
            case.at("env/bin")
        );
    }),
    ("a relative entry on PATH", |case| {
        case.env("env", "");
        case.path = "env/bin".into();
    }),
    ("a relative entry with a dot on PATH", |case| {
        case.env("env", "");
        case.path = "./env/bin".into();
    }),
    ("a relative entry through the parent on PATH", |case| {
        case.env("env", "");
        case.mkdir("sub");
        case.cwd = case.at("sub");
        case.path = "../env/bin".into();
    }),
    ("an entry with dots and slashes on PATH", |case| {
        case.env("env", "");
        case.path = case.at("env//./bin/../bin/");
    }),
    ("a dot on PATH", |case| {
        case.env("env", "");
        case.cwd = case.at("env/bin");
        case.path = format!(".:{}", case.interpreter.folder());
    }),
    ("an empty entry on PATH", |case| {
        case.env("env", "");
        case.copy_executable("env");
        case.cwd = case.at("env/bin");
        case.path = format!(":{}", case.interpreter.folder());
    }),
    ("an empty PATH", |case| {
        case.env("env", "");
        case.cwd = case.at("env/bin");
        case.path = String::new();
    }),
    ("a relative path from the root", |case| {
        case.env("env", "");
        case.cwd = "/".into();
        case.ask(case.at("env/bin/python3").trim_start_matches('/'));
    }),
    (
        "a relative path from the root with a dot in front",
        |case| {
            case.env("env", "");
            case.cwd = "/".into();
            case.ask(&format!(".{}", case.at("env/bin/python3")));
        },
    ),
    ("a moved Python", |case| case.moved("base", &[])),
    ("an environment of a moved Python", |case| {
        case.env_of_moved(&[]);
    }),
    ("a moved Python asked for with doubled slashes", |case| {
        case.moved("base", &[]);
        case.ask(&case.at("base//bin//python3"));
    }),
    ("a zip landmark above", |case| {
        case.env("env", "");
        let zip = case.interpreter.minor.replace('.', "");
        case.mkdir("env/lib");
        case.write(&format!("env/lib/python{zip}.zip"), "");
    }),
    (
        "a zip landmark above a copied executable without pyvenv.cfg",
        |case| {
            case.copy_without_cfg();
            let zip = case.interpreter.minor.replace('.', "");
            case.write(&format!("env/lib/python{zip}.zip"), "");
        },
    ),
    ("a ._pth file next to the executable", |case| {
        case.env("env", "");
        case.write("env/bin/python3._pth", "lib\n");
    }),
    ("a ._pth file that leads to the library", |case| {
        case.env("env", "");
        let stdlib = case.interpreter.stdlib.clone();
        case.write(
            "env/bin/python3._pth",
            format!("# comment\n{stdlib}\n{stdlib}/lib-dynload\n"),
        );
    }),
    ("a ._pth file that asks for site", |case| {
        case.env("env", "");
        let stdlib = case.interpreter.stdlib.clone();
        case.write(
            "env/bin/python3._pth",
            format!("{stdlib}\n{stdlib}/lib-dynload\nimport site\n"),
        );
    }),
    (
        "a ._pth file that asks for site, and no user site",
        |case| {
            case.env("env", "");
            let stdlib = case.interpreter.stdlib.clone();
            case.write(
                "env/bin/python3._pth",
                format!("{stdlib}\n{stdlib}/lib-dynload\nimport site\n"),
            );
            case.set("PYTHONNOUSERSITE", "1");
        },
    ),
    ("the mark of a build tree, and PYTHONHOME", |case| {
        case.copy_without_cfg();
        case.write("env/bin/pybuilddir.txt", "build/lib");
        let home = format!("{}/bin/..", case.interpreter.prefix);
        case.set("PYTHONHOME", &home);
    }),
    ("the other mark of a build tree", |case| {
        case.copy_without_cfg();
        case.mkdir("env/bin/Modules");
        case.write("env/bin/Modules/Setup.local", "");
    }),
    ("the mark of a build tree next to a link", |case| {
        case.env("env", "");
        case.write("env/bin/pybuilddir.txt", "");
    }),
    ("a mark of a build tree that is a folder", |case| {
        case.copy_without_cfg();
        case.mkdir("env/bin/pybuilddir.txt");
    }),
    ("the mark of a build tree", |case| {
        case.copy_without_cfg();
        case.write("env/bin/pybuilddir.txt", "build/lib");
    }),
    ("a copied executable in an empty folder", |case| {
        case.copy_without_cfg();
    }),
    ("a landmark in the environment itself", |case| {
        case.copy_without_cfg();
        let lib = format!("env/{}", case.interpreter.lib());
        case.mkdir(&lib);
        case.write(&format!("{lib}/os.py"), "");
    }),
    ("only lib-dynload in the environment", |case| {
        case.copy_without_cfg();
        case.mkdir("env/LIB/lib-dynload");
    }),
    ("a module path that contains the library", |case| {
        case.path_of_interpreter();
        let stdlib = case.interpreter.stdlib.clone();
        case.set("PYTHONHOME", "/nowhere");
        case.set("PYTHONPATH", &format!("{stdlib}:{stdlib}/lib-dynload"));
    }),
    ("a path that is not UTF-8", |case| case.not_utf8()),
    ("a path with a line break and an escape", |case| {
        case.env("env\n\u{1b}[31m", "");
    }),
    ("a very long path", |case| {
        let deep = format!("{0}/{0}/{0}/{0}", "x".repeat(200));
        case.mkdir(&deep);
        case.env(&format!("{deep}/env"), "");
    }),
    ("a script that starts Python", |case| {
        case.script(
            "python3",
            &format!("#!/bin/sh\nexec {} \"$@\"\n", case.interpreter.file),
        );
        case.expect = Expect::Unknown;
    }),
    ("a script that only mentions pyenv", |case| {
        case.script(
            "python3",
            &format!(
                "#!/bin/sh\n# export PYENV_ROOT=\"/x\"\n: \"/x/pyenv\" exec\nexec {} \"$@\"\n",
                case.interpreter.file
            ),
        );
        case.expect = Expect::Unknown;
    }),
];

/// A library without one of its parts. Up to Python 3.10 Python needs each of them, later only the encodings.
const INCOMPLETE: [(&str, &str); 15] = [
    ("without site", "site.py"),
    ("without os", "os.py"),
    ("without io", "io.py"),
    ("without abc", "abc.py"),
    ("without codecs", "codecs.py"),
    ("without stat", "stat.py"),
    ("without posixpath", "posixpath.py"),
    ("without genericpath", "genericpath.py"),
    ("without _collections_abc", "_collections_abc.py"),
    ("without _sitebuiltins", "_sitebuiltins.py"),
    ("without _weakrefset", "_weakrefset.py"),
    ("without sysconfig", "sysconfig.py"),
    ("without what Python does not need to start", "this.py"),
    ("without lib-dynload", "lib-dynload"),
    ("without the encodings", "encodings/__init__.py"),
];

/// Leaves a module of the library out.
fn without(case: &mut Case, module: &str) {
    case.moved("base", &[module]);
}

/// Writes an empty file in the place of a module of the library.
fn emptied(case: &mut Case, module: &str) {
    case.moved("base", &[module]);
    case.write(&format!("base/LIB/{module}"), "");
}

/// Modules, each emptied in turn. Python up to 3.10 and PyPy need most of them.
const EMPTIED: [(&str, &str); 14] = [
    ("with an empty codecs", "codecs.py"),
    ("with an empty io", "io.py"),
    ("with an empty abc", "abc.py"),
    ("with an empty os", "os.py"),
    ("with an empty stat", "stat.py"),
    ("with an empty posixpath", "posixpath.py"),
    ("with an empty genericpath", "genericpath.py"),
    ("with an empty _collections_abc", "_collections_abc.py"),
    ("with an empty _sitebuiltins", "_sitebuiltins.py"),
    ("with an empty _bootlocale", "_bootlocale.py"),
    ("with an empty ASCII", "encodings/ascii.py"),
    ("with an empty this", "this.py"),
    ("with an empty runpy", "runpy.py"),
    (
        "with an empty _pypy_generic_alias",
        "_pypy_generic_alias.py",
    ),
];

/// The folders of packages that a module is needed for. A file there may have to be decoded.
fn with_packages(case: &Case) {
    case.mkdir("base/LIB/site-packages");
    case.write("base/LIB/site-packages/a.pth", "# nothing\n");
}

#[test]
fn python_agrees_about_empty_modules() {
    python::agree(&EMPTIED, &python::interpreters_apart(), |module, case| {
        emptied(case, module);
        // Python 3.6 needs this one always: `construct` does not look at its size.
        if *module == "_bootlocale.py" && case.interpreter.minor_number() == 6 {
            return Vec::new();
        }
        case.complaints()
    });
    let rows = [
        ("with an empty stat, and packages", "stat.py"),
        ("with an empty _bootlocale, and packages", "_bootlocale.py"),
        (
            "with an empty UTF-8 with a mark, and packages",
            "encodings/utf_8_sig.py",
        ),
    ];
    python::agree(&rows, &python::interpreters_apart(), |module, case| {
        emptied(case, module);
        with_packages(case);
        case.complaints()
    });
}

#[test]
fn python_agrees_about_modules_that_only_some_versions_need() {
    let rows = [
        ("without the data of sysconfig", "_sysconfigdata"),
        ("without _bootlocale", "_bootlocale"),
        ("without ASCII", "encodings/ascii"),
        ("without _pypy_generic_alias", "_pypy_generic_alias"),
        ("without UTF-8 with a mark", "encodings/utf_8_sig"),
    ];
    python::agree(&rows, &python::interpreters_apart(), |module, case| {
        let files = case.interpreter.needs.iter().cloned();
        let mut files: Vec<String> = files.filter(|it| it.starts_with(module)).collect();
        files.push(format!("{module}.py"));
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        case.moved("base", &files);
        with_packages(case);
        case.complaints()
    });
}

/// An empty site.py takes the place of site up to 3.10 and in PyPy: Python starts, and looks for no environment.
#[test]
fn an_environment_whose_site_is_empty_is_not_called_isolated() {
    let rows = [("an environment of an empty site", ())];
    python::agree(&rows, &python::interpreters_apart(), |(), case| {
        emptied(case, "site.py");
        let cfg = format!("home = {}\n", case.at("base/bin"));
        case.raw_env("env", "../../base/bin/python3", &cfg);
        case.path = case.at("env/bin");
        let is_frozen = case.interpreter.word == "python" && case.interpreter.minor_number() > 10;
        if !is_frozen {
            case.expect = Expect::Unknown;
        }
        case.complaints()
    });
}

/// An encoding, and what happens to it.
type Change = (fn(&mut Case, &str), &'static str);

/// A library without one of its encodings, or with an empty one.
const ENCODINGS: [(&str, Change); 5] = [
    ("without the aliases", (without, "encodings/aliases.py")),
    ("without UTF-8", (without, "encodings/utf_8.py")),
    ("with an empty package", (emptied, "encodings/__init__.py")),
    ("with empty aliases", (emptied, "encodings/aliases.py")),
    ("without a needless one", (without, "encodings/koi8_r.py")),
];

/// The same, but whether PyPy needs Latin-1, and 3.6 UTF-8, depends on the locale.
const OF_CPYTHON: [(&str, Change); 3] = [
    ("without Latin-1", (without, "encodings/latin_1.py")),
    ("with an empty UTF-8", (emptied, "encodings/utf_8.py")),
    ("with an empty Latin-1", (emptied, "encodings/latin_1.py")),
];

#[test]
fn python_agrees_about_every_missing_encoding() {
    let complaints = |(change, module): &Change, case: &mut Case| {
        change(case, module);
        case.complaints()
    };
    let interpreters = python::interpreters();
    python::agree(&ENCODINGS, &interpreters, complaints);
    let since = |minor: u32| {
        let mut later = interpreters.clone();
        later.retain(|it| it.word == "python" && it.minor_number() >= minor);
        later
    };
    python::agree(&OF_CPYTHON, &since(7), complaints);
    let scenarios: &[Scenario] = &[("with os.pyc instead of os.py", |case| {
        case.moved("base", &["os.py"]);
        case.write("base/LIB/os.pyc", "");
    })];
    agree(scenarios, &since(11));
}

#[test]
fn python_agrees_about_an_incomplete_library() {
    python::agree(
        &INCOMPLETE,
        &python::interpreters_apart(),
        |module, case| {
            without(case, module);
            case.complaints()
        },
    );
}

/// Runs the scenarios with every interpreter and reports all disagreements at once.
#[track_caller]
fn agree(scenarios: &[Scenario], interpreters: &[Interpreter]) {
    python::agree(scenarios, interpreters, |build, case| {
        build(case);
        case.complaints()
    });
}

#[test]
fn python_agrees_about_ordinary_environments() {
    agree(ORDINARY, &python::interpreters());
}

#[test]
fn python_agrees_about_every_pyvenv_cfg() {
    agree(CONFIGURED, &python::interpreters_apart());
    python::agree(LINES, &python::interpreters_apart(), |cfg, case| {
        case.cfg_line(cfg);
        case.complaints()
    });
}

/// Compares the Python of this case, with each of these variables.
#[track_caller]
fn agree_with(variables: &[Variable], build: fn(&mut Case)) {
    let rows: Vec<(&str, Variable)> = variables.iter().map(|it| (it.0, *it)).collect();
    python::agree(&rows, &python::interpreters(), |(name, value), case| {
        build(case);
        case.set(name, &value.replace('@', &case.interpreter.prefix));
        let complaints = case.complaints().into_iter();
        complaints.map(|it| format!("{value}: {it}")).collect()
    });
}

#[test]
fn python_agrees_about_variables() {
    const GLOBAL: fn(&mut Case) = |case| case.path_of_interpreter();
    agree_with(FOR_THE_GLOBAL_PYTHON, GLOBAL);
    agree_with(FOR_AN_ENVIRONMENT, |case| case.env("env", ""));
}

#[test]
fn python_agrees_about_unusual_variables_and_folders() {
    agree(UNUSUAL, &python::interpreters_apart());
}

/// Lets a tool make an environment and compares all fields and the kind. If the tool cannot make it, nothing is compared.
fn made_by(
    interpreter: &Interpreter,
    program: &str,
    arguments: &[&str],
    kind: &str,
) -> Vec<String> {
    let mut case = Case::new(interpreter);
    if !case.made_by(program, arguments) {
        python::note(&format!(
            "not compared: {program} {arguments:?} cannot make an environment of {}",
            interpreter.name
        ));
        return Vec::new();
    }
    let mut complaints = case.complaints();
    let found = case.kind();
    complaints.extend((found != kind).then(|| format!("kind {found}, expected {kind}")));
    complaints
        .iter()
        .map(|it| format!("{program} {arguments:?} ({}): {it}", interpreter.name))
        .collect()
}

/// Compares an environment of each tool.
fn made_by_all(interpreter: &Interpreter) -> Vec<String> {
    let mut complaints = Vec::new();
    let file = interpreter.file.as_str();
    for options in [
        &["--without-pip"][..],
        &["--without-pip", "--copies"],
        &["--without-pip", "--system-site-packages", "--prompt", "neo"],
    ] {
        let arguments = [&["-m", "venv"], options].concat();
        complaints.extend(made_by(interpreter, file, &arguments, "venv"));
    }
    for (tool, arguments) in [
        ("virtualenv", ["-q", "--no-seed", "-p", file]),
        ("uv", ["venv", "-q", "--python", file]),
    ] {
        if let Some(program) = python::which(tool) {
            let program = program.to_str().unwrap();
            complaints.extend(made_by(interpreter, program, &arguments, tool));
        }
    }
    complaints
}

#[test]
fn python_agrees_about_what_the_tools_make() {
    for tool in ["virtualenv", "uv"] {
        if python::which(tool).is_none() {
            python::absent(&format!("no {tool}"));
        }
    }
    let all = python::interpreters();
    let complaints: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = all
            .iter()
            .map(|it| scope.spawn(move || made_by_all(it)))
            .collect();
        threads
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    assert!(
        complaints.is_empty(),
        "{} disagreements:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}
