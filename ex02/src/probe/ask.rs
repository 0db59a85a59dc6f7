//! Do the database and the endpoint really answer?
//!
//! Both are asked at once, in threads, and waited for until one deadline: a server that is
//! silent or drips its answer costs that much time and no more. What a server says is never
//! repeated; it becomes one of our own words.

use std::io;
use std::net::ToSocketAddrs;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::config::judge::Config;
use crate::probe::{database, endpoint, http};
use crate::report::print::reason;
use crate::secret::shown::Gate;
use crate::variables::table::Status;

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

/// How far we got; in JSON by the word that each begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// `not-configured`: the variable is missing or invalid.
    NotConfigured,
    /// `not-contacted`: it would leave this machine, and nobody asked for that.
    NotContacted,
    /// `not-verified`: configured; whether it holds could not be shown.
    NotVerified,
    /// `connected`: a query was answered.
    Connected,
    /// `online`: the endpoint answered.
    Online,
    /// `authenticated`: the key was accepted, and a request without it was not.
    Authenticated,
    /// `failed`: it was tried.
    Failed,
}

impl Reached {
    /// True when somebody should look at it.
    pub fn is_failure(self) -> bool {
        self == Self::Failed
    }
}

/// Shorthand.
pub fn connection(status: Reached, shown: impl Into<String>) -> Connection {
    Connection {
        status,
        shown: shown.into(),
    }
}

/// Where a question would leave this machine: for the note before.
pub fn destinations(config: &Config, gate: &Gate) -> Vec<String> {
    let database = database::may_be_asked(config, true).ok();
    let endpoint = endpoint::may_be_asked(config, true).ok();
    let database = database.filter(|it| !it.is_local());
    let endpoint = endpoint.filter(|it| !it.is_local());
    let hosts = [
        database.and_then(|it| it.host().map(str::to_owned)),
        endpoint.map(|it| it.host),
    ];
    hosts.iter().flatten().map(|it| gate.hide(it)).collect()
}

/// Asks whatever may be asked.
pub fn ask(config: &Config, remote_too: bool, timeout: Duration, gate: &Gate) -> Connections {
    let deadline = Instant::now() + timeout;
    let database = database::may_be_asked(config, remote_too);
    let database = database.map(|it| {
        let waiting = start(it.clone(), move |it| database::ask(it, timeout));
        (it, waiting)
    });
    let endpoint = endpoint::may_be_asked(config, remote_too).map(|it| {
        let key = endpoint::key_for(&it, config);
        start(it, move |it| http::ask(it, key.as_ref(), timeout))
    });
    let database = match database {
        Ok((database, waiting)) => {
            database::words(&database, wait(&waiting, deadline, timeout), gate)
        }
        Err(known) => known,
    };
    let (api, zion) = match endpoint {
        Ok(waiting) => endpoint::words(config, wait(&waiting, deadline, timeout)),
        Err(zion) => (endpoint::words_for_the_key(config, &zion), zion),
    };
    Connections {
        database,
        api,
        zion,
    }
}

/// An answer, or in our words why there is none.
type Answer<T> = Result<T, String>;

/// Asks in a thread of its own, which the end of the process ends too.
fn start<Q: Send + 'static, T: Send + 'static>(
    whom: Q,
    question: impl FnOnce(&Q) -> Answer<T> + Send + 'static,
) -> Receiver<Answer<T>> {
    let (sender, receiver) = mpsc::channel();
    // In a container without a thread to spare the sender is dropped, and `wait` says so.
    let _ = thread::Builder::new().spawn(move || sender.send(question(&whom)));
    receiver
}

/// Waits until the deadline, not longer.
fn wait<T>(answer: &Receiver<Answer<T>>, deadline: Instant, timeout: Duration) -> Answer<T> {
    let left = deadline.saturating_duration_since(Instant::now());
    let answer = answer.recv_timeout(left);
    answer.unwrap_or_else(|error| {
        Err(match error {
            RecvTimeoutError::Timeout => format!("no answer within {} s", timeout.as_secs_f64()),
            RecvTimeoutError::Disconnected => {
                "it could not be asked, for want of threads".to_owned()
            }
        })
    })
}

/// True when a name of this machine really leads nowhere else (`localhost` is what hosts says).
pub fn stays_here(host: &str, port: u16) -> bool {
    let addresses = (host, port).to_socket_addrs();
    addresses.is_ok_and(|mut it| it.all(|address| address.ip().to_canonical().is_loopback()))
}

/// Why nothing came of a connection. What the resolver says has no kind of its own in Rust.
pub fn unreached(kind: io::ErrorKind) -> String {
    match (kind, kind.to_string().as_str()) {
        (io::ErrorKind::ConnectionRefused, _) => "nobody listens there".to_owned(),
        (io::ErrorKind::TimedOut, _) => "no answer in time".to_owned(),
        (_, "other error" | "uncategorized error") => "no such host, or no way to it".to_owned(),
        _ => reason(&kind.into()),
    }
}

/// `missing (DATABASE_URL is not set)`, `not configured: DATABASE_URL is invalid`.
pub fn not_set(config: &Config, name: &str) -> String {
    match config.variable(name).map(|it| it.status) {
        None | Some(Status::Missing) => format!("missing ({name} is not set)"),
        Some(_) => format!("not configured: {name} is {}", fault(config, name)),
    }
}

/// What is wrong with a variable, in a word.
pub fn fault(config: &Config, name: &str) -> &'static str {
    match config.variable(name).map(|it| it.status) {
        Some(Status::Placeholder) => "a placeholder",
        Some(Status::Weak) => "weak",
        Some(Status::Ok) => "fine",
        Some(Status::Invalid) => "invalid",
        None | Some(Status::Missing) => "missing",
    }
}
