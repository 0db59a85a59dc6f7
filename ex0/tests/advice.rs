//! Advice that helps. Each case asks in a shell, obeys what is printed in the same shell, and looks at what is true after that.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

mod place;
#[expect(dead_code, reason = "the differential test uses the rest")]
mod python;

use std::path::PathBuf;

use place::Place;
use python::Interpreter;
use serde_json::Value;

/// A place for this Python, with the user's own home.
fn place(base: Interpreter) -> Option<Place> {
    let home = std::env::home_dir().unwrap_or_default();
    Place::with(Some(base)).map(|it| Place { home, ..it })
}

fn at_home() -> Option<Place> {
    place(python::cpython_since(11)?)
}

/// The same, with the environment `env`.
fn with_env() -> Option<Place> {
    let place = at_home()?;
    place.run("\"$B\" -m venv --without-pip env");
    place.at("env/pyvenv.cfg").exists().then_some(place)
}

/// The claim of a variable: its verdict, its meaning and its hint.
fn claim(said: &Value, name: &str) -> [String; 3] {
    let claims = said["claims"].as_array().unwrap();
    let claim = claims.iter().find(|it| it["name"] == name).unwrap();
    ["verdict", "meaning", "hint"].map(|it| claim[it].as_str().unwrap_or_default().to_owned())
}

#[test]
fn an_active_environment_is_active_although_another_python_is_asked_about() {
    let Some(place) = with_env() else {
        return;
    };
    place.run("\"$B\" -m venv --without-pip other; cp -R other broken; printf '\\377' >> broken/pyvenv.cfg");
    for (asked, verdict) in [
        ("\"$B\"", "agrees"),
        ("other", "another environment is in force"),
        ("broken", "agrees"),
        ("gone", "agrees"),
        ("./gone", "agrees"),
        ("env/pyvenv.cfg", "agrees"),
    ] {
        let script = format!(". env/bin/activate; \"$C\" --json --python {asked}");
        let said = place.say(&script);
        let meaning = "it is active in this shell, but --python asks about another Python";
        assert_eq!(
            claim(&said, "VIRTUAL_ENV"),
            [verdict, meaning, ""],
            "{asked}: {said}"
        );
    }
    let said = place.say(". env/bin/activate; \"$C\" --json --python env");
    assert_eq!(claim(&said, "VIRTUAL_ENV")[2], "", "{said}");
    // It is not active, so activating it changes something.
    let said = place.say("VIRTUAL_ENV=$D/env \"$C\" --json --python \"$B\"");
    assert!(claim(&said, "VIRTUAL_ENV")[1].ends_with("not on PATH"));
}

#[test]
fn what_python_asks_about_is_not_called_the_python_that_starts() {
    let Some(place) = with_env() else {
        return;
    };
    place.run("\"$B\" -m venv --without-pip other");
    for (variable, python, expected) in [
        (
            "env",
            "env",
            "the Python that --python asks about is this environment's",
        ),
        (
            "",
            "env",
            "its Python is still the one that --python asks about",
        ),
        (
            "env",
            "other",
            "the Python that --python asks about belongs to another environment",
        ),
        (
            "env",
            "\"$B\"",
            "the Python that --python asks about is in no virtual environment, and the bin of this one is not on PATH",
        ),
    ] {
        // The Python that starts is in the other environment, or in none.
        for path in ["$D/other/bin:/usr/bin", "/usr/bin"] {
            let set =
                format!("PATH={path}; test -z '{variable}' || export VIRTUAL_ENV=$D/{variable}");
            let said = place.say(&format!("{set}; \"$C\" --json --python {python}"));
            let [_, meaning, _] = claim(&said, "VIRTUAL_ENV");
            assert_eq!(meaning, expected, "{variable}, {python}, {path}");
        }
    }
}

#[test]
fn conda_is_not_in_force_when_an_environment_made_from_it_is() {
    let Some(place) = at_home() else { return };
    let conda = "mkdir -p neo/bin neo/lib neo/conda-meta; cp \"$B\" neo/bin/python3; \
                 ln -s \"$(dirname \"$(dirname \"$B\")\")\"/lib/python3* neo/lib/; neo/bin/python3 -m venv --without-pip v";
    place.run(conda);
    let ask = "CONDA_PREFIX=$D/neo CONDA_DEFAULT_ENV=neo \"$C\" --json";
    let said = place.say(&format!(". v/bin/activate; {ask}"));
    let prefix = place.text(". v/bin/activate; python3 -c 'import sys; print(sys.prefix)'");
    assert_eq!(prefix, place.at("v").display().to_string());
    let [verdict, meaning, hint] = claim(&said, "CONDA_PREFIX");
    assert_eq!(verdict, "another environment is in force", "{said}");
    assert!(meaning.contains("made from this one"), "{said}");
    assert_eq!(said["managed"]["in_force"], false, "{said}");
    let left = format!("PATH=$D/neo/bin:$PATH; . v/bin/activate; {hint}; {ask}");
    assert_eq!(claim(&place.say(&left), "CONDA_PREFIX")[0], "agrees");
    // Without activate there is nothing that `deactivate` could leave.
    let said = place.say(&format!("PATH=$D/v/bin:$PATH; {ask}"));
    assert_eq!(claim(&said, "CONDA_PREFIX")[2], "", "{said}");
    let said = place.say(&format!("PATH=$D/neo/bin:$PATH; {ask}"));
    assert_eq!(claim(&said, "CONDA_PREFIX")[0], "agrees");
    let said = place.say(&format!(
        "PATH=$D/neo/bin:$PATH; {ask} --python /usr/bin/python3"
    ));
    assert_eq!(claim(&said, "CONDA_PREFIX")[2], "", "{said}");
}

#[test]
fn pixi_gets_commands_of_pixi() {
    let Some(place) = with_env() else {
        return;
    };
    let make = "E=neo/.pixi/envs/default; mkdir -p $E/bin $E/lib $E/conda-meta; echo '{}' > $E/conda-meta/pixi; \
                cp \"$B\" $E/bin/python3; ln -s \"$(dirname \"$(dirname \"$B\")\")\"/lib/python3* $E/lib/; \
                cp -R $E neo/.pixi/envs/lint";
    place.run(make);
    let claims = |before: &str| {
        let said = place.say(&format!(
            "E=$D/neo/.pixi/envs/default; {before}; \"$C\" --json"
        ));
        assert!(
            !said["claims"].to_string().contains("conda "),
            "{before}: {said}"
        );
        let both = ["CONDA_PREFIX", "PIXI_IN_SHELL"];
        both.map(|it| claim(&said, it))
            .map(|[verdict, _, hint]| (verdict, hint))
    };
    let pair = |verdict: &str, hint: &str| (verdict.to_owned(), hint.to_owned());
    let shell = "export CONDA_PREFIX=$E PIXI_IN_SHELL=1";
    let both = claims(&format!("{shell} PATH=$E/bin:$PATH"));
    assert_eq!(both, [pair("agrees", ""), pair("agrees", "")]);
    // Another Python comes first on PATH.
    let both = claims(&format!("{shell} PATH=/usr/bin:$E/bin"));
    assert_eq!(
        both,
        [pair("not activated", "exit"), pair("not activated", "exit")]
    );
    let both = claims(&format!("{shell} PATH=$E/bin:$PATH; . env/bin/activate"));
    let other = "another environment is in force";
    assert_eq!(both, [pair(other, "deactivate"), pair(other, "deactivate")]);
    // It was deleted.
    let both = claims(&format!("{shell}; CONDA_PREFIX=$D/neo/.pixi/envs/gone"));
    assert_eq!(both, [pair("stale", "exit"), pair("stale", "exit")]);
    // Outside pixi's shell.
    let script = "CONDA_PREFIX=$D/neo/.pixi/envs/lint PATH=/usr/bin \"$C\" --json";
    assert_eq!(claim(&place.say(script), "CONDA_PREFIX")[2], "");
}

