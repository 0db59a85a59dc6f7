//! The report says "Connected", "Online" and "Authenticated" only after a real answer. No server can
//! make the oracle wait, follow a redirect, or repeat an answer.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "support/port.rs"]
mod port;
#[path = "support/server.rs"]
mod server;
#[macro_use]
#[path = "support/world.rs"]
mod world;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use port::dead_port;
use server::{COLUMN, DONE, READY, Server, answering, guarded, postgres, respond, server};
use world::{World, random};

/// Asks this endpoint. Both lines of the report must begin like this.
#[track_caller]
fn check(endpoint: &Server, api: &str, zion: &str) {
    let (world, _) = World::sound(
        "sqlite::memory:",
        &format!("http://127.0.0.1:{}/", endpoint.port),
    );
    let run = world.run(&["--timeout", "1"]);
    assert!(run.value("API Access").starts_with(api), "{}", run.out);
    assert_eq!(run.value("Zion Network"), zion);
}

#[test]
fn authenticated_means_accepted_with_the_key_and_refused_without() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    let endpoint = guarded(&key);
    world.set(
        "ZION_ENDPOINT",
        &format!("http://localhost:{}/status?x=1", endpoint.port),
    );
    let run = world.run(&[]);
    assert_eq!(
        (run.value("API Access"), run.value("Zion Network")),
        ("Authenticated", "Online")
    );
    let seen = endpoint.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 2);
    assert!(
        !seen[0].contains(&key) && seen[1].contains(&key),
        "{seen:?}"
    );

    check(
        &guarded("another"),
        "refused: the endpoint does not accept this key as `Authorization: Bearer`",
        "Online",
    );
    check(
        &answering("200 OK", ""),
        "configured, not verified (the endpoint answers without a key too)",
        "Online",
    );
    check(
        &answering("401 No", ""),
        "refused: the endpoint does not accept this key as `Authorization: Bearer`",
        "Online",
    );
    check(
        &answering("403 No", ""),
        "configured, not verified (the endpoint answers 403, with the key and without it)",
        "Online",
    );
    let ill = "answers with a server error (500)";
    check(
        &answering("500 Oops", ""),
        "configured, not verified (the endpoint answered 500)",
        ill,
    );
    let answering_the_key = |with: &'static str, without: &'static str| {
        server(move |stream, head| {
            let status = if head.contains("Bearer") {
                with
            } else {
                without
            };
            respond(stream, status, "");
        })
    };
    let keyed = answering_the_key("204 No Content", "403 No");
    check(&keyed, "Authenticated", "Online");
    for (status, code) in [
        ("302 Found", 302),
        ("400 Bad", 400),
        ("402 Pay", 402),
        ("404 None", 404),
        ("405 No", 405),
        ("407 Proxy", 407),
        ("429 Often", 429),
        ("451 Law", 451),
        ("500 Oops", 500),
        ("503 Later", 503),
    ] {
        let without = format!(
            "configured, not verified (the endpoint says yes to the key, and answered {code} without it; only 401 and 403 say no)"
        );
        let ill = format!("answers with a server error ({code}), but only without the key");
        let zion = if code < 500 { "Online" } else { &ill };
        check(&answering_the_key("200 OK", status), &without, zion);
    }
    check(
        &answering_the_key("500 Oops", "401 No"),
        "configured, not verified (the endpoint answered 500)",
        "answers with a server error (500), but only with the key",
    );
}

#[test]
fn an_endpoint_that_closes_a_quiet_connection_gets_the_key_over_a_new_one() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    let wanted = format!("Bearer {key}");
    let endpoint = server(move |stream, head| {
        let status = if head.contains(&wanted) {
            "200 OK"
        } else {
            "401 Unauthorized"
        };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        let _ = stream.write_all(answer.as_bytes());
        // Its time for a quiet connection is over when the next request comes.
        let _ = stream.read(&mut [0]);
    });
    world.set("ZION_ENDPOINT", &format!("http://{}/", endpoint.host()));
    let run = world.run(&[]);
    assert_eq!(run.value("API Access"), "Authenticated");
    assert_eq!(endpoint.seen.lock().unwrap().len(), 2);
}

