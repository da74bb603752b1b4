//! The proof of a chip's key in PACE (ICAO Doc 9303-11, 4.4.3.5).

use super::PaceError;
use crate::crypto::aes::BLOCK_BYTES;
use crate::crypto::chip_key::ChipKey;
use crate::crypto::cipher::CipherKey;
use crate::crypto::ec::Curve;
use crate::crypto::group::{Group, secret_number};
use crate::crypto::kdf::{KeyPurpose, SessionCipher};
use crate::crypto::padding::unpadded_bytes;
use openssl::nid::Nid;
use std::fmt;
use zeroize::Zeroizing;

/// What a chip has given in PACE to prove that it has the key in its EF.CardSecurity.
pub struct ChipAuthenticationMapping {
    curve: Nid,
    /// The chip's ephemeral key of the mapping.
    mapping_key: Vec<u8>,
    /// The factor between the two keys.
    data: Zeroizing<Vec<u8>>,
}

impl ChipAuthenticationMapping {
    /// Opens what came beside the chip's token: whole blocks under the session's key.
    pub(super) fn open(
        cipher: SessionCipher,
        secret: &[u8],
        encrypted: &[u8],
        curve: &Curve,
        mapping_key: &[u8],
    ) -> Result<Self, PaceError> {
        let CipherKey::Aes(key) = CipherKey::derive(cipher, secret, KeyPurpose::Encryption) else {
            return Err(PaceError::NotSupported);
        };
        if encrypted.is_empty() || !encrypted.len().is_multiple_of(BLOCK_BYTES) {
            return Err(PaceError::Protocol);
        }
        let mut data = Zeroizing::new(encrypted.to_vec());
        // 4.4.3.5.2: the start vector is the highest counter of all, encrypted.
        key.cbc_decrypt(key.encrypt_block([0xFF; BLOCK_BYTES]), &mut data);
        let bytes = unpadded_bytes(&data, BLOCK_BYTES).ok_or(PaceError::Protocol)?;
        if bytes == 0 || bytes > curve.prime_bits().div_ceil(8) {
            return Err(PaceError::Protocol);
        }
        data.truncate(bytes);
        let curve = curve.name().ok_or(PaceError::Calculation)?;
        Ok(Self { curve, mapping_key: mapping_key.to_vec(), data })
    }

    /// Whether the chip has the private key to this public one (DER; from EF.CardSecurity, whose signature is the
    /// caller's to check): ICAO Doc 9303-11, 4.4.3.5.1.
    pub fn proves(&self, subject_public_key_info: &[u8]) -> bool {
        self.product(subject_public_key_info).is_some_and(|product| product == self.mapping_key)
    }

    /// Whether this public key is over PACE's curve, so that it can be the proven one at all.
    pub fn is_over_curve_of(&self, subject_public_key_info: &[u8]) -> bool {
        match ChipKey::read(subject_public_key_info) {
            Ok(ChipKey::EllipticCurve(curve, _)) => curve.name() == Some(self.curve),
            _ => false,
        }
    }

    /// The mapping key that follows; `None` if the key isn't over PACE's curve.
    fn product(&self, subject_public_key_info: &[u8]) -> Option<Vec<u8>> {
        let Ok(ChipKey::EllipticCurve(mut curve, key)) = ChipKey::read(subject_public_key_info) else {
            return None;
        };
        if curve.name() != Some(self.curve) {
            return None;
        }
        let product = curve.multiply(&*secret_number(&self.data).ok()?, Some(&key)).ok()?;
        curve.encode(&product).ok()
    }
}

impl fmt::Debug for ChipAuthenticationMapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChipAuthenticationMapping")
    }
}
