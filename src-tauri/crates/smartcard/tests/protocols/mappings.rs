//! PACE with the other mappings and over modular groups, with simulated cards.

use crate::card::{Cipher, Curve, ModularCard, PaceCard, object};
use crate::pace::{CURVES, info_of, run_with, talk};
use openssl::bn::BigNum;
use openssl::nid::Nid;
use smartcard::ExtendedLength;
use smartcard::pace::{ChipAuthenticationMapping, PaceError};

const CURVE: Nid = Nid::BRAINPOOL_P256R1;
const STATIC_KEY: u8 = 0x7E;

#[test]
fn the_integrated_mapping_makes_a_session_over_every_curve_with_a_point_encoding_and_every_cipher() {
    for (parameter_id, name) in CURVES.into_iter().filter(|(_, name)| *name != Nid::SECP224R1) {
        for cipher in Cipher::ALL {
            let mut card = PaceCard::integrated(name, cipher);
            let info = info_of(4, cipher.arc(), parameter_id);
            // Both kinds of points come up over these nonces.
            for nonce in 1..4 {
                let made = run_with(&mut card, &info, &[nonce, 0x7373]).unwrap();
                assert!(made.chip_authentication_mapping.is_none());
                talk(made.messaging, card.messaging());
                card = PaceCard::integrated(name, cipher);
            }
        }
    }
}

#[test]
fn modular_groups_make_a_session_with_either_mapping_and_every_cipher() {
    for parameter_id in 0..=2 {
        for cipher in Cipher::ALL {
            for mapping in [1, 3] {
                let mut card = ModularCard::new(parameter_id, mapping, cipher);
                let info = info_of(mapping, cipher.arc(), parameter_id);
                let made = run_with(&mut card, &info, &[0x5151, 0x7373]).unwrap();
                talk(made.messaging, card.messaging());
            }
        }
    }
}

#[test]
fn keys_of_2048_bits_take_extended_length_and_are_never_split() {
    for (extended_length, good) in
        [(ExtendedLength::Yes, true), (ExtendedLength::Untried, true), (ExtendedLength::No, false)]
    {
        let mut card = ModularCard::new(2, 1, Cipher::Aes128).on_channel(extended_length);
        let made = run_with(&mut card, &info_of(1, 2, 2), &[0x5151, 0x7373]);
        assert_eq!(made.err(), (!good).then_some(PaceError::NotSupported), "{extended_length:?}");
        let mut shorter = ModularCard::new(0, 1, Cipher::Aes128).on_channel(extended_length);
        assert!(run_with(&mut shorter, &info_of(1, 2, 0), &[0x5151, 0x7373]).is_ok());
    }
}

#[test]
fn a_number_outside_the_subgroup_breaks_the_protocol() {
    let prime = ModularCard::new(0, 1, Cipher::Aes128).prime();
    let less = |subtrahend| (&prime - &BigNum::from_u32(subtrahend).unwrap()).to_vec();
    let longer = [&[1], &less(5)[..]].concat();
    let keys =
        [vec![], vec![0], vec![1], vec![2], less(1), less(2), less(0), vec![0xFF; 128], longer, vec![0; 128]];
    for key in keys {
        for step in [1, 2] {
            let mut card = ModularCard::new(0, 1, Cipher::Aes128).sending(step, &key);
            let error = run_with(&mut card, &info_of(1, 2, 0), &[3, 5]).unwrap_err();
            assert_eq!(error, PaceError::Protocol, "{} bytes, step {step}", key.len());
        }
    }
}

fn mapping(name: Nid, parameter_id: u8, cipher: Cipher) -> ChipAuthenticationMapping {
    let mut card = PaceCard::with_static_key(name, cipher, STATIC_KEY);
    let made = run_with(&mut card, &info_of(6, cipher.arc(), parameter_id), &[0x5151, 0x7373]).unwrap();
    talk(made.messaging, card.messaging());
    made.chip_authentication_mapping.unwrap()
}

#[test]
fn the_chip_authentication_mapping_proves_the_chips_key_and_no_other() {
    for (parameter_id, name) in CURVES {
        let curve = Curve::new(name);
        for cipher in [Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
            let mapping = mapping(name, parameter_id, cipher);
            for explicit in [false, true] {
                assert!(mapping.proves(&curve.public_key_info(STATIC_KEY, explicit)), "{name:?}");
                assert!(!mapping.proves(&curve.public_key_info(STATIC_KEY + 1, explicit)), "{name:?}");
            }
        }
    }
}