#[test]
fn a_reader_who_may_make_no_log_is_not_connected_to_a_database_in_wal_mode() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let (world, shared) = (World::new(), tempfile::tempdir().unwrap());
    let database = rusqlite::Connection::open(world.path("a.db")).unwrap();
    let mode = database.pragma_update(None, "journal_mode", "WAL");
    mode.unwrap();
    database.execute_batch("CREATE TABLE crew (name)").unwrap();
    // Root may write anywhere, so somebody else asks. For him, the program must be in an open folder.
    let oracle = shared.path().join("oracle");
    // The kernel starts no file that a child of this process may still have open for writing.
    let mut copy = std::process::Command::new("cp");
    let copied = copy.args([env!("CARGO_BIN_EXE_oracle").as_ref(), oracle.as_path()]);
    assert!(copied.status().unwrap().success());
    let open = |folder: &std::path::Path, bits| {
        set_permissions(folder, Permissions::from_mode(bits)).unwrap();
    };
    open(shared.path(), 0o755);
    open(&world.path(".."), 0o755);
    let is_root = world.path("").metadata().unwrap().uid() == 0;
    let says = |bits: u32, line: &str| {
        open(&world.path(""), bits);
        let mut command = std::process::Command::new(&oracle);
        command.current_dir(world.path("")).env_clear();
        command.env("DATABASE_URL", "sqlite:a.db");
        if is_root {
            command.uid(65534);
        }
        let out = command.output().unwrap().stdout;
        let out = String::from_utf8_lossy(&out).replace("\n  ", " ");
        assert!(out.contains(line), "{bits:o}: {out}");
    };
    says(0o555, "Database: Connected to local instance");
    // The last connection deletes the log and its index.
    open(&world.path(""), 0o755);
    drop(database);
    let refused = "in WAL mode even a reader makes files beside it, and this user may not write to its folder";
    says(0o555, refused);
    says(0o777, "Database: Connected to local instance");
    let mut beside = world.path("").read_dir().unwrap();
    assert!(beside.all(|it| it.unwrap().file_name() == "a.db"));
    std::fs::write(world.path("a.db-shm"), "").unwrap();
    open(&world.path("a.db-shm"), 0o000);
    says(
        0o777,
        "its log or the index of it (-wal, -shm) cannot be read",
    );
}

#[test]
fn the_password_of_the_endpoint_does_not_stand_in_for_the_key() {
    needs!("git");
    let endpoint = server(move |stream, head| {
        let open = head.to_lowercase().contains("\nauthorization: ");
        respond(stream, if open { "200 OK" } else { "401 No" }, "");
    });
    let password = random(20);
    let url = format!("http://neo:{password}@{}/", endpoint.host());
    let (world, _) = World::sound("sqlite::memory:", &url);
    let run = world.run(&[]);
    assert_eq!(run.value("API Access"), "Authenticated");
    assert!(!endpoint.seen.lock().unwrap()[0].contains("asic "));
}

#[test]
fn a_name_below_localhost_is_this_machine_without_a_question_to_a_name_server() {
    needs!("git");
    for host in ["zion.localhost", "a.zion.localhost", "localhost."] {
        let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
        let endpoint = guarded(&key);
        let url = format!("http://{host}:{}/", endpoint.port);
        world.set("ZION_ENDPOINT", &url);
        let database = format!("postgresql://neo@{host}:{}/m", dead_port());
        world.set("DATABASE_URL", &database);
        let run = world.run(&[]);
        assert_eq!(run.value("API Access"), "Authenticated", "{host}");
        assert_eq!(
            run.value("Database"),
            "local instance not connected: nobody listens there",
            "{host}"
        );
    }
}

#[test]
fn a_redirect_is_not_followed_with_the_key_or_without() {
    needs!("git");
    let other = answering("200 OK", "");
    let port = other.port;
    let elsewhere = "the endpoint redirects to another host; the key is not sent there";
    let same_host =
        "the endpoint redirects to another address of the same host; the key is not sent there";
    let other_port =
        "the endpoint redirects to another port of the same host; the key is not sent there";
    let other_scheme = "the endpoint redirects to the other scheme (http or https) of the same host; the key is not sent there";
    for (location, words) in [
        (format!("http://127.0.0.1:{port}/steal"), other_port),
        (format!("//127.0.0.1:{port}/steal"), other_port),
        (format!("https://127.0.0.1:{port}/steal"), other_scheme),
        ("https://127.0.0.1:{own}/".to_owned(), other_scheme),
        (format!("http://localhost:{port}/steal"), elsewhere),
        ("//zion.invalid/steal".to_owned(), elsewhere),
        ("/login".to_owned(), same_host),
        ("login".to_owned(), same_host),
        ("../login".to_owned(), same_host),
        ("?next=/login".to_owned(), same_host),
        ("http://127.0.0.1:{own}/login".to_owned(), same_host),
        ("http://127.0.0.1:{own}@zion.invalid/".to_owned(), elsewhere),
    ] {
        let endpoint = server(move |stream, head| {
            let own = head.split("127.0.0.1:").nth(1).unwrap_or_default();
            let own = own.split("\r\n").next().unwrap_or_default();
            let location = location.replace("{own}", own);
            respond(stream, "302 Found", &format!("Location: {location}\r\n"));
        });
        let api = format!("configured, not verified ({words})");
        check(&endpoint, &api, "Online");
    }
    assert!(other.seen.lock().unwrap().is_empty());
}

#[test]
fn a_redirect_without_an_address_leads_nowhere() {
    needs!("git");
    for (status, words) in [
        (
            "302 Found",
            "the endpoint answered 302, and names no address to go to",
        ),
        ("304 Not Modified", "the endpoint answered 304"),
    ] {
        let api = format!("configured, not verified ({words})");
        check(&answering(status, ""), &api, "Online");
    }
}

