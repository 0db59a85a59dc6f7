//! Repairs that lose nothing: each case damages an environment, obeys what is printed, and looks at what is there after that.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

mod place;
#[expect(dead_code, reason = "the differential test uses the rest")]
mod python;

use place::Place;
use python::Interpreter;
use serde_json::Value;

fn usual() -> Option<Place> {
    Place::with(python::cpython_since(11))
}

/// The problem of `env`, asked after this script.
#[track_caller]
fn problem(place: &Place, before: &str) -> Value {
    let said = place.say(&format!("{before}; \"$C\" --json --python env"));
    said["problem"].clone()
}

/// Obeys the command, and lets the Python of `env` print this value.
fn obey(place: &Place, before: &str, problem: &Value, value: &str) -> String {
    let command = problem["command"].as_str().unwrap_or("false");
    place.text(&format!(
        "{before}; {command} >&2; env/bin/python3 -c 'import sys; print({value})'"
    ))
}

/// Is the Python in an environment?
const ISOLATED: &str = "sys.prefix != sys.base_prefix";

/// Makes `env` for a Python that is nowhere, with this line in its pyvenv.cfg. Only a new environment helps.
fn without_base(key: &str) -> String {
    format!(
        "rm -rf env; \"$B\" -m venv --without-pip env; mv env/lib/python3* env/lib/python3.99; rm env/bin/python*; ln -s /gone/python3 env/bin/python; ln -s python env/bin/python3; \
         sed -i 's#^home.*#home = /gone#; /^executable/d; /^version/d' env/pyvenv.cfg; echo '{key}' >> env/pyvenv.cfg"
    )
}

/// What is called `virtualenv` on PATH, in the folder `p`, and cannot start when the environment's Pythons are replaced.
const DEAD_MAKERS: [&str; 6] = [
    // It is installed in the environment itself.
    "mkdir p; printf '#!%s/env/bin/python\\n' \"$D\" > env/bin/virtualenv; chmod +x env/bin/virtualenv; rmdir p; ln -s env/bin p",
    "mkdir p; printf '#!/gone/python3\\n' > p/virtualenv",
    "mkdir p; printf '#!/usr/bin/env python3.99\\n' > p/virtualenv",
    "mkdir p; printf '#!/bin/sh\\n'\"'''exec' /gone/python3 \\\"\\$0\\\"\\n' '''\\n\" > p/virtualenv",
    "mkdir p; printf '\\177ELF' > p/virtualenv",
    // A shim of a version that is not selected.
    "mkdir -p r/versions/3.99.0/bin r/shims; echo > r/versions/3.99.0/bin/virtualenv; chmod +x r/versions/3.99.0/bin/virtualenv; ln -s r/shims p; \
     printf '#!/usr/bin/env bash\\nexport PYENV_ROOT=\"%s/r\"\\nexec \"/r/libexec/pyenv\" exec \"$program\" \"$@\"\\n' \"$D\" > p/virtualenv",
];

#[test]
fn a_tool_that_cannot_start_does_not_make_an_environment_again() {
    let Some(place) = usual() else { return };
    for make in DEAD_MAKERS {
        let key = "virtualenv = 20.1";
        let script = format!("rm -rf p r; {}; {make}; chmod +x p/*", without_base(key));
        place.run(&script);
        let path = "PATH=$D/p:/usr/bin:/bin";
        let problem = problem(&place, path);
        assert_eq!(
            obey(&place, path, &problem, ISOLATED),
            "True",
            "{make}: {problem}"
        );
        let command = problem["command"].as_str().unwrap();
        assert!(command.contains(" -m venv "), "{make}: {command}");
    }
}

#[test]
fn the_next_tool_on_path_makes_it_again_if_the_first_one_cannot_start() {
    let Some(place) = usual() else { return };
    // It may be there, and its Python in a folder that this user may not enter.
    if place.text("\"$T/virtualenv\" --version").is_empty() {
        return python::absent("no virtualenv that starts");
    }
    place.run(&without_base("virtualenv = 20.1"));
    place.run("mkdir p; printf '#!/gone/python3\\n' > p/virtualenv; chmod +x p/virtualenv");
    let path = "PATH=$D/p:/usr/bin:/bin:$T";
    let problem = problem(&place, path);
    assert_eq!(obey(&place, path, &problem, ISOLATED), "True", "{problem}");
    let command = problem["command"].as_str().unwrap();
    let tool = python::which("virtualenv").unwrap();
    assert!(command.contains(tool.to_str().unwrap()), "{command}");
}

