//! How does the report say why the certificate of a PostgreSQL server is not accepted, and what helps?

use crate::probe::Certificate;

/// The reason, and what to do, when that is known.
pub type Said = (&'static str, Option<&'static str>);

/// The certificate is not accepted.
pub fn certificate(why: Certificate, own_roots: bool) -> Said {
    let (said, hint) = match why {
        Certificate::Expired => (
            "its certificate has expired",
            "the server needs a new one; check this machine's clock too",
        ),
        Certificate::NotYetValid => (
            "its certificate is not valid yet",
            "check the clock of this machine, then the clock of the machine that made the certificate",
        ),
        Certificate::OtherName => (
            "its certificate is for another host",
            "write the host as the certificate names it; ?sslmode=verify-ca checks no name",
        ),
        Certificate::NoNames => (
            "its certificate names its host only in the old way (CN), without a subjectAltName",
            "the server needs one with a subjectAltName; ?sslmode=verify-ca checks no name",
        ),
        Certificate::NoHost => (
            "sslmode=verify-full compares the certificate with the host, and the URL has only hostaddr",
            "add the host as the certificate names it; ?sslmode=verify-ca checks no name",
        ),
        Certificate::AuthorityNotInTime => (
            "the authority in the file of sslrootcert has expired, or is not valid yet",
            "put the new certificate of the authority into that file; check this machine's clock too",
        ),
        Certificate::Algorithm => (
            "its certificate is signed in a way that is not supported here",
            "supported are RSA, P-256, P-384 and Ed25519, with SHA-256 or better",
        ),
        Certificate::UnknownAuthority if own_roots => (
            "its certificate is signed by none of the authorities in the file of sslrootcert",
            "put the certificate of the authority that signed it into that file",
        ),
        Certificate::UnknownAuthority => (
            "its certificate is signed by no public authority",
            "name the certificate of its own authority: ?sslrootcert=FILE",
        ),
        Certificate::SelfSigned if own_roots => (
            "its certificate is signed by itself, and not in the file of sslrootcert",
            "put that certificate itself into the file",
        ),
        Certificate::SelfSigned => (
            "its certificate is signed by itself",
            "name that certificate itself: ?sslrootcert=FILE",
        ),
        Certificate::Purpose => (
            "its certificate is not made for servers",
            "the server needs one with the purpose serverAuth",
        ),
        Certificate::Broken => (
            "its certificate breaks a rule, or has something in it that is not supported here",
            "openssl x509 -text shows what is in it; version 3 is needed",
        ),
    };
    (said, Some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hint_about_a_certificate_leads_in_a_circle() {
        for why in [
            Certificate::Expired,
            Certificate::NotYetValid,
            Certificate::OtherName,
            Certificate::NoNames,
            Certificate::NoHost,
            Certificate::UnknownAuthority,
            Certificate::AuthorityNotInTime,
            Certificate::Algorithm,
            Certificate::SelfSigned,
            Certificate::Purpose,
            Certificate::Broken,
        ] {
            let (first, hint) = certificate(why, false);
            let follows = hint.is_some_and(|it| it.contains("?sslrootcert=FILE"));
            let (second, next) = certificate(why, true);
            assert_eq!(
                follows,
                first != second,
                "{why:?}: another file is not the same again"
            );
            assert!(!next.unwrap().contains("?sslrootcert="), "{why:?}");
        }
    }
}
