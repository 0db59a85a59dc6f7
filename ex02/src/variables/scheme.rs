//! Which URL schemes may be shown?

use super::database::OTHERS;
use crate::words::Words;

/// A known scheme is one of our own words, so a password never masks it. Any other scheme may be a secret
/// in the wrong place.
pub(super) fn shown_scheme(scheme: &str) -> Words {
    let (base, driver) = scheme.split_once('+').unwrap_or((scheme, ""));
    let known = |words: &[&'static str], it: &str| {
        let known = words.iter().find(|word| word.eq_ignore_ascii_case(it));
        Words::from(*known.unwrap_or(&"***"))
    };
    let base = if OTHERS.iter().any(|it| it.eq_ignore_ascii_case(base)) {
        known(OTHERS, base)
    } else {
        known(&SCHEMES, base)
    };
    if driver.is_empty() {
        base
    } else {
        base + "+" + known(&DRIVERS, driver)
    }
}

/// Known schemes, besides those of the databases that this program has no client for.
const SCHEMES: [&str; 16] = [
    "amqp",
    "amqps",
    "ftp",
    "grpc",
    "grpcs",
    "http",
    "https",
    "pgsql",
    "postgis",
    "postgres",
    "postgresql",
    "psql",
    "sqlite",
    "tcp",
    "ws",
    "wss",
];

/// The drivers that SQLAlchemy and others write after the `+`.
const DRIVERS: [&str; 20] = [
    "aiomysql",
    "aiosqlite",
    "asyncmy",
    "asyncpg",
    "mysqlconnector",
    "mysqldb",
    "oracledb",
    "pg8000",
    "postgres",
    "psycopg",
    "psycopg2",
    "psycopg2cffi",
    "pymssql",
    "pymysql",
    "pyodbc",
    "pysqlite",
    "s",
    "srv",
    "ssc",
    "unix",
];