#[test]
fn virtualenv_is_not_asked_for_a_python_that_it_does_not_know() {
    let old = |it: &Interpreter| it.word == "python" && it.minor_number() < 9;
    let base = python::interpreters().into_iter().find(old);
    if base.is_none() || python::which("virtualenv").is_none() {
        return python::absent("no virtualenv, or no CPython below 3.9");
    }
    let Some(place) = Place::with(base) else {
        return;
    };
    place.run(&without_base("virtualenv = 20.1"));
    // No other Python is found.
    let path = "PATH=$D/p:$T; mkdir -p p; ln -sf \"$B\" p/python3";
    place.run("mkdir p; for it in bash mkdir ln rm; do ln -s $(which $it) p/; done");
    let problem = problem(&place, path);
    assert_eq!(obey(&place, path, &problem, ISOLATED), "True", "{problem}");
}

#[test]
fn a_tool_that_fails_leaves_the_pythons_that_are_there() {
    let Some(place) = usual() else { return };
    for (key, tool) in [("uv = 0.5", "uv"), ("virtualenv = 20.1", "virtualenv")] {
        // A Python of another version stays until the tool has succeeded.
        for (code, stays) in [(1, true), (0, false)] {
            place.run(&format!(
                "rm -rf p; {}; cp \"$B\" env/bin/python3.99; mkdir p; printf '#!/bin/sh\\nexit {code}\\n' > p/{tool}; chmod +x p/{tool}",
                without_base(key)
            ));
            let path = "PATH=$D/p:/usr/bin:/bin";
            let problem = problem(&place, path);
            let command = problem["command"].as_str().unwrap_or_default();
            assert!(command.contains(tool), "{problem}");
            place.run(&format!("{path}; {command}"));
            let is_there = place.at("env/bin/python3.99").exists();
            assert_eq!(is_there, stays, "{code}: {command}");
        }
    }
}

#[test]
fn the_advice_says_which_tools_refuse_a_folder() {
    let Some(place) = usual() else { return };
    for (name, why, uv_refuses) in [
        ("$'e\\377'", "is not UTF-8", true),
        ("e:f", "has a colon", false),
    ] {
        place.run(&format!(
            "rm -rf env; {}; mv env {name}",
            without_base("x = y")
        ));
        let problem = problem(
            &place,
            &format!("rm -f env; ln -s {name} env; cd {name}/bin; ln -s .. env"),
        );
        assert_eq!(problem["command"], Value::Null, "{problem}");
        let repair = problem["repair"].as_str().unwrap();
        assert!(repair.contains("another folder"), "{repair}");
        assert!(repair.contains(why), "{repair}");
        refuse(&place, name, uv_refuses);
    }
}

/// Asks each tool for an environment in this folder. The advice says which of them refuse it.
#[track_caller]
fn refuse(place: &Place, name: &str, uv_refuses: bool) {
    let makes = |maker: &str| {
        let made =
            format!("rm -rf {name}; {maker} {name} >&2; test -x {name}/bin/python && echo 1");
        place.text(&made) == "1"
    };
    for it in python::interpreters() {
        let is_made = makes(&format!("'{}' -m venv --without-pip", it.file));
        assert_eq!(is_made, it.minor_number() < 11, "{}: {name}", it.name);
    }
    if python::which("virtualenv").is_some() {
        assert!(!makes("\"$T/virtualenv\" --no-seed -p \"$B\""), "{name}");
    }
    if python::which("uv").is_some() {
        let is_made = makes("\"$T/uv\" venv -p \"$B\"");
        assert_eq!(is_made, !uv_refuses, "{name}");
    }
}

/// What another user owns, in an environment whose `bin` is this user's.
const OF_OTHERS: [&str; 6] = [
    "env",
    "env/lib",
    "env/lib/$V",
    "env/lib/$V/site-packages",
    "env/pyvenv.cfg",
    "env/bin/activate",
];