#[test]
fn an_answer_with_many_or_long_headers_is_read_or_the_limit_is_named() {
    needs!("git");
    let with = |number: usize, length: usize| {
        let header = |it| format!("X-{it}: {}\r\n", "x".repeat(length));
        let headers: Vec<String> = (0..number).map(header).collect();
        let headers = headers.concat();
        server(move |stream, _| respond(stream, "200 OK", &headers))
    };
    let anybody = "configured, not verified (the endpoint answers without a key too)";
    check(&with(100, 1000), anybody, "Online");
    check(&with(1, 200_000), anybody, "Online");
    let offline = "configured, not verified (the endpoint is offline)";
    let head = "offline: its answer breaks a rule of HTTP/1.1 in the first line or a header, or has more headers than are read here";
    check(&with(200, 20), offline, head);
    check(&with(1, 300_000), offline, head);
}

#[test]
fn a_placeholder_or_broken_key_is_not_sent() {
    needs!("git");
    let endpoint = guarded("x");
    let (world, _) = World::sound(
        "sqlite::memory:",
        &format!("http://127.0.0.1:{}", endpoint.port),
    );
    for key in [
        "replace-with-your-api-key",
        "seven blanks in a long long key",
        "",
    ] {
        world.set("API_KEY", key);
        if key.is_empty() {
            world.dotenv(&format!(
                "ZION_ENDPOINT=http://127.0.0.1:{}\n",
                endpoint.port
            ));
        }
        let run = world.run(&[]);
        assert!(!run.value("API Access").starts_with("Authenticated"));
        assert_eq!(run.value("Zion Network"), "Online");
    }
    assert!(
        endpoint
            .seen
            .lock()
            .unwrap()
            .iter()
            .all(|it| !it.contains("Bearer"))
    );
}

#[test]
fn an_endpoint_that_is_slow_only_with_the_key_is_online() {
    needs!("git");
    let endpoint = server(move |stream, head| {
        if head.to_lowercase().contains("\nauthorization: ") {
            thread::sleep(Duration::from_mins(1));
        }
        respond(stream, "401 No", "");
    });
    let (world, _) = World::sound("sqlite::memory:", &format!("http://{}/", endpoint.host()));
    let run = world.run(&["--timeout", "1"]);
    assert_eq!(run.value("Zion Network"), "Online");
    let api = "the endpoint gave no answer to the request with the key: no answer in time";
    assert_eq!(
        run.value("API Access"),
        format!("configured, not verified ({api})")
    );
}

#[test]
fn no_hostile_server_makes_it_wait_or_crash() {
    needs!("git");
    let silent = server(|_, _| thread::sleep(Duration::from_mins(1)));
    let dripping = server(|stream, _| {
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: "
            .iter()
            .chain(std::iter::repeat(&b'x'))
        {
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
    });
    let endless_headers = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream
            .write_all(&b"X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n".repeat(1000))
            .is_ok()
        {}
    });
    let endless_body = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&vec![b'x'; 65536]).is_ok() {}
    });
    let rude = server(|_, _| {});
    let garbage = server(|stream, _| {
        let _ = stream.write_all(b"\x00\xff\x1b[31mHELLO\r\n\r\n");
    });
    for hostile in [&silent, &dripping, &endless_headers, &rude, &garbage] {
        let (world, _) = World::sound(
            &format!(
                "postgresql://neo:{}@127.0.0.1:{}/m",
                random(9),
                hostile.port
            ),
            &format!("http://127.0.0.1:{}/", hostile.port),
        );
        let start = Instant::now();
        let run = world.run(&["--timeout", "1"]);
        assert!(
            run.value("Database")
                .starts_with("local instance not connected"),
            "{}",
            run.out
        );
        assert!(
            run.value("Zion Network").starts_with("offline: "),
            "{}",
            run.out
        );
        assert!(
            run.value("API Access")
                .starts_with("configured, not verified (the endpoint is offline)")
        );
        assert!(!run.out.contains("HELLO"));
        // This is not a measurement. A minute would mean that the deadline does not hold.
        assert!(start.elapsed() < Duration::from_secs(30));
    }
    check(
        &endless_body,
        "configured, not verified (the endpoint answers without a key too)",
        "Online",
    );
}

#[test]
fn a_wrong_answer_of_a_database_crashes_nothing_and_has_its_own_reason() {
    let check = |login: &'static [u8], row: &'static [u8], reason: &str| {
        let answer = move |stream: &mut TcpStream| {
            let _ = stream.write_all(&[COLUMN, row, DONE].concat());
        };
        let server = postgres(login, answer);
        let world = World::new();
        let password = random(9);
        let url = format!("postgresql://neo:{password}@127.0.0.1:{}/m", server.port);
        world.set("DATABASE_URL", &url);
        let run = world.run(&[]);
        assert_eq!(run.value("Database"), reason, "{}", run.err);
        assert_eq!(run.err, "");
    };
    let right = b"D\0\0\0\x0c\0\x01\0\0\0\x0242";
    check(READY, right, "Connected to local instance");
    let wrong = "local instance not connected: the server gives a wrong answer";
    check(READY, b"D\0\0\0\x0c\0\x01\0\0\0\x02\xff\xfe", wrong);
    check(READY, b"D\0\0\0\x0a\0\x01\xff\xff\xff\xff", wrong);
    let strange = "local instance not connected: the server does not speak PostgreSQL";
    check(READY, b"D\0\0\0\x06\0\0", strange);
    let gone = "local instance not connected: it closes the connection; perhaps it does not speak PostgreSQL";
    check(b"E\0\0\0\x20SFATAL\0", b"", gone);
    check(b"R\0\0", b"", gone);
}

