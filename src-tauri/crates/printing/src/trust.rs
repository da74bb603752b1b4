//! By what a printer proves that it is the printer.

use std::sync::Arc;

use rustls::{
    ClientConfig, ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme, WantsVerifier,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use sha2::{Digest, Sha256};

use crate::Error;

/// An insurer's own authorities are a handful; a file with more is the wrong one.
const MAX_AUTHORITIES: usize = 64;

/// Which certificates a printer may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Those that the operating system trusts, which includes the insurer's own authority on managed machines.
    System,
    /// Those issued by these authorities: certificates in PEM, one after the other. A printer's self-signed
    /// certificate may stand here as well if it bears the printer's name. Name and validity are checked.
    Authorities(Vec<u8>),
    /// Exactly the certificate with this SHA-256 over its DER encoding, as printers show it on their settings page.
    /// For printers whose self-signed certificate has another name or no useful dates; neither is checked.
    Pinned([u8; 32]),
}

impl Trust {
    /// For connections to printers that prove themselves so; the desk shows no certificate of its own.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, Error> {
        let provider = Arc::new(ring::default_provider());
        let verifier = self.verifier(&provider)?;
        let builder = versions(provider)?.dangerous().with_custom_certificate_verifier(verifier);
        Ok(builder.with_no_client_auth())
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error> {
        Ok(match self {
            Self::System => {
                let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(provider));
                Arc::new(verifier.map_err(|_| Error::Trust)?)
            }
            Self::Authorities(pem) => {
                let roots = Arc::new(authorities(pem)?);
                let builder = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(provider));
                builder.build().map_err(|_| Error::Trust)?
            }
            Self::Pinned(sha256) => Arc::new(Pinned { sha256: *sha256, provider: Arc::clone(provider) }),
        })
    }
}

/// Trusts no certificate at all.
pub(crate) fn nobody() -> Result<ClientConfig, Error> {
    let builder = versions(Arc::new(ring::default_provider()))?;
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

/// TLS 1.2 and 1.3: printers that know 1.3 are still rare.
fn versions(provider: Arc<CryptoProvider>) -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Error> {
    let builder = ClientConfig::builder_with_provider(provider);
    builder.with_safe_default_protocol_versions().map_err(|_| Error::Trust)
}

fn authorities(pem: &[u8]) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        if roots.len() == MAX_AUTHORITIES {
            return Err(Error::Trust);
        }
        roots.add(certificate.map_err(|_| Error::Trust)?).map_err(|_| Error::Trust)?;
    }
    if roots.is_empty() { Err(Error::Trust) } else { Ok(roots) }
}

/// Accepts one certificate. The handshake's signature is checked as ever: whoever shows the certificate must hold
/// its key.
#[derive(Debug)]
struct Pinned {
    sha256: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if Sha256::digest(end_entity).as_slice() == self.sha256 {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(rustls::CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_that_are_none_are_refused_before_anything_is_sent() {
        let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in [&b""[..], b"no PEM", broken] {
            assert!(matches!(Trust::Authorities(pem.to_vec()).client_config(), Err(Error::Trust)));
        }
    }
}