#[test]
fn an_environment_is_made_again_only_if_every_folder_is_the_user_s() {
    let Some(place) = usual() else { return };
    if !python::may_be_another_user() {
        return;
    }
    let base = "B=/usr/bin/python3; V=$($B -c 'import sys; print(\"python%d.%d\" % sys.version_info[:2])')";
    if place.text(&format!("{base}; $B -c 'import ensurepip, venv; print(1)'")) != "1" {
        return python::absent("no /usr/bin/python3 with venv");
    }
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    place.run("chmod 755 .; cp \"$C\" construct");
    let ask = format!("C='{nobody} ./construct'; $C --json --python env");
    for other in OF_OTHERS {
        let script = format!(
            "{base}; {}; mkdir -p env/lib/$V/site-packages; chown -R 65534:65534 env; chown root:root {other}; {ask}",
            without_base("x = y")
        );
        let said = place.say(&script);
        let repair = said["problem"]["repair"].as_str().unwrap();
        assert!(repair.starts_with("ask the owner of "), "{other}: {repair}");
    }
    let script = format!(
        "{base}; {}; chown -R 65534:65534 env; {ask}",
        without_base("x = y")
    );
    let said = place.say(&script);
    assert!(said["problem"]["command"].is_string(), "{said}");
}

/// On a file system that is mounted read-only the owner cannot help either. The kernel is the judge: what is asked for cannot be done.
#[test]
fn the_owner_of_a_read_only_file_system_is_not_asked() {
    let Some(place) = usual() else { return };
    let read_only = |unshare: &str, script: &str| {
        let mounted =
            "mount --bind . . && mount -o remount,bind,ro . && cd \"$D\" && ! touch x 2>/dev/null";
        place.run(&format!(
            "export C; {unshare} sh -c '{mounted} && {script}'"
        ))
    };
    let mut unshares = ["unshare -m", "unshare -rm"].into_iter();
    let Some(unshare) = unshares.find(|it| read_only(it, "true").status.success()) else {
        return python::note("SKIPPED: this user may not mount");
    };
    let repair_if = |broken: &str| {
        place.run(&format!(
            "rm -rf env; \"$B\" -m venv --without-pip env; {broken}"
        ));
        let output = read_only(unshare, "\"$C\" --json --python env");
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        said["problem"]["repair"].as_str().unwrap().to_owned()
    };
    for broken in [
        "ln -sf /none env/bin/python3",
        "rm env/bin/python3; printf '#!/bin/sh\\n' >env/bin/python3",
        "printf '\\377\\n' >>env/pyvenv.cfg",
        "echo x = y >env/pyvenv.cfg; ln -sf /none env/bin/python3",
    ] {
        let repair = repair_if(broken);
        let right = repair.ends_with("it is mounted read-only");
        assert!(right, "{broken}: {repair}");
    }
}

/// A module of the environment is still seen.
const SEEN: &str = "__import__(\"neo\").__name__";

/// How an environment of `$B` is damaged: `$P` is a Python of another version and `$L` its folder of packages, `$F` is pyvenv.cfg, and `$H` is the right home. And the
/// beginning of the right command.
const SMALL: [(&str, &str); 8] = [
    // The link is wrong, and not `home`.
    ("ln -sf $P env/bin/python3", "ln -sf "),
    (
        "ln -sf $P env/bin/python3; ln -sf \"$B\" env/bin/python; sed -i 's#^home.*#home = /gone#' $F",
        "ln -sf ",
    ),
    // The Python that the link leads to sees a folder, but there is nothing in it.
    (
        "mkdir -p $L; ln -sf $P env/bin/python3; ln -sf $P env/bin/python; sed -i 's#^home.*#home = /gone#' $F",
        "ln -sf ",
    ),
    // A second pyvenv.cfg, of which nothing would be left.
    ("printf 'caf\\351\\n' > env/bin/pyvenv.cfg", "mv "),
    (
        "printf 'caf\\351\\nhome = /gone\\n' > env/bin/pyvenv.cfg",
        "mv ",
    ),
    // `home` is nearly right, and no link helps.
    (
        "sed -i \"s#^home.*#home = \\\"$H\\\"#\" $F; cp --remove-destination \"$B\" env/bin/python3",
        "sed ",
    ),
    (
        "sed -i \"s#^home.*#home = '$H'#\" $F; cp --remove-destination \"$B\" env/bin/python3",
        "sed ",
    ),
    (
        "sed -i \"s#^home.*#home = $H\\xff#\" $F; cp --remove-destination \"$B\" env/bin/python3",
        "sed ",
    ),
];