#[test]
fn only_a_server_that_wants_a_password_is_said_to_want_one() {
    let check = |login: &'static [u8], user: &str, reason: &str| {
        let server = postgres(login, |_| {});
        let world = World::new();
        let url = format!("postgresql://{user}@127.0.0.1:{}/m", server.port);
        world.set("DATABASE_URL", &url);
        let expected = format!("local instance not connected: {reason}");
        assert_eq!(world.run(&[]).value("Database"), expected, "{user}");
    };
    let kerberos = b"R\0\0\0\x08\0\0\0\x07";
    let other = "the server wants a way of login that is not supported here";
    check(kerberos, "neo", other);
    check(kerberos, &format!("neo:{}", random(9)), other);
    let password = "the server wants a password and the URL has none";
    check(b"R\0\0\0\x08\0\0\0\x03", "neo", password);
    check(b"R\0\0\0\x0c\0\0\0\x05salt", "neo", password);
    let scram = b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0";
    check(scram, "neo", password);
}

#[test]
fn an_answer_with_a_broken_header_is_not_one_of_another_protocol() {
    needs!("git");
    let check = |answer: &'static str, reason: &str| {
        let endpoint = server(move |stream, _| {
            let _ = stream.write_all(answer.as_bytes());
        });
        let (world, _) = World::sound("sqlite::memory:", &format!("http://{}", endpoint.host()));
        let run = world.run(&[]);
        assert_eq!(run.value("Zion Network"), reason, "{answer:?}");
    };
    check("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "Online");
    let broken = "offline: its answer breaks a rule of HTTP/1.1 in the first line or a header, or has more headers than are read here";
    check("HTTP/1.1 200 OK\r\nX-A : b\r\n\r\n", broken);
    check("HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n", broken);
    check("HTTP/1.1 200 OK\r\nX-A: \x01\r\n\r\n", broken);
    check("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", broken);
    check("HTTP/1.1 200 OK\r\nX-A: b\r\n folded\r\n\r\n", broken);
    check("HTTP/1.1 zion\r\n\r\n", broken);
    let other = "offline: the server does not speak HTTP/1.1";
    check("SSH-2.0-OpenSSH_9.2\r\n\r\n", other);
    check("HTTP/2 200 OK\r\n\r\n", other);
}

#[test]
fn an_endpoint_is_asked_without_a_proxy() {
    needs!("git");
    let endpoint = format!("http://127.0.0.1:{}", dead_port());
    let proxy = answering("204 No Content", "");
    let (world, _) = World::sound("sqlite::memory:", &endpoint);
    world.set("http_proxy", &format!("http://{}", proxy.host()));
    let offline = "offline: nobody listens there";
    assert_eq!(world.run(&[]).value("Zion Network"), offline);
    assert!(proxy.seen.lock().unwrap().is_empty());
}

#[test]
fn a_failed_handshake_is_no_missing_cipher_unless_one_side_says_so() {
    let check = |answer: &'static [u8], reason: &str| {
        let server = server::listening(move |stream, _| {
            // The server agrees to encrypt, hears the first message of TLS, and answers it.
            let mut message = [0; 4096];
            let _ = stream.read(&mut message);
            let _ = stream.write_all(b"S");
            let _ = stream.read(&mut message);
            let _ = stream.write_all(answer);
        });
        let world = World::new();
        let url = format!("postgresql://neo@{}/m?sslmode=require", server.host());
        world.set("DATABASE_URL", &url);
        let expected = format!("local instance not connected: {reason}");
        assert_eq!(world.run(&[]).value("Database"), expected);
    };
    let nothing = "no encrypted connection: client and server have no TLS version, cipher, curve or kind of signature in common";
    let broken = "no encrypted connection: the server says yes to TLS, and then does not keep to its rules or breaks it off";
    // Alerts: handshake_failure, protocol_version, internal_error.
    check(b"\x15\x03\x03\0\x02\x02\x28", nothing);
    check(b"\x15\x03\x03\0\x02\x02\x46", nothing);
    check(b"\x15\x03\x03\0\x02\x02\x50", broken);
    check(b"HELLO, NEO\r\n\r\n", broken);
    check(
        b"",
        "it closes the connection; perhaps it does not speak PostgreSQL",
    );
}

#[test]
fn a_port_without_a_server_is_offline_with_the_reason() {
    needs!("git");
    let (world, _) = World::sound(
        &format!("postgresql://neo@127.0.0.1:{}/m", dead_port()),
        &format!("http://[::1]:{}", dead_port()),
    );
    let run = world.run(&["--check"]);
    assert_eq!(
        run.value("Database"),
        "local instance not connected: nobody listens there"
    );
    assert!(
        run.value("Zion Network").starts_with("offline: "),
        "{}",
        run.out
    );
    assert_eq!(run.code, 1);
}

