//! If a server's certificate or its TLS is not accepted, is the reason true, and does the hint mend it?

// These tests need all programs. cli.rs makes and tests builds without some of them.
#![cfg(all(
    unix,
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/run.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod run;
#[path = "support/skip.rs"]
mod skip;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use run::{Run, command};
use skip::skip;
use tempfile::tempdir;

/// A server of `openssl`, which ends when this is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs `openssl` in a folder.
fn openssl(folder: &Path, words: &str) {
    let mut command = Command::new("openssl");
    let made = command.args(words.split(' ')).current_dir(folder).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{words}: {made:?}");
}

/// A certificate that signs itself: `NAME.pem` and `NAME.key`.
fn self_signed(folder: &Path, name: &str, more: &str) {
    let words = format!(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name} -keyout {name}.key -out {name}.pem{more}"
    );
    openssl(folder, &words);
}

/// A certificate that the authority `ca` signs.
fn signed(folder: &Path, name: &str, names: &str) {
    signed_with(folder, name, &format!("subjectAltName={names}"), 2048, "");
}

/// The same with these extensions, a key of this many bits, and more words for who signs.
fn signed_with(folder: &Path, name: &str, extensions: &str, bits: u16, more: &str) {
    let request =
        format!("req -newkey rsa:{bits} -nodes -subj /CN={name} -keyout {name}.key -out request");
    openssl(folder, &request);
    fs::write(folder.join("extensions"), format!("{extensions}\n")).unwrap();
    let sign = format!(
        "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out {name}.pem{more}"
    );
    openssl(folder, &sign);
}

/// Serves the files of a folder with this certificate.
fn serve(folder: &Path, name: &str, more: &str) -> Server {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let words = format!("s_server -accept {port} -key {name}.key -cert {name}.pem -WWW{more}");
    let mut command = Command::new("openssl");
    command.args(words.split(' ')).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    // It says when it listens.
    let (said, mut byte) = (child.stdout.as_mut().unwrap(), [0]);
    let mut line = Vec::new();
    while !line.ends_with(b"ACCEPT\n") {
        assert_eq!(said.read(&mut byte).unwrap(), 1, "{line:?}");
        line.push(byte[0]);
    }
    Server { child, port }
}

/// Asks the server, with this file of authorities.
fn ask(folder: &Path, server: &Server, authorities: &Path) -> Run {
    let words = format!(
        "-q --no-plot --timeout 5 --source https://localhost:{}/a.csv",
        server.port
    );
    let mut command = command(folder, &words);
    command
        .env("SSL_CERT_FILE", authorities)
        .output()
        .unwrap()
        .into()
}

/// A folder with a table, if there is an `openssl`.
fn prepared() -> Option<tempfile::TempDir> {
    if Command::new("openssl").arg("version").output().is_err() {
        skip("there is no openssl");
        return None;
    }
    let folder = tempdir().unwrap();
    fs::write(
        folder.path().join("a.csv"),
        "signal,agent_activity\n0.5,3\n",
    )
    .unwrap();
    Some(folder)
}

/// With this certificate and more flags, a server is refused with these words, and the hint has those.
#[track_caller]
fn refuses(folder: &Path, (name, flags): (&str, &str), words: &str, hint: &str) {
    let server = serve(folder, name, flags);
    refused(&ask(folder, &server, &folder.join("ca.pem")), words, hint);
}

/// A run that fails with these words, and has a hint with those.
#[track_caller]
fn refused(found: &Run, words: &str, hint: &str) {
    assert_eq!(found.code, Some(2), "{found:?}");
    let (error, advice) = found.err.split_once("\nhint: ").unwrap();
    assert!(error.contains(words), "no {words:?} in {error}");
    assert!(advice.contains(hint), "no {hint:?} in {advice}");
    let mends = hint.contains("SSL_CERT_FILE");
    assert_eq!(advice.contains("SSL_CERT_FILE"), mends, "{advice}");
}

