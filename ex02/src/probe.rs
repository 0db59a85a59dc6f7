//! Do the database and the endpoint really answer?
//!
//! Both are asked at once, in threads, and waited for until one deadline: a server that is
//! silent or drips its answer costs that much time and no more. What a server says is never
//! repeated; it becomes one of our own words.

use std::net::ToSocketAddrs;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::config::Config;
use crate::database::Database;
use crate::endpoint::Endpoint;
use crate::gate::Gate;
#[cfg(feature = "postgres")]
use crate::probe_postgres;
use crate::spec::Status;
use crate::{probe_http, probe_sqlite};

/// What is known about the three connections.
#[derive(Debug, Serialize)]
pub struct Connections {
    /// Behind `DATABASE_URL`.
    pub database: Connection,
    /// Whether the endpoint takes the key.
    pub api: Connection,
    /// Behind `ZION_ENDPOINT`.
    pub zion: Connection,
}

/// What is known about one connection.
#[derive(Debug, Serialize)]
pub struct Connection {
    /// In one word, for scripts.
    pub status: Reached,
    /// In a sentence; the report's line.
    pub shown: String,
}

/// How far we got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// The variable is missing or invalid.
    NotConfigured,
    /// It would leave this machine, and nobody asked for that.
    NotContacted,
    /// Configured; whether it holds could not be shown.
    NotVerified,
    /// A query was answered.
    Connected,
    /// The endpoint answered.
    Online,
    /// The key was accepted, and a request without it was not.
    Authenticated,
    /// It was tried and failed.
    Failed,
}

impl Reached {
    /// True when somebody should look at it.
    pub fn is_failure(self) -> bool {
        self == Self::Failed
    }
}

/// Shorthand.
fn connection(status: Reached, shown: impl Into<String>) -> Connection {
    Connection {
        status,
        shown: shown.into(),
    }
}

/// Where a question would leave this machine: for the announcement.
pub fn destinations(config: &Config, gate: &Gate) -> Vec<String> {
    let database = match &config.database {
        Some(Database::Postgres(it)) if cfg!(feature = "postgres") && !is_local(config) => {
            it.host.clone()
        }
        _ => None,
    };
    let endpoint = config
        .endpoint
        .as_ref()
        .filter(|it| !it.is_local())
        .map(|it| it.host.clone());
    [database, endpoint]
        .into_iter()
        .flatten()
        .map(|it| gate.hide(&it))
        .collect()
}

/// True when the database is on this machine.
fn is_local(config: &Config) -> bool {
    config.database.as_ref().is_some_and(Database::is_local)
}

/// Asks whatever may be asked.
pub fn ask(config: &Config, remote_too: bool, timeout: Duration, gate: &Gate) -> Connections {
    let deadline = Instant::now() + timeout;
    let database = start_database(config, remote_too, timeout);
    let endpoint = start_endpoint(config, remote_too, timeout);
    let database = match database {
        Ok(waiting) => database_words(config, wait(&waiting, deadline, timeout), gate),
        Err(known) => known,
    };
    match endpoint {
        Ok(waiting) => {
            let answer = wait(&waiting, deadline, timeout).and_then(|it| it);
            let (api, zion) = endpoint_words(config, answer);
            Connections {
                database,
                api,
                zion,
            }
        }
        Err(zion) => Connections {
            database,
            api: key_words(config, &zion),
            zion,
        },
    }
}

/// Runs a question in a thread of its own, which the end of the process ends too.
fn start<T: Send + 'static>(question: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(question()));
    receiver
}

/// Waits until the deadline, not longer.
fn wait<T>(answer: &Receiver<T>, deadline: Instant, timeout: Duration) -> Result<T, String> {
    let left = deadline.saturating_duration_since(Instant::now());
    answer
        .recv_timeout(left)
        .map_err(|_| format!("no answer within {} s", timeout.as_secs_f64()))
}

/// True when a name of this machine really leads nowhere else (`localhost` is what hosts says).
pub fn stays_here(host: &str, port: u16) -> bool {
    let addresses = (host, port).to_socket_addrs();
    addresses.is_ok_and(|mut it| it.all(|address| address.ip().to_canonical().is_loopback()))
}

/// A question to the database on its way, or what is known without asking.
type Started<T> = Result<Receiver<T>, Connection>;

/// Asks the database, if it may be asked.
fn start_database(
    config: &Config,
    remote_too: bool,
    timeout: Duration,
) -> Started<Result<(), String>> {
    let Some(database) = config.database.clone() else {
        return Err(connection(
            Reached::NotConfigured,
            not_set(config, "DATABASE_URL"),
        ));
    };
    let fine = config
        .variable("DATABASE_URL")
        .is_some_and(|it| it.status == Status::Ok);
    if !fine {
        return Err(connection(
            Reached::NotVerified,
            format!(
                "configured, not contacted: DATABASE_URL is {}",
                fault(config, "DATABASE_URL")
            ),
        ));
    }
    if matches!(database, Database::Postgres(_)) && !database.is_local() && !remote_too {
        return Err(connection(
            Reached::NotContacted,
            "configured, not contacted (another machine; --probe asks it)",
        ));
    }
    match database {
        Database::Sqlite(it) => Ok(start(move || probe_sqlite::ask(&it))),
        #[cfg(feature = "postgres")]
        Database::Postgres(it) => {
            let must_stay = database_must_stay(config);
            Ok(start(move || probe_postgres::ask(&it, must_stay, timeout)))
        }
        #[cfg(not(feature = "postgres"))]
        Database::Postgres(_) => {
            let _ = timeout;
            Err(connection(
                Reached::NotContacted,
                "configured, not contacted (built without the feature postgres)",
            ))
        }
        Database::Other(_) => Err(connection(
            Reached::NotContacted,
            "configured, not contacted (no client for this kind of database)",
        )),
    }
}

