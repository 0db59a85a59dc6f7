//! The report says "Connected" when psql would connect, and only after a real query was answered.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "support/port.rs"]
mod port;
#[path = "support/postgres_server.rs"]
mod postgres_server;
#[path = "support/server.rs"]
mod server;
#[path = "support/world.rs"]
mod world;

use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::Duration;

use port::dead_port;
use postgres_server::{KEY, Postgres};
use server::{Server, listening};
use world::{World, random};

/// A server, and the parts of its URLs.
struct Scene {
    /// The server, and perhaps pgbouncer.
    server: Postgres,
    /// The folder and the environment of the oracle.
    world: World,
    /// The placeholders of the templates, with their values.
    words: Vec<(&'static str, String)>,
}

/// A server that accepts every connection and says nothing.
fn silent() -> Server {
    listening(|_, _| thread::sleep(Duration::from_mins(1)))
}

/// A server that resets every connection: it closes it and leaves something unread.
fn resetting() -> Server {
    listening(|stream, _| drop(stream.peek(&mut [0])))
}

/// A server that answers the first message with this SQLSTATE.
fn refusing(state: &'static str) -> Server {
    listening(move |stream, _| {
        let fields = format!("SFATAL\0VFATAL\0C{state}\0Mzion\0\0");
        let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
        let mut message = [0; 4096];
        let _ = std::io::Read::read(stream, &mut message);
        let answer = [b"E", &length[..], fields.as_bytes()].concat();
        let _ = std::io::Write::write_all(stream, &answer);
    })
}

impl Scene {
    /// Starts everything. Without PostgreSQL: `None` and a note.
    fn start(with_bouncer: bool) -> Option<Self> {
        let password = format!("{}/+@ {}", random(9), random(9));
        let hash = format!("{}#a?b", random(9));
        if world::lacks("git") || world::lacks("openssl") {
            return None;
        }
        let Some(mut server) = Postgres::start(&password, &hash) else {
            world::skip("no PostgreSQL server programs under /usr/lib/postgresql");
            return None;
        };
        let mut bouncer = 1;
        if with_bouncer {
            let Some(port) = server.bouncer(&password) else {
                world::skip("no pgbouncer");
                return None;
            };
            bouncer = port;
        }
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        world.secret(&password);
        let passwords = server.at("passwords");
        std::fs::write(&passwords, format!("*:*:*:*:{password}\n")).unwrap();
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&passwords, private).unwrap();
        let encoded = [("/", "%2F"), ("+", "%2B"), ("@", "%40"), (" ", "%20")];
        let encoded = encoded
            .iter()
            .fold(password, |it, (from, to)| it.replace(from, to));
        // A URL must not have a blank in it, also when the path of the temporary folder has one.
        let at = |name: &str| {
            let path = server.at(name).display().to_string();
            path.replace(' ', "%20")
        };
        let sockets = at("sockets");
        let words = vec![
            ("{me}", format!("neo:{encoded}@127.0.0.1:{}", server.port)),
            ("{w}", encoded),
            ("{hash}", hash),
            ("{wrong}", random(12)),
            ("{h}", format!("127.0.0.1:{}", server.port)),
            ("{p}", server.port.to_string()),
            ("{dead}", dead_port().to_string()),
            ("{silent}", silent().host()),
            ("{reset}", resetting().host()),
            ("{starting}", refusing("57P03").host()),
            ("{stopping}", refusing("57P01").host()),
            ("{bouncer}", format!("127.0.0.1:{bouncer}")),
            ("{escaped}", sockets.replace('/', "%2F")),
            ("{sockets}", sockets),
            ("{ca}", at("ca.pem")),
            ("{own}", at("own.pem")),
            ("{other}", at("other.pem")),
            ("{passwords}", at("passwords")),
            ("{key}", at("ca.key")),
            ("{folder}", at("data")),
            ("{long}", format!("/tmp/{}", "x".repeat(120))),
        ];
        Some(Self {
            server,
            world,
            words,
        })
    }

    /// Makes a URL from a template.
    fn url(&self, template: &str) -> String {
        let scheme = if template.contains("://") {
            ""
        } else {
            "postgresql://"
        };
        let words = self.words.iter();
        words.fold(format!("{scheme}{template}"), |url, (from, to)| {
            url.replace(from, to)
        })
    }

    /// The line of the report about the database.
    fn line(&self, template: &str) -> String {
        self.world.set("DATABASE_URL", &self.url(template));
        let run = self.world.run(&["--timeout", "20"]);
        run.value("Database").to_owned()
    }

    /// The line of the report must be this.
    #[track_caller]
    fn check(&self, template: &str, expected: &str) {
        assert_eq!(self.line(template), expected, "{template}");
        self.world.run(&["--timeout", "20", "--json"]);
    }

