//! May the oracle ask the database, and what does the answer say?

use super::answer::{Connection, NotContacted, Why, sound};
use super::ask::Machines;
use super::postgres;
use super::sqlite;
use crate::config::Config;
use crate::variables::Database;
use crate::words::Outside;

/// The database, when it may be asked: its URL is right, there is a client for it, and it is on this
/// machine or `--probe` is given. Otherwise what is known of it.
pub fn database_to_ask(config: &Config, machines: Machines) -> Result<Database, Connection> {
    let database = sound(config, "DATABASE_URL", config.database.as_ref())?;
    let unsupported = match &database {
        Database::Sqlite(it) => it.unsupported,
        Database::Postgres(it) => it.unsupported,
        Database::Other(_) => return Err(Connection::NotContacted(NotContacted::NoClient)),
    };
    match unsupported {
        Some(parameter) => Err(NotContacted::Unsupported(parameter)),
        None if machines == Machines::ThisOne && !database.is_local() => {
            Err(NotContacted::OtherMachine)
        }
        None => Ok(database),
    }
    .map_err(Connection::NotContacted)
}

/// Asks a database that may be asked.
pub fn ask(database: &Database) -> Result<(), Why> {
    match database {
        Database::Sqlite(it) => sqlite::ask(it).map_err(Why::Sqlite),
        Database::Postgres(it) => postgres::ask(it).map_err(Why::Postgres),
        Database::Other(_) => Err(Why::NoClient),
    }
}

/// What is known of a database that was asked.
pub fn known(database: &Database, answer: Result<(), Why>) -> Connection {
    let hosts = if database.is_local() {
        Vec::new()
    } else {
        database.hosts()
    };
    let hosts = hosts.into_iter().map(Outside::from).collect();
    match answer {
        Ok(()) => Connection::Connected(hosts),
        Err(why) => Connection::NotConnected(hosts, why),
    }
}
