//! Integrated mapping of PACE (Doc 9303-11, 4.4.3.3.2 and appendix B): nonces hashed into the group.

use openssl::bn::{BigNum, BigNumContext, BigNumRef};

use super::{
    cipher::Cipher,
    elliptic::{Curve, Domain},
    group::Group,
    sure,
};

/// c0 and c1 of the pseudorandom function for nonces of 128 bits.
const SHORT: [&str; 2] = ["A668892A7C41E3CA739F40B057D85904", "A4E136AC725F738B01C1F60217C188AD"];
/// And of 256 bits.
const LONG: [&str; 2] = [
    "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676",
    "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517",
];
/// As many bytes more than the prime has make the remainder look random.
const MARGIN: i32 = 64;

/// Bytes of the chip's nonce.
pub(crate) fn nonce_length(cipher: Cipher) -> usize {
    match cipher {
        Cipher::TripleDes | Cipher::Aes128 => 16,
        Cipher::Aes192 | Cipher::Aes256 => 32,
    }
}

/// The generator that the chip's nonce and the terminal's give; `None` for the neutral element.
pub(crate) fn map(group: Group, cipher: Cipher, own: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    match group {
        Group::Ec(curve) => {
            let domain = curve.domain();
            let number = remainder(&random(cipher, own, theirs, &domain.p), &domain.p);
            point(curve, &domain, &number)
        }
        Group::Dh(group) => {
            let parameters = group.parameters();
            let p = parameters.prime_p();
            let number = remainder(&random(cipher, own, theirs, p), p);
            let mut context = sure(BigNumContext::new());
            let [mut less, mut cofactor] = [sure(p.to_owned()), sure(BigNum::new())];
            sure(less.sub_word(1));
            sure(cofactor.checked_div(&less, &group.order(), &mut context));
            group.power(&number, &cofactor)
        }
    }
}

/// R(s,t): the cipher, keyed by what it gives itself, over constants.
fn random(cipher: Cipher, own: &[u8], theirs: &[u8], p: &BigNumRef) -> Vec<u8> {
    let constants = if own.len() == nonce_length(Cipher::Aes128) { SHORT } else { LONG };
    let [c0, c1] = constants.map(|constant| sure(BigNum::from_hex_str(constant)).to_vec());
    let run = |key: &[u8], text: &[u8]| {
        cipher.encrypt(key.get(..cipher.key_length()).unwrap_or(key), &cipher.zeros(), text)
    };
    let mut key = run(theirs, own);
    let mut random = Vec::new();
    while random.len() * 8 < usize::try_from(p.num_bits() + MARGIN).unwrap_or_default() {
        random.extend(run(&key, &c1));
        key = run(&key, &c0);
    }
    random
}

fn remainder(number: &[u8], p: &BigNumRef) -> BigNum {
    let (mut remainder, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
    sure(remainder.nnmod(&super::number(number), p, &mut context));
    remainder
}

/// The point encoding of appendix B.2 (simplified SWU) for primes that leave 3 modulo 4; the cofactor is 1.
fn point(curve: Curve, domain: &Domain, t: &BigNumRef) -> Option<Vec<u8>> {
    let field = Field { p: &domain.p };
    let (a, b) = (&domain.a, &domain.b);
    let square = field.product(t, t);
    let alpha = field.negative(&square);
    let beta = field.sum(&alpha, &field.product(&alpha, &alpha));
    let one = sure(BigNum::from_u32(1));
    let [inverse_beta, inverse_a] = [field.inverse(&beta)?, field.inverse(a)?];
    let factor = field.sum(&one, &inverse_beta);
    let x2 = field.product(&field.negative(&field.product(b, &inverse_a)), &factor);
    let x3 = field.product(&alpha, &x2);
    let h2 = field.cubic(&x2, a, b);
    let u = field.product(&field.product(&square, t), &h2);
    // A is 1/√h2 if h2 is a square, else 1/√(−h2).
    let root = field.inverse_root(&h2);
    let is_square = field.product(&field.product(&root, &root), &h2) == one;
    let (x, y) = if is_square { (x2, field.product(&root, &h2)) } else { (x3, field.product(&root, &u)) };
    let length = i32::try_from(curve.length()).unwrap_or_default();
    let point = [vec![0x04], sure(x.to_vec_padded(length)), sure(y.to_vec_padded(length))].concat();
    curve.has(&point).then_some(point)
}

/// Numbers modulo p.
struct Field<'a> {
    p: &'a BigNumRef,
}

