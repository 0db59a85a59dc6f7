//! If data cannot be read, is the error clear, and does the output claim nothing?

// These tests need all programs. cli.rs makes and tests builds without some of them.
#![cfg(all(
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/python.rs"]
mod python;
#[path = "support/refused.rs"]
mod refused;
#[path = "support/run.rs"]
mod run;
#[path = "support/skip.rs"]
mod skip;

use std::fs;
use std::path::Path;

use python::{python, script};
use refused::{refused, simulated};
use run::{command, json, run};
use skip::note;
use tempfile::tempdir;

/// A good table.
const TABLE: &str = "signal,agent_activity\n0.5,3\n-1.5,9\n";

/// A file with this content is refused. With `--or-simulate`, simulated data replaces it.
#[track_caller]
fn bad_file(folder: &Path, name: &str, content: &[u8], named: &[&str]) {
    fs::write(folder.join(name), content).unwrap();
    let words = format!("--source {name}");
    refused(folder, &words, &[&[name], named].concat());
    simulated(folder, &words, name);
}

#[test]
fn a_bad_table_is_an_error_with_its_row_and_column() {
    let folder = tempdir().unwrap();
    let check =
        |name: &str, content: &[u8], named: &[&str]| bad_file(folder.path(), name, content, named);
    check(
        "bad.csv",
        b"signal,agent_activity\n1,2\nx,3\n",
        &["line 3", "row 2", "`signal`", "`x`"],
    );
    check(
        "nan.csv",
        b"signal,agent_activity\nNaN,2\n",
        &["row 1", "`signal`"],
    );
    check(
        "inf.csv",
        b"signal,agent_activity\n1,inf\n",
        &["row 1", "`agent_activity`"],
    );
    check("columns.csv", b"a,b\n1,2\n", &["no column `signal`"]);
    check(
        "cut.csv",
        b"signal,agent_activity\n1,2\n3",
        &["row 2 has 1 field", "`agent_activity`"],
    );
    check("rows.csv", b"signal,agent_activity\n", &["no rows"]);
    check("empty.csv", b"", &["empty"]);
    check("mark.csv", b"\xef\xbb\xbf", &["empty"]);
    check("binary.csv", &[0xff; 100], &["no column `signal`"]);
    check(
        "latin.csv",
        b"signal,agent_activity\n\xe9,1\n",
        &[
            "line 2",
            "row 1",
            r"`\xe9` is not a number",
            "save the file as UTF-8",
        ],
    );
    check(
        "name.csv",
        b"signal\xe9,agent_activity\n1,1\n",
        &[
            "no column `signal`",
            r"only `signal\xe9`",
            "save the file as UTF-8",
        ],
    );
    check(
        "cyrillic.csv",
        "\u{455}ignal,agent_activity\n1,1\n".as_bytes(),
        &[
            "no column `signal`",
            r"only `\u{455}ignal`, `agent_activity`",
        ],
    );
    check(
        "minus.csv",
        "signal,agent_activity\n\u{2212}1.5,1\n".as_bytes(),
        &[r"`\u{2212}1.5` is not a number"],
    );
    check(
        "twice.csv",
        b"signal,agent_activity,signal\n1,2,3\n",
        &["line 1", "`signal` twice"],
    );
    check(
        "ragged.csv",
        b"signal,agent_activity\r\n1,2\r\n\r\n1,2,3\r\n",
        &["line 4", "row 2 has 3 fields, the header has 2"],
    );
    check(
        "huge.csv",
        b"signal,agent_activity\n1e400,1\n",
        &[
            "line 2",
            "row 1",
            "`signal`",
            "`1e400` is not a finite number",
        ],
    );
    let line = format!("signal,agent_activity\n{},1\n", "1".repeat(1 << 20));
    check(
        "line.csv",
        line.as_bytes(),
        &["line 2", "longer than 65536 bytes"],
    );
    check(
        "quote.csv",
        b"signal,agent_activity\n\"1,2\n3,4\n",
        &["line 2", "row 1 opens a quote"],
    );
}

/// What is wrong with a table whose header is this.
fn said_of_header(header: &str) -> String {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), format!("{header}\n1,2\n")).unwrap();
    let found = run(folder.path(), "-q --no-plot --source a.csv");
    assert_eq!(found.code, Some(2), "{header}: {found:?}");
    found.err
}

