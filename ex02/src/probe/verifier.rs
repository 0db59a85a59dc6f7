//! Is this certificate good enough for `sslmode`?
//!
//! rustls and webpki decide. Two cases of `sslmode` are missing there, and this module adds them: accept
//! any certificate, and accept a good certificate for another name.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use webpki::EndEntityCert;

use super::certificate::{self, Certificate, is_an_authority};

/// How much of a certificate must be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Nothing: `sslmode=require` and weaker, on this machine.
    Nothing,
    /// A known authority signed it: `verify-ca`.
    Chain,
    /// And it is for this host: `verify-full`.
    ChainAndName,
}

/// Verifies as much as `sslmode` asks for.
#[derive(Debug)]
pub struct CertificateVerifier {
    /// `None`: any certificate passes.
    known: Option<Arc<WebPkiServerVerifier>>,
    /// True when the certificate must be for the host that is asked.
    name: bool,
    /// The certificates of the file. A server may use one of them itself.
    own: Vec<CertificateDer<'static>>,
    /// Checks that the server has the private key of the certificate. It always must.
    algorithms: WebPkiSupportedAlgorithms,
}

impl CertificateVerifier {
    /// `None`: there is no authority to trust.
    pub fn new(
        verify: Verify,
        roots: Option<RootCertStore>,
        own: Vec<CertificateDer<'static>>,
        provider: &Arc<CryptoProvider>,
    ) -> Option<Self> {
        let known = roots.map(|roots| {
            let provider = Arc::clone(provider);
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build()
        });
        Some(Self {
            known: known.transpose().ok()?,
            name: verify == Verify::ChainAndName,
            own,
            algorithms: provider.signature_verification_algorithms,
        })
    }
}

impl ServerCertVerifier for CertificateVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(known) = &self.known else {
            return Ok(ServerCertVerified::assertion());
        };
        let error = match known.verify_server_cert(certificate, between, name, ocsp, now) {
            Err(error) => error,
            verified => return verified,
        };
        // webpki checks the name last. It checks the time before it notices that a server uses the
        // certificate of an authority. So when one of these two errors comes, all earlier checks passed.
        let why = certificate::reason(&error);
        let is_of_other_name = matches!(why, Some(Certificate::OtherName | Certificate::NoNames));
        if is_of_other_name && !self.name {
            return Ok(ServerCertVerified::assertion());
        }
        if is_an_authority(&error) && self.own.iter().any(|it| it == certificate) {
            if self.name {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        let is_unknown = why == Some(Certificate::UnknownAuthority);
        if (is_unknown || is_an_authority(&error)) && is_signed_by_itself(certificate) {
            return Err(certificate::SIGNED_BY_ITSELF.into());
        }
        Err(error)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// True when it names itself as its issuer.
fn is_signed_by_itself(certificate: &CertificateDer<'_>) -> bool {
    EndEntityCert::try_from(certificate).is_ok_and(|it| it.issuer() == it.subject())
}
