//! "Connected" to PostgreSQL is said after a real server answered a real query.
#![cfg(all(unix, feature = "postgres"))]
#![cfg_attr(
    feature = "postgres",
    expect(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test fails by panicking"
    )
)]

#[path = "support/world.rs"]
mod world;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use world::{World, random};

/// A server in a temporary folder, stopped when dropped.
struct Postgres {
    /// The postmaster.
    process: Child,
    /// Data, log and socket.
    folder: tempfile::TempDir,
    /// On 127.0.0.1.
    port: u16,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown; a kill would leave its children to find out.
        let pid = self.process.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        let _ = self.process.wait();
    }
}

/// Where Debian puts the server programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = versions
        .filter_map(|it| Some(it.ok()?.path().join("bin")))
        .collect();
    folders.retain(|it| it.join("initdb").is_file());
    folders.sort();
    folders.pop()
}

/// A command that does not run as root, which PostgreSQL refuses.
fn unprivileged(program: &Path, root: bool) -> Command {
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
        .arg(program);
    command
}

/// Makes an authority and a certificate for 127.0.0.1 that it signed.
fn certificates(folder: &Path) {
    let openssl = |words: &str| {
        let done = Command::new("openssl")
            .args(words.split(' '))
            .current_dir(folder)
            .output();
        let done = done.unwrap_or_else(|error| panic!("openssl: {error}"));
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!(
        "req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=zion-authority -days 2"
    ));
    openssl(&format!(
        "req {key} -keyout server.key -out server.csr -subj /CN=zion"
    ));
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names",
    );
}

/// Starts a server where user `neo` needs this password; `None` and a note when there is none.
fn start(password: &str) -> Option<Postgres> {
    let Some(programs) = programs() else {
        world::skip("no PostgreSQL server programs under /usr/lib/postgresql");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let root =
        fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0);
    let at = |name: &str| folder.path().join(name);
    fs::write(at("password"), password).unwrap();
    fs::create_dir(at("sockets")).unwrap();
    if root {
        for path in [folder.path(), &at("password"), &at("sockets")] {
            std::os::unix::fs::chown(path, Some(65534), Some(65534)).unwrap();
        }
    }
    let done = unprivileged(&programs.join("initdb"), root)
        .args([
            "--no-sync",
            "--auth=scram-sha-256",
            "--username=neo",
            "--encoding=UTF8",
            "--locale=C",
        ])
        .arg("--pwfile")
        .arg(at("password"))
        .arg("--pgdata")
        .arg(at("data"))
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    certificates(folder.path());
    if root {
        for name in ["server.pem", "server.key"] {
            std::os::unix::fs::chown(at(name), Some(65534), Some(65534)).unwrap();
        }
    }
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let log = fs::File::create(at("log")).unwrap();
    let process = unprivileged(&programs.join("postgres"), root)
        .arg("-D")
        .arg(at("data"))
        .args([
            "-p",
            &port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
            "-c",
            "ssl=on",
            "-c",
            "ssl_cert_file=../server.pem",
            "-c",
            "ssl_key_file=../server.key",
        ])
        .arg("-c")
        .arg(format!(
            "unix_socket_directories={}",
            at("sockets").display()
        ))
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let server = Postgres {
        process,
        folder,
        port,
    };
    for _ in 0..600 {
        let log = fs::read_to_string(server.folder.path().join("log")).unwrap();
        if log.contains("ready to accept connections") {
            return Some(server);
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!(
        "{}",
        fs::read_to_string(server.folder.path().join("log")).unwrap()
    );
}

/// Asks this URL; the report's line must be this.
#[track_caller]
fn check(world: &World, url: &str, expected: &str) {
    world.set("DATABASE_URL", url);
    world.run(&["--timeout", "20", "--json"]);
    let run = world.run(&["--timeout", "20"]);
    assert_eq!(run.value("Database"), expected);
}

#[test]
fn a_real_server_is_connected_when_it_answers_and_not_otherwise() {
    let password = format!("{}/+@ {}", random(9), random(9));
    let Some(server) = start(&password) else {
        return;
    };
    let encoded = password
        .replace('/', "%2F")
        .replace('+', "%2B")
        .replace('@', "%40")
        .replace(' ', "%20");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    world.secret(&password);
    let port = server.port;
    let connected = "Connected to local instance";
    check(
        &world,
        &format!("postgresql://neo:{encoded}@127.0.0.1:{port}/postgres"),
        connected,
    );
    check(
        &world,
        &format!("postgres://neo:{encoded}@localhost:{port}/postgres?sslmode=disable"),
        connected,
    );
    check(
        &world,
        &format!("postgresql+psycopg2://neo:{encoded}@127.0.0.1:{port}/template1"),
        connected,
    );
    let sockets = server.folder.path().join("sockets").display().to_string();
    check(
        &world,
        &format!("postgresql://neo:{encoded}@:{port}/postgres?host={sockets}"),
        connected,
    );
    let wrong = "local instance not connected: the server refuses this user or password";
    check(
        &world,
        &format!("postgresql://neo:{}@127.0.0.1:{port}/postgres", random(12)),
        wrong,
    );
    check(
        &world,
        &format!("postgresql://smith:{encoded}@127.0.0.1:{port}/postgres"),
        wrong,
    );
    check(
        &world,
        &format!("postgresql://neo:{encoded}@127.0.0.1:{port}/zion"),
        "local instance not connected: the server has no database of this name",
    );
    let authority = server.folder.path().join("ca.pem").display().to_string();
    let over_tls = |host: &str, roots: &str| {
        format!("postgresql://neo:{encoded}@{host}:{port}/postgres?sslmode=verify-full{roots}")
    };
    let roots = format!("&sslrootcert={authority}");
    check(&world, &over_tls("127.0.0.1", &roots), connected);
    let distrusted = "local instance not connected: its certificate is not accepted; ?sslrootcert=FILE names your own";
    check(&world, &over_tls("127.0.0.1", ""), distrusted);
    check(&world, &over_tls("localhost", &roots), distrusted);
    let unreadable = "local instance not connected: the file of ?sslrootcert= cannot be read";
    check(
        &world,
        &over_tls("127.0.0.1", "&sslrootcert=/dev/zero"),
        unreadable,
    );
    check(
        &world,
        &format!("postgresql://neo@127.0.0.1:{port}/postgres"),
        "local instance not connected: the server wants a password and the URL has none",
    );
}
