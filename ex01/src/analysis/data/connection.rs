//! Why is there no connection? ureq and rustls say it with types.

use rustls::{AlertDescription, CertificateError, Error, OtherError, PeerIncompatible};

use crate::faults::{Connection, HostName};

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
    match error {
        Error::InvalidCertificate(error) => certificate(error),
        // The server refuses the versions that it was offered, or chose an older one.
        Error::AlertReceived(AlertDescription::ProtocolVersion)
        | Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => Connection::OldTls,
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            Connection::ClientCertificate
        }
        Error::AlertReceived(AlertDescription::HandshakeFailure) => Connection::Handshake,
        Error::InvalidMessage(_) => Connection::NoTls,
        // The verifier found no certificate on this machine.
        Error::General(_) => Connection::NoRoots,
        Error::AlertReceived(alert) => Connection::Alert((*alert).into()),
        // rustls would say the rest in the words of its own types.
        _ => Connection::Tls,
    }
}

/// Why the server's certificate is not trusted.
fn certificate(error: &CertificateError) -> Connection {
    match error {
        CertificateError::UnknownIssuer => Connection::UnknownIssuer,
        CertificateError::BadSignature => Connection::Signature,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Connection::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Connection::NotYetValid
        }
        CertificateError::NotValidForName => Connection::OtherName(Vec::new()),
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<_> = presented.iter().filter_map(|it| host(it)).collect();
            if names.is_empty() {
                Connection::NoNames
            } else {
                Connection::OtherName(names)
            }
        }
        CertificateError::Other(OtherError(error))
            if error.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity) =>
        {
            Connection::Authority
        }
        error if is_purpose(error) => Connection::Purpose,
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            Connection::Algorithm
        }
        _ => Connection::Certificate,
    }
}

/// Whether a certificate is for other purposes than servers. On most systems a type says so that others cannot name, so
/// that its text must do.
fn is_purpose(error: &CertificateError) -> bool {
    match error {
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => true,
        CertificateError::Other(OtherError(error)) => {
            error.to_string() == "certificate had invalid extensions"
        }
        _ => false,
    }
}

/// The host in `DnsName("zion.example")` or `IpAddress(127.0.0.1)`, as rustls writes them. Other names are of no host.
fn host(name: &str) -> Option<HostName> {
    let (kind, name) = name.strip_suffix(')')?.split_once('(')?;
    match kind {
        "DnsName" => Some(HostName::Name(name.trim_matches('"').to_owned())),
        "IpAddress" => Some(HostName::Address(name.to_owned())),
        _ => None,
    }
}