#[test]
fn the_smallest_repair_keeps_the_packages_seen() {
    let fits = |it: &Interpreter| {
        it.word == "python" && it.minor_number() >= 11 && it.file.contains("/versions/")
    };
    let all: Vec<Interpreter> = python::interpreters().into_iter().filter(fits).collect();
    let [other, .., base] = all.as_slice() else {
        return python::absent("no two Pythons of pyenv's since 3.11");
    };
    let Some(place) = Place::with(Some(base.clone())) else {
        return;
    };
    if python::which("patchelf").is_none() {
        return python::absent("no patchelf");
    }
    place.run(&[moved(base, "base"), moved(other, "other")].concat());
    let make = format!(
        "rm -rf env; B=$D/base/bin/python3; P=../../other/bin/python3; H=$D/base/bin; F=env/pyvenv.cfg; L=env/{}/site-packages; \
         \"$B\" -m venv --without-pip env; (cd env/lib/python3*/site-packages; touch neo.py)",
        other.lib()
    );
    let path = "PATH=/usr/bin:/bin";
    for (damage, expected) in SMALL {
        place.run(&format!("{make}; {damage}"));
        let problem = problem(&place, path);
        let command = problem["command"].as_str().unwrap_or_default();
        assert!(command.starts_with(expected), "{damage}: {problem}");
        assert_eq!(
            obey(&place, path, &problem, SEEN),
            "neo",
            "{damage}: {problem}"
        );
    }
    // Nothing of the right version is found: the packages that are lost are named.
    place.run(&format!(
        "{make}; ln -sf $P env/bin/python3; rm env/bin/python; mv env/lib/python3* env/lib/python3.99; \
         sed -i 's#^home.*#home = /gone#; s/^version.*/version = 3.99.0/; /^executable/d' $F"
    ));
    let problem = problem(&place, path);
    let effect = problem["effect"].as_str().unwrap_or_default();
    assert!(effect.contains("lib/python3.99/site-packages"), "{problem}");
}

/// The script that copies a Python into a folder of its own: its compiled-in prefix is nowhere.
fn moved(python: &Interpreter, name: &str) -> String {
    let (prefix, gone) = (&python.prefix, "z".repeat(python.prefix.len()));
    format!(
        "mkdir -p {name}/bin {name}/lib; cp '{}' {name}/bin/python3; cp {prefix}/lib/libpython*.so* {name}/lib; \
         patchelf --set-rpath \"$D/{name}/lib\" {name}/bin/python3; sed -i 's#{prefix}#{gone}#g' {name}/bin/python3 {name}/lib/*; \
         ln -s '{}' {name}/lib/; ",
        python.file, python.stdlib
    )
}

/// What can happen to an environment whose packages the Python `B` sees, before its base `base/python3` goes away. `O` is another Python.
const OVERTAKEN: &[&str] = &[
    // The user makes it again with another Python. This stops at the dead link, after pyvenv.cfg and an empty folder were written.
    "rm -r base; $O -m venv --without-pip env",
    "$O -m venv --upgrade --without-pip env; rm -r base",
    // What a maker puts into each folder of packages is no package.
    "$O -m venv --upgrade --without-pip env; rm -r base; mkdir $L/pip $L/pip-25.0.dist-info; touch $L/_virtualenv.py",
    "sed -i '/^version/d' $F; mkdir -p $L; rm -r base",
];

#[test]
fn an_empty_folder_of_packages_does_not_choose_the_python() {
    let Some((place, other)) = two() else { return };
    let path = "PATH=$(dirname $B):/usr/bin:/bin";
    for damage in OVERTAKEN {
        place.run(&format!("{}; {damage}", for_two(&other)));
        let problem = problem(&place, path);
        assert_eq!(
            obey(&place, path, &problem, SEEN),
            "neo",
            "{damage}: {problem}"
        );
    }
}

