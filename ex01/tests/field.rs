//! Is the data of real users read: in folders, compressed, with an offset, and in the formats of other programs?

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
#[expect(dead_code, reason = "shared with other tests")]
mod refused;
#[path = "support/run.rs"]
mod run;
#[path = "support/skip.rs"]
mod skip;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use python::{python, script};
use refused::refused;
use run::{command, json, run};
use serde_json::Value;
use tempfile::tempdir;

/// Everything about the data itself.
const PARTS: [&str; 5] = ["n", "signal", "risk", "groups", "histogram"];

/// A number of the JSON.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// Numbers without a pattern, from 0 to 1.
fn noise(count: u32) -> impl Iterator<Item = f64> {
    let mut state = 1_u64;
    (0..count).map(move |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX)
    })
}

/// A table of these signals.
fn csv(signals: &[f64]) -> String {
    let mut text = "signal,agent_activity\n".to_owned();
    for (row, signal) in signals.iter().enumerate() {
        writeln!(text, "{signal:?},{}", row % 10).unwrap();
    }
    text
}

#[track_caller]
fn same(folder: &Path, one: &str, other: &str) {
    let of = |name: &str| json(folder, &format!("--no-plot --source {name}"));
    let (one, other) = (of(one), of(other));
    for part in PARTS {
        assert_eq!(one[part], other[part], "{part}");
    }
}

#[test]
fn the_same_number_is_read_from_every_format() {
    let folder = tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let signals: Vec<f64> = noise(2000).map(|it| 1e4 + 1e3 * it).collect();
    write("a.csv", &csv(&signals));
    let rows = signals.iter().enumerate();
    let rows: Vec<String> = rows
        .map(|(row, it)| format!("{{\"signal\":{it:?},\"agent_activity\":{}}}", row % 10))
        .collect();
    write("a.ndjson", &rows.join("\n"));
    write("a.json", &format!("[{}]", rows.join(",")));
    write("data.json", &format!("{{\"data\":[{}]}}", rows.join(",\n")));
    write(
        "texts.json",
        &rows
            .join("\n")
            .replace("\"signal\":", "\"signal\":\"")
            .replace(",\"a", "\",\"a"),
    );
    run(
        folder.path(),
        "-q --no-plot --source a.csv --export a.parquet",
    );
    for other in ["a.ndjson", "a.json", "data.json", "texts.json", "a.parquet"] {
        same(folder.path(), "a.csv", other);
    }
    // json.loads reads …975. A parser that rounds twice reads …977.
    write(
        "b.json",
        r#"[{"signal":10587.436593658975,"agent_activity":0}]"#,
    );
    let found = json(folder.path(), "--no-plot --source b.json");
    assert_eq!(
        number(&found["signal"]["mean"]).to_bits(),
        10_587.436_593_658_975_f64.to_bits()
    );
}

/// Quantiles of numbers far from zero have an error that is small compared to the spread.
#[track_caller]
fn check_offset(offset: f64, spread: f64) {
    let folder = tempdir().unwrap();
    let mut signals: Vec<f64> = noise(200_000)
        .map(|it| offset + spread * (it - 0.5))
        .collect();
    fs::write(folder.path().join("a.csv"), csv(&signals)).unwrap();
    let found = json(folder.path(), "--no-plot --source a.csv");
    signals.sort_by(f64::total_cmp);
    let at = |q: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank"
        )]
        let rank = (q * 199_999.0) as usize;
        signals[rank]
    };
    for q in ["0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99"] {
        let (seen, real) = (
            number(&found["signal"]["quantiles"][q]),
            at(q.parse().unwrap()),
        );
        assert!(
            (seen - real).abs() < 0.002 * spread,
            "{offset} {q}: {seen} for {real}"
        );
    }
    let histogram = &found["histogram"];
    let (lo, hi) = (number(&histogram["lo"]), number(&histogram["hi"]));
    let (min, max) = (number(&found["risk"]["min"]), number(&found["risk"]["max"]));
    let width = (hi - lo) / number(&histogram["counts"].as_array().unwrap().len().into());
    assert!(lo <= min && min < lo + width, "{lo} {min}");
    assert!(hi - width <= max && max <= hi, "{hi} {max}");
    assert_eq!(histogram["underflow"], 0);
    assert_eq!(histogram["overflow"], 0);
}

