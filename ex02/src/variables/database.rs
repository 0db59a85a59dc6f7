//! What does `DATABASE_URL` say: which kind of database, where, and is it on this machine?

use std::path::PathBuf;

use super::placeholder::is_placeholder;
use super::sqlite_url::Sqlite;
use super::url::{self, Malformed, Url};
use crate::secret::Secret;
use crate::words::{Outside, Words};

/// A `DATABASE_URL` that could be read.
#[derive(Clone, Debug)]
pub enum Database {
    /// SQLite, which is linked into this program.
    Sqlite(Sqlite),
    /// PostgreSQL, asked through a client in pure Rust.
    Postgres(Postgres),
    /// A kind that this program has no client for: on which host.
    Other(String),
}

/// How to reach a PostgreSQL database.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "postgres"),
    expect(dead_code, reason = "only its host is asked for without the client")
)]
pub struct Postgres {
    /// `None`: through the Unix socket in [`SOCKETS`] or the folder that `?host=` names.
    pub host: Option<String>,
    /// 1 to 65535; of a socket too, whose name has it.
    pub port: u16,
    /// Folder of the Unix socket.
    pub sockets: PathBuf,
    /// Who asks.
    pub user: Option<String>,
    /// What proves it.
    pub password: Option<Secret>,
    /// Which database.
    pub name: Option<String>,
    /// `?sslmode=` as libpq knows it.
    pub encryption: Option<String>,
    /// `?sslrootcert=`: the certificates to trust in place of the public ones.
    pub roots: Option<PathBuf>,
}

/// Where Debian's PostgreSQL keeps its socket; libpq's default there.
const SOCKETS: &str = "/var/run/postgresql";

/// Databases without a client here.
const OTHERS: &[&str] = &[
    "clickhouse",
    "cockroachdb",
    "mariadb",
    "mongodb",
    "mssql",
    "mysql",
    "oracle",
    "redis",
    "rediss",
    "sqlserver",
];

impl Database {
    /// Reads a `DATABASE_URL`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if let Some(rest) = after_sqlite(text) {
            return Sqlite::parse(rest).map(Self::Sqlite);
        }
        let url = url::parse(text)?;
        // SQLAlchemy names its driver too: postgresql+psycopg2://…
        let scheme = url.scheme.split('+').next().unwrap_or_default();
        let scheme = scheme.to_ascii_lowercase();
        if matches!(scheme.as_str(), "postgres" | "postgresql") {
            return Postgres::parse(&url).map(Self::Postgres);
        }
        if !OTHERS.contains(&scheme.as_str()) {
            return Err(Malformed::UnknownDatabase);
        }
        if url.host.is_empty() {
            return Err(Malformed::HostMissing);
        }
        Ok(Self::Other(url.host.to_owned()))
    }

    /// True when it runs on this machine.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(it) => it.host.as_ref().is_none_or(|host| url::is_loopback(host)),
            Self::Other(host) => url::is_loopback(host),
        }
    }

    /// The machine it runs on, when its URL names one.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(it) => it.host.as_deref(),
            Self::Other(host) => Some(host),
        }
    }
}

impl Postgres {
    /// Reads the parts of a `postgresql://` URL.
    fn parse(url: &Url) -> Result<Self, Malformed> {
        let decoded = |part: &str| url::decode(part).ok_or(Malformed::Encoding);
        let text = |part: &str| decoded(part).map(|it| it.as_str().to_owned());
        let secret = |part: &str| decoded(part).map(|it| Secret::new(it.as_str()));
        let mut sockets = PathBuf::from(SOCKETS);
        let mut host = text(url.host)?;
        let mut password = url.password.map(secret).transpose()?;
        let (mut encryption, mut roots) = (None, None);
        for pair in url.query.unwrap_or_default().split('&') {
            match pair.split_once('=') {
                Some(("host", value)) => host = text(value)?,
                Some(("password", value)) => password = Some(secret(value)?),
                Some(("sslmode", value)) => encryption = Some(text(value)?),
                Some(("sslrootcert", value)) => roots = Some(PathBuf::from(text(value)?)),
                _ => {}
            }
        }
        if host.starts_with('/') {
            sockets = PathBuf::from(std::mem::take(&mut host));
        } else if !host
            .chars()
            .all(|c| c.is_alphanumeric() || "-._:".contains(c))
        {
            return Err(Malformed::Host);
        }
        let name = text(url.path.trim_start_matches('/'))?;
        Ok(Self {
            host: Some(host).filter(|it| !it.is_empty()),
            port: url.port.unwrap_or(5432),
            sockets,
            user: url.user.map(text).transpose()?.filter(|it| !it.is_empty()),
            password: password.filter(|it| !it.expose().is_empty()),
            name: Some(name).filter(|it| !it.is_empty()),
            encryption,
            roots,
        })
    }
}

