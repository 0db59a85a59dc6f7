//! What can be known about a connection?

use std::io::ErrorKind;
use std::time::Duration;

use serde::Serialize;

use super::http::Unanswered;
use super::redirect::Redirect;
use super::refusal::Refusal;
use super::sqlite::Unread;
use crate::config::{Config, Wrong};
use crate::git::Silence;
use crate::sources::Origin;
use crate::variables::Status;
use crate::words::{Outside, Place};

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
pub enum Connection {
    /// This variable is missing.
    Missing(&'static str),
    /// These files were not read, and may set this variable. No place that was read does.
    Unread(&'static str, Vec<Place>),
    /// This variable has a value that nobody can use.
    Unusable(&'static str, Status),
    /// A part of this variable comes from the process environment, a stronger place than its own.
    Borrowed(&'static str, Origin),
    /// This variable is not right, so nobody was asked.
    Doubtful(&'static str, Status),
    /// Nobody was asked, for another reason.
    NotContacted(NotContacted),
    /// The database on one of these hosts answered a query. Without a host: it is on this machine.
    Connected(Vec<Outside>),
    /// The database on one of these hosts did not answer.
    NotConnected(Vec<Outside>, Why),
    /// The endpoint answered.
    Online,
    /// The endpoint answered that something is wrong with it. With the HTTP status code.
    ServerError(u16, Asked),
    /// The endpoint did not answer.
    Offline(Why),
    /// The endpoint was not reached, and the reason may be on this side.
    NotReached(Why),
    /// The endpoint accepts the key, and refuses a request without it.
    Authenticated,
    /// The endpoint does not accept the key.
    KeyRefused,
    /// The key was not sent: the endpoint comes from a weaker place than the key.
    WeakerPlace {
        /// The place of the endpoint.
        endpoint: Origin,
        /// The place of the key.
        key: Origin,
    },
    /// The key was not sent: git tracks the file of the endpoint, and the key comes from another place.
    TrackedPlace {
        /// The place of the endpoint.
        endpoint: Origin,
        /// The place of the key.
        key: Box<Origin>,
        /// Why git cannot say whether it tracks the file. `None`: it tracks the file.
        unknown: Option<Silence>,
    },
    /// There is a key, but nothing shows that it is right.
    NotVerified(NotVerified),
}

/// Which requests got a server error?
#[derive(Clone, Copy)]
pub enum Asked {
    /// All of them.
    Always,
    /// Only the one with the key.
    WithKey,
    /// Only the one without the key.
    WithoutKey,
}

/// Why nobody was asked.
pub enum NotContacted {
    /// It is on another machine, and there was no `--probe`.
    OtherMachine,
    /// The oracle has no client for this kind of database.
    NoClient,
    /// The client does not support this parameter of the URL.
    Unsupported(&'static str),
}

/// Why nothing shows that the key is right.
pub enum NotVerified {
    /// It is a placeholder, or no header can carry it.
    Unfit(Status),
    /// There is no endpoint to ask.
    NoEndpoint,
    /// The endpoint is offline.
    Offline,
    /// It would go unencrypted to another machine.
    InClear,
    /// The endpoint was not asked.
    NotContacted,
    /// The endpoint accepts every request, also without a key.
    AnswersAnybody,
    /// The endpoint redirects.
    Redirects(Redirect),
    /// The endpoint answered with this HTTP status code of a redirect, and without a `Location`.
    RedirectsNowhere(u16),
    /// The endpoint answered with this HTTP status code.
    Answered(u16),
    /// The endpoint answered 403 to both requests, so this says nothing about the key.
    ForbidsAnybody,
    /// The endpoint accepts the key, and answers with this HTTP status code without it. It does not say no.
    AnsweredWithout(u16),
    /// The endpoint gave no answer to the request with the key.
    NoAnswer(Unanswered),
}

/// Why there is no answer.
pub enum Why {
    /// SQLite cannot read the file.
    Sqlite(Unread),
    /// A PostgreSQL server refuses, or cannot be reached.
    Postgres(Refusal),
    /// The endpoint cannot be reached, or does not speak HTTP.
    Http(Unanswered),
    /// The oracle has no client for it.
    NoClient,
    /// Nothing came in this time.
    Late(Duration),
    /// The system has no free thread to ask in.
    NoThread,
    /// The thread that asked has stopped, because of a bug.
    Bug,
}

/// How far a question got. Each comment begins with the word in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// `not-configured`: the variable is missing or invalid, or only a file that was not read may set it.
    NotConfigured,
    /// `not-contacted`: nobody was asked. The question would leave this machine, and there was no
    /// `--probe`; or there is no client for it; or the variable is not right.
    NotContacted,
    /// `not-verified`: there is a key, but nothing shows that it is right.
    NotVerified,
    /// `not-sent`: the key was not sent, because the endpoint comes from a weaker place than the key, or
    /// from a file that git tracks.
    NotSent,
    /// `connected`: a query was answered.
    Connected,
    /// `online`: the endpoint answered.
    Online,
    /// `server-error`: the endpoint answered that something is wrong with it.
    ServerError,
    /// `authenticated`: the key was accepted, and a request without it was not.
    Authenticated,
    /// `failed`: the question failed, or could not be asked.
    Failed,
}

impl Reached {
    /// True when somebody should look at the connection.
    pub fn is_to_mend(self) -> bool {
        matches!(self, Self::Failed | Self::ServerError | Self::NotSent)
    }
}

impl Connection {
    /// How far the question got.
    pub fn reached(&self) -> Reached {
        match self {
            Self::Missing(_) | Self::Unread(..) | Self::Unusable(..) => Reached::NotConfigured,
            Self::NotContacted(_) | Self::Borrowed(..) | Self::Doubtful(..) => {
                Reached::NotContacted
            }
            Self::NotVerified(_) => Reached::NotVerified,
            Self::WeakerPlace { .. } | Self::TrackedPlace { .. } => Reached::NotSent,
            Self::Connected(_) => Reached::Connected,
            Self::Online => Reached::Online,
            Self::ServerError(..) => Reached::ServerError,
            Self::Authenticated => Reached::Authenticated,
            Self::NotConnected(..) | Self::Offline(_) | Self::NotReached(_) | Self::KeyRefused => {
                Reached::Failed
            }
        }
    }
}

impl Why {
    /// True when the reason is on the other side. This machine asked, and no good answer came.
    pub fn is_of_the_server(&self) -> bool {
        use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset};
        use ErrorKind::{HostUnreachable, TimedOut};
        let broken = |it| matches!(it, ConnectionReset | ConnectionAborted | BrokenPipe);
        let silent = |it| matches!(it, ConnectionRefused | HostUnreachable | TimedOut);
        match self {
            Self::Http(Unanswered::Unreached(kind)) => broken(*kind) || silent(*kind),
            Self::Http(Unanswered::Other) | Self::NoClient | Self::NoThread | Self::Bug => false,
            Self::Http(_) | Self::Postgres(_) | Self::Sqlite(_) | Self::Late(_) => true,
        }
    }
}

/// The value of a variable, when nothing is wrong with it. Otherwise what is known of its connection.
pub fn sound<T: Clone>(
    config: &Config,
    name: &'static str,
    value: Option<&T>,
) -> Result<T, Connection> {
    let status = config.variable(name).status;
    match value {
        None => Err(not_set(config, name)),
        Some(_) if status != Status::Ok => Err(Connection::Doubtful(name, status)),
        Some(value) => Ok(value.clone()),
    }
}

/// The connection of a variable without a usable value.
pub fn not_set(config: &Config, name: &'static str) -> Connection {
    let variable = config.variable(name);
    let is_borrowed = variable
        .problems
        .iter()
        .any(|it| it.wrong == Wrong::FromProcess);
    match (&variable.origin, variable.status) {
        (Some(origin), _) if is_borrowed => Connection::Borrowed(name, origin.clone()),
        (_, Status::Missing) => match variable.unread() {
            Some(files) => Connection::Unread(name, files.to_owned()),
            None => Connection::Missing(name),
        },
        (_, status) => Connection::Unusable(name, status),
    }
}