#[test]
fn data_with_an_offset_loses_no_precision() {
    check_offset(293.15, 0.02);
    check_offset(1e9, 2.0);
    check_offset(-1013.25, 0.5);
}

#[test]
fn a_quantile_is_a_value_that_can_occur() {
    let folder = tempdir().unwrap();
    let text =
        "signal,agent_activity\n".to_owned() + &"0,0\n".repeat(40_000) + &"1,0\n".repeat(25_537);
    fs::write(folder.path().join("a.csv"), text).unwrap();
    let found = json(folder.path(), "--no-plot --source a.csv");
    for (q, expected) in [("0.01", 0.0), ("0.5", 0.0), ("0.75", 1.0), ("0.99", 1.0)] {
        let seen = number(&found["risk"]["quantiles"][q]);
        assert_eq!(seen.to_bits(), f64::to_bits(expected), "{q}");
    }
    assert_eq!(found["risk"]["quantile_error"], 0.0);
}

#[test]
fn small_numbers_remain_if_large_ones_cancel_out() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), csv(&[1.0, 1e100, 1.0, -1e100])).unwrap();
    let found = json(folder.path(), "--no-plot --source a.csv");
    assert_eq!(found["signal"]["mean"], 0.5);
}

#[test]
fn small_numbers_remain_if_large_ones_of_another_tile_cancel_out() {
    let folder = tempdir().unwrap();
    for (large, ones) in [(1e16, 5000), (1e28, 5000), (1e40, 5000), (1e100, 300_000)] {
        let mut signals = vec![1.0; ones + 2];
        (signals[0], signals[ones + 1]) = (large, -large);
        fs::write(folder.path().join("a.csv"), csv(&signals)).unwrap();
        let found = json(folder.path(), "--no-plot --source a.csv");
        let count = |it: usize| f64::from(u32::try_from(it).unwrap());
        let expected = count(ones) / count(ones + 2);
        let mean = number(&found["signal"]["mean"]);
        assert_eq!(mean.to_bits(), expected.to_bits(), "{large}: {mean}");
    }
}

/// The bars of a table with this signal, and their ends.
fn bars(signals: &[f64]) -> (Vec<u64>, f64, f64) {
    let folder = tempdir().unwrap();
    let mut text = "signal,agent_activity\n".to_owned();
    for signal in signals {
        writeln!(text, "{signal:?},0").unwrap();
    }
    fs::write(folder.path().join("a.csv"), text).unwrap();
    let histogram = &json(folder.path(), "--no-plot --source a.csv")["histogram"];
    let counts = histogram["counts"].as_array().unwrap();
    let counts: Vec<u64> = counts.iter().map(|it| it.as_u64().unwrap()).collect();
    assert_eq!(counts.iter().sum::<u64>(), signals.len() as u64);
    (counts, number(&histogram["lo"]), number(&histogram["hi"]))
}

/// A line that rises from one number to the other has bars of one height, and they end where it does.
#[track_caller]
fn check_ramp(from: f64, to: f64) {
    let ramp: Vec<f64> = (0..=200_000)
        .map(|it| from + (to - from) * f64::from(it) / 200_000.0)
        .collect();
    let (counts, lo, hi) = bars(&ramp);
    assert_eq!((lo.to_bits(), hi.to_bits()), (from.to_bits(), to.to_bits()));
    let bins = counts.len() as u64;
    for count in &counts {
        let off = count.abs_diff(200_001 / bins);
        assert!(off * 100 <= 200_001 / bins, "{from}: {counts:?}");
    }
}

#[test]
fn a_histogram_begins_and_ends_with_the_data_at_any_size() {
    check_ramp(1.0, 200_001.0);
    check_ramp(0.0, 1.0);
    check_ramp(293.15, 293.17);
    check_ramp(1.7e9, 1.7e9 + 200_000.0);
    check_ramp(1.7e12, 1.7e12 + 1e6);
    check_ramp(0.1, 7e5);
}