#[test]
fn a_database_and_a_key_that_fail_come_with_a_hint() {
    needs!("git");
    let nobody = format!("http://127.0.0.1:{}", dead_port());
    let (world, _) = World::sound("sqlite:nope.db", &nobody);
    let refusing = answering("401 No", "");
    let endpoint = format!("http://{}/", refusing.host());
    let postgres = format!("postgresql://neo@127.0.0.1:{}/m", dead_port());
    let server = "or mend DATABASE_URL";
    for (name, value, hint) in [
        ("API_KEY", "zk5f0c1b7e9a3d4826", "or mend its path in"),
        ("DATABASE_URL", postgres.as_str(), server),
        ("ZION_ENDPOINT", endpoint.as_str(), "use the key that"),
    ] {
        world.set(name, value);
        let out = world.run(&[]).out;
        let (_, to_mend) = out.split_once("To mend:").unwrap();
        assert!(to_mend.contains(hint), "{out}");
    }
}

#[test]
fn this_machine_is_asked_however_its_address_is_written() {
    needs!("git");
    let endpoint = answering("200 OK", "");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    world.set("MATRIX_MODE", "production");
    for host in ["127.1", "0", "2130706433", "0x7f000001", "0177.0.0.1"] {
        let url = format!("http://{host}:{}/", endpoint.port);
        world.set("ZION_ENDPOINT", &url);
        world.set("DATABASE_URL", &format!("mysql://neo@{host}/m"));
        let run = world.run(&[]);
        assert_eq!(run.value("Zion Network"), "Online", "{host}");
        run.is_silent_about("must be https");
        assert_eq!(run.code, 0, "{host}");
    }
    world.set("ZION_ENDPOINT", "http://128.1/");
    world.run(&[]).says("must be https in production");
}

#[test]
fn an_https_endpoint_without_tls_is_offline_with_the_reason() {
    needs!("git");
    let endpoint = answering("200 OK", "");
    let (world, _) = World::sound(
        "sqlite::memory:",
        &format!("https://127.0.0.1:{}/", endpoint.port),
    );
    let run = world.run(&[]);
    assert_eq!(
        run.value("Zion Network"),
        "offline: the server does not speak TLS"
    );
}

#[test]
fn a_password_does_not_go_to_a_server_without_the_demanded_tls() {
    needs!("git");
    let listening = server(|stream, _| {
        let _ = stream.write_all(b"N");
        thread::sleep(Duration::from_millis(300));
    });
    let port = listening.port;
    let url = format!(
        "postgresql://neo:{}@127.0.0.1:{port}/m?sslmode=require",
        random(9)
    );
    let (world, _) = World::sound(&url, "http://localhost:1");
    let run = world.run(&[]);
    let words = "local instance not connected: sslmode asks for TLS, and the server offers no TLS";
    assert_eq!(run.value("Database"), words);
    // The server got only the question whether it offers TLS.
    assert!(
        listening
            .seen
            .lock()
            .unwrap()
            .iter()
            .all(|it| it.chars().count() <= 8)
    );
}

#[test]
fn no_other_machine_is_contacted_without_probe() {
    needs!("git");
    let (world, _) = World::sound(
        "postgresql://neo@db.zion.invalid/m",
        "https://zion.invalid/",
    );
    let run = world.run(&[]);
    let words = "configured, not contacted (another machine; --probe asks it)";
    assert_eq!(
        (run.value("Database"), run.value("Zion Network")),
        (words, words)
    );
    assert_eq!(
        (run.value("API Access"), run.err.as_str()),
        (
            "configured, not verified (the endpoint was not contacted)",
            ""
        )
    );
    assert_eq!(world.run(&["--check"]).code, 0);
    let run = world.run(&["--probe"]);
    let announced = "note: contacting db.zion.invalid\nnote: contacting zion.invalid\n";
    assert_eq!(run.err, announced);
    assert!(
        run.value("Database")
            .starts_with("db.zion.invalid not connected: "),
        "{}",
        run.out
    );
    // Without a network, the resolver may take too long.
    let reasons = [
        "offline: no such host, or no route to it",
        "offline: no answer within 3 s",
    ];
    assert!(reasons.contains(&run.value("Zion Network")), "{}", run.out);
}

#[test]
fn a_database_without_a_client_is_named_and_never_contacted() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let listening = answering("200 OK", "");
    for host in ["db.zion.invalid", &format!("127.0.0.1:{}", listening.port)] {
        world.set(
            "DATABASE_URL",
            &format!("mysql://neo:{}@{host}/m", random(9)),
        );
        let run = world.run(&["--probe"]);
        assert_eq!(
            run.value("Database"),
            "configured, not contacted (no client for this kind of database)"
        );
        assert_eq!(run.err, "", "nothing is announced");
        assert_eq!(world.json(&[])["variables"][1]["status"], "ok");
    }
    assert!(listening.seen.lock().unwrap().is_empty());
}

