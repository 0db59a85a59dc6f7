//! Why is a certificate not accepted?

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
    /// No known authority signed it.
    UnknownAuthority,
    /// It signed itself, and is not known.
    SelfSigned,
    /// It is not made for servers.
    Purpose,
    /// It was revoked.
    Revoked,
    /// Any other reason.
    Broken,
}

/// The error for a certificate that signed itself. rustls has no word for that, and never uses this one.
pub const SIGNED_BY_ITSELF: CertificateError = CertificateError::ApplicationVerificationFailure;

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
        CertificateError::UnknownIssuer => Certificate::UnknownAuthority,
        it if *it == SIGNED_BY_ITSELF => Certificate::SelfSigned,
        CertificateError::Revoked => Certificate::Revoked,
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