/// What some programs write where a value is missing, among usual values.
#[test]
fn one_huge_value_does_not_move_the_least_one() {
    for fill in [1e20, 9.96921e36, 1e150] {
        let mut signals: Vec<f64> = noise(995).map(|it| 10.0 + 10.0 * it).collect();
        let least = signals.iter().copied().fold(f64::INFINITY, f64::min);
        signals.extend([fill; 5]);
        let (counts, lo, hi) = bars(&signals);
        assert_eq!(
            (lo.to_bits(), hi.to_bits()),
            (least.to_bits(), fill.to_bits())
        );
        assert_eq!((counts[0], counts.last()), (995, Some(&5)));
    }
}

#[test]
fn equally_likely_whole_numbers_have_equally_high_bars() {
    for (places, times) in [
        (61, 80),
        (100, 50),
        (100, 700),
        (101, 1000),
        (150, 600),
        (256, 300),
    ] {
        let values: Vec<f64> = (0..places * times)
            .map(|it| f64::from(it % places))
            .collect();
        let (counts, lo, hi) = bars(&values);
        let same = counts.iter().all(|it| *it == counts[0]);
        assert!(same, "{places}: {counts:?}");
        assert_eq!((lo, hi), (-0.5, f64::from(places) - 0.5), "{places}");
    }
}

#[test]
fn a_large_dictionary_costs_no_more_than_the_pages_that_need_it() {
    let Some(python) = python() else {
        return;
    };
    let folder = tempdir().unwrap();
    let loading = Path::new(env!("CARGO_BIN_EXE_loading"));
    script(&python, "dictionaries.py", &[folder.path()]);
    script(&python, "costs.py", &[folder.path(), loading]);
    for codec in ["none", "snappy", "gzip", "zstd"] {
        let name = format!("{codec}-1000000.parquet");
        same(folder.path(), "usual-1000000.parquet", &name);
    }
    refused(
        folder.path(),
        "--source too-large.parquet",
        &[
            "a dictionary of column `signal` holds 16 MB",
            "write it again",
        ],
    );
}

#[test]
fn parts_and_compressed_files_and_standard_input_give_the_same_table() {
    let folder = tempdir().unwrap();
    let path = folder.path();
    run(path, "-q --no-plot --points 1.2e6 --seed 5 --export parts/");
    let made = json(path, "--no-plot --points 1.2e6 --seed 5");
    for source in ["parts", "parts/", "parts/*.parquet"] {
        let read = json(path, &format!("--no-plot --source {source}"));
        for part in PARTS {
            assert_eq!(made[part], read[part], "{source}: {part}");
        }
    }
    let signals: Vec<f64> = noise(3000).collect();
    fs::write(path.join("a.csv"), csv(&signals)).unwrap();
    let packed = Command::new("gzip")
        .args(["-k", "a.csv"])
        .current_dir(path)
        .status();
    assert!(packed.unwrap().success());
    same(path, "a.csv", "a.csv.gz");
    let expected = json(path, "--no-plot --source a.csv");
    for name in ["a.csv", "a.csv.gz", "parts/part-000001.parquet"] {
        let mut command = command(path, "--no-plot --source - --json");
        let file = fs::File::open(path.join(name)).unwrap();
        let output = command.stdin(Stdio::from(file)).output().unwrap();
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(found["source"], "standard input");
        if name.starts_with('a') {
            assert_eq!(found["signal"], expected["signal"], "{name}");
        }
    }
    // The limit counts unpacked bytes.
    refused(
        path,
        "--source a.csv.gz --max-bytes 60000",
        &["larger than 60000 bytes"],
    );
}

