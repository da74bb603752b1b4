use super::*;
use crate::test_pki::Key;

// INTERNAL AUTHENTICATE of the token 00 01 … 17 by the key of gematik's published G2.1 card image (popp-sample-code),
// with the nonce 1234567890ABCDEF four times, calculated apart from OpenSSL; the public key follows from the nonce. The
// signed value is the token and a zero byte.
const CARD_POINT: &str = "04\
    271fe0b2768a07eea70e02656cbd6d443d85ad5fef1f16542ff031a4a3764db4\
    0f187aa383ee4ca8104e5617593bdd0d83d8fbcce2a6a25a36f84a3a0a74ad2e";
const R: &str = "62fbb4cf97dc80208aa4044fe3bdb95733469e863271645b8e363739a402bc5f";
const S: &str = "75d82fc751905e5496e20024af46e6390b93890947553c728e5270a0b62e42e9";
const SIGNED: &str = "00000000000000000102030405060708090a0b0c0d0e0f101112131415161700";
/// n of the curve (RFC 5639, 3.4).
const ORDER: &str = "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7";
const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    hex::decode(hex).unwrap().try_into().unwrap()
}

fn verifies(r: &str, s: &str) -> bool {
    let key = PublicKey::from_point(bytes(CARD_POINT)).unwrap();
    let verified = key.verifies(&bytes(SIGNED), &bytes(&[r, s].concat()));
    assert!(ErrorStack::get().errors().is_empty(), "nothing is left in OpenSSL's error queue");
    verified
}

#[test]
fn a_value_that_was_signed_without_a_hash_verifies_as_it_is() {
    assert!(verifies(R, S));
}

#[test]
fn numbers_out_of_range_are_no_signature() {
    for (r, s) in [(S, R), (ZERO, S), (R, ZERO), (ZERO, ZERO), (ORDER, S), (R, ORDER), (ORDER, ORDER)] {
        assert!(!verifies(r, s), "{r} {s}");
    }
}

#[test]
fn a_changed_bit_of_the_value_is_noticed_wherever_it_is() {
    let key = Key::generate();
    let public_key = PublicKey::from_point(key.point()).unwrap();
    let value = [0xFF; FIELD_BYTES];
    let signature = key.sign(&value);
    assert!(public_key.verifies(&value, &signature));
    for index in 0..FIELD_BYTES {
        for bit in [0x01, 0x80] {
            let mut changed = value;
            changed[index] ^= bit;
            assert!(!public_key.verifies(&changed, &signature), "byte {index}");
        }
    }
}

#[test]
fn a_point_that_is_not_on_the_curve_is_no_key() {
    let point = Key::generate().point();
    for index in [0, 1, 32, 33, 64] {
        let mut changed = point;
        changed[index] ^= 0x01;
        assert_eq!(PublicKey::from_point(changed), None, "byte {index}");
    }
    let mut hybrid = point;
    hybrid[0] = 0x06 | point[POINT_BYTES - 1] & 0x01;
    assert_eq!(PublicKey::from_point(hybrid), None, "the form of both coordinates and a sign");
    assert_eq!(PublicKey::from_point([0; POINT_BYTES]), None);
    assert_eq!(PublicKey::from_point([0x04; POINT_BYTES]), None);
    assert!(ErrorStack::get().errors().is_empty(), "nothing is left in OpenSSL's error queue");
}
