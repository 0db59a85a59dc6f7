//! Which Python does a script of pip's or of another tool's start?
//!
//! The first line of a script cannot have a blank in its path, nor be long. Then distlib and uv, which write the scripts, start a shell and
//! have the path on the second line: `'''exec' "/home/neo/my env/bin/python3" "$0" "$@"`, or in single quotes. In an environment that may be
//! moved, uv names the Python next to the script: `'''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"`.

use super::first_line;
use crate::lookup::first_on_path;
use crate::support::files;
use crate::support::{PyPath, World};

/// What comes before the name of a Python next to the script.
const BESIDE: &[u8] = br#""$(dirname -- "$(realpath -- "$0")")"/"#;

/// The interpreter that a script names: by its path, or by the name that env searches for; `None` if it is no Python.
pub fn python_of(script: &[u8], file: &PyPath, world: &World) -> Option<PyPath> {
    let (mut python, argument) = first_line(script)?;
    let is_python = |it: &PyPath| it.basename().bytes().starts_with(b"py");
    if python.basename().bytes() == b"env" {
        // env searches PATH for the name, which may come after options.
        let mut words = argument.bytes().split(|&byte| byte == b' ');
        let name = words.find_map(|it| Some(PyPath::new(it)).filter(is_python))?;
        return first_on_path(name.text()?, world);
    }
    if python.bytes() == b"/bin/sh" {
        let second = script.split(|&byte| byte == b'\n').nth(1)?;
        let line = second.strip_prefix(b"'''exec' ")?;
        python = match line.strip_prefix(BESIDE) {
            Some(rest) => files::real(file).dirname().os_join(first_word(rest)?),
            None => PyPath::new(first_word(line)?),
        };
    }
    // With a line end of Windows, it is the name of no file.
    let is_whole = !python.bytes().ends_with(b"\r");
    (python.is_absolute() && is_python(&python) && is_whole).then_some(python)
}

/// The first word of a shell's line; `None` if only a part of it is in quotes.
fn first_word(line: &[u8]) -> Option<&[u8]> {
    let (end, rest) = match line {
        [quote @ (b'"' | b'\''), rest @ ..] => (*quote, rest),
        line => (b' ', line),
    };
    let word = rest.split(|&byte| byte == end).next()?;
    let after = rest.get(word.len()..)?;
    (end == b' ' || after.get(1) == Some(&b' ')).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(script: &str, expected: Option<&str>) {
        let found = python_of(script.as_bytes(), &"/e/bin/pip".into(), &World::default());
        assert_eq!(found, expected.map(PyPath::from));
    }

    #[test]
    fn a_script_names_its_python_as_the_kernel_or_the_shell_reads_it() {
        check("#!/usr/bin/python3\n", Some("/usr/bin/python3"));
        check("#! /usr/bin/python3 -E\n", Some("/usr/bin/python3"));
        check("#!/usr/bin/python3\t-E\n", Some("/usr/bin/python3"));
        check("#!/usr/bin/python3\r\n", None);
        check("#!/usr/bin/perl\n", None);
        check("#!python3\n", None);
        check("", None);
        let exec = |word: &str| format!("#!/bin/sh\n'''exec' {word} \"$0\" \"$@\"\n' '''\n");
        check(&exec("\"/my env/bin/python\""), Some("/my env/bin/python"));
        check(&exec("'/my env/bin/python'"), Some("/my env/bin/python"));
        check(&exec("/env/bin/python"), Some("/env/bin/python"));
        let beside = "\"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python'";
        check(&exec(beside), Some("/e/bin/python"));
        check(&exec("\"$(dirname \"$0\")\"/python"), None);
        check(&exec("'/it'\"'\"'s/bin/python'"), None);
        check("#!/bin/sh\nexec python3 -m pip\n", None);
    }
}
