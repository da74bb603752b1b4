//! The desk's key and certificate.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use openssl::{
    bn::BigNumContext,
    ec::{EcGroup, EcKey},
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{X509NameBuilder, X509Req},
};
use zeroize::Zeroizing;

use crate::{SetupError, signed::Leaf};

/// Prefix of the URI in the certificate's subject alternative name (RFC 5280, 4.2.1.6) that names the desk.
pub(crate) const DESK_URI: &str = "urn:identplatz:desk:";

/// The file of the desk's certificate in the desk's data folder; public, unlike its key, which is in the keyring.
pub const CERTIFICATE_FILE: &str = "desk-certificate.pem";
/// The file of the next one, until it has taken the place of the old one.
pub const NEXT_CERTIFICATE_FILE: &str = "desk-certificate.next.pem";

/// How long before its end a certificate is renewed: a desk that was shut for weeks still gets its next one.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_hours(60 * 24);

/// What a desk is to the service: a P-256 key that never left it, and the certificate for it.
#[derive(Clone)]
pub struct DeskIdentity {
    private_key: Zeroizing<Vec<u8>>,
    certificate_chain: String,
    desk: String,
    not_before: Timestamp,
    not_after: Timestamp,
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
        let leaf = certified(&private_key, &certificate_chain).ok_or(SetupError::Identity)?;
        let desk = leaf.uri_after(DESK_URI).ok_or(SetupError::Identity)?;
        let validity = leaf.signed_with().ok_or(SetupError::Identity)?;
        let (not_before, not_after) = (validity.not_before, validity.not_after);
        Ok(Self { private_key, certificate_chain, desk, not_before, not_after })
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

    /// The chain without the desk's own certificate, PEM: who certified it, as far as the service told; may be empty.
    #[must_use]
    pub fn issuers(&self) -> &str {
        const END: &str = "-----END CERTIFICATE-----";
        self.certificate_chain.split_once(END).map_or("", |(_, issuers)| issuers.trim_start())
    }

    /// When the certificate starts to be valid.
    #[must_use]
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// When the certificate ends to be valid.
    #[must_use]
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether it is time for [`crate::AccountClient::renew`]: the certificate ends within 60 days.
    #[must_use]
    pub fn renewal_is_due(&self, now: Timestamp) -> bool {
        self.not_after.duration_since(now) < RENEW_BEFORE
    }

    /// The desk's certificate.
    pub(crate) fn certificate(&self) -> Option<Leaf> {
        Leaf::from_pem(&self.certificate_chain)
    }

    /// The key, for one signature: OpenSSL wipes it when it is dropped.
    pub(crate) fn signing_key(&self) -> Result<EcKey<Private>, ErrorStack> {
        PKey::private_key_from_pkcs8(&self.private_key)?.ec_key()
    }
}

impl fmt::Debug for DeskIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeskIdentity({})", self.desk)
    }
}

/// The first certificate, if it certifies that key.
fn certified(private_key: &[u8], certificate_chain: &str) -> Option<Leaf> {
    let key = PKey::private_key_from_pkcs8(private_key).ok()?.ec_key().ok()?;
    let leaf = Leaf::from_pem(certificate_chain)?;
    let certified = leaf.p256_key()?;
    let mut context = BigNumContext::new().ok()?;
    let same = key.public_key().eq(key.group(), certified.public_key(), &mut context);
    same.ok()?.then_some(leaf)
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
