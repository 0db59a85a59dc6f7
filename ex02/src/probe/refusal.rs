//! Why is a PostgreSQL server not connected?

use std::io;

/// Why nothing came of it. What the server said is never part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "postgres"),
    expect(dead_code, reason = "nobody is asked without the client")
)]
pub enum Refusal {
    /// 28P01. A server does not tell an unknown user from a wrong password.
    Password,
    /// The server wants a password, and the URL has none.
    NoPassword,
    /// 28000 from the reading of `pg_hba.conf`; by which way.
    NoEntry(Way),
    /// 28000: no such role, or one that may not log in.
    Role,
    /// 28000 otherwise: another proof than a password is wanted (peer, ident, a certificate).
    Identity,
    /// 28000 from a server that does not say where in it.
    User,
    /// 3D000.
    NoDatabase,
    /// 42501: no `CONNECT` privilege.
    NoPrivilege,
    /// 55000: the database takes no connections.
    ClosedDatabase,
    /// 53300.
    TooMany,
    /// 57P03, and 57P01 and 57P02 on the way down.
    StartingOrStopping,
    /// 08P01, by which pgbouncer says nearly everything.
    Protocol,
    /// What `options=` asks for is not there, or not as it says.
    Options,
    /// Any other SQLSTATE.
    Other,
    /// A way of login that the client does not know.
    Method,
    /// The server answers, and is not of the kind that `target_session_attrs=` wants.
    Kind,
    /// A local name that leads elsewhere.
    Elsewhere,
    /// The name has no address.
    NoAddress,
    /// No socket of that name.
    NoSocket,
    /// The system's reason.
    Unreached(io::ErrorKind),
    /// Something answers that does not speak PostgreSQL's protocol.
    NotPostgres,
    /// It hangs up without a word.
    HangsUp,
    /// It answers the question wrongly.
    WrongAnswer,
    /// The login ended in a way that has no name here.
    Unfinished,
    /// Encryption is wanted, and the server offers none; whether the URL said so.
    NoTls { asked_for: bool },
    /// The two find no version or cipher of TLS in common, or the wire is broken.
    Handshake,
    /// The certificate is not accepted; whether `sslrootcert=` names a file.
    Certificate { why: Certificate, own_roots: bool },
    /// The file of `sslrootcert=` cannot be read, or is no regular file, or larger than 1 MiB.
    RootsNotRead,
    /// … holds no certificate.
    NoRoots,
}

/// The ways by which a user was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "postgres"),
    expect(dead_code, reason = "nobody is asked without the client")
)]
pub enum Way {
    /// Without TLS; it was not tried with it.
    Plain,
    /// Over TLS; it was not tried without.
    Encrypted,
    /// Every way there is.
    Any,
}

/// Why a certificate is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(any(feature = "postgres", test)),
    expect(dead_code, reason = "no certificate is seen without the client")
)]
pub enum Certificate {
    /// Its time is over.
    Expired,
    /// Its time is to come, or this machine's clock is slow.
    NotYetValid,
    /// It is for other hosts.
    OtherName,
    /// It names its host in the old way only, without a subjectAltName.
    NoNames,
    /// Signed by nobody that is known.
    UnknownAuthority,
    /// Signed by itself, and not known.
    SelfSigned,
    /// Not made for servers.
    Purpose,
    /// Called back.
    Revoked,
    /// Anything else.
    Broken,
}
