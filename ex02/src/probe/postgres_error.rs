//! What does an error of the PostgreSQL client mean?
//!
//! Its code and its type decide. The program never reads the words of a server or a library.

use std::error::Error as _;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::{Config, Error, NoTls};

use super::certificate::Ours;
use super::refusal::{Refusal, Way};

/// What is known of a login that failed.
#[derive(Clone, Copy)]
pub struct Login {
    /// Somebody accepted the connection.
    pub accepted: bool,
    /// The server agreed to encrypt.
    pub encrypted: bool,
    /// The client has a password.
    pub has_password: bool,
}

/// What an error of this login means.
pub fn refusal_of(error: &Error, login: Login) -> Refusal {
    if let Some(error) = error.as_db_error() {
        return refusal_of_server(error, login.encrypted);
    }
    if let Some(refusal) = broken(error, login.accepted) {
        refusal
    } else if login.has_password || !is_about_settings(error) {
        // Only one reason is left: the library does not know this way of login.
        Refusal::Method
    } else {
        Refusal::NoPassword
    }
}

/// What an error of a query means, after the login.
pub fn refusal_of_query(error: &Error) -> Refusal {
    broken(error, true).unwrap_or(Refusal::Query)
}

/// What a connection that cannot be used means. `None`: the server and the client understand each other.
fn broken(error: &Error, accepted: bool) -> Option<Refusal> {
    if error.as_db_error().is_some() {
        return None;
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(Ours(refusal)) = error.downcast_ref() {
            return Some(*refusal);
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(match error.kind() {
                io::ErrorKind::NotFound => Refusal::NoSocket,
                kind if !accepted => Refusal::Unreached(kind),
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::InvalidData => Refusal::NotPostgres,
                // The client's word for an end in the middle of a message.
                io::ErrorKind::Other => Refusal::HangsUp,
                kind => Refusal::Lost(kind),
            });
        }
        cause = error.source();
    }
    if error.is_closed() {
        Some(Refusal::HangsUp)
    } else if error.source().is_none() {
        Some(Refusal::NotPostgres)
    } else {
        None
    }
}

/// True when the client misses something in its own settings, as the password that the server asks for. The
/// kinds of its errors are private. But all errors of one kind have the same text, and an error about
/// settings without a host is surely of this kind.
fn is_about_settings(error: &Error) -> bool {
    let settings = Config::new();
    let connecting = pin!(settings.connect(NoTls));
    let mut context = Context::from_waker(Waker::noop());
    let polled = connecting.poll(&mut context);
    matches!(polled, Poll::Ready(Err(it)) if it.to_string() == error.to_string())
}

/// What a server's SQLSTATE means. Some have several meanings. The name of the function in the server
/// tells them apart, because nobody translates it.
fn refusal_of_server(error: &DbError, encrypted: bool) -> Refusal {
    let routine = error.routine();
    match *error.code() {
        SqlState::INVALID_PASSWORD => Refusal::Password,
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION => match routine {
            Some("ClientAuthentication") => Refusal::NoEntry(if encrypted {
                Way::Encrypted
            } else {
                Way::Plain
            }),
            Some("auth_failed") => Refusal::Identity,
            Some(_) => Refusal::Role,
            None => Refusal::User,
        },
        SqlState::INVALID_CATALOG_NAME => Refusal::NoDatabase,
        SqlState::INSUFFICIENT_PRIVILEGE => match routine {
            Some("CheckMyDatabase") => Refusal::NoPrivilege,
            Some(it) if it.starts_with("set_config") || it.contains("check_hook") => {
                Refusal::Options
            }
            _ => Refusal::Other,
        },
        SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE => match routine {
            Some("InitPostgres") => Refusal::InvalidDatabase,
            _ => Refusal::ClosedDatabase,
        },
        SqlState::TOO_MANY_CONNECTIONS => match routine {
            Some("InitializeSessionUserId") => Refusal::TooManyOfUser,
            Some("CheckMyDatabase") => Refusal::TooManyOfDatabase,
            _ => Refusal::TooMany,
        },
        SqlState::CANNOT_CONNECT_NOW => Refusal::StartingOrStopping,
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => Refusal::Stopping,
        SqlState::PROTOCOL_VIOLATION => Refusal::Protocol,
        SqlState::UNDEFINED_OBJECT
        | SqlState::INVALID_PARAMETER_VALUE
        | SqlState::CANT_CHANGE_RUNTIME_PARAM
        | SqlState::SYNTAX_ERROR => Refusal::Options,
        _ => Refusal::Other,
    }
}
