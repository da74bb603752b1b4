//! Keys that sign certificates and documents. They follow from their names, and so do their signatures, so
//! that a document made twice is the same document.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use openssl::{
    bn::{BigNum, BigNumContext, BigNumRef},
    ec::{Asn1Flag, EcGroup, EcKey, EcPoint},
    nid::Nid,
    pkey::{PKey, Private},
    pkey_ctx::{NonceType, PkeyCtx},
    rsa::{Padding, Rsa, RsaPrivateKeyBuilder},
    sha::{sha1, sha256},
};

use super::scheme::Scheme;
use crate::{
    crypto::{entropy::Entropy, sure},
    tlv::objects,
    travel::Hash,
};

/// Which kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// On this curve, which the public key names.
    Named(Curve),
    /// On this curve, of which the public key tells every parameter (RFC 3279, 2.3.5).
    Explicit(Curve),
    /// RSA with a modulus of so many bits and exponent 65537.
    Rsa(u16),
}

/// A curve of signature keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
    Brainpool224,
    Brainpool256,
    Brainpool384,
    Brainpool512,
}

/// A key pair.
#[derive(Debug)]
pub(crate) struct SigningKey {
    private: PKey<Private>,
    public_key_info: Vec<u8>,
}

impl Curve {
    fn group(self) -> EcGroup {
        sure(EcGroup::from_curve_name(match self {
            Self::P256 => Nid::X9_62_PRIME256V1,
            Self::P384 => Nid::SECP384R1,
            Self::P521 => Nid::SECP521R1,
            Self::Brainpool224 => Nid::BRAINPOOL_P224R1,
            Self::Brainpool256 => Nid::BRAINPOOL_P256R1,
            Self::Brainpool384 => Nid::BRAINPOOL_P384R1,
            Self::Brainpool512 => Nid::BRAINPOOL_P512R1,
        }))
    }
}

impl SigningKey {
    /// The key that belongs to a name.
    pub(crate) fn named(name: &str, kind: Kind) -> Arc<Self> {
        type Keys = Mutex<BTreeMap<(String, Kind), Arc<SigningKey>>>;
        static KEYS: OnceLock<Keys> = OnceLock::new();
        let mut keys = KEYS.get_or_init(Keys::default).lock().unwrap_or_else(PoisonError::into_inner);
        let key = keys.entry((name.to_owned(), kind)).or_insert_with(|| Arc::new(Self::new(name, kind)));
        Arc::clone(key)
    }

    fn new(name: &str, kind: Kind) -> Self {
        let mut entropy = Entropy::new(format!("card-sim signs as {name}").as_bytes());
        match kind {
            Kind::Named(curve) => Self::on_curve(&mut entropy, curve, Asn1Flag::NAMED_CURVE),
            Kind::Explicit(curve) => Self::on_curve(&mut entropy, curve, Asn1Flag::EXPLICIT_CURVE),
            Kind::Rsa(bits) => {
                let private = sure(PKey::from_rsa(rsa(&mut entropy, usize::from(bits))));
                let public_key_info = sure(private.public_key_to_der());
                Self { private, public_key_info }
            }
        }
    }

    fn on_curve(entropy: &mut Entropy, curve: Curve, flag: Asn1Flag) -> Self {
        let mut group = curve.group();
        let mut context = sure(BigNumContext::new());
        let [mut order, mut number] = [sure(BigNum::new()), sure(BigNum::new())];
        sure(group.order(&mut order, &mut context));
        // Twice as long as the order, so that no number is likelier than another; zero is out of the
        // question.
        let seed = sure(BigNum::from_slice(&entropy.bytes(128)));
        sure(number.nnmod(&seed, &order, &mut context));
        let mut point = sure(EcPoint::new(&group));
        sure(point.mul_generator2(&group, &number, &mut context));
        let private = sure(EcKey::from_private_components(&group, &number, &point));
        group.set_asn1_flag(flag);
        let public = sure(EcKey::from_public_key(&group, &point));
        let public_key_info = sure(sure(PKey::from_ec_key(public)).public_key_to_der());
        Self { private: sure(PKey::from_ec_key(private)), public_key_info }
    }

    /// SubjectPublicKeyInfo.
    pub(crate) fn public_key_info(&self) -> &[u8] {
        &self.public_key_info
    }

    /// An RSA key in PKCS#1; nothing of another.
    pub(crate) fn pkcs1(&self) -> Vec<u8> {
        self.private.rsa().and_then(|key| key.private_key_to_der()).unwrap_or_default()
    }

