//! Which URL schemes may be shown?

use super::database::OTHERS;
use crate::words::Words;

/// A known scheme is one of our own words, so a password never masks it. Any other scheme may be a secret
/// in the wrong place.
pub(super) fn shown_scheme(scheme: &str) -> Words {
    let (base, driver) = scheme.split_once('+').unwrap_or((scheme, ""));
    let base = known(OTHERS, base).or_else(|| known(SCHEMES, base));
    let base = Words::from(base.unwrap_or("***"));
    if driver.is_empty() {
        base
    } else {
        base + "+" + known(DRIVERS, driver).unwrap_or("***")
    }
}

/// True for a scheme that may be shown.
pub(super) fn is_known(scheme: &str) -> bool {
    let base = scheme.split('+').next().unwrap_or_default();
    known(OTHERS, base)
        .or_else(|| known(SCHEMES, base))
        .is_some()
}

/// True for libpq's own scheme in capital letters. libpq takes such a URL for the name of a database.
pub(super) fn is_a_name_for_libpq(scheme: &str) -> bool {
    let lower = scheme.to_ascii_lowercase();
    lower != scheme && ["postgres", "postgresql"].contains(&lower.as_str())
}

/// The word of this list, in capital or small letters.
pub(super) fn known(words: &'static str, word: &str) -> Option<&'static str> {
    words.split(' ').find(|it| it.eq_ignore_ascii_case(word))
}

/// Known schemes, besides those of the databases that this program has no client for.
const SCHEMES: &str = "amqp amqps ftp grpc grpcs http https pgsql postgis postgres postgresql \
    psql sqlite tcp ws wss";

/// The drivers that SQLAlchemy and others write after the `+`.
const DRIVERS: &str = "aiomysql aiosqlite asyncmy asyncpg mysqlconnector mysqldb oracledb \
    pg8000 postgres psycopg psycopg2 psycopg2cffi pymssql pymysql pyodbc pysqlite s srv ssc \
    unix";
