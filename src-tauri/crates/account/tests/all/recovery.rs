//! What a desk seals when it is wiped, opened by RustCrypto.

use account::{Delivery, RecordLink, RecoveryKey, SealError, SealingKey, seal_records, verify_record};
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use p256::{PublicKey, SecretKey, ecdh::diffie_hellman, elliptic_curve::sec1::ToSec1Point};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    authority::{Authority, NOW},
    records::refusal,
};

fn decoded(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

fn secret() -> SecretKey {
    SecretKey::from_slice(&Sha256::digest(b"recovery")).unwrap()
}

fn jwk(key: &PublicKey) -> Value {
    let point = key.to_sec1_point(false);
    let coordinate = |octets: &[u8]| Base64UrlUnpadded::encode_string(octets);
    json!({
        "kty": "EC", "crv": "P-256", "use": "enc", "alg": "ECDH-ES+A256KW", "kid": "recovery-1",
        "x": coordinate(&point.as_bytes()[1..33]), "y": coordinate(&point.as_bytes()[33..]),
    })
}

/// Opens a JWE (RFC 7516, 5.2) of ECDH-ES+A256KW (RFC 7518, 4.6) and A256GCM (RFC 7518, 5.3).
fn open(jwe: &str, secret: &SecretKey) -> Vec<u8> {
    let parts: Vec<_> = jwe.split('.').collect();
    let [header, key, iv, ciphertext, tag] = parts[..] else { panic!("{} parts", parts.len()) };
    let named: Value = serde_json::from_slice(&decoded(header)).unwrap();
    assert_eq!((&named["alg"], &named["enc"]), (&json!("ECDH-ES+A256KW"), &json!("A256GCM")));
    assert_eq!(named["kid"], "recovery-1");
    let point =
        [vec![4], decoded(named["epk"]["x"].as_str().unwrap()), decoded(named["epk"]["y"].as_str().unwrap())];
    let ephemeral = PublicKey::from_sec1_bytes(&point.concat()).unwrap();
    let agreed = diffie_hellman(secret.to_nonzero_scalar(), ephemeral.as_affine());
    // Concat KDF (NIST SP 800-56A, 5.8.1): one round, AlgorithmID, empty PartyUInfo and PartyVInfo, SuppPubInfo.
    let algorithm = b"ECDH-ES+A256KW";
    let derived = Sha256::new()
        .chain_update(1_u32.to_be_bytes())
        .chain_update(agreed.raw_secret_bytes())
        .chain_update(u32::try_from(algorithm.len()).unwrap().to_be_bytes())
        .chain_update(algorithm)
        .chain_update([0; 8])
        .chain_update(256_u32.to_be_bytes())
        .finalize();
    let wrapping = aes_kw::KwAes256::new(&derived);
    let mut content_key = [0; 32];
    wrapping.unwrap_key(&decoded(key), &mut content_key).unwrap();
    let sealed = [decoded(ciphertext), decoded(tag)].concat();
    let iv: [u8; 12] = decoded(iv).try_into().unwrap();
    let payload = Payload { msg: &sealed, aad: header.as_bytes() };
    Aes256Gcm::new(&content_key.into()).decrypt(&iv.into(), payload).unwrap()
}

#[test]
fn undelivered_records_can_be_read_by_the_insurer_and_still_verified() {
    let authority = Authority::new();
    let identity = authority.desk(NOW);
    let first = Delivery::refusal(Uuid::from_u128(1), &refusal(), &identity, &RecordLink::START).unwrap();
    let second = Delivery::refusal(Uuid::from_u128(2), &refusal(), &identity, &first.link).unwrap();
    let key: RecoveryKey = serde_json::from_value(jwk(&secret().public_key())).unwrap();
    let sealed = seal_records(&[first.clone(), second.clone()], &key).unwrap();

    assert!(!sealed.contains("A123456780"));
    let opened: Value = serde_json::from_slice(&open(&sealed, &secret())).unwrap();
    let expected: Vec<_> = [&first, &second]
        .map(|it| json!({"kind": "refusal", "id": it.id, "body": *it.body}))
        .into_iter()
        .collect();
    assert_eq!(opened, json!(expected));
    let body = opened[1]["body"].as_str().unwrap();
    let verified = verify_record(body, &authority.certificate).unwrap();
    assert_eq!((verified.link, verified.prev), (second.link, first.link.hash));
    assert_ne!(seal_records(&[first, second], &key).unwrap(), sealed, "a content key of its own each time");
    let nothing = seal_records(&[], &key).unwrap();
    assert_eq!(open(&nothing, &secret()), b"[]");
}

#[test]
fn more_records_than_any_desk_has_are_not_sealed_at_once() {
    let identity = Authority::new().desk(NOW);
    let record = Delivery::refusal(Uuid::from_u128(1), &refusal(), &identity, &RecordLink::START).unwrap();
    let long = Delivery { body: Zeroizing::new("x".repeat(16 * 1024 * 1024)), ..record.clone() };
    let key: RecoveryKey = serde_json::from_value(jwk(&secret().public_key())).unwrap();
    assert_eq!(seal_records(&[long.clone(), long, record], &key), Err(SealError::Length));
}

#[test]
fn a_recovery_key_is_kept_as_it_came_and_of_no_other_kind() {
    let jwk = jwk(&secret().public_key());
    let key: RecoveryKey = serde_json::from_value(jwk.clone()).unwrap();
    assert_eq!(key.id(), "recovery-1");
    assert_eq!(serde_json::to_value(&key).unwrap(), jwk);
    for (name, value) in [("use", "sig"), ("crv", "P-384"), ("alg", "RSA-OAEP"), ("x", "AAAA"), ("kid", "")] {
        let mut changed = jwk.clone();
        changed[name] = value.into();
        assert!(serde_json::from_value::<RecoveryKey>(changed.clone()).is_err(), "{name}");
        assert!(serde_json::from_value::<SealingKey>(changed).is_err(), "{name}");
    }
}