#[test]
fn conda_prefix_does_not_agree_with_a_folder_that_is_not_conda_s() {
    let Some(place) = with_env() else {
        return;
    };
    let ask = "PATH=$D/env/bin:$PATH CONDA_PREFIX=$D/env \"$C\" --json";
    let said = place.say(ask);
    assert_eq!(claim(&said, "CONDA_PREFIX")[0], "stale", "{said}");
    let said = place.say(
        "CONDA_PREFIX=$(\"$B\" -c 'import sys; print(sys.prefix)') \"$C\" --json --python \"$B\"",
    );
    assert_eq!(claim(&said, "CONDA_PREFIX")[0], "stale", "{said}");
}

#[test]
fn a_folder_or_a_hidden_file_is_a_path_even_without_a_slash() {
    let Some(place) = with_env() else {
        return;
    };
    place.run("cp -R env/bin other; echo env > .venv");
    let ask = |name: &str| place.say(&format!("cd env; \"$C\" --json --python {name}"));
    assert_eq!(ask("bin")["status"], "isolated");
    let ask = |name: &str| place.say(&format!("\"$C\" --json --python {name}"));
    let executable = |said: &Value| said["executable"].as_str().map(str::to_owned);
    let python = place.at("other/python3").display().to_string();
    assert_eq!(executable(&ask("other")), Some(python));
    place.run("rm other/python3");
    let python = place.at("other/python").display().to_string();
    assert_eq!(executable(&ask("other")), Some(python));
    let what = ask(".venv")["problem"]["what"].as_str().unwrap().to_owned();
    assert!(what.ends_with("/.venv is not executable"), "{what}");
    // A command on PATH wins over a file with its name.
    place.run("echo > python3");
    assert_eq!(ask("python3")["status"], "global");
}

#[test]
fn a_library_behind_a_link_is_not_the_library_of_another_installation() {
    let Some(base) = python::interpreters().into_iter().rfind(is_of_pyenv) else {
        return python::absent("no Python of pyenv's");
    };
    let Some(place) = place(base) else { return };
    place.run("mkdir -p base/bin; cp \"$B\" base/bin/python3; ln -s \"${B%/bin/*}\"/lib base/lib; base/bin/python3 -m venv --without-pip env",
    );
    let said = place.say("\"$C\" --json --python env");
    assert_eq!(said["base_prefix"], place.at("base").to_str().unwrap());
    let warnings = said["warnings"].to_string();
    assert!(!warnings.contains("runs the library of"), "{warnings}");
}

/// What is wrong with `bin/python3` of an active environment, and a word of the meaning.
const UNUSABLE: &[(&str, &str)] = &[
    ("cp \"$B\" $P; chmod 644 $P", "is not executable"),
    ("ln -s /gone $P", "is a link to /gone"),
    ("ln -s python3 $P", "its links lead in a circle"),
    ("mkdir $P", "not a regular file"),
    (":", "no python"),
];

#[test]
fn an_active_environment_without_a_good_python3_is_mended_and_not_activated() {
    let Some(place) = with_env() else {
        return;
    };
    for (damage, expected) in UNUSABLE {
        // `python` still starts, or nothing does, or the next one on PATH is another environment's.
        for (python, path) in [
            ("ln -s \"$B\" e/bin/python", ""),
            (":", ""),
            ("ln -s \"$B\" e/bin/python", ":$D/env/bin"),
        ] {
            let script = format!(
                "rm -rf e; cp -R env e; sed -i 's#env/bin#e/bin#' e/bin/activate; sed -i 's#/env\\b#/e#' e/bin/activate; rm e/bin/python*; \
                 P=e/bin/python3; {damage}; {python}; . e/bin/activate; PATH=$D/e/bin{path}:/usr/bin:/bin; hash -r; \"$C\" --json"
            );
            let said = place.say(&script);
            let [_, meaning, hint] = claim(&said, "VIRTUAL_ENV");
            assert!(meaning.contains(expected), "{damage}, {python}: {meaning}");
            assert!(!hint.contains("activate"), "{damage}, {python}: {hint}");
            place.run(&hint);
            let said = place
                .say("VIRTUAL_ENV=$D/e; export VIRTUAL_ENV; PATH=$D/e/bin:$PATH; \"$C\" --json");
            assert_eq!(
                claim(&said, "VIRTUAL_ENV")[0],
                "agrees",
                "{damage}, {python}: {hint}: {said}"
            );
        }
    }
}

#[test]
fn the_shell_is_found_behind_programs_that_only_start_another_one() {
    let Some(place) = at_home() else { return };
    for (shell, expected) in [
        ("dash", "  activate          . matrix_env/bin/activate\n"),
        (
            "fish",
            "  activate          source matrix_env/bin/activate.fish\n",
        ),
        (
            "zsh",
            "  activate          source matrix_env/bin/activate\n",
        ),
    ] {
        if python::which(shell).is_none() {
            python::absent(&format!("no {shell}"));
            continue;
        }
        for wrapper in [
            "",
            "timeout 9",
            "timeout 9 timeout 9 nice",
            "env A=b timeout 9",
            "find /dev/null -exec",
        ] {
            let last = if wrapper.starts_with("find") {
                "\\;"
            } else {
                ""
            };
            // The login shell must not count: it is another one.
            let script = format!(
                "export SHELL=/bin/csh; {wrapper} \"$C\" --python \"$B\" --color never {last}; true"
            );
            let output = place.run_in(shell, &script);
            let text = String::from_utf8(output.stdout).unwrap();
            let wrong = format!("{shell}, {wrapper}: {text}");
            assert!(text.contains(expected), "{wrong}");
        }
    }
    // A program that is no shell and that we do not know may have any shell: SHELL counts.
    let script = "SHELL=/usr/bin/fish \"$B\" -c 'import subprocess, sys; subprocess.run(sys.argv[1:])' \"$C\" --python \"$B\"";
    let text = place.text(script);
    python::has(&text, "activate.fish");
}

