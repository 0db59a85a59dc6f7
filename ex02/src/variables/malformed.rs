//! Why is a text not a valid URL?

/// Why a text is not a valid URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A blank or a backslash.
    Blank,
    /// A line break or another control character.
    Control,
    /// libpq knows its scheme only in small letters.
    CapitalScheme,
    /// No `://`.
    NoSeparator,
    /// The text before `://` is not a scheme.
    NoScheme,
    /// An `@` after the first `/`, `?` or `#`: a piece of a password may be where the host should be.
    Ambiguous,
    /// `[` without `]`.
    OpenBracket,
    /// The text in brackets is not an IPv6 address.
    NoIpv6,
    /// The host has characters that no host name may have.
    Host,
    /// Something else than a port after the brackets.
    AfterBracket,
    /// The port is not a number from 1 to 65535.
    Port,
    /// No host.
    HostMissing,
    /// A percent-encoded part is not UTF-8.
    Encoding,
    /// The scheme is neither `http` nor `https`.
    NotHttp,
    /// Characters that must be percent-encoded (RFC 3986).
    Characters,
    /// The scheme is not that of a known database.
    UnknownDatabase,
    /// Two different modes of an `SQLite` database.
    SqliteTwoModes,
    /// An `SQLite` cache of an unknown kind.
    SqliteCache,
    /// An `SQLite` database with a host, or with a user and a password.
    SqliteHost,
    /// An unknown `SQLite` mode.
    SqliteMode,
    /// `sqlite:` without a path.
    SqlitePath,
    /// A NUL byte in the path.
    SqliteNul,
    /// `%` without two hexadecimal digits after it.
    Percent,
    /// `%00`.
    PercentNul,
    /// A parameter without `=`.
    ParameterWithoutValue,
    /// A parameter with more than one `=`.
    ParameterWithTwoValues,
    /// A parameter that no known PostgreSQL client has.
    UnknownParameter,
    /// libpq knows this parameter, but refuses its value.
    Value(&'static str),
    /// There is neither one port for all hosts nor one for each host.
    Ports,
    /// The number of addresses differs from the number of hosts.
    Addresses,
    /// `hostaddr` is not an IP address.
    NoAddress,
    /// `sslrootcert=system` with a weaker mode than `sslmode=verify-full`.
    WeakMode,
}
