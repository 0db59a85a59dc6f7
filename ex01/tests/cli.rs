//! What does a person see, and what does a script get?

// These tests need all programs. This file makes and tests builds without some of them.
#![cfg(all(
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/program.rs"]
mod program;
#[path = "support/run.rs"]
mod run;
#[path = "support/skip.rs"]
mod skip;
#[cfg(target_os = "linux")]
#[path = "support/terminal.rs"]
mod terminal;

use std::fs;
use std::path::Path;
use std::process::Command;

use program::copy_program;
use run::{Run, command, json, run};
use skip::{note, skip};
use tempfile::tempdir;
#[cfg(target_os = "linux")]
use terminal::said_on_terminal;

#[test]
fn the_subjects_lines_come_first_and_verbatim() {
    let folder = tempdir().unwrap();
    let run = run(folder.path(), "");
    assert_eq!(run.code, Some(0), "{run:?}");
    let expected = snapbox::str![[r#"
LOADING STATUS: Loading programs...

Checking dependencies:
[OK] polars ([..]) - Data manipulation ready
[OK] ndarray ([..]) - Numerical computation ready
[OK] plotters ([..]) - Visualization ready
[OK] ureq ([..]) - Network access ready

Analyzing Matrix data...
Processing 1000 data points...
Generating visualization...

Analysis complete!
Results saved to: matrix_analysis.png

Data:
...
"#]];
    snapbox::assert_data_eq!(run.out, expected);
    assert_eq!(run.err, "");
    assert!(folder.path().join("matrix_analysis.png").is_file());
    assert_eq!(entries(folder.path()), ["matrix_analysis.png"]);
}

/// The names in a folder.
fn entries(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    names
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Waits until a folder has this many names.
#[cfg(unix)]
fn wait_for_entries(folder: &Path, least: usize) {
    while entries(folder).len() < least {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// A shell in a folder, which finds the program in `$0`.
#[cfg(target_os = "linux")]
fn shell(folder: &Path, words: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", words, env!("CARGO_BIN_EXE_loading")]);
    command.current_dir(folder);
    command
}

#[test]
fn the_versions_shown_are_those_of_the_lock_file() {
    let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    let folder = tempdir().unwrap();
    let found = json(folder.path(), "--check");
    let found = found["dependencies"].as_array().unwrap();
    assert_eq!(found.len(), 4);
    for program in found {
        let text = |key: &str| program[key].as_str().unwrap();
        assert_eq!(text("status"), "ok");
        assert_eq!(text("locked"), text("linked"));
        let block = format!(
            "name = \"{}\"\nversion = \"{}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
             checksum = \"{}\"",
            text("name"),
            text("locked"),
            text("checksum")
        );
        assert!(lock.contains(&block), "{block}");
    }
}

/// The version of ndarray in our lock file.
fn locked() -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let (_, rest) = lock.split_once("name = \"ndarray\"\nversion = \"").unwrap();
    rest.split_once('"').unwrap().0
}

/// Our lock file, with another version of ndarray in it.
fn lock_with(version: &str) -> String {
    let name = "name = \"ndarray\"\nversion = ";
    let (ours, theirs) = (
        format!("{name}\"{}\"", locked()),
        format!("{name}\"{version}\""),
    );
    include_str!("../../Cargo.lock").replace(&ours, &theirs)
}

#[test]
fn a_changed_lock_file_of_this_project_is_drift_and_one_of_another_is_not() {
    let newer = lock_with("9.9.9");
    let folder = tempdir().unwrap();
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).unwrap();

    fs::write(folder.path().join("Cargo.lock"), &newer).unwrap();
    let found = run(&below, "--check");
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.out.contains("[DRIFT] ndarray"), "{}", found.out);
    assert!(found.out.contains("Cargo.lock on disk now says 9.9.9\n"));
    // cargo refuses another version with the checksum of ours.
    assert!(found.out.contains("git checkout -- :/Cargo.lock"));
    assert!(found.out.contains("[OK] polars"));
    let (start, rest) = newer.split_once("\"9.9.9\"").unwrap();
    let rest = rest.replacen("checksum = \"", "checksum = \"0", 1);
    fs::write(
        folder.path().join("Cargo.lock"),
        format!("{start}\"9.9.9\"{rest}"),
    )
    .unwrap();
    let found = run(&below, "--check");
    assert!(found.out.contains("now says 9.9.9\n"), "{}", found.out);
    // Cargo.toml asks for another one, so `cargo build --locked` would end with an error.
    assert!(found.out.contains("cargo build -p ex01\n"));

    // An editor may have moved its blanks and line ends.
    let short = newer.replace("[\n ", "[").replace(",\n]", "]");
    for other in [newer.replace("\n ", "\n\t"), short, newer.replace('"', "'")] {
        fs::write(folder.path().join("Cargo.lock"), other).unwrap();
        let found = run(&below, "--check");
        assert!(found.out.contains("now says 9.9.9\n"), "{}", found.out);
    }
    // A part of the file is gone: ndarray's block and all behind it, or, as after `cargo remove`, its entry in our list.
    let (blocks, ours) = newer.split_once("name = \"ex01\"").unwrap();
    let unlisted = format!(
        "{blocks}name = \"ex01\"{}",
        ours.replacen(" \"ndarray\",\n", "", 1)
    );
    let (cut, _) = newer.split_once("[[package]]\nname = \"ndarray\"").unwrap();
    for lock in [unlisted, cut.to_owned()] {
        fs::write(folder.path().join("Cargo.lock"), lock).unwrap();
        let found = run(&below, "--check");
        assert_eq!(found.code, Some(1), "{found:?}");
        assert!(found.out.contains("[DRIFT] ndarray"), "{}", found.out);
        assert!(found.out.contains("no longer lists it"), "{}", found.out);
    }
    // Without our own block, the lock file belongs to another project.
    let foreign = newer.replace("name = \"ex01\"", "name = \"theirs\"");
    fs::write(folder.path().join("Cargo.lock"), foreign).unwrap();
    assert_eq!(run(&below, "--check").code, Some(0));
}

/// Copies the program into this folder, with other paths to ndarray's source, and says how to run the copy.
#[cfg(target_os = "linux")]
fn with_other_paths(folder: &Path, new: &str) -> impl Fn(&str) -> Run {
    let version = json(folder, "--check")["dependencies"][1]["linked"].clone();
    let old = format!("/ndarray-{}/src", version.as_str().unwrap());
    // The new path has the same length, so nothing moves.
    assert_eq!(old.len(), new.len());
    let original = Path::new(env!("CARGO_BIN_EXE_loading"));
    let mut bytes = fs::read(original).unwrap();
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes, &old).collect();
    assert!(!places.is_empty());
    for place in places {
        bytes[place..place + new.len()].copy_from_slice(new.as_bytes());
    }
    let (written, changed) = (folder.join("written"), folder.join("changed"));
    fs::write(&written, bytes).unwrap();
    fs::set_permissions(&written, original.metadata().unwrap().permissions()).unwrap();
    copy_program(&written, &changed);
    let folder = folder.to_owned();
    move |flag| {
        let mut command = Command::new(&changed);
        command.current_dir(&folder).env_clear();
        command.args([flag, "--no-plot"]).output().unwrap().into()
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_binary_with_another_version_linked_into_it_is_drift() {
    // `cargo install` without `--locked` can do this: the lock file names one version, the code has another.
    let folder = tempdir().unwrap();
    let run = with_other_paths(folder.path(), "/ndarray-0.99.9/src");
    let found = run("--check");
    assert_eq!(found.code, Some(1), "{found:?}");
    for text in ["[DRIFT] ndarray (0.99.9)", "cargo install --locked"] {
        assert!(found.out.contains(text), "{text}: {}", found.out);
    }
    // The library still works, and the analysis goes on.
    assert_eq!(run("--points=10").code, Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_binary_without_a_version_is_not_ok() {
    // `--remap-path-prefix` can do this: the paths name no version.
    let folder = tempdir().unwrap();
    let run = with_other_paths(folder.path(), "/ndarray-x.xx.x/src");
    let found = run("--check");
    assert_eq!(found.code, Some(1), "{found:?}");
    for text in [
        "[UNKNOWN] ndarray - Numerical computation ready",
        "its version is unknown",
        "RUSTFLAGS= cargo build -p ex01 --locked",
    ] {
        assert!(found.out.contains(text), "{text}: {}", found.out);
    }
    let json = run("--json");
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["dependencies"][1]["status"], "unknown");
    assert!(json["dependencies"][1]["linked"].is_null());
    assert_eq!(json["dependencies"][0]["status"], "ok");
    // The library still works, and the analysis goes on.
    assert_eq!(run("--points=10").code, Some(0));
}

#[test]
fn a_build_without_programs_says_what_to_type_for_each() {
    if lacks_cargo() {
        return;
    }
    let (programs, folder) = (tempdir().unwrap(), tempdir().unwrap());
    let bare = programs.path().join("bare");
    build("", &bare);
    let run = |words: &str| -> Run {
        let mut command = Command::new(&bare);
        command.current_dir(folder.path()).env_clear();
        command
            .args(words.split_whitespace())
            .output()
            .unwrap()
            .into()
    };
    let found = run("");
    assert_eq!(found.code, Some(1), "{found:?}");
    for name in ["polars", "ndarray", "plotters", "ureq"] {
        assert!(
            found.out.contains(&format!("[MISSING] {name}")),
            "{}",
            found.out
        );
        assert!(
            !found.out.contains(&format!("[OK] {name}")),
            "{}",
            found.out
        );
    }
    for word in ["cargo run -p ex01", "pip install", "poetry install"] {
        assert!(found.out.contains(word), "{word}: {}", found.out);
    }
    for claim in ["complete", "Results saved", "Analyzing"] {
        assert!(!found.out.contains(claim), "{claim}: {}", found.out);
    }
    assert_eq!(entries(folder.path()), Vec::<String>::new());
    assert_eq!(run("--check").code, Some(1));
    let object: serde_json::Value = serde_json::from_str(&run("--json").out).unwrap();
    assert!(object["n"].is_null());
    assert_eq!(object["dependencies"][0]["status"], "missing");

    // ndarray alone is there and works, but the analysis needs polars too.
    let numbers = programs.path().join("numbers");
    build("ndarray", &numbers);
    let output = Command::new(numbers)
        .current_dir(folder.path())
        .env_clear()
        .output();
    let found = Run::from(output.unwrap());
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.out.contains("[OK] ndarray ("), "{}", found.out);
    assert!(
        found
            .out
            .contains("--no-default-features --features polars,ndarray"),
        "{}",
        found.out
    );
}

#[test]
fn an_install_that_ignores_the_lock_file_is_drift() {
    if lacks_cargo() {
        return;
    }
    // This runs before the copy is made: cargo takes any build that is younger than the sources for a build of them.
    let turn = turn_to_build();
    // A copy of the project. Its lock file names an older ndarray than cargo would choose.
    let folder = tempdir().unwrap();
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let read = |name: &str| fs::read_to_string(project.join(name)).unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    let members = r#"members = ["ex0", "ex01", "ex02"]"#;
    let manifest = read("Cargo.toml").replace(members, r#"members = ["ex01"]"#);
    write("Cargo.toml", manifest);
    write("Cargo.lock", lock_with("0.17.0"));
    copy(&project.join("ex01"), &folder.path().join("ex01"));
    let options = "install -q --debug --offline --path ex01 --root installed --no-default-features --features ndarray";
    let output = Command::new(env!("CARGO"))
        .args(options.split(' '))
        .arg("--target-dir")
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("features"))
        .current_dir(folder.path())
        .output();
    drop(turn);
    let install = Run::from(output.unwrap());
    assert_eq!(install.code, Some(0), "{install:?}");

    let installed = format!("installed/bin/loading{}", std::env::consts::EXE_SUFFIX);
    let output = Command::new(folder.path().join(installed))
        .args(["--check", "--json"])
        .env_clear()
        .output();
    let found = Run::from(output.unwrap());
    assert_eq!(found.code, Some(1), "{found:?}");
    let object: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    let ndarray = &object["dependencies"][1];
    assert_eq!(ndarray["status"], "drift", "{ndarray}");
    assert_eq!(ndarray["locked"], "0.17.0", "what the lock file promised");
    assert_eq!(ndarray["linked"], locked(), "what cargo took instead");
    assert_eq!(ndarray["fix"], "cargo install --locked --path ex01");
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Says that a test is left out because the cargo that built it is not this user's.
fn lacks_cargo() -> bool {
    let lacks = Command::new(env!("CARGO")).arg("-V").output().is_err();
    if lacks {
        skip("this user cannot start the cargo that built the tests");
    }
    lacks
}

/// Builds in the folder `features` overwrite each other, those of a second `cargo test` too. So only one runs at a time.
fn turn_to_build() -> fs::File {
    let turn = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features.lock");
    let turn = fs::File::create(turn).unwrap();
    turn.lock().unwrap();
    turn
}

/// Builds the program with some features only, beside the usual build, and copies it.
fn build(features: &str, to: &Path) {
    let _turn = turn_to_build();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features");
    let status = Command::new(env!("CARGO"))
        .args([
            "build",
            "-q",
            "-p",
            "ex01",
            "--offline",
            "--no-default-features",
            "--features",
            features,
        ])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(status.unwrap().success());
    // The next build overwrites this one.
    let built = target
        .join("debug")
        .join(format!("loading{}", std::env::consts::EXE_SUFFIX));
    copy_program(&built, to);
}

#[test]
fn an_unwritable_file_is_an_error_before_the_work_begins() {
    let folder = tempdir().unwrap();
    fs::create_dir_all(folder.path().join("matrix_analysis.png/in_the_way")).unwrap();
    let check = |words: &str, what: &str, hint: &str| {
        let found = run(folder.path(), words);
        assert_eq!(found.code, Some(2), "{words}: {found:?}");
        assert!(found.err.starts_with("error: "), "{words}: {}", found.err);
        assert!(found.err.contains(what), "{words}: {}", found.err);
        assert!(found.err.contains("\nhint: "), "{words}: {}", found.err);
        assert!(found.err.contains(hint), "{words}: {}", found.err);
        assert!(!found.out.contains("saved"), "{words}: {}", found.out);
        assert!(!found.out.contains("complete"), "{words}: {}", found.out);
    };
    check(
        "",
        "matrix_analysis.png`: it is not a regular file",
        "choose another name",
    );
    check(
        "--output no/such/folder.png",
        "no/such/folder.png",
        "`mkdir -p no/such`",
    );
    check(
        "--output picture.gif",
        "`--output picture.gif` is not a picture",
        "`.png` or `.svg`",
    );
    check("--output /dev/null", "/dev/null", "`.png` or `.svg`");
    check(
        "--no-plot --export data.csv",
        "data.csv` is not a Parquet file",
        "`.parquet`",
    );
    check(
        "--no-plot --export no/such.parquet",
        "no/such.parquet",
        "`mkdir -p no`",
    );
    check("--output it's/x.png", "it's/x.png", r"`mkdir -p 'it'\''s'`");
    check("--output=-new/x.png", "`-new/x.png`", "`mkdir -p ./-new`");
    check("--no-plot --export /dev/null/", "/dev/null", "");
    check("--no-plot --export a/b/ --source no.csv", "no.csv", "");
    assert_eq!(entries(folder.path()), ["matrix_analysis.png"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_its_owner_may_only_read_is_not_replaced() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = tempdir().unwrap();
    let set = |name: &str, mode| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.path().join(name), mode).unwrap();
    };
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    // root may write to every file, so it becomes nobody. The program is open before that: its folder may be closed to others.
    let user = if is_root {
        "setpriv --reuid=65534 --clear-groups"
    } else {
        ""
    };
    set("", 0o777);
    fs::create_dir(folder.path().join("parts")).unwrap();
    set("parts", 0o777);
    for (name, words) in [
        ("a.png", "--output a.png"),
        ("a.parquet", "--no-plot --export a.parquet"),
        ("parts/part-000000.parquet", "--no-plot --export parts/"),
    ] {
        fs::write(folder.path().join(name), "mine").unwrap();
        set(name, 0o444);
        let words = format!("exec 9<\"$0\"; exec {user} /proc/self/fd/9 {words}");
        let found = Run::from(shell(folder.path(), &words).output().unwrap());
        assert_eq!(found.code, Some(2), "{found:?}");
        for said in [name, "permission denied", "a file that you may write to"] {
            assert!(found.err.contains(said), "{said}: {found:?}");
        }
        assert!(!found.out.contains("Processing"), "{found:?}");
        assert_eq!(fs::read(folder.path().join(name)).unwrap(), b"mine");
    }
    assert_eq!(entries(folder.path()).len(), 3);
}

#[test]
fn a_wrong_flag_is_named_and_ends_with_two() {
    let folder = tempdir().unwrap();
    for words in [
        "--points 0",
        "--points -5",
        "--points 1e13",
        "--points many",
        "--seed x",
        "--threads 0",
        "--timeout 0",
        "--max-bytes 0",
        "--or-simulate",
        "--no-plot --output a.png",
        "--nonsense",
        "stray",
    ] {
        let found = run(folder.path(), words);
        assert_eq!(found.code, Some(2), "{words}: {found:?}");
        assert_eq!(found.out, "", "{words}");
        let named = match words {
            "--or-simulate" => "--source", // the flag that it needs
            words => words.split(' ').next().unwrap(),
        };
        assert!(found.err.contains(named), "{words}: {}", found.err);
        assert!(found.err.contains("hint: "), "{words}: {}", found.err);
    }
}

#[test]
fn a_secret_in_a_word_of_the_command_line_is_not_shown() {
    let folder = tempdir().unwrap();
    for word in [
        "http://neo:{}/{}@h/x.parquet",
        "http://neo:{}@h/parts/",
        "http://neo:8080/{}@127.0.0.1:1/x.parquet",
        "http://neo:80?{}@h/x.parquet",
        "http://neo:4/pw#{}@h/x.parquet",
        "https:neo:Sw0rdfish@h/x.parquet",
        "neo:Sw0rdfish@h/x.parquet",
        "s3://AKIA:{}@b/x.parquet",
        "http://h/x.parquet?auth_code=Sw0rdfish",
        "http://h/x.parquet?apikey%3DSw0rdfish",
        "--neo:Sw0rdfish@h",
    ] {
        // Not written out, because the oracle searches this file too.
        let word = word.replace("{}", "Sw0rdfish");
        for flag in [
            "",
            "--points ",
            "--points=",
            "--color ",
            "--color=",
            "--seed ",
            "-o ",
            "-o",
            "--output=",
            "--export ",
            "--no-plot --points 5 --export ./",
            "--no-plot --export=",
            "--or-simulate ",
            "--threads=",
            "--source=",
            "--source=file:///no/",
        ] {
            let found = run(folder.path(), &format!("{flag}{word}"));
            assert_eq!(found.code, Some(2), "{flag}{word}: {found:?}");
            let found = format!("{found:?}");
            assert!(found.contains("hint: "), "{flag}{word}: {found}");
            for secret in ["Sw0rd", "fish", "neo", "AKIA"] {
                assert!(!found.contains(secret), "{flag}{word}: {found}");
            }
        }
    }
    assert!(entries(folder.path()).is_empty());
}

#[test]
fn a_file_may_have_a_name_like_a_login() {
    let folder = tempdir().unwrap();
    let words = "--points 5 --no-plot --json --export a:b@c.parquet";
    let found = run(folder.path(), words);
    assert!(
        found.out.contains(r#""path": "a:b@c.parquet""#),
        "{found:?}"
    );
    let found = run(folder.path(), "--no-plot --json --source a:b@c.parquet");
    assert!(
        found.out.contains(r#""source": "a:b@c.parquet""#),
        "{found:?}"
    );
    // The file is there, so its name stands in the error.
    let found = run(folder.path(), "a:b@c.parquet");
    assert!(
        found.err.contains("`a:b@c.parquet`") || found.err.contains("'a:b@c.parquet'"),
        "{found:?}"
    );
    fs::create_dir_all(folder.path().join("d:e@f/n=1")).unwrap();
    fs::copy(
        folder.path().join("a:b@c.parquet"),
        folder.path().join("d:e@f/n=1/a.parquet"),
    )
    .unwrap();
    let found = run(folder.path(), "--no-plot --source d:e@f");
    assert!(found.err.contains("failed to read `d:e@f`"), "{found:?}");
    let found = run(folder.path(), "-q --no-plot --source d:e@f/*/*.parquet");
    assert_eq!(found.code, Some(0), "{found:?}");
}

#[test]
fn help_and_version_are_short() {
    let folder = tempdir().unwrap();
    assert_eq!(run(folder.path(), "--version").out, "loading 0.1.0\n");
    let help = run(folder.path(), "--help");
    assert_eq!(help.code, Some(0));
    assert!(
        help.out.contains("Example:\n  loading --points"),
        "{}",
        help.out
    );
}

#[test]
fn quiet_prints_nothing_and_a_closed_pipe_is_no_failure() {
    let folder = tempdir().unwrap();
    let found = run(folder.path(), "-q --points 10");
    assert_eq!((found.code, found.out.as_str()), (Some(0), ""));

    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let found = command(folder.path(), "--points 10")
        .stdout(writer)
        .output();
    let found = Run::from(found.unwrap());
    assert_eq!((found.code, found.err.as_str()), (Some(0), ""));
}

#[test]
fn colour_comes_only_when_asked_for() {
    let folder = tempdir().unwrap();
    assert!(!run(folder.path(), "--check").out.contains('\x1b'));
    assert!(
        run(folder.path(), "--check --color always")
            .out
            .contains('\x1b')
    );
    let is_forced_by = |value: &str| {
        let mut command = command(folder.path(), "--check");
        let output = command.env("CLICOLOR_FORCE", value).output();
        Run::from(output.unwrap()).out.contains('\x1b')
    };
    assert!(is_forced_by("1") && !is_forced_by("0"));
}

#[test]
fn the_picture_is_a_png_or_an_svg_and_replaces_an_old_one() {
    let folder = tempdir().unwrap();
    let png = folder.path().join("a.png");
    fs::write(&png, "stale").unwrap();
    let found = run(folder.path(), "--points 5000 --output a.png");
    assert!(
        found.out.contains("Results saved to: a.png\n"),
        "{}",
        found.out
    );
    let mut decoded = png::Decoder::new(std::io::Cursor::new(fs::read(&png).unwrap()))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; decoded.output_buffer_size().unwrap()];
    let size = decoded.next_frame(&mut pixels).unwrap();
    assert_eq!((size.width, size.height), (950, 660));
    let colours: std::collections::BTreeSet<&[u8]> = pixels.chunks(3).collect();
    assert!(colours.len() > 100, "anti-aliased edges have many shades");

    // The ending may be in capital letters. The file keeps the name that was asked for.
    assert_eq!(
        run(folder.path(), "--points 10 --output B.PNG").code,
        Some(0)
    );
    assert!(
        fs::read(folder.path().join("B.PNG"))
            .unwrap()
            .starts_with(b"\x89PNG")
    );
    assert_eq!(
        run(folder.path(), "--points 10 --output b.SVG").code,
        Some(0)
    );
    assert!(
        fs::read(folder.path().join("b.SVG"))
            .unwrap()
            .starts_with(b"<svg")
    );

    run(folder.path(), "--points 2e6 --output a.svg");
    let svg = fs::read_to_string(folder.path().join("a.svg")).unwrap();
    assert!(
        svg.contains("of 2,048 points each"),
        "a band, and what it shows"
    );
    run(folder.path(), "--points 5000 --output a.svg");
    let svg = fs::read_to_string(folder.path().join("a.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    for text in [
        "5,000 points, simulated, seed 42",
        "Histogram of risk",
        "Mean risk by agent activity",
    ] {
        assert!(svg.contains(text), "{text}");
    }
}

#[cfg(feature = "polars")]
#[test]
fn a_number_of_threads_that_polars_cannot_take_is_named() {
    let folder = tempdir().unwrap();
    let (pool, streams, files) = (
        "POLARS_MAX_THREADS",
        "POLARS_ASYNC_THREAD_COUNT",
        "POLARS_MAX_BLOCKING_THREAD_COUNT",
    );
    for (variable, threads, code) in [
        (pool, "0", 1),
        (pool, "2", 0),
        (pool, "x", 0),
        (pool, "99999999", 1),
        (streams, "0", 1),
        (streams, "2", 0),
        (streams, "x", 1),
        (streams, "99999999", 1),
        (files, "0", 1),
        (files, "1", 0),
        (files, "", 1),
        (files, "99999999", 0),
        // polars would show these as they are.
        (pool, "\x1b[31mx\nerror: fake", 1),
        ("POLARS_FORCE_ASYNC", "\u{202e}x", 1),
        ("POLARS_ENGINE_AFFINITY", "x\ny", 1),
    ] {
        let found = Command::new(env!("CARGO_BIN_EXE_loading"))
            .args(["--check", "--color", "never"])
            .env(variable, threads)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let out = String::from_utf8(found.stdout).unwrap();
        assert_eq!(
            found.status.code(),
            Some(code),
            "{variable}={threads}: {out}"
        );
        assert_eq!(out.contains("[BROKEN] polars"), code == 1, "{out}");
        let err = String::from_utf8(found.stderr).unwrap();
        assert!(!err.contains(['\x1b', '\u{202e}']) && !err.contains("fake"));
        let hint = format!("unset {variable}\n");
        assert_eq!(out.contains(&hint), code == 1, "{out}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_how_long_the_work_takes() {
    let folder = tempdir().unwrap();
    let words = "-q --no-plot --points 2e8 --threads 1";
    let found = run(folder.path(), words);
    assert_eq!(found.err, "", "without a terminal, stderr is empty");
    let Some(said) = said_on_terminal(words) else {
        return;
    };
    for text in [" % [=", " points, ", " million/s, ", "s left"] {
        assert!(said.contains(text), "{text}: {said}");
    }
    // A longer line would leave a copy of itself behind at each step.
    for line in said.split('\r') {
        let line = line.trim_start_matches("\x1b[2K");
        assert!(line.len() <= 80, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_no_file_and_a_message_says_so() {
    for (signal, number, export) in [
        ("HUP", 1, "out.parquet"),
        ("INT", 2, "out.parquet"),
        ("QUIT", 3, "out.parquet"),
        ("USR1", 10, "out.parquet"),
        ("USR2", 12, "out.parquet"),
        ("ALRM", 14, "out.parquet"),
        ("TERM", 15, "a/b/"),
        ("XCPU", 24, "out.parquet"),
    ] {
        if is_ignored(number) {
            note("these tests run under nohup or in the background, where the signal is ignored");
            continue;
        }
        let folder = tempdir().unwrap();
        fs::write(folder.path().join("out.parquet"), "older").unwrap();
        let words = format!("-q --points 1e12 --export {export}");
        let child = command(folder.path(), &words)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // The unfinished picture and the unfinished export, beside the older file.
        wait_for_entries(folder.path(), 3);
        send(signal, child.id());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            std::os::unix::process::ExitStatusExt::signal(&output.status),
            Some(number)
        );
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said, "interrupted: nothing half-written is left behind\n");
        assert_eq!(entries(folder.path()), ["out.parquet"]);
        assert_eq!(
            fs::read(folder.path().join("out.parquet")).unwrap(),
            b"older"
        );
    }
}

/// Whether these tests ignore a signal, as under `nohup`. The programs that they start inherit that. Only Linux tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    mask.is_none_or(|it| u64::from_str_radix(it.trim(), 16).unwrap() >> (signal - 1) & 1 == 1)
}

#[cfg(target_os = "linux")]
#[test]
fn an_ignored_signal_does_not_end_the_program() {
    for signal in ["HUP", "INT", "TERM"] {
        let folder = tempdir().unwrap();
        let words = format!("trap '' {signal}; exec \"$0\" -q --points 1e8 --output a.png");
        let mut child = shell(folder.path(), &words).spawn().unwrap();
        wait_for_entries(folder.path(), 1);
        send(signal, child.id());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
        assert_eq!(entries(folder.path()), ["a.png"]);
    }
}

#[cfg(unix)]
fn send(signal: &str, process: u32) {
    let kill = Command::new("kill")
        .args(["-s", signal, &process.to_string()])
        .status();
    assert!(kill.unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_the_program_even_if_nobody_reads_the_message() {
    use std::io::Write;
    let folder = tempdir().unwrap();
    let (_reader, mut pipe) = std::io::pipe().unwrap();
    // A pipe takes so much and no more.
    pipe.write_all(&vec![b'.'; 65_536]).unwrap();
    let mut child = command(folder.path(), "-q --points 1e12 --output a.png")
        .stderr(pipe)
        .spawn()
        .unwrap();
    wait_for_entries(folder.path(), 1);
    send("TERM", child.id());
    let status = child.wait().unwrap();
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&status),
        Some(15)
    );
    assert!(entries(folder.path()).is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn the_first_process_of_a_container_ends_with_the_code_of_the_signal() {
    let folder = tempdir().unwrap();
    let child = Command::new("unshare")
        .args(["--pid", "--fork", env!("CARGO_BIN_EXE_loading")])
        .args(["-q", "--points", "1e12", "--output", "a.png"])
        .current_dir(folder.path())
        .stderr(std::process::Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    while entries(folder.path()).is_empty() {
        if child.try_wait().unwrap().is_some() {
            return note("this user may not make a namespace for processes");
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let own = child.id();
    let first = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap();
    send("TERM", first.trim().parse().unwrap());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "interrupted: nothing half-written is left behind\n");
    assert_eq!(output.status.code(), Some(128 + 15));
    assert!(entries(folder.path()).is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn two_exports_into_one_folder_name_their_parts_in_turn() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("out");
    fs::create_dir(&path).unwrap();
    let turn = fs::File::open(&path).unwrap();
    turn.lock().unwrap();
    let child = command(folder.path(), "-q --no-plot --points 10 --export out/")
        .stderr(std::process::Stdio::null())
        .spawn();
    let mut child = child.unwrap();
    wait_for_entries(&path, 1);
    // Without the lock, the run would take a hundredth of this time.
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(child.try_wait().unwrap(), None);
    assert!(!path.join("part-000000.parquet").exists());
    // The other run's export was larger.
    fs::write(path.join("part-000001.parquet"), "").unwrap();
    turn.unlock().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert_eq!(entries(&path), ["part-000001.parquet"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_leaves_no_file() {
    let folder = tempdir().unwrap();
    let table = "signal,agent_activity\n".to_owned() + &"0.123,4\n".repeat(600_000);
    fs::write(folder.path().join("a.csv"), table).unwrap();
    // Simulated data may replace a source that cannot be read. It must not hide an export that cannot be written.
    for words in ["--points 1e6", "--source a.csv --or-simulate --points 10"] {
        // No file may grow beyond 500 blocks. Writing more fails as on a full disk.
        let words = format!("ulimit -f 500; exec \"$0\" --no-plot {words} --export out.parquet");
        let output = shell(folder.path(), &words).output();
        let found = Run::from(output.unwrap());
        assert_eq!(found.code, Some(2), "{found:?}");
        assert!(
            found
                .err
                .contains("failed to write `out.parquet`: file too large\nhint: raise `ulimit -f`"),
            "{}",
            found.err
        );
        assert!(found.err.contains("\nhint: "), "{}", found.err);
        assert!(!found.out.contains("complete"), "{}", found.out);
        assert_eq!(entries(folder.path()), ["a.csv"]);
    }

    for words in ["--points 10", "--points 10 --json", "--check", "--help"] {
        let full = fs::File::create("/dev/full").unwrap();
        let output = command(folder.path(), words).stdout(full).output();
        let found = Run::from(output.unwrap());
        assert_eq!(found.code, Some(2), "{words}: {found:?}");
        assert!(
            found.err.contains(
                "failed to write to stdout: no space left on device\nhint: free some space"
            ),
            "{words}: {}",
            found.err
        );
        fs::write(folder.path().join("report"), "").unwrap();
        let read_only = fs::File::open(folder.path().join("report")).unwrap();
        let output = command(folder.path(), words).stdout(read_only).output();
        let found = Run::from(output.unwrap());
        assert_eq!(found.code, Some(2), "{words}: {found:?}");
        assert!(
            found.err.contains("failed to write to stdout: "),
            "{words}: {}",
            found.err
        );
    }
    // A limit for files is no lack of space. (Signal 25, XFSZ, would end the program first.)
    let words = "trap '' 25; ulimit -f 0; exec \"$0\" --check";
    let output = shell(folder.path(), words)
        .stdout(fs::File::create(folder.path().join("out")).unwrap())
        .output();
    let found = Run::from(output.unwrap());
    let said = "failed to write to stdout: file too large\nhint: raise `ulimit -f`, or send";
    assert!(found.err.contains(said), "{found:?}");
    assert_eq!(found.code, Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_free_thread_the_error_names_the_limit() {
    use std::os::unix::fs::MetadataExt;
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        // The limit counts all threads of a user, and these tests have an unknown number.
        return note("only root can become a user who has no other threads");
    }
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), "signal,agent_activity\n1,2\n").unwrap();
    // The file is open before the other user comes, who may not enter its folder. polars starts two threads, and a third one waits
    // for its first answer.
    let user = 1_500_000 + std::process::id();
    let start = format!(
        "exec 8<a.csv 9<\"$0\"; exec setpriv --reuid={user} --clear-groups prlimit --nproc=$1 \
         env POLARS_MAX_THREADS=1 /proc/self/fd/9 --no-plot $2 <&8"
    );
    let with_threads = |most: &str, words: &str| -> Run {
        let mut command = shell(folder.path(), &start);
        command.args([most, words]).output().unwrap().into()
    };

    for most in ["1", "2", "3"] {
        let found = with_threads(most, "--check");
        assert_eq!(found.code, Some(1), "{found:?}");
        assert!(found.out.contains("[BROKEN] polars ("), "{found:?}");
        let why = "it needs 3 threads, and the system refuses one: resource temporarily unavailable (`ulimit -u` or";
        assert!(found.out.contains(why), "{found:?}");
        assert!(!found.out.contains("cargo clean"), "{found:?}");
    }

    for words in ["--points 1e6 --threads 2", "--source -"] {
        let found = with_threads("4", words);
        assert_eq!(found.code, Some(2), "{words}: {found:?}");
        let why = "error: failed to start a thread: resource temporarily unavailable\nhint: raise `ulimit -u`, or the pids limit of the container; fewer";
        assert!(found.err.contains(why), "{words}: {found:?}");
    }
    let found = with_threads("8", "--points 10");
    assert_eq!(found.code, Some(0), "{found:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_self_test_that_may_open_no_files_names_the_limit() {
    let folder = tempdir().unwrap();
    let words = "ulimit -n 4; exec \"$0\" --check";
    let found = Run::from(shell(folder.path(), words).output().unwrap());
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.out.contains("Too many open files"), "{found:?}");
    assert!(found.out.contains("`ulimit -n`"), "{found:?}");
    // A new build would end in the same way, some minutes later.
    assert!(!found.out.contains("cargo clean"), "{found:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn too_little_memory_for_the_counters_is_an_error() {
    let folder = tempdir().unwrap();
    let table = "signal,agent_activity\n".to_owned() + &"0.123,4\n".repeat(70_000);
    fs::write(folder.path().join("a.csv"), table).unwrap();
    for words in ["--points 70000", "--source a.csv --or-simulate"] {
        // The counters need 2 × 101 MB of address space; the rest of the program needs less than 60 MB, but polars more for each of its threads.
        let words = format!("ulimit -v 250000; exec \"$0\" --no-plot --threads 1 {words}");
        let output = shell(folder.path(), &words)
            .env("POLARS_MAX_THREADS", "1")
            .env("MALLOC_ARENA_MAX", "1")
            .output();
        let found = Run::from(output.unwrap());
        assert_eq!(found.code, Some(2), "{found:?}");
        let why = "error: failed to reserve 101 MB of memory for the counters\nhint: raise `ulimit -v`, the limit of address space; fewer";
        assert!(found.err.contains(why), "{found:?}");
    }
}