/// A comma separates the columns, so another character does not.
#[test]
fn another_character_than_a_comma_is_named_and_a_comma_never() {
    for (header, named) in [
        ("\"id\", \"signal\", \"agent_activity\"", "only `id`"),
        ("'signal','agent_activity'", "only `'signal'`"),
        ("t, 'signal' , 'agent_activity'", "`'signal'`"),
        ("`signal`,`agent_activity`", "`signal`"),
        ("#signal#,#agent_activity#", "only `#signal#`"),
    ] {
        let said = said_of_header(header);
        assert!(said.contains(named), "{header}: {said}");
        assert!(!said.contains("separates"), "{header}: {said}");
    }
    // Between these quotes is another character than the comma.
    for (header, delimiter) in [
        ("'signal';'agent_activity'", "`;`"),
        ("'signal' 'agent_activity'", "a blank"),
        ("\"signal\"; \"agent_activity\"", "`;`"),
        ("signal;x,y;agent_activity", "`;`"),
        ("`signal`|`agent_activity`", "`|`"),
    ] {
        let said = said_of_header(header);
        let named = format!("{delimiter} separates its columns");
        assert!(said.contains(&named), "{header}: {said}");
    }
    for header in [
        "signal'agent_activity",
        "signal,,activity",
        "Signal, activity",
    ] {
        let said = said_of_header(header);
        assert!(!said.contains("separates"), "{header}: {said}");
    }
}

#[test]
fn a_bad_file_of_json_or_parquet_is_an_error_too() {
    let folder = tempdir().unwrap();
    let check =
        |name: &str, content: &[u8], named: &[&str]| bad_file(folder.path(), name, content, named);
    check(
        "bad.json",
        br#"[{"signal": 1, "agent_activity": "x"}]"#,
        &["row 1", "`agent_activity`"],
    );
    check(
        "cut.json",
        br#"[{"signal": 1, "agent_activity": 2},"#,
        &["line 1", "EOF"],
    );
    check(
        "null.json",
        br#"[{"signal": null, "agent_activity": 2}]"#,
        &["row 1", "`signal`"],
    );
    check("empty.json", b"[]", &["no rows"]);
    check(
        "none.json",
        b"{}\n",
        &["no column `signal`, and no other one"],
    );
    check(
        "huge.json",
        br#"[{"signal": "1e400", "agent_activity": 1}]"#,
        &["`1e400` is not a finite number"],
    );
    check(
        "nan.json",
        b"{\"signal\": 1, \"agent_activity\": 2}\n{\"signal\": NaN, \"agent_activity\": 2}",
        &["row 2", "`signal`", "line 2"],
    );
    check(
        "nested.json",
        br#"[{"signal": {"value": 1}, "agent_activity": 2}]"#,
        &["row 1", "`signal`", "an object is not a number"],
    );
    check(
        "twice.json",
        br#"[{"signal": 1, "agent_activity": 2, "agent_activity": 3}]"#,
        &["row 1", "`agent_activity`", "twice"],
    );
    check("cut.parquet", b"PAR1 and nothing more", &["parquet"]);
    check(
        "no.parquet",
        b"signal,agent_activity\n1,2\n",
        &["not a Parquet file"],
    );
    check("packed.csv.gz", b"\x1f\x8b\x08", &["gzip"]);
    // An older PowerShell writes this with `>`.
    check("wide.csv", b"\xff\xfes\0i\0g\0", &["UTF-16"]);
    refused(
        folder.path(),
        "--source nowhere.csv",
        &["`nowhere.csv`", "no such file"],
    );
    refused(folder.path(), "--source .", &["it has both", "pattern"]);
    refused(folder.path(), "--source ftp://a.b/c", &["`ftp://`"]);
}