/// csh has no way to write the path. The advice leads to a shell that has one, and the command there helps.
#[test]
fn a_shell_that_cannot_write_a_path_is_told_so() {
    let Some(place) = with_env() else {
        return;
    };
    place.run("cp /bin/bash tcsh; mv env $'e\\001v'; cd $'e\\001v/bin'; ln -sfn /none python3; ln -sfn /none python",
    );
    let ask = "for it in e*v; do \"$C\" --python $it --color never; done; true";
    let text = place.text(&format!("./tcsh -c '{ask}'"));
    python::has(&text, "What to do: start `sh` and ask again there");
    let text = place.text(&format!("sh -c '{ask}'"));
    python::has(&text, "\\001v/bin/python3')\"");
}

/// `python -m venv` writes no script for these two shells.
#[test]
fn a_shell_gets_only_commands_that_it_can_run_and_scripts_that_are_written() {
    let Some(place) = with_env() else {
        return;
    };
    // The name of the process is what counts.
    place.run("for it in nu xonsh; do cp /bin/bash $it; done; touch env/bin/activate.xsh");
    for shell in ["nu", "xonsh"] {
        let ask = |tools: &str| {
            place.text(&format!(
                "PATH=$D/tools:$PATH; {tools}; ./{shell} -c '\"$C\" --color never; true'"
            ))
        };
        let alone = ask("true");
        assert!(alone.contains("matrix_env/bin/python3"), "{shell}: {alone}");
        assert!(!alone.contains("bin/activate."), "{shell}: {alone}");
        let tool = "mkdir -p tools; printf '#!/bin/sh\\n' > tools/uv; chmod +x tools/uv";
        let with_uv = ask(tool);
        assert!(
            with_uv.contains("uv venv matrix_env --python /"),
            "{shell}: {with_uv}"
        );
        assert!(with_uv.contains("bin/activate."), "{shell}: {with_uv}");
        place.run("rm -r tools");
    }
    let hints = place.text(
        "./xonsh -c 'VIRTUAL_ENV=/none \"$C\" --python env --color never; true' | grep hint:",
    );
    assert_eq!(hints.trim(), "hint: del $VIRTUAL_ENV");
}

/// The login shell must not count: it is another one.
#[test]
fn a_shell_whose_words_are_not_known_gets_none_of_another_shell() {
    let Some(place) = with_env() else {
        return;
    };
    place.run("for it in yash elvish rc; do cp /bin/bash $it; done");
    let say = |shell: &str, ask: &str| {
        place.text(&format!(
            "export SHELL=/bin/bash; ./{shell} -c '{ask} --color never; true'"
        ))
    };
    for shell in ["elvish", "rc"] {
        let outside = say(shell, "\"$C\" --python \"$B\"");
        assert!(!outside.contains("Next:"), "{outside}");
        let hint = say(
            shell,
            "VIRTUAL_ENV=$D/env \"$C\" --python \"$B\"; VIRTUAL_ENV=/none \"$C\"",
        );
        assert!(!hint.contains("hint:"), "{hint}");
        let broken = say(shell, "PYTHONHASHSEED=x \"$C\" --python \"$B\"");
        python::has(&broken, "start `sh` and ask again there");
    }
    let of_yash = say("yash", "\"$C\" --python \"$B\"");
    python::has(&of_yash, "  activate          . matrix_env/bin/activate\n");
}

#[test]
fn a_moved_environment_is_not_activated_by_its_script() {
    let Some(place) = with_env() else {
        return;
    };
    let ask = |name: &str| {
        place.say(&format!(
            "VIRTUAL_ENV=$D/{name} \"$C\" --json --python \"$B\""
        ))
    };
    let activates = |said: &Value| {
        let claim = &said["claims"][0];
        let other = claim["activates"].as_str().unwrap_or_default().to_owned();
        [
            claim["hint"].as_str().unwrap_or_default().to_owned(),
            other.rsplit('/').next().unwrap().to_owned(),
        ]
    };
    place.run("cp -R env copy; ln -s env link");
    assert_eq!(activates(&ask("copy")), ["", "env"]);
    for own in ["env", "link"] {
        let [hint, other] = activates(&ask(own));
        assert_eq!(other, "", "{own}");
        let used = place.text(&format!(
            "{hint}; python3 -c 'import sys; print(sys.prefix)'"
        ));
        assert_eq!(used, place.at("env").display().to_string(), "{own}");
    }
    place.run("rm link; mv env moved");
    assert_eq!(activates(&ask("moved")), ["", "env"]);
    let text = place.text("\"$C\" --color never --python moved");
    python::has(&text, "this environment was moved or copied");
}

/// Names that a shell could read as other names.
const NAMES: [&str; 9] = [
    r"a\\b",
    r"a\'b",
    r"a\",
    r"\\\",
    r"'\\'",
    "a\nb",
    "a\n\\b",
    r"$HOME `id` !! * ~",
    r"a\nb",
];

#[test]
fn a_command_names_the_same_file_in_the_shell_that_asked() {
    let Some(place) = with_env() else {
        return;
    };
    for shell in ["dash", "bash", "zsh", "fish"] {
        if python::which(shell).is_none() {
            python::absent(&format!("no {shell}"));
            continue;
        }
        for name in NAMES {
            let folder = place.at(name);
            place.run("rm -rf copy; cp -R env copy; printf '# \\351\\n' >> copy/pyvenv.cfg");
            std::fs::rename(place.at("copy"), &folder).unwrap();
            std::fs::write(place.at("name"), name).unwrap();
            let ask = "\"$C\" --json --python (string collect < name); true";
            let ask = if shell == "fish" {
                ask.to_owned()
            } else {
                ask.replace("(string collect < name)", "\"$(cat name)\"")
            };
            let said = place.say_in(shell, &ask);
            let command = said["problem"]["command"].as_str().unwrap_or_default();
            assert_eq!(said["status"], "broken", "{shell}, {name}: {said}");
            let output = place.run_in(shell, command);
            assert!(output.stderr.is_empty(), "{shell}, {name}: {command}");
            let said = place.say_in(shell, &ask);
            assert_eq!(said["status"], "isolated", "{shell}, {name}: {command}");
            std::fs::remove_dir_all(&folder).unwrap();
        }
    }
}

