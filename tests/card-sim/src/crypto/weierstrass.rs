//! The textbook formulas of short Weierstrass curves over OpenSSL's numbers (BSI TR-03111, 2.3.1): for the
//! curve that RustCrypto doesn't have. Slow, and with no care for side channels: a simulator's keys are no
//! secrets.

use openssl::bn::{BigNum, BigNumContext, BigNumRef};

use super::{
    elliptic::{Curve, Domain},
    number, sure,
};

/// A point; `None` is infinity.
type Point = Option<(BigNum, BigNum)>;

/// A curve with OpenSSL's scratch memory.
struct Arithmetic {
    domain: Domain,
    context: BigNumContext,
}

/// The usual generator of brainpoolP512r1 (RFC 5639, 3.7).
const GENERATOR_512: [&str; 2] = [
    "81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098E\
     FF3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822",
    "7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111\
     B2DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892",
];

/// The usual generator.
pub(super) fn generator(curve: Curve) -> Vec<u8> {
    let [x, y] = GENERATOR_512.map(|number| sure(BigNum::from_hex_str(number)));
    encode(curve, Some((x, y))).unwrap_or_default()
}

/// Whether the encoded point is on the curve.
pub(super) fn has(curve: Curve, point: &[u8]) -> bool {
    let mut arithmetic = Arithmetic::new(curve);
    decode(curve, point).is_some_and(|(x, y)| arithmetic.has(&x, &y))
}

/// The point, so many times.
pub(super) fn times(curve: Curve, times: &[u8], point: &[u8]) -> Option<Vec<u8>> {
    let mut arithmetic = Arithmetic::new(curve);
    let point = Some(decode(curve, point)?);
    let factor = number(times);
    let mut product = None;
    for bit in (0..factor.num_bits()).rev() {
        product = arithmetic.add(&product, &product);
        if factor.is_bit_set(bit) {
            product = arithmetic.add(&product, &point);
        }
    }
    encode(curve, product)
}

/// The sum.
pub(super) fn add(curve: Curve, first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
    let (first, second) = (decode(curve, first)?, decode(curve, second)?);
    encode(curve, Arithmetic::new(curve).add(&Some(first), &Some(second)))
}

fn decode(curve: Curve, point: &[u8]) -> Option<(BigNum, BigNum)> {
    let (x, y) = point.strip_prefix(&[0x04])?.split_at_checked(curve.length())?;
    Some((number(x), number(y)))
}

fn encode(curve: Curve, point: Point) -> Option<Vec<u8>> {
    let (x, y) = point?;
    let length = i32::try_from(curve.length()).unwrap_or_default();
    Some([vec![0x04], sure(x.to_vec_padded(length)), sure(y.to_vec_padded(length))].concat())
}

impl Arithmetic {
    fn new(curve: Curve) -> Self {
        Self { domain: curve.domain(), context: sure(BigNumContext::new()) }
    }

    /// y² = x³ + ax + b.
    fn has(&mut self, x: &BigNumRef, y: &BigNumRef) -> bool {
        let square = self.product(x, x);
        let cubic = self.product(&square, x);
        let a = sure(self.domain.a.to_owned());
        let linear = self.product(&a, x);
        let right = self.sum(&cubic, &linear);
        let b = sure(self.domain.b.to_owned());
        self.product(y, y) == self.sum(&right, &b) && *x < *self.domain.p && *y < *self.domain.p
    }

    fn add(&mut self, first: &Point, second: &Point) -> Point {
        let (Some((x1, y1)), Some((x2, y2))) = (first, second) else {
            let other = first.as_ref().or(second.as_ref())?;
            return Some((sure(other.0.to_owned()), sure(other.1.to_owned())));
        };
        let slope = if x1 != x2 {
            let (rise, run) = (self.difference(y2, y1), self.difference(x2, x1));
            self.quotient(&rise, &run)
        } else if y1 == y2 {
            let square = self.product(x1, x1);
            let twice = self.sum(&square, &square);
            let thrice = self.sum(&twice, &square);
            let a = sure(self.domain.a.to_owned());
            let (rise, run) = (self.sum(&thrice, &a), self.sum(y1, y1));
            self.quotient(&rise, &run)
        } else {
            return None;
        };
        let square = self.product(&slope, &slope);
        let rest = self.difference(&square, x1);
        let x = self.difference(&rest, x2);
        let run = self.difference(x1, &x);
        let rise = self.product(&slope, &run);
        let y = self.difference(&rise, y1);
        Some((x, y))
    }

    fn sum(&mut self, first: &BigNumRef, second: &BigNumRef) -> BigNum {
        let mut sum = sure(BigNum::new());
        sure(sum.mod_add(first, second, &self.domain.p, &mut self.context));
        sum
    }

    fn difference(&mut self, first: &BigNumRef, second: &BigNumRef) -> BigNum {
        let mut difference = sure(BigNum::new());
        sure(difference.mod_sub(first, second, &self.domain.p, &mut self.context));
        difference
    }

    fn product(&mut self, first: &BigNumRef, second: &BigNumRef) -> BigNum {
        let mut product = sure(BigNum::new());
        sure(product.mod_mul(first, second, &self.domain.p, &mut self.context));
        product
    }

    fn quotient(&mut self, first: &BigNumRef, second: &BigNumRef) -> BigNum {
        let mut inverse = sure(BigNum::new());
        sure(inverse.mod_inverse(second, &self.domain.p, &mut self.context));
        self.product(first, &inverse)
    }
}