#[test]
fn a_host_that_is_not_contacted_is_not_announced() {
    needs!("git");
    let (world, _) = World::sound(
        "postgresql://neo:password@db.zion.invalid/m",
        "http://zion.invalid/",
    );
    world.set("MATRIX_MODE", "production");
    let run = world.run(&["--probe", "-q"]);
    assert!(!run.err.contains("contacting"), "{}", run.err);
    let run = world.run(&["--probe"]);
    assert_eq!(
        (run.value("Database"), run.value("Zion Network")),
        (
            "configured, not contacted: DATABASE_URL is a placeholder",
            "configured, not contacted: ZION_ENDPOINT is invalid"
        )
    );
}

#[test]
fn a_database_whose_url_dotenvy_changed_is_not_opened() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    world.dotenv("DATABASE_URL=sqlite:crew$1.db?mode=rwc\n");
    let run = world.run(&[]);
    assert_eq!(
        run.value("Database"),
        "configured, not contacted: DATABASE_URL is invalid"
    );
    assert!(!world.path("crew.db").exists());
}

#[test]
fn only_an_sqlite_file_is_connected_and_none_is_made_by_accident() {
    needs!("git");
    let (world, _) = World::sound("sqlite:crew.db", "http://localhost:1");
    let run = world.run(&[]);
    assert_eq!(
        run.value("Database"),
        "local instance not connected: no such file; ?mode=rwc after the path would create it"
    );
    for (url, why) in [
        (
            "sqlite:crew.db?cache=shared",
            "no such file; &mode=rwc after its parameters would create it",
        ),
        (
            "sqlite:crew.db?mode=ro",
            "no such file; mode=rwc in place of its mode would create it",
        ),
        ("sqlite:zion/crew.db", "no such file, and no folder for it"),
        (
            "sqlite:zion/crew.db?mode=rwc",
            "no such file, and no folder for it",
        ),
    ] {
        world.set("DATABASE_URL", url);
        let expected = format!("local instance not connected: {why}");
        assert_eq!(world.run(&[]).value("Database"), expected, "{url}");
    }
    assert!(!world.path("crew.db").exists());
    world.set("DATABASE_URL", "sqlite:crew.db?mode=rwc");
    assert_eq!(
        world.run(&[]).value("Database"),
        "Connected to local instance"
    );
    assert!(world.path("crew.db").exists());
    for url in [
        "sqlite:///crew.db",
        "sqlite://crew.db",
        "sqlite:crew.db?mode=ro",
        &format!("sqlite://{}", world.path("crew.db").display()),
    ] {
        world.set("DATABASE_URL", url);
        assert_eq!(
            world.run(&[]).value("Database"),
            "Connected to local instance",
            "{url}"
        );
    }
    world.file("fake.db", "this is only text and no database");
    world.set("DATABASE_URL", "sqlite:fake.db");
    assert_eq!(
        world.run(&[]).value("Database"),
        "local instance not connected: the file is not an SQLite database"
    );
    assert!(
        std::process::Command::new("mkfifo")
            .arg(world.path("pipe.db"))
            .status()
            .unwrap()
            .success()
    );
    world.set("DATABASE_URL", "sqlite:pipe.db");
    assert_eq!(
        world.run(&[]).value("Database"),
        "local instance not connected: not a regular file"
    );
}

/// With the key and the endpoint in these places: does the endpoint get the key?
#[track_caller]
fn check_layers(key_in: &str, endpoint_in: &str, sent: bool) {
    let world = World::new();
    let key = format!("zk{}", random(30));
    let endpoint = guarded(&key);
    let url = format!("http://127.0.0.1:{}/", endpoint.port);
    for (layer, name, value) in [
        (key_in, "API_KEY", &key),
        (endpoint_in, "ZION_ENDPOINT", &url),
    ] {
        if layer == "process" {
            world.set(name, value);
        } else {
            let path = world.path(layer);
            let before = std::fs::read_to_string(path).unwrap_or_default();
            world.private(layer, format!("{before}{name}={value}\n"));
        }
    }
    let run = world.run(&["--check"]);
    let heard = endpoint.seen.lock().unwrap().join("");
    assert_eq!(heard.contains(&key), sent, "{key_in} {endpoint_in}");
    let api = run.value("API Access");
    if sent {
        assert_eq!(api, "Authenticated");
        return;
    }
    // The endpoint is asked anyway, and the report says why it did not get the key.
    assert_eq!(run.value("Zion Network"), "Online");
    let why = format!("not sent: the endpoint comes from a weaker place ({endpoint_in}:");
    assert!(api.contains(&why), "{api}");
    run.says("hint: set ZION_ENDPOINT in the same place as API_KEY, or in a stronger one");
    assert_eq!(run.code, 1);
    assert_eq!(world.json(&[])["connections"]["api"]["status"], "not-sent");
}

#[test]
fn a_key_goes_only_to_an_endpoint_from_a_place_as_strong_as_its_own() {
    check_layers("process", "process", true);
    check_layers("process", ".env", false);
    check_layers("process", ".env.development.local", false);
    check_layers(".env.local", ".env", false);
    check_layers(".env.development", ".env.local", false);
    check_layers(".env", ".env", true);
    check_layers(".env", ".env.local", true);
    check_layers(".env", "process", true);
}

