//! What does `DATABASE_URL` say: which kind of database, where, and is it on this machine?

use super::address::is_loopback;
use super::behind;
use super::placeholder::is_placeholder;
use super::postgres::{Host, Postgres, Server};
use super::postgres_url;
use super::scheme::known;
use super::sqlite_url::Sqlite;
use super::url::{self, Malformed, Url};
use crate::secret::Secret;
use crate::words::{Outside, Words};

/// A `DATABASE_URL` that could be read.
#[derive(Clone, Debug)]
pub enum Database {
    /// SQLite, which is a part of this program.
    Sqlite(Sqlite),
    /// PostgreSQL. A client in pure Rust asks it.
    Postgres(Box<Postgres>),
    /// A database that this program has no client for, and its host when the URL names one.
    Other(Option<String>),
}

/// Everything that a `DATABASE_URL` says.
pub struct DatabaseUrl {
    /// What it says.
    pub database: Result<Database, Malformed>,
    /// The part that may be shown: `postgresql://***@host:5432/name`.
    pub shown: Option<Words>,
    /// True when the password is the one of every example: `user:password@`.
    pub placeholder: bool,
}

impl DatabaseUrl {
    /// One without a placeholder.
    fn new(database: Result<Database, Malformed>, shown: Option<Words>) -> Self {
        Self {
            database,
            shown,
            placeholder: false,
        }
    }
}

/// Databases that this program has no client for.
pub(super) const OTHERS: &str = "access arangodb athena bigquery bolt cassandra clickhouse cockroach cockroachdb couchbase \
    couchbases couchdb crate databricks db2 doris dremio drill druid duckdb dynamodb ecto \
    edgedb elasticsearch exa exasol firebird gel hana hive impala informix iris jdbc kylin \
    libsql mariadb memcached monetdb mongodb mssql mysql mysql-connector mysql2 mysqlgis \
    mysqli mysqlx neo4j oceanbase oci8 opensearch oracle pdo-mysql pdo-pgsql pdo-sqlite presto \
    prisma questdb redis rediss redshift risingwave singlestoredb snowflake spanner spatialite \
    sqlserver sqlsrv starrocks surrealdb sybase teradatasql tidb timescale timescaledb \
    timescalegis trilogy trino turso valkey valkeys vertica ydb yugabytedb";

/// Reads a `DATABASE_URL`.
pub fn read(text: &str) -> DatabaseUrl {
    if let Some(rest) = after_sqlite(text) {
        if has_credentials(rest) {
            return DatabaseUrl::new(Err(Malformed::SqliteHost), None);
        }
        let database = Sqlite::parse(rest).map(Database::Sqlite);
        let shown = database.is_ok().then(|| shown_of_sqlite(text, rest));
        return DatabaseUrl::new(database, shown);
    }
    match postgres_url::cut(text) {
        Some(Ok(url)) => postgres(&url),
        Some(Err(malformed)) => DatabaseUrl::new(Err(malformed), None),
        None => other(text),
    }
}

/// Reads the parts of a PostgreSQL URL.
fn postgres(url: &Url) -> DatabaseUrl {
    let read = Postgres::parse(url);
    let password = read.as_ref().ok().and_then(|it| it.password.clone());
    let placeholder = |it: Secret| !it.expose().is_empty() && is_placeholder(it.expose());
    let database = read.map(|it| Database::Postgres(Box::new(it)));
    DatabaseUrl {
        placeholder: password.is_some_and(placeholder),
        ..DatabaseUrl::new(database, url.shown())
    }
}

