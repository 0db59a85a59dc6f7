//! Do the parsers withstand hostile input?
//!
//! The tests put quotes, signs and tokens together at random, thousands of times. The seed is fixed, so
//! a failure comes back in the next run. Each test checks a property that *every* input must have.

use std::path::{Path, PathBuf};

use crate::config::{Owner, all_secrets, judge};
use crate::git::{Kind, Tracked, read_ls_files};
use crate::report::Printer;
use crate::report::said_of;
use crate::search::{Needles, read_batch, read_diff_tree};
use crate::secret::{Gate, Secret};
use crate::sources::{Flaw, Process, parse, read};
use crate::unit::chance::Chance;
use crate::variables::{Mode, parse_url, shown_of_database, shown_of_endpoint};

impl Chance {
    /// Picks up to `most` of these and joins them.
    pub fn some(&self, of: &[&str], most: usize) -> String {
        (0..self.number(most + 1)).map(|_| self.one(of)).collect()
    }

    /// Random bytes.
    fn bytes(&self, most: usize) -> Vec<u8> {
        let count = self.number(most + 1);
        (0..count)
            .map(|_| self.number(256).to_le_bytes()[0])
            .collect()
    }

    /// Twelve letters that occur nowhere else. No output may repeat them.
    fn token(&self) -> String {
        let letters = ["Q", "X", "Z", "J", "W", "K", "V", "7", "9"];
        (0..12).map(|_| self.one(&letters)).collect()
    }
}

/// True when a text repeats eight characters in a row of this token.
fn holds(text: &str, token: &str) -> bool {
    let mut pieces = token.as_bytes().windows(8);
    pieces.any(|it| memchr::memmem::find(text.as_bytes(), it).is_some())
}

/// An empty process environment.
fn nothing() -> Process {
    Process::new(std::iter::empty())
}

/// The parts of a `.env` file, and what breaks it.
const DOTENV: &[&str] = &[
    "A",
    "B_2",
    "API_KEY",
    "=",
    "=",
    "=",
    "'",
    "\"",
    "#",
    " ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\\",
    "export ",
    "x",
    "two words",
    "a.b",
    "é",
    "{",
    "}",
    ":",
    "`",
    "\r\n",
    "\\n",
    "-",
    "",
    "'v'",
    "\"w\"",
    "# note\n",
];

#[test]
fn dotenv_entries_are_those_of_dotenvy_with_their_lines() {
    let (mut accepted, mut rejected) = (0, 0);
    for seed in 0..20_000 {
        let text = Chance::new(seed).some(DOTENV, 16);
        let parsed = parse(text.as_bytes(), &nothing());
        let normal = text.replace("\r\n", "\n") + "\n";
        let lines: Vec<&str> = normal.lines().collect();
        let mut last = 0;
        for entry in &parsed.entries {
            assert!(entry.line > last, "seed {seed}: {text:?}");
            last = entry.line;
            let line = lines[entry.line - 1];
            assert!(line.contains(&entry.name), "seed {seed}: {text:?}");
            let written = normal.contains(entry.value.expose());
            let accounted = written || entry.change.is_some() || !entry.parts.is_empty();
            assert!(accounted, "seed {seed}: {text:?}");
        }
        let in_file = |(line, _): &(usize, Flaw)| (1..=lines.len()).contains(line);
        assert!(parsed.flaws.iter().all(in_file), "seed {seed}: {text:?}");
        let plain: Result<Vec<_>, _> = dotenvy::from_read_iter(normal.as_bytes()).collect();
        match (plain, parsed.flaws.is_empty()) {
            (Ok(plain), true) => {
                let entries = parsed.entries.iter();
                let ours = entries.map(|it| (it.name.clone(), it.value.expose().to_owned()));
                assert_eq!(ours.collect::<Vec<_>>(), plain, "seed {seed}: {text:?}");
                accepted += 1;
            }
            // dotenvy joined these lines, and our module split them again.
            (Ok(_), false) => {
                let glued = |(_, it): &(usize, Flaw)| *it != Flaw::NotText;
                assert!(parsed.flaws.iter().all(glued), "seed {seed}: {text:?}");
            }
            (Err(_), found) => {
                assert!(
                    !found,
                    "seed {seed}: dotenvy refuses {text:?}, the fence does not"
                );
                rejected += 1;
            }
        }
    }
    assert!(accepted > 2000 && rejected > 2000, "{accepted} {rejected}");
}

#[test]
fn dotenv_survives_any_bytes() {
    for seed in 0..5000 {
        let chance = Chance::new(seed);
        let mut bytes = chance.some(DOTENV, 20).into_bytes();
        let at = chance.number(bytes.len() + 1);
        let noise = chance.bytes(20);
        bytes.splice(at..at, noise);
        bytes.extend(
            chance
                .some(&["$A", "${B}", "$", "\0", "\r", "=", "A"], 9)
                .bytes(),
        );
        let lines = bytes.split(|it| *it == b'\n').count();
        let parsed = parse(&bytes, &nothing());
        // A line gives an entry or a flaw. It gives both only when it can be read in two ways.
        let alone = |(_, it): &(usize, Flaw)| *it != Flaw::TwoBackslashes;
        let flaws = parsed.flaws.iter().filter(|it| alone(it)).count();
        assert!(parsed.entries.len() + flaws <= lines, "seed {seed}");
    }
}

