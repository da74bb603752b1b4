//! Hashes and signature schemes by their names in certificates and signed data (RFC 3279, 4055, 5758).

use openssl::md::{Md, MdRef};

use super::der::{context, integer, null, oid, sequence};
use crate::travel::Hash;

/// How something is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Ecdsa(Hash),
    RsaPkcs1(Hash),
    /// With a salt as long as the hash and MGF1 over the same hash.
    RsaPss(Hash),
}

impl Hash {
    /// The function for OpenSSL's key operations.
    pub(crate) fn md(self) -> &'static MdRef {
        match self {
            Self::Sha1 => Md::sha1(),
            Self::Sha224 => Md::sha224(),
            Self::Sha256 => Md::sha256(),
            Self::Sha384 => Md::sha384(),
            Self::Sha512 => Md::sha512(),
        }
    }

    /// AlgorithmIdentifier, without parameters (RFC 5754, 2).
    pub(crate) fn identifier(self) -> Vec<u8> {
        sequence(&[self.oid()])
    }

    /// Its object identifier.
    pub(crate) fn oid(self) -> Vec<u8> {
        oid(match self {
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha224 => "2.16.840.1.101.3.4.2.4",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        })
    }
}

impl Scheme {
    /// AlgorithmIdentifier.
    pub(crate) fn identifier(self) -> Vec<u8> {
        match self {
            Self::Ecdsa(hash) => sequence(&[oid(match hash {
                Hash::Sha1 => "1.2.840.10045.4.1",
                Hash::Sha224 => "1.2.840.10045.4.3.1",
                Hash::Sha256 => "1.2.840.10045.4.3.2",
                Hash::Sha384 => "1.2.840.10045.4.3.3",
                Hash::Sha512 => "1.2.840.10045.4.3.4",
            })]),
            Self::RsaPkcs1(hash) => sequence(&[
                oid(match hash {
                    Hash::Sha1 => "1.2.840.113549.1.1.5",
                    Hash::Sha224 => "1.2.840.113549.1.1.14",
                    Hash::Sha256 => "1.2.840.113549.1.1.11",
                    Hash::Sha384 => "1.2.840.113549.1.1.12",
                    Hash::Sha512 => "1.2.840.113549.1.1.13",
                }),
                null(),
            ]),
            Self::RsaPss(hash) => sequence(&[oid("1.2.840.113549.1.1.10"), pss_parameters(hash)]),
        }
    }

    /// The hash that is signed.
    pub(crate) fn hash(self) -> Hash {
        match self {
            Self::Ecdsa(hash) | Self::RsaPkcs1(hash) | Self::RsaPss(hash) => hash,
        }
    }
}

/// RSASSA-PSS-params (RFC 4055, 3.1).
fn pss_parameters(hash: Hash) -> Vec<u8> {
    let function = sequence(&[hash.oid(), null()]);
    let mask = sequence(&[oid("1.2.840.113549.1.1.8"), function.clone()]);
    let salt = integer(u8::try_from(hash.md().size()).unwrap_or(u8::MAX));
    sequence(&[context(0, &function), context(1, &mask), context(2, &salt)])
}
