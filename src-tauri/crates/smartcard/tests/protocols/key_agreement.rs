//! Key agreement with static keys of chips, against OpenSSL's own key agreement.

use crate::card::{Curve, object};
use crate::pace::CURVES;
use crate::script::hex_bytes;
use openssl::bn::{BigNum, BigNumContext};
use openssl::dh::Dh;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Params};
use proptest::prelude::*;
use smartcard::key_agreement::{Agreement, KeyAgreementError, agree};
use smartcard::{Entropy, NoEntropy};

const STATIC_KEY: u8 = 0x35;

/// Fills with this byte, the first one left zero.
struct Filled(u8);

impl Entropy for Filled {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        bytes.fill(self.0);
        bytes.iter_mut().take(1).for_each(|byte| *byte = 0);
        Ok(())
    }
}

/// [`Filled`] that counts how often it was asked.
struct Counted(usize);

impl Entropy for Counted {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        self.0 += 1;
        Filled(0x1D).fill(bytes)
    }
}

fn agreed(key: &[u8]) -> Result<Agreement, KeyAgreementError> {
    agree(key, &mut Filled(0x1D))
}

/// The secret of the chip's side.
fn chip_secret(curve: &Curve, static_key: u8, public_key: &[u8]) -> Vec<u8> {
    curve.x(&curve.multiply(&[static_key; 20], Some(&curve.decode(public_key))))
}

/// A key over standardised domain parameters (TR-03110-3, A.2.1.1).
fn standardised(parameter_id: u8, key: &[u8]) -> Vec<u8> {
    let oid = object(0x06, &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02]);
    let algorithm = object(0x30, &[oid, object(0x02, &[parameter_id])].concat());
    object(0x30, &[algorithm, object(0x03, &[&[0], key].concat())].concat())
}

#[test]
fn both_sides_have_the_same_secret_over_every_curve_however_its_parameters_are_given() {
    for (parameter_id, name) in CURVES {
        let curve = Curve::new(name);
        let point = curve.encode(&curve.multiply(&[STATIC_KEY; 20], None));
        for key in [
            curve.public_key_info(STATIC_KEY, false),
            curve.public_key_info(STATIC_KEY, true),
            standardised(parameter_id, &point),
        ] {
            let ours = agreed(&key).unwrap();
            assert_eq!(ours.public_key.len(), 1 + 2 * curve.field_bytes());
            assert_eq!(*ours.secret, chip_secret(&curve, STATIC_KEY, &ours.public_key), "{name:?}");
        }
    }
}

#[test]
fn a_secret_with_leading_zeros_keeps_them() {
    let curve = Curve::new(Nid::BRAINPOOL_P256R1);
    let drawn = (1..=u8::MAX).find_map(|drawn| {
        let ours = agree(&curve.public_key_info(STATIC_KEY, false), &mut Filled(drawn)).unwrap();
        let key = (1..=u8::MAX).find(|key| chip_secret(&curve, *key, &ours.public_key)[0] == 0)?;
        Some((drawn, key))
    });
    let (drawn, key) = drawn.unwrap();
    let ours = agree(&curve.public_key_info(key, false), &mut Filled(drawn)).unwrap();
    assert_eq!((ours.secret.len(), ours.secret[0]), (32, 0));
    assert_eq!(*ours.secret, chip_secret(&curve, key, &ours.public_key));
}

fn groups() -> [Dh<Params>; 3] {
    [Dh::get_1024_160(), Dh::get_2048_224(), Dh::get_2048_256()].map(Result::unwrap)
}

fn power(group: &Dh<Params>, base: &[u8], exponent: &[u8]) -> Vec<u8> {
    let mut power = BigNum::new().unwrap();
    let [base, exponent] = [base, exponent].map(|number| BigNum::from_slice(number).unwrap());
    power.mod_exp(&base, &exponent, group.prime_p(), &mut BigNumContext::new().unwrap()).unwrap();
    power.to_vec_padded(group.prime_p().num_bytes()).unwrap()
}

/// A positive INTEGER.
fn integer(number: &[u8]) -> Vec<u8> {
    let significant = &number[number.iter().take_while(|byte| **byte == 0).count()..];
    object(
        0x02,
        &[&[0][..], significant].concat()
            [usize::from(significant.first().is_some_and(|byte| *byte < 0x80))..],
    )
}