/// True when the database's name says that it is on this machine.
#[cfg(feature = "postgres")]
fn database_must_stay(config: &Config) -> bool {
    is_local(config)
}

/// The report's line for a database that was asked.
fn database_words(
    config: &Config,
    answer: Result<Result<(), String>, String>,
    gate: &Gate,
) -> Connection {
    let place = match &config.database {
        Some(Database::Postgres(it)) if !is_local(config) => {
            it.host.as_ref().map(|host| gate.hide(host))
        }
        _ => None,
    };
    let place = place.unwrap_or_else(|| "local instance".to_owned());
    match answer.and_then(|it| it) {
        Ok(()) => connection(Reached::Connected, format!("Connected to {place}")),
        Err(why) => connection(Reached::Failed, format!("not connected to {place}: {why}")),
    }
}

/// Asks the endpoint, if it may be asked, with the key, if that may be sent.
fn start_endpoint(
    config: &Config,
    remote_too: bool,
    timeout: Duration,
) -> Started<Result<probe_http::Answers, String>> {
    let Some(endpoint) = config.endpoint.clone() else {
        return Err(connection(
            Reached::NotConfigured,
            not_set(config, "ZION_ENDPOINT"),
        ));
    };
    if is_changed(config) {
        return Err(connection(
            Reached::NotVerified,
            "configured, not contacted: ZION_ENDPOINT is invalid",
        ));
    }
    if !endpoint.is_local() && !remote_too {
        return Err(connection(
            Reached::NotContacted,
            "configured, not contacted (another machine; --probe asks it)",
        ));
    }
    let key = config.key.clone().filter(|_| may_carry_the_key(&endpoint));
    Ok(start(move || {
        probe_http::ask(&endpoint, key.as_ref(), timeout)
    }))
}

/// True when dotenvy changed the endpoint: nobody should be asked at a wrong address.
fn is_changed(config: &Config) -> bool {
    config.variable("ZION_ENDPOINT").is_some_and(|it| {
        it.problems
            .iter()
            .any(|it| it.what.contains("dotenvy changed it"))
    })
}

/// Over the open net the key travels encrypted or not at all.
fn may_carry_the_key(endpoint: &Endpoint) -> bool {
    endpoint.encrypted || endpoint.is_local()
}

/// The report's lines for an endpoint that was asked: API Access, Zion Network.
fn endpoint_words(
    config: &Config,
    answer: Result<probe_http::Answers, String>,
) -> (Connection, Connection) {
    let answers = match answer {
        Ok(answers) => answers,
        Err(why) => {
            let zion = connection(Reached::Failed, format!("offline: {why}"));
            return (key_words(config, &zion), zion);
        }
    };
    let zion = connection(Reached::Online, "Online");
    let Some(with) = answers.with_key else {
        return (key_words(config, &zion), zion);
    };
    let unverified = |why: &str| {
        connection(
            Reached::NotVerified,
            format!("configured, not verified ({why})"),
        )
    };
    let api = match (with, answers.without_key) {
        (200..=299, 401 | 403) => connection(Reached::Authenticated, "Authenticated"),
        (200..=299, 200..=299) => unverified("the endpoint answers without a key too"),
        (401 | 403, _) => connection(
            Reached::Failed,
            "refused: the endpoint does not accept this key",
        ),
        (300..=399, _) => unverified("the endpoint sends elsewhere; the key does not follow"),
        (code, _) => unverified(&format!("the endpoint answered {code}")),
    };
    (api, zion)
}

/// The report's line for the key when no answer speaks about it.
fn key_words(config: &Config, zion: &Connection) -> Connection {
    let unverified = |why: &str| {
        connection(
            Reached::NotVerified,
            format!("configured, not verified ({why})"),
        )
    };
    match config.variable("API_KEY").map(|it| it.status) {
        None | Some(Status::Missing) => {
            connection(Reached::NotConfigured, not_set(config, "API_KEY"))
        }
        Some(Status::Placeholder) => unverified("API_KEY is a placeholder"),
        Some(Status::Invalid) => unverified("API_KEY is invalid"),
        Some(Status::Ok | Status::Weak) => match zion.status {
            Reached::NotConfigured => unverified("no ZION_ENDPOINT to ask"),
            Reached::Failed => unverified("the endpoint is offline"),
            Reached::Online => unverified("the key is not sent over plain http to another machine"),
            _ => unverified("the endpoint was not contacted"),
        },
    }
}

/// `missing: set DATABASE_URL`, `invalid`.
fn not_set(config: &Config, name: &str) -> String {
    match config.variable(name).map(|it| it.status) {
        None | Some(Status::Missing) => format!("missing ({name} is not set)"),
        Some(_) => format!("not configured: {name} is {}", fault(config, name)),
    }
}

/// What is wrong with a variable, in a word.
fn fault(config: &Config, name: &str) -> &'static str {
    match config.variable(name).map(|it| it.status) {
        Some(Status::Placeholder) => "a placeholder",
        Some(Status::Weak) => "weak",
        Some(Status::Ok) => "fine",
        Some(Status::Invalid) => "invalid",
        None | Some(Status::Missing) => "missing",
    }
}
