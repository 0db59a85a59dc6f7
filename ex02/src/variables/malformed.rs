//! Why is a text not the URL that it should be?

/// Why a text is not the URL that it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A blank or a backslash.
    Blank,
    /// A line break or another control character.
    Control,
    /// No `://`.
    NoSeparator,
    /// What stands before `://` is no scheme.
    NoScheme,
    /// An `@` behind the first `/`, `?` or `#`: a piece of a password may stand where the host should.
    Ambiguous,
    /// `[` without `]`.
    OpenBracket,
    /// In brackets, and no IPv6 address.
    NoIpv6,
    /// Characters that no host has.
    Host,
    /// Something but a port behind the brackets.
    AfterBracket,
    /// The port is no number from 1 to 65535.
    Port,
    /// No host.
    HostMissing,
    /// A percent-encoded part is no UTF-8.
    Encoding,
    /// Not `http` and not `https`.
    NotHttp,
    /// Characters that RFC 3986 wants percent-encoded.
    Characters,
    /// Not the scheme of a database that is known.
    UnknownDatabase,
    /// A parameter that `SQLite` knows, and that is not passed on.
    SqliteParameter(&'static str),
    /// Two different modes of an `SQLite` database.
    SqliteTwoModes,
    /// An `SQLite` cache that is none.
    SqliteCache,
    /// An `SQLite` database on another machine.
    SqliteHost,
    /// An `SQLite` mode that is none.
    SqliteMode,
    /// `sqlite:` without a path.
    SqlitePath,
    /// A NUL byte in the path.
    SqliteNul,
    /// `%` without two hexadecimal digits behind it.
    Percent,
    /// `%00`.
    PercentNul,
    /// A parameter without `=`.
    ParameterWithoutValue,
    /// A parameter with more than one `=`.
    ParameterWithTwoValues,
    /// A parameter that no client of PostgreSQL is known to have.
    UnknownParameter,
    /// A parameter of libpq with a value that libpq refuses.
    Value(&'static str),
    /// Neither one port nor one for each host.
    Ports,
    /// Not as many addresses as hosts.
    Addresses,
    /// `hostaddr` is no address.
    NoAddress,
    /// `sslrootcert=system` with less than `sslmode=verify-full`.
    WeakMode,
}
