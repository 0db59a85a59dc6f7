//! How does the report say why a PostgreSQL server is not connected, and what helps?

use super::certificate::{Said, certificate};
use super::connections::unreached;
use crate::probe::{Refusal, Way};

/// Why a server is not connected.
pub fn said(refusal: Refusal) -> Said {
    encryption(refusal)
        .or_else(|| reaching(refusal))
        .or_else(|| session(refusal))
        .unwrap_or_else(|| login(refusal))
}

/// The server does not let this user in this way.
fn login(refusal: Refusal) -> Said {
    let (said, hint) = match refusal {
        Refusal::Password => (
            "the server refuses this user or password",
            "compare both with what the server's administrator gave you; a password is percent-encoded",
        ),
        Refusal::NoPassword => (
            "the server wants a password and the URL has none",
            "put it into the URL, percent-encoded; ~/.pgpass and PGPASSWORD are not read here",
        ),
        Refusal::NoEntry(Way::Both) => (
            "the server's pg_hba.conf does not let this user in from here without TLS, nor over TLS without a client certificate",
            "its administrator has to add a line for this user, database and address",
        ),
        Refusal::NoEntry(Way::NoTls) => (
            "the server's pg_hba.conf does not let this user in from here without TLS, and the server offers no TLS",
            "its administrator has to add a line for this user, database and address, or to offer TLS (ssl = on)",
        ),
        Refusal::NoEntry(Way::Socket) => (
            "the server's pg_hba.conf does not let this user in at the socket",
            "its administrator has to add a `local` line for this user and database",
        ),
        Refusal::NoEntry(Way::Plain) => (
            "the server's pg_hba.conf does not let this user in from here without TLS",
            "try ?sslmode=require; if that is refused too, its administrator has to add a line",
        ),
        Refusal::NoEntry(Way::Encrypted) => (
            "the server's pg_hba.conf does not let this user in from here over TLS, or wants a client certificate",
            "its administrator has to add a hostssl line without clientcert; sslcert is not supported here",
        ),
        Refusal::User => (
            "the server does not let this user in (28000)",
            "compare the user's name; its administrator knows who may log in from here",
        ),
        Refusal::Role => (
            "the server has no user of this name, or this user may not log in",
            "compare the user's name; on the server: CREATE ROLE name LOGIN",
        ),
        Refusal::Identity => (
            "the server checks this user in another way than by password (peer, ident, a certificate)",
            "connect as the user that the server expects, or over TCP with a password",
        ),
        Refusal::CheckedElsewhere => (
            "the server refuses this user or password after another service checked it (PAM, LDAP, RADIUS)",
            "compare both with that service's; the server's log says whether it answered at all",
        ),
        Refusal::Protocol => (
            "the server refuses the login, and its code gives no reason (08P01, as from pgbouncer)",
            "compare user, password and database with pgbouncer's; it may also refuse `options` of the URL; its log has the reason",
        ),
        Refusal::Method => (
            "the server wants a way of login that is not supported here",
            "supported are: none, password, md5 and scram-sha-256",
        ),
        _ => ("the server refuses", "its log says why"),
    };
    (said, Some(hint))
}

