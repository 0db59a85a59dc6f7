//! What can be known about a connection?

use std::io;
use std::net::ToSocketAddrs;

use serde::Serialize;

use super::refusal::Refusal;
use crate::config::{Config, Wrong};
use crate::variables::{Status, is_this_machine};
use crate::words::{Words, reason};

/// What is known about the three connections.
pub struct Connections {
    /// Behind `DATABASE_URL`.
    pub database: Connection,
    /// Whether the endpoint takes the key.
    pub api: Connection,
    /// Behind `ZION_ENDPOINT`.
    pub zion: Connection,
}

/// What is known about one connection.
pub struct Connection {
    /// How far we got.
    pub status: Reached,
    /// In a sentence; the report's line, but for what `refusal` adds to it.
    pub shown: Words,
    /// Why a PostgreSQL server is not connected.
    pub refusal: Option<Refusal>,
}

/// Why nothing came of a question.
#[cfg_attr(
    not(feature = "postgres"),
    expect(dead_code, reason = "nobody is refused by a server that is not asked")
)]
pub enum Why {
    /// In our words.
    Said(Words),
    /// By a PostgreSQL server, or on the way to it.
    Refused(Refusal),
}

impl From<Words> for Why {
    fn from(words: Words) -> Self {
        Self::Said(words)
    }
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
    /// `not-sent`: the key stayed here, for a weaker place than its own names the endpoint.
    NotSent,
    /// `connected`: a query was answered.
    Connected,
    /// `online`: the endpoint answered.
    Online,
    /// `server-error`: the endpoint answered that something is wrong with it.
    ServerError,
    /// `authenticated`: the key was accepted, and a request without it was not.
    Authenticated,
    /// `failed`: it was tried.
    Failed,
}

impl Reached {
    /// True when somebody should look at it.
    pub fn is_to_mend(self) -> bool {
        matches!(self, Self::Failed | Self::ServerError | Self::NotSent)
    }
}

/// Shorthand.
pub fn connection(status: Reached, shown: impl Into<Words>) -> Connection {
    Connection {
        status,
        shown: shown.into(),
        refusal: None,
    }
}

/// True when a name of this machine really leads nowhere else (`localhost` is what hosts says).
pub fn stays_here(host: &str, port: u16) -> bool {
    let addresses = (host, port).to_socket_addrs();
    addresses.is_ok_and(|mut it| it.all(|address| is_this_machine(address.ip())))
}

/// Why nothing came of a connection. What the resolver says has no kind of its own in Rust.
pub fn unreached(kind: io::ErrorKind) -> &'static str {
    match (kind, kind.to_string().as_str()) {
        (io::ErrorKind::ConnectionRefused, _) => "nobody listens there",
        (io::ErrorKind::TimedOut, _) => "no answer in time",
        (_, "other error" | "uncategorized error") => "no such host, or no way to it",
        _ => reason(&kind.into()),
    }
}

/// What is known of a connection whose variable says nothing that could be used.
pub fn not_set(config: &Config, name: &'static str) -> Connection {
    let variable = config.variable(name);
    let borrowed =
        variable.filter(|it| it.problems.iter().any(|it| it.wrong == Wrong::FromProcess));
    if let Some(origin) = borrowed.and_then(|it| it.origin.as_ref()) {
        let words =
            Words::from("configured, not contacted: a part of ") + name + " comes from the ";
        let words = words + "process environment, a stronger place than its own, " + origin;
        return connection(Reached::NotVerified, words);
    }
    let words = if config.status(name) == Status::Missing {
        Words::from("missing (") + name + " is not set)"
    } else {
        Words::from("not configured: ") + name + " is " + fault(config, name)
    };
    connection(Reached::NotConfigured, words)
}

/// What is wrong with a variable, in a word.
pub fn fault(config: &Config, name: &str) -> &'static str {
    match config.status(name) {
        Status::Placeholder => "a placeholder",
        Status::Weak => "weak",
        Status::Ok => "fine",
        Status::Invalid => "invalid",
        Status::Missing => "missing",
    }
}
