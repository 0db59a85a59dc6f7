//! Is this certificate good enough for `sslmode`?
//!
//! webpki judges the chain as far as it can. This module adds what OpenSSL does in libpq: which certificates
//! of `sslrootcert` end a chain, what a key may be used for, and which names fit.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use webpki::RawPublicKeyEntity;

use super::certificate::{self, Certificate, is_an_authority};
use super::names;
use super::x509::Parts;

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
    /// How much must be right.
    verify: Verify,
    /// The certificates to trust. `None`: those of Mozilla's list.
    own: Option<Vec<CertificateDer<'static>>>,
    /// The host of the URL.
    host: String,
    /// Checks that the server has the private key of the certificate. It always must.
    algorithms: WebPkiSupportedAlgorithms,
}

impl CertificateVerifier {
    /// Verifies the certificate of this host.
    pub fn new(
        verify: Verify,
        own: Option<Vec<CertificateDer<'static>>>,
        host: &str,
        provider: &CryptoProvider,
    ) -> Self {
        Self {
            verify,
            own,
            host: host.to_owned(),
            algorithms: provider.signature_verification_algorithms,
        }
    }

    /// Does a chain lead from the certificate to one of these authorities?
    fn chain(
        &self,
        certificate: &CertificateDer<'_>,
        roots: &RootCertStore,
        between: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let parsed = ParsedCertificate::try_from(certificate)?;
        let algorithms = self.algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&parsed, roots, between, now, algorithms).map_err(
            |error| match error {
                // An authority of this name is known, and it did not sign it.
                Error::InvalidCertificate(CertificateError::BadSignature) => {
                    CertificateError::UnknownIssuer.into()
                }
                other => other,
            },
        )
    }

    /// The same for the certificates of a file. A chain ends at one that signed itself. All others are only
    /// steps on the way, as for OpenSSL.
    fn own_chain(
        &self,
        own: &[CertificateDer<'static>],
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let ends_chain = |it: &CertificateDer<'_>| {
            Parts::read(it).is_some_and(|parts| parts.is_signed_by_itself())
        };
        let may_sign =
            |it: &&CertificateDer<'_>| Parts::read(it).is_some_and(|parts| parts.may_sign());
        if let Some(itself) = own.iter().find(|it| *it == certificate && ends_chain(it)) {
            // webpki checks the time before it notices that a server uses the certificate of an authority.
            return match self.chain(certificate, &store([itself]), &[], now) {
                Err(error) if is_an_authority(&error) => Ok(()),
                other => other,
            };
        }
        let authorities = own.iter().filter(may_sign);
        let (roots, steps): (Vec<_>, Vec<_>) = authorities.partition(|it| ends_chain(it));
        let between = between.iter().filter(may_sign).chain(steps);
        let between: Vec<CertificateDer<'_>> = between.cloned().collect();
        // webpki does not look at the time of an authority.
        let in_time = |root: &&&CertificateDer<'static>| {
            let judged = self.chain(root, &store([**root]), &[], now).err();
            let why = judged.as_ref().and_then(certificate::reason);
            !matches!(why, Some(Certificate::Expired | Certificate::NotYetValid))
        };
        let good = store(roots.iter().filter(in_time).copied());
        match self.chain(certificate, &good, &between, now) {
            Err(error)
                if self
                    .chain(certificate, &store(roots), &between, now)
                    .is_ok() =>
            {
                let why = certificate::reason(&error);
                let unknown = why == Some(Certificate::UnknownAuthority);
                Err(if unknown {
                    Certificate::AuthorityNotInTime.into()
                } else {
                    error
                })
            }
            other => other,
        }
    }

    /// Verifies the chain, the purpose and the name.
    fn judge(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let chained = if let Some(own) = &self.own {
            self.own_chain(own, certificate, between, now)
        } else {
            let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
            self.chain(certificate, &roots, between, now)
        };
        let parts = Parts::read(certificate).ok_or(CertificateError::BadEncoding)?;
        chained.map_err(|error| {
            let unknown = certificate::reason(&error) == Some(Certificate::UnknownAuthority);
            if (unknown || is_an_authority(&error)) && parts.is_signed_by_itself() {
                Certificate::SelfSigned.into()
            } else {
                error
            }
        })?;
        if !parts.is_for_servers() {
            return Err(Certificate::Purpose.into());
        }
        if self.verify == Verify::ChainAndName {
            names::verify(&self.host, &parts)?;
        }
        Ok(())
    }
}

/// These authorities, as far as they can be read.
fn store<'a>(roots: impl IntoIterator<Item = &'a CertificateDer<'static>>) -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(roots.into_iter().cloned());
    store
}

impl ServerCertVerifier for CertificateVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.verify != Verify::Nothing {
            self.judge(certificate, between, now)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    /// TLS 1.2 names only a kind of key and a hash. Several algorithms may be meant.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let parts = Parts::read(certificate).ok_or(CertificateError::BadEncoding)?;
        let key = parts.key();
        let key = RawPublicKeyEntity::try_from(&key).map_err(|_| CertificateError::BadEncoding)?;
        let mut meant = self.algorithms.mapping.iter();
        let meant = meant.find(|(scheme, _)| *scheme == signed.scheme);
        let mut meant = meant.into_iter().flat_map(|(_, all)| all.iter());
        if meant.any(|it| {
            key.verify_signature(*it, message, signed.signature())
                .is_ok()
        }) {
            Ok(HandshakeSignatureValid::assertion())
        } else {
            Err(CertificateError::BadSignature.into())
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let parts = Parts::read(certificate).ok_or(CertificateError::BadEncoding)?;
        verify_tls13_signature_with_raw_key(message, &parts.key(), signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