#[test]
fn an_error_names_what_is_wrong() {
    let folder = tempdir().unwrap();
    let check = |name: &str, content: &[u8], named: &[&str]| {
        fs::write(folder.path().join(name), content).unwrap();
        refused(folder.path(), &format!("--source {name}"), named);
    };
    check(
        "mac.csv",
        b"signal,agent_activity\r1,2\rx,3\r",
        &["line 3", "row 2"],
    );
    check(
        "a.csv",
        b"signal;agent_activity\n1;2\n",
        &["line 1", "`;` separates"],
    );
    check(
        "b.csv",
        b"t\tsignal\tagent_activity\n",
        &["a tab separates"],
    );
    check(
        "c.csv",
        "signal\u{200b},agent_activity\n".as_bytes(),
        &["u{200b}"],
    );
    check(
        "rows.json",
        br#"{"rows":[{"signal":1,"agent_activity":2}]}"#,
        &["only `rows`", "may be called `data`"],
    );
    check("nan.json", br#"[{"signal":NaN}]"#, &["row 1", "no NaN"]);
    check(
        "dot.json",
        br#"[{"signal":1.}]"#,
        &["row 1", "no number like `1.`"],
    );
    for (start, named) in [
        (&b"s\0i\0g\0n\0a\0l\0,\0a\0g\0e\0"[..], "UTF-16"),
        (b"\xff\xfe\0\0s\0\0\0", "UTF-32"),
        (b"0123456\0DUCK\x40\0\0\0", "DuckDB"),
        (b"PAR1, and no more", "cut off"),
        (b"PAR1 and what was encrypted PARE", "encrypted Parquet"),
        (b"BZh91AY", "with `bunzip2 -k FILE`"),
        (b"\xfd7zXZ\0", "xz"),
        (b"SQLite format 3\0", "SQLite"),
        (b"ARROW1\0\0", "Arrow"),
        (b"PARE", "encrypted Parquet"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\x80\x05\x95\x39\x01", "Python pickle"),
        (b"\x72\x02\x01\0\x03\0", "binary file"),
    ] {
        check("other", start, &[named]);
    }
}

#[test]
fn a_large_table_is_cut_between_records() {
    let folder = tempdir().unwrap();
    // Quoted line breaks and doubled quotes, in several chunks of a megabyte.
    let mut text = "signal,note,agent_activity\r\n".to_owned();
    for row in 0..60_000 {
        write!(text, "{row},\"a \"\"b\"\",\r\n c, {row}\",{}\r\n", row % 10).unwrap();
    }
    fs::write(folder.path().join("a.csv"), &text).unwrap();
    let found = json(folder.path(), "--no-plot --source a.csv");
    assert_eq!(
        (found["n"].as_u64(), found["signal"]["max"].as_f64()),
        (Some(60_000), Some(59_999.0))
    );
    text += "1,x,10\r\n";
    fs::write(folder.path().join("a.csv"), &text).unwrap();
    refused(
        folder.path(),
        "--source a.csv",
        &["line 120002: row 60001, column `agent_activity`: 10 is not"],
    );
    let mut lines = String::new();
    for row in 0..60_000 {
        writeln!(
            lines,
            "{{\"signal\": {row}, \"agent_activity\": {}}}",
            row % 10
        )
        .unwrap();
    }
    lines += "{\"signal\": null, \"agent_activity\": 1}\n";
    fs::write(folder.path().join("a.json"), lines).unwrap();
    for threads in [1, 2, 7] {
        refused(
            folder.path(),
            &format!("--source a.json --threads {threads}"),
            &["line 60001: row 60001, column `signal`: the cell is null"],
        );
    }
}

#[test]
fn an_export_names_its_source() {
    let folder = tempdir().unwrap();
    run(folder.path(), "-q --no-plot --seed 77 --export a.parquet");
    run(
        folder.path(),
        "-q --no-plot --source a.parquet --export b.parquet",
    );
    let says = |name: &str, text: &[u8]| {
        let file = fs::read(folder.path().join(name)).unwrap();
        memchr::memmem::find(&file, text).is_some()
    };
    assert!(says("a.parquet", b"loading.seed") && says("a.parquet", b"simulated"));
    assert!(!says("b.parquet", b"loading.seed") && says("b.parquet", b"a.parquet"));
}

#[test]
fn a_limit_is_for_all_parts_together() {
    let folder = tempdir().unwrap();
    let parts = folder.path().join("parts");
    fs::create_dir(&parts).unwrap();
    let text = csv(&[1.0, 2.0]);
    for name in ["a.csv", "b.csv"] {
        fs::write(parts.join(name), &text).unwrap();
    }
    let words = |limit| format!("--no-plot --source parts --max-bytes {limit}");
    let found = json(folder.path(), &words(2 * text.len()));
    assert_eq!(found["n"], 4);
    let named = "`parts` is larger than";
    refused(folder.path(), &words(2 * text.len() - 1), &[named]);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_refused_and_not_waited_for() {
    let folder = tempdir().unwrap();
    let parts = folder.path().join("parts");
    fs::create_dir(&parts).unwrap();
    fs::write(parts.join("a.csv"), csv(&[1.0])).unwrap();
    let made = Command::new("mkfifo").arg(parts.join("b.csv")).status();
    assert!(made.unwrap().success());
    for source in ["parts", "parts/*.csv"] {
        let words = format!("--source {source}");
        refused(
            folder.path(),
            &words,
            &["parts/b.csv`: it is not a regular file"],
        );
    }
}

#[test]
fn the_smallest_floats_have_a_histogram() {
    let folder = tempdir().unwrap();
    let mut text = "signal,agent_activity\n".to_owned();
    for row in 0..70_000 {
        writeln!(text, "{:e},0", f64::from_bits(row % 100)).unwrap();
    }
    fs::write(folder.path().join("a.csv"), text).unwrap();
    let found = json(folder.path(), "--no-plot --source a.csv");
    let counts = found["histogram"]["counts"].as_array().unwrap();
    let points: u64 = counts.iter().filter_map(Value::as_u64).sum();
    assert_eq!(points, 70_000);
    assert_eq!(number(&found["risk"]["max"]).to_bits(), 99);
}

#[test]
fn a_source_is_never_overwritten() {
    let folder = tempdir().unwrap();
    let path = folder.path();
    run(path, "-q --no-plot --export a.parquet");
    run(path, "-q --no-plot --export parts/");
    let before = fs::read(path.join("a.parquet")).unwrap();
    for words in [
        "--source a.parquet --export a.parquet",
        "--source a.parquet --export ./a.parquet",
        "--source parts --export parts/",
        "--source parts/part-000000.parquet --export parts/",
    ] {
        refused(path, words, &["over the source"]);
    }
    // The next run would read it too.
    for words in [
        "--source parts --export parts/new.parquet",
        "--source parts/*.parquet --export ./parts/new.parquet",
    ] {
        refused(path, words, &["would become a part of the source"]);
    }
    run(path, "-q --no-plot --source a.parquet --export b.parquet");
    assert!(path.join("b.parquet").is_file());
    // A shell may have opened it for standard input.
    if cfg!(target_os = "linux") {
        let mut command = command(path, "--no-plot --source - --export a.parquet");
        let file = fs::File::open(path.join("a.parquet")).unwrap();
        let found = command.stdin(Stdio::from(file)).output().unwrap();
        assert_eq!(found.status.code(), Some(2), "{found:?}");
    }
    assert!(fs::read(path.join("a.parquet")).unwrap() == before);
}

/// Files in a fresh folder. An empty text makes a folder.
fn laid_out(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if text.is_empty() {
            fs::create_dir(path).unwrap();
        } else {
            fs::write(path, text).unwrap();
        }
    }
    folder
}

/// With these files, the run is refused because it would write into its source, and makes nothing.
#[track_caller]
fn keeps_its_source(files: &[(&str, &str)], words: &str) {
    let folder = laid_out(files);
    let all = || -> Vec<_> {
        let found = Command::new("find").current_dir(&folder).output().unwrap();
        let found = String::from_utf8(found.stdout).unwrap();
        let mut names: Vec<String> = found.lines().map(str::to_owned).collect();
        names.sort();
        names
    };
    let before = all();
    for more in ["", " --or-simulate"] {
        let words = format!("--no-plot {words}{more}");
        let found = run(folder.path(), &words);
        assert_eq!(found.code, Some(2), "{words}: {found:?}");
        // Without simulated data, a source that cannot be read is the first thing to say.
        let is_named = found.err.contains("of the source") || found.err.contains("over the source");
        assert!(is_named || more.is_empty(), "{words}: {}", found.err);
        assert_eq!(all(), before, "{words}");
    }
    for (name, text) in files.iter().filter(|it| !it.1.is_empty()) {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), *text);
    }
}