#[test]
fn a_new_link_names_the_packages_that_stay_unseen() {
    let Some((place, other)) = two() else { return };
    let path = format!("PATH=$(dirname $B):'{}':/usr/bin:/bin", other.folder());
    place.run(&format!(
        "{}; mkdir -p $L/trinity; sed -i 's/^version.*/version = 3.99.0/' $F; rm -r base",
        for_two(&other)
    ));
    let problem = problem(&place, &path);
    let effect = problem["effect"].as_str().unwrap_or_default();
    assert!(effect.contains("This links"), "{problem}");
    // One of the two folders is not seen, and this one is named.
    let seen = if obey(&place, &path, &problem, SEEN) == "neo" {
        &place.base
    } else {
        &other
    };
    for it in [&place.base, &other] {
        let is_named = effect.contains(&format!("{}/site-packages", it.lib()));
        assert_eq!(is_named, it.minor != seen.minor, "{effect}");
    }
}

/// A place for a Python, and another Python of another version.
fn two() -> Option<(Place, Interpreter)> {
    let fits = |it: &Interpreter| it.word == "python" && it.minor_number() >= 8;
    let all: Vec<Interpreter> = python::interpreters().into_iter().filter(fits).collect();
    let base = all.last()?.clone();
    let Some(other) = all.into_iter().find(|it| it.minor != base.minor) else {
        python::absent("no two versions of Python since 3.8");
        return None;
    };
    Some((Place::with(Some(base))?, other))
}

/// The script that makes `env` with a package for `B`, through a link in the folder `base`.
fn for_two(other: &Interpreter) -> String {
    format!(
        "rm -rf env base; mkdir base; ln -s \"$B\" base/python3; base/python3 -m venv --without-pip env; (cd env/lib/python3*/site-packages; touch neo.py); \
         O='{}'; L=env/{}/site-packages; F=env/pyvenv.cfg",
        other.file,
        other.lib()
    )
}

/// What happens to an environment of `B`; and is its package then named as unseen?
const AFTER: &[(&str, bool)] = &[
    ("ln -sfn $O env/bin/python3", true),
    // It was made again.
    ("rm env/bin/python*; $O -m venv --without-pip env", true),
    (
        "rm env/bin/python*; $O -m venv --without-pip env; mkdir $L/pip; touch $L/_virtualenv.pth",
        true,
    ),
    ("ln -sfn $O env/bin/python3; echo > $F", true),
    // It was installed again.
    (
        "ln -sfn $O env/bin/python3; echo > $F; mkdir -p $L; cp env/lib/*/site-packages/neo.py $L",
        false,
    ),
    // The link stays, so nothing is lost.
    ("$O -m venv --upgrade --without-pip env", false),
    (
        "$O -m venv --upgrade --without-pip env; mkdir $L/pip",
        false,
    ),
    (
        "mkdir -p env/lib/python3.99/site-packages/__pycache__; sed -i 's/^version.*/version = 3.99.0/' $F",
        false,
    ),
];

#[test]
fn packages_are_unseen_by_what_is_in_lib_and_not_by_what_is_written() {
    let Some((place, other)) = two() else { return };
    for (script, is_unseen) in AFTER {
        let output = place.run(&format!(
            "({}; {script}) >&2; \"$C\" --json --python env",
            for_two(&other)
        ));
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        let warnings = said["warnings"].as_array().unwrap().iter();
        let named = warnings
            .filter_map(Value::as_str)
            .find(|it| it.contains(" not seen by ") && it.contains(&place.base.lib()));
        assert_eq!(named.is_some(), *is_unseen, "{script}: {said}");
        let own = place.text("env/bin/python3 -c 'import neo; print(1)' 2>/dev/null");
        assert_eq!(own.is_empty(), *is_unseen, "{script}");
        // Where the environment was made again, it is not made again once more.
        let again = named.is_some_and(|it| it.contains("make the environment again"));
        assert_eq!(
            again,
            *is_unseen && !script.contains("-m venv"),
            "{named:?}"
        );
    }
}