#[test]
fn only_the_bad_folder_leaves_the_library_path() {
    let pyenv = python::interpreters().into_iter().filter(|it| {
        let program = std::fs::read(&it.file).unwrap_or_default();
        it.word == "python" && program.windows(12).any(|it| it == b"libpython3.1")
    });
    let Some(base) = pyenv.max_by_key(Interpreter::minor_number) else {
        return python::absent("no Python with a library of its own");
    };
    if python::which("patchelf").is_none() {
        return python::absent("no patchelf");
    }
    let Some(place) = place(base) else { return };
    place.run("\"$B\" -m venv --without-pip --copies env; patchelf --remove-rpath env/bin/python3; mkdir -p bad env/bad",
    );
    let libraries = format!("{}/lib", place.base.prefix);
    place.run(&format!("for i in bad env/bad; do for j in {libraries}/libpython3.*.so*; do echo x > \"$i/$(basename \"$j\")\"; done; done"));
    for (before, after) in [
        ("$D/bad:@", "@"),
        ("@x:$D/bad/:@", "@x:@"),
        ("$D/bad:$D/bad:@:/none", "@:/none"),
        ("$D/bad;@", "@"),
        ("bad:@", "@"),
        ("\\$ORIGIN/../bad:@", "@"),
        ("$D/bad::@", ":@"),
    ] {
        for shell in ["dash", "bash"] {
            let path = before.replace('@', &libraries);
            let ask = format!("export LD_LIBRARY_PATH=\"{path}\"; ");
            let said = place.say_in(shell, &format!("{ask}\"$C\" --json --python env; true"));
            let command = said["problem"]["command"].as_str().unwrap_or_default();
            let script = format!(
                "{ask}{command}; printf %s \"$LD_LIBRARY_PATH\"; env/bin/python3 -c 'print(\" starts\")'"
            );
            let expected = format!("{} starts\n", after.replace('@', &libraries));
            let output = place.run_in(shell, &script);
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                expected,
                "{before}: {said}"
            );
        }
    }
}

#[test]
fn a_run_that_could_not_find_out_says_so_somewhere() {
    let Some(place) = at_home() else { return };
    place.run("printf '#!/bin/sh\\nexec python3\\n' > s; chmod +x s; mkdir none; ln -s \"$B\" none/python3");
    for (flags, names, hint) in [
        ("--python gone", "gone", "check the spelling"),
        ("--python ./gone", "./gone", "check the spelling"),
        ("--python none/none", "none/none", "check the spelling"),
        ("--python 3.98", "3.98", "check the spelling"),
        ("--python ./s --verify", "./s", "--python PATH"),
        ("--verify", "python3", "install Python"),
    ] {
        let path = if flags == "--verify" {
            "PATH=/none"
        } else {
            ""
        };
        for more in ["-q", "-q --json", "-q --color always"] {
            let output = place.run(&format!("{path} \"$C\" {flags} {more}"));
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(
                (output.status.code(), output.stdout.len()),
                (Some(2), 0),
                "{flags} {more}"
            );
            let lines: Vec<&str> = stderr.lines().collect();
            let [error, advice] = lines.as_slice() else {
                panic!("{flags} {more}: {stderr}");
            };
            assert!(
                error.contains("error:") && error.contains(names),
                "{stderr}"
            );
            assert!(
                advice.contains("hint:") && advice.contains(hint),
                "{stderr}"
            );
        }
        // Without -q the report says it.
        let output = place.run(&format!("{path} \"$C\" {flags}"));
        assert_eq!(
            (output.status.code(), output.stderr.len()),
            (Some(2), 0),
            "{flags}"
        );
        assert!(String::from_utf8_lossy(&output.stdout).contains("What to do: "));
    }
    // An answer is not silent either, and no error.
    let output = place.run("\"$C\" -q --check --python gone");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(1), 0));
    let output = place.run("PYTHONHOME=/none \"$C\" -q --verify --python \"$B\"");
    assert_eq!(
        output.status.code(),
        Some(0),
        "it does not start, as predicted"
    );
}

#[test]
fn the_name_of_the_python_that_is_there_is_advised() {
    let Some(place) = at_home() else { return };
    for (there, asked, advised) in [
        ("python3", "python", "--python python3"),
        ("python", "python3", "--python python"),
        ("pypy3", "pypy", "--python pypy3"),
        ("python3", "python9", "install Python"),
        ("python3", "pypy", "install Python"),
        ("pip", "python", "install Python"),
    ] {
        let script = format!(
            "mkdir -p p; ln -s \"$B\" p/{there}; PATH=$D/p \"$C\" --json --python {asked}; rm -r p 2>/dev/null || /bin/rm -r p"
        );
        let said = place.say(&script);
        let repair = said["problem"]["repair"].as_str().unwrap();
        assert!(repair.contains(advised), "{asked}: {repair}");
    }
}

#[test]
fn an_environment_is_made_with_the_python_that_was_asked_about() {
    let Some(place) = at_home() else { return };
    place.run("mkdir p 'my p'; ln -s \"$B\" p/python; ln -s \"$B\" 'my p/neo'");
    for (path, flags) in [
        ("$D/p", ""),
        ("$D/p:/usr/bin:/bin", "--python python"),
        ("/usr/bin:/bin", "--python \"$B\""),
        ("/usr/bin:/bin", "--python 'my p/neo'"),
    ] {
        let script = format!(
            "PATH={path}; create=$(\"$C\" {flags} | /usr/bin/sed -n 's/^  create *//p'); eval \"$create --without-pip\"; \
            matrix_env/bin/python -c 'import sys; print(sys.base_prefix)'; /usr/bin/rm -r matrix_env"
        );
        assert_eq!(place.text(&script), place.base.prefix, "{path} {flags}");
    }
}

/// How a base loses a part of its standard library.
const LOSSES: [&str; 3] = [
    "rm base/lib/python3.*; mkdir base/lib/$V; touch base/lib/$V/os.py",
    "rm base/lib/python3.*; mkdir base/lib/$V; cp -R \"$L\"/os.py \"$L\"/encodings base/lib/$V; rm -r base/lib/$V/encodings/__init__.py",
    "rm base/lib/python3.*; mkdir base/lib/$V; cp -R \"$L\"/*.py base/lib/$V",
];

#[test]
fn the_base_that_a_repair_names_would_start() {
    let Some(base) = python::interpreters().into_iter().rfind(is_of_pyenv) else {
        return python::absent("no Python of pyenv's");
    };
    let Some(place) = place(base) else { return };
    let tools = python::which("uv").map(|it| it.parent().unwrap().display().to_string());
    let path = format!(
        "PATH=$PATH:{}; export UV_OFFLINE=1",
        tools.unwrap_or_default()
    );
    let version = format!(
        "V={}; L='{}'",
        place.base.lib().rsplit('/').next().unwrap(),
        place.base.stdlib
    );
    for loss in LOSSES {
        for make in [
            "base/bin/python3 -m venv --without-pip env",
            "uv venv -q --python base/bin/python3 env",
        ] {
            if make.starts_with("uv") && python::which("uv").is_none() {
                python::absent("no uv");
                continue;
            }
            place.run(&format!(
                "{path}; {version}; rm -rf base env; mkdir -p base/bin base/lib; cp \"$B\" base/bin/python3; ln -s \"$L\" base/lib/$V; \
                 {make}; touch env/lib/$V/site-packages/neo.py; {loss}"
            ));
            let ask = format!("{path}; \"$C\" --json --python env");
            let said = place.say(&ask);
            assert_eq!(said["status"], "broken", "{make}, {loss}: {said}");
            let command = said["problem"]["command"].as_str().unwrap_or_default();
            let after = format!(
                "{path}; {command} >&2; env/bin/python3 -c 'import neo; print(\"starts\")'"
            );
            assert_eq!(
                place.text(&after),
                "starts",
                "{make}, {loss}: {}",
                said["problem"]
            );
            assert_eq!(place.say(&ask)["status"], "isolated", "{command}");
        }
    }
}

