//! Does any name vanish that python-dotenv sees?
//!
//! The Python exercise uses python-dotenv, so a file that somebody wrote for it must not lose a line
//! here. dotenvy often reads another value than python-dotenv. Then the report must name that line.

use std::process::{Command, Stdio};

use crate::sources::{Cause, Entry, Process, parse};
use crate::unit::chance::Chance;
use crate::unit::skipped::skip;

/// How python-dotenv reads one file: name, value (`None` without a `=`), line.
type PythonEntries = Vec<(String, Option<String>, usize)>;

/// Reads texts from stdin, and writes the result of python-dotenv's parser for each to stdout.
const SCRIPT: &str = r#"
import io, json, sys
from dotenv.parser import parse_stream

def seen(text):
    # As from a file: line ends become \n.
    for it in parse_stream(io.StringIO(text, newline=None)):
        if it.key is not None:
            # A binding begins with the blank lines before it.
            written = it.original.string
            blank = written[: len(written) - len(written.lstrip())]
            yield it.key, it.value, it.original.line + blank.count("\n")

json.dump([list(seen(text)) for text in json.load(sys.stdin)], sys.stdout)
"#;

/// How python-dotenv reads these files. Without python-dotenv: nothing, and a note on stderr.
fn ask_python(files: &[String]) -> Option<Vec<PythonEntries>> {
    let answer = std::env::var_os("MATRIX_PYTHON").and_then(|python| {
        let mut child = Command::new(python)
            .args(["-I", "-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Python reads everything before it writes, so this cannot block. Without python-dotenv it reads
        // nothing.
        let _ = serde_json::to_writer(child.stdin.take().unwrap(), files);
        let output = child.wait_with_output().unwrap();
        output.status.success().then_some(output.stdout)
    });
    let Some(answer) = answer else {
        skip("MATRIX_PYTHON names no Python with python-dotenv");
        return None;
    };
    Some(serde_json::from_slice(&answer).unwrap())
}

/// Names. dotenvy refuses the last four.
const NAMES: &[&str] = &[
    "A",
    "B_2",
    "API_KEY",
    "MATRIX_MODE",
    "a.b",
    "C",
    "D",
    "_",
    "export",
    "é",
    "A-B",
    "'A'",
    "",
];

/// What may surround names, signs and values.
const BLANKS: &[&str] = &["", "", "", " ", "  ", "   ", "\t", "\t\t", " \t", "    "];

/// What people write after `=`, well or not.
const VALUES: &[&str] = &[
    "",
    "1",
    "INFO",
    "production",
    "two words",
    "it's",
    "rock'n'roll",
    "5\"",
    "b#c",
    "#secret",
    "'v'",
    "\"w\"",
    "''",
    "\"\"",
    "'two\nlines'",
    "\"two\nlines\"",
    "'-----BEGIN KEY-----\nA=1\n# no comment\nabc==\n-----END KEY-----'",
    "\"{\n \\\"k\\\": 'it'\n}\"",
    "\"\n\"",
    "'\n\n'",
    "'say \"x\"'",
    "\"it's\"",
    "'it\\'s'",
    "\"say \\\"x\\\"\"",
    "'open",
    "\"open",
    "open'",
    "C:\\new",
    "\"C:\\new\"",
    "\"a\\nb$A\"",
    "\"a\\n${A}\"",
    "'C:\\new'",
    "'C:\\\\new'",
    "'\\\\'",
    "'C:\\'",
    "\"a\\nb\"",
    "\"a\\tb\"",
    "\"a\nb\\d\"",
    "pass\\",
    "$A",
    "${A}",
    "\"$A\"",
    "\"${A}\n$B_2\"",
    "pa$",
    "'pa$A'",
    "'x'y",
    "'x''y'",
    "'x\n'y",
    "\"x\"\"y\nz\"",
    "'x' 'y\nz'",
    "{\"k\":1}",
    "é",
    "=",
    "a=b",
    "`x`",
    "\u{a0}",
    "\\'",
    "a\\ b",
];

/// What people write after a value.
const COMMENTS: &[&str] = &[
    "",
    "",
    "",
    "# note",
    "# don't",
    "# 5\" disk",
    "#it's",
    "# 'quoted'",
    "# \"don't\"",
    "# A=1",
    "# \\",
    "# don't \\",
    "# $A it's",
    "x",
];

/// Random signs that no person would write.
const SOUP: &[&str] = &[
    "A",
    "B",
    "=",
    "=",
    "'",
    "\"",
    "#",
    " ",
    "\t",
    "\n",
    "\n",
    "\\",
    "export ",
    "x",
    "  # don't\n",
    "$A",
    "'v'",
    "\"w\"",
    "é",
];

/// One file: entries and comments as people write them, with one kind of line end.
fn file(seed: u64) -> String {
    let chance = Chance::new(seed);
    let mut text = chance.one(&["", "", "", "\u{feff}"]).to_owned();
    for _ in 0..=chance.number(12) {
        match chance.number(12) {
            0 => text += chance.one(BLANKS),
            1 => {
                text += chance.one(BLANKS);
                text += chance.one(COMMENTS);
            }
            2 => text += &chance.some(SOUP, 10),
            _ => {
                text += chance.one(&["", "", "", "export ", "export\t", "export  ", " "]);
                text += chance.one(NAMES);
                text += chance.one(BLANKS);
                text += chance.one(&["=", "=", "=", "=", "=", "=", "=", "=", "", ":"]);
                text += chance.one(BLANKS);
                text += chance.one(VALUES);
                text += chance.one(BLANKS);
                text += chance.one(COMMENTS);
            }
        }
        text += chance.one(&["\n", "\n", "\n", "\n", "\n\n"]);
    }
    if chance.number(4) == 0 {
        text.truncate(text.trim_end().len());
    }
    match chance.number(4) {
        0 => text.replace('\n', "\r\n"),
        _ => text,
    }
}

#[test]
fn no_name_vanishes_that_python_dotenv_sees() {
    let files: Vec<String> = (0..2000).map(file).collect();
    let Some(answers) = ask_python(&files) else {
        return;
    };
    let (mut same, mut changed, mut flagged) = (0, 0, 0);
    for (text, seen) in files.iter().zip(answers) {
        let parsed = parse(text.as_bytes(), &Process::new(std::iter::empty()));
        for (name, value, line) in seen {
            let mut entries = parsed.entries.iter();
            let entry = entries.find(|it| (&it.name, it.line) == (&name, line));
            // The report is silent about this change, so the value must be the same. The parser of
            // python-dotenv leaves a `${…}` as it is.
            let refers = value.as_ref().is_some_and(|it| it.contains("${"));
            let is_silent = |it: &Entry| it.change == Some(Cause::LineBreakInQuotes) && !refers;
            match entry {
                Some(it) if Some(it.value.expose()) == value.as_deref() => same += 1,
                Some(it) if is_silent(it) => panic!("silent about {name} of line {line}: {text:?}"),
                Some(it) if it.change.is_some() || !it.parts.is_empty() => changed += 1,
                _ if parsed.flaws.iter().any(|(it, _)| *it == line) => flagged += 1,
                _ => panic!("{name} of line {line} is {value:?} for python-dotenv: {text:?}"),
            }
        }
    }
    let all = format!("{same} the same, {changed} changed, {flagged} flagged");
    assert!(same > 1500 && changed > 500 && flagged > 2000, "{all}");
}
