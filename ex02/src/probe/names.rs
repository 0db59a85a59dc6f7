//! Does a certificate name this host, as libpq reads the names?
//!
//! `fe-secure-common.c` and `fe-secure-openssl.c` in PostgreSQL 15. webpki reads a name as the DNS does: it
//! forgives a final dot of the host, and takes no address for a name. libpq compares the texts.

use std::net::IpAddr;

use super::certificate::Certificate;
use super::x509::{Name, Parts};
use crate::variables::address;

/// Is the certificate for this host? libpq also takes its CN.
pub fn verify(host: &str, certificate: &Parts<'_>) -> Result<(), Certificate> {
    if host.is_empty() {
        return Err(Certificate::NoHost);
    }
    let address = address(host);
    let fits = |name: &Name<'_>| match name {
        Name::Dns(name) => fits_name(host.as_bytes(), name),
        Name::Address(bytes) => address.is_some_and(|it| match it {
            IpAddr::V4(it) => it.octets() == *bytes,
            IpAddr::V6(it) => it.octets() == *bytes,
        }),
    };
    let mut names = certificate.names().peekable();
    if names.peek().is_none() {
        return Err(Certificate::NoNames);
    }
    names
        .any(|it| fits(&it))
        .then_some(())
        .ok_or(Certificate::OtherName)
}

/// A star stands for the whole first part of a name, which has no other dot in it.
fn fits_name(host: &[u8], name: &[u8]) -> bool {
    let below = name
        .strip_prefix(b"*")
        .filter(|it| it.len() > 1 && it[0] == b'.');
    let first = host.iter().position(|it| *it == b'.').unwrap_or(host.len());
    name.eq_ignore_ascii_case(host)
        || first > 0 && below.is_some_and(|it| it.eq_ignore_ascii_case(&host[first..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: &str, name: &str, expected: bool) {
        assert_eq!(
            fits_name(host.as_bytes(), name.as_bytes()),
            expected,
            "{host} {name}"
        );
    }

    #[test]
    fn a_name_fits_as_in_libpq() {
        check("db.zion.test", "DB.Zion.test", true);
        check("db.zion.test", "*.ZION.test", true);
        check("db.zion.test", "*.test", false);
        check("db.zion.test", "d*.zion.test", false);
        check("zion.test", "*.zion.test", false);
        check(".zion.test", "*.zion.test", false);
        check("db.zion.test.", "*.zion.test", false);
        check("db.zion.test", "db.zion.test.", false);
        check("db.zion.test.", "db.zion.test.", true);
        check("db.zion.test.", "*.zion.test.", true);
        check("127.0.0.1", "127.0.0.1", true);
        check("my_db.zion.test", "my_db.zion.test", true);
        check("db", "*", false);
        check("db", "*.", false);
        check("db.", "*.", false);
    }
}