/// Reads the URL of another database.
fn other(text: &str) -> DatabaseUrl {
    let scheme = text.split([':', '+']).next().unwrap_or_default();
    let known = known(OTHERS, scheme);
    // jdbc:sqlserver://h;databaseName=m and mongodb://a:1,b:2/m have their own grammar.
    let separated = text.contains("://") || scheme.eq_ignore_ascii_case("jdbc");
    let url = url::parse(text);
    match (url, known) {
        // It may be a web hook in the wrong place, and nobody knows which part of it is secret.
        (Ok(_), None) => DatabaseUrl::new(Err(Malformed::UnknownDatabase), None),
        (Ok(url), Some(_)) => {
            let password = url.password.and_then(url::decode);
            DatabaseUrl {
                database: match url.host() {
                    // duckdb:///matrix.duckdb is a file.
                    "" if url.path.len() > 1 => Ok(Database::Other(None)),
                    "" => Err(Malformed::HostMissing),
                    host => Ok(Database::Other(Some(host.to_owned()))),
                },
                shown: url.shown(),
                placeholder: password.is_some_and(|it| !it.is_empty() && is_placeholder(&it)),
            }
        }
        (Err(malformed), Some(known))
            if separated && !matches!(malformed, Malformed::Control | Malformed::Blank) =>
        {
            let shown = Words::from(known) + ":***";
            DatabaseUrl::new(Ok(Database::Other(None)), Some(shown))
        }
        (Err(malformed), _) => DatabaseUrl::new(Err(malformed), None),
    }
}

impl Database {
    /// True when every host of the URL is this machine.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(it) => it.servers.iter().all(Server::is_local),
            Self::Other(host) => host.as_ref().is_some_and(|host| is_loopback(host)),
        }
    }

    /// The names and addresses of the hosts. Empty for a file or a socket.
    pub fn hosts(&self) -> Vec<String> {
        match self {
            Self::Sqlite(_) => Vec::new(),
            Self::Postgres(it) => {
                let host = |it: &Server| match (&it.host, it.address) {
                    (_, Some(address)) => Some(address.to_string()),
                    (Host::Name(name), None) => Some(name.clone()),
                    (Host::Socket(_) | Host::Unnamed, None) => None,
                };
                it.servers.iter().filter_map(host).collect()
            }
            Self::Other(host) => host.iter().cloned().collect(),
        }
    }
}

/// The text after `sqlite:`. RFC 3986 allows capital letters in a scheme. `file:` is SQLite's own kind
/// of URL, which Prisma uses. SQLAlchemy also names a driver: `sqlite+aiosqlite:`.
pub fn after_sqlite(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let (base, driver) = scheme.split_once('+').unwrap_or((scheme, ""));
    let is = |it: &str| base.eq_ignore_ascii_case(it);
    if driver.is_empty() && is("file") {
        return Some(text);
    }
    let named = driver.chars().all(|c| c.is_ascii_alphanumeric());
    (named && (is("sqlite") || is("sqlite3"))).then_some(rest)
}

/// True for `sqlite://neo:12/34@h/m`, the URL of a server with another scheme: nobody knows where the password ends.
/// The colon of `sqlite:///C:/neo@zion/m.db` is that of a drive.
pub fn has_credentials(after_sqlite: &str) -> bool {
    let uri = after_sqlite.strip_prefix("file:");
    let text = uri.unwrap_or(after_sqlite).trim_start_matches('/');
    let before = text.rsplit_once('@').map_or("", |(before, _)| before);
    before.split_once(':').is_some_and(|(user, password)| {
        !text.starts_with(MEMORY) && !user.contains('/') && !password.starts_with(['/', '\\'])
    })
}

/// The part of an `SQLite` database that may be shown: its path, or our own word for one in memory.
fn shown_of_sqlite(text: &str, rest: &str) -> Words {
    let before_query = rest.split('?').next().unwrap_or_default();
    // `%3F` may have been a `?`.
    let decoded = url::decode(before_query).unwrap_or_default();
    let whole = if behind::path_of_file(&decoded).len() < decoded.len() {
        decoded.as_str()
    } else {
        before_query
    };
    let path = behind::path_of_file(whole);
    // `file:` is a part of the text after the scheme.
    let scheme = if text.len() == rest.len() {
        ""
    } else {
        "sqlite:"
    };
    let path_is_all = path.len() == whole.len();
    let path = if path == MEMORY {
        Words::from(MEMORY)
    } else {
        Outside::from(path).into()
    };
    let hidden = if path_is_all { "" } else { "***" };
    Words::from(scheme) + path + hidden
}