#[test]
fn the_base_that_a_repair_names_sees_the_packages() {
    let Some(base) = python::interpreters()
        .into_iter()
        .find(|it| it.word == "pypy")
    else {
        return python::absent("no PyPy");
    };
    let Some(place) = place(base) else { return };
    let losses = [
        "rm env/bin/*py*",
        "rm env/bin/*py*; ln -s python env/bin/python3; ln -s python3 env/bin/python",
        "rm env/bin/*py*; sed -i 's#^home = .*#home = /none#' env/pyvenv.cfg",
        "rm env/bin/*py*; echo 'implementation = PyPy' >> env/pyvenv.cfg",
        "sed -i 's#^home = .*#home = /none\\xff#' env/pyvenv.cfg",
    ];
    for loss in losses {
        place.run(&format!("rm -rf env; \"$B\" -m venv --without-pip env; (cd env/lib/pypy*/site-packages; touch neo.py); {loss}"),
        );
        let said = place.say("\"$C\" --json --python env");
        assert_ne!(said["status"], "isolated", "{loss}: {said}");
        let command = said["problem"]["command"].as_str().unwrap_or_default();
        let after = format!("{command} >&2; env/bin/python3 -c 'import neo; print(\"starts\")'");
        assert_eq!(place.text(&after), "starts", "{loss}: {}", said["problem"]);
    }
    // Its packages are for a Python that no folder on this PATH has.
    place.run("rm -rf env; \"$B\" -m venv --without-pip env; rm env/bin/*py*; mv env/lib/pypy* env/lib/python3.99t; \
         sed -i 's/^version.*/version = 3.99.0/' env/pyvenv.cfg",
    );
    let said = place.say("\"$C\" --json --python env");
    let repair = said["problem"]["repair"].as_str().unwrap_or_default();
    assert!(repair.contains("no free-threaded Python"), "{said}");
}

#[test]
fn an_environment_that_is_made_again_has_the_same_settings() {
    let Some(place) = at_home() else { return };
    let tools = ["uv", "virtualenv"].map(python::which);
    let folders = tools.iter().flatten().map(|it| it.parent().unwrap());
    let folders: Vec<String> = folders.map(|it| it.display().to_string()).collect();
    let path = format!("export PATH=$PATH:{} UV_OFFLINE=1", folders.join(":"));
    let settings = "--system-site-packages --prompt \"the 'one'\"";
    let settings_shown = "grep -E '^(include|prompt|seed|relocatable)' env/pyvenv.cfg";
    for (tool, make) in [
        (
            "env",
            format!("\"$B\" -m venv --without-pip {settings} env"),
        ),
        (
            "uv",
            format!("uv venv -q --relocatable {settings} --python \"$B\" env"),
        ),
        (
            "virtualenv",
            format!("virtualenv -q --no-seed {settings} -p \"$B\" env"),
        ),
    ] {
        if python::which(tool).is_none() {
            python::absent(&format!("no {tool}"));
            continue;
        }
        // It is as if it was made with another version.
        place.run(&format!(
            "{path}; rm -rf env; {make}; mv env/lib/python3* env/lib/python3.99; touch env/lib/python3.99/site-packages/neo.py; sed -i -E 's/^(version.* =).*/\\1 3.99.0/' env/pyvenv.cfg"
        ));
        let before = place.text(settings_shown);
        if before.is_empty() {
            python::absent(&format!("no {tool} that can make an environment"));
            continue;
        }
        assert!(
            before.contains("the 'one'") || before.contains("the \\'one\\'"),
            "{tool}: {before}"
        );
        let said = place.say(&format!("{path}; \"$C\" --json --python env"));
        let warnings = said["warnings"].as_array().unwrap();
        let mut warned = warnings
            .iter()
            .filter_map(|it| it.as_str()?.split_once(": `"));
        let command = warned
            .next()
            .unwrap_or_else(|| panic!("{said}"))
            .1
            .trim_end_matches('`');
        let output = place.run(&format!("{path}; {command}"));
        assert!(output.status.success(), "{tool}: {command}: {output:?}");
        assert_eq!(place.text(settings_shown), before, "{tool}: {command}");
        // The same environment, without its base.
        place.run("rm -r env/lib/python3.?? env/bin/python*; ln -s /none/python3 env/bin/python3; sed -i -E 's/^(version.* =).*/\\1 3.99.0/; s#^home.*#home = /none#' env/pyvenv.cfg");
        let said = place.say(&format!("{path}; \"$C\" --json --python env"));
        let command = said["problem"]["command"]
            .as_str()
            .unwrap_or_else(|| panic!("{said}"));
        let output = place.run(&format!("{path}; {command}"));
        assert!(output.status.success(), "{tool}: {command}: {output:?}");
        assert_eq!(place.text(settings_shown), before, "{tool}: {command}");
    }
}

/// Did pyenv install it, and is it CPython since 3.11?
fn is_of_pyenv(interpreter: &Interpreter) -> bool {
    interpreter.word == "python"
        && interpreter.file.contains("/versions/")
        && interpreter.minor_number() >= 11
}

/// What root locks, and the word of the answer that names it.
const LOCKED: [&str; 5] = [
    "base/lib",
    "base/lib/$V",
    "base/lib/$V/encodings",
    "env",
    "env/bin",
];

