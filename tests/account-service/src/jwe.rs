//! Opens a JWE in compact serialization (RFC 7516) with ECDH-ES+A256KW and A256GCM on P-256 (RFC 7518, 4.6,
//! 5.3).
//!
//! Written for this service from the RFCs on RustCrypto's primitives, so that it is a second opinion on what
//! a desk seals.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Nonce, Payload, Tag},
};
use aes_kw::KwAes256;
use base64ct::{Base64UrlUnpadded, Encoding};
use p256::{PublicKey, SecretKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const ALGORITHM: &str = "ECDH-ES+A256KW";
const ENCRYPTION: &str = "A256GCM";
/// Length of the content encryption key and of the key that wraps it (AES-256).
const KEY: usize = 32;
/// Length of the wrapped content encryption key (RFC 3394 adds eight bytes).
const WRAPPED_KEY: usize = KEY + 8;
/// The protected header. Members that are not listed, `crit` and `zip` among them, are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    enc: String,
    kid: String,
    epk: EphemeralKey,
    apu: Option<String>,
    apv: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EphemeralKey {
    kty: String,
    crv: String,
    x: String,
    y: String,
}

/// The plaintext, if the JWE is sealed to `key` under the id `kid`; no reason is given otherwise.
pub(crate) fn open(compact: &str, key: &SecretKey, kid: &str) -> Option<Zeroizing<Vec<u8>>> {
    let parts: [&str; 5] = compact.split('.').collect::<Vec<_>>().try_into().ok()?;
    let [protected, wrapped_key, nonce, ciphertext, tag] = parts;

    let header: Header = serde_json::from_slice(&decode(protected)?).ok()?;
    if header.alg != ALGORITHM || header.enc != ENCRYPTION || header.kid != kid {
        return None;
    }
    let shared = key.diffie_hellman(&header.epk.public_key()?);
    let apu = header.apu.as_deref().map_or(Some(Vec::new()), decode)?;
    let apv = header.apv.as_deref().map_or(Some(Vec::new()), decode)?;
    let wrapping_key = concat_kdf::<KEY>(shared.raw_secret_bytes(), ALGORITHM, &apu, &apv);

    let wrapped_key: [u8; WRAPPED_KEY] = decode(wrapped_key)?.try_into().ok()?;
    let mut content_key = Zeroizing::new([0; KEY]);
    let unwrapping = KwAes256::new_from_slice(wrapping_key.as_slice()).ok()?;
    unwrapping.unwrap_key(&wrapped_key, content_key.as_mut_slice()).ok()?;

    let nonce: Nonce<Aes256Gcm> = decode(nonce)?.as_slice().try_into().ok()?;
    let tag: Tag<Aes256Gcm> = decode(tag)?.as_slice().try_into().ok()?;
    let sealed = [decode(ciphertext)?.as_slice(), tag.as_slice()].concat();
    let payload = Payload { msg: &sealed, aad: protected.as_bytes() };
    let opening = Aes256Gcm::new_from_slice(content_key.as_slice()).ok()?;
    opening.decrypt(&nonce, payload).ok().map(Zeroizing::new)
}

impl EphemeralKey {
    fn public_key(&self) -> Option<PublicKey> {
        if self.kty != "EC" || self.crv != "P-256" {
            return None;
        }
        let mut point = vec![0x04];
        point.extend(decode(&self.x)?);
        point.extend(decode(&self.y)?);
        // Refuses points that are not on the curve.
        PublicKey::from_sec1_bytes(&point).ok()
    }
}

/// Concat KDF (RFC 7518, 4.6.2) for `N` ≤ 32 bytes: one round of SHA-256.
fn concat_kdf<const N: usize>(secret: &[u8], algorithm: &str, apu: &[u8], apv: &[u8]) -> Zeroizing<[u8; N]> {
    const { assert!(N <= 32) }
    let mut hash = Sha256::new();
    hash.update(1_u32.to_be_bytes());
    hash.update(secret);
    for part in [algorithm.as_bytes(), apu, apv] {
        hash.update(length(part.len()));
        hash.update(part);
    }
    hash.update(length(N * 8));
    let digest = Zeroizing::new(<[u8; 32]>::from(hash.finalize()));
    let mut key = Zeroizing::new([0; N]);
    key.copy_from_slice(&digest[..N]);
    key
}

/// The 32-bit lengths of `OtherInfo`; everything here comes out of a text of at most [`MAX_LENGTH`].
fn length(of: usize) -> [u8; 4] {
    u32::try_from(of).unwrap_or(u32::MAX).to_be_bytes()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7518, appendix C: Alice's ephemeral key, Bob's key, and what both derive.
    mod appendix_c {
        pub(super) const ALICE_X: &str = "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0";
        pub(super) const ALICE_Y: &str = "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps";
        pub(super) const BOB_D: &str = "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw";
        pub(super) const DERIVED: &str = "VqqN6vgjbSBcIijNcacQGg";
    }

    fn alice(crv: &str, x: &str) -> EphemeralKey {
        EphemeralKey {
            kty: "EC".to_owned(),
            crv: crv.to_owned(),
            x: x.to_owned(),
            y: appendix_c::ALICE_Y.to_owned(),
        }
    }

    fn bob() -> SecretKey {
        SecretKey::from_slice(&decode(appendix_c::BOB_D).unwrap()).unwrap()
    }

    #[test]
    fn key_agreement_derives_the_known_answer_of_rfc_7518_appendix_c() {
        let shared = bob().diffie_hellman(&alice("P-256", appendix_c::ALICE_X).public_key().unwrap());
        let derived = concat_kdf::<16>(shared.raw_secret_bytes(), "A128GCM", b"Alice", b"Bob");
        assert_eq!(Base64UrlUnpadded::encode_string(derived.as_slice()), appendix_c::DERIVED);
    }

    #[test]
    fn an_ephemeral_key_off_the_curve_or_on_another_is_refused() {
        assert!(alice("P-256", appendix_c::ALICE_X).public_key().is_some());
        assert!(alice("P-384", appendix_c::ALICE_X).public_key().is_none());
        assert!(alice("P-256", appendix_c::ALICE_Y).public_key().is_none());
        assert!(alice("P-256", "gI0G").public_key().is_none());
    }

    #[test]
    fn what_is_no_jwe_is_refused_without_a_word() {
        for text in ["", "....", "a.b.c.d", "e30.AAAA.AAAA.AAAA.AAAA", &".".repeat(4096)] {
            assert!(open(text, &bob(), "kid").is_none());
        }
    }
}