#[test]
fn a_key_goes_to_no_endpoint_from_a_file_that_git_tracks_or_may_track() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    let endpoint = guarded(&key);
    let text = format!("ZION_ENDPOINT=http://{}/\n", endpoint.host());
    world.private(".env.development", &text);
    let heard = || endpoint.seen.lock().unwrap().join("").contains(&key);
    let not_sent = |why: &str| {
        let run = world.run(&["--check"]);
        let end = "the file of the endpoint (.env.development:1), and the key comes from another place (.env:3))";
        let api = format!("configured, not verified (not sent: {why} {end}");
        assert_eq!(run.value("API Access"), api);
        assert_eq!((run.value("Zion Network"), run.code), ("Online", 1));
        run.says(
            "hint: set ZION_ENDPOINT in the same place as API_KEY, or in the process environment",
        );
        assert_eq!(world.json(&[])["connections"]["api"]["status"], "not-sent");
        assert!(!heard());
    };
    world.git(&["add", "-f", ".env.development"]);
    not_sent("git tracks");
    // A link that git does not track, to a file that it tracks.
    world.git(&["rm", "-q", "--cached", ".env.development"]);
    std::fs::rename(world.path(".env.development"), world.path("shared.env")).unwrap();
    std::os::unix::fs::symlink("shared.env", world.path(".env.development")).unwrap();
    world.git(&["add", "shared.env"]);
    not_sent("git tracks");
    world.git(&["rm", "-q", "--cached", "shared.env"]);
    let path = std::env::var("PATH").unwrap();
    world.set("PATH", "/nowhere");
    not_sent("git cannot say whether it tracks");
    world.set("PATH", &path);
    assert_eq!(world.run(&[]).value("API Access"), "Authenticated");
    assert!(heard());
    // Who wrote one of the two into a file also wrote the other.
    let both = text + &format!("API_KEY={key}\n");
    std::fs::remove_file(world.path(".env.development")).unwrap();
    world.private(".env.development", both);
    world.git(&["add", "-f", ".env.development"]);
    assert_eq!(world.run(&[]).value("API Access"), "Authenticated");
}

#[test]
fn a_key_goes_to_no_endpoint_from_a_file_that_another_repository_tracks_or_may_track() {
    needs!("git");
    for submodule in [true, false] {
        let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
        let endpoint = guarded(&key);
        let text = format!("ZION_ENDPOINT=http://{}/\n", endpoint.host());
        // Inside the repository: a submodule, or a repository that git does not know. Outside: a neighbour.
        let inner = world.path(if submodule { "m" } else { "../m" });
        if submodule {
            let source = world.path("../source");
            std::fs::create_dir(&source).unwrap();
            world.git_in(&source, &["init", "-q", "-b", "main"]);
            let empty = ["commit", "-q", "--allow-empty", "-m", "one"];
            world.git_in(&source, &empty);
            world.git(&["submodule", "--quiet", "add", "../source", "m"]);
            world.commit();
        } else {
            std::fs::create_dir(&inner).unwrap();
            world.git_in(&inner, &["init", "-q"]);
        }
        std::fs::write(inner.join("shared.env"), &text).unwrap();
        std::os::unix::fs::symlink(inner.join("shared.env"), world.path(".env.local")).unwrap();
        let heard = || endpoint.seen.lock().unwrap().join("").contains(&key);
        let not_sent = |why: &str| {
            let run = world.run(&[]);
            let api = format!("configured, not verified (not sent: {why} the file of the endpoint");
            assert!(run.value("API Access").starts_with(&api), "{}", run.out);
            assert!(!heard());
        };
        world.git_in(&inner, &["add", "shared.env"]);
        not_sent("git tracks");
        world.git_in(&inner, &["rm", "-q", "--cached", "shared.env"]);
        let config = world.git_in(&inner, &["rev-parse", "--git-path", "config"]);
        let config = inner.join(config.trim());
        let sound = std::fs::read(&config).unwrap();
        std::fs::write(&config, "[core\n").unwrap();
        not_sent("git cannot say whether it tracks");
        std::fs::write(&config, sound).unwrap();
        assert_eq!(world.run(&[]).value("API Access"), "Authenticated");
        assert!(heard());
    }
}

#[test]
fn a_key_goes_to_no_endpoint_from_a_file_below_another_repository_that_git_tracks() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    let endpoint = guarded(&key);
    let text = format!("ZION_ENDPOINT=http://{}/\n", endpoint.host());
    world.private("m/shared.env", text);
    world.commit();
    // It is still in the index of the repository around.
    world.git_in(&world.path("m"), &["init", "-q"]);
    std::os::unix::fs::symlink("m/shared.env", world.path(".env.local")).unwrap();
    let run = world.run(&[]);
    let api = run.value("API Access");
    assert!(api.contains("not sent: git tracks the file"), "{api}");
    assert!(!endpoint.seen.lock().unwrap().join("").contains(&key));
}