#[test]
fn what_another_user_locked_is_not_called_missing() {
    if !python::may_be_another_user() {
        return;
    }
    // It must not find a library of the system's instead.
    let base = python::interpreters().into_iter().rfind(is_of_pyenv);
    let (Some(base), Some(_)) = (base, python::which("patchelf")) else {
        return python::absent("patchelf, or a Python of pyenv's");
    };
    let Some(place) = place(base) else { return };
    let version = format!(
        "V={}; L='{}'",
        place.base.lib().rsplit('/').next().unwrap(),
        place.base.stdlib
    );
    place.run(&format!(
        "{version}; chmod 755 \"$D\"; cp \"$C\" construct; mkdir -p base/bin base/lib; cp \"$B\" base/bin/python3; \
         mkdir base/lib/$V; (cd \"$L\"; tar c --exclude=test --exclude=site-packages .) | tar x -C base/lib/$V; cp -P \"$L\"/../libpython* base/lib; patchelf --set-rpath '$ORIGIN/../lib' base/bin/python3; base/bin/python3 -m venv --without-pip env"
    ));
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    let ask = format!("VIRTUAL_ENV=$D/env {nobody} ./construct --json --python env");
    assert_eq!(place.say(&ask)["status"], "isolated");
    for locked in LOCKED {
        let said = place.say(&format!(
            "{version}; chmod 700 {locked}; {ask}; chmod 755 {locked}"
        ));
        let name = locked.rsplit('/').next().unwrap();
        let name = name.replace("$V", place.base.lib().rsplit('/').next().unwrap());
        let (what, repair) = (&said["problem"]["what"], &said["problem"]["repair"]);
        assert_eq!(said["status"], "broken", "{locked}: {said}");
        let what = what.as_str().unwrap();
        assert!(what.starts_with("permission denied"), "{locked}: {what}");
        let asks = format!("/{name} for access");
        let repair = format!(
            "/{}",
            repair.as_str().unwrap().replace("owner of ", "owner of /")
        );
        assert!(repair.contains(&asks), "{locked}: {repair}");
        if locked == "base/lib" {
            let said = place.say(&format!(
                    "chmod 700 base; {nobody} env \"PYTHONHOME=$D/base\" ./construct --json --python /usr/bin/python3; chmod 755 base"
                ),
            );
            let command = &said["problem"]["command"];
            assert_eq!(command, "unset PYTHONHOME", "{said}");
            let what = said["problem"]["what"].as_str().unwrap();
            assert!(what.starts_with("permission denied"), "{what}");
        }
        if locked == "env" {
            let [verdict, meaning, hint] = claim(&said, "VIRTUAL_ENV");
            assert_eq!((verdict.as_str(), hint.as_str()), ("not activated", ""));
            python::has(&meaning, "permission denied");
        }
    }
}

/// virtualenv up to 16 copied Python into the environment, and put a `site` of its own there.
#[test]
fn an_environment_of_an_old_virtualenv_is_neither_broken_nor_stale() {
    let fits = |it: &Interpreter| it.word == "python" && it.minor_number() <= 10;
    let Some(base) = python::interpreters().into_iter().find(fits) else {
        return python::absent("no CPython up to 3.10");
    };
    let Some(place) = place(base) else { return };
    let library = place.base.lib();
    let make = format!(
        "mkdir -p env/bin env/{library}; cp \"$B\" env/bin/python3; ln -s '{0}'/* env/{library}/; rm env/{library}/{{site,_sitebuiltins}}.py; \
         echo 'import sys; sys.real_prefix = 1' > env/{library}/site.py; printf %s '{1}' > env/{library}/orig-prefix.txt",
        place.base.stdlib, place.base.prefix
    );
    place.run(&make);
    assert_eq!(
        place.text("env/bin/python3 -c 'import sys; print(sys.real_prefix)'"),
        "1"
    );
    let ask = "VIRTUAL_ENV=$D/env PATH=$D/env/bin:$PATH \"$C\" --json";
    let said = place.say(ask);
    assert_eq!(said["status"], "unknown", "{said}");
    assert_eq!(said["environment"]["kind"], "virtualenv", "{said}");
    assert_eq!(claim(&said, "VIRTUAL_ENV")[0], "agrees", "{said}");
    let said = place.say("VIRTUAL_ENV=$D/env \"$C\" --json");
    assert_eq!(claim(&said, "VIRTUAL_ENV")[0], "not activated", "{said}");
    // Without the mark it is what it looks like.
    place.run(&format!("rm env/{library}/orig-prefix.txt"));
    let said = place.say(ask);
    assert_eq!(said["status"], "broken", "{said}");
    assert_eq!(claim(&said, "VIRTUAL_ENV")[0], "stale", "{said}");
}

/// How a pyvenv.cfg, `$F`, is damaged. Its lines are still there.
const DAMAGES: [&str; 9] = [
    "printf '# caf\\351\\n' >> $F; tr '\\n' '\\r' < $F > t; mv t $F",
    "printf '# caf\\351\\n' >> $F; tr '\\n' '\\r' < $F > t; echo '# end' >> t; mv t $F",
    "iconv -f utf8 -t utf16 $F > t; mv t $F",
    "printf '\\376\\377' > t; iconv -f utf8 -t utf16be $F >> t; mv t $F",
    "iconv -f utf8 -t utf32 $F > t; mv t $F",
    "sed -i 's/$/\\r/' $F; printf '# caf\\351\\r\\n' >> $F",
    "sed -i 's/^include.*/& \\xe9/' $F",
    "sed -i 's#^home = .*#home = /none/bin#' $F; tr '\\n' '\\r' < $F > t; mv t $F; ln -sf /none/python3 env/bin/python3",
    "for i in 1 2 3 4 5 6 7 8 9 10 11; do printf '# caf\\351\\n' >> $F; done",
];

#[test]
fn a_repaired_pyvenv_cfg_says_what_it_said() {
    let Some(place) = at_home() else { return };
    let prefixes = "python3 -c 'import site; print(site.PREFIXES)'";
    for options in ["", "--system-site-packages"] {
        for damage in DAMAGES {
            place.run(&format!(
                "rm -rf env; \"$B\" -m venv --without-pip --prompt 'the one' {options} env"
            ));
            let before = place.text(&format!("env/bin/{prefixes}"));
            place.run(&format!("F=env/pyvenv.cfg; {damage}"));
            let said = place.say("\"$C\" --json --python env");
            assert_eq!(said["status"], "broken", "{damage}: {said}");
            let command = said["problem"]["command"].as_str().unwrap_or_default();
            let output = place.run(command);
            assert!(output.status.success(), "{damage}: {command}");
            let after = place.text(&format!("env/bin/{prefixes}"));
            assert_eq!(after, before, "{options} {damage}: {command}");
            let said = place.say("\"$C\" --json --python env");
            assert_eq!(
                (&said["status"], &said["environment"]["prompt"]),
                (&"isolated".into(), &"the one".into()),
                "{damage}: {said}"
            );
        }
    }
}

/// Something else stands where the environment `env` should have its `bin` or its `python3`.
const OBSTACLES: [&str; 9] = [
    "rm -r env/bin; echo mine > env/bin",
    "rm -r env/bin; ln -s /none env/bin",
    "rm -r env/bin; mkfifo env/bin",
    "mkdir -p env/bin/python3/x; echo mine > env/bin/python3/x/y",
    "mkdir -p env/bin/python3/x; echo mine > env/bin/python3/x/y; mkdir env/bin/python3.off",
    "ln -s \"$D/other\" env/bin/python3",
    "mkfifo env/bin/python3",
    "mkdir env/bin/python3 env/bin/python; echo mine > env/bin/python3/y",
    "echo mine > env/bin/python3",
];