    /// The oracle must not be connected, for this reason.
    #[track_caller]
    fn refused(&self, template: &str, reason: &str) {
        let expected = format!("local instance not connected: {reason}");
        self.check(template, &expected);
    }
}

/// The line for a server on this machine that answers.
const CONNECTED: &str = "Connected to local instance";

/// psql connects with some of these URLs. The oracle must connect with the same ones.
const SAME: &[&str] = &[
    // User, host and database.
    "{me}/postgres",
    "postgres://neo:{w}@localhost:{p}/postgres",
    "neo:{w}@0.0.0.0:{p}/postgres",
    "{me}/zion",
    "{me}",
    "neo:{wrong}@{h}/postgres",
    "nobody-at-all:{w}@{h}/postgres",
    "neo@{h}/postgres",
    "neo:@{h}/postgres",
    ":{w}@{h}/postgres",
    "trusted@{h}/postgres",
    "trusted:{wrong}@{h}/postgres",
    "{h}/postgres",
    "neo:{w}@127.0.0.1:{dead}/postgres",
    "neo:{w}@127.0.0.1:0/postgres",
    "neo:{w}@127.0.0.1:99999/postgres",
    "neo:{w}@127.0.0.1:x/postgres",
    "neo:{w}@127.0.0.1:%35432/postgres",
    "neo:{w}@zion.invalid:{p}/postgres",
    // Characters that are percent-encoded, or should be.
    "n%65o:{w}@127%2E0%2E0%2E1:{p}/postgre%73",
    "n%6zo:{w}@{h}/postgres",
    "neo%00:{w}@{h}/postgres",
    "{me}/postgres%",
    "{me}/post%00gres",
    "ne@o:{w}@{h}/postgres",
    "neo:p@ss@{h}/postgres",
    "hash:{hash}@{h}/postgres",
    "neo:a/b@{h}/postgres",
    "{me}/postgres#part",
    // A parameter wins over a part of the URL.
    "{me}/postgres?port=1",
    "{me}/postgres?host=zion.invalid",
    "{me}/postgres?user=smith&password={wrong}",
    "{me}/zion?dbname=postgres",
    "{me}/zion?db%6Eame=postgre%73",
    "smith:x@zion.invalid:1/zion?user=neo&password={w}&host=127.0.0.1&port={p}&dbname=postgres",
    "?user=neo&password={w}&host=127.0.0.1&port={p}&dbname=postgres",
    "{h}?user=neo&password={w}&dbname=postgres",
    "{me}/postgres?user=",
    "{me}/postgres?",
    "{me}/postgres?sslmode=disable&",
    "{me}/postgres?&sslmode=disable",
    "{me}/postgres?&",
    "{me}/postgres?&&",
    "POSTGRESQL://{me}/postgres",
    "Postgres://{me}/postgres",
    "{me}/postgres?sslmode",
    "{me}/postgres?sslmode=disable=1",
    "{me}/postgres?zion=1",
    "{me}/postgres?SSLMODE=disable",
    "{me}/postgres?schema=public",
    "{me}/postgres?%=1",
    // Sockets.
    "neo:{w}@{escaped}:{p}/postgres",
    "neo:{w}@:{p}/postgres?host={sockets}",
    "neo:{w}@/postgres?host={sockets}&port={p}",
    "neo:{w}@/postgres?host={sockets}&port={p}&sslmode=verify-full",
    "neo:{w}@/postgres?host={sockets}&port={dead}",
    "neo:{w}@/postgres?host={folder}&port={p}",
    "ghost@/postgres?host={sockets}&port={p}",
    // Several hosts.
    "neo:{w}@127.0.0.1:{dead},{h}/postgres",
    "neo:{w}@{h},127.0.0.1:{dead}/postgres",
    "neo:{w}@[::1]:{p},{h}/postgres",
    "neo:{w}@[::1]:{p}/postgres",
    "neo:{w}@127.0.0.1,127.0.0.1/postgres?port={p}",
    "neo:{w}@127.0.0.1,127.0.0.1/postgres?port={dead},{p}",
    "neo:{w}@127.0.0.1/postgres?port={dead},{p}",
    "neo:{w}@127.0.0.1,127.0.0.1,127.0.0.1/postgres?port={dead},{p}",
    "neo:{w}@/postgres?host={sockets},127.0.0.1&port={dead},{p}",
    "neo:{w}@,127.0.0.1:{p}/postgres?host=127.0.0.1%2C127.0.0.1",
    "neo:{wrong}@{h},{h}/postgres",
    "neo:{w}@[::1:{p}/postgres",
    "neo:{w}@[]:{p}/postgres",
    "neo:{w}@[::1]x:{p}/postgres",
    "neo:{w}@zion.invalid:{p}/postgres?hostaddr=127.0.0.1",
    "neo:{w}@/postgres?hostaddr=127.0.0.1&port={p}",
    "neo:{w}@/postgres?hostaddr=127.1&port={p}",
    "neo:{w}@/postgres?hostaddr=127.0.0.1&port={p}&sslmode=verify-full&sslrootcert={ca}",
    "neo:{w}@/postgres?hostaddr=127.0.0.1&port={p}&sslmode=verify-ca&sslrootcert={ca}",
    "neo:{w}@,a/postgres?hostaddr=127.0.0.1,::1&port={p}&sslmode=verify-full&sslrootcert={ca}",
    "neo:{w}@/postgres?host={sockets}&hostaddr=127.0.0.1&port={p}&sslmode=verify-full&sslrootcert={ca}",
    "neo:{w}@/postgres?host={sockets}&hostaddr=127.0.0.1&port={p}&sslmode=verify-ca&sslrootcert={ca}",
    "neo:{w}@127.1:{p}/postgres",
    "neo:{w}@2130706433:{p}/postgres",
    "neo:{w}@0x7f.1:{p}/postgres",
    "neo:{w}@a,b/postgres?hostaddr=127.0.0.1&port={p}",
    "neo:{w}@a,b/postgres?hostaddr=::1,127.0.0.1&port={p}",
    "neo:{w}@zion/postgres?hostaddr=zion&port={p}",
    // Encryption.
    "{me}/postgres?sslmode=disable",
    "{me}/postgres?sslmode=allow",
    "{me}/postgres?sslmode=prefer",
    "{me}/postgres?sslmode=require",
    "{me}/postgres?sslmode=verify-ca",
    "{me}/postgres?sslmode=verify-full",
    "{me}/postgres?sslmode=verify-full&sslrootcert={ca}",
    "{me}/postgres?sslmode=verify-full&sslrootcert={other}",
    "{me}/postgres?sslmode=verify-ca&sslrootcert={ca}",
    "{me}/postgres?sslmode=verify-ca&sslrootcert=/no/such/file",
    "{me}/postgres?sslmode=require&sslrootcert=/no/such/file",
    "{me}/postgres?sslmode=require&sslrootcert={ca}",
    "{me}/postgres?sslmode=require&sslrootcert={other}",
    "{me}/postgres?sslmode=prefer&sslrootcert={other}",
    "{me}/postgres?sslmode=require&sslrootcert={key}",
    // `prefer` and `allow` go on without TLS when the file is no good.
    "{me}/postgres?sslmode=prefer&sslrootcert={key}",
    "{me}/postgres?sslmode=prefer&sslrootcert={folder}",
    "{me}/postgres?sslmode=allow&sslrootcert={folder}",
    "{me}/postgres?sslmode=require&sslrootcert={folder}",
    "secured:{w}@{h}/postgres?sslrootcert={folder}",
    "clear:{wrong}@{h}/postgres?sslrootcert={folder}",
    "neo:{w}@127.0.0.1:{dead},{h}/postgres?sslrootcert={folder}",
    "neo:{w}@localhost:{p}/postgres?sslmode=verify-ca&sslrootcert={ca}",
    "neo:{w}@localhost:{p}/postgres?sslmode=verify-full&sslrootcert={ca}",
    "neo:{w}@127.1:{p}/postgres?sslmode=verify-ca&sslrootcert={ca}",
    "neo:{w}@127.1:{p}/postgres?sslmode=verify-full&sslrootcert={ca}",
    "{me}/postgres?sslmode=",
    "{me}/postgres?sslmode=on",
    "{me}/postgres?ssl=true",
    "{me}/postgres?ssl=false",
    "{me}/postgres?requiressl=1",
    "{me}/postgres?requiressl=0",
    "{me}/postgres?sslmode=require&sslsni=0",
    "{me}/postgres?sslcompression=1",
    "{me}/postgres?ssl_min_protocol_version=TLSv1.2",
    "{me}/postgres?ssl_min_protocol_version=TLSv9",
    "secured:{w}@{h}/postgres",
    "secured:{w}@{h}/postgres?sslmode=disable",
    "secured:{w}@{h}/postgres?sslmode=allow",
    "secured:{wrong}@{h}/postgres?sslmode=allow",
    "clear:{w}@{h}/postgres",
    "clear:{w}@{h}/postgres?sslmode=allow",
    "clear:{w}@{h}/postgres?sslmode=require",
    "clear:{wrong}@{h}/postgres",
    // Other parameters of libpq.
    "{me}/postgres?target_session_attrs=any",
    "{me}/postgres?target_session_attrs=read-write",
    "{me}/postgres?target_session_attrs=read-only",
    "{me}/postgres?target_session_attrs=primary",
    "{me}/postgres?target_session_attrs=standby",
    "{me}/postgres?target_session_attrs=prefer-standby",
    "{me}/postgres?target_session_attrs=master",
    "{me}/postgres?target_session_attrs=read-only&options=-c%20default_transaction_read_only%3Don",
    "{me}/postgres?options=-c%20geqo%3Doff",
    "{me}/postgres?options=-c%20geqo%3Dperhaps",
    "{me}/postgres?options=-c%20no_such_setting%3D1",
    "{me}/postgres?application_name=matrix",
    "{me}/postgres?fallback_application_name=matrix",
    "{me}/postgres?connect_timeout=5",
    "{me}/postgres?connect_timeout=soon",
    // Who leaves the next host to be asked.
    "neo:{w}@{silent},{h}/postgres?connect_timeout=2",
    "neo:{w}@{silent},{h}/postgres?connect_timeout=2&sslmode=disable",
    "neo:{w}@{silent}/postgres?connect_timeout=2",
    "neo:{w}@{reset},{h}/postgres",
    "neo:{w}@{reset},{h}/postgres?sslmode=disable",
    "neo:{w}@{starting},{h}/postgres?sslmode=disable",
    "neo:{w}@{stopping},{h}/postgres?sslmode=disable",
    "neo:{w}@/postgres?host={long},127.0.0.1&port={p}",
    "neo:{w}@/postgres?host={long}&port={p}",
    "{me}/postgres?keepalives=0",
    "{me}/postgres?keepalives=no",
    "{me}/postgres?keepalives_idle=5&keepalives_interval=5&keepalives_count=2",
    "{me}/postgres?keepalives=0&keepalives_idle=soon",
    "{me}/postgres?keepalives_idle=soon",
    "{me}/postgres?keepalives_idle=0",
    "{me}/postgres?keepalives_idle=-1",
    "{me}/postgres?keepalives_idle=1",
    "{me}/postgres?keepalives_idle=32767",
    "{me}/postgres?keepalives_idle=32768",
    "{me}/postgres?keepalives_interval=0",
    "{me}/postgres?keepalives_interval=32767",
    "{me}/postgres?keepalives_interval=32768",
    "{me}/postgres?keepalives_count=0",
    "{me}/postgres?keepalives_count=-1",
    "{me}/postgres?keepalives_count=127",
    "{me}/postgres?keepalives_count=128",
    "{me}/postgres?keepalives_count=99999999999",
    "{me}/postgres?keepalives=0&keepalives_count=0",
    "neo:{w}@/postgres?host={sockets}&port={p}&keepalives_count=0",
    "neo:{w}@127.0.0.1:{dead},{h}/postgres?keepalives_count=0",
    "{me}/postgres?tcp_user_timeout=-1",
    "{me}/halfway",
    "elsewhere:{w}@{h}/postgres",
    "{me}/postgres?connect_timeout=",
    "{me}/postgres?keepalives=",
    "{me}/postgres?keepalives_count=",
    "{me}/postgres?tcp_user_timeout=",
    "{me}/postgres?service=",
    "{me}/postgres?tcp_user_timeout=1000",
    "{me}/postgres?client_encoding=UTF8",
    "{me}/postgres?client_encoding=auto",
    "{me}/postgres?client_encoding=Unicode",
    "{me}/postgres?client_encoding=zion",
    "{me}/postgres?connect_timeout=%205",
    "{me}/postgres?connect_timeout=5s",
    "{me}/postgres?application_name=%E2%82%AC",
    "{me}/postgres?options=-cgeqo=off",
    "{me}/postgres?user=smith&user=neo",
    "{me}/postgres?user=neo&user=smith",
    "neo:{w}@127.0.0.1:%20{p}/postgres",
    "neo:{w}@127.0.0.1:+{p}/postgres",
    "neo:{w}@[::ffff:127.0.0.1]:{p}/postgres",
    "{me}/postgres?channel_binding=prefer",
    "{me}/postgres?channel_binding=never",
    "{me}/postgres?gssencmode=disable",
    "{me}/postgres?gssencmode=require",
    "{me}/postgres?gssencmode=on",
    "{me}/postgres?krbsrvname=zion",
    "{me}/postgres?service=zion",
    "{me}/postgres?passfile=/no/such/file",
    "neo@{h}/postgres?passfile=/no/such/file",
    "{me}/postgres?load_balance_hosts=random",
    // Who is refused, and for what reason.
    "smith:{w}@{h}/closed",
    "smith:{w}@{h}/shut",
    "few:{w}@{h}/postgres",
    "smith:{w}@{h}/crowded",
    "smith:{w}@{h}/postgres?options=-c%20role%3Dneo",
    "locked@{h}/postgres",
    "nobody@{h}/postgres",
    "shut_out@{h}/postgres",
    "neo:{w}@{bouncer}/postgres",
    "neo:{w}@{bouncer}/zion",
    "neo:{wrong}@{bouncer}/postgres",
    "smith:{w}@{bouncer}/postgres",
    "neo:{w}@{bouncer}/postgres?sslmode=require",
    "neo:{w}@{bouncer}/postgres?options=-c%20geqo%3Doff",
    "neo:{w}@{bouncer}/pgbouncer",
];

