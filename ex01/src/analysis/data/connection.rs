//! Why is there no connection? ureq and rustls say it with types.

use rustls::{AlertDescription, CertificateError, Error, OtherError};

use crate::faults::{Certificate, Connection, Tls};

/// Why there is no connection.
pub fn connection(error: ureq::Error) -> Connection {
    match error {
        ureq::Error::Timeout(_) => Connection::Timeout,
        ureq::Error::HostNotFound => Connection::NoHost,
        ureq::Error::Rustls(error) => tls(&error),
        ureq::Error::Io(error) => match error.get_ref().and_then(|it| it.downcast_ref()) {
            Some(error) => tls(error),
            None => Connection::Io(error),
        },
        error => Connection::Other(error.to_string()),
    }
}

/// What rustls says.
fn tls(error: &Error) -> Connection {
    Connection::Tls(match error {
        Error::InvalidCertificate(error) => return Connection::Certificate(certificate(error)),
        Error::AlertReceived(alert) => match alert {
            AlertDescription::ProtocolVersion => Tls::Version,
            AlertDescription::CertificateRequired => Tls::ClientCertificate,
            AlertDescription::HandshakeFailure => Tls::Handshake,
            AlertDescription::UnrecognisedName => Tls::Name,
            alert => Tls::Alert(format!("{alert:?}")),
        },
        // The server chose an older version than those that it was offered.
        Error::PeerIncompatible(
            rustls::PeerIncompatible::ServerDoesNotSupportTls12Or13
            | rustls::PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => Tls::Version,
        Error::InvalidMessage(_) => Tls::NotSpoken,
        // The verifier found no certificate on this machine.
        Error::General(_) => Tls::NoRoots,
        error => Tls::Other(error.to_string()),
    })
}

/// Why the server's certificate is not trusted.
fn certificate(error: &CertificateError) -> Certificate {
    match error {
        // A signature that does not fit was not made by an authority that is trusted.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            Certificate::UnknownIssuer
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Certificate::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Certificate::NotYetValid
        }
        CertificateError::NotValidForName => Certificate::OtherName(Vec::new()),
        CertificateError::NotValidForNameContext { presented, .. } => {
            Certificate::OtherName(presented.iter().map(|it| plain(it)).collect())
        }
        CertificateError::Revoked => Certificate::Revoked,
        CertificateError::Other(OtherError(error))
            if error.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity) =>
        {
            Certificate::Authority
        }
        other => Certificate::Other(other.to_string()),
    }
}

/// The name in `DnsName("zion.example")`, as rustls writes it.
fn plain(name: &str) -> String {
    name.split('"').nth(1).unwrap_or(name).to_owned()
}
