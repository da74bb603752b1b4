//! Keys of active authentication.

use openssl::pkey::{PKey, Private};

use super::keys::{Kind, SigningKey};
use crate::{
    crypto::sure,
    travel::{ActiveAuthentication, Encoding},
};

/// The private RSA key of so many bits that belongs to a name, in PKCS#1.
pub(crate) fn rsa_key(name: &str, bits: u16) -> Vec<u8> {
    SigningKey::named(&format!("active authentication of {name}"), Kind::Rsa(bits)).pkcs1()
}

/// SubjectPublicKeyInfo, as DG15 holds it.
pub(crate) fn public_key_info(authentication: &ActiveAuthentication) -> Vec<u8> {
    match authentication {
        ActiveAuthentication::Rsa { key, .. } => {
            let key: PKey<Private> = sure(PKey::private_key_from_der(key));
            sure(key.public_key_to_der())
        }
        ActiveAuthentication::Ecdsa { key, .. } => key.subject_public_key_info(Encoding::Named),
    }
}
