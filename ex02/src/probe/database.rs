//! May the oracle ask the database, and what does the report say about the answer?

use std::time::Duration;

use super::answer::{Connection, Reached, Why, connection, fault, not_set};
#[cfg(feature = "postgres")]
use super::postgres;
use super::sqlite;
use crate::config::Config;
use crate::variables::{Database, Status};
use crate::words::{Outside, Words};

/// The database, when it may be asked: its URL is right, there is a client for it, and it is on this
/// machine or `--probe` is given. Otherwise the line of the report.
pub fn may_be_asked(config: &Config, remote_too: bool) -> Result<Database, Connection> {
    let Some(database) = config.database.clone() else {
        return Err(not_set(config, "DATABASE_URL"));
    };
    if config.status("DATABASE_URL") != Status::Ok {
        let words = Words::from("configured, not contacted: DATABASE_URL is ");
        let words = words + fault(config, "DATABASE_URL");
        return Err(connection(Reached::NotVerified, words));
    }
    let not_contacted = |why: &'static str| {
        let words = Words::from("configured, not contacted (") + why + ")";
        Err(connection(Reached::NotContacted, words))
    };
    match &database {
        Database::Sqlite(_) => Ok(database),
        Database::Other(_) => not_contacted("no client for this kind of database"),
        Database::Postgres(it) if it.unsupported.is_some() => {
            let words = Words::from("configured, not contacted: ");
            let words = words + it.unsupported.unwrap_or_default() + " is not supported here";
            Err(connection(Reached::NotContacted, words))
        }
        Database::Postgres(_) if !remote_too && !database.is_local() => {
            not_contacted("another machine; --probe asks it")
        }
        Database::Postgres(_) if cfg!(feature = "postgres") => Ok(database),
        Database::Postgres(_) => not_contacted("built without the feature postgres"),
    }
}

/// Asks the database.
#[cfg_attr(
    not(feature = "postgres"),
    expect(
        unused_variables,
        reason = "SQLite alone asks nobody it would wait for"
    )
)]
pub fn ask(database: &Database, timeout: Duration) -> Result<(), Why> {
    let said = |words: &'static str| Why::Said(words.into());
    match database {
        Database::Sqlite(it) => sqlite::ask(it).map_err(said),
        #[cfg(feature = "postgres")]
        Database::Postgres(it) => postgres::ask(it, timeout).map_err(Why::Refused),
        _ => Err(said("there is no client for it")),
    }
}

/// The line of the report for a database that was asked.
pub fn words(database: &Database, answer: Result<(), Why>) -> Connection {
    let host = database.host().filter(|_| !database.is_local());
    let place = match host {
        Some(host) if database.hosts().len() > 1 => Words::from("one of ") + Outside::from(host),
        Some(host) => Outside::from(host).into(),
        None => Words::from("local instance"),
    };
    match answer {
        Ok(()) => connection(Reached::Connected, Words::from("Connected to ") + place),
        Err(Why::Said(why)) => connection(Reached::Failed, place + " not connected: " + why),
        Err(Why::Refused(refusal)) => Connection {
            refusal: Some(refusal),
            ..connection(Reached::Failed, place + " not connected: ")
        },
    }
}
