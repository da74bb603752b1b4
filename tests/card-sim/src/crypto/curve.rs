//! brainpoolP256r1 (RFC 5639): key pairs, agreement and ECDSA, by `bp256`.

use std::fmt;

use bp256::{
    FieldBytes, Scalar,
    elliptic_curve::{PrimeField, ops::Reduce, point::AffineCoordinates, sec1::ToSec1Point},
    r1::ProjectivePoint,
};

/// A private key; those of simulated cards are no secrets, but a habit is a habit.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PrivateKey(Scalar);

/// A private key and its public one, which takes a while to compute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyPair {
    pub(crate) private: PrivateKey,
    pub(crate) public: Point,
}

impl KeyPair {
    /// The pair that belongs to a name.
    pub(crate) fn named(name: &str) -> Self {
        let private = PrivateKey::named(name);
        let public = private.public();
        Self { private, public }
    }
}

/// A point, maybe infinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point(ProjectivePoint);

impl PrivateKey {
    /// The key with this number modulo the order; 1 instead of 0.
    pub(crate) fn new(number: [u8; 32]) -> Self {
        let scalar = reduce(number);
        Self(if scalar == Scalar::ZERO { Scalar::ONE } else { scalar })
    }

    /// The key that belongs to a name.
    pub(crate) fn named(name: &str) -> Self {
        Self::new(openssl::sha::sha256(format!("card-sim {name}").as_bytes()))
    }

    /// The number.
    pub(crate) fn to_bytes(&self) -> [u8; 32] {
        self.0.to_repr().into()
    }

    /// The public key to the usual generator.
    pub(crate) fn public(&self) -> Point {
        self.times(&Point::generator())
    }

    /// The point, so many times.
    pub(crate) fn times(&self, point: &Point) -> Point {
        Point(point.0 * self.0)
    }

    /// ECDSA over a number that is hashed already, or isn't to be (BSI TR-03111, 4.2.1): R and S. The nonce
    /// depends on key and number alone, so that a card built twice is the same card.
    pub(crate) fn sign(&self, number: [u8; 32]) -> [u8; 64] {
        let mut nonce = openssl::sha::sha256(&[self.to_bytes(), number].concat());
        loop {
            if let Some(signature) = self.sign_with(number, nonce) {
                return signature;
            }
            nonce = openssl::sha::sha256(&nonce);
        }
    }

    /// The signature with this nonce; `None` if it isn't one.
    fn sign_with(&self, number: [u8; 32], nonce: [u8; 32]) -> Option<[u8; 64]> {
        let nonce = Self::new(nonce);
        let r = reduce(nonce.public().x());
        let inverse = Option::<Scalar>::from(nonce.0.invert())?;
        let s = inverse * (reduce(number) + r * self.0);
        if r == Scalar::ZERO || s == Scalar::ZERO {
            return None;
        }
        let mut signature = [0; 64];
        let (first, second) = signature.split_at_mut(32);
        first.copy_from_slice(&r.to_repr());
        second.copy_from_slice(&s.to_repr());
        Some(signature)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PrivateKey(…)")
    }
}

impl Point {
    /// The generator of RFC 5639.
    pub(crate) fn generator() -> Self {
        Self(ProjectivePoint::GENERATOR)
    }

    /// Uncompressed encoding.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        self.0.to_affine().to_sec1_point(false).as_bytes().to_vec()
    }

    /// The x-coordinate, always 32 bytes.
    pub(crate) fn x(self) -> [u8; 32] {
        self.0.to_affine().x().into()
    }
}

fn reduce(number: [u8; 32]) -> Scalar {
    Scalar::reduce(&FieldBytes::from(number))
}

#[cfg(test)]
mod tests {
    use openssl::{bn::BigNum, ec::EcKey, ecdsa::EcdsaSig};

    use super::*;
    use crate::pki::openssl_public;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        hex::decode(hex).unwrap().try_into().unwrap()
    }

    /// RFC 7027, A.1: the key pair of Alice and the shared secret.
    #[test]
    fn keys_agree_as_in_rfc_7027() {
        let alice =
            PrivateKey::new(bytes("81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D"));
        let bob = PrivateKey::new(bytes("55E40BC41E37E3E2AD25C3C6654511FFA8474A91A0032087593852D3E7D76BD3"));
        assert_eq!(
            hex::encode_upper(alice.public().to_bytes()),
            "0444106E913F92BC02A1705D9953A8414DB95E1AAA49E81D9E85F929A8E3100BE5\
             8AB4846F11CACCB73CE49CBDD120F5A900A69FD32C272223F789EF10EB089BDC"
        );
        assert_eq!(
            hex::encode_upper(alice.times(&bob.public()).x()),
            "89AFC39D41D3B327814B80940B042590F96556EC91E6AE7939BCE31F3A18BF2B"
        );
    }

    #[test]
    fn openssl_verifies_a_signature_over_the_number_itself() {
        let key = PrivateKey::named("a key");
        let number = PrivateKey::named("a number").to_bytes();
        let signature = key.sign(number);
        let [r, s] = [&signature[..32], &signature[32..]].map(|half| BigNum::from_slice(half).unwrap());
        let signature = EcdsaSig::from_private_components(r, s).unwrap();
        let public: EcKey<_> = openssl_public(key.public()).ec_key().unwrap();
        assert!(signature.verify(&number, &public).unwrap());
        assert!(!signature.verify(&[7; 32], &public).unwrap());
    }

    /// R of a signature that was computed independently of this code for the card that gematik publishes with
    /// popp-sample-code (Apache-2.0); it depends on the nonce alone.
    #[test]
    fn the_nonce_alone_makes_the_first_half_of_a_signature() {
        let number = bytes("00000000000000000102030405060708090A0B0C0D0E0F101112131415161700");
        let nonce = bytes(&"1234567890ABCDEF".repeat(4));
        let signature = PrivateKey::named("a key").sign_with(number, nonce).unwrap();
        assert_eq!(
            hex::encode_upper(&signature[..32]),
            "62FBB4CF97DC80208AA4044FE3BDB95733469E863271645B8E363739A402BC5F"
        );
    }
}
