//! Does a PostgreSQL server answer a query?
//!
//! The client library makes one connection. This module does what libpq does with several hosts, with
//! `sslmode` and with `target_session_attrs`.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use tokio_postgres::{Config, SimpleQueryMessage};

use super::lookup;
use super::postgres_encryption::{Call, connect, connect_plainly, in_this_way};
use super::postgres_error::refusal_of_query;
use super::postgres_session::Session;
use super::refusal::{Refusal, Way};
use crate::variables::{Encryption, Host, Postgres, Server, Target};

/// Logs in and asks for a number.
///
/// Only `connect_timeout` limits the wait for an address, if the URL has it. The caller must limit the whole
/// wait.
pub fn ask(database: &Postgres) -> Result<(), Refusal> {
    let targets: &[Target] = match database.target {
        Target::PreferStandby => &[Target::Standby, Target::Any],
        ref target => std::slice::from_ref(target),
    };
    let mut last = Refusal::NoAddress;
    for target in targets {
        for server in &database.servers {
            match ask_server(database, server, *target) {
                Ok(()) => return Ok(()),
                Err(Refusal::Identity) => {
                    return Err(why_another_proof(database, server, *target));
                }
                Err(refusal) if refusal.leaves_the_next() => last = refusal,
                refused => return refused,
            }
        }
    }
    Err(last)
}

/// A server that refuses a user in another way than by its own passwords may have asked for the password all
/// the same, for another service. Without a password, the login ends where the server asks for it.
fn why_another_proof(database: &Postgres, server: &Server, target: Target) -> Refusal {
    let mut database = database.clone();
    let had_password = database.password.take().is_some();
    let ask = || ask_server(&database, server, target);
    if had_password && ask() == Err(Refusal::NoPassword) {
        Refusal::CheckedElsewhere
    } else {
        Refusal::Identity
    }
}

/// Asks a server at each of its addresses.
fn ask_server(database: &Postgres, server: &Server, target: Target) -> Result<(), Refusal> {
    let mut config = config(database);
    config.port(server.port);
    let name = match &server.host {
        Host::Name(name) => name,
        Host::Socket(_) if !cfg!(unix) => return Err(Refusal::NoSocket),
        Host::Socket(folder) if server.address.is_none() => {
            at_socket(&mut config, folder, server.port)?;
            let session = connect_plainly(&Call::new(database, "", config));
            return answer(session.map_err(|it| in_this_way(it, Way::Socket))?, target);
        }
        Host::Socket(_) | Host::Unnamed => "",
    };
    // Without a name, libpq refuses this mode. In the others, this program may check the address.
    let host = match (&server.host, server.address) {
        (Host::Unnamed, Some(it)) if database.encryption != Encryption::VerifyFull => {
            it.to_string()
        }
        (Host::Socket(folder), _) => folder.display().to_string(),
        _ => name.to_owned(),
    };
    let mut last = Refusal::NoAddress;
    for address in addresses(server, name)? {
        let mut config = config.clone();
        config.host(name).hostaddr(address);
        match connect(database, server, &Call::new(database, &host, config)) {
            Ok(session) => return answer(session, target),
            Err(refusal) if refusal.leaves_the_next() => last = refusal,
            Err(refusal) => return Err(refusal),
        }
    }
    Err(last)
}

/// The folder of a Unix socket. The system limits the length of the whole path.
#[cfg(unix)]
fn at_socket(config: &mut Config, folder: &Path, port: u16) -> Result<(), Refusal> {
    let path = folder.join(format!(".s.PGSQL.{port}"));
    std::os::unix::net::SocketAddr::from_pathname(path).map_err(|_| Refusal::LongSocket)?;
    config.host_path(folder);
    Ok(())
}

/// This system has no Unix sockets.
#[cfg(not(unix))]
fn at_socket(_: &mut Config, _: &Path, _: u16) -> Result<(), Refusal> {
    Err(Refusal::NoSocket)
}

/// The addresses of a server. The client asks exactly the addresses that were looked up here.
fn addresses(server: &Server, name: &str) -> Result<Vec<IpAddr>, Refusal> {
    if let Some(address) = server.address {
        return Ok(vec![address]);
    }
    let found = lookup::addresses(name, server.port);
    let found = found.map_err(|why| why.map_or(Refusal::NoAddress, Refusal::Unreached))?;
    Ok(found.iter().map(SocketAddr::ip).collect())
}

/// The settings of the client: user, database, keepalives.
fn config(database: &Postgres) -> Config {
    let seconds = |it: u32| Duration::from_secs(it.into());
    let mut config = Config::new();
    let wire = &database.wire;
    config
        .application_name(database.application.as_deref().unwrap_or("oracle"))
        .keepalives(!wire.unwatched);
    if let Some(idle) = wire.idle {
        config.keepalives_idle(seconds(idle));
    }
    if let Some(interval) = wire.interval {
        config.keepalives_interval(seconds(interval));
    }
    if let Some(count) = wire.count {
        config.keepalives_retries(count);
    }
    if let Some(milliseconds) = wire.milliseconds {
        config.tcp_user_timeout(Duration::from_millis(milliseconds.into()));
    }
    if let Some(user) = &database.user {
        config.user(user);
    }
    if let Some(name) = &database.name {
        config.dbname(name);
    }
    if let Some(password) = &database.password {
        config.password(password.expose());
    }
    if let Some(options) = &database.options {
        config.options(options.expose());
    }
    config
}

/// A server counts as connected when it answers and is of the kind that the URL asks for.
fn answer(mut session: Session, target: Target) -> Result<(), Refusal> {
    let answered = is_wanted(&mut session, target);
    session.end();
    answered
}

/// Does the server answer, and is it of this kind?
fn is_wanted(session: &mut Session, target: Target) -> Result<(), Refusal> {
    let mut ask = |question: &str| {
        let rows = session.ask(question);
        let rows = rows.map_err(|error| refusal_of_query(&error))?;
        let cell = rows.iter().find_map(|it| match it {
            // A cell may be missing, or not UTF-8.
            SimpleQueryMessage::Row(row) => row.try_get(0).ok()?.map(str::to_owned),
            _ => None,
        });
        cell.ok_or(Refusal::WrongAnswer)
    };
    if ask("SELECT 40 + 2")? != "42" {
        return Err(Refusal::WrongAnswer);
    }
    let (question, wanted) = match target {
        Target::Any | Target::PreferStandby => return Ok(()),
        Target::ReadWrite => ("SHOW transaction_read_only", "off"),
        Target::ReadOnly => ("SHOW transaction_read_only", "on"),
        Target::Primary => ("SELECT pg_catalog.pg_is_in_recovery()", "f"),
        Target::Standby => ("SELECT pg_catalog.pg_is_in_recovery()", "t"),
    };
    if ask(question)? == wanted {
        Ok(())
    } else {
        Err(Refusal::Kind)
    }
}