#[test]
fn a_key_over_another_curve_or_none_is_not_proven() {
    let mapping = mapping(CURVE, 13, Cipher::Aes128);
    let good = Curve::new(CURVE).public_key_info(STATIC_KEY, false);
    assert!(mapping.proves(&good));
    assert!(!mapping.proves(&Curve::new(Nid::X9_62_PRIME256V1).public_key_info(STATIC_KEY, false)));
    assert!(!mapping.proves(&[]));
    assert!(!mapping.proves(&good[..good.len() - 1]));
    assert_eq!(format!("{mapping:?}"), "ChipAuthenticationMapping");
}

#[test]
fn chip_data_that_is_missing_or_broken_breaks_the_protocol() {
    let with = |chip_data: Option<Vec<u8>>| {
        move |_: &PaceCard<'_>, honest: &[u8], _: &[u8]| {
            let data = chip_data.iter().map(|data| object(0x8A, data));
            object(0x7C, &data.fold(honest[2..12].to_vec(), |token, data| [token, data].concat()))
        }
    };
    let cases =
        [None, Some(vec![]), Some(vec![1; 15]), Some(vec![1; 16]), Some(vec![1; 64]), Some(vec![1; 480])];
    for data in cases {
        let bytes = data.as_ref().map(Vec::len);
        let tamper = with(data);
        let card = PaceCard::with_static_key(CURVE, Cipher::Aes128, STATIC_KEY);
        let error = run_with(&mut card.tampering(3, &tamper), &info_of(6, 2, 13), &[3, 5]).unwrap_err();
        assert_eq!(error, PaceError::Protocol, "{bytes:?}");
    }
    let tamper = with(Some(vec![1; 48]));
    let error = run_with(
        &mut PaceCard::new(CURVE, Cipher::Aes128).tampering(3, &tamper),
        &info_of(2, 2, 13),
        &[3, 5],
    );
    assert_eq!(error.unwrap_err(), PaceError::Protocol, "chip data that nobody asked for");
}

// ICAO Doc 9303-11, Appendix G.2: the final answer with the name of an authority.
#[test]
fn names_of_authorities_beside_the_token_are_passed_over() {
    let references: crate::card::Tamper<'_> = &|_, honest, _| {
        let references = [object(0x87, b"DETESTCVCA00003"), object(0x88, b"DETESTCVCA00002")].concat();
        object(0x7C, &[&honest[2..], &references].concat())
    };
    let mut card = PaceCard::new(CURVE, Cipher::Aes128).tampering(3, references);
    talk(run_with(&mut card, &info_of(2, 2, 13), &[3, 5]).unwrap().messaging, card.messaging());
}

#[test]
fn the_integrated_mapping_wants_a_nonce_as_long_as_its_function_and_no_answer_to_ours() {
    for bytes in [8, 24, 32] {
        let nonce: crate::card::Tamper<'_> = &|_, _, _| object(0x7C, &object(0x80, &vec![9; bytes]));
        let mut card = PaceCard::integrated(CURVE, Cipher::TripleDes).tampering(0, nonce);
        let error = run_with(&mut card, &info_of(4, 1, 13), &[3, 5]).unwrap_err();
        assert_eq!(error, PaceError::Protocol, "{bytes} bytes");
    }
    let answers: [(&[u8], bool); 5] = [
        (&[], true),
        (&[0x7C, 0x00], true),
        (&[0x7C, 0x02, 0x82, 0x00], true),
        (&[0x7C, 0x03, 0x82, 0x01, 0x00], false),
        (&[0x7C, 0x02, 0x84, 0x00], false),
    ];
    for (answer, good) in answers {
        let tamper: crate::card::Tamper<'_> = &|_, _, _| answer.to_vec();
        let mut card = PaceCard::integrated(CURVE, Cipher::Aes128).tampering(1, tamper);
        let made = run_with(&mut card, &info_of(4, 2, 13), &[3, 5]);
        assert_eq!(made.err(), (!good).then_some(PaceError::Protocol), "{answer:02X?}");
    }
}