#[test]
fn of_several_parts_one_may_be_empty() {
    let folder = tempdir().unwrap();
    let parts = folder.path().join("parts");
    fs::create_dir(&parts).unwrap();
    for name in ["a.csv", "b.csv", "c.csv"] {
        fs::write(parts.join(name), "").unwrap();
    }
    refused(
        folder.path(),
        "--source parts",
        &["`parts`: it has no rows"],
    );
    fs::write(parts.join("b.csv"), TABLE).unwrap();
    let whole = run(folder.path(), "--no-plot --source parts/b.csv");
    for words in ["--no-plot --source parts", "--no-plot --source parts/*.csv"] {
        let found = run(folder.path(), words);
        assert_eq!(found.code, Some(0), "{found:?}");
        let points = |out: &str| {
            out.lines()
                .find(|it| it.contains("Points:"))
                .map(str::to_owned)
        };
        assert_eq!(points(&found.out), points(&whole.out));
    }
    refused(folder.path(), "--source parts/a.csv", &["it is empty"]);
    // As empty as these: only a mark, only line ends, and nothing that was compressed.
    fs::write(parts.join("a.csv"), "\u{feff}").unwrap();
    fs::write(parts.join("c.csv"), "\n").unwrap();
    fs::write(parts.join("d.csv"), "\n".repeat(10_000)).unwrap();
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
    fs::write(parts.join("e.csv.gz"), gzip).unwrap();
    let zstd = b"\x28\xb5\x2f\xfd\x24\0\x01\0\0\x99\xe9\xd8\x51";
    fs::write(parts.join("f.csv.zst"), zstd).unwrap();
    let found = run(folder.path(), "--no-plot --source parts");
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(found.out.contains("Points: 2\n"), "{}", found.out);
    // What is not empty must have a header.
    fs::write(parts.join("c.csv"), "\n1,2\n").unwrap();
    refused(
        folder.path(),
        "--source parts",
        &["`parts/c.csv`", "line 2"],
    );
    // No program writes a Parquet file without a byte.
    let tables = folder.path().join("tables");
    fs::create_dir(&tables).unwrap();
    run(
        folder.path(),
        "-q --no-plot --points 30 --export tables/a.parquet",
    );
    fs::write(tables.join("b.parquet"), "").unwrap();
    refused(folder.path(), "--source tables", &["`tables/b.parquet`"]);
    fs::rename(tables.join("b.parquet"), tables.join("b.parquet.gz")).unwrap();
    refused(
        folder.path(),
        "--source tables",
        &["`tables/b.parquet.gz`", "`PAR1` is missing at its start"],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_beside_the_files_of_a_pattern_need_not_be_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), TABLE).unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    fs::write(folder.path().join(name), "").unwrap();
    let found = run(folder.path(), "--no-plot --source *.csv");
    assert_eq!(found.code, Some(0), "{found:?}");
}

#[test]
fn a_damaged_parquet_file_never_ends_in_a_panic() {
    let folder = tempdir().unwrap();
    run(
        folder.path(),
        "-q --no-plot --points 3000 --export good.parquet",
    );
    let good = fs::read(folder.path().join("good.parquet")).unwrap();
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bad = good.clone();
        for byte in bad.iter_mut().skip(at).take(8) {
            *byte ^= 0xa5;
        }
        fs::write(folder.path().join("bad.parquet"), bad).unwrap();
        let found = run(folder.path(), "--no-plot --source bad.parquet");
        // A changed bit in the data may still give a number. Everything else is an error.
        assert!(matches!(found.code, Some(0 | 2)), "{at}: {found:?}");
        assert!(!found.err.contains("panicked"), "{at}: {found:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    let file = folder.path().join("secret.csv");
    fs::write(&file, TABLE).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        return note("root may read every file");
    }
    let words = "--source secret.csv";
    refused(folder.path(), words, &["`secret.csv`: permission denied"]);
    simulated(folder.path(), words, "permission denied");
}

#[cfg(unix)]
#[test]
fn a_folder_that_a_pattern_may_not_enter_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    for part in ["a", "b"] {
        fs::create_dir(folder.path().join(part)).unwrap();
        fs::write(folder.path().join(part).join("x.csv"), TABLE).unwrap();
    }
    let closed = folder.path().join("b");
    // The names in it are visible, but not what is behind them.
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o744)).unwrap();
    if fs::read(closed.join("x.csv")).is_ok() {
        return note("root may enter every folder");
    }
    for words in ["--source */x.csv", "--source */*.csv"] {
        refused(folder.path(), words, &["`b", "permission denied"]);
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn endless_files_are_refused() {
    let folder = tempdir().unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path().join("fifo"))
        .status();
    assert!(made.unwrap().success());
    refused(
        folder.path(),
        "--source fifo",
        &["`fifo`", "not a regular file"],
    );
    refused(folder.path(), "--source /dev/zero", &["not a regular file"]);
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), TABLE).unwrap();
    refused(
        folder.path(),
        "--source a.csv --max-bytes 20",
        &["larger than 20 bytes", "--max-bytes"],
    );
    assert_eq!(
        run(folder.path(), "--source a.csv --max-bytes 1000").code,
        Some(0)
    );
}

