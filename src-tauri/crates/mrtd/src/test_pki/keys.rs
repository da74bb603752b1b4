//! Keys, of which the dear ones are made once.

use super::{der, hash_oid, oid};
use crate::passive::algorithms::{Hash, Scheme};
use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer};
use std::sync::{Arc, LazyLock};

static RSA_2048: LazyLock<Key> = LazyLock::new(|| Key::generate_rsa(2_048));
static RSA_4096: LazyLock<Key> = LazyLock::new(|| Key::generate_rsa(4_096));

/// A key pair.
#[derive(Clone)]
pub(crate) struct Key(pub(crate) Arc<PKey<Private>>);

/// A curve, and whether the key names it or carries its parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Curve {
    Named(Nid),
    Explicit(Nid),
}

impl Key {
    /// A new key on P-256.
    pub(crate) fn p256() -> Self {
        Self::on(Curve::Named(Nid::X9_62_PRIME256V1))
    }

    pub(crate) fn on(curve: Curve) -> Self {
        let (nid, flag) = match curve {
            Curve::Named(nid) => (nid, Asn1Flag::NAMED_CURVE),
            Curve::Explicit(nid) => (nid, Asn1Flag::EXPLICIT_CURVE),
        };
        let mut group = EcGroup::from_curve_name(nid).unwrap();
        group.set_asn1_flag(flag);
        Self(Arc::new(PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()))
    }

    pub(crate) fn rsa_2048() -> Self {
        RSA_2048.clone()
    }

    pub(crate) fn rsa_4096() -> Self {
        RSA_4096.clone()
    }

    pub(crate) fn generate_rsa(bits: u32) -> Self {
        Self(Arc::new(PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()))
    }

    /// A key of 2,048 bits that its certificates admit for PSS only.
    pub(crate) fn generate_rsa_pss() -> Self {
        let mut context = PkeyCtx::new_id(Id::RSA_PSS).unwrap();
        context.keygen_init().unwrap();
        context.set_rsa_keygen_bits(2_048).unwrap();
        Self(Arc::new(context.keygen().unwrap()))
    }

    /// Whether its SubjectPublicKeyInfo says the field instead of the curve's name.
    pub(crate) fn has_explicit_parameters(&self) -> bool {
        let prime_field = oid("1.2.840.10045.1.1");
        let info = self.0.public_key_to_der().unwrap();
        info.windows(prime_field.len()).any(|window| window == prime_field)
    }

    /// What the key signs with unless a test says otherwise.
    pub(crate) fn scheme(&self) -> Scheme {
        match self.0.id() {
            Id::EC => Scheme::Ecdsa(Hash::Sha256),
            Id::RSA_PSS => Scheme::RsaPss { hash: Hash::Sha256, mask: Hash::Sha256, salt_bytes: 32 },
            _ => Scheme::RsaPkcs1(Hash::Sha256),
        }
    }

    pub(crate) fn sign(&self, scheme: Scheme, message: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(for_openssl(scheme.hash()), &self.0).unwrap();
        if let Scheme::RsaPss { mask, salt_bytes, .. } = scheme {
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(salt_bytes))).unwrap();
            signer.set_rsa_mgf1_md(for_openssl(mask)).unwrap();
        }
        let signature = signer.sign_oneshot_to_vec(message).unwrap();
        if let Scheme::EcdsaPlain(_) = scheme {
            let numbers = EcdsaSig::from_der(&signature).unwrap();
            let length = i32::try_from(self.0.bits().div_ceil(8)).unwrap();
            return [numbers.r(), numbers.s()].map(|number| number.to_vec_padded(length).unwrap()).concat();
        }
        signature
    }
}

fn for_openssl(hash: Hash) -> MessageDigest {
    match hash {
        Hash::Sha1 => MessageDigest::sha1(),
        Hash::Sha224 => MessageDigest::sha224(),
        Hash::Sha256 => MessageDigest::sha256(),
        Hash::Sha384 => MessageDigest::sha384(),
        Hash::Sha512 => MessageDigest::sha512(),
    }
}

/// AlgorithmIdentifier of a signature.
pub(crate) fn algorithm_identifier(scheme: Scheme) -> Vec<u8> {
    let plain = |hash| match hash {
        Hash::Sha1 => "0.4.0.127.0.7.1.1.4.1.1",
        Hash::Sha224 => "0.4.0.127.0.7.1.1.4.1.2",
        Hash::Sha256 => "0.4.0.127.0.7.1.1.4.1.3",
        Hash::Sha384 => "0.4.0.127.0.7.1.1.4.1.4",
        Hash::Sha512 => "0.4.0.127.0.7.1.1.4.1.5",
    };
    let ecdsa = |hash| match hash {
        Hash::Sha1 => "1.2.840.10045.4.1",
        Hash::Sha224 => "1.2.840.10045.4.3.1",
        Hash::Sha256 => "1.2.840.10045.4.3.2",
        Hash::Sha384 => "1.2.840.10045.4.3.3",
        Hash::Sha512 => "1.2.840.10045.4.3.4",
    };
    let rsa = |hash| match hash {
        Hash::Sha1 => "1.2.840.113549.1.1.5",
        Hash::Sha224 => "1.2.840.113549.1.1.14",
        Hash::Sha256 => "1.2.840.113549.1.1.11",
        Hash::Sha384 => "1.2.840.113549.1.1.12",
        Hash::Sha512 => "1.2.840.113549.1.1.13",
    };
    let null = der(0x05, &[]);
    match scheme {
        Scheme::RsaPkcs1(hash) => der(0x30, &[&der(0x06, &[&oid(rsa(hash))]), &null]),
        Scheme::Ecdsa(hash) => der(0x30, &[&der(0x06, &[&oid(ecdsa(hash))])]),
        Scheme::EcdsaPlain(hash) => der(0x30, &[&der(0x06, &[&oid(plain(hash))])]),
        Scheme::RsaPss { hash, mask, salt_bytes } => {
            let algorithm = |hash| der(0x30, &[&der(0x06, &[&hash_oid(hash)]), &null]);
            let generation = der(0x30, &[&der(0x06, &[&oid("1.2.840.113549.1.1.8")]), &algorithm(mask)]);
            let salt = der(0x02, &[&[u8::try_from(salt_bytes).unwrap()]]);
            let parameters = der(
                0x30,
                &[&der(0xA0, &[&algorithm(hash)]), &der(0xA1, &[&generation]), &der(0xA2, &[&salt])],
            );
            der(0x30, &[&der(0x06, &[&oid("1.2.840.113549.1.1.10")]), &parameters])
        }
    }
}
