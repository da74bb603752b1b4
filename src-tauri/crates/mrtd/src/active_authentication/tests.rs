use super::*;
use crate::test_chip::{CountingEntropy, EmptyEntropy, TestChip, data, status};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkey::Private;
use openssl::rsa::{Padding, Rsa};
use smartcard::{ExtendedLength, NoEntropy, StatusWord};

/// What [`CountingEntropy`] gives.
const CHALLENGE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
/// ecdsa-plain-SHA256 (BSI TR-03111, 5.2.1.1).
const PLAIN_SHA256: [u8; 10] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x03];
/// ecdsa-with-SHA384 (RFC 5758).
const WITH_SHA384: [u8; 8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];

const INVALID: Verdict = Verdict::Invalid(Reason::ChallengeFailed);

/// DG15 with this key.
fn dg15(public_key: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    tlv::write(&mut file, tlv::Tag(0x6F), public_key);
    file
}

/// Asks a chip that signs so.
fn ask(public_key: &[u8], algorithm: Option<&[u8]>, signature: &[u8]) -> Verdict {
    let mut chip = TestChip::new(&[]).with(|_, _| Some(Ok(data(signature))));
    let verdict = prove(&mut chip, &dg15(public_key), algorithm, &mut CountingEntropy).unwrap();
    assert_eq!(chip.commands, ["0088000008010203040506070800"]);
    verdict
}

/// `6A || M1 || H(M1 || M2) || trailer` for this modulus.
fn representative(key: &Rsa<Private>, digest: MessageDigest, trailer: &[u8], challenge: &[u8]) -> Vec<u8> {
    let bytes = usize::try_from(key.size()).unwrap();
    let recovered = vec![0x5A; bytes - 1 - digest.size() - trailer.len()];
    let digest = hash(digest, &[&recovered, challenge].concat()).unwrap();
    [&[0x6A], recovered.as_slice(), &digest, trailer].concat()
}

fn open(key: &Rsa<Private>, representative: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; representative.len()];
    key.private_encrypt(representative, &mut signature, Padding::NONE).unwrap();
    signature
}

#[test]
fn an_rsa_signature_with_message_recovery_is_valid_with_each_trailer() {
    for bits in [1024, 1536] {
        let key = Rsa::generate(bits).unwrap();
        let public_key = PKey::from_rsa(key.clone()).unwrap().public_key_to_der().unwrap();
        for (digest, trailer) in [
            (MessageDigest::sha1(), &[0xBC][..]),
            (MessageDigest::sha224(), &[0x38, 0xCC]),
            (MessageDigest::sha256(), &[0x34, 0xCC]),
            (MessageDigest::sha384(), &[0x36, 0xCC]),
            (MessageDigest::sha512(), &[0x35, 0xCC]),
        ] {
            let signature = open(&key, &representative(&key, digest, trailer, &CHALLENGE));
            assert_eq!(ask(&public_key, None, &signature), Verdict::Valid, "{bits} {trailer:02X?}");
            let of_another = open(&key, &representative(&key, digest, trailer, &[0; 8]));
            assert_eq!(ask(&public_key, None, &of_another), INVALID, "{bits} {trailer:02X?}");
        }
    }
}

// ISO/IEC 9796-2 has a signer give the smaller one of a number and the modulus less it.
#[test]
fn an_rsa_signature_may_be_the_modulus_less_itself() {
    let key = Rsa::generate(1024).unwrap();
    let public_key = PKey::from_rsa(key.clone()).unwrap().public_key_to_der().unwrap();
    let signature = open(&key, &representative(&key, MessageDigest::sha256(), &[0x34, 0xCC], &CHALLENGE));
    let mut other = BigNum::new().unwrap();
    other.checked_sub(key.n(), &BigNum::from_slice(&signature).unwrap()).unwrap();
    assert_eq!(ask(&public_key, None, &other.to_vec_padded(128).unwrap()), Verdict::Valid);
}

