//! If a server is slow, broken or hostile, does the error come in time, is it clear, and does the output claim nothing?

// These tests need all programs. cli.rs makes and tests builds without some of them.
#![cfg(all(
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/refused.rs"]
mod refused;
#[path = "support/run.rs"]
mod run;
#[path = "support/skip.rs"]
mod skip;
#[cfg(target_os = "linux")]
#[path = "support/terminal.rs"]
mod terminal;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use refused::{refused, simulated};
use run::{command, json, run};
use skip::note;
use tempfile::tempdir;
#[cfg(target_os = "linux")]
use terminal::said_on_terminal;

/// A good table.
const TABLE: &str = "signal,agent_activity\n0.5,3\n-1.5,9\n";

/// A server on this machine. `answer` writes to each connection. Returns the address and a counter of connections.
fn server(answer: impl Fn(&mut TcpStream, usize) + Send + 'static) -> (String, Arc<AtomicUsize>) {
    serve(listener(), move |stream, turn, _| answer(stream, turn))
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

/// The same at a given address. `answer` also gets the request: its first line and its headers.
fn serve(
    listener: TcpListener,
    answer: impl Fn(&mut TcpStream, usize, &str) + Send + 'static,
) -> (String, Arc<AtomicUsize>) {
    let address = format!("http://{}/data", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // The request is read to its end. Otherwise the close would cut off our answer.
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|it| it > 0) {
                request.push(byte[0]);
            }
            let request = String::from_utf8_lossy(&request);
            let turn = counter.fetch_add(1, Ordering::SeqCst);
            answer(&mut stream, turn, &request);
        }
    });
    (address, count)
}

/// A server whose answer may depend on the request, and the requests that it gets. Its address is a host and a port.
fn listens(
    answer: impl Fn(usize, &str) -> Vec<u8> + Send + 'static,
) -> (String, mpsc::Receiver<String>) {
    let (asked, requests) = mpsc::channel();
    let listener = listener();
    let host = listener.local_addr().unwrap().to_string();
    serve(listener, move |stream, turn, request| {
        let _ = asked.send(request.to_owned());
        let _ = stream.write_all(&answer(turn, request));
    });
    (host, requests)
}

/// The path in the first line of a request.
fn path_of(request: &str) -> &str {
    request.split(' ').nth(1).unwrap_or_default()
}

/// A server that always sends these bytes.
fn sends(text: impl Into<String>) -> (String, Arc<AtomicUsize>) {
    let text = text.into();
    server(move |stream, _| {
        let _ = stream.write_all(text.as_bytes());
    })
}

/// An answer with this body.
fn ok(body: &str) -> String {
    with_body("200 OK", body)
}

/// An answer with this status and these headers, and without a body.
fn empty(head: &str) -> String {
    with_body(head, "")
}

