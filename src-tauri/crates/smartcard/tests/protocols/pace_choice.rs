//! Which way to run PACE is chosen from EF.CardAccess.

use crate::card::{Cipher, PaceCard, object};
use crate::pace::{card_access, info_of, pace_info, run_with, talk};
use openssl::nid::Nid;
use smartcard::SessionCipher;
use smartcard::pace::{Mapping, PaceError, parse_card_access};

/// A `PACEDomainParameterInfo` for ECDH with the generic mapping, of which only the beginning matters here.
fn explicit_parameters() -> Vec<u8> {
    let protocol = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02];
    object(0x30, &[object(0x06, &protocol), object(0x30, &[]), object(0x02, &[33])].concat())
}

#[test]
fn a_better_mapping_goes_before_elliptic_curves_and_these_before_a_longer_key() {
    let ascending = [
        (3, 1, 0),
        (3, 4, 2),
        (4, 1, 18),
        (4, 4, 8),
        (1, 1, 0),
        (1, 2, 0),
        (1, 2, 1),
        (1, 2, 2),
        (1, 4, 0),
        (2, 1, 18),
        (2, 2, 8),
        (2, 2, 18),
        (2, 3, 13),
        (2, 4, 13),
        (6, 2, 12),
        (6, 2, 13),
        (6, 4, 12),
    ];
    for pair in ascending.windows(2) {
        let [worse, better] = [pair[0], pair[1]].map(|(mapping, cipher, id)| pace_info(mapping, cipher, id));
        let chosen = parse_card_access(&card_access(&[better.clone(), worse.clone()])).unwrap();
        assert_eq!(parse_card_access(&card_access(&[worse.clone(), better.clone()])), Ok(chosen.clone()));
        let doubled = parse_card_access(&card_access(&[better.clone(), better])).unwrap();
        assert_eq!(chosen, doubled, "{pair:?}");
    }
}

#[test]
fn the_choice_tells_mapping_and_cipher() {
    let chosen = parse_card_access(&card_access(&[pace_info(2, 2, 13), pace_info(6, 3, 13)])).unwrap();
    assert_eq!((chosen.mapping(), chosen.cipher()), (Mapping::ChipAuthentication, SessionCipher::Aes192));
    let chosen = parse_card_access(&card_access(&[pace_info(3, 1, 0)])).unwrap();
    assert_eq!((chosen.mapping(), chosen.cipher()), (Mapping::Integrated, SessionCipher::TripleDes));
}

#[test]
fn the_longest_key_and_then_the_largest_field_is_chosen_and_named_to_the_card() {
    let foreign = object(
        0x30,
        &[object(0x06, &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02]), object(0x02, &[2])].concat(),
    );
    let file = card_access(&[
        foreign.clone(),
        pace_info(2, 2, 17),
        pace_info(2, 4, 12),
        pace_info(2, 4, 16),
        pace_info(2, 4, 13),
        // Worse: integrated mapping, 3DES, a modular group.
        pace_info(4, 4, 18),
        pace_info(2, 1, 18),
        pace_info(1, 4, 2),
        // Unknown: a reserved id, a reserved mapping, chip authentication mapping with 3DES.
        pace_info(2, 4, 19),
        pace_info(5, 4, 18),
        pace_info(6, 1, 18),
    ]);
    let chosen = parse_card_access(&file).unwrap();
    let protocol = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x04];
    let template = [object(0x80, &protocol), object(0x83, &[2]), object(0x84, &[16])].concat();
    let mut card = PaceCard::new(Nid::BRAINPOOL_P384R1, Cipher::Aes256).with_template(&template);
    talk(run_with(&mut card, &chosen, &[3, 5]).unwrap().messaging, card.messaging());

    let alone = parse_card_access(&card_access(&[foreign, pace_info(2, 2, 13)])).unwrap();
    assert_eq!(alone, info_of(2, 2, 13), "what isn't PACE makes nothing ambiguous");
}

#[test]
fn a_file_without_a_protocol_that_we_speak_is_not_supported() {
    let old_version = {
        let mut file = card_access(&[pace_info(2, 2, 13)]);
        file[18] = 1;
        file
    };
    for file in [
        Vec::new(),
        vec![0; 22],
        card_access(&[]),
        card_access(&[pace_info(7, 2, 13), pace_info(6, 1, 13), pace_info(2, 5, 13), pace_info(2, 2, 0)]),
        // A modular group for an elliptic curve and the other way round; no point encoding; explicit parameters.
        card_access(&[pace_info(1, 2, 13), pace_info(2, 2, 2), pace_info(4, 2, 10), pace_info(2, 2, 33)]),
        card_access(&[explicit_parameters()]),
        object(0x30, &pace_info(2, 2, 13)),
        card_access(&[object(0x04, b"other")]),
        old_version,
    ] {
        assert_eq!(parse_card_access(&file), Err(PaceError::NotSupported), "{file:02X?}");
    }
}

#[test]
fn a_file_cut_off_anywhere_is_never_taken_and_what_stands_behind_it_does_not_count() {
    let file = card_access(&[pace_info(2, 2, 13)]);
    for end in 0..file.len() {
        assert!(parse_card_access(&file[..end]).is_err(), "{end} bytes");
    }
    assert_eq!(parse_card_access(&[&file[..], &[0xFF; 10]].concat()), Ok(info_of(2, 2, 13)));
    let within = object(0x31, &[0x30, 0x05, 0x06]);
    assert_eq!(parse_card_access(&within), Err(PaceError::Protocol));
}
