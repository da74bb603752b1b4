//! The integrated mapping as a card does it: by the square root of whichever side has one.

use super::{Cipher, Curve, cbc};
use crate::script::hex_bytes;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::EcPoint;
use openssl::symm::Mode;

/// c0 and c1 of ICAO Doc 9303-11, 4.4.3.3.2.
const CONSTANTS_128: [&str; 2] = ["A668892A7C41E3CA739F40B057D85904", "A4E136AC725F738B01C1F60217C188AD"];
const CONSTANTS_256: [&str; 2] = [
    "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676",
    "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517",
];

/// The number that follows from both nonces.
pub(super) fn number(cipher: Cipher, s: &[u8], t: &[u8], prime_bits: usize) -> BigNum {
    assert_eq!(t.len(), cipher.key_bytes());
    let [c0, c1] = if s.len() == 16 { CONSTANTS_128 } else { CONSTANTS_256 }.map(hex_bytes);
    let start = vec![0; cipher.block_bytes()];
    let encrypt =
        |key: &[u8], data: &[u8]| cbc(cipher, Mode::Encrypt, &key[..cipher.key_bytes()], &start, data);
    let mut key = encrypt(t, s);
    let mut number = Vec::new();
    while number.len() * 8 < prime_bits + 64 {
        number.extend(encrypt(&key, &c1));
        key = encrypt(&key, &c0);
    }
    BigNum::from_slice(&number).unwrap()
}

/// The generator that follows from both nonces.
pub(super) fn generator(curve: &Curve, cipher: Cipher, s: &[u8], t: &[u8]) -> EcPoint {
    let mut context = BigNumContext::new().unwrap();
    let [mut p, mut a, mut b] = [(); 3].map(|()| BigNum::new().unwrap());
    curve.group.components_gfp(&mut p, &mut a, &mut b, &mut context).unwrap();
    let number = number(cipher, s, t, usize::try_from(p.num_bits()).unwrap());
    let mut modulo = |number: &BigNum| {
        let mut rest = BigNum::new().unwrap();
        rest.nnmod(number, &p, &mut context).unwrap();
        rest
    };
    let one = BigNum::from_u32(1).unwrap();
    let t = modulo(&number);
    let alpha = modulo(&-(&t * &t));
    let invert = |number: &BigNum| {
        let mut inverse = BigNum::new().unwrap();
        inverse.mod_inverse(number, &p, &mut BigNumContext::new().unwrap()).unwrap();
        inverse
    };
    let sum = modulo(&(&alpha + &(&alpha * &alpha)));
    let factor = &one + &invert(&sum);
    let quotient = modulo(&(&b * &invert(&a)));
    let x2 = modulo(&-(&quotient * &factor));
    let x3 = modulo(&(&alpha * &x2));
    let mut right = |x: &BigNum| {
        let product = modulo(&(&(&(x * x) + &a) * x));
        modulo(&(&product + &b))
    };
    let (h2, h3) = (right(&x2), right(&x3));
    let power = |base: &BigNum, exponent: &BigNum| {
        let mut power = BigNum::new().unwrap();
        power.mod_exp(base, exponent, &p, &mut BigNumContext::new().unwrap()).unwrap();
        power
    };
    let quarter = &(&p + &one) / &BigNum::from_u32(4).unwrap();
    let root = power(&h2, &quarter);
    let (x, y) = if power(&root, &BigNum::from_u32(2).unwrap()) == h2 {
        (x2, root)
    } else {
        let y = modulo(&-(&power(&t, &BigNum::from_u32(3).unwrap()) * &root));
        assert_eq!(power(&y, &BigNum::from_u32(2).unwrap()), h3);
        (x3, y)
    };
    let mut point = EcPoint::new(&curve.group).unwrap();
    let mut context = BigNumContext::new().unwrap();
    point.set_affine_coordinates(&curve.group, &x, &y, &mut context).unwrap();
    point
}