#[test]
fn no_message_about_a_file_quotes_it() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "MATRIX_MODE",
        "DATABASE_URL",
        "API_KEY",
        "LOG_LEVEL",
        "ZION_ENDPOINT",
        "APIKEY",
        "X",
    ];
    for seed in 0..1500 {
        let chance = Chance::new(seed);
        let (mut text, mut tokens) = (String::new(), Vec::new());
        for _ in 0..=chance.number(8) {
            let token = chance.token();
            let parts = [
                "=", "'", "\"", " ", "$", "#", "\\", "://", "@", ":", "/", "\n", "%", "x",
            ];
            text += chance.one(&names);
            text += chance.one(&["=", "='", "=\"", " = ", ""]);
            text += &chance.some(&parts, 3);
            text += &token;
            text += &chance.some(&parts, 3);
            text += "\n";
            tokens.push(token);
        }
        std::fs::write(folder.path().join(".env"), &text).unwrap();
        let sources = read(nothing(), folder.path());
        let printer = Printer::new(Gate::new(&all_secrets(&sources)));
        for mode in [Mode::Development, Mode::Production, Mode::Unknown] {
            let config = judge(&sources, mode);
            let variables = config.variables.iter().flat_map(|it| &it.problems);
            let files = config.files.iter().flat_map(|it| &it.problems);
            for problem in variables.chain(files) {
                let said = said_of(problem, &printer);
                let leaked = tokens.iter().find(|it| holds(&said, it));
                assert_eq!(leaked, None, "seed {seed}: {said} of {text:?}");
            }
        }
    }
}

#[test]
fn nothing_before_the_last_at_sign_of_a_url_is_ever_shown() {
    let mut understood = 0;
    for seed in 0..20_000 {
        let chance = Chance::new(seed);
        let token = chance.token();
        let parts = [
            ":", "/", "@", "?", "#", "[", "]", "%41", "%", "&", "=", "neo", "12", "::1", ".", "é",
            " ",
        ];
        let scheme = chance.one(&[
            "postgresql",
            "https",
            "mysql",
            "http",
            "postgres+x",
            "",
            "1x",
        ]);
        let text = format!(
            "{scheme}{}{}{token}{}@{}",
            chance.one(&["://", "://", "://", ":", "//"]),
            chance.some(&parts, 3),
            chance.some(&parts, 2),
            chance.one(&[
                "host",
                "h:80",
                "h/x",
                "[::1]:5432/name?a=b",
                "",
                "h:99999",
                "a b",
                "h#f"
            ]),
        );
        if let Ok(url) = parse_url(&text) {
            understood += 1;
            let parts = [
                Some(url.scheme),
                url.user,
                url.password,
                Some(url.host()),
                Some(url.path),
                url.query,
            ];
            assert!(
                parts.iter().flatten().all(|it| text.contains(it)),
                "{text:?}"
            );
            assert!(
                !holds(url.host(), &token) && (url.has_at_after_host() || !holds(url.path, &token)),
                "{text:?}"
            );
            if url.password.is_some_and(|it| holds(it, &token)) {
                let known = url.secrets().iter().any(|it| holds(it.expose(), &token));
                assert!(known, "seed {seed}: {text:?}");
            }
        }
        let shown = [shown_of_database(&text), shown_of_endpoint(&text)];
        let shown = shown.map(|it| it.map(|it| it.plain()));
        let leaked = shown.iter().flatten().find(|it| holds(it, &token));
        assert_eq!(leaked, None, "seed {seed}: {text:?}");
    }
    assert!(understood > 2000, "{understood}");
}

/// A path that only an attacker would choose.
fn path(chance: &Chance) -> PathBuf {
    let name = chance.some(
        &[
            "a",
            "/",
            "\t",
            "\n",
            " ",
            ":",
            "é",
            "\u{1b}[31m",
            "-",
            "\"",
            "*",
        ],
        8,
    );
    Path::new("x").join(name.trim_start_matches('/'))
}

#[test]
fn the_lists_of_git_are_read_back_for_any_path() {
    for seed in 0..5000 {
        let chance = Chance::new(seed);
        let (mut listed, mut expected) = (Vec::new(), Vec::new());
        for _ in 0..chance.number(6) {
            let (path, blob) = (path(&chance), chance.token());
            let (mode, kind) = match chance.number(3) {
                0 => ("100644", Kind::File),
                1 => ("120000", Kind::Link),
                _ => ("160000", Kind::Submodule),
            };
            let name = path.to_str().unwrap();
            listed.extend(format!("{mode} {blob} 0\t{name}\0").bytes());
            expected.push(Tracked {
                path,
                blob,
                kind,
                stat: None,
            });
        }
        assert_eq!(read_ls_files(&listed), expected, "seed {seed}");
    }
}

#[test]
fn no_answer_of_a_program_called_git_crashes_the_oracle() {
    let needles = Needles::new(&[(Owner::Variable("API_KEY"), Secret::new("Wh1te-R4bbit"))]);
    let pieces = [
        "aa",
        " ",
        "blob",
        "tree",
        "commit",
        "missing",
        "3",
        "99999999999999999999",
        "18446744073709551615",
        "\n",
        "\0",
        "\t",
        ":",
        "100644",
        "Wh1te-R4bbit",
        "\u{fffd}",
        "-1",
    ];
    for seed in 0..5000 {
        let chance = Chance::new(seed);
        let mut bytes = chance.some(&pieces, 30).into_bytes();
        bytes.extend(chance.bytes(8));
        let objects = ["aa".to_owned()].into();
        assert!(read_ls_files(&bytes).len() <= bytes.len());
        read_diff_tree(&bytes, &objects);
        // It may refuse what is not UTF-8. It never reads more entries than there are.
        if let Ok(searched) = read_batch(&bytes[..], &needles, 9, |_, _, _| {}) {
            assert!(searched.bytes <= bytes.len() as u64, "seed {seed}");
        }
    }
}