#[test]
fn what_stands_in_the_way_of_a_repair_is_kept() {
    let Some(place) = at_home() else { return };
    let each = OBSTACLES.iter().map(|it| (*it, ""));
    // Without a version and packages, the environment is made again.
    let anew = "; sed -i /^version/d env/pyvenv.cfg; rm -r env/lib";
    for (obstacle, more) in each.chain([(OBSTACLES[0], anew), (OBSTACLES[3], anew)]) {
        place.run(&format!("rm -rf env other; mkdir other; \"$B\" -m venv --without-pip env; rm env/bin/python*; {obstacle}{more}"),
        );
        let said = place.say("\"$C\" --json --python env");
        let problem = &said["problem"];
        let command = problem["command"].as_str().unwrap_or_default();
        let output = place.run(command);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{obstacle}: {problem}: {stderr}");
        let said = place.say("\"$C\" --json --python env");
        assert_eq!(said["status"], "isolated", "{obstacle}: {problem}: {said}");
        assert_eq!(place.text("ls other"), "", "{command}");
        if obstacle.contains("mine") {
            let effect = problem["effect"].as_str().unwrap();
            let kept = place.text("grep -rlx mine env | head -1");
            let mut parts = kept.split('/').filter(|it| it.contains(".off"));
            assert!(parts.any(|it| effect.contains(it)), "{kept}: {effect}");
        }
    }
}

#[test]
fn the_python_that_made_an_environment_becomes_its_base_again() {
    let Some(place) = at_home() else { return };
    for key in ["executable", "base-executable"] {
        place.run(&format!(
            "rm -rf kept env; mkdir -p kept/bin kept/lib; cp \"$B\" kept/bin/python3; \
             ln -s \"$(dirname \"$(dirname \"$B\")\")\"/lib/python3* kept/lib/; kept/bin/python3 -m venv --without-pip env; \
             (cd env/lib/python*/site-packages; touch neo.py); rm env/bin/python*; \
             sed -i '/^executable/d; s#^home.*#home = /gone/bin#' env/pyvenv.cfg; echo \"{key} = $D/kept/bin/python3\" >> env/pyvenv.cfg"
        ));
        let said = place.say("\"$C\" --json --python env");
        let problem = &said["problem"];
        let command = problem["command"].as_str().unwrap();
        assert!(command.contains("/kept/bin/python3"), "{key}: {problem}");
        let after =
            format!("{command}; env/bin/python3 -c 'import neo, sys; print(sys.base_prefix)'");
        let kept = place.at("kept").display().to_string();
        assert_eq!(place.text(&after), kept, "{key}: {problem}");
    }
}

#[test]
fn all_copies_of_a_python_without_its_library_are_mended() {
    let own = |it: &Interpreter| format!("{}/lib/libpython{}.so.1.0", it.prefix, it.minor);
    let is_shared = |it: &Interpreter| is_of_pyenv(it) && PathBuf::from(own(it)).is_file();
    let Some(base) = python::interpreters().into_iter().rfind(is_shared) else {
        return python::absent("no Python of pyenv's with a library of its own");
    };
    let Some(place) = place(base) else { return };
    // The folder of libraries that the program names is no longer there.
    let prefix = &place.base.prefix;
    let gone = "z".repeat(prefix.len());
    let make = format!(
        "\"$B\" -m venv --copies --without-pip env; (cd env/lib/python*/site-packages; touch neo.py); \
         for it in env/bin/python*; do sed -i 's#{prefix}/lib#{gone}/lib#' $it; done"
    );
    place.run(&make);
    let said = place.say("\"$C\" --json --python env");
    let problem = &said["problem"];
    let command = problem["command"].as_str().unwrap_or_default();
    let effect = problem["effect"].as_str().unwrap_or_default();
    let after = format!(
        "{command}; for it in env/bin/python env/bin/python3 env/bin/python3.*[0-9]; do $it -c 'import neo; print(1)'; done"
    );
    assert_eq!(place.text(&after), "1\n1\n1", "{said}");
    for name in ["python", "python3"] {
        let kept = place
            .at(&format!("env/bin/{name}.off"))
            .display()
            .to_string();
        assert!(PathBuf::from(&kept).is_file(), "{command}");
        python::has(effect, &kept);
    }
}

#[test]
fn an_environment_into_which_only_a_variable_leads_is_not_made_again() {
    let Some(place) = with_env() else {
        return;
    };
    let minor = place.base.minor_number();
    let fits = |it: &Interpreter| it.word == "python" && it.minor_number() > 10;
    let mut others = python::interpreters().into_iter().filter(fits);
    let Some(other) = others.find(|it| it.minor_number() != minor) else {
        return python::absent("no two versions since 3.11");
    };
    place.run("cd env/lib/python3*/site-packages; mkdir neo-1.0.dist-info");
    let other = &other.file;
    for name in ["__PYVENV_LAUNCHER__", "PYTHONEXECUTABLE"] {
        let ask = format!("export {name}=$D/env/bin/python3; \"$C\" --json --python {other}");
        let said = place.say(&ask);
        assert_eq!(
            said["prefix"],
            place.at("env").display().to_string(),
            "{said}"
        );
        let warnings = said["warnings"].as_array().unwrap();
        let mut warnings = warnings.iter().filter_map(Value::as_str);
        let unseen = warnings.find(|it| it.contains("not seen by")).unwrap();
        let command = unseen.split('`').nth(1).unwrap();
        assert_eq!(command, format!("unset {name}"), "{unseen}");
        let after =
            format!("export {name}=$D/env/bin/python3; {command}; \"$C\" --json --python {other}");
        assert_eq!(place.say(&after)["status"], "global");
    }
    // The program that was asked for cannot start: its own environment needs a repair.
    place.run("cp -R env own; rm own/bin/python3; LC_ALL=C sed s/libm.so.6/libx.so.6/ \"$B\" > own/bin/python3; chmod +x own/bin/python3",
    );
    let said = place.say("export PYTHONEXECUTABLE=$D/env/bin/python3; \"$C\" --json --python own");
    let command = said["problem"]["command"].as_str().unwrap();
    assert!(
        command.contains("/own/") && !command.contains("/env/"),
        "{said}"
    );
}

/// What a file in an environment's `bin` is, and a word of the sentence about it.
const OTHERS: &[(&str, &str)] = &[
    (":", "activate is not executable"),
    ("P=env/bin/activate.fish", "activate.fish is not executable"),
    (
        "P=env/bin/tool; ln -s /gone/tool $P",
        "is a link to /gone/tool",
    ),
    ("P=env/bin/pip; ln -s nope $P", "is a link to "),
    (
        "P=env/bin/pip; printf '#!/gone/python3\\n' > $P; chmod +x $P",
        "is a script for /gone/python3",
    ),
    ("P=env/bin/tool; > $P; chmod +x $P", "is empty"),
    ("P=env/bin/tool; mkfifo $P", "not a regular file"),
];

