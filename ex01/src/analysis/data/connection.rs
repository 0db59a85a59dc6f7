//! Why is there no connection? ureq and rustls say it, some of it only in a text.

use crate::faults::{Certificate, Connection};

/// Why there is no connection.
pub fn connection(error: ureq::Error) -> Connection {
    if let Some(certificate) = certificate(&error.to_string()) {
        return Connection::Certificate(certificate);
    }
    match error {
        ureq::Error::Timeout(_) => Connection::Timeout,
        ureq::Error::HostNotFound => Connection::NoHost,
        ureq::Error::Io(error) => Connection::Io(error),
        error => Connection::Other(error.to_string()),
    }
}

/// Why a certificate is not trusted. ureq and rustls say this only in a text.
fn certificate(error: &str) -> Option<Certificate> {
    let error = error.to_lowercase();
    let about = error.split_once("certificate:").map(|it| it.1.trim())?;
    let says = |words: &[&str]| words.iter().any(|it| about.contains(it));
    Some(if says(&["unknownissuer", "unknown issuer"]) {
        Certificate::UnknownIssuer
    } else if says(&["expired"]) {
        Certificate::Expired
    } else if says(&["notvalidyet", "not valid yet"]) {
        Certificate::NotYetValid
    } else if says(&["notvalidforname", "not valid for"]) {
        Certificate::OtherName
    } else if says(&["revoked"]) {
        Certificate::Revoked
    } else if says(&["causedasendentity"]) {
        Certificate::UnknownIssuer
    } else {
        Certificate::Other(about.to_owned())
    })
}
