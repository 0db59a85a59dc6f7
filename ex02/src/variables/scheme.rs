//! Which schemes of URLs may be shown?

use super::database::OTHERS;
use crate::words::Words;

/// A scheme that we know is a word of ours, so no password masks it. Any other may be a secret in
/// the wrong place.
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

/// Schemes of URLs as people have them, besides those of databases without a client here.
const SCHEMES: [&str; 11] = [
    "amqp",
    "ftp",
    "http",
    "https",
    "pgsql",
    "postgis",
    "postgres",
    "postgresql",
    "psql",
    "sqlite",
    "ws",
];

/// What SQLAlchemy and others write after the `+`.
const DRIVERS: [&str; 18] = [
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
    "srv",
    "unix",
];
