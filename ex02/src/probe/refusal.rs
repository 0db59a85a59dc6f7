//! Why is a PostgreSQL server not connected?

use std::io;

use super::certificate::Certificate;

/// Why a PostgreSQL server is not connected. It never quotes the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 28P01. A server does not tell an unknown user from a wrong password.
    Password,
    /// The server wants a password, and the URL has none.
    NoPassword,
    /// 28000, because `pg_hba.conf` does not allow it in this way. Over TLS it may also want a certificate of the
    /// client: the server says both in one function.
    NoEntry(Way),
    /// 28000: there is no such role, or it may not log in.
    Role,
    /// 28000: the server wants another proof than a password (peer, ident, a certificate).
    Identity,
    /// 28000, after the server asked for the password: another service checked it (PAM, LDAP, RADIUS).
    CheckedElsewhere,
    /// 28000, and the server does not name the function.
    User,
    /// 3D000: there is no such database.
    NoDatabase,
    /// 42501: the user has no `CONNECT` privilege.
    NoPrivilege,
    /// 55000: the database takes no connections.
    ClosedDatabase,
    /// 55000: nobody finished dropping the database.
    InvalidDatabase,
    /// 53300: the server has too many connections.
    TooMany,
    /// 53300: this user has as many connections as it may have.
    TooManyOfUser,
    /// 53300: the database has as many connections as it may have.
    TooManyOfDatabase,
    /// 57P03: it takes no logins now.
    StartingOrStopping,
    /// 57P01 and 57P02: it ends the session, because it stops.
    Stopping,
    /// 08P01, which pgbouncer uses for nearly everything.
    Protocol,
    /// The server does not know what `options=` asks for, or refuses it.
    Options,
    /// Any other SQLSTATE.
    Other,
    /// The server wants a way of login that the client does not know.
    Method,
    /// The server answers, but it is not of the kind that `target_session_attrs=` asks for.
    Kind,
    /// The name has no address.
    NoAddress,
    /// There is no such socket.
    NoSocket,
    /// The system gives this reason.
    Unreached(io::ErrorKind),
    /// The path of the socket is longer than the system allows.
    LongSocket,
    /// Somebody accepted the connection. Then it broke, and the system gives this reason.
    Lost(io::ErrorKind),
    /// The server does not speak the protocol of PostgreSQL.
    NotPostgres,
    /// The server closes the connection without an answer.
    HangsUp,
    /// The server accepts the login, and answers the query with an error.
    Query,
    /// The server gives a wrong answer.
    WrongAnswer,
    /// The connection must be encrypted, but the server offers no TLS. Did the URL ask for it?
    NoTls { asked_for: bool },
    /// The two have no version, cipher, curve or kind of signature of TLS in common.
    Handshake,
    /// TLS began, and ended with another error than these.
    HandshakeBroken,
    /// The certificate is not accepted. Does `sslrootcert=` name a file?
    Certificate { why: Certificate, own_roots: bool },
    /// The file of `sslrootcert=` cannot be read, is not a regular file, or is larger than 1 MiB.
    RootsNotRead,
    /// The file of `sslrootcert=` has no certificate in it.
    NoRoots,
}

impl Refusal {
    /// True when the client asks the next server or address, as libpq does: nobody accepted the connection,
    /// there was no answer in time, the server takes no logins now, or it is the wrong kind of server.
    /// Otherwise somebody accepted the connection, and nobody else is asked.
    pub fn leaves_the_next(self) -> bool {
        matches!(
            self,
            Self::Unreached(_)
                | Self::NoAddress
                | Self::NoSocket
                | Self::LongSocket
                | Self::StartingOrStopping
                | Self::Kind
        )
    }
}

/// The ways in which the server refuses a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Without TLS. It was not tried with TLS.
    Plain,
    /// Over TLS. It was not tried without TLS.
    Encrypted,
    /// In both ways.
    Both,
    /// Without TLS, and the server offers no TLS.
    NoTls,
    /// At its socket, which has no TLS.
    Socket,
}
