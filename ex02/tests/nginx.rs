//! The report also tells the truth about nginx as an endpoint.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "support/port.rs"]
mod port;
#[path = "support/world.rs"]
mod world;

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use port::dead_port;
use world::{World, random};

/// An nginx with our configuration. It stops when it is dropped.
struct Nginx {
    /// The master process, in the foreground.
    process: Child,
    /// The port for HTTP.
    port: u16,
    /// The port for HTTP/2 without TLS, and nothing else.
    http2: u16,
    /// The port for HTTPS with a certificate that signed itself.
    https: u16,
    /// Configuration, certificate and logs.
    _folder: tempfile::TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGQUIT also ends the workers.
        let pid = self.process.id().to_string();
        let _ = Command::new("kill").args(["-QUIT", &pid]).status();
        let _ = self.process.wait();
    }
}

/// Starts an nginx that accepts this key at `/guarded`. `None`: there is no nginx or no openssl.
fn nginx(key: &str) -> Option<Nginx> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"])
        .args(["-keyout", &at("key"), "-out", &at("cert")])
        .output()
        .ok()?;
    assert!(made.status.success());
    let [port, second, encrypted] = [dead_port(), dead_port(), dead_port()];
    let root = if is_root(folder.path()) {
        "user root;"
    } else {
        ""
    };
    let configuration = format!(
        r#"daemon off; {root} pid "{pid}"; error_log "{log}";
events {{}}
http {{
    access_log off;
    client_body_temp_path "{temp}"; proxy_temp_path "{temp}"; fastcgi_temp_path "{temp}";
    uwsgi_temp_path "{temp}"; scgi_temp_path "{temp}";
    server {{
        listen 127.0.0.1:{port};
        location /guarded {{ if ($http_authorization = "Bearer {key}") {{ return 200; }} return 401; }}
        location /hidden {{ if ($http_authorization = "Bearer {key}") {{ return 204; }} return 403; }}
        location = /lost {{ return 404; }}
        location = /open {{ return 200; }}
        location = /same {{ return 302 /open; }}
        location = /other {{ return 307 https://zion.invalid/; }}
        location = /no {{ return 401; }}
        location = /gone {{ return 410; }}
        location = /often {{ return 429; }}
        location = /broken {{ return 500; }}
        location = /gateway {{ return 502; }}
        location = /later {{ return 503; }}
        location = /nothing {{ return 444; }}
    }}
    server {{ listen 127.0.0.1:{second} http2; }}
    server {{ listen 127.0.0.1:{encrypted} ssl; ssl_certificate "{cert}"; ssl_certificate_key "{secret}"; }}
}}
"#,
        pid = at("pid"),
        log = at("log"),
        temp = at("temp"),
        cert = at("cert"),
        secret = at("key"),
    );
    std::fs::write(at("conf"), configuration).unwrap();
    let process = Command::new("nginx")
        .args(["-p", &at(""), "-e", &at("log"), "-c", &at("conf")])
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let nginx = Nginx {
        process,
        port,
        http2: second,
        https: encrypted,
        _folder: folder,
    };
    for _ in 0..500 {
        if [port, second, encrypted]
            .iter()
            .all(|it| TcpStream::connect(("127.0.0.1", *it)).is_ok())
        {
            return Some(nginx);
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("nginx does not listen");
}

/// True for root. Then nginx runs its workers as another user.
fn is_root(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    folder.metadata().unwrap().uid() == 0
}

#[test]
fn every_answer_of_nginx_gets_its_right_name() {
    let key = format!("zk{}", random(30));
    let Some(nginx) = nginx(&key) else {
        return world::skip("no nginx or openssl here");
    };
    let world = World::new();
    world.set("API_KEY", &key);
    let check = |url: &str, api: &str, zion: &str| {
        world.set("ZION_ENDPOINT", url);
        let run = world.run(&["--timeout", "5"]);
        assert_eq!(
            (run.value("API Access"), run.value("Zion Network")),
            (api, zion),
            "{url}"
        );
    };
    let unverified = |why: &str| format!("configured, not verified ({why})");
    let answered = |code: u16| unverified(&format!("the endpoint answered {code}"));
    let ill = |code: u16| format!("answers with a server error ({code})");
    let same =
        "the endpoint redirects to another address of the same host; the key is not sent there";
    let refused = "refused: the endpoint does not accept this key as `Authorization: Bearer`";
    let offline = unverified("the endpoint is offline");
    let at = |path: &str| format!("http://127.0.0.1:{}{path}", nginx.port);
    check(&at("/guarded"), "Authenticated", "Online");
    check(&at("/hidden"), "Authenticated", "Online");
    check(
        &at("/open"),
        &unverified("the endpoint answers without a key too"),
        "Online",
    );
    check(&at("/same"), &unverified(same), "Online");
    let elsewhere = "the endpoint redirects to another host; the key is not sent there";
    check(&at("/other"), &unverified(elsewhere), "Online");
    check(&at("/no"), refused, "Online");
    for (path, code) in [("/gone", 410), ("/often", 429), ("/lost", 404)] {
        check(&at(path), &answered(code), "Online");
    }
    for (path, code) in [("/broken", 500), ("/gateway", 502), ("/later", 503)] {
        check(&at(path), &answered(code), &ill(code));
    }
    check(
        &at("/nothing"),
        &offline,
        "offline: it closes the connection without an answer",
    );
    let url = format!("http://127.0.0.1:{}/", nginx.http2);
    check(
        &url,
        &offline,
        "offline: the server does not speak HTTP/1.1",
    );
    let url = format!("https://127.0.0.1:{}/", nginx.https);
    let own = "offline: its certificate signed itself, and only Mozilla's list counts";
    check(&url, &offline, own);
}