#[test]
fn no_run_adds_to_its_source_or_makes_a_folder_in_it() {
    let one = csv(&[1.0, 2.0]);
    let one = one.as_str();
    let check = |source: &str, export: &str| {
        let words = format!("--source {source} --export {export}");
        keeps_its_source(&[("d/a.csv", one)], &words);
    };
    check("d", "d/out/");
    check("d/", "./d/out/in/");
    check("d/*", "d/out/");
    check("**/*", "out.parquet");
    check("**/*", "d/out.parquet");
    check("**/*", "out/");
    check("*/*", "d/out.parquet");
    check("*/*", "out/");
    check("[a-z]/**/*", "d/x/y/");
    check("no.parquet", "no.parquet");
    check("no.parquet", "./d/../no.parquet");
    check("no", "no/");
    // Beside the source, and where its pattern does not look, there is room.
    for (source, export) in [
        ("d", "out/"),
        ("d", "d.parquet"),
        ("d", "d/_out/"),
        ("d/*.csv", "d/out/"),
        ("*/*.csv", "d/out.parquet"),
        ("**/a*", "out/"),
        ("*/*", ".out/"),
        ("*/*", "out.parquet"),
        ("d/*", "out.parquet"),
    ] {
        let folder = laid_out(&[("d/a.csv", one)]);
        let words = format!("--no-plot --source {source} --export {export}");
        for _ in 0..2 {
            assert_eq!(json(folder.path(), &words)["n"], 2, "{words}");
        }
    }
}

