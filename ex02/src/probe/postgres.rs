//! Does a PostgreSQL server answer a query?

use std::error::Error as _;
use std::io;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::{Config, Error, NoTls, SimpleQueryMessage};

use super::answer::{stays_here, unreached};
use super::tls::Tls;
use crate::variables::Postgres;

/// Logs in and asks for a number; an error is a reason in our words.
///
/// The time-out bounds the TCP connection only; whoever calls this must not wait for longer.
pub fn ask(database: &Postgres, must_stay: bool, timeout: Duration) -> Result<(), &'static str> {
    let mut config = Config::new();
    config
        .connect_timeout(timeout)
        .application_name("oracle")
        .port(database.port);
    match &database.host {
        Some(host) => {
            if must_stay && !stays_here(host, database.port) {
                return Err("its name does not lead to this machine");
            }
            config.host(host);
        }
        #[cfg(unix)]
        None => {
            config.host_path(&database.sockets);
        }
        #[cfg(not(unix))]
        None => return Err("the host is missing"),
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
    let mode = encryption(database, must_stay);
    config.ssl_mode(mode);
    let client = match mode {
        SslMode::Disable => config.connect(NoTls),
        _ => config.connect(Tls::new(database.roots.as_deref())?),
    };
    let mut client = client.map_err(|error| words(&error))?;
    let rows = client
        .simple_query("SELECT 40 + 2")
        .map_err(|error| words(&error))?;
    let answered = rows
        .iter()
        .any(|it| matches!(it, SimpleQueryMessage::Row(row) if row.get(0) == Some("42")));
    match answered {
        true => Ok(()),
        false => Err("the server answers, but wrongly"),
    }
}

/// On this machine a wire is as good as its URL says. Beyond it a login is encrypted, and the
/// certificate verified, unless the URL says `sslmode=disable`: a server may ask for the
/// password in clear.
fn encryption(database: &Postgres, local: bool) -> SslMode {
    match (database.encryption.as_deref(), local) {
        (Some("require" | "verify-ca" | "verify-full"), _) => SslMode::Require,
        (Some("disable"), _) | (_, true) => SslMode::Disable,
        (_, false) => SslMode::Require,
    }
}

/// The client's and the server's reasons in our words: theirs may quote anything.
fn words(error: &Error) -> &'static str {
    if let Some(state) = error.code() {
        return match *state {
            SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
                "the server refuses this user or password"
            }
            SqlState::INVALID_CATALOG_NAME => "the server has no database of this name",
            SqlState::TOO_MANY_CONNECTIONS => "the server has too many connections",
            SqlState::CANNOT_CONNECT_NOW => "the server is starting or stopping",
            _ => "the server refuses",
        };
    }
    if error
        .to_string()
        .starts_with("error performing TLS handshake")
    {
        let cause = error.source().map(ToString::to_string);
        let unsupported = cause.is_some_and(|it| it == "server does not support TLS");
        return match unsupported {
            true => "the server offers no TLS; without it only ?sslmode=disable logs in",
            false => "its certificate is not accepted; ?sslrootcert=FILE names your own",
        };
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return match error.kind() {
                io::ErrorKind::NotFound => "no server is running (no socket)",
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::InvalidData => "what answers is no PostgreSQL server",
                kind => unreached(kind),
            };
        }
        if error.to_string() == "password missing" {
            return "the server wants a password and the URL has none";
        }
        cause = error.source();
    }
    match error.is_closed() {
        true => "it hangs up; what answers may be no PostgreSQL server",
        false => "the login did not succeed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::Database;

    #[track_caller]
    fn check(url: &str, expected: SslMode) {
        let database = Database::parse(url).unwrap();
        let Database::Postgres(it) = &database else {
            panic!("{url}")
        };
        assert_eq!(encryption(it, database.is_local()), expected);
    }

    #[test]
    fn beyond_this_machine_a_login_is_encrypted_unless_the_url_says_otherwise() {
        check("postgresql://neo:x@db.zion/m", SslMode::Require);
        check(
            "postgresql://neo:x@db.zion/m?sslmode=prefer",
            SslMode::Require,
        );
        check(
            "postgresql://neo:x@db.zion/m?sslmode=disable",
            SslMode::Disable,
        );
        check("postgresql://neo:x@localhost/m", SslMode::Disable);
        check(
            "postgresql://neo:x@localhost/m?sslmode=verify-full",
            SslMode::Require,
        );
    }
}
