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
    /// A blank is in the address.
    Blank,
    /// The name of the host is not ASCII.
    Host,
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
    /// A server (401) or a proxy (407) wants to know who asks.
    Login(Login),
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

/// A question for user and password.
#[derive(Debug)]
pub struct Login {
    pub code: u16,
    /// Whether a proxy asks.
    pub proxy: bool,
    /// Whether user and password were sent, so that they are refused.
    pub sent: bool,
    /// What is wanted, if it is something else than user and password: `Bearer`.
    pub other: Option<String>,
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
    /// A byte order mark hides its first certificate.
    ByteOrderMark,
    /// Nothing in it is a certificate.
    NoCertificate,
}

/// Why there is no connection. In the middle of a body, an [`io::Error`] carries it.
#[derive(Debug)]
pub enum Connection {
    Timeout,
    NoHost,
    /// No authority that is trusted signed the server's certificate.
    UnknownIssuer,
    /// A signature does not fit its key: the key is too weak, or it is not that of the authority with this name. rustls
    /// does not say which.
    Signature,
    /// The server's certificate is out of date.
    Expired,
    /// The server's certificate is not valid yet.
    NotYetValid,
    /// The server's certificate is for these hosts.
    OtherName(Vec<HostName>),
    /// The server's certificate names no host, or only in its CN, as in the old days.
    NoNames,
    /// The server's certificate is that of an authority. rustls takes none of them for a server, whoever trusts it.
    Authority,
    /// The server's certificate is made for other purposes than servers.
    Purpose,
    /// A certificate is signed with an algorithm that is not accepted.
    Algorithm,
    /// The server's certificate is not accepted for another reason.
    Certificate,
    /// The server speaks neither TLS 1.2 nor TLS 1.3.
    OldTls,
    /// The server asks for a certificate of its client.
    ClientCertificate,
    /// The server accepts nothing that it was offered. Before TLS 1.3, it says this for a missing certificate too.
    Handshake,
    /// What the server sends is no TLS.
    NoTls,
    /// The server ends TLS, with this number. Source: RFC 8446, section 6.
    Alert(u8),
    /// TLS fails for another reason.
    Tls,
    /// There is no authority to trust.
    NoRoots,
    Io(io::Error),
    /// Any other reason, in the words of ureq.
    Other(String),
}

/// A host, as a certificate names it.
#[derive(Debug, PartialEq, Eq)]
pub enum HostName {
    Name(String),
    Address(String),
}

impl std::error::Error for Connection {}
