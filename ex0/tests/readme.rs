//! The README is a test: the test runs every console block and compares the output.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the differential test uses the rest")]
mod python;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use python::Interpreter;

/// The console blocks: each is a command and its output.
fn blocks(readme: &str) -> Vec<(String, String)> {
    let blocks = readme
        .split("```")
        .filter_map(|it| it.strip_prefix("console\n"));
    blocks
        .map(|block| {
            let (line, expected) = block.split_once('\n').expect("a block has a line to type");
            (
                line.strip_prefix("$ ")
                    .expect("a block starts with a prompt")
                    .to_owned(),
                expected.to_owned(),
            )
        })
        .collect()
}

/// Runs a command as a student types it. Returns stdout and stderr, with the README's names instead of those of this machine.
fn shell(line: &str, folder: &Path, interpreter: &Interpreter) -> String {
    let construct = "\"$CONSTRUCT\"";
    let line = line
        .replace("cargo run -p ", "cargo run -q -p ")
        .replace("cargo run -q -p ex0 -- ", &format!("{construct} "))
        .replace("cargo run -q -p ex0", construct);
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", &format!("{{ {line}\n}} 2>&1")])
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::null());
    command
        .env("PATH", format!("{}:/usr/bin:/bin", interpreter.folder()))
        .env("CONSTRUCT", env!("CARGO_BIN_EXE_construct"))
        .env("HOME", folder)
        .env("SHELL", "/bin/bash");
    let output = python::within(command, Duration::from_mins(1)).expect("it must not hang");
    let version = interpreter.version();
    let text = String::from_utf8(output.stdout).unwrap();
    python::respelled(&text, &folder.display().to_string(), "/home/neo/matrix")
        .replace(&interpreter.folder(), "/usr/bin")
        .replace(&version, "3.11.2")
        .replace(&format!("python{}", interpreter.minor), "python3.11")
}

/// The interpreter that a student most likely has. A `python3` in the same folder must lead to it.
fn base() -> Option<Interpreter> {
    let mut all = python::interpreters();
    all.retain(|it| {
        let python3 = Path::new(&it.folder()).join("python3").canonicalize();
        it.word == "python"
            && python3.is_ok_and(|python3| python3 == Path::new(&it.file))
            && it.minor_number() >= 9
    });
    all.into_iter().min_by_key(|it| it.folder() != "/usr/bin")
}

/// The pages, in the order in which a student reads them. The page of a task shows what construct cannot do yet, so it is left out as soon
/// as the task's test exists.
fn pages() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tasks = fs::read_dir(here.join("tasks")).unwrap();
    let mut tasks: Vec<_> = tasks.map(|it| it.unwrap().path()).collect();
    tasks.retain(|it| it.extension().is_some_and(|it| it == "md"));
    tasks.retain(|it| {
        let name = it.file_name().unwrap().to_string_lossy();
        let number = name.split('-').next().unwrap();
        !here.join(format!("tests/task_{number}.rs")).exists()
    });
    tasks.sort();
    let first = ["README.md", "doc/reference.md"].map(|it| here.join(it));
    let pages = first.iter().chain(&tasks);
    pages.map(|it| fs::read_to_string(it).unwrap()).collect()
}

/// Runs the blocks one after the other in a new folder. Returns their number.
fn check(pages: &[String], mine: impl Fn(&str) -> bool) -> usize {
    let Some(interpreter) = base() else {
        return 0;
    };
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap().join("matrix");
    fs::create_dir(&root).unwrap();
    let mut count = 0;
    let blocks = pages.iter().flat_map(|it| blocks(it));
    for (line, expected) in blocks.filter(|(line, _)| mine(line)) {
        assert_eq!(shell(&line, &root, &interpreter), expected, "$ {line}");
        count += 1;
    }
    count
}

#[test]
fn the_readme_tells_the_truth() {
    let count = check(&pages(), |_| true);
    assert!(
        count >= 10 || python::interpreters().is_empty(),
        "only {count} blocks ran"
    );
}

#[test]
fn the_root_readme_tells_the_truth_about_ex0() {
    // The file may be missing: this crate can be built alone.
    let root = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"))
        .unwrap_or_default();
    let mine = |line: &str| {
        line.contains("-p ex0") && !line.contains("-p ex01") && !line.contains("-p ex02")
    };
    check(&[root], mine);
}

/// The lines in a picture of a terminal, without colours.
fn lines_of(picture: &str) -> Vec<String> {
    let texts = picture.split("<text ").skip(1);
    let plain = |text: &str| {
        let text = text.split_once('>').unwrap().1;
        let text = text.split("</text>").next().unwrap();
        let pieces = text
            .split('<')
            .map(|it| it.split_once('>').map_or(it, |(_, it)| it));
        let text = pieces.collect::<String>();
        [
            ("&#x27;", "'"),
            ("&quot;", "\""),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
    };
    texts.map(plain).collect()
}

#[test]
fn the_picture_shows_what_its_prompt_prints() {
    let debian_s = |it: &Interpreter| {
        let site = fs::read_to_string(format!("{}/site.py", it.stdlib)).unwrap_or_default();
        it.folder() == "/usr/bin" && it.minor == "3.11" && site.contains("dist-packages")
    };
    let Some(interpreter) = base().filter(debian_s) else {
        return python::absent("no Python 3.11 of Debian's");
    };
    let lines = lines_of(include_str!("../doc/terminal.svg"));
    let (prompt, shown) = lines.split_first().unwrap();
    let typed = prompt.strip_prefix("$ ").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let entered = "python3 -m venv --without-pip matrix_env; . matrix_env/bin/activate";
    let printed = shell(&format!("{entered}; {typed}"), &root, &interpreter);
    let (first, rest) = printed.split_once('\u{1b}').unwrap();
    let after_colours = rest.split('\u{1b}').map(|it| it.split_once('m').unwrap().1);
    let plain = first.to_owned() + &after_colours.collect::<String>();
    assert_eq!(
        plain.lines().collect::<Vec<_>>(),
        shown,
        "draw it again: .ci/pictures"
    );
}