/// A key as PKCS #3 or X9.42 has it, made without OpenSSL.
fn modular_key(algorithm: &str, parameters: &[&[u8]], key: &[u8]) -> Vec<u8> {
    let parameters: Vec<u8> = parameters.iter().flat_map(|number| integer(number)).collect();
    let algorithm = [hex_bytes(algorithm), object(0x30, &parameters)].concat();
    object(0x30, &[object(0x30, &algorithm), object(0x03, &[&[0][..], &integer(key)].concat())].concat())
}

/// dhKeyAgreement, 1.2.840.113549.1.3.1.
const PKCS_3: &str = "06092A864886F70D010301";
/// dhpublicnumber, 1.2.840.10046.2.1.
const X9_42: &str = "06072A8648CE3E0201";

#[test]
fn both_sides_have_the_same_secret_modulo_a_prime_however_its_parameters_are_given() {
    for (parameter_id, group) in (0..).zip(groups()) {
        let (p, g) = (group.prime_p().to_vec(), group.generator().to_vec());
        let q = group.prime_q().unwrap().to_vec();
        let key = power(&group, &g, &[STATIC_KEY; 19]);
        for info in [
            modular_key(PKCS_3, &[&p, &g], &key),
            modular_key(PKCS_3, &[&p, &g, &[160]], &key),
            modular_key(X9_42, &[&p, &g, &q], &key),
            standardised(parameter_id, &integer(&key)),
        ] {
            let ours = agreed(&info).unwrap();
            assert_eq!((ours.public_key.len(), ours.secret.len()), (p.len(), p.len()));
            assert_eq!(*ours.secret, power(&group, &ours.public_key, &[STATIC_KEY; 19]));
        }
    }
}

#[test]
fn a_group_that_nobody_has_standardised_is_used_if_it_is_large_enough() {
    // The primes of RFC 2409, 6.2 (1024 bits) and 6.1 (768 bits).
    let primes = [BigNum::get_rfc2409_prime_1024(), BigNum::get_rfc2409_prime_768()];
    let [large, small] = primes.map(|prime| prime.unwrap().to_vec());
    let ours = agreed(&modular_key(PKCS_3, &[&large, &[2]], &[9; 100])).unwrap();
    assert_eq!((ours.public_key.len(), ours.secret.len()), (128, 128));
    let refused = agreed(&modular_key(PKCS_3, &[&small, &[2]], &[9; 90]));
    assert_eq!(refused.err(), Some(KeyAgreementError::NotSupported));
    let huge = BigNum::get_rfc3526_prime_6144().unwrap().to_vec();
    let refused = agreed(&modular_key(PKCS_3, &[&huge, &[2]], &[9; 100]));
    assert_eq!(refused.err(), Some(KeyAgreementError::NotSupported));
}

#[test]
fn a_modulus_with_a_small_factor_is_refused_before_anybody_calculates_with_it() {
    // 2^4088 + 1, of which 257 is a factor: the powers of 2 are short, and draws of a long one would never end.
    let mut modulus = vec![0; 512];
    (modulus[0], modulus[511]) = (1, 1);
    let refused = agreed(&modular_key(PKCS_3, &[&modulus, &[2]], &[9; 100]));
    assert_eq!(refused.err(), Some(KeyAgreementError::NotSupported));
    let mut even = BigNum::get_rfc3526_prime_2048().unwrap();
    even.sub_word(1).unwrap();
    let refused = agreed(&modular_key(PKCS_3, &[&even.to_vec(), &[2]], &[9; 100]));
    assert_eq!(refused.err(), Some(KeyAgreementError::NotSupported));
}

#[test]
fn a_generator_of_short_numbers_alone_is_the_chips_fault_and_soon_refused() {
    // Modulo x^2 - 1 the powers of x are 1 and x itself. With x = 2^1040 - 4 no small number divides that.
    let mut x = [0xFF; 130];
    x[129] = 0xFC;
    let mut modulus = BigNum::new().unwrap();
    modulus.sqr(&BigNum::from_slice(&x).unwrap(), &mut BigNumContext::new().unwrap()).unwrap();
    modulus.sub_word(1).unwrap();
    let key = modular_key(PKCS_3, &[&modulus.to_vec(), &x], &[9; 100]);
    let mut entropy = Counted(0);
    assert_eq!(agree(&key, &mut entropy).err(), Some(KeyAgreementError::Malformed));
    assert_eq!(entropy.0, 8);
}