impl Field<'_> {
    fn sum(&self, first: &BigNumRef, second: &BigNumRef) -> BigNum {
        let (mut sum, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
        sure(sum.mod_add(first, second, self.p, &mut context));
        sum
    }

    fn product(&self, first: &BigNumRef, second: &BigNumRef) -> BigNum {
        let (mut product, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
        sure(product.mod_mul(first, second, self.p, &mut context));
        product
    }

    fn negative(&self, number: &BigNumRef) -> BigNum {
        let (mut negative, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
        let zero = sure(BigNum::new());
        sure(negative.mod_sub(&zero, number, self.p, &mut context));
        negative
    }

    /// `None` for zero.
    fn inverse(&self, number: &BigNumRef) -> Option<BigNum> {
        let (mut inverse, mut context) = (sure(BigNum::new()), sure(BigNumContext::new()));
        inverse.mod_inverse(number, self.p, &mut context).ok()?;
        Some(inverse)
    }

    /// x³ + ax + b.
    fn cubic(&self, x: &BigNumRef, a: &BigNumRef, b: &BigNumRef) -> BigNum {
        let square = self.product(x, x);
        let sum = self.sum(&self.product(&square, x), &self.product(a, x));
        self.sum(&sum, b)
    }

    /// The number to the power of p − 1 − (p + 1)/4.
    fn inverse_root(&self, number: &BigNumRef) -> BigNum {
        let [mut quarter, mut exponent, mut root] = std::array::from_fn(|_| sure(BigNum::new()));
        let mut next = sure(self.p.to_owned());
        sure(next.add_word(1));
        sure(quarter.rshift(&next, 2));
        sure(next.sub_word(2));
        sure(exponent.checked_sub(&next, &quarter));
        let mut context = sure(BigNumContext::new());
        sure(root.mod_exp(number, &exponent, self.p, &mut context));
        root
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::group::DhGroup;

    fn bytes(hex: &str) -> Vec<u8> {
        hex::decode(hex).unwrap()
    }

    /// ICAO Doc 9303-11, H.1.
    #[test]
    fn nonces_become_the_point_of_doc_9303() {
        let (own, theirs) =
            (bytes("2923BE84E16CD6AE529049F1F1BBE9EB"), bytes("5DD4CBFC96F5453B130D890A1CDBAE32"));
        let p = Curve::Brainpool256.domain().p;
        let random = random(Cipher::Aes128, &own, &theirs, &p);
        assert_eq!(
            hex::encode_upper(&random),
            "E4447E2DFB3586BAC05DDB00156B57FBB2179A3949294C97254189800C517BAA8DA0FF397ED8C445D3E421E4FEB57322"
        );
        assert_eq!(
            hex::encode_upper(remainder(&random, &p).to_vec()),
            "A2F8FF2DF50E52C6599F386ADCB595D229F6A167ADE2BE5F2C3296ADD5B7430E"
        );
        let point = map(Group::Ec(Curve::Brainpool256), Cipher::Aes128, &own, &theirs).unwrap();
        assert_eq!(
            hex::encode_upper(point),
            "048E82D31559ED0FDE92A4D0498ADD3C23BABA94FB77691E31E90AEA77FB17D427\
             4C1AE14BD0C3DBAC0C871B7F3608169364437CA30AC243A089D3F266C1E60FAD"
        );
    }

    /// ICAO Doc 9303-11, H.2.
    #[test]
    fn nonces_become_the_number_of_doc_9303() {
        let (own, theirs) =
            (bytes("FA5B7E3E49753A0DB9178B7B9BD898C8"), bytes("B3A6DB3C870C3E99245E0D1C06B747DE"));
        let number = map(Group::Dh(DhGroup::Modp1024), Cipher::Aes128, &own, &theirs).unwrap();
        assert_eq!(
            hex::encode_upper(number),
            "1D7D767F11E333BCD6DBAEF40E799E7A926B96973550656FF3C830726D118D61C276CDCC61D475CF03A98E0C0E79CAEB\
             A5BE25578BD4551D0B10903236F0B0F976852FA78EEA14EA0ACA87D1E91F688FE0DFF897BBE35A472621D343564B262F\
             34223AE8FC59B664BFEDFA2BFE7516CA5510A6BBB633D517EC25D4E0BBAA16C2"
        );
    }

    #[test]
    fn nonces_of_every_cipher_become_points_of_every_curve() {
        for curve in [Curve::P256, Curve::P384, Curve::Brainpool384, Curve::Brainpool512] {
            for cipher in [Cipher::TripleDes, Cipher::Aes192, Cipher::Aes256] {
                for theirs in 0..4 {
                    let own = vec![7; nonce_length(cipher)];
                    let theirs = vec![theirs; cipher.key_length()];
                    assert!(map(Group::Ec(curve), cipher, &own, &theirs).is_some(), "{curve:?} {cipher:?}");
                }
            }
        }
    }
}
