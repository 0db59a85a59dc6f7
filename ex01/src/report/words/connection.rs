//! Why is there no connection, in words?

use std::fmt;

use crate::faults::{Connection, HostName};
use crate::text::{masked, reason};

/// How many names of a certificate are shown at most.
const MOST_NAMES: usize = 3;

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "no answer in time",
            Self::NoHost => "no such host",
            Self::UnknownIssuer => {
                "no authority that this machine trusts signed the server's certificate"
            }
            Self::Signature => {
                "a signature of the server's certificate is wrong, or its key is too weak"
            }
            Self::Expired => "the server's certificate is out of date",
            Self::NotYetValid => "the server's certificate is not valid yet",
            Self::OtherName(names) => {
                return write!(f, "the server's certificate is for {}", another(names));
            }
            Self::NoNames => {
                "the server's certificate names no host in a subjectAltName, and one in its CN does not count"
            }
            Self::Authority => {
                "the server shows the certificate of an authority (CA:TRUE), not one of a server"
            }
            Self::Purpose => "the server's certificate is not made for servers",
            Self::Algorithm => {
                "the server's certificate is signed with an algorithm that is not accepted; SHA-1 is one of those"
            }
            Self::Certificate => "the server's certificate is not accepted",
            Self::OldTls => "the server speaks neither TLS 1.2 nor TLS 1.3",
            Self::ClientCertificate => {
                "the server asks for a certificate, and `loading` has none to send"
            }
            Self::Handshake => {
                "the server accepts no way to encrypt that it was offered, or it asks for a certificate"
            }
            Self::NoTls => "the server does not answer in TLS",
            Self::Alert(number) => return write!(f, "the server ended TLS with alert {number}"),
            Self::Tls => "`loading` and the server do not agree in TLS",
            Self::NoRoots => {
                "no certificate of an authority is on this machine, or in `SSL_CERT_FILE` and `SSL_CERT_DIR` \
                 if they are set"
            }
            Self::Io(error) => return f.write_str(&reason(error)),
            // ureq may quote the address.
            Self::Other(why) => return f.write_str(&masked(why)),
        })
    }
}

/// Another name, or another address if a certificate has only those, with the first of them if they are known.
fn another(hosts: &[HostName]) -> String {
    let (mut shown, mut kind) = (Vec::new(), "another address");
    for host in hosts {
        match host {
            HostName::Name(name) => {
                kind = "another name";
                shown.push(format!("`{name}`"));
            }
            HostName::Address(address) => shown.push(format!("`{address}`")),
        }
    }
    if shown.len() > MOST_NAMES {
        shown.truncate(MOST_NAMES);
        shown.push("…".to_owned());
    }
    if shown.is_empty() {
        "another name".to_owned()
    } else {
        format!("{kind}: {}", shown.join(", "))
    }
}
