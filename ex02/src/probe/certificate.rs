//! Why is a certificate not accepted?

use std::fmt;
use std::sync::Arc;

use rustls::{CertificateError, Error, OtherError};

/// Why a certificate is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// It has expired.
    Expired,
    /// It is not valid yet, or the clock of this machine is slow.
    NotYetValid,
    /// It is for other hosts.
    OtherName,
    /// It names its host only in the old way, without a subjectAltName.
    NoNames,
    /// It is for a host, and the URL names none.
    NoHost,
    /// No known authority signed it.
    UnknownAuthority,
    /// The authority that signed it has expired, or is not valid yet.
    AuthorityNotInTime,
    /// It is signed in a way that is not supported here.
    Algorithm,
    /// It signed itself, and is not known.
    SelfSigned,
    /// It is not made for servers.
    Purpose,
    /// Any other reason.
    Broken,
}

/// What this program itself says, inside an error of a library. Nobody reads its words.
#[derive(Debug)]
pub struct Ours<T>(pub T);

impl<T> fmt::Display for Ours<T> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("no encrypted connection")
    }
}

impl<T: fmt::Debug> std::error::Error for Ours<T> {}

impl From<Certificate> for Error {
    fn from(why: Certificate) -> Self {
        CertificateError::Other(OtherError(Arc::new(Ours(why)))).into()
    }
}

/// Why a certificate was not accepted. `None`: the error is about something else.
pub fn reason(error: &Error) -> Option<Certificate> {
    let error = match error {
        Error::InvalidCertificate(error) => error,
        Error::NoCertificatesPresented => return Some(Certificate::Broken),
        _ => return None,
    };
    Some(match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Certificate::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Certificate::NotYetValid
        }
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            Certificate::NoNames
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Certificate::OtherName
        }
        CertificateError::Other(OtherError(it)) => match it.downcast_ref() {
            Some(Ours(why)) => *why,
            None => Certificate::Broken,
        },
        CertificateError::UnknownIssuer => Certificate::UnknownAuthority,
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            Certificate::Algorithm
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            Certificate::Purpose
        }
        _ => Certificate::Broken,
    })
}

/// True when the certificate may sign others, as one of `openssl req -x509` may.
pub fn is_an_authority(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) = error else {
        return false;
    };
    inner.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity)
}