#[test]
fn a_certificate_of_an_authority_is_none_of_a_server_and_the_hint_makes_one() {
    let Some(folder) = prepared() else { return };
    let folder = folder.path();
    let names = " -addext subjectAltName=DNS:localhost";
    self_signed(folder, "authority", names);
    let server = serve(folder, "authority", "");
    let found = ask(folder, &server, &folder.join("authority.pem"));
    let hint = "-addext basicConstraints=critical,CA:FALSE";
    refused(&found, "the certificate of an authority (CA:TRUE)", hint);
    self_signed(folder, "own", &format!("{names} {hint}"));
    let server = serve(folder, "own", "");
    let found = ask(folder, &server, &folder.join("own.pem"));
    assert_eq!(found.code, Some(0), "{found:?}");
    let found = ask(folder, &server, &folder.join("authority.pem"));
    refused(
        &found,
        "no authority that this machine trusts",
        "set `SSL_CERT_FILE`",
    );
}

#[test]
fn each_reason_of_tls_has_its_words_and_its_hint() {
    let Some(folder) = prepared() else { return };
    let folder = folder.path();
    self_signed(folder, "ca", "");
    signed(folder, "good", "DNS:localhost,IP:127.0.0.1");
    signed(folder, "other", "DNS:zion.example,IP:10.0.0.1");
    let ca = folder.join("ca.pem");
    let found = ask(folder, &serve(folder, "good", ""), &ca);
    assert_eq!(found.code, Some(0), "{found:?}");
    let words = "is for another name: `zion.example`";
    let hint = "a name that the certificate is for";
    refuses(folder, ("other", ""), words, hint);
    let elsewhere = "with another program";
    let old = ("good", " -tls1_1 -cipher ALL:@SECLEVEL=0");
    refuses(folder, old, "speaks neither TLS 1.2 nor TLS 1.3", elsewhere);
    let strict = " -Verify 1 -verify_return_error";
    let wanted = ("good", strict);
    refuses(folder, wanted, "asks for a certificate", elsewhere);
    let older = format!("{strict} -tls1_2");
    let wanted = ("good", &*older);
    refuses(folder, wanted, "it asks for a certificate", elsewhere);
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let words = format!(
        "-q --no-plot --source https://{}/",
        plain.local_addr().unwrap()
    );
    std::thread::spawn(move || {
        for stream in plain.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 100]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let found = command(folder, &words).output().unwrap().into();
    refused(&found, "does not answer in TLS", "write `http://`");
}

#[test]
fn a_certificate_that_is_weak_or_signed_wrongly_is_not_said_to_lack_an_authority() {
    let Some(folder) = prepared() else { return };
    let folder = folder.path();
    self_signed(folder, "ca", "");
    let names = "subjectAltName=DNS:localhost";
    let words = "a signature of the server's certificate is wrong, or its key is too weak";
    let hint = "`SSL_CERT_FILE` needs the new certificate";
    signed_with(folder, "weak", names, 1024, "");
    refuses(folder, ("weak", " -cipher ALL:@SECLEVEL=0"), words, hint);
    // An authority that was made anew has the old name and another key.
    signed(folder, "good", "DNS:localhost");
    self_signed(folder, "ca", "");
    refuses(folder, ("good", ""), words, hint);
}

#[test]
fn a_certificate_for_no_host_is_not_said_to_be_for_another() {
    let Some(folder) = prepared() else { return };
    let folder = folder.path();
    self_signed(folder, "ca", "");
    for (name, extensions) in [
        ("none", "keyUsage=digitalSignature"),
        ("mail", "subjectAltName=email:neo@zion.example"),
    ] {
        signed_with(folder, name, extensions, 2048, "");
        let words = "names no host in a subjectAltName, and one in its CN does not count";
        refuses(folder, (name, ""), words, "-addext subjectAltName=DNS:HOST");
    }
}

#[test]
fn no_reason_of_tls_is_in_the_words_of_a_library() {
    let Some(folder) = prepared() else { return };
    let folder = folder.path();
    self_signed(folder, "ca", "");
    let ca = folder.join("ca.pem");
    for (name, extensions, words, hint) in [
        (
            "address",
            "subjectAltName=IP:127.0.0.2,email:neo@zion.example",
            "is for another address: `127.0.0.2`\n",
            "a name that the certificate is for",
        ),
        (
            "mixed",
            "subjectAltName=IP:127.0.0.2,DNS:zion.example",
            "is for another name: `127.0.0.2`, `zion.example`\n",
            "a name that the certificate is for",
        ),
        (
            "client",
            "subjectAltName=DNS:localhost\nextendedKeyUsage=clientAuth",
            "certificate is not made for servers\n",
            "needs one with `extendedKeyUsage=serverAuth`",
        ),
        (
            "strange",
            "subjectAltName=DNS:localhost\n1.2.3.4=critical,DER:0500",
            "the server's certificate is not accepted\n",
            "needs another certificate",
        ),
    ] {
        signed_with(folder, name, extensions, 2048, "");
        let found = ask(folder, &serve(folder, name, ""), &ca);
        assert!(found.err.contains(words), "{words}: {}", found.err);
        refused(&found, words.trim_end(), hint);
    }
    let names = "subjectAltName=DNS:localhost";
    signed_with(folder, "old", names, 2048, " -sha1");
    let any = " -cipher ALL:@SECLEVEL=0";
    let found = ask(folder, &serve(folder, "old", any), &ca);
    let words = "is signed with an algorithm that is not accepted; SHA-1 is one of those\nhint";
    assert!(found.err.contains(words), "{}", found.err);
    refused(&found, "SHA-1", "needs another certificate");
    signed(folder, "good", "DNS:localhost");
    let other = " -servername zion.example -servername_fatal -cert2 good.pem -key2 good.key";
    refuses(
        folder,
        ("good", other),
        "ended TLS with alert 112",
        "another program",
    );
}

#[test]
fn a_file_of_authorities_that_cannot_be_used_is_named_at_once() {
    let Some(folder) = prepared() else { return };
    let folder = folder.path();
    self_signed(folder, "ca", "");
    let server = serve(folder, "ca", "");
    let made = Command::new("mkfifo").arg(folder.join("fifo")).status();
    assert!(made.unwrap().success());
    fs::write(folder.join("junk"), "junk\n").unwrap();
    for (name, why) in [
        ("none.pem", "none.pem`: no such file"),
        ("junk", "junk`, which holds no certificate"),
        ("fifo", "fifo`, which is not a regular file"),
        (
            "/dev/zero",
            "`SSL_CERT_FILE` names `/dev/zero`, which is not a regular file",
        ),
        ("", "which is not a regular file"),
    ] {
        let start = Instant::now();
        let found = ask(folder, &server, &folder.join(name));
        refused(&found, why, "set `SSL_CERT_FILE` to a file that has");
        assert!(start.elapsed() < Duration::from_secs(4), "{name}");
    }
    let pem = fs::read_to_string(folder.join("ca.pem")).unwrap();
    fs::write(folder.join("marked"), format!("\u{feff}{pem}")).unwrap();
    let found = ask(folder, &server, &folder.join("marked"));
    let words = "marked`, where a byte order mark (BOM) hides the first certificate";
    refused(
        &found,
        words,
        "save it without the mark, then set `SSL_CERT_FILE`",
    );
    // Plain http needs no authority.
    let mut command = command(folder, "-q --no-plot --source http://127.0.0.1:1/");
    let found: Run = command
        .env("SSL_CERT_FILE", folder.join("junk"))
        .output()
        .unwrap()
        .into();
    refused(&found, "connection refused", "check the address");
}