#[test]
fn an_environment_is_made_again_only_once() {
    let Some((place, other)) = two() else { return };
    if place.text("\"$T/uv\" --version").is_empty() {
        return python::absent("no uv that starts");
    }
    let (of_venv, of_uv) = (
        for_two(&other),
        for_two(&other).replace(
            "base/python3 -m venv --without-pip env",
            "\"$T/uv\" venv -q --python \"$B\" env",
        ),
    );
    for (make, path) in [(&of_venv, ""), (&of_uv, ":$T")] {
        let path = format!("PATH=/usr/bin:/bin{path}");
        place.run(&format!("{path}; {make}; ln -sfn $O env/bin/python3"));
        let unseen = || {
            let said = place.say(&format!("{path}; \"$C\" --json --python env"));
            let warnings = said["warnings"].as_array().unwrap().iter();
            let mut warnings = warnings.filter_map(Value::as_str);
            let warning = warnings.find(|it| it.contains(" not seen by "));
            warning.expect("a warning").to_owned()
        };
        let command = unseen();
        let command = command.split('`').nth(1).expect(&command);
        let made = place.run(&format!("{path}; {command}"));
        assert!(made.status.success(), "{command}: {made:?}");
        let again = unseen();
        assert!(again.ends_with(": install them again"), "{again}");
    }
}

#[test]
fn packages_in_lib_are_unseen_too_where_python_looks_in_lib64() {
    // Debian's own Python looks in `lib` first.
    let fits =
        |it: &Interpreter| it.word == "python" && it.minor_number() >= 11 && it.prefix != "/usr";
    let base = python::interpreters().into_iter().find(fits);
    let Some(place) = Place::with(base) else {
        return python::absent("no Python since 3.11 with a library of its own");
    };
    let (lib, stdlib) = (place.base.lib(), &place.base.stdlib);
    place.run(&format!(
        "mkdir -p base/bin base/lib base/lib64 env/bin env/lib/python3.3/site-packages; cp \"$B\" base/bin/python3; \
         for it in lib lib64; do ln -s '{stdlib}' \"base/$it/$(basename {lib})\"; done; \
         touch env/lib/python3.3/site-packages/neo.py; ln -s \"$PWD/base/bin/python3\" env/bin; \
         echo \"home = $PWD/base/bin\" > env/pyvenv.cfg"
    ));
    for platlibdir in ["lib", "lib64"] {
        let variable = format!("PYTHONPLATLIBDIR={platlibdir}");
        let found = place.text(&format!(
            "{variable} env/bin/python3 -c 'import sys; print({ISOLATED})'"
        ));
        assert_eq!(found, "True", "{platlibdir}");
        let output = place.run(&format!("{variable} \"$C\" --json --python env"));
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        let warnings = said["warnings"].to_string();
        assert!(warnings.contains("python3.3/site-packages"), "{said}");
    }
}

/// How the user comes to the command: asked about an environment, by a claim, by a run that only sets the exit code.
const ASKED: &[&str] = &[
    "\"$C\" --python env",
    "VIRTUAL_ENV=$D/env \"$C\" | sed '1,/^Claims:/d'",
    "VIRTUAL_ENV=$D/env PATH=$D/env/bin:$PATH \"$C\" | sed '1,/^Claims:/d'",
    "VIRTUAL_ENV=$D/env \"$C\" --json | tr -d '\\n' | sed 's/.*\"claims\"//'",
    "\"$C\" -q --verify --python env 2>&1",
];

#[test]
fn no_command_comes_before_what_it_loses() {
    let Some(place) = usual() else { return };
    place.run(&format!(
        "{}; touch env/lib/python3.99/site-packages/neo.py",
        without_base("x = y")
    ));
    for ask in ASKED {
        let said = place.text(&format!("PATH=$(dirname $B):$PATH; {ask}"));
        let place_of = |it: &str| {
            said.find(it)
                .unwrap_or_else(|| panic!("{ask}: {it}: {said}"))
        };
        let (loss, command) = (place_of("python3.99/site-packages"), place_of(" -m venv "));
        assert!(loss < command || ask.contains("--json"), "{ask}: {said}");
        // One that no tool installed is not counted, and is there all the same.
        assert!(!said.contains("(0)"), "{ask}: {said}");
    }
}

/// What makes a Python unknown, the variables, and what is printed; a command must make it known.
const UNKNOWN: &[(&str, &str, &str)] = &[
    (
        "mkdir pp; (cd pp; mkdir encodings; touch os.py site.py encodings/__init__.py encodings/aliases.py encodings/utf_8.py)",
        "PYTHONPATH=$D/pp",
        "unset PYTHONPATH",
    ),
    (
        "rm env/bin/python*; cp /usr/bin/python3 env/bin/; chmod 311 env/bin/python3",
        "",
        "chmod u+rX ",
    ),
    (
        "rm env/bin/python*; printf 'MZ\\220' > env/bin/python3; chmod +x env/bin/python3",
        "",
        "asks about another Python",
    ),
    (
        "rm env/bin/python*; printf '#!/bin/sh\\n' > env/bin/python3; chmod +x env/bin/python3",
        "",
        "the interpreter itself",
    ),
];

