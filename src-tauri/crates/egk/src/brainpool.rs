//! ECDSA over brainpoolP256r1 (RFC 5639, BSI TR-03111), the curve of generation 2.

use crate::quietly::quietly;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::Public;
use std::fmt;

/// The curve.
pub(crate) const CURVE: Nid = Nid::BRAINPOOL_P256R1;
/// Bytes of a coordinate, a scalar and a value to be signed.
pub(crate) const FIELD_BYTES: usize = 32;
/// Bytes of an uncompressed point: `04`, X, Y.
pub(crate) const POINT_BYTES: usize = 1 + 2 * FIELD_BYTES;
/// Bytes of a signature in the plain format: R, S (TR-03111, 5.2.1).
pub(crate) const SIGNATURE_BYTES: usize = 2 * FIELD_BYTES;

/// A public key: a point of the curve.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PublicKey([u8; POINT_BYTES]);

impl PublicKey {
    /// An uncompressed point; `None` if it isn't on the curve. (The cofactor is 1: every point but the one at infinity,
    /// which has no such form, is of the right order.)
    pub(crate) fn from_point(point: [u8; POINT_BYTES]) -> Option<Self> {
        let key = Self(point);
        let uncompressed = point.first() == Some(&0x04);
        if uncompressed && quietly(|| key.decode()).is_some() { Some(key) } else { None }
    }

    /// Whether this is the key's signature of `value`, which is the hash, or whatever else was signed in its place: 32
    /// bytes, an integer with its leading zeros, so that nothing is cut off or shifted.
    pub(crate) fn verifies(&self, value: &[u8; FIELD_BYTES], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        let (r, s) = signature.split_at(FIELD_BYTES);
        let verified = quietly(|| {
            let key = self.decode()?;
            EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?
                .verify(value, &key)
        });
        verified == Some(true)
    }

    fn decode(&self) -> Result<EcKey<Public>, ErrorStack> {
        let group = EcGroup::from_curve_name(CURVE)?;
        let mut context = BigNumContext::new()?;
        let point = EcPoint::from_bytes(&group, &self.0, &mut context)?;
        EcKey::from_public_key(&group, &point)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(…)")
    }
}

#[cfg(test)]
mod tests;
