//! What does an error of the PostgreSQL client mean?
//!
//! Its code and its type decide. The program never reads the words of a server or a library.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

use super::refusal::{Refusal, Way};
use super::tls::Broken;

/// What an error of this login means.
pub fn refusal_of(error: &Error, has_password: bool, encrypted: bool) -> Refusal {
    if let Some(error) = error.as_db_error() {
        return refusal_of_server(error, encrypted);
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(Broken(refusal)) = error.downcast_ref() {
            return *refusal;
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return match error.kind() {
                io::ErrorKind::NotFound => Refusal::NoSocket,
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::InvalidData => Refusal::NotPostgres,
                // The client's word for an end in the middle of a message.
                io::ErrorKind::Other => Refusal::HangsUp,
                kind => Refusal::Unreached(kind),
            };
        }
        cause = error.source();
    }
    if error.is_closed() {
        Refusal::HangsUp
    } else if error.source().is_none() {
        Refusal::NotPostgres
    } else if has_password {
        // Only one reason is left: the library does not know this way of login.
        Refusal::Method
    } else {
        Refusal::NoPassword
    }
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
        SqlState::CANNOT_CONNECT_NOW | SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => {
            Refusal::StartingOrStopping
        }
        SqlState::PROTOCOL_VIOLATION => Refusal::Protocol,
        SqlState::UNDEFINED_OBJECT
        | SqlState::INVALID_PARAMETER_VALUE
        | SqlState::CANT_CHANGE_RUNTIME_PARAM
        | SqlState::SYNTAX_ERROR => Refusal::Options,
        _ => Refusal::Other,
    }
}