#[test]
fn a_picture_is_not_drawn_into_its_source() {
    let folder = laid_out(&[("d/a.csv", &csv(&[1.0, 2.0]))]);
    let words = "--source d/* --output d/a.png";
    refused(
        folder.path(),
        words,
        &["`--output d/a.png` would become a part of the source `d/*`"],
    );
    assert_eq!(json(folder.path(), "--source d --output d/a.png")["n"], 2);
    assert_eq!(json(folder.path(), "--source d --output d/a.png")["n"], 2);
}

#[test]
fn simulated_data_never_replaces_a_part_of_a_source_that_cannot_be_read() {
    let data = ("d/data.parquet", "PAR1, the only copy");
    for other in [
        ("d/notes.csv", "a"),
        ("d/sub/a.csv", "a"),
        ("d/data.parquet.gz", "a"),
        ("d/x.parquet", ""),
    ] {
        let files = [data, other];
        for source in ["d", "d/*.parquet", "*/*.parquet", "**/data.parquet"] {
            for export in ["d/data.parquet", "d/"] {
                if source == "d" || export != "d/" {
                    keeps_its_source(&files, &format!("--source {source} --export {export}"));
                }
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_hide_a_part_of_a_source_that_cannot_be_read() {
    use std::os::unix::fs::symlink;
    let folder = laid_out(&[("a.parquet", "the only copy"), ("d/b.csv", "a")]);
    let path = folder.path();
    symlink("../a.parquet", path.join("d/link.parquet")).unwrap();
    symlink("nowhere", path.join("d/dead.parquet")).unwrap();
    symlink("d", path.join("e")).unwrap();
    for (source, export) in [
        ("d", "a.parquet"),
        ("d/*.parquet", "a.parquet"),
        ("d", "e/new.parquet"),
        ("e/*", "d/new.parquet"),
        ("*/*", "e/new.parquet"),
    ] {
        let words = format!("--no-plot --or-simulate --source {source} --export {export}");
        let found = run(path, &words);
        assert_eq!(found.code, Some(2), "{words}: {found:?}");
        assert!(found.err.contains("the source"), "{words}: {}", found.err);
    }
    assert_eq!(fs::read(path.join("a.parquet")).unwrap(), b"the only copy");
}

#[cfg(unix)]
#[test]
fn a_source_is_not_overwritten_through_a_link_or_by_a_picture() {
    use std::os::unix::fs::symlink;
    let folder = tempdir().unwrap();
    let path = folder.path();
    run(path, "-q --no-plot --export a.parquet");
    let before = fs::read(path.join("a.parquet")).unwrap();
    symlink("a.parquet", path.join("a.svg")).unwrap();
    fs::create_dir(path.join("parts")).unwrap();
    symlink("../a.parquet", path.join("parts/part-000000.parquet")).unwrap();
    fs::write(path.join("b.png"), csv(&[1.0, 2.0])).unwrap();
    for words in [
        "--source a.parquet --output a.svg",
        "--source *.parquet --output ./a.svg",
        "--source b.png --output b.png",
        "--source a.parquet --no-plot --export parts/",
    ] {
        let found = run(path, words);
        assert_eq!(found.code, Some(2), "{words}: {found:?}");
        assert!(found.err.contains("over the source"), "{}", found.err);
    }
    assert!(fs::read(path.join("a.parquet")).unwrap() == before);
    assert!(fs::read(path.join("b.png")).unwrap().starts_with(b"signal"));
}

#[cfg(unix)]
#[test]
fn a_picture_and_an_export_are_never_one_file() {
    use std::os::unix::fs::symlink;
    let folder = tempdir().unwrap();
    symlink("a.parquet", folder.path().join("a.svg")).unwrap();
    for _ in 0..2 {
        let found = run(folder.path(), "--output a.svg --export a.parquet");
        assert_eq!(found.code, Some(2), "{found:?}");
        assert!(found.err.contains("the same file"), "{}", found.err);
        // Once with a link that leads nowhere, once with a file behind it.
        run(folder.path(), "-q --no-plot --export a.parquet");
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_not_replaced() {
    use std::os::unix::fs::symlink;
    let folder = tempdir().unwrap();
    symlink("two.png", folder.path().join("one.png")).unwrap();
    symlink("one.png", folder.path().join("two.png")).unwrap();
    let found = run(folder.path(), "--output one.png");
    assert_eq!(found.code, Some(2), "{found:?}");
    assert!(found.err.contains("symbolic links"), "{}", found.err);
    assert!(found.err.contains("hint: remove one of"), "{}", found.err);
    assert!(folder.path().join("one.png").is_symlink());
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_rights_and_a_link_keeps_its_target() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempdir().unwrap();
    let file = folder.path().join("matrix_analysis.png");
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    symlink("there.svg", folder.path().join("link.svg")).unwrap();
    run(folder.path(), "-q");
    run(folder.path(), "-q --output link.svg");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(folder.path().join("link.svg").is_symlink());
    assert!(folder.path().join("there.svg").is_file());
}

#[test]
fn a_source_that_shrinks_while_it_is_read_is_an_error() {
    let folder = tempdir().unwrap();
    // Standard input that ends early is a shorter table. Compressed input that ends early is damaged.
    let mut command = command(folder.path(), "--no-plot --source -");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"\x1f\x8b\x08\0\0\0\0\0\0\xff")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let found = String::from_utf8(output.stderr).unwrap();
    assert!(
        found.contains("compressed with gzip and damaged"),
        "{found}"
    );
}

#[test]
fn types_and_layouts_of_other_programs_are_read() {
    let Some(python) = python() else {
        return;
    };
    let folder = tempdir().unwrap();
    script(&python, "layouts.py", &[folder.path()]);
    for (one, other) in [
        ("plain.parquet", "groups.parquet"),
        ("plain.parquet", "pages.parquet"),
        ("plain.parquet", "plain.csv.gz"),
        ("decimal.csv", "decimal.parquet"),
        ("half.csv", "half.parquet"),
        ("bool.csv", "bool.parquet"),
        ("wide.csv", "wide.parquet"),
        ("plain.parquet", "other-encrypted.parquet"),
    ] {
        same(folder.path(), one, other);
    }
    for (kind, first) in [
        ("half", "half.csv"),
        ("decimal", "decimal.csv"),
        ("int", "int.parquet"),
    ] {
        for layout in ["1.0-False", "1.0-True", "2.0-False", "2.0-True"] {
            same(
                folder.path(),
                first,
                &format!("split-{kind}-{layout}.parquet"),
            );
        }
    }
    refused(
        folder.path(),
        "--source split-null.parquet",
        &["row 701, column `signal`: the cell is null"],
    );
    for (name, named) in [
        ("encrypted", "it is an encrypted Parquet file"),
        (
            "encrypted-column",
            "its column `agent_activity` is encrypted",
        ),
    ] {
        let words = format!("--source {name}.parquet");
        refused(folder.path(), &words, &[named]);
    }
    refused(
        folder.path(),
        "--source twice.parquet",
        &["it has two columns `signal`"],
    );
    refused(
        folder.path(),
        "--source one-page.parquet",
        &["one page of column `signal`", "smaller pages"],
    );
}
