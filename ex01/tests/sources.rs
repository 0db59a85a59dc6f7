//! Where data cannot be had, is the error clear, and is nothing claimed?

// For the whole program; builds that lack a library are made and tested in cli.rs.
#![cfg(all(
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall panic")]

#[path = "support/run.rs"]
mod run;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use run::{command, json, run};
use tempfile::tempdir;

/// A good table.
const TABLE: &str = "signal,agent_activity\n0.5,3\n-1.5,9\n";

/// A run that must fail with 2, name these things, hint, and claim nothing.
#[track_caller]
fn refused(folder: &Path, words: &str, named: &[&str]) {
    let found = run(folder, words);
    assert_eq!(found.code, Some(2), "{words}: {found:?}");
    for text in named.iter().chain(&["error: ", "\nhint: "]) {
        assert!(
            found.err.contains(text),
            "{words}: no {text:?} in {}",
            found.err
        );
    }
    for claim in ["complete", "saved", "exported"] {
        assert!(!found.out.contains(claim), "{words}: {}", found.out);
    }
    assert!(!folder.join("matrix_analysis.png").exists(), "{words}");
}

#[test]
fn a_bad_file_is_an_error_with_its_row_and_column() {
    let folder = tempdir().unwrap();
    let check = |name: &str, content: &[u8], named: &[&str]| {
        fs::write(folder.path().join(name), content).unwrap();
        refused(
            folder.path(),
            &format!("--source {name}"),
            &[&[name], named].concat(),
        );
    };
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
        &["row 2 has 1 field"],
    );
    check("rows.csv", b"signal,agent_activity\n", &["no rows"]);
    check("empty.csv", b"", &["empty"]);
    check("binary.csv", &[0xff; 100], &["no column `signal`"]);
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
    check("cut.parquet", b"PAR1 and nothing more", &["parquet"]);
    check(
        "no.parquet",
        b"signal,agent_activity\n1,2\n",
        &["no Parquet file"],
    );
    check("packed.csv.gz", b"\x1f\x8b\x08", &["gzip"]);
    refused(
        folder.path(),
        "--source nowhere.csv",
        &["`nowhere.csv`", "no such file"],
    );
    refused(folder.path(), "--source .", &["not a regular file"]);
    refused(folder.path(), "--source ftp://a.b/c", &["`ftp://`"]);
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
        // A flipped bit in the data may still be a number; anything else is an error.
        assert!(matches!(found.code, Some(0 | 2)), "{at}: {found:?}");
        assert!(!found.err.contains("panicked"), "{at}: {found:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_not_waited_for() {
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
    for name in ["a.json", "b.json", "a.parquet"] {
        let found = of(name);
        assert_eq!(found["source"], name);
        for part in ["n", "signal", "risk", "groups", "histogram"] {
            assert_eq!(found[part], expected[part], "{name}: {part}");
        }
    }
}

#[test]
fn what_other_programs_write_is_read() {
    let Some(python) = std::env::var_os("MATRIX_PYTHON") else {
        assert!(
            std::env::var_os("CI").is_none(),
            "MATRIX_PYTHON names no Python"
        );
        eprintln!("skipped: MATRIX_PYTHON names no Python with pandas, pyarrow and duckdb");
        return;
    };
    let folder = tempdir().unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/tables.py");
    let status = std::process::Command::new(python)
        .arg(script)
        .arg(folder.path())
        .status();
    assert!(status.unwrap().success());
    let expected = json(folder.path(), "--no-plot --source pyarrow_none.parquet");
    assert_eq!(expected["n"], 50);
    let mut read = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let found = json(folder.path(), &format!("--no-plot --source {name}"));
        // JSON and CSV may round the last digit, a count they may not.
        let parts: &[&str] = match name.ends_with(".parquet") {
            true => &["n", "signal", "risk", "groups", "histogram"],
            false => &["n", "histogram"],
        };
        for part in parts {
            assert_eq!(found[part], expected[part], "{name}: {part}");
        }
        read += 1;
    }
    assert_eq!(read, 35);
}

/// A server on this machine; each connection gets what `answer` writes. Returns its address and a counter.
fn server(answer: impl Fn(&mut TcpStream, usize) + Send + 'static) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/data", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // The request is read to its end, or the close would cut off our answer.
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|it| it > 0) {
                request.push(byte[0]);
            }
            answer(&mut stream, counter.fetch_add(1, Ordering::SeqCst));
        }
    });
    (address, count)
}

/// A server that always sends this.
fn sends(text: impl Into<String>) -> (String, Arc<AtomicUsize>) {
    let text = text.into();
    server(move |stream, _| {
        let _ = stream.write_all(text.as_bytes());
    })
}

