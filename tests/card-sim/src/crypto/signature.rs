//! Signatures of active authentication: ECDSA (BSI TR-03111, 4.2.1) and ISO 9796-2.

use openssl::{
    bn::{BigNum, BigNumContext},
    hash::MessageDigest,
    rsa::{Padding, Rsa},
};

use super::{encoding::unsigned, group::ChipKey, sure};
use crate::tlv::tlv;

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are what they are called")]
pub enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// First byte of a message representative whose message is recovered in part.
const HEADER: u8 = 0x6A;

impl Hash {
    pub(crate) fn of(self, text: &[u8]) -> Vec<u8> {
        let digest = match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha224 => MessageDigest::sha224(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        };
        sure(openssl::hash::hash(digest, text)).to_vec()
    }

    /// The end of a message representative that names the hash function (ISO 9796-2; ISO 10118-3).
    fn trailer(self) -> &'static [u8] {
        match self {
            Self::Sha1 => &[0xBC],
            Self::Sha224 => &[0x38, 0xCC],
            Self::Sha256 => &[0x34, 0xCC],
            Self::Sha384 => &[0x36, 0xCC],
            Self::Sha512 => &[0x35, 0xCC],
        }
    }
}

/// An ECDSA signature: r and s, each as long as the order.
pub(crate) struct Signature {
    pub(crate) r: Vec<u8>,
    pub(crate) s: Vec<u8>,
}

impl Signature {
    /// r and s one after the other.
    pub(crate) fn plain(&self) -> Vec<u8> {
        [self.r.as_slice(), &self.s].concat()
    }

    /// Ecdsa-Sig-Value (RFC 3279, 2.2.3).
    pub(crate) fn der(&self) -> Vec<u8> {
        tlv(0x30, &[unsigned(&self.r), unsigned(&self.s)].concat())
    }
}

impl ChipKey {
    /// ECDSA over a hash. The nonce depends on key and hash alone, so that a chip built twice is the same
    /// chip.
    pub(crate) fn sign(&self, hash: &[u8]) -> Signature {
        let mut seed = openssl::sha::sha512(&[self.to_bytes(), hash].concat());
        loop {
            if let Some(signature) = self.sign_with(hash, &Self::new(self.group, &seed)) {
                return signature;
            }
            seed = openssl::sha::sha512(&seed);
        }
    }

    /// The signature with this nonce; `None` if it isn't one.
    fn sign_with(&self, hash: &[u8], nonce: &Self) -> Option<Signature> {
        let order = self.group.order();
        let length = order.num_bytes();
        let mut context = sure(BigNumContext::new());
        // The leftmost bits of the hash; every order here is of whole bytes.
        let number = sure(BigNum::from_slice(hash.get(..self.to_bytes().len()).unwrap_or(hash)));
        let x = sure(BigNum::from_slice(&self.group.secret(&nonce.public())));
        let [mut r, mut product, mut sum, mut inverse, mut s] = std::array::from_fn(|_| sure(BigNum::new()));
        sure(r.nnmod(&x, &order, &mut context));
        sure(product.mod_mul(&r, &self.number(), &order, &mut context));
        sure(sum.mod_add(&product, &number, &order, &mut context));
        sure(inverse.mod_inverse(&nonce.number(), &order, &mut context));
        sure(s.mod_mul(&inverse, &sum, &order, &mut context));
        let usable = r.num_bits() > 0 && s.num_bits() > 0;
        usable.then(|| Signature { r: sure(r.to_vec_padded(length)), s: sure(s.to_vec_padded(length)) })
    }
}

/// ISO 9796-2, scheme 1, with partial recovery: the signature holds `random` bytes of the chip and a hash
/// over them and the terminal's challenge. `key` is PKCS#1 or PKCS#8 DER; `None` if it isn't.
pub(crate) fn recoverable(
    key: &[u8],
    hash: Hash,
    challenge: &[u8],
    random: impl FnOnce(usize) -> Vec<u8>,
) -> Option<Vec<u8>> {
    let key = Rsa::private_key_from_der(key)
        .or_else(|_| openssl::pkey::PKey::private_key_from_der(key).and_then(|key| key.rsa()))
        .ok()?;
    let length = usize::try_from(key.size()).ok()?;
    let trailer = hash.trailer();
    let recovered = length.checked_sub(1 + hash.of(&[]).len() + trailer.len())?;
    let recovered = random(recovered);
    let digest = hash.of(&[recovered.as_slice(), challenge].concat());
    let representative = [&[HEADER], recovered.as_slice(), &digest, trailer].concat();
    let mut signature = vec![0; length];
    key.private_encrypt(&representative, &mut signature, Padding::NONE).ok()?;
    Some(signature)
}

#[cfg(test)]
mod tests {
    use openssl::{
        ec::{EcGroup, EcKey, EcPoint},
        ecdsa::EcdsaSig,
    };

    use super::*;
    use crate::crypto::{elliptic::Curve, group::Group};

    #[test]
    fn openssl_verifies_signatures_of_every_curve_and_hash() {
        for (curve, hash) in [
            (Curve::P256, Hash::Sha1),
            (Curve::P256, Hash::Sha512),
            (Curve::P384, Hash::Sha384),
            (Curve::Brainpool256, Hash::Sha256),
            (Curve::Brainpool384, Hash::Sha224),
            (Curve::Brainpool512, Hash::Sha512),
        ] {
            let key = ChipKey::named(Group::Ec(curve), "a key");
            let digest = hash.of(b"12345678");
            let signature = key.sign(&digest);
            let group = EcGroup::from_curve_name(curve.nid()).unwrap();
            let mut context = BigNumContext::new().unwrap();
            let point = EcPoint::from_bytes(&group, &key.public(), &mut context).unwrap();
            let public = EcKey::from_public_key(&group, &point).unwrap();
            let der = EcdsaSig::from_der(&signature.der()).unwrap();
            assert!(der.verify(&digest, &public).unwrap(), "{curve:?} {hash:?}");
            assert!(!der.verify(&hash.of(b"12345679"), &public).unwrap());
            let length = group.order_bits().div_ceil(8).try_into().unwrap();
            let [r, s] = [der.r(), der.s()].map(|half| half.to_vec_padded(length).unwrap());
            assert_eq!(signature.plain(), [r, s].concat());
        }
    }

    #[test]
    fn a_terminal_recovers_the_chips_bytes_and_the_hash() {
        let key = Rsa::generate(1024).unwrap();
        let der = key.private_key_to_der().unwrap();
        for (hash, trailer) in [(Hash::Sha1, "bc"), (Hash::Sha256, "34cc"), (Hash::Sha512, "35cc")] {
            let signature = recoverable(&der, hash, b"12345678", |length| vec![0xA5; length]).unwrap();
            let mut recovered = [0; 128];
            key.public_decrypt(&signature, &mut recovered, Padding::NONE).unwrap();
            let recovered = hex::encode(recovered);
            let random = (254 - hash.of(&[]).len() * 2 - trailer.len()) / 2;
            let digest = hash.of(&[vec![0xA5; random], b"12345678".to_vec()].concat());
            assert_eq!(recovered, format!("6a{}{}{trailer}", "a5".repeat(random), hex::encode(digest)));
        }
    }

    #[test]
    fn what_is_no_rsa_key_signs_nothing() {
        assert_eq!(recoverable(&[0x30, 0x00], Hash::Sha1, &[], |length| vec![0; length]), None);
    }
}