fn with_body(head: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

/// An answer that leads to another place.
fn moved(place: &str) -> String {
    empty(&format!("302 Found\r\nLocation: {place}"))
}

/// What a run finds at this address.
#[track_caller]
fn fetched(address: &str) -> serde_json::Value {
    let words = format!("--no-plot --source {address}");
    json(tempdir().unwrap().path(), &words)
}

#[test]
fn data_is_fetched_and_its_address_named() {
    let folder = tempdir().unwrap();
    let (address, _) = sends(ok(TABLE));
    let found = fetched(&address);
    assert_eq!(
        (found["n"].as_u64(), found["source"].as_str()),
        (Some(2), Some(&*address))
    );
    // A password in an address is used, but never shown.
    let secret = address.replace("http://", "http://neo:trinity@");
    let found = run(folder.path(), &format!("--source {secret}"));
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(!format!("{found:?}").contains("trinity"), "{found:?}");
}

#[test]
fn a_busy_server_is_asked_three_times_and_a_refusal_is_not_repeated() {
    let folder = tempdir().unwrap();
    let (address, count) = server(|stream, turn| {
        let answer = if turn < 2 {
            empty("503 Busy")
        } else {
            ok(TABLE)
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    assert_eq!(fetched(&address)["n"], 2);
    assert_eq!(count.load(Ordering::SeqCst), 3);
    for (status, asked) in [(500, 3), (429, 3), (404, 1), (403, 1)] {
        let (address, count) = sends(empty(&format!("{status} No")));
        refused(
            folder.path(),
            &format!("--source {address}"),
            &[&address, &format!("status {status}")],
        );
        assert_eq!(count.load(Ordering::SeqCst), asked, "{status}");
    }
}

/// A run with this address must end with an error that says so, long before ten seconds are over. The second run
/// goes on with simulated data instead.
#[track_caller]
fn hostile(address: &str, named: &str) {
    let folder = tempdir().unwrap();
    let words = format!("--source {address} --timeout 1 --max-bytes 100000");
    let start = Instant::now();
    refused(folder.path(), &words, &[named]);
    simulated(folder.path(), &words, named);
    assert!(start.elapsed() < Duration::from_secs(10), "{named}");
}

/// The head of an answer without a length.
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\n\r\nsignal,agent_activity\n";

#[test]
fn slow_servers_end_in_a_time_out() {
    let forever = Duration::from_mins(1);
    let (silent, _) = server(move |_, _| std::thread::sleep(forever));
    hostile(&silent, "no answer in time");
    let drip = |head: &'static [u8], piece: &'static [u8]| {
        server(move |stream, _| {
            let _ = stream.write_all(head);
            while stream.write_all(piece).is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        })
    };
    hostile(&drip(HEAD, b"1").0, "took longer than 1s");
    hostile(
        &drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n").0,
        "no answer in time",
    );
}

#[test]
fn one_attempt_may_use_all_of_the_time() {
    let folder = tempdir().unwrap();
    let (slow, asked) = server(|stream, _| {
        std::thread::sleep(Duration::from_secs(3));
        let _ = stream.write_all(ok(TABLE).as_bytes());
    });
    let words = format!("--no-plot --timeout 5 --source {slow}");
    assert_eq!(json(folder.path(), &words)["n"], 2);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // A second attempt has only the time that the first one left.
    let (late, _) = server(|stream, turn| {
        if turn == 0 {
            std::thread::sleep(Duration::from_secs(1));
            let _ = stream.write_all(empty("503 Busy").as_bytes());
        } else {
            std::thread::sleep(Duration::from_mins(1));
        }
    });
    let start = Instant::now();
    refused(
        folder.path(),
        &format!("--timeout 2 --source {late}"),
        &["no answer in time"],
    );
    assert!(
        start.elapsed() < Duration::from_millis(2900),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn endless_servers_are_cut_off() {
    let endless = |head: &'static [u8], piece: Vec<u8>| {
        server(move |stream, _| {
            let _ = stream.write_all(head);
            while stream.write_all(&piece).is_ok() {}
        })
    };
    hostile(
        &endless(HEAD, b"1,2\n".repeat(1000)).0,
        "larger than 100000 bytes",
    );
    let chunked =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n16\r\nsignal,agent_activity\n\r\n";
    let chunk = [b"1000\r\n", &*b"1,2\n".repeat(1024), b"\r\n"].concat();
    hostile(&endless(chunked, chunk).0, "larger than 100000 bytes");
    let head = b"HTTP/1.1 200 OK\r\n";
    hostile(
        &endless(head, b"X-Filler: aaaaaaaaaaaa\r\n".repeat(40)).0,
        "too many headers",
    );
    hostile(&endless(head, vec![b'a'; 1000]).0, "header is too big");
}

#[cfg(unix)]
#[test]
fn a_compressed_body_that_becomes_too_large_is_cut_off() {
    let folder = tempdir().unwrap();
    let table = folder.path().join("bomb");
    fs::write(
        &table,
        format!("signal,agent_activity\n{}", "1,2\n".repeat(1 << 20)),
    )
    .unwrap();
    let packed = std::process::Command::new("gzip")
        .arg("-c")
        .arg(table)
        .output();
    let packed = packed.unwrap().stdout;
    let answer = |body: &[u8]| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    assert!(
        packed.len() < 100_000,
        "before it is unpacked, it is within the limit"
    );
    let cut = packed.len() / 2;
    let (whole, cut) = (answer(&packed), answer(&packed[..cut]));
    let (bomb, _) = server(move |stream, _| {
        let _ = stream.write_all(&whole);
    });
    hostile(&bomb, "larger than 100000 bytes");
    assert_eq!(
        fetched(&bomb)["n"],
        1 << 20,
        "a body within the limit is read"
    );
    let (cut_off, _) = server(move |stream, _| {
        let _ = stream.write_all(&cut);
    });
    let words = format!("--source {cut_off}");
    refused(folder.path(), &words, &["compressed with gzip and damaged"]);
}

#[test]
fn servers_that_break_the_rules_are_named_in_an_error() {
    let body = "signal,agent_activity\n1,2\n";
    let with = |header: &str| sends(format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n{body}")).0;
    let cut = with("Content-Length: 1000");
    hostile(&cut, "peer disconnected");
    refused(
        tempdir().unwrap().path(),
        &format!("--source {cut}"),
        &["try again"],
    );
    hostile(&with("Content-Length: -5"), "failed to fetch");
    hostile(
        &with("Content-Length: 26\r\nContent-Length: 5"),
        "failed to fetch",
    );
    hostile(&with("Transfer-Encoding: chunked"), "failed to read");
    hostile(
        &sends("\x00\x01 this is not HTTP\r\n\r\n").0,
        "failed to fetch",
    );
    hostile(&sends("").0, "failed to fetch");
    hostile(&sends(ok("")).0, "it is empty");
    hostile(
        &sends(ok("<html>Please log in</html>")).0,
        "no column `signal`",
    );
    hostile(&sends(ok("PAR1 and nothing more")).0, "failed to read");
    // This server answers TLS with plain HTTP.
    let listener = listener();
    let tls = format!("https://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 100]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    hostile(&tls, "failed to fetch");
}

#[test]
fn a_temporary_file_that_cannot_be_made_is_no_fault_of_the_server() {
    let folder = tempdir().unwrap();
    let (address, _) = sends(ok("PAR1 and more"));
    let mut command = command(folder.path(), &format!("--no-plot --source {address}"));
    let found = command.env("TMPDIR", folder.path().join("none")).output();
    let found = String::from_utf8(found.unwrap().stderr).unwrap();
    assert!(found.contains("temporary file in `"), "{found}");
    assert!(found.contains("hint: set `TMPDIR`"), "{found}");
}

#[test]
fn an_error_names_a_proxy_that_does_not_answer() {
    let folder = tempdir().unwrap();
    let (address, asked) = sends(ok(TABLE));
    let mut command = command(folder.path(), &format!("--no-plot --source {address}"));
    let found = command.env("HTTP_PROXY", "http://127.0.0.1:1").output();
    let found = String::from_utf8(found.unwrap().stderr).unwrap();
    assert!(found.contains("hint: check the proxy that"), "{found}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn only_a_terminal_shows_how_fast_a_download_is() {
    let folder = tempdir().unwrap();
    let (address, _) = server(move |stream, _| {
        let _ = stream.write_all(HEAD);
        for _ in 0..12 {
            let _ = stream.write_all("1,2\n".repeat(1000).as_bytes());
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let words = format!("-q --no-plot --source {address}");
    assert!(!run(folder.path(), &words).err.contains("read,"));
    let Some(said) = said_on_terminal(&words) else {
        return;
    };
    assert!(said.contains("KiB read, "), "{said}");
    // The server sends 40 KB a second. The first rate on the screen must be as good as the last one.
    assert!(said.contains("KiB/s"), "{said}");
    assert!(!said.contains("MiB/s") && !said.contains("GiB/s"), "{said}");
}

#[test]
fn redirections_are_followed_five_times_and_to_http_only() {
    let folder = tempdir().unwrap();
    let to = |place: &str| sends(moved(place));
    let (circles, asked) = to("/again");
    refused(
        folder.path(),
        &format!("--source {circles}"),
        &["more than 5 redirections"],
    );
    assert_eq!(asked.load(Ordering::SeqCst), 6);
    let mut address = sends(ok(TABLE)).0;
    for _ in 0..5 {
        address = to(&address).0;
    }
    let found = fetched(&address);
    assert_eq!(found["n"], 2);
    assert_eq!(found["source"], *address, "the address that was asked for");
    hostile(&to(&address).0, "more than 5 redirections");
    hostile(&to("ftp://127.0.0.1/data.csv").0, "unknown scheme: ftp");
    hostile(&to("file:///etc/passwd").0, "unknown scheme: file");
}

#[test]
fn a_redirection_may_be_relative_to_its_page() {
    for (location, page) in [
        ("?x=1", "/dir/r?x=1"),
        ("./a.csv", "/dir/a.csv"),
        ("../a.csv", "/a.csv"),
        ("b/../a.csv", "/dir/a.csv"),
        ("//{}/dir/b.csv", "/dir/b.csv"),
        ("http://{}/dir/../c.csv", "/c.csv"),
    ] {
        let (host, requests) = listens(|_, request| {
            let host = request.lines().find_map(|it| it.strip_prefix("host: "));
            let to = location.replace("{}", host.unwrap());
            let is_first = path_of(request) == "/dir/r";
            let answer = if is_first { moved(&to) } else { ok(TABLE) };
            answer.into_bytes()
        });
        fetched(&format!("http://{host}/dir/r"));
        let second = requests.iter().nth(1).unwrap();
        assert_eq!(path_of(&second), page, "{location}");
    }
}

#[test]
fn addresses_without_a_server_are_named() {
    for (address, named) in [
        ("http://127.0.0.1:99999/", "`99999` is not a port"),
        ("http://127.0.0.1:0/", "`0` is not a port"),
        ("http://[::1]:65536/", "`65536` is not a port"),
        ("http://127.0.0.1:1/", "connection refused"),
        ("http://", "failed to fetch `http://`"),
        ("http://[::1", "failed to fetch"),
        ("http://no-such-host.invalid/", "failed to fetch"),
        ("https://no-such-host.invalid/", "failed to fetch"),
    ] {
        hostile(address, named);
    }
}

/// The page that a server is asked for, at this path. If there is a location, the server leads there.
fn asked_page(path: &str, location: &'static [u8]) -> String {
    let (host, requests) = listens(move |turn, _| {
        if turn == 0 && !location.is_empty() {
            let end = b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            [b"HTTP/1.1 302 Found\r\nLocation: ", location, end].concat()
        } else {
            ok(TABLE).into_bytes()
        }
    });
    fetched(&format!("http://{host}{path}"));
    let request = requests.iter().nth(usize::from(!location.is_empty()));
    path_of(&request.unwrap()).to_owned()
}

/// A request has only ASCII. Other letters are sent as curl sends them.
#[test]
fn letters_beyond_ascii_are_encoded() {
    assert_eq!(
        asked_page("/mesures-été.csv", b""),
        "/mesures-%C3%A9t%C3%A9.csv"
    );
    assert_eq!(
        asked_page("/a%20b.csv?x=ü&y=<%C3>", b""),
        "/a%20b.csv?x=%C3%BC&y=%3C%C3%3E"
    );
    assert_eq!(
        asked_page("/r", "/é à.csv".as_bytes()),
        "/%C3%A9%20%C3%A0.csv"
    );
    // Not every server writes UTF-8: the bytes must be its own.
    assert_eq!(asked_page("/r", b"/\xe9.csv"), "/%E9.csv");
    let found = command(tempdir().unwrap().path(), "--no-plot --source")
        .arg("http://127.0.0.1:1/a b.csv")
        .output()
        .unwrap();
    let found = String::from_utf8(found.stderr).unwrap();
    assert!(found.contains("a blank is in it"), "{found}");
    assert!(found.contains("hint: write a blank as `%20`"), "{found}");
    hostile("http://é.invalid/", "the name of its host is not ASCII");
}

#[test]
fn an_ipv6_address_is_asked() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else {
        return note("this machine has no IPv6");
    };
    let (address, _) = serve(listener, |stream, _, _| {
        let _ = stream.write_all(ok(TABLE).as_bytes());
    });
    assert_eq!(fetched(&address)["n"], 2);
}

#[cfg(target_os = "linux")]
#[test]
fn an_endless_source_takes_no_more_memory_than_a_small_one() {
    let folder = tempdir().unwrap();
    for piece in ["1,2\n", "1", "\n"] {
        let (address, _) = server(move |stream, _| {
            let _ = stream.write_all(HEAD);
            while stream.write_all(piece.repeat(1000).as_bytes()).is_ok() {}
        });
        let words = format!("--no-plot --source {address} --timeout 1");
        let mut child = command(folder.path(), &words)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
            let status = status.unwrap_or_default();
            let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = kib.and_then(|it| it.trim().strip_suffix(" kB")?.parse().ok());
            peak = peak.max(kib.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!((1..100_000).contains(&peak), "{piece:?}: {peak} kB");
    }
}

#[test]
fn or_simulate_goes_on_and_every_output_says_so() {
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
        found.out.contains("Simulated because: failed to fetch"),
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

    // If data ends in the middle, the read rows are not mixed with simulated ones.
    fs::write(folder.path().join("cut.csv"), format!("{TABLE}x,1\n")).unwrap();
    let object = json(
        folder.path(),
        "--no-plot --source cut.csv --or-simulate --points 70 --export e.parquet",
    );
    assert_eq!(object["n"], 70);
    assert_eq!(object["export"]["rows"], 70);
}

#[test]
fn a_password_is_decoded_and_goes_to_its_own_host_only() {
    let folder = tempdir().unwrap();
    let (other, asked_there) = listens(|_, _| ok(TABLE).into_bytes());
    let to = moved(&format!("http://{other}/"));
    let (first, asked) = listens(move |_, _| to.clone().into_bytes());
    let found = run(
        folder.path(),
        &format!("-q --no-plot --source http://neo:p%40ss@{first}/data"),
    );
    assert_eq!(found.code, Some(0), "{found:?}");
    // printf 'neo:p@ss' | base64
    let asked = asked.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(
        asked.contains("authorization: Basic bmVvOnBAc3M="),
        "{asked}"
    );
    let asked = asked_there.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(!asked.to_lowercase().contains("authorization"), "{asked}");
}

/// What stderr says if the first address redirects to this one, and with which hint.
fn redirected(place: &str, words: &str) -> String {
    let folder = tempdir().unwrap();
    let (first, _) = sends(moved(place));
    let first = first.replace("http://", "http://neo:trinity@");
    let words = format!("-q --no-plot {words} --source {first}");
    let found = run(folder.path(), &words);
    assert_eq!(found.code, Some(2), "{found:?}");
    assert!(!found.err.contains("trinity"), "{found:?}");
    found.err
}

#[test]
fn behind_a_redirection_the_address_that_failed_is_named() {
    let (closed, cut) = (
        "http://127.0.0.1:1/x",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nsig",
    );
    let asks = |way: &str| sends(empty(&format!("401 No\r\nWWW-Authenticate: {way}"))).0;
    let (silent, _) = server(|_, _| std::thread::sleep(Duration::from_secs(3)));
    for (place, said, hint) in [
        (asks("Basic realm=a"), "status 401", "that it redirects to"),
        (asks("Bearer"), "`Bearer`", "another program"),
        (sends(empty("404 No")).0, "status 404", "only its server"),
        (sends(empty("503 No")).0, "status 503", "try again later"),
        (
            sends(with_body("200 OK\r\nContent-Encoding: br", TABLE)).0,
            "`br`",
            "another program",
        ),
        (sends(cut).0, "", "try again"),
        (sends(ok("signal,agent_activity\nx,1\n")).0, "line 2", ""),
        (closed.to_owned(), "refused", "its server chose"),
        ("http://no.invalid/".to_owned(), "", "its server chose"),
        (
            "http://127.0.0.1:99999/".to_owned(),
            "`99999` is not a port",
            "only its server",
        ),
        (silent, "no answer in time", "--timeout"),
    ] {
        let secret = format!("{place}?token=Sw0rdfish");
        let found = redirected(&secret, "--timeout 1");
        let named = format!("which redirects to `{place}?token=***`");
        for text in [&*named, said, hint] {
            assert!(found.contains(text), "{place}: no {text:?} in {found}");
        }
    }
}

#[test]
fn a_login_that_was_refused_is_not_asked_for_again() {
    let folder = tempdir().unwrap();
    let (address, _) = sends(empty("401 No\r\nWWW-Authenticate: Basic realm=\"a\""));
    let words = format!("--source {address}");
    refused(
        folder.path(),
        &words,
        &["asks for a user", "`http://USER:PASSWORD@HOST`"],
    );
    let words = words.replace("http://", "http://neo:trinity@");
    refused(
        folder.path(),
        &words,
        &["refused the user and the password", "check both"],
    );
}

#[test]
fn a_proxy_is_asked_as_curl_does() {
    let folder = tempdir().unwrap();
    let (proxy, asked) = listens(|_, _| ok(TABLE).into_bytes());
    let with = |variables: &[(&str, &str)]| {
        let mut command = command(folder.path(), "--no-plot --source http://a.invalid:81/x?y");
        let output = command.envs(variables.iter().copied()).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, _) = with(&[("http_proxy", &format!("http://u:p%40@{proxy}"))]);
    let request = asked.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(code, Some(0), "{request}");
    assert!(
        request.starts_with("GET http://a.invalid:81/x?y HTTP/1.1"),
        "{request}"
    );
    assert!(request.contains("host: a.invalid:81\r\n"), "{request}");
    // printf 'u:p@' | base64
    assert!(
        request.contains("proxy-authorization: Basic dTpwQA=="),
        "{request}"
    );
    // Only the proxy knows this host.
    for exceptions in ["*", "b.c, a.invalid", ".invalid"] {
        let (code, found) = with(&[("http_proxy", &proxy), ("no_proxy", exceptions)]);
        assert_eq!(code, Some(2), "{exceptions}: {found}");
        assert!(
            found.contains("no such host") || found.contains("failed to"),
            "{found}"
        );
    }
    assert!(asked.try_recv().is_err());
    for (value, why) in [
        ("socks5://127.0.0.1:1", "`socks5`"),
        ("://", "protocol"),
        ("a b", "not an address"),
    ] {
        let (code, found) = with(&[("all_proxy", value)]);
        assert_eq!(code, Some(2), "{value}: {found}");
        assert!(
            found.contains("`all_proxy`") && found.contains(why),
            "{found}"
        );
    }
}

#[test]
fn answers_without_data_have_different_errors() {
    let with = |head: &str| sends(with_body(head, TABLE));
    hostile(
        &with("206 Partial Content\r\nContent-Range: bytes 0-9/99").0,
        "status 206",
    );
    hostile(&with("999 Strange").0, "status 999");
    hostile(&with("202 Accepted").0, "status 202");
    hostile(
        &with("302 Found\r\nLocation: http://127.0.0.1:99999/").0,
        "`99999` is not a port",
    );
    hostile(
        &with("200 OK\r\nContent-Encoding: br").0,
        "compressed it with `br`",
    );
    for encoding in ["zstd", "x-gzip", "gzip", "GZIP"] {
        let (plain, _) = with(&format!("200 OK\r\nContent-Encoding: {encoding}"));
        hostile(&plain, "but it did not");
    }
    // curl takes `none` for `identity`.
    let (plain, _) = with("200 OK\r\nContent-Encoding: none");
    assert_eq!(fetched(&plain)["n"], 2);
    let packed = Command::new("sh")
        .args(["-c", "printf 'signal,agent_activity\\n0.5,3\\n' | gzip -n"])
        .output()
        .unwrap()
        .stdout;
    // A packed file may be packed again on its way.
    let twice = Command::new("sh")
        .args([
            "-c",
            "printf 'signal,agent_activity\\n0.5,3\\n' | gzip -n | gzip -n",
        ])
        .output()
        .unwrap()
        .stdout;
    for body in [packed, twice] {
        let (address, _) = server(move |stream, turn| {
            let encoding = ["GZIP", "gzip"][turn % 2];
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        });
        assert_eq!(fetched(&address)["n"], 1);
        assert_eq!(fetched(&address)["n"], 1);
    }
}

#[test]
fn a_pause_that_the_server_asks_for_is_made() {
    let folder = tempdir().unwrap();
    let (address, _) = server(|stream, turn| {
        let answer = if turn == 0 {
            empty("429 Later\r\nRetry-After: 1")
        } else {
            ok(TABLE)
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    let start = Instant::now();
    assert_eq!(fetched(&address)["n"], 2);
    assert!(start.elapsed() >= Duration::from_secs(1));
    let (later, _) = sends(empty("503 Later\r\nRetry-After: 600"));
    refused(
        folder.path(),
        &format!("--source {later}"),
        &["wait 600 seconds"],
    );
}