#[test]
fn what_only_looks_like_an_rsa_signature_is_none() {
    let key = Rsa::generate(1024).unwrap();
    let public_key = PKey::from_rsa(key.clone()).unwrap().public_key_to_der().unwrap();
    let good = representative(&key, MessageDigest::sha256(), &[0x34, 0xCC], &CHALLENGE);
    let changed = |at: usize, byte: u8| {
        let mut representative = good.clone();
        representative[at] = byte;
        open(&key, &representative)
    };
    assert_eq!(ask(&public_key, None, &changed(0, 0x4A)), INVALID, "another header");
    assert_eq!(ask(&public_key, None, &changed(126, 0x33)), INVALID, "an unknown trailer");
    assert_eq!(ask(&public_key, None, &changed(126, 0x35)), INVALID, "another hash");
    assert_eq!(ask(&public_key, None, &changed(5, 0)), INVALID, "other data");
    let signature = open(&key, &good);
    assert_eq!(ask(&public_key, None, &signature[..127]), INVALID, "too short");
    assert_eq!(ask(&public_key, None, &[signature.as_slice(), &[0]].concat()), INVALID, "too long");
    assert_eq!(ask(&public_key, None, &[]), INVALID);
    assert_eq!(ask(&public_key, None, &[0xFF; 128]), INVALID, "beyond the modulus");
}

fn ec_key(curve: Nid, flag: Asn1Flag) -> (EcKey<Private>, Vec<u8>) {
    let mut group = EcGroup::from_curve_name(curve).unwrap();
    group.set_asn1_flag(flag);
    let key = EcKey::generate(&group).unwrap();
    let public_key = PKey::from_ec_key(key.clone()).unwrap().public_key_to_der().unwrap();
    (key, public_key)
}

fn sign(key: &EcKey<Private>, digest: MessageDigest) -> (Vec<u8>, Vec<u8>) {
    let signature = EcdsaSig::sign(&hash(digest, &CHALLENGE).unwrap(), key).unwrap();
    let mut order = BigNum::new().unwrap();
    key.group().order(&mut order, &mut BigNumContext::new().unwrap()).unwrap();
    let number = |number: &openssl::bn::BigNumRef| number.to_vec_padded(order.num_bytes()).unwrap();
    ([number(signature.r()), number(signature.s())].concat(), signature.to_der().unwrap())
}

#[test]
fn an_ecdsa_signature_is_valid_plain_and_in_der_over_named_and_explicit_parameters() {
    let curves = [Nid::X9_62_PRIME256V1, Nid::BRAINPOOL_P256R1, Nid::BRAINPOOL_P320R1, Nid::SECP521R1];
    for (curve, flag) in curves
        .into_iter()
        .flat_map(|curve| [(curve, Asn1Flag::NAMED_CURVE), (curve, Asn1Flag::EXPLICIT_CURVE)])
    {
        let (key, public_key) = ec_key(curve, flag);
        let (plain, der) = sign(&key, MessageDigest::sha256());
        for signature in [&plain, &der] {
            for algorithm in [Some(&PLAIN_SHA256[..]), None] {
                assert_eq!(ask(&public_key, algorithm, signature), Verdict::Valid, "{curve:?} {flag:?}");
            }
            assert_eq!(ask(&public_key, Some(&WITH_SHA384), signature), INVALID, "the hash that DG14 names");
        }
        let mut wrong = plain;
        wrong[3] ^= 1;
        assert_eq!(ask(&public_key, None, &wrong), INVALID);
    }
}

#[test]
fn the_signature_of_another_key_is_invalid() {
    let (key, _) = ec_key(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE);
    let (_, public_key) = ec_key(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE);
    let (plain, der) = sign(&key, MessageDigest::sha256());
    for signature in [plain.as_slice(), &der, &[], &[0; 64], &[0x30, 0x00]] {
        assert_eq!(ask(&public_key, None, signature), INVALID);
    }
}