#[test]
fn a_broken_file_beside_a_good_python_is_no_broken_python() {
    let Some(place) = with_env() else {
        return;
    };
    for (make, why) in OTHERS {
        let script = format!("P=env/bin/activate; {make}; \"$C\" --json --python $P; rm $P");
        let said = place.say(&script);
        assert_eq!(said["status"], "no-python", "{make}: {said}");
        assert_eq!(said["problem"]["command"], Value::Null, "{make}: {said}");
        let what = said["problem"]["what"].as_str().unwrap();
        assert!(
            what.contains("is no Python") && what.contains(why),
            "{make}: {what}"
        );
    }
    // Found by its name on PATH.
    let said =
        place.say("ln -s nope env/bin/tool; PATH=$D/env/bin:$PATH \"$C\" --json --python tool");
    assert_eq!(said["problem"]["command"], Value::Null, "{said}");
    // Another name of a Python is one.
    let script = "ln -s python3.99 env/bin/py; ln -s /gone env/bin/python3.99; \"$C\" --json --python env/bin/py";
    let said = place.say(script);
    let command = said["problem"]["command"].as_str().unwrap();
    assert!(command.contains("/env/bin/python3.99"), "{said}");
    assert_eq!(
        place.say("\"$C\" --json --python env")["status"],
        "isolated"
    );
}

#[test]
fn permission_to_execute_is_not_advised_for_a_library() {
    let own = |it: &Interpreter| format!("{}/lib/libpython{}.so.1.0", it.prefix, it.minor);
    let is_there = |it: &Interpreter| PathBuf::from(own(it)).is_file();
    let Some(base) = python::interpreters().into_iter().find(is_there) else {
        return python::absent("no libpython");
    };
    let library = own(&base);
    let Some(place) = place(base) else { return };
    let said = place.say(&format!(
        "cp {library} .; chmod 644 libpython*; \"$C\" --json --python ./libpython*"
    ));
    let what = said["problem"]["what"].as_str().unwrap();
    assert!(what.contains("it is a library"), "{said}");
    assert_eq!(said["problem"]["command"], Value::Null, "{said}");
}

#[test]
fn a_script_that_asks_the_shell_where_it_is_is_offered_only_where_that_is_known() {
    let (Some(place), Some(uv)) = (at_home(), python::which("uv")) else {
        return python::absent("no uv");
    };
    let uv = uv.display();
    place.run(&format!(
        "UV_OFFLINE=1 {uv} venv -q --relocatable --python \"$B\" env"
    ));
    let ask = "VIRTUAL_ENV=$D/env \"$C\" --json --python \"$B\"; true";
    for (shell, works) in [
        ("bash", true),
        ("zsh", true),
        ("ksh", true),
        ("dash", false),
        ("mksh", false),
    ] {
        if python::which(shell).is_none() {
            python::absent(&format!("no {shell}"));
            continue;
        }
        let said = place.say_in(shell, ask);
        let hint = &claim(&said, "VIRTUAL_ENV")[2];
        assert_eq!(
            said["claims"][0]["for_other_shells"], !works,
            "{shell}: {said}"
        );
        assert_eq!(!hint.is_empty(), works, "{shell}: {said}");
        if works {
            let script = format!("{hint}; python3 -c 'import sys; print(sys.prefix)'");
            let output = place.run_in(shell, &script);
            let prefix = String::from_utf8(output.stdout).unwrap();
            assert_eq!(prefix.trim(), place.at("env").to_str().unwrap(), "{shell}");
        }
    }
}

/// Names of folders, some of which a shell would change in quotes.
const FOLDERS: [&str; 6] = ["plain", "a$b", "a\"b", "a`id`b", "it's", "c\\\\d"];

#[test]
fn an_environment_is_offered_only_where_its_script_activates_it() {
    let all = python::interpreters().into_iter();
    for base in all.filter(|it| it.word == "python") {
        let Some(place) = place(base) else { return };
        for name in FOLDERS {
            let folder = place.at(name);
            std::fs::create_dir(&folder).unwrap();
            let env = folder.join("matrix_env").display().to_string();
            for (shell, verb) in [("bash", "source"), ("dash", ".")] {
                if python::which(shell).is_none() {
                    continue;
                }
                let text = |script: &str| {
                    let go = format!(
                        "PATH=$(dirname \"$B\"):/usr/bin:/bin; cd '{}'",
                        name.replace('\'', "'\\''")
                    );
                    let output = place.run_in(shell, &format!("{go}; {script}"));
                    String::from_utf8_lossy(&output.stdout).into_owned()
                };
                let activate = format!("{verb} matrix_env/bin/activate");
                let said = text("\"$C\"; :");
                // The subject's lines come first, and are always there.
                let (_, next) = said.split_once("\nNext:").unwrap();
                let offered = next.contains(&activate);
                let truth = text(&format!(
                    "python3 -m venv --without-pip matrix_env; {activate}; printf %s \"$VIRTUAL_ENV\""
                ));
                let base = &place.base.name;
                assert_eq!(offered, truth == env, "{base}, {shell}: {name}: {truth}");
            }
        }
    }
}

/// What happens to the environment `e`, and the variables: both stop its Python, and so the pip that belongs to it.
const STOPS_PIP: &[(&str, &str)] = &[
    ("", ""),
    ("printf '# caf\\351\\n' >> e/pyvenv.cfg", ""),
    ("head -c 40000 /dev/zero | tr '\\0' '#' >> e/pyvenv.cfg", ""),
    ("printf '/caf\\351\\n' > $P/../x.pth", ""),
    ("", "PYTHONHOME=/nope"),
    ("", "PYTHONHASHSEED=x"),
    ("", "PYTHONPATH=$D/pp"),
];

#[test]
fn a_pip_whose_python_cannot_start_cannot_start() {
    let Some(place) = at_home() else { return };
    let make = "rm -rf e; \"$B\" -m venv --without-pip e; P=$(echo e/lib/python3*/site-packages)/pip; \
                mkdir -p pp $P/_internal/cli; touch pp/encodings.py $P/__main__.py $P/__init__.py $P/_internal/__init__.py; echo 'main = int' > $P/_internal/cli/main.py; \
                printf \"#!/bin/sh\\n'''exec' '%s/e/bin/python3' \\\"\\$0\\\"\\n' '''\\nfrom pip._internal.cli.main import main\\nmain()\\n\" \"$D\" > e/bin/pip; chmod +x e/bin/pip";
    for (damage, variable) in STOPS_PIP {
        place.run(&format!("{make}; {damage}"));
        let before = format!("export PATH=$D/e/bin:/usr/bin:/bin {variable}");
        let starts = place.text(&format!("{before}; pip && echo yes")) == "yes";
        let said = place.say(&format!("{before}; \"$C\" --json"));
        let commands = &said["commands"];
        let case = format!("{damage} {variable}");
        assert_eq!(starts, case == " ", "{case}");
        assert_eq!(commands["pip_starts"], starts, "{case}: {said}");
        assert_eq!(commands["agree"], starts, "{case}: {said}");
        let warnings = said["warnings"].to_string();
        let count = warnings.matches("pip cannot start: ").count();
        assert_eq!(count, usize::from(!starts), "{case}: {warnings}");
    }
}
