//! Why does an address give no data?

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why there is no answer, or none that can be used.
#[derive(Debug)]
pub enum Failure {
    /// There is no ureq to ask with.
    #[cfg_attr(feature = "ureq", expect(dead_code, reason = "ureq is there"))]
    NoUreq,
    /// The port is not a number from 1 to 65535; none if it is no number at all, because it may be a part of a password.
    Port(Option<String>),
    /// A redirection to another protocol.
    Scheme(String),
    /// There are more redirections than this.
    Redirects(usize),
    /// A status other than success, and how long the server asks to wait. If a proxy was asked, it may have sent this.
    Status {
        code: u16,
        wait: Option<Duration>,
        proxied: bool,
    },
    /// An encoding that was not asked for.
    Encoding(String),
    /// A proxy refuses the tunnel, with this status.
    Tunnel(Option<u16>),
    /// This environment variable names a proxy that cannot be used.
    Proxy(&'static str, ProxyFault),
    /// `SSL_CERT_FILE` names this file, which cannot be used.
    Roots { path: PathBuf, why: RootsFault },
    /// There is no connection, or it ended. If a proxy was asked, it may be the proxy's.
    Connection { why: Connection, proxied: bool },
}

/// Why a proxy cannot be used. The user does not want to go around it.
#[derive(Debug, PartialEq, Eq)]
pub enum ProxyFault {
    /// Neither http nor https.
    Protocol(String),
    NoAddress,
}

/// Why a file with the certificates of authorities cannot be used.
#[derive(Debug)]
pub enum RootsFault {
    Io(io::Error),
    /// It is a folder, a FIFO, a device or the like.
    NotRegular,
    /// It has more bytes than this.
    TooLarge(u64),
    /// Nothing in it is a certificate.
    NoCertificate,
}

/// Why there is no connection. In the middle of a body, an [`io::Error`] carries it.
#[derive(Debug)]
pub enum Connection {
    Timeout,
    NoHost,
    Certificate(Certificate),
    Tls(Tls),
    Io(io::Error),
    /// Any other reason, in ureq's words.
    Other(String),
}

impl std::error::Error for Connection {}

/// Why a certificate is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    UnknownIssuer,
    Expired,
    NotYetValid,
    /// It is for these names.
    OtherName(Vec<String>),
    Revoked,
    /// It is that of an authority. rustls takes none of them for a server, whoever trusts it.
    Authority,
    /// Any other reason, in the words of rustls.
    Other(String),
}

/// Why there is no TLS, if it is not for the server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// The server speaks neither TLS 1.2 nor TLS 1.3.
    Version,
    /// The server asks for a certificate of its client.
    ClientCertificate,
    /// The server accepts nothing that it was offered. Before TLS 1.3, it says this for a missing certificate too.
    Handshake,
    /// The server does not know the name that it was asked for.
    Name,
    /// What the server sends is no TLS.
    NotSpoken,
    /// There is no authority to trust.
    NoRoots,
    /// The server ends the connection with the alert of this name.
    Alert(String),
    /// Any other reason, in the words of rustls.
    Other(String),
}