/// The server accepts the user, but opens no session with this database.
fn session(refusal: Refusal) -> Option<Said> {
    let (said, hint) = match refusal {
        Refusal::NoDatabase => (
            "the server has no database of this name",
            "compare the name; on the server: createdb name",
        ),
        Refusal::NoPrivilege => (
            "this user has no CONNECT privilege on the database",
            "on the server: GRANT CONNECT ON DATABASE name TO user",
        ),
        Refusal::ClosedDatabase => (
            "the database takes no connections now",
            "on the server: ALTER DATABASE name ALLOW_CONNECTIONS true",
        ),
        Refusal::InvalidDatabase => (
            "the database is invalid: somebody began to drop it, and that did not end",
            "on the server: DROP DATABASE name, then make it again",
        ),
        Refusal::TooMany => (
            "the server has too many connections",
            "close connections that nobody needs, or raise max_connections on the server",
        ),
        Refusal::TooManyOfUser => (
            "this user has as many connections as it may have",
            "close some of them, or on the server: ALTER ROLE user CONNECTION LIMIT number",
        ),
        Refusal::TooManyOfDatabase => (
            "the database has as many connections as it may have",
            "close some of them, or on the server: ALTER DATABASE name CONNECTION LIMIT number",
        ),
        Refusal::StartingOrStopping => (
            "the server is starting or stopping",
            "wait a moment, then run this again; a standby needs hot_standby = on",
        ),
        Refusal::Stopping => (
            "the server ends the session, because it is stopping",
            "wait a moment, then run this again",
        ),
        Refusal::Options => (
            "the server refuses what the parameter options asks for",
            "compare options with the server's settings",
        ),
        _ => return None,
    };
    Some((said, Some(hint)))
}

/// No PostgreSQL server answers.
fn reaching(refusal: Refusal) -> Option<Said> {
    Some(match refusal {
        Refusal::NoAddress => ("no such host, or no route to it", None),
        Refusal::NoSocket => (
            "no server is running (no socket)",
            Some("start it, or name the folder of its socket: ?host=/path/to/folder"),
        ),
        Refusal::LongSocket => (
            "the path of its socket is longer than this system allows, so nobody was asked",
            Some("name the folder of the socket in another way, such as a symbolic link to it"),
        ),
        Refusal::Unreached(kind) | Refusal::Lost(kind) => (unreached(kind), None),
        Refusal::NotPostgres => (
            "the server does not speak PostgreSQL",
            Some("compare the port"),
        ),
        Refusal::HangsUp => (
            "it closes the connection; perhaps it does not speak PostgreSQL",
            None,
        ),
        Refusal::Query => (
            "the server accepts the login, and answers a query with an error",
            Some("its log says why; behind pgbouncer, the database pgbouncer knows only SHOW"),
        ),
        Refusal::WrongAnswer => ("the server gives a wrong answer", None),
        Refusal::Kind => (
            "the server is not of the kind that target_session_attrs asks for",
            Some("name the other servers too: h1:5432,h2:5432"),
        ),
        _ => return None,
    })
}

/// The connection is not encrypted as it should be.
fn encryption(refusal: Refusal) -> Option<Said> {
    Some(match refusal {
        Refusal::NoTls { asked_for: true } => (
            "sslmode asks for TLS, and the server offers no TLS",
            Some(
                "let the server offer it (ssl = on), or write ?sslmode=disable in a network that you trust",
            ),
        ),
        Refusal::NoTls { asked_for: false } => (
            "the server offers no TLS; beyond this machine only ?sslmode=disable logs in without it",
            Some(
                "let the server offer it (ssl = on); ?sslmode=disable sends the login unencrypted",
            ),
        ),
        Refusal::Certificate { why, own_roots } => certificate(why, own_roots),
        Refusal::RootsNotRead => (
            "the file of sslrootcert cannot be read, is not a regular file, or is larger than 1 MiB",
            Some("name a PEM file with the certificate of the server's authority"),
        ),
        Refusal::NoRoots => (
            "the file of sslrootcert has no certificate in it",
            Some("it must be PEM: -----BEGIN CERTIFICATE-----"),
        ),
        Refusal::Handshake => (
            "no encrypted connection: client and server have no TLS version, cipher, curve or kind of signature in common",
            Some(
                "the server must speak TLS 1.2 or 1.3 with AES-GCM or ChaCha20, and have a key that is RSA, P-256, P-384 or Ed25519",
            ),
        ),
        Refusal::HandshakeBroken => (
            "no encrypted connection: the server says yes to TLS, and then does not keep to its rules or breaks it off",
            Some("the log of the server says what it misses"),
        ),
        _ => return None,
    })
}