/// SQLite's name for a database in memory.
const MEMORY: &str = ":memory:";

/// The part that may be shown, for tests.
#[cfg(test)]
pub fn shown(text: &str) -> Option<Words> {
    read(text).shown
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::sqlite_url::Creation;
    use super::*;

    #[track_caller]
    fn sqlite(text: &str, path: Option<&str>, create: bool) {
        match read(text).database {
            Ok(Database::Sqlite(it)) => {
                assert_eq!(it.path, path.map(PathBuf::from), "{text}");
                assert_eq!(it.creation == Creation::Allowed, create, "{text}");
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
            "sqlite:///",
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
        sqlite(
            "sqlite:///srv/neo@zion/b.db",
            Some("/srv/neo@zion/b.db"),
            false,
        );
        sqlite(
            "sqlite:///C:/neo@zion/b.db",
            Some("/C:/neo@zion/b.db"),
            false,
        );
        sqlite(
            "sqlite:///srv/12:30@zion/b.db",
            Some("/srv/12:30@zion/b.db"),
            false,
        );
    }

    #[test]
    fn an_sqlite_url_with_credentials_is_refused_and_all_of_it_is_secret() {
        for text in [
            "sqlite://neo:pw@zion/m.db",
            "sqlite://neo:p/w@zion/m.db",
            "sqlite+aiosqlite://neo:p#w@zion/m.db",
            "sqlite://:p?w@zion/m.db",
            "sqlite:neo:p/w@zion/m.db",
            "sqlite:///neo:p/w@zion/m.db",
            "file://neo:p/w@zion/m.db",
        ] {
            assert_eq!(
                read(text).database.err(),
                Some(Malformed::SqliteHost),
                "{text}"
            );
            assert!(shown(text).is_none(), "{text}");
            let secrets = super::super::judge::in_database(text);
            assert!(secrets.iter().any(|it| it.expose() == text), "{text}");
        }
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>, local: Option<bool>) {
        assert_eq!(
            shown(text).map(|it| it.plain()).as_deref(),
            expected,
            "{text}"
        );
        assert_eq!(
            read(text).database.ok().map(|it| it.is_local()),
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
        check(
            "postgresql://neo:pw@127.0.0.1:%31%35%34/m",
            Some("postgresql://***@127.0.0.1:154/m"),
            Some(true),
        );
        check("postgresql://neo:pw@127.0.0.1:x1y/m", None, None);
        check("mysql://neo:pw@db/m", Some("mysql://***@db/m"), Some(false));
        check("POSTGRESQL://neo@db/m", Some("postgresql://***@db/m"), None);
        check(
            "PostGIS://neo@db/m",
            Some("postgis://***@db/m"),
            Some(false),
        );
        check("https://neo:pw@db/m", None, None);
        check("neo:pw@db", None, None);
        check("sqlite:", None, None);
    }

    #[test]
    fn usual_urls_are_understood_or_named() {
        sqlite("sqlite+aiosqlite:///./x.db", Some("/./x.db"), false);
        sqlite("sqlite+pysqlite:///:memory:", None, false);
        sqlite("sqlite3:x.db", Some("x.db"), false);
        sqlite("file:./dev.db", Some("./dev.db"), false);
        for scheme in ["psql", "pgsql", "postgis", "postgresql+asyncpg"] {
            let url = format!("{scheme}://neo:x@h1:5432,h2:5432/m");
            let expected = format!("{scheme}://***@h1:5432,h2:5432/m");
            check(&url, Some(&expected), Some(false));
        }
        for (url, expected) in [
            ("mysql2://neo:x@h/m", "mysql2://***@h/m"),
            ("timescale://neo:x@h/m", "timescale://***@h/m"),
            ("mysql-connector://neo:x@h/m", "mysql-connector://***@h/m"),
            ("mongodb+srv://neo:x@h/m?w=1", "mongodb+srv://***@h/m?***"),
            ("mongodb://neo:x@a:1,b:2/m", "mongodb:***"),
            ("jdbc:postgresql://h/m?user=neo&password=x", "jdbc:***"),
            (
                "jdbc:sqlserver://h:1433;databaseName=m;password=x",
                "jdbc:***",
            ),
        ] {
            check(url, Some(expected), Some(false));
        }
        check("file:./dev.db", Some("file:./dev.db"), Some(true));
        check("zion://neo:x@h/m", None, None);
        check("mysql:x", None, None);
    }

    #[test]
    fn a_piece_of_a_password_is_not_shown() {
        for url in [
            "postgresql://neo:12/34@h/m",
            "postgresql://neo:p@ss@h/m",
            "postgresql://ne@o:pw@h/m",
        ] {
            assert_eq!(shown(url), None, "{url}");
        }
        let shown = shown("postgresql://neo:p@ss?user=x@h/m").map(|it| it.plain());
        assert_eq!(shown.as_deref(), Some("postgresql://***@***"));
    }

    #[test]
    fn what_stands_behind_a_name_is_not_shown_and_is_secret() {
        for (url, expected) in [
            (
                "sqlserver://h/m;user=neo;password=wh1te",
                "sqlserver://h/m***",
            ),
            (
                "db2://h:50000/s:user=neo;password=wh1te;",
                "db2://h:50000/s***",
            ),
            ("mysql://h/m&password=wh1te", "mysql://h/m***"),
            ("redis://h/0%3Fpassword=wh1te", "redis://h/0***"),
            ("postgresql://h/m;password=wh1te", "postgresql://h/m***"),
            ("pgsql://host=h;password=wh1te", "pgsql://host***"),
            ("sqlite:x.db;Password=wh1te", "sqlite:x.db***"),
            ("sqlite:Password=wh1te;Data Source=x.db", "sqlite:***"),
            ("sqlite:x.db%3Fkey=wh1te", "sqlite:x.db***"),
            ("file:x.db%23k=wh1te", "file:x.db***"),
            ("file:x.db#key=wh1te", "file:x.db***"),
        ] {
            assert_eq!(
                shown(url).map(|it| it.plain()).as_deref(),
                Some(expected),
                "{url}"
            );
            let secrets = super::super::judge::in_database(url);
            assert!(secrets.iter().any(|it| it.expose() == "wh1te"), "{url}");
        }
        let path = "sqlite:/srv/R&D;2/x#1.db";
        assert_eq!(shown(path).map(|it| it.plain()).as_deref(), Some(path));
    }

    #[test]
    fn a_colon_in_the_path_of_a_file_hides_nothing() {
        for url in [
            "sqlite:///:memory:",
            "sqlite+aiosqlite:///:memory:",
            "sqlite:///file:ok.db?uri=true",
            "sqlite:///C:/zion/m.db",
            "sqlite:///12:30.db",
        ] {
            let path = url.split('?').next().unwrap();
            let secrets = super::super::judge::in_database(url);
            assert!(
                !secrets.iter().any(|it| path.contains(it.expose())),
                "{url}"
            );
        }
        for url in [
            "sqlite:///x:y.db?key=wh1te",
            "sqlite:///file:x.db?uri=true&key=wh1te",
            "sqlite:///C:/x.db;password=wh1te",
            "sqlite://wh1te@zion/m.db",
        ] {
            let secrets = super::super::judge::in_database(url);
            assert!(secrets.iter().any(|it| it.expose() == "wh1te"), "{url}");
        }
    }

    #[test]
    fn the_password_of_every_example_is_a_placeholder() {
        assert!(read("postgresql://user:password@localhost/db").placeholder);
        assert!(read("postgresql://neo:change-me@localhost/db").placeholder);
        // In two halves, because the oracle searches this file too.
        let real = ["9fQ1", "kd7x"].join("-");
        assert!(!read(&format!("postgresql://neo:{real}@localhost/db")).placeholder);
        assert!(!read("sqlite::memory:").placeholder);
    }
}
