//! Elliptic curve arithmetic of PACE, done by OpenSSL (BSI TR-03111).

use crate::entropy::{Entropy, NoEntropy};
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcKey, EcPoint, EcPointRef, PointConversionForm};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use zeroize::Zeroizing;

/// Most draws of a private key: each is in range with a chance of more than a half on every curve, so that a
/// working source never needs as many, and a broken one can't hold us up.
const DRAWS_MAX: usize = 128;
/// First byte of a point in uncompressed form.
const UNCOMPRESSED: u8 = 0x04;

/// The OpenSSL name of standardised domain parameters (TR-03110-3, A.2.1.1; ICAO Doc 9303-11, 9.5.1). The ids
/// 0 to 2 are no elliptic curves, all others are reserved.
pub(crate) fn standardised_curve(parameter_id: u8) -> Option<Nid> {
    Some(match parameter_id {
        8 => Nid::X9_62_PRIME192V1,
        9 => Nid::BRAINPOOL_P192R1,
        10 => Nid::SECP224R1,
        11 => Nid::BRAINPOOL_P224R1,
        12 => Nid::X9_62_PRIME256V1,
        13 => Nid::BRAINPOOL_P256R1,
        14 => Nid::BRAINPOOL_P320R1,
        15 => Nid::SECP384R1,
        16 => Nid::BRAINPOOL_P384R1,
        17 => Nid::BRAINPOOL_P512R1,
        18 => Nid::SECP521R1,
        _ => return None,
    })
}

/// Why a private key couldn't be drawn.
pub(crate) enum DrawError {
    Entropy(NoEntropy),
    OpenSsl,
}

/// A curve of prime order, and memory to calculate in.
pub(crate) struct Curve {
    group: EcGroup,
    order: BigNum,
    field_bytes: usize,
    context: BigNumContext,
}

impl Curve {
    pub(crate) fn new(name: Nid) -> Result<Self, ErrorStack> {
        let group = EcGroup::from_curve_name(name)?;
        let mut context = BigNumContext::new_secure()?;
        let mut order = BigNum::new()?;
        group.order(&mut order, &mut context)?;
        let field_bytes = usize::try_from(group.degree().div_ceil(8)).unwrap_or_default();
        Ok(Self { group, order, field_bytes, context })
    }

    /// Draws a private key, 1 to n - 1: as many bytes as the field has, again while they are out of range.
    pub(crate) fn draw_key(&self, entropy: &mut dyn Entropy) -> Result<BigNum, DrawError> {
        let mut bytes = Zeroizing::new(vec![0; self.field_bytes]);
        for _ in 0..DRAWS_MAX {
            entropy.fill(&mut bytes).map_err(DrawError::Entropy)?;
            self.clear_bits_above_order(&mut bytes);
            let key = secret_number(&bytes).map_err(|_| DrawError::OpenSsl)?;
            if key.num_bits() > 0 && key < self.order {
                return Ok(key);
            }
        }
        Err(DrawError::Entropy(NoEntropy))
    }

    /// 521 bits come in 66 bytes, of which one draw in 128 would be in range.
    fn clear_bits_above_order(&self, bytes: &mut [u8]) {
        let above = self.field_bytes * 8 - usize::try_from(self.order.num_bits()).unwrap_or_default();
        if let Some(first) = bytes.first_mut() {
            *first &= u8::try_from(0xFF_usize >> above).unwrap_or(u8::MAX);
        }
    }

    /// Reads an uncompressed point. `None` unless it is a point of the curve other than the one at infinity,
    /// which has no uncompressed form.
    pub(crate) fn decode_point(&mut self, bytes: &[u8]) -> Option<EcPoint> {
        if bytes.len() != 1 + 2 * self.field_bytes || bytes.first() != Some(&UNCOMPRESSED) {
            return None;
        }
        // OpenSSL refuses coordinates beyond the field and points that aren't on the curve.
        EcPoint::from_bytes(&self.group, bytes, &mut self.context).ok()
    }

    /// The uncompressed form of a point.
    pub(crate) fn encode_point(&mut self, point: &EcPointRef) -> Result<Vec<u8>, ErrorStack> {
        point.to_bytes(&self.group, PointConversionForm::UNCOMPRESSED, &mut self.context)
    }

    /// The public key to `key` over the curve's own generator.
    pub(crate) fn multiply_generator(&mut self, key: &BigNumRef) -> Result<EcPoint, ErrorStack> {
        let mut product = EcPoint::new(&self.group)?;
        product.mul_generator2(&self.group, key, &mut self.context)?;
        Ok(product)
    }

    /// The public key to `key` over another generator.
    pub(crate) fn multiply(
        &mut self,
        generator: &EcPointRef,
        key: &BigNumRef,
    ) -> Result<EcPoint, ErrorStack> {
        let mut product = EcPoint::new(&self.group)?;
        product.mul2(&self.group, generator, key, &mut self.context)?;
        Ok(product)
    }

    /// The generic mapping (ICAO Doc 9303-11, 4.4.3.3): the generator `nonce * G + key * card_key`, `None` if that
    /// is the point at infinity.
    pub(crate) fn map_generic(
        &mut self,
        nonce: &[u8],
        key: &BigNumRef,
        card_key: &EcPointRef,
    ) -> Result<Option<EcPoint>, ErrorStack> {
        let nonce = secret_number(nonce)?;
        // Two products and a sum: OpenSSL's joint multiplication takes a time that tells of the scalars.
        let hidden = self.multiply_generator(&nonce)?;
        let shared = self.multiply(card_key, key)?;
        let mut generator = EcPoint::new(&self.group)?;
        generator.add(&self.group, &hidden, &shared, &mut self.context)?;
        Ok((!generator.is_infinity(&self.group)).then_some(generator))
    }

    /// Key agreement (TR-03111, 4.3.1): the x-coordinate of `key * card_key` in as many bytes as the field
    /// has, leading zeros included.
    pub(crate) fn agree(
        &self,
        key: &BigNumRef,
        public_key: &EcPointRef,
        card_key: &EcPointRef,
    ) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
        let own = PKey::from_ec_key(EcKey::from_private_components(&self.group, key, public_key)?)?;
        let card = PKey::from_ec_key(EcKey::from_public_key(&self.group, card_key)?)?;
        let mut deriver = Deriver::new(&own)?;
        deriver.set_peer(&card)?;
        let mut secret = Zeroizing::new(vec![0; self.field_bytes]);
        deriver.derive(&mut secret)?;
        Ok(secret)
    }
}

/// A number that OpenSSL wipes when it is dropped, and calculates with in constant time.
fn secret_number(bytes: &[u8]) -> Result<BigNum, ErrorStack> {
    let mut number = BigNum::new_secure()?;
    number.copy_from_slice(bytes)?;
    number.set_const_time();
    Ok(number)
}

#[cfg(test)]
mod tests;