/// An answer with a body.
fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn data_is_fetched_and_its_address_named() {
    let folder = tempdir().unwrap();
    let (address, _) = sends(ok(TABLE));
    let found = json(folder.path(), &format!("--no-plot --source {address}"));
    assert_eq!(
        (found["n"].as_u64(), found["source"].as_str()),
        (Some(2), Some(&*address))
    );
    // A password in an address is used, and never shown.
    let secret = address.replace("http://", "http://neo:trinity@");
    let found = run(folder.path(), &format!("--source {secret}"));
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(!format!("{found:?}").contains("trinity"), "{found:?}");
}

#[test]
fn a_busy_server_is_asked_three_times_and_a_plain_no_is_taken_at_once() {
    let folder = tempdir().unwrap();
    let (address, count) = server(|stream, turn| {
        let busy = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned();
        let answer = if turn < 2 { busy } else { ok(TABLE) };
        let _ = stream.write_all(answer.as_bytes());
    });
    assert_eq!(
        json(folder.path(), &format!("--no-plot --source {address}"))["n"],
        2
    );
    assert_eq!(count.load(Ordering::SeqCst), 3);
    for (status, asked) in [(500, 3), (429, 3), (404, 1), (403, 1)] {
        let (address, count) = sends(format!(
            "HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ));
        refused(
            folder.path(),
            &format!("--source {address}"),
            &[&address, &format!("status {status}")],
        );
        assert_eq!(count.load(Ordering::SeqCst), asked, "{status}");
    }
}

#[test]
fn hostile_servers_end_in_an_error_in_time() {
    let folder = tempdir().unwrap();
    let check = |address: &str, named: &str| {
        let start = Instant::now();
        refused(
            folder.path(),
            &format!("--source {address} --timeout 1.5 --max-bytes 100000"),
            &[named],
        );
        assert!(start.elapsed() < Duration::from_secs(10), "{named}");
    };
    let forever = Duration::from_mins(1);
    let (hangs, _) = server(move |_, _| std::thread::sleep(forever));
    check(&hangs, "no answer in time");
    let (drips, _) = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nsignal,agent_activity\n");
        while stream.write_all(b"1").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    check(&drips, "took longer");
    let (cut, _) =
        sends("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsignal,agent_activity\n1,2\n");
    check(&cut, "failed to read");
    let (endless, _) = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nsignal,agent_activity\n");
        while stream.write_all(&b"1,2\n".repeat(1000)).is_ok() {}
    });
    check(&endless, "larger than 100000 bytes");
    let (circles, _) = sends(
        "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    check(&circles, "more than 5 redirections");
    let (heads, _) = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream
            .write_all(b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")
            .is_ok()
        {}
    });
    check(&heads, "failed to fetch");
    let (garbage, _) = sends("\x00\x01 this is not HTTP\r\n\r\n");
    check(&garbage, "failed to fetch");
    let (page, _) = sends(ok("<html>Please log in</html>"));
    check(&page, "no column `signal`");
    check("http://127.0.0.1:99999/", "`99999` is no port");
    check("http://127.0.0.1:1/", "failed to fetch");
    check("http://", "failed to fetch");
}

#[test]
fn or_simulate_goes_on_and_says_so_everywhere() {
    let folder = tempdir().unwrap();
    let words = "--source http://127.0.0.1:1/ --or-simulate --points 50 --output a.svg";
    let found = run(folder.path(), words);
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(
        found.err.contains("warning: failed to fetch"),
        "{}",
        found.err
    );
    assert!(found.err.contains("simulated"), "{}", found.err);
    assert!(
        found.out.contains("Processing 50 data points..."),
        "{}",
        found.out
    );
    assert!(
        found.out.contains("Source: simulated, seed 42"),
        "{}",
        found.out
    );
    assert!(
        found.out.contains("Instead of: failed to fetch"),
        "{}",
        found.out
    );
    let picture = fs::read_to_string(folder.path().join("a.svg")).unwrap();
    assert!(
        picture.contains("50 points, simulated, seed 42 (the source"),
        "the caption"
    );
    let object = json(folder.path(), words);
    assert_eq!(object["source"], "simulated");
    assert!(object["fallback"].as_str().unwrap().contains("127.0.0.1:1"));

    // Data that breaks off in the middle is not mixed with simulated data.
    fs::write(folder.path().join("cut.csv"), format!("{TABLE}x,1\n")).unwrap();
    let object = json(
        folder.path(),
        "--no-plot --source cut.csv --or-simulate --points 70 --export e.parquet",
    );
    assert_eq!(object["n"], 70);
    assert_eq!(object["export"]["rows"], 70);
}

#[test]
fn control_characters_from_outside_are_spelled_out() {
    let folder = tempdir().unwrap();
    fs::write(
        folder.path().join("a.csv"),
        "signal,agent_activity\n\x1b[31mred,1\n",
    )
    .unwrap();
    let found = command(folder.path(), "--source a.csv").output().unwrap();
    assert!(!found.stderr.contains(&0x1b), "{found:?}");
}