/// psql connects with these URLs, and the oracle does not even try. It names the parameter.
const REFUSED_BY_NAME: &[(&str, &str)] = &[
    (
        "{me}/postgres?channel_binding=require",
        "channel_binding=require",
    ),
    (
        "{me}/postgres?ssl_min_protocol_version=TLSv1.3",
        "ssl_min_protocol_version",
    ),
    (
        "{me}/postgres?ssl_max_protocol_version=TLSv1.2",
        "ssl_max_protocol_version",
    ),
    ("{me}/postgres?client_encoding=LATIN1", "client_encoding"),
    ("neo@{h}/postgres?passfile={passwords}", "passfile"),
    ("{me}/postgres?sslcrl=/no/such/file", "sslcrl"),
    ("{me}/postgres?requirepeer=neo", "requirepeer"),
    ("{me}/postgres?replication=database", "replication"),
];

/// With these URLs, the two differ on purpose. With the answer of psql.
const DIFFERENT: &[(&str, bool)] = &[
    // Other programs' names for the same thing.
    ("postgresql+psycopg2://{me}/postgres", false),
    // libpq 17 refuses blanks too.
    ("trusted@{h}/postgres?application_name=a b", true),
    // Without --probe, the oracle does not ask another machine, and no other host of the same URL.
    ("neo:{w}@zion.invalid:{p},{h}/postgres", true),
    // One host with an impossible port makes the whole list invalid.
    ("neo:{w}@127.0.0.1:99999,{h}/postgres", true),
];

