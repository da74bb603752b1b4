//! Hashes and signature schemes that issuers use (Doc 9303-12; TR-03111 for plain ECDSA).

use super::der::{
    CONTEXT_0, CONTEXT_1, CONTEXT_2, CONTEXT_3, Element, INTEGER, NotDer, OBJECT_IDENTIFIER, SEQUENCE,
};
use super::oids;
use crate::quietly::quietly;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKeyRef, Public};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use std::ops::RangeInclusive;

/// RSA keys that are taken, in bits. The least is what Doc 9303-12 has always asked of a document signer; authorities
/// have up to 6,144, and beyond 8,192 a verification costs more than a counter has time for.
const RSA_BITS: RangeInclusive<u32> = 2_048..=8_192;
/// Keys on elliptic curves that are taken, in bits: from brainpoolP224r1 to P-521.
const EC_BITS: RangeInclusive<u32> = 224..=521;
/// The salt of RSASSA-PSS-params without one (RFC 8017, A.2.3).
const DEFAULT_SALT_BYTES: u16 = 20;

/// A hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// How a signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    RsaPkcs1(Hash),
    RsaPss {
        hash: Hash,
        /// Of the mask generation.
        mask: Hash,
        salt_bytes: u16,
    },
    /// A sequence of two numbers.
    Ecdsa(Hash),
    /// The two numbers, one behind the other (TR-03111).
    EcdsaPlain(Hash),
}

/// An algorithm that we don't know, or a key that is too short or too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAdmitted;

impl Hash {
    /// The hash of an AlgorithmIdentifier; its parameters are NULL or nothing, and say nothing.
    pub(crate) fn from_algorithm(algorithm: &Element<'_>) -> Result<Option<Self>, NotDer> {
        Ok(Self::from_oid(algorithm.children().take(OBJECT_IDENTIFIER)?.value))
    }

    /// The hash of this name.
    pub(crate) fn from_oid(oid: &[u8]) -> Option<Self> {
        if oid == oids::SHA1 {
            return Some(Self::Sha1);
        }
        match oid.strip_prefix(oids::SHA2)? {
            [1] => Some(Self::Sha256),
            [2] => Some(Self::Sha384),
            [3] => Some(Self::Sha512),
            [4] => Some(Self::Sha224),
            _ => None,
        }
    }