#[test]
fn a_key_that_is_none_or_of_an_unknown_kind_is_never_challenged() {
    let verdict = |public_key: &[u8]| {
        let mut chip = TestChip::new(&[]);
        let verdict = prove(&mut chip, &dg15(public_key), None, &mut CountingEntropy).unwrap();
        assert!(chip.commands.is_empty());
        verdict
    };
    assert_eq!(verdict(&[0x30, 0x03, 1, 2, 3]), Verdict::NotVerifiable(Reason::Malformed));
    let mut bare = TestChip::new(&[]);
    let outcome = prove(&mut bare, &[0x30, 0x03, 1, 2, 3], None, &mut CountingEntropy);
    assert_eq!(outcome, Ok(Verdict::NotVerifiable(Reason::Malformed)), "without its template");
    let short = PKey::from_rsa(Rsa::generate(512).unwrap()).unwrap().public_key_to_der().unwrap();
    assert_eq!(verdict(&short), Verdict::NotVerifiable(Reason::UnknownAlgorithm));
    let modulus = || Rsa::generate(1024).unwrap().n().to_owned().unwrap();
    for exponent in [1, 2, 65_536] {
        let key = Rsa::from_public_components(modulus(), BigNum::from_u32(exponent).unwrap()).unwrap();
        let key = PKey::from_rsa(key).unwrap().public_key_to_der().unwrap();
        assert_eq!(verdict(&key), Verdict::NotVerifiable(Reason::UnknownAlgorithm), "{exponent}");
    }
    for curve in [Nid::SECP112R1, Nid::SECP160R1, Nid::X9_62_PRIME192V1] {
        for flag in [Asn1Flag::NAMED_CURVE, Asn1Flag::EXPLICIT_CURVE] {
            let (_, small) = ec_key(curve, flag);
            assert_eq!(verdict(&small), Verdict::NotVerifiable(Reason::UnknownAlgorithm), "{curve:?}");
        }
    }
    let other = PKey::generate_ed25519().unwrap().public_key_to_der().unwrap();
    assert_eq!(verdict(&other), Verdict::NotVerifiable(Reason::UnknownAlgorithm));
}

#[test]
fn a_chip_that_refuses_is_invalid_and_no_answer_is_an_error() {
    let (_, public_key) = ec_key(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE);
    let mut chip = TestChip::new(&[]).with(|_, _| Some(Ok(status(StatusWord::INS_NOT_SUPPORTED))));
    let withheld = Verdict::Invalid(Reason::Withheld);
    assert_eq!(prove(&mut chip, &dg15(&public_key), None, &mut CountingEntropy), Ok(withheld));
    let mut chip = TestChip::new(&[]).with(|_, _| Some(Ok(status(StatusWord::NO_DIAGNOSIS))));
    let open = Verdict::NotVerifiable(Reason::Refused(StatusWord::NO_DIAGNOSIS));
    assert_eq!(prove(&mut chip, &dg15(&public_key), None, &mut CountingEntropy), Ok(open));
    let mut chip = TestChip::new(&[]).with(|_, _| Some(Err(ChannelError::CardRemoved)));
    let removed = Err(MrtdError::Channel(ChannelError::CardRemoved));
    assert_eq!(prove(&mut chip, &dg15(&public_key), None, &mut CountingEntropy), removed);
    let none = Err(MrtdError::Entropy(NoEntropy));
    assert_eq!(prove(&mut TestChip::new(&[]), &dg15(&public_key), None, &mut EmptyEntropy), none);
}

#[test]
fn a_long_signature_is_asked_for_in_the_extended_form_or_fetched_in_pieces() {
    let key = Rsa::generate(2048).unwrap();
    let public_key = PKey::from_rsa(key.clone()).unwrap().public_key_to_der().unwrap();
    let signature = open(&key, &representative(&key, MessageDigest::sha256(), &[0x34, 0xCC], &CHALLENGE));

    let mut chip = TestChip::new(&[]).with(|_, command| Some(Ok(data(&signature[..command.ne()]))));
    (chip.extended, chip.capacity) = (ExtendedLength::Untried, 223);
    assert_eq!(prove(&mut chip, &dg15(&public_key), None, &mut CountingEntropy), Ok(Verdict::Valid));
    assert_eq!(chip.commands, ["0088000008010203040506070800"]);

    let mut chip = TestChip::new(&[]).with(|number, _| {
        let (first, rest) = signature.split_at(223);
        Some(Ok(if number == 0 {
            ResponseApdu::new(first, StatusWord(0x6100 | u16::try_from(rest.len()).unwrap()))
        } else {
            data(rest)
        }))
    });
    chip.capacity = 223;
    assert_eq!(prove(&mut chip, &dg15(&public_key), None, &mut CountingEntropy), Ok(Verdict::Valid));
    assert_eq!(chip.commands, ["00880000080102030405060708DF", "00C0000021"]);
}
