//! How does the PostgreSQL client get an encrypted connection to a verified server?
//!
//! rustls does the work; ureq already depends on it. The client wants it wrapped in three traits.

use std::future::Future;
use std::io::{self, Read};
use std::net::Ipv4Addr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{AlertDescription, ClientConfig, Error};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

use super::certificate::{self, Ours};
use super::refusal::Refusal;
use super::verifier::CertificateVerifier;
use crate::words::open;

pub use super::verifier::Verify;

/// Makes encrypted connections.
#[derive(Clone)]
pub struct Tls {
    /// The certificates to trust.
    config: Arc<ClientConfig>,
    /// Set when the server agrees to encrypt.
    begun: Arc<AtomicBool>,
    /// True when a file names the certificates to trust.
    own_roots: bool,
}

/// The largest file of certificates that is read. In bytes.
const MOST: u64 = 1 << 20;

impl Tls {
    /// Trusts Mozilla's list, the certificates in a PEM file, or any certificate. `host` is that of the URL.
    pub fn new(
        verify: Verify,
        roots: Option<&Path>,
        host: &str,
        tells_name: bool,
    ) -> Result<Self, Refusal> {
        let own = roots.filter(|_| verify != Verify::Nothing);
        let own = own.map(certificates).transpose()?;
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = CertificateVerifier::new(verify, own, host, &ring);
        let mut config = ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .map_err(|_| Refusal::Handshake)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.enable_sni = tells_name;
        Ok(Self {
            config: Arc::new(config),
            begun: Arc::default(),
            own_roots: roots.is_some(),
        })
    }

    /// True when the server has agreed to encrypt.
    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }
}

/// The certificates in a PEM file.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Refusal> {
    let file = open(path).map_err(|_| Refusal::RootsNotRead)?;
    if !file.metadata().is_ok_and(|it| it.is_file()) {
        return Err(Refusal::RootsNotRead);
    }
    let mut pem = Vec::new();
    let read = file.take(MOST + 1).read_to_end(&mut pem);
    if read.is_err() || pem.len() as u64 > MOST {
        return Err(Refusal::RootsNotRead);
    }
    let found: Vec<_> = CertificateDer::pem_slice_iter(&pem).flatten().collect();
    if found.is_empty() {
        return Err(Refusal::NoRoots);
    }
    Ok(found)
}

/// A connection that will be encrypted.
pub struct Handshake {
    /// What to trust, and where to note that the server agrees.
    tls: Tls,
    /// The server that must be at the other end.
    server: ServerName<'static>,
}

/// An encrypted connection.
pub struct Encrypted<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Encrypted<S>;
    type TlsConnect = Handshake;
    type Error = Ours<Refusal>;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Handshake, Ours<Refusal>> {
        // rustls only tells the server this name, if it is one. Our verifier knows the host.
        let server = ServerName::try_from(domain.to_owned());
        let server = server.unwrap_or_else(|_| ServerName::IpAddress(Ipv4Addr::UNSPECIFIED.into()));
        let tls = self.clone();
        Ok(Handshake { tls, server })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Handshake {
    type Stream = Encrypted<S>;
    type Error = Ours<Refusal>;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted<S>, Ours<Refusal>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let own_roots = self.tls.own_roots;
        self.tls.begun.store(true, Ordering::Relaxed);
        let connecting = TlsConnector::from(self.tls.config).connect(self.server, stream);
        Box::pin(async move {
            let connected = connecting.await.map(Encrypted);
            connected.map_err(|error| Ours(refusal_of(&error, own_roots)))
        })
    }
}

/// What a failed handshake means.
fn refusal_of(error: &io::Error, own_roots: bool) -> Refusal {
    use AlertDescription::{HandshakeFailure, InsufficientSecurity, ProtocolVersion};
    let Some(error) = error.get_ref().and_then(|it| it.downcast_ref()) else {
        return match error.kind() {
            io::ErrorKind::UnexpectedEof => Refusal::HangsUp,
            kind => Refusal::Lost(kind),
        };
    };
    match (certificate::reason(error), error) {
        (Some(why), _) => Refusal::Certificate { why, own_roots },
        (
            None,
            Error::PeerIncompatible(_)
            | Error::AlertReceived(HandshakeFailure | InsufficientSecurity | ProtocolVersion),
        ) => Refusal::Handshake,
        _ => Refusal::HandshakeBroken,
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Encrypted<S> {
    /// No channel binding: the certificate is already verified.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, to)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