#[test]
fn a_password_from_the_shell_goes_to_no_host_that_a_file_names() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let listening = server(|_, _| {});
    let password = random(20);
    world.set("DBPASSWORD", &password);
    world.dotenv(&format!(
        "DATABASE_URL=postgresql://neo:${{DBPASSWORD}}@127.0.0.1:{}/m\n",
        listening.port
    ));
    let run = world.run_every_way(&["--probe"]);
    assert_eq!(
        run.value("Database"),
        "configured, not contacted: a part of DATABASE_URL comes from the process environment, a stronger place than its own, .env:1"
    );
    run.says("DATABASE_URL: dotenvy put a value of the process environment into it");
    assert!(listening.seen.lock().unwrap().is_empty());
}

#[test]
fn a_server_error_is_a_warning_and_not_plainly_online() {
    needs!("git");
    for (status, shown) in [
        ("500 Oops", "answers with a server error (500)"),
        ("503 Later", "answers with a server error (503)"),
        ("404 No", "Online"),
    ] {
        let endpoint = answering(status, "");
        let url = format!("http://127.0.0.1:{}/", endpoint.port);
        let (world, _) = World::sound("sqlite::memory:", &url);
        let run = world.run(&["--check"]);
        assert_eq!(run.value("Zion Network"), shown);
        let right = run
            .flat()
            .ends_with("Everything that was looked at is right.");
        assert_eq!(
            (right, run.code),
            (shown == "Online", i32::from(shown != "Online"))
        );
    }
}

#[test]
fn an_endpoint_that_this_machine_could_not_ask_is_not_offline() {
    let world = World::new();
    // No system opens a TCP connection to the address of everybody.
    world.set("ZION_ENDPOINT", "http://255.255.255.255:1");
    world.set("API_KEY", &random(24));
    let run = world.run(&["--probe", "--check"]);
    assert_eq!(
        run.value("Zion Network"),
        "not connected: network is unreachable"
    );
    run.is_silent_about("offline");
    assert_eq!(run.code, 1);
}

#[test]
fn a_host_with_impossible_characters_is_not_asked() {
    needs!("git");
    for host in ["%1b%5d0%3bx", "%00x", "a%20b", "%c2%9b"] {
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        world.set("DATABASE_URL", &format!("postgresql://{host}.invalid/m"));
        let run = world.run(&["--probe"]);
        run.says("DATABASE_URL: invalid: the host has characters that a host name cannot have");
        assert_eq!(run.err, "", "nothing is announced");
    }
}

#[test]
fn an_endpoint_that_answers_only_without_the_key_is_online() {
    needs!("git");
    let shy = server(|stream, head| {
        if !head.contains("Bearer") {
            respond(stream, "401 Unauthorized", "");
        }
    });
    check(
        &shy,
        "configured, not verified (the endpoint gave no answer to the request with the key: it closes the connection",
        "Online",
    );
}

#[test]
fn the_status_for_scripts_is_the_one_of_the_words() {
    let key = random(20);
    let environments: [&[(&str, &str)]; 5] = [
        &[
            ("MATRIX_MODE", "production"),
            ("DATABASE_URL", "postgresql://neo:changeme@127.0.0.1/m"),
            ("ZION_ENDPOINT", "http://zion.example"),
        ],
        &[
            ("DATABASE_URL", "postgresql://neo@db/m"),
            ("ZION_ENDPOINT", "https://zion.example"),
        ],
        &[
            ("DATABASE_URL", "mysql://neo@db/m"),
            ("API_KEY", "changeme"),
        ],
        &[("DATABASE_URL", "x"), ("ZION_ENDPOINT", "x")],
        &[("PART", "1")],
    ];
    for environment in environments {
        let world = World::new();
        world.set("API_KEY", &key);
        world.dotenv("A=2\nDATABASE_URL=postgresql://neo@127.0.0.1:$PART\nZION_ENDPOINT=http://127.0.0.1:${PART}/\n");
        for (name, value) in environment {
            world.set(name, value);
        }
        let json = world.json(&[]);
        for name in ["database", "api", "zion"] {
            let connection = &json["connections"][name];
            let shown = connection["shown"].as_str().unwrap();
            let expected = if shown.starts_with("configured, not contacted") {
                "not-contacted"
            } else if shown.starts_with("configured, not verified (not sent") {
                "not-sent"
            } else if shown.starts_with("configured, not verified") {
                "not-verified"
            } else {
                "not-configured"
            };
            assert_eq!(connection["status"], expected, "{name}: {shown}");
        }
    }
}

#[test]
fn too_many_open_files_are_the_systems_error_and_no_bug() {
    // With 3, no program starts: the system opens its libraries.
    for most in 4..12 {
        let world = World::new();
        let limited = format!("ulimit -n {most}; exec \"$0\"");
        let done = std::process::Command::new("/bin/sh")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_oracle")])
            .current_dir(world.path(""))
            .env_clear()
            .env("DATABASE_URL", "postgresql://neo@localhost:1/matrix")
            .env("ZION_ENDPOINT", "http://localhost:1")
            .output()
            .unwrap();
        let said = [done.stdout, done.stderr].map(|it| String::from_utf8(it).unwrap());
        assert!(said[0].contains("\nDatabase: "), "{most}: {said:?}");
        assert!(!said.concat().contains("bug"), "{most}: {said:?}");
        let refused = "not connected: the system reports an error\n";
        assert!(most != 4 || said[0].contains(refused), "{said:?}");
    }
}