    /// SHA-1 over the public key (RFC 5280, 4.2.1.2, method 1).
    pub(crate) fn identifier(&self) -> [u8; 20] {
        let key = objects(&self.public_key_info)
            .and_then(|info| objects(info.first()?.value))
            .and_then(|parts| parts.get(1)?.value.get(1..));
        sha1(key.unwrap_or_default())
    }

    /// The signature over `message`; the scheme is one for this key.
    pub(crate) fn sign(&self, scheme: Scheme, message: &[u8]) -> Vec<u8> {
        let hash = scheme.hash();
        let digest = hash.of(message);
        if let Scheme::RsaPss(hash) = scheme {
            return self.sign_pss(hash, &digest);
        }
        let mut signature = Vec::new();
        let mut signer = sure(PkeyCtx::new(&self.private));
        sure(signer.sign_init());
        sure(signer.set_signature_md(hash.md()));
        if let Scheme::Ecdsa(_) = scheme {
            sure(signer.set_nonce_type(NonceType::DETERMINISTIC_K));
        }
        sure(signer.sign_to_vec(&digest, &mut signature));
        signature
    }

    /// EMSA-PSS (RFC 8017, 9.1.1) with a salt that follows from the digest.
    fn sign_pss(&self, hash: Hash, digest: &[u8]) -> Vec<u8> {
        let key = sure(self.private.rsa());
        let length = usize::try_from(key.size()).unwrap_or_default();
        let salt = hash.of(&[b"salt", digest].concat());
        let hashed = hash.of(&[&[0; 8], digest, &salt].concat());
        let mut block = vec![0; length.saturating_sub(hashed.len() + salt.len() + 2)];
        block.push(1);
        block.extend(salt);
        let mask = mask(hash, &hashed, block.len());
        block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        // The modulus has a multiple of eight bits: the encoded message one less.
        block.iter_mut().take(1).for_each(|byte| *byte &= 0x7F);
        block.extend(hashed);
        block.push(0xBC);
        let mut signature = vec![0; length];
        sure(key.private_encrypt(&block, &mut signature, Padding::NONE));
        signature
    }
}

/// MGF1 (RFC 8017, B.2.1).
fn mask(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let blocks = (0u32..).flat_map(|counter| hash.of(&[seed, &counter.to_be_bytes()].concat()));
    blocks.take(length).collect()
}

/// An RSA key with exponent 65537.
pub(crate) fn rsa(entropy: &mut Entropy, bits: usize) -> Rsa<Private> {
    let one = sure(BigNum::from_u32(1));
    let exponent = sure(BigNum::from_u32(65_537));
    let [first, second] = [prime(entropy, bits / 2), prime(entropy, bits / 2)];
    let (p, q) = if first > second { (first, second) } else { (second, first) };
    let mut context = sure(BigNumContext::new());
    let mut calculate = |operation: &dyn Fn(&mut BigNumRef, &mut BigNumContext)| {
        let mut result = sure(BigNum::new());
        operation(&mut result, &mut context);
        result
    };
    let modulus = calculate(&|out, context| sure(out.checked_mul(&p, &q, context)));
    let [p_less, q_less] = [&p, &q].map(|prime| calculate(&|out, _| sure(out.checked_sub(prime, &one))));
    let totient = calculate(&|out, context| sure(out.checked_mul(&p_less, &q_less, context)));
    let private = calculate(&|out, context| sure(out.mod_inverse(&exponent, &totient, context)));
    let [d_p, d_q] =
        [&p_less, &q_less].map(|less| calculate(&|out, context| sure(out.nnmod(&private, less, context))));
    let coefficient = calculate(&|out, context| sure(out.mod_inverse(&q, &p, context)));
    let builder = sure(RsaPrivateKeyBuilder::new(modulus, exponent, private));
    sure(sure(builder.set_factors(p, q)).set_crt_params(d_p, d_q, coefficient)).build()
}

/// The first prime behind a number of so many bits.
fn prime(entropy: &mut Entropy, bits: usize) -> BigNum {
    let mut bytes = entropy.bytes(bits / 8);
    // The product of two such numbers has twice as many bits.
    bytes.iter_mut().take(1).for_each(|byte| *byte |= 0xC0);
    bytes.iter_mut().rev().take(1).for_each(|byte| *byte |= 1);
    let mut number = sure(BigNum::from_slice(&bytes));
    let mut context = sure(BigNumContext::new());
    while !sure(number.is_prime_fasttest(20, &mut context, true)) {
        sure(number.add_word(2));
    }
    number
}

/// A serial number of eight bytes that follows from a name; it has 63 bits and is positive.
pub(crate) fn serial(name: &str) -> [u8; 8] {
    let mut number: [u8; 8] = std::array::from_fn(|at| sha256(name.as_bytes())[at]);
    number[0] = number[0] & 0x7F | 0x40;
    number
}
