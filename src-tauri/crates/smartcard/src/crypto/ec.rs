//! Elliptic curve arithmetic of the protocols, done by OpenSSL (BSI TR-03111).

mod point_encoding;

use super::group::{DrawError, Group, KeyPair, draw_below};
use crate::entropy::Entropy;
use crate::tlv::Tag;
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcGroupRef, EcKey, EcPoint, EcPointRef, PointConversionForm};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use zeroize::Zeroizing;

/// First byte of a point in uncompressed form.
const UNCOMPRESSED: u8 = 0x04;

/// The standardised curves with their parameter ids, in ascending order of their size (TR-03110-3, A.2.1.1; ICAO
/// Doc 9303-11, 9.5.1).
const STANDARDISED: [(u8, Nid); 11] = [
    (8, Nid::X9_62_PRIME192V1),
    (9, Nid::BRAINPOOL_P192R1),
    (10, Nid::SECP224R1),
    (11, Nid::BRAINPOOL_P224R1),
    (12, Nid::X9_62_PRIME256V1),
    (13, Nid::BRAINPOOL_P256R1),
    (14, Nid::BRAINPOOL_P320R1),
    (15, Nid::SECP384R1),
    (16, Nid::BRAINPOOL_P384R1),
    (17, Nid::BRAINPOOL_P512R1),
    (18, Nid::SECP521R1),
];

/// The OpenSSL name of standardised domain parameters. The ids 0 to 2 are no elliptic curves, all others are
/// reserved.
pub(crate) fn standardised_curve(parameter_id: u8) -> Option<Nid> {
    STANDARDISED.iter().find(|(id, _)| *id == parameter_id).map(|(_, name)| *name)
}

/// Whether the integrated mapping works over a curve: its prime must be 3 modulo 4.
pub(crate) fn has_point_encoding(name: Nid) -> bool {
    name != Nid::SECP224R1
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

    /// The standardised curve that a key is over, by name or by explicit parameters, which OpenSSL recognises;
    /// `None` if it is another one.
    pub(crate) fn of_key(group: &EcGroupRef) -> Result<Option<Self>, ErrorStack> {
        let name = group.curve_name().filter(|name| STANDARDISED.iter().any(|(_, known)| known == name));
        name.map(Self::new).transpose()
    }

    /// The curve's name.
    pub(crate) fn name(&self) -> Option<Nid> {
        self.group.curve_name()
    }

    /// The point of a key over this curve; `None` if it is none other than the one at infinity.
    pub(crate) fn point_of_key(
        &mut self,
        point: &EcPointRef,
        group: &EcGroupRef,
    ) -> Result<Option<EcPoint>, ErrorStack> {
        let bytes = point.to_bytes(group, PointConversionForm::UNCOMPRESSED, &mut self.context)?;
        Ok(self.decode(&bytes))
    }
}

impl Group for Curve {
    type Element = EcPoint;

    const PUBLIC_KEY: Tag = Tag(0x86);

    fn draw_pair(
        &mut self,
        generator: Option<&EcPoint>,
        entropy: &mut dyn Entropy,
    ) -> Result<KeyPair<EcPoint>, DrawError> {
        let private = draw_below(&self.order, self.field_bytes, entropy)?;
        let public = self.multiply(&private, generator)?;
        Ok(KeyPair { private, public })
    }

    fn multiply(&mut self, scalar: &BigNumRef, element: Option<&EcPoint>) -> Result<EcPoint, ErrorStack> {
        let mut product = EcPoint::new(&self.group)?;
        match element {
            Some(element) => product.mul2(&self.group, element, scalar, &mut self.context)?,
            None => product.mul_generator2(&self.group, scalar, &mut self.context)?,
        }
        Ok(product)
    }

    fn add(&mut self, left: &EcPoint, right: &EcPoint) -> Result<Option<EcPoint>, ErrorStack> {
        let mut sum = EcPoint::new(&self.group)?;
        sum.add(&self.group, left, right, &mut self.context)?;
        Ok((!sum.is_infinity(&self.group)).then_some(sum))
    }

    fn prime_bits(&self) -> usize {
        usize::try_from(self.group.degree()).unwrap_or_default()
    }

    fn integrate(&mut self, number: &BigNumRef) -> Result<Option<EcPoint>, ErrorStack> {
        point_encoding::point(self, number)
    }

    /// The uncompressed form.
    fn encode(&mut self, element: &EcPoint) -> Result<Vec<u8>, ErrorStack> {
        element.to_bytes(&self.group, PointConversionForm::UNCOMPRESSED, &mut self.context)
    }

    /// Reads the uncompressed form, which the point at infinity doesn't have.
    fn decode(&mut self, bytes: &[u8]) -> Option<EcPoint> {
        if bytes.len() != 1 + 2 * self.field_bytes || bytes.first() != Some(&UNCOMPRESSED) {
            return None;
        }
        // OpenSSL refuses coordinates beyond the field and points that aren't on the curve.
        EcPoint::from_bytes(&self.group, bytes, &mut self.context).ok()
    }

    /// TR-03111, 4.3.1: the x-coordinate of the product in as many bytes as the field has, leading zeros included.
    fn agree(&mut self, pair: &KeyPair<EcPoint>, other: &EcPoint) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
        let own = EcKey::from_private_components(&self.group, &pair.private, &pair.public)?;
        let own = PKey::from_ec_key(own)?;
        let other = PKey::from_ec_key(EcKey::from_public_key(&self.group, other)?)?;
        let mut deriver = Deriver::new(&own)?;
        deriver.set_peer(&other)?;
        let mut secret = Zeroizing::new(vec![0; self.field_bytes]);
        deriver.derive(&mut secret)?;
        Ok(secret)
    }
}

#[cfg(test)]
mod tests;