#[test]
fn of_a_parquet_file_the_limit_counts_two_numbers_a_row() {
    let folder = tempdir().unwrap();
    run(
        folder.path(),
        "-q --no-plot --points 1000 --export a.parquet",
    );
    let found = run(
        folder.path(),
        "--no-plot --source a.parquet --max-bytes 16000",
    );
    assert_eq!(found.code, Some(0), "{found:?}");
    let less = "--source a.parquet --max-bytes 15999";
    refused(folder.path(), less, &["larger than 15999 bytes"]);
    // From standard input, its own bytes come first.
    let bytes = fs::read(folder.path().join("a.parquet")).unwrap();
    let from_input = |limit: usize| {
        let words = format!("--no-plot --source - --max-bytes {limit}");
        let input = fs::File::open(folder.path().join("a.parquet")).unwrap();
        let found = command(folder.path(), &words).stdin(input).output();
        found.unwrap().status.code()
    };
    assert_eq!(from_input(bytes.len() + 16_000), Some(0));
    assert_eq!(from_input(bytes.len() + 15_999), Some(2));
}

#[test]
fn all_three_formats_give_the_same_figures() {
    let folder = tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    write("a.csv", TABLE);
    write(
        "a.json",
        r#"[{"signal": 0.5, "agent_activity": 3}, {"signal": -1.5, "agent_activity": 9}]"#,
    );
    write(
        "b.json",
        r#"{"signal": [0.5, -1.5], "agent_activity": [3, 9]}"#,
    );
    run(
        folder.path(),
        "-q --no-plot --source a.csv --export a.parquet",
    );
    let of = |name: &str| json(folder.path(), &format!("--no-plot --source {name}"));
    let expected = of("a.csv");
    assert_eq!(expected["n"], 2);
    assert_eq!(expected["risk"]["max"], 1.5 + 0.2 * 9.0);
    // A byte order mark, and the line ends of Windows.
    write(
        "marked.csv",
        &format!("\u{feff}{}", TABLE.replace('\n', "\r\n")),
    );
    write(
        "marked.json",
        "\u{feff}{\"signal\": 0.5, \"agent_activity\": 3}\r\n{\"signal\": -1.5, \"agent_activity\": 9}",
    );
    // `--points` is for simulated data. A source keeps its number of rows.
    let found = run(folder.path(), "--no-plot --source a.csv --points 9");
    assert!(found.out.contains("Points: 2\n"), "{found:?}");
    assert!(found.err.starts_with("note: `--points`"), "{found:?}");
    for name in ["a.json", "b.json", "a.parquet", "marked.csv", "marked.json"] {
        let found = of(name);
        assert_eq!(found["source"], name);
        for part in ["n", "signal", "risk", "groups", "histogram"] {
            assert_eq!(found[part], expected[part], "{name}: {part}");
        }
    }
}

#[test]
fn the_format_is_known_behind_blank_lines() {
    let folder = tempdir().unwrap();
    for blanks in [0, 4095, 4096, 50_000, 1_000_000] {
        for text in [
            TABLE,
            "[{\"signal\": 1, \"agent_activity\": 2}, {\"signal\": 1, \"agent_activity\": 2}]",
            "{\"signal\": [1, 2], \"agent_activity\": [1, 2]}",
        ] {
            for mark in ["", "\u{feff}"] {
                let text = mark.to_owned() + &"\n".repeat(blanks) + text;
                fs::write(folder.path().join("a.txt"), text).unwrap();
                let found = json(folder.path(), "--no-plot --source a.txt");
                assert_eq!(found["n"], 2, "{blanks}");
            }
        }
    }
}

