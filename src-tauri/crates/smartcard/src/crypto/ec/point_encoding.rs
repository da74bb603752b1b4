//! The point encoding of the integrated mapping (ICAO Doc 9303-11, B.2; Brier, Coron, Icart, Madore, Randriam,
//! Tibouchi: Efficient indifferentiable hashing into ordinary elliptic curves).

use super::{Curve, UNCOMPRESSED};
use crate::crypto::group::Group;
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::ec::EcPoint;
use openssl::error::ErrorStack;
use zeroize::Zeroizing;

/// The point that a number stands for, over a prime that is 3 modulo 4; `None` for the few numbers that stand for
/// none. The curve has cofactor 1.
pub(super) fn point(curve: &mut Curve, number: &BigNumRef) -> Result<Option<EcPoint>, ErrorStack> {
    let mut field = Field::new(curve)?;
    let t = field.reduce(number)?;
    // The steps are those of B.2.1, affine coordinates.
    let t2 = field.multiply(&t, &t)?;
    let alpha = field.negate(&t2)?;
    let alpha2 = field.multiply(&alpha, &alpha)?;
    let sum = field.add(&alpha, &alpha2)?;
    if sum.num_bits() == 0 {
        return Ok(None);
    }
    let inverse = field.invert(&sum)?;
    let one = BigNum::from_u32(1)?;
    let factor = field.add(&one, &inverse)?;
    let quotient = field.divide_b_by_a()?;
    let product = field.multiply(&quotient, &factor)?;
    let x2 = field.negate(&product)?;
    let x3 = field.multiply(&alpha, &x2)?;
    let h2 = field.right_side(&x2)?;
    let t3 = field.multiply(&t2, &t)?;
    let u = field.multiply(&t3, &h2)?;
    let root = field.inverse_root(&h2)?;
    let root2 = field.multiply(&root, &root)?;
    let check = field.multiply(&root2, &h2)?;
    let y2 = field.multiply(&root, &h2)?;
    let y3 = field.multiply(&root, &u)?;
    let (x, y) = if check == one { (x2, y2) } else { (x3, y3) };
    let mut bytes = Zeroizing::new(vec![UNCOMPRESSED]);
    for coordinate in [x, y] {
        let length = i32::try_from(curve.field_bytes).unwrap_or_default();
        bytes.extend_from_slice(&Zeroizing::new(coordinate.to_vec_padded(length)?));
    }
    Ok(curve.decode(&bytes))
}

/// Arithmetic modulo the curve's prime.
struct Field {
    p: BigNum,
    a: BigNum,
    b: BigNum,
    context: BigNumContext,
}

impl Field {
    fn new(curve: &Curve) -> Result<Self, ErrorStack> {
        let mut context = BigNumContext::new_secure()?;
        let [mut p, mut a, mut b] = [BigNum::new()?, BigNum::new()?, BigNum::new()?];
        curve.group.components_gfp(&mut p, &mut a, &mut b, &mut context)?;
        Ok(Self { p, a, b, context })
    }

    fn reduce(&mut self, number: &BigNumRef) -> Result<BigNum, ErrorStack> {
        let mut reduced = secret()?;
        reduced.nnmod(number, &self.p, &mut self.context)?;
        Ok(reduced)
    }

    fn add(&mut self, left: &BigNumRef, right: &BigNumRef) -> Result<BigNum, ErrorStack> {
        let mut sum = secret()?;
        sum.mod_add(left, right, &self.p, &mut self.context)?;
        Ok(sum)
    }

    fn negate(&mut self, number: &BigNumRef) -> Result<BigNum, ErrorStack> {
        let mut negative = secret()?;
        negative.mod_sub(&self.p, number, &self.p, &mut self.context)?;
        Ok(negative)
    }

    fn multiply(&mut self, left: &BigNumRef, right: &BigNumRef) -> Result<BigNum, ErrorStack> {
        let mut product = secret()?;
        product.mod_mul(left, right, &self.p, &mut self.context)?;
        Ok(product)
    }

    fn invert(&mut self, number: &BigNumRef) -> Result<BigNum, ErrorStack> {
        let mut inverse = secret()?;
        inverse.mod_inverse(number, &self.p, &mut self.context)?;
        Ok(inverse)
    }

    fn divide_b_by_a(&mut self) -> Result<BigNum, ErrorStack> {
        let mut inverse = BigNum::new()?;
        inverse.mod_inverse(&self.a, &self.p, &mut self.context)?;
        let mut quotient = BigNum::new()?;
        quotient.mod_mul(&self.b, &inverse, &self.p, &mut self.context)?;
        Ok(quotient)
    }

    /// x³ + a x + b.
    fn right_side(&mut self, x: &BigNumRef) -> Result<BigNum, ErrorStack> {
        let square = self.multiply(x, x)?;
        let mut factor = secret()?;
        factor.mod_add(&square, &self.a, &self.p, &mut self.context)?;
        let product = self.multiply(&factor, x)?;
        let mut sum = secret()?;
        sum.mod_add(&product, &self.b, &self.p, &mut self.context)?;
        Ok(sum)
    }

    /// number^(p - 1 - (p + 1) / 4): the inverse of its square root, if it has one.
    fn inverse_root(&mut self, number: &BigNumRef) -> Result<BigNum, ErrorStack> {
        let mut quarter = self.p.to_owned()?;
        quarter.add_word(1)?;
        quarter.div_word(4)?;
        let mut exponent = BigNum::new()?;
        exponent.checked_sub(&self.p, &quarter)?;
        exponent.sub_word(1)?;
        let mut root = secret()?;
        root.mod_exp(number, &exponent, &self.p, &mut self.context)?;
        Ok(root)
    }
}

/// A number that OpenSSL wipes when it is dropped.
fn secret() -> Result<BigNum, ErrorStack> {
    let mut number = BigNum::new_secure()?;
    number.set_const_time();
    Ok(number)
}
