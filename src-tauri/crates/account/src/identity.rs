//! The desk's key and certificate.

use std::fmt;

use openssl::{
    ec::{EcGroup, EcKey},
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{X509, X509NameBuilder, X509Req},
};
use zeroize::Zeroizing;

use crate::SetupError;

/// Prefix of the URI in the certificate's subject alternative name (RFC 5280, 4.2.1.6) that names the desk.
const DESK_URI: &str = "urn:identplatz:desk:";

/// What a desk is to the service: a P-256 key that never left it, and the certificate for it.
#[derive(Clone)]
pub struct DeskIdentity {
    private_key: Zeroizing<Vec<u8>>,
    certificate_chain: String,
    desk: String,
}

impl DeskIdentity {
    /// Takes up a kept identity.
    ///
    /// `private_key` is PKCS #8 in DER, `certificate_chain` PEM with the desk's certificate first.
    ///
    /// # Errors
    /// [`SetupError::Identity`] when one is unreadable, they don't belong together, or no desk is named.
    pub fn from_parts(
        private_key: Zeroizing<Vec<u8>>,
        certificate_chain: String,
    ) -> Result<Self, SetupError> {
        let desk = desk_of(&private_key, &certificate_chain).ok_or(SetupError::Identity)?;
        Ok(Self { private_key, certificate_chain, desk })
    }

    /// PKCS #8, DER; for the keyring only.
    #[must_use]
    pub fn private_key(&self) -> &[u8] {
        &self.private_key
    }

    /// PEM, the desk's certificate first.
    #[must_use]
    pub fn certificate_chain(&self) -> &str {
        &self.certificate_chain
    }

    /// The desk's name, as the certificate says it.
    #[must_use]
    pub fn desk(&self) -> &str {
        &self.desk
    }
}

impl fmt::Debug for DeskIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeskIdentity({})", self.desk)
    }
}

/// The desk that the certificate names, if it certifies that key.
fn desk_of(private_key: &[u8], certificate_chain: &str) -> Option<String> {
    let key = PKey::private_key_from_pkcs8(private_key).ok()?;
    let certificate = X509::from_pem(certificate_chain.as_bytes()).ok()?;
    if !certificate.public_key().ok()?.public_eq(&key) {
        return None;
    }
    certificate
        .subject_alt_names()?
        .iter()
        .find_map(|name| name.uri()?.strip_prefix(DESK_URI).map(str::to_owned))
}

/// A fresh key with the request for its certificate.
pub(crate) struct KeyAndRequest {
    /// PKCS #8, DER.
    pub(crate) private_key: Zeroizing<Vec<u8>>,
    /// PKCS #10 (RFC 2986), PEM.
    pub(crate) request: String,
}

impl KeyAndRequest {
    /// Draws a P-256 key from OpenSSL's generator. The request asks for no names: the service knows which
    /// desk the token was given to.
    pub(crate) fn generate() -> Result<Self, SetupError> {
        let generated = || -> Result<Self, ErrorStack> {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
            let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
            Ok(Self {
                private_key: Zeroizing::new(key.private_key_to_pkcs8()?),
                request: String::from_utf8_lossy(&request(&key)?.to_pem()?).into_owned(),
            })
        };
        generated().map_err(|_| SetupError::Cryptography)
    }
}

fn request(key: &PKey<Private>) -> Result<X509Req, ErrorStack> {
    let mut request = X509Req::builder()?;
    request.set_version(0)?;
    request.set_subject_name(&X509NameBuilder::new()?.build())?;
    request.set_pubkey(key)?;
    request.sign(key, MessageDigest::sha256())?;
    Ok(request.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_proves_possession_of_its_key_and_names_nobody() {
        let made = KeyAndRequest::generate().unwrap();
        let key = PKey::private_key_from_pkcs8(&made.private_key).unwrap();
        let request = X509Req::from_pem(made.request.as_bytes()).unwrap();
        assert!(request.verify(&key).unwrap());
        assert_eq!(request.subject_name().entries().count(), 0);
        assert_eq!(key.ec_key().unwrap().group().curve_name(), Some(Nid::X9_62_PRIME256V1));
    }

    #[test]
    fn two_requests_have_two_keys() {
        let (one, other) = (KeyAndRequest::generate().unwrap(), KeyAndRequest::generate().unwrap());
        assert_ne!(one.private_key, other.private_key);
    }

    #[test]
    fn a_key_without_its_certificate_is_no_identity() {
        let key = KeyAndRequest::generate().unwrap().private_key;
        let refused = DeskIdentity::from_parts(key, "no certificate".to_owned());
        assert_eq!(refused.err(), Some(SetupError::Identity));
    }
}