#[test]
fn the_oracle_connects_exactly_when_psql_connects() {
    let Some(scene) = Scene::start(true) else {
        return;
    };
    let mut connected = 0;
    let mut faults = Vec::new();
    for template in SAME {
        let psql = scene.server.psql_connects(&scene.url(template));
        let line = scene.line(template);
        connected += usize::from(psql);
        if psql != (line == CONNECTED) {
            faults.push(format!("{template}: psql {psql}, oracle {line}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(connected > 60 && SAME.len() - connected > 60, "{connected}");
    for (template, name) in REFUSED_BY_NAME {
        let expected = format!("configured, not contacted: {name} is not supported here");
        scene.check(template, &expected);
        assert!(
            scene.server.psql_connects(&scene.url(template)),
            "{template}"
        );
    }
    for (template, psql) in DIFFERENT {
        assert_eq!(
            scene.server.psql_connects(&scene.url(template)),
            *psql,
            "{template}"
        );
        assert_eq!(scene.line(template) == CONNECTED, !psql, "{template}");
    }
}

/// More URLs, each with the reason why the oracle is not connected.
const REASONS: &[(&str, &str)] = &[
    (
        "neo:{w}@/postgres?hostaddr=127.0.0.1&port={p}&sslmode=verify-full&sslrootcert={ca}",
        "sslmode=verify-full compares the certificate with the host, and the URL has only hostaddr",
    ),
    (
        "neo:{wrong}@{h}/postgres?sslrootcert={folder}",
        "the server refuses this user or password",
    ),
    (
        "secured:{w}@{h}/postgres?sslrootcert={folder}",
        "the file of sslrootcert cannot be read, is not a regular file, or is larger than 1 MiB",
    ),
    (
        "neo:{w}@{silent}/postgres?connect_timeout=2",
        "no answer in time",
    ),
    (
        "neo:{w}@{reset}/postgres?sslmode=disable",
        "connection reset by peer",
    ),
    (
        "neo:{w}@{stopping}/postgres?sslmode=disable",
        "the server ends the session, because it is stopping",
    ),
    (
        "neo:{w}@/postgres?host={long}&port={p}",
        "the path of its socket is longer than this system allows, so nobody was asked",
    ),
    (
        "neo:{w}@{bouncer}/pgbouncer",
        "the server accepts the login, and answers a query with an error",
    ),
    (
        "ghost:{w}@/postgres?port={p}&host={sockets}",
        "the server checks this user in another way than by password (peer, ident, a certificate)",
    ),
    (
        "shut_out@/postgres?port={p}&host={sockets}",
        "the server's pg_hba.conf does not let this user in at the socket",
    ),
    (
        "elsewhere:{w}@{h}/postgres",
        "the server refuses this user or password after another service checked it (PAM, LDAP, RADIUS)",
    ),
    (
        "elsewhere@{h}/postgres",
        "the server wants a password and the URL has none",
    ),
    (
        "{me}/halfway",
        "the database is invalid: somebody began to drop it, and that did not end",
    ),
    (
        "{me}/postgres?keepalives_count=128",
        "the system reports an error",
    ),
];

#[test]
fn a_refusal_says_who_refuses_what() {
    let Some(scene) = Scene::start(true) else {
        return;
    };
    let entry = "the server's pg_hba.conf does not let this user in from here";
    let neither = format!("{entry} without TLS, nor over TLS without a client certificate");
    for (template, reason) in [
        (
            "neo:{wrong}@{h}/postgres",
            "the server refuses this user or password",
        ),
        (
            "oracle:{w}@{h}/postgres",
            "the server refuses this user or password",
        ),
        (
            "neo@{h}/postgres",
            "the server wants a password and the URL has none",
        ),
        (
            "nobody@{h}/postgres",
            "the server has no user of this name, or this user may not log in",
        ),
        (
            "locked@{h}/postgres",
            "the server has no user of this name, or this user may not log in",
        ),
        (
            "ghost@/postgres?port={p}&host={sockets}",
            "the server checks this user in another way than by password (peer, ident, a certificate)",
        ),
        (
            "secured:{w}@{h}/postgres?sslmode=disable",
            &format!("{entry} without TLS"),
        ),
        (
            "clear:{w}@{h}/postgres?sslmode=require",
            &format!("{entry} over TLS, or wants a client certificate"),
        ),
        (
            "trinity@{h}/postgres?sslmode=require",
            &format!("{entry} over TLS, or wants a client certificate"),
        ),
        ("shut_out@{h}/postgres", &neither),
        ("trinity@{h}/postgres", &neither),
        (
            "clear:{w}@{h}/postgres?sslmode=allow&password={wrong}",
            "the server refuses this user or password",
        ),
        ("{me}/zion", "the server has no database of this name"),
        (
            "smith:{w}@{h}/closed",
            "this user has no CONNECT privilege on the database",
        ),
        (
            "smith:{w}@{h}/shut",
            "the database takes no connections now",
        ),
        (
            "few:{w}@{h}/postgres",
            "this user has as many connections as it may have",
        ),
        (
            "smith:{w}@{h}/crowded",
            "the database has as many connections as it may have",
        ),
        (
            "smith:{w}@{h}/postgres?options=-c%20log_statement%3Dall",
            "the server refuses what the parameter options asks for",
        ),
        (
            "smith:{w}@{h}/postgres?options=-c%20role%3Dneo",
            "the server refuses what the parameter options asks for",
        ),
        (
            "{me}/postgres?options=-c%20geqo%3Dperhaps",
            "the server refuses what the parameter options asks for",
        ),
        (
            "{me}/postgres?target_session_attrs=standby",
            "the server is not of the kind that target_session_attrs asks for",
        ),
        (
            "neo:{w}@{bouncer}/zion",
            "the server refuses the login, and its code gives no reason (08P01, as from pgbouncer)",
        ),
        (
            "neo:{w}@{bouncer}/postgres?sslmode=require",
            "sslmode asks for TLS, and the server offers no TLS",
        ),
        ("neo:{w}@127.0.0.1:{dead}/postgres", "nobody listens there"),
        (
            "neo:{w}@/postgres?port={dead}&host={sockets}",
            "no server is running (no socket)",
        ),
    ] {
        scene.refused(template, reason);
    }
    for (template, reason) in REASONS {
        scene.refused(template, reason);
    }
}

#[test]
fn a_server_without_tls_refuses_no_login_over_tls() {
    let Some(mut scene) = Scene::start(false) else {
        return;
    };
    scene.server.run_with("server", &["ssl=off"]);
    let reason = "the server's pg_hba.conf does not let this user in from here without TLS, and the server offers no TLS";
    for mode in ["", "?sslmode=prefer", "?sslmode=allow"] {
        scene.refused(&format!("secured:{{w}}@{{h}}/postgres{mode}"), reason);
    }
}

#[test]
fn each_certificate_that_is_not_accepted_has_its_own_reason() {
    let Some(mut scene) = Scene::start(false) else {
        return;
    };
    let server = &scene.server;
    let names = "subjectAltName=IP:127.0.0.1";
    server.certificate("old", "old", "20200101", "20200201", names);
    server.certificate("new", "new", "20900101", "20991231", names);
    server.certificate(
        "elsewhere",
        "e",
        "20200101",
        "20991231",
        "subjectAltName=DNS:zion",
    );
    server.certificate(
        "bare",
        "127.0.0.1",
        "20200101",
        "20991231",
        "keyUsage=digitalSignature",
    );
    server.own("own", " -addext subjectAltName=IP:127.0.0.1");
    server.own("leaf", " -addext basicConstraints=critical,CA:FALSE");
    let unknown = "its certificate is signed by no public authority";
    let among = "its certificate is signed by none of the authorities in the file of sslrootcert";
    let itself = "its certificate is signed by itself";
    let full = "{me}/postgres?sslmode=verify-full&sslrootcert=";
    for (roots, reason) in [
        ("system", unknown),
        ("{other}", among),
        (
            "/dev/zero",
            "the file of sslrootcert cannot be read, is not a regular file, or is larger than 1 MiB",
        ),
        ("{key}", "the file of sslrootcert has no certificate in it"),
    ] {
        scene.refused(&format!("{full}{roots}"), reason);
    }
    scene.refused(
        "neo:{w}@localhost:{p}/postgres?sslmode=verify-full&sslrootcert={ca}",
        "its certificate is for another host",
    );
    for (certificate, roots, reason) in [
        ("old", "{ca}", "its certificate has expired"),
        ("new", "{ca}", "its certificate is not valid yet"),
        ("elsewhere", "{ca}", "its certificate is for another host"),
        (
            "bare",
            "{ca}",
            "its certificate names its host only in the old way (CN), without a subjectAltName",
        ),
        ("own", "system", itself),
        ("leaf", "", itself),
        (
            "own",
            "{ca}",
            "its certificate is signed by itself, and not in the file of sslrootcert",
        ),
    ] {
        scene.server.run(certificate);
        scene.refused(&format!("{full}{roots}"), reason);
    }
    // A trusted certificate that signed itself is good for its own host, and for no other.
    scene.check(&format!("{full}{{own}}"), CONNECTED);
    let other = "neo:{w}@localhost:{p}/postgres?sslrootcert={own}&sslmode=";
    scene.check(&format!("{other}verify-ca"), CONNECTED);
    scene.refused(
        &format!("{other}verify-full"),
        "its certificate is for another host",
    );
    scene.server.run("elsewhere");
    scene.check(
        "{me}/postgres?sslmode=verify-ca&sslrootcert={ca}",
        CONNECTED,
    );
}

/// A host with a name in the DNS, at this server.
const NAMED: &str = "neo:{w}@db.zion.test:{p}/postgres?hostaddr=127.0.0.1&sslmode=";

/// Both ways to name an authority that may sign.
const AUTHORITY: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign";

/// Makes all certificates of the next test.
fn make_certificates(server: &Postgres) {
    let san = "subjectAltName=DNS:db.zion.test";
    let with = |more: &str| format!("{san}\n{more}");
    server.signed("wild", "ca", KEY, "subjectAltName=DNS:*.zion.test");
    server.signed("dot", "ca", KEY, "subjectAltName=DNS:db.zion.test.");
    server.signed("number", "ca", KEY, "subjectAltName=DNS:127.0.0.1");
    server.signed("good", "ca", KEY, san);
    server.signed("signer", "ca", KEY, &with("keyUsage=keyCertSign"));
    server.signed("coder", "ca", KEY, &with("keyUsage=keyEncipherment"));
    // It has the name of the authority, and another key.
    server.own("twin", " -subj /CN=ca");
    server.signed("client", "ca", KEY, &with("extendedKeyUsage=clientAuth"));
    server.signed("strange", "ca", KEY, &with("1.2.3.4=critical,DER:0500"));
    server.signed("first", "ca", KEY, "");
    server.signed("step", "ca", KEY, AUTHORITY);
    server.signed("below", "step", KEY, san);
    server.signed(
        "idle",
        "ca",
        KEY,
        "basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign",
    );
    server.signed("under", "idle", KEY, san);
    server.expired_authority("past");
    server.signed("late", "past", KEY, san);
    server.own(
        "weak",
        " -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:db.zion.test",
    );
    server.signed("child", "weak", KEY, san);
    for (file, parts) in [
        ("both.pem", ["ca", "step"]),
        ("idles.pem", ["ca", "idle"]),
        ("chain.pem", ["below", "step"]),
    ] {
        server.join(file, &parts);
    }
    std::fs::copy(server.at("below.key"), server.at("chain.key")).unwrap();
}

/// Certificates and files of authorities, each pair with the reason why it is refused.
const REFUSED_CERTIFICATES: &[(&str, &str, &str)] = &[
    ("signer", "{ca}", "its certificate is not made for servers"),
    (
        "below",
        "{step}",
        "its certificate is signed by none of the authorities in the file of sslrootcert",
    ),
    (
        "good",
        "{twin}",
        "its certificate is signed by none of the authorities in the file of sslrootcert",
    ),
    (
        "late",
        "{past}",
        "the authority in the file of sslrootcert has expired, or is not valid yet",
    ),
];

#[test]
fn a_certificate_is_accepted_exactly_when_libpq_accepts_it() {
    let Some(mut scene) = Scene::start(false) else {
        return;
    };
    make_certificates(&scene.server);
    let files = [
        "step", "twin", "both", "idles", "past", "weak", "below", "good",
    ];
    for name in files {
        let path = scene
            .server
            .at(&format!("{name}.pem"))
            .display()
            .to_string();
        let word = format!("{{{name}}}").leak();
        scene.words.push((word, path.replace(' ', "%20")));
    }
    let named = |rest: &str| format!("{NAMED}{rest}");
    let full = |host: &str| {
        let host = format!("neo:{{w}}@{host}:{{p}}/postgres?hostaddr=127.0.0.1");
        format!("{host}&sslmode=verify-full&sslrootcert={{ca}}")
    };
    let strict = |roots: &str| {
        ["verify-full", "verify-ca", "require", "prefer"]
            .map(|it| named(&format!("{it}&sslrootcert={{{roots}}}")))
            .to_vec()
    };
    let hosts = [
        "db.zion.test",
        "DB.zion.test",
        "db.zion.test.",
        "a.b.zion.test",
        "zion.test",
    ];
    let hosts: Vec<String> = hosts.map(full).to_vec();
    let cases = [
        ("wild", hosts.clone()),
        ("dot", hosts),
        (
            "number",
            vec![full("127.0.0.1"), full("127.1"), full("db.zion.test")],
        ),
        ("signer", strict("ca")),
        ("coder", strict("ca")),
        ("client", strict("ca")),
        (
            "strange",
            vec![named("require"), named("verify-ca&sslrootcert={ca}")],
        ),
        ("first", vec![named("require"), named("prefer")]),
        (
            "good",
            [strict("good"), strict("both"), strict("twin")].concat(),
        ),
        (
            "below",
            [
                strict("ca"),
                strict("step"),
                strict("both"),
                strict("below"),
            ]
            .concat(),
        ),
        ("chain", [strict("ca"), strict("step")].concat()),
        ("under", strict("idles")),
        ("late", strict("past")),
        ("child", strict("weak")),
        ("weak", strict("weak")),
    ];
    let (mut faults, mut connected, mut all) = (Vec::new(), 0, 0);
    for (certificate, urls) in &cases {
        scene.server.run(certificate);
        for template in urls {
            let psql = scene.server.psql_connects(&scene.url(template));
            let line = scene.line(template);
            connected += usize::from(psql);
            all += 1;
            if psql != (line == CONNECTED) {
                faults.push(format!(
                    "{certificate} {template}: psql {psql}, oracle {line}"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(
        connected > 15 && all - connected > 15,
        "{connected} of {all}"
    );
    for (certificate, roots, reason) in REFUSED_CERTIFICATES {
        scene.server.run(certificate);
        scene.refused(&named(&format!("verify-ca&sslrootcert={roots}")), reason);
    }
}

#[test]
fn what_rustls_does_not_know_is_not_called_a_fault_of_the_server() {
    let Some(mut scene) = Scene::start(false) else {
        return;
    };
    let server = &scene.server;
    let big = "-newkey ec -pkeyopt ec_paramgen_curve:secp521r1";
    let san = "subjectAltName=DNS:db.zion.test";
    server.signed("p521", "ca", big, san);
    server.signed("ed448", "ca", "-newkey ed448", san);
    server.signed("rsa", "ca", "-newkey rsa:2048", san);
    server.signed("large", "ca", big, AUTHORITY);
    server.signed("leaf", "large", KEY, san);
    server.join("roots.pem", &["ca", "large"]);
    let roots = scene.server.at("roots.pem").display().to_string();
    scene.words.push(("{roots}", roots.replace(' ', "%20")));
    let nothing = "no encrypted connection: client and server have no TLS version, cipher, curve or kind of signature in common";
    let algorithm = "its certificate is signed in a way that is not supported here";
    let twelve = "ssl_max_protocol_version=TLSv1.2";
    for (certificate, settings, rest, reason) in [
        ("p521", vec![], "require", nothing),
        ("ed448", vec![], "require", nothing),
        (
            "rsa",
            vec![twelve, "ssl_ciphers=AES128-SHA"],
            "require",
            nothing,
        ),
        (
            "rsa",
            vec![twelve, "ssl_ecdh_curve=secp521r1"],
            "require",
            nothing,
        ),
        ("leaf", vec![], "verify-ca&sslrootcert={roots}", algorithm),
    ] {
        scene.server.run_with(certificate, &settings);
        let template = format!("{NAMED}{rest}");
        let url = scene.url(&template);
        assert!(
            scene.server.psql_connects(&url),
            "{certificate} {settings:?}"
        );
        scene.refused(&template, reason);
    }
    // Without TLS it is connected, as `prefer` allows.
    scene.server.run("p521");
    scene.check(&format!("{NAMED}prefer"), CONNECTED);
}
