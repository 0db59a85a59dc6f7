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
    /// The database of `DATABASE_URL`.
    pub database: Connection,
    /// Does the endpoint accept the key?
    pub api: Connection,
    /// The endpoint of `ZION_ENDPOINT`.
    pub zion: Connection,
}

/// What is known about one connection.
pub struct Connection {
    /// How far the question got.
    pub status: Reached,
    /// The line of the report. `refusal` may add to it.
    pub shown: Words,
    /// Why a PostgreSQL server is not connected.
    pub refusal: Option<Refusal>,
}

/// Why a question has no good answer.
#[cfg_attr(
    not(feature = "postgres"),
    expect(dead_code, reason = "nobody is refused by a server that is not asked")
)]
pub enum Why {
    /// For this reason, in our own words.
    Said(Words),
    /// A PostgreSQL server refuses, or cannot be reached.
    Refused(Refusal),
}

impl From<Words> for Why {
    fn from(words: Words) -> Self {
        Self::Said(words)
    }
}

/// How far a question got. Each comment begins with the word in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// `not-configured`: the variable is missing or invalid.
    NotConfigured,
    /// `not-contacted`: the question would leave this machine, and there was no `--probe`.
    NotContacted,
    /// `not-verified`: it is configured, but nothing shows that it works.
    NotVerified,
    /// `not-sent`: the key was not sent, because a weaker place than its own names the endpoint.
    NotSent,
    /// `connected`: a query was answered.
    Connected,
    /// `online`: the endpoint answered.
    Online,
    /// `server-error`: the endpoint answered that something is wrong with it.
    ServerError,
    /// `authenticated`: the key was accepted, and a request without it was not.
    Authenticated,
    /// `failed`: the question was asked, and failed.
    Failed,
}

impl Reached {
    /// True when somebody should look at the connection.
    pub fn is_to_mend(self) -> bool {
        matches!(self, Self::Failed | Self::ServerError | Self::NotSent)
    }
}

/// A connection without a refusal.
pub fn connection(status: Reached, shown: impl Into<Words>) -> Connection {
    Connection {
        status,
        shown: shown.into(),
        refusal: None,
    }
}

/// True when a local name leads to this machine only (`/etc/hosts` decides what `localhost` is).
pub fn stays_here(host: &str, port: u16) -> bool {
    let addresses = (host, port).to_socket_addrs();
    addresses.is_ok_and(|mut it| it.all(|address| is_this_machine(address.ip())))
}

/// Why a connection failed. Rust has no error kind of its own for the resolver.
pub fn unreached(kind: io::ErrorKind) -> &'static str {
    match (kind, kind.to_string().as_str()) {
        (io::ErrorKind::ConnectionRefused, _) => "nobody listens there",
        (io::ErrorKind::TimedOut, _) => "no answer in time",
        (_, "other error" | "uncategorized error") => "no such host, or no way to it",
        _ => reason(&kind.into()),
    }
}

/// The connection of a variable without a usable value.
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

/// What is wrong with a variable, in one word.
pub fn fault(config: &Config, name: &str) -> &'static str {
    match config.status(name) {
        Status::Placeholder => "a placeholder",
        Status::Weak => "weak",
        Status::Ok => "fine",
        Status::Invalid => "invalid",
        Status::Missing => "missing",
    }
}