/// A place of a user who is not root, and a shell of that user.
fn of_owner() -> Option<(Place, String)> {
    if !python::may_be_another_user() {
        return None;
    }
    let place = usual()?;
    let shell = place.at("owner");
    let text = "#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups bash \"$@\"\n";
    python::write_program(&shell, text);
    place.run("chmod 755 .; cp \"$C\" construct; chown -R 65534:65534 .");
    let shell = shell.display().to_string();
    let makes = "/usr/bin/python3 -m venv --without-pip env && echo yes";
    if place.run_in(&shell, makes).stdout != b"yes\n" {
        python::absent("no /usr/bin/python3 with venv");
        return None;
    }
    Some((place, shell))
}

/// Makes `env` anew as its owner, runs this, and asks.
#[track_caller]
fn ask_as_owner((place, shell): &(Place, String), script: &str) -> Value {
    place.say_in(
        shell,
        &format!(
            "({{ chmod -R u+rwX env; rm -rf env pp good; /usr/bin/python3 -m venv --without-pip env; }} >&2; {script}; ./construct --json --python env/bin/python3)"
        ),
    )
}

#[test]
fn the_path_of_the_interpreter_is_asked_for_only_where_another_file_was_given() {
    let Some(place) = of_owner() else { return };
    for (make, variable, expected) in UNKNOWN {
        let script = format!("{make}; export PATH {variable}");
        let said = ask_as_owner(&place, &script);
        assert_eq!(said["status"], "unknown", "{make}: {said}");
        python::has(said["problem"]["repair"].as_str().unwrap(), expected);
        if let Some(command) = said["problem"]["command"].as_str() {
            let said = ask_as_owner(&place, &format!("{script}; {command}"));
            assert_eq!(said["status"], "isolated", "{make}: {command}: {said}");
        }
    }
}

#[test]
fn a_site_on_pythonpath_is_taken_off_it() {
    let has_file = |it: &Interpreter| it.word == "python" && it.minor_number() < 11;
    let place = Place::with(python::interpreters().into_iter().find(has_file));
    let Some(place) = place else {
        return python::absent("no CPython up to 3.10");
    };
    place.run("\"$B\" -m venv --without-pip env; mkdir pp good; echo '# mine' > pp/site.py");
    for (path, expected) in [("$D/pp", "unset PYTHONPATH"), ("$D/good:$D/pp", "/good'")] {
        let path = format!("export PYTHONPATH={path}");
        let problem = problem(&place, &path);
        python::has(problem["command"].as_str().unwrap_or_default(), expected);
        assert_eq!(obey(&place, &path, &problem, ISOLATED), "True", "{problem}");
    }
}

/// What the owner of an environment did to it. A command for each step mends it.
const SHUT: &[(&str, &str)] = &[
    ("chmod 644 env/bin", "chmod u+x "),
    ("chmod 644 env", "chmod u+x "),
    ("chmod 644 env/bin env", "chmod u+x "),
    ("chmod -R 644 env", "chmod u+x "),
    (
        "rm env/bin/python*; cp /usr/bin/python3 env/bin/; chmod 611 env/bin/python3",
        "chmod u+x ",
    ),
    (
        "ln -sfn /gone env/bin/python3; chmod 555 env/bin",
        "chmod u+rwX ",
    ),
];

#[test]
fn an_owner_is_not_told_to_ask_the_owner() {
    let Some(place) = of_owner() else { return };
    for (shut, expected) in SHUT {
        let mut script = (*shut).to_owned();
        let mut commands = Vec::new();
        let said = loop {
            let said = ask_as_owner(&place, &script);
            let Some(command) = said["problem"]["command"].as_str() else {
                break said;
            };
            assert!(commands.len() < 3, "{shut}: {commands:#?}");
            script = format!("{script}; {command}");
            commands.push(command.to_owned());
        };
        assert_eq!(said["status"], "isolated", "{shut}: {commands:#?} {said}");
        python::has(&commands[0], expected);
    }
}