/// What follows `sqlite:`; RFC 3986 lets a scheme be written in any case of letters.
pub fn after_sqlite(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked("sqlite:".len())?;
    scheme.eq_ignore_ascii_case("sqlite:").then_some(rest)
}

/// What may be shown of a `DATABASE_URL`: `postgresql://***@host:5432/name`.
pub fn shown(text: &str) -> Option<Words> {
    if let Some(rest) = after_sqlite(text) {
        let path = rest.split('?').next().unwrap_or_default();
        return Some(Words::from("sqlite:") + sqlite_path(path));
    }
    let url = url::parse(text).ok()?;
    let path = url::decode(url.path)?;
    let query = if url.query.is_some() { "?***" } else { "" };
    Some(url.place() + Outside::from(path.as_str()) + query)
}

/// The path of an `SQLite` database; the word for one in memory is ours.
fn sqlite_path(path: &str) -> Words {
    if path == MEMORY {
        MEMORY.into()
    } else {
        Outside::from(path).into()
    }
}

/// `SQLite`'s name for a database in memory.
const MEMORY: &str = ":memory:";

/// True when the password is that of every example: `user:password@`.
pub fn has_placeholder(text: &str) -> bool {
    let Ok(url) = url::parse(text) else {
        return false;
    };
    let password = url.password.and_then(url::decode);
    password.is_some_and(|it| is_placeholder(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sqlite(text: &str, path: Option<&str>, create: bool) {
        match Database::parse(text) {
            Ok(Database::Sqlite(it)) => {
                assert_eq!(
                    it,
                    Sqlite {
                        path: path.map(PathBuf::from),
                        create
                    },
                    "{text}"
                );
            }
            _ => panic!("{text}"),
        }
    }

    #[test]
    fn the_forms_of_an_sqlite_url_are_understood() {
        for text in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite:///:memory:",
            "sqlite://",
            "sqlite:x?mode=memory",
        ] {
            sqlite(text, None, false);
        }
        sqlite("sqlite:a/b.db", Some("a/b.db"), false);
        sqlite("sqlite://b.db", Some("b.db"), false);
        sqlite("sqlite:////tmp/b.db", Some("//tmp/b.db"), false);
        sqlite("sqlite:b%20c.db?mode=rwc", Some("b c.db"), true);
        sqlite("SQLite:b.db", Some("b.db"), false);
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>, local: Option<bool>) {
        assert_eq!(
            shown(text).map(|it| it.plain()).as_deref(),
            expected,
            "{text}"
        );
        assert_eq!(
            Database::parse(text).ok().map(|it| it.is_local()),
            local,
            "{text}"
        );
    }

    #[test]
    fn only_scheme_host_and_name_are_shown() {
        check(
            "postgresql://neo:pw@db.zion:5432/m",
            Some("postgresql://***@db.zion:5432/m"),
            Some(false),
        );
        check(
            "postgres://127.0.0.1/m?password=pw",
            Some("postgres://127.0.0.1/m?***"),
            Some(true),
        );
        check(
            "postgresql://neo:pw@[::1]:5432/m",
            Some("postgresql://***@[::1]:5432/m"),
            Some(true),
        );
        check("postgresql:///m", Some("postgresql:///m"), Some(true));
        check("mysql://neo:pw@db/m", Some("mysql://***@db/m"), Some(false));
        check(
            "POSTGRESQL://neo@db/m",
            Some("postgresql://***@db/m"),
            Some(false),
        );
        check("https://neo:pw@db/m", Some("https://***@db/m"), None);
        check("neo:pw@db", None, None);
        check("sqlite:", Some("sqlite:"), None);
    }

    #[test]
    fn the_password_of_every_example_is_a_placeholder() {
        assert!(has_placeholder("postgresql://user:password@localhost/db"));
        assert!(has_placeholder("postgresql://neo:change-me@localhost/db"));
        // In two halves: this file is searched too.
        let real = ["9fQ1", "kd7x"].join("-");
        assert!(!has_placeholder(&format!(
            "postgresql://neo:{real}@localhost/db"
        )));
        assert!(!has_placeholder("sqlite::memory:"));
    }
}