#[test]
fn small_numbers_of_one_activity_survive_large_ones_of_another() {
    let folder = tempdir().unwrap();
    let table = "signal,agent_activity\n1e-310,0\n1,5\n2,5\n-1e100,7\n3e100,7\n";
    fs::write(folder.path().join("wide.csv"), table).unwrap();
    let found = json(folder.path(), "--no-plot --source wide.csv");
    let means: Vec<f64> = found["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["mean"].as_f64().unwrap())
        .collect();
    assert_eq!(means, [1e-310, 2.5, 2e100]);
}

#[cfg(unix)]
#[test]
fn a_name_that_xml_cannot_hold_does_not_damage_the_picture() {
    let folder = tempdir().unwrap();
    let name = "a<&\"\u{1}\u{ffff}.csv";
    fs::write(folder.path().join(name), TABLE).unwrap();
    let mut command = command(folder.path(), "-q --output a.svg");
    assert!(command.args(["--source", name]).status().unwrap().success());
    let svg = fs::read_to_string(folder.path().join("a.svg")).unwrap();
    let caption = r"2 points from a&lt;&amp;&quot;\u{1}".to_owned() + "\u{fffd}.csv";
    assert!(svg.contains(&caption), "{svg}");
}

#[test]
fn files_of_other_programs_are_read() {
    let Some(python) = python() else {
        return;
    };
    let folder = tempdir().unwrap();
    script(&python, "tables.py", &[folder.path()]);
    let expected = json(folder.path(), "--no-plot --source pyarrow_none.parquet");
    assert_eq!(expected["n"], 50);
    let mut read = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let found = json(folder.path(), &format!("--no-plot --source {name}"));
        if name.ends_with(".parquet") {
            for part in ["n", "signal", "risk", "groups", "histogram"] {
                assert_eq!(found[part], expected[part], "{name}: {part}");
            }
        } else {
            // pandas rounds numbers in JSON, but not counts.
            let counts = |it: &serde_json::Value| it["histogram"]["counts"].clone();
            assert_eq!(counts(&found), counts(&expected), "{name}");
        }
        read += 1;
    }
    assert_eq!(read, 35);
}

#[test]
fn control_characters_from_outside_are_spelled_out() {
    let folder = tempdir().unwrap();
    let check = |name: &str, content: &str| {
        fs::write(folder.path().join(name), content).unwrap();
        for words in ["", "--or-simulate --no-plot"] {
            let words = format!("{words} --source {name}");
            let found = run(folder.path(), &words);
            let all = found.out + &found.err;
            assert!(!all.contains('\x1b'), "{content:?}: {all}");
            // A line break must not begin a line that looks like one of ours.
            assert!(!all.contains("\nhint: x"), "{content:?}: {all}");
        }
    };
    check("a.csv", "signal,agent_activity\n\x1b[31mred,1\n");
    check("a.csv", "signal,agent_activity\n\"a\nhint: x\",1\n");
    check("a.csv", "\"a\nhint: x\"\n");
    check("a.json", "[{\"signal\": \"a\\nhint: x\\u001b\"}]");
    let stray = command(folder.path(), "").arg("--a\nhint: x").output();
    let found = String::from_utf8(stray.unwrap().stderr).unwrap();
    assert!(!found.contains("\nhint: x"), "{found}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_in_json_is_the_value_itself() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempdir().unwrap();
    let check = |name: &[u8], expected: serde_json::Value| {
        let name = std::ffi::OsStr::from_bytes(name);
        fs::write(folder.path().join(name), TABLE).unwrap();
        let mut command = command(folder.path(), "--json --no-plot --source");
        let output = command.arg(name).output().unwrap();
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(found["source"], expected);
    };
    check(br"s\xff.csv", r"s\xff.csv".into());
    check(b"s\xff.csv", serde_json::json!({"hex": "73ff2e637376"}));
    let hostile = "a\u{1b}[31m\u{202e}\u{9b}.csv";
    check(hostile.as_bytes(), hostile.into());
}

#[test]
fn json_has_no_invisible_character_but_its_escape() {
    let folder = tempdir().unwrap();
    let names = [
        "x\u{202e}\u{200b}.svg",
        "y\u{2066}\u{e0041}\u{85}\u{ad}.parquet",
        "z\u{2028}\u{7f}.csv",
    ];
    fs::write(folder.path().join(names[2]), TABLE).unwrap();
    let mut command = command(folder.path(), "--json");
    command.args(["--output", names[0], "--export", names[1], "--source"]);
    let output = command.arg(names[2]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["output"], names[0]);
    assert_eq!(found["export"]["path"], names[1]);
    assert_eq!(found["source"], names[2]);
    let raw: Vec<char> = text
        .chars()
        .filter(|it| !matches!(it, ' '..='~' | '\n'))
        .collect();
    assert!(raw.is_empty(), "{raw:?}");
    assert!(
        text.contains(r"y\u2066\udb40\udc41\u0085\u00ad.parquet"),
        "{text}"
    );
}
