//! TLS 1.3 by rustls with ring, and whom it trusts.

use std::sync::Arc;

use rustls::{
    ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier,
    client::WantsClientCert,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
    version::TLS13,
};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::{DeskIdentity, SetupError};

/// Whose word counts for the service's certificate. A company's authority for a proxy that reads along is among them
/// only if the settings name it; it counts for the connection alone, never for a policy or a checkpoint, and such a
/// proxy can't show the desk's certificate to the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// These authorities only: one or more certificates in PEM, delivered with the desk's settings.
    Only(String),
    /// The operating system's trust store.
    OperatingSystem,
}

/// TLS without a client certificate, as enrolment needs it.
pub(crate) fn anonymous(trust: &Trust) -> Result<ClientConfig, SetupError> {
    Ok(trusting(trust)?.with_no_client_auth())
}

/// TLS with the desk's certificate.
pub(crate) fn as_desk(trust: &Trust, identity: &DeskIdentity) -> Result<ClientConfig, SetupError> {
    let chain = certificates(identity.certificate_chain()).ok_or(SetupError::Identity)?;
    // Lent, not copied: what rustls keeps is ring's parsed key.
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.private_key()));
    let key = ring::sign::any_ecdsa_type(&key).map_err(|_| SetupError::Identity)?;
    let certified = SingleCertAndKey::from(CertifiedKey::new(chain, key));
    Ok(trusting(trust)?.with_client_cert_resolver(Arc::new(certified)))
}

fn trusting(trust: &Trust) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, SetupError> {
    match trust {
        Trust::Only(pem) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(pem).ok_or(SetupError::Trust)? {
                roots.add(certificate).map_err(|_| SetupError::Trust)?;
            }
            Ok(builder()?.with_root_certificates(roots))
        }
        Trust::OperatingSystem => builder()?.with_platform_verifier().map_err(|_| SetupError::Trust),
    }
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, SetupError> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .map_err(|_| SetupError::Cryptography)
}

/// All certificates of a PEM text; `None` when there is none or one is unreadable.
fn certificates(pem: &str) -> Option<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().ok()?;
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_certificates_is_no_trust() {
        for pem in ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let config = anonymous(&Trust::Only(pem.to_owned()));
            assert_eq!(config.err(), Some(SetupError::Trust), "{pem:?}");
        }
    }

    #[test]
    fn the_operating_systems_store_can_be_used() {
        assert!(anonymous(&Trust::OperatingSystem).is_ok());
    }
}