#[test]
fn a_number_outside_the_subgroup_is_refused() {
    for group in groups() {
        let (p, g) = (group.prime_p().to_vec(), group.generator().to_vec());
        let q = group.prime_q().unwrap().to_vec();
        let mut less = group.prime_p().to_owned().unwrap();
        less.sub_word(1).unwrap();
        for key in [vec![1], vec![2], less.to_vec(), p.clone()] {
            for info in [modular_key(X9_42, &[&p, &g, &q], &key), modular_key(PKCS_3, &[&p, &g], &key)] {
                assert!(agreed(&info).is_err());
            }
        }
        assert!(agreed(&modular_key(X9_42, &[&p, &[1], &q], &g)).is_err(), "a generator of 1");
        assert!(agreed(&modular_key(X9_42, &[&p, &g, &[3]], &g)).is_err(), "an order of 3");
    }
}

#[test]
fn a_point_off_the_curve_infinity_and_a_tiny_or_unknown_curve_are_refused() {
    let good = Curve::new(Nid::BRAINPOOL_P256R1).public_key_info(STATIC_KEY, false);
    let mut off = good.clone();
    *off.last_mut().unwrap() ^= 1;
    assert_eq!(agreed(&off).err(), Some(KeyAgreementError::Malformed));
    let infinity = hex_bytes("3018301406072A8648CE3D020106092B240303020801010703020000");
    assert_eq!(agreed(&infinity).err(), Some(KeyAgreementError::Malformed));
    for name in [Nid::SECP160R1, Nid::SECP112R1, Nid::SECP256K1] {
        for explicit in [false, true] {
            let other = Curve::new(name).public_key_info(STATIC_KEY, explicit);
            assert_eq!(agreed(&other).err(), Some(KeyAgreementError::NotSupported), "{name:?}");
        }
    }
    assert_eq!(agreed(&standardised(7, &[4; 65])).err(), Some(KeyAgreementError::NotSupported));
    assert_eq!(agreed(&standardised(13, &[4; 65])).err(), Some(KeyAgreementError::Malformed));
}

#[test]
fn explicit_parameters_that_differ_from_the_standardised_ones_in_a_bit_are_refused() {
    let good = Curve::new(Nid::BRAINPOOL_P256R1).public_key_info(STATIC_KEY, true);
    assert!(agreed(&good).is_ok());
    for position in 20..good.len() {
        let mut other = good.clone();
        other[position] ^= 1;
        // What isn't covered is the cofactor, which may be left out.
        if let Ok(made) = agreed(&other) {
            let curve = Curve::new(Nid::BRAINPOOL_P256R1);
            let honest = chip_secret(&curve, STATIC_KEY, &made.public_key);
            assert_eq!(*made.secret, honest, "byte {position} of {}", good.len());
        }
    }
}

#[test]
fn keys_of_other_kinds_and_broken_ones_are_refused() {
    let rsa = PKey::from_rsa(openssl::rsa::Rsa::generate(1024).unwrap()).unwrap();
    let refused = agreed(&rsa.public_key_to_der().unwrap());
    assert_eq!(refused.err(), Some(KeyAgreementError::NotSupported));
    let good = Curve::new(Nid::BRAINPOOL_P256R1).public_key_info(STATIC_KEY, false);
    for end in 0..good.len() {
        assert_eq!(agreed(&good[..end]).err(), Some(KeyAgreementError::Malformed), "{end} bytes");
    }
    assert_eq!(agreed(&vec![0x30; 5000]).err(), Some(KeyAgreementError::Malformed));
}

#[test]
fn without_random_numbers_there_is_no_key() {
    struct Dry;
    impl Entropy for Dry {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), NoEntropy> {
            Err(NoEntropy)
        }
    }
    let key = Curve::new(Nid::BRAINPOOL_P256R1).public_key_info(STATIC_KEY, false);
    assert_eq!(agree(&key, &mut Dry).err(), Some(KeyAgreementError::Entropy(NoEntropy)));
}

proptest! {
    #[test]
    fn any_bytes_are_a_key_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(agreed(&bytes).map_or(true, |made| !made.secret.is_empty()));
    }
}