    /// The hash of these bytes.
    pub(crate) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha224 => Sha224::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn for_openssl(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha224 => MessageDigest::sha224(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

impl Scheme {
    /// The scheme of an AlgorithmIdentifier. Where it names no hash (rsaEncryption), the signer's digest algorithm
    /// counts.
    pub(crate) fn from_algorithm(
        algorithm: &Element<'_>,
        digest: Option<Hash>,
    ) -> Result<Option<Self>, NotDer> {
        let mut parts = algorithm.children();
        let oid = parts.take(OBJECT_IDENTIFIER)?.value;
        if oid == oids::ECDSA_WITH_SHA1 {
            return Ok(Some(Self::Ecdsa(Hash::Sha1)));
        }
        if let Some(kind) = oid.strip_prefix(oids::ECDSA_WITH_SHA2) {
            return Ok(match kind {
                [1] => Some(Self::Ecdsa(Hash::Sha224)),
                [2] => Some(Self::Ecdsa(Hash::Sha256)),
                [3] => Some(Self::Ecdsa(Hash::Sha384)),
                [4] => Some(Self::Ecdsa(Hash::Sha512)),
                _ => None,
            });
        }
        if let Some(kind) = oid.strip_prefix(oids::ECDSA_PLAIN) {
            return Ok(match kind {
                [1] => Some(Self::EcdsaPlain(Hash::Sha1)),
                [2] => Some(Self::EcdsaPlain(Hash::Sha224)),
                [3] => Some(Self::EcdsaPlain(Hash::Sha256)),
                [4] => Some(Self::EcdsaPlain(Hash::Sha384)),
                [5] => Some(Self::EcdsaPlain(Hash::Sha512)),
                _ => None,
            });
        }
        Ok(match oid.strip_prefix(oids::PKCS1) {
            Some([1]) => digest.map(Self::RsaPkcs1),
            Some([5]) => Some(Self::RsaPkcs1(Hash::Sha1)),
            Some([10]) => pss(parts.take_if(SEQUENCE)?)?,
            Some([11]) => Some(Self::RsaPkcs1(Hash::Sha256)),
            Some([12]) => Some(Self::RsaPkcs1(Hash::Sha384)),
            Some([13]) => Some(Self::RsaPkcs1(Hash::Sha512)),
            Some([14]) => Some(Self::RsaPkcs1(Hash::Sha224)),
            _ => None,
        })
    }

    /// The hash that the message is signed by.
    pub(crate) fn hash(self) -> Hash {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss { hash, .. } | Self::Ecdsa(hash) | Self::EcdsaPlain(hash) => {
                hash
            }
        }
    }

    /// Whether the signature over the message is right.
    ///
    /// # Errors
    /// [`NotAdmitted`] where the key is of another kind than the scheme, or [`is_admitted`] doesn't take it.
    pub(crate) fn verify(
        self,
        key: &PKeyRef<Public>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, NotAdmitted> {
        let fits = match self {
            Self::RsaPkcs1(_) => key.id() == Id::RSA,
            Self::RsaPss { .. } => matches!(key.id(), Id::RSA | Id::RSA_PSS),
            Self::Ecdsa(_) | Self::EcdsaPlain(_) => key.id() == Id::EC,
        };
        if !fits || !is_admitted(key) {
            return Err(NotAdmitted);
        }
        // What OpenSSL can't read is no signature.
        Ok(quietly(|| self.ask_openssl(key, message, signature)).unwrap_or(false))
    }

    fn ask_openssl(
        self,
        key: &PKeyRef<Public>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, ErrorStack> {
        let mut verifier = Verifier::new(self.hash().for_openssl(), key)?;
        match self {
            Self::RsaPkcs1(_) => verifier.set_rsa_padding(Padding::PKCS1)?,
            Self::RsaPss { mask, salt_bytes, .. } => {
                verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
                verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(salt_bytes)))?;
                verifier.set_rsa_mgf1_md(mask.for_openssl())?;
            }
            Self::Ecdsa(_) => {}
            Self::EcdsaPlain(_) => {
                let (r, s) = signature.split_at(signature.len() / 2);
                if r.len() != s.len() {
                    return Ok(false);
                }
                let numbers =
                    EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
                return verifier.verify_oneshot(&numbers.to_der()?, message);
            }
        }
        verifier.verify_oneshot(signature, message)
    }
}

/// Whether the key is of a kind and a length that is taken.
pub(crate) fn is_admitted(key: &PKeyRef<Public>) -> bool {
    match key.id() {
        Id::RSA | Id::RSA_PSS => RSA_BITS.contains(&key.bits()),
        Id::EC => EC_BITS.contains(&key.bits()),
        _ => false,
    }
}

/// RSASSA-PSS-params (RFC 8017, A.2.3): what is missing is SHA-1, its mask, and a salt of 20 bytes.
fn pss(parameters: Option<Element<'_>>) -> Result<Option<Scheme>, NotDer> {
    let (mut hash, mut mask, mut salt_bytes) = (Some(Hash::Sha1), Some(Hash::Sha1), DEFAULT_SALT_BYTES);
    if let Some(parameters) = parameters {
        let mut parts = parameters.children();
        if let Some(explicit) = parts.take_if(CONTEXT_0)? {
            hash = Hash::from_algorithm(&explicit.children().take(SEQUENCE)?)?;
        }
        if let Some(explicit) = parts.take_if(CONTEXT_1)? {
            let generation = explicit.children().take(SEQUENCE)?;
            let mut generation = generation.children();
            let is_mgf1 = generation.take(OBJECT_IDENTIFIER)?.value == oids::MGF1;
            mask = Hash::from_algorithm(&generation.take(SEQUENCE)?)?.filter(|_| is_mgf1);
        }
        if let Some(explicit) = parts.take_if(CONTEXT_2)? {
            salt_bytes = explicit.children().take(INTEGER)?.small()?;
        }
        // trailerField, of which there is but one.
        if let Some(explicit) = parts.take_if(CONTEXT_3)? {
            explicit.children().take(INTEGER)?;
        }
        parts.end()?;
    }
    Ok(hash.zip(mask).map(|(hash, mask)| Scheme::RsaPss { hash, mask, salt_bytes }))
}
