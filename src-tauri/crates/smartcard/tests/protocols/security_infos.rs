//! `SecurityInfos`: which keys belong to which protocols, and what is passed over.

use crate::card::{Curve, object};
use crate::pace::{card_access, pace_info};
use crate::script::hex_bytes;
use openssl::nid::Nid;
use proptest::prelude::*;
use smartcard::SessionCipher;
use smartcard::security_infos::{
    SECURITY_INFOS_BYTES_MAX, SECURITY_INFOS_MAX, SecurityInfos, SecurityInfosError,
};

const ECDH: u8 = 2;
const DH: u8 = 1;

/// `ChipAuthenticationInfo` of this kind, cipher and version.
fn chip_authentication(kind: u8, cipher: u8, version: u8, key_id: Option<&[u8]>) -> Vec<u8> {
    let protocol = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, kind, cipher];
    let id = key_id.map(|id| object(0x02, id)).unwrap_or_default();
    object(0x30, &[object(0x06, &protocol), object(0x02, &[version]), id].concat())
}

/// `ChipAuthenticationPublicKeyInfo`.
fn public_key(kind: u8, key: &[u8], key_id: Option<&[u8]>) -> Vec<u8> {
    let protocol = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, kind];
    let id = key_id.map(|id| object(0x02, id)).unwrap_or_default();
    object(0x30, &[object(0x06, &protocol), key.to_vec(), id].concat())
}

fn key(number: u8) -> Vec<u8> {
    Curve::new(Nid::BRAINPOOL_P256R1).public_key_info(number, false)
}

fn parse(infos: &[Vec<u8>]) -> SecurityInfos {
    SecurityInfos::parse(&card_access(infos)).unwrap()
}

/// Cipher, version, key id and which key.
type Offer = (SessionCipher, u8, Option<Vec<u8>>, Vec<u8>);

fn offers(infos: &[Vec<u8>]) -> Vec<Offer> {
    let infos = parse(infos);
    let offers = infos.chip_authentication().iter();
    offers
        .map(|offer| {
            (offer.cipher, offer.version, offer.key_id.clone(), offer.subject_public_key_info.clone())
        })
        .collect()
}

// ICAO Doc 9303-11, Appendix G.1: EF.CardAccess.
#[test]
fn the_file_of_the_worked_example_offers_pace_and_nothing_else() {
    let infos = SecurityInfos::parse(&hex_bytes("31143012060A04007F0007020204020202010202010D")).unwrap();
    assert_eq!((infos.pace().len(), infos.chip_authentication().len()), (1, 0));
    assert_eq!(infos.pace()[0].cipher(), SessionCipher::Aes128);
    assert_eq!(infos.active_authentication(), None);
}

#[test]
fn each_protocol_has_the_key_of_its_id_and_the_longest_session_key_comes_first() {
    let found = offers(&[
        public_key(ECDH, &key(1), Some(&[1])),
        chip_authentication(ECDH, 1, 1, Some(&[2])),
        chip_authentication(ECDH, 4, 1, Some(&[1])),
        public_key(ECDH, &key(2), Some(&[2])),
        chip_authentication(ECDH, 2, 2, Some(&[0x00, 0x81])),
        public_key(ECDH, &key(3), Some(&[0x00, 0x81])),
    ]);
    assert_eq!(
        found,
        [
            (SessionCipher::Aes256, 1, Some(vec![1]), key(1)),
            (SessionCipher::Aes128, 2, Some(vec![0x81]), key(3)),
            (SessionCipher::TripleDes, 1, Some(vec![2]), key(2)),
        ]
    );
}

#[test]
fn the_only_key_belongs_to_a_protocol_without_an_id_or_itself_has_none() {
    for (protocol_id, key_id, expected) in [
        (None, None, Some(None)),
        (None, Some(&[7][..]), Some(Some(vec![7]))),
        (Some(&[7][..]), None, Some(Some(vec![7]))),
        (Some(&[7]), Some(&[8]), None),
    ] {
        let found =
            offers(&[chip_authentication(ECDH, 2, 1, protocol_id), public_key(ECDH, &key(1), key_id)]);
        let ids: Vec<_> = found.into_iter().map(|(_, _, id, _)| id).collect();
        assert_eq!(ids, Vec::from_iter(expected), "{protocol_id:?}, {key_id:?}");
    }
    let two = [public_key(ECDH, &key(1), Some(&[1])), public_key(ECDH, &key(2), Some(&[2]))];
    let unclear = [&[chip_authentication(ECDH, 2, 1, None)], &two[..]].concat();
    assert_eq!(offers(&unclear), [], "nothing says which of two");
    assert_eq!(parse(&unclear).chip_public_keys().collect::<Vec<_>>(), [key(1), key(2)]);
}

#[test]
fn a_key_of_another_kind_belongs_to_no_protocol() {
    let found = offers(&[chip_authentication(ECDH, 2, 1, None), public_key(DH, &key(1), None)]);
    // The key alone is used with 3DES.
    assert_eq!(found, [(SessionCipher::TripleDes, 1, None, key(1))]);
}

#[test]
fn where_only_a_key_is_told_it_is_used_with_3des() {
    let infos = parse(&[public_key(ECDH, &key(1), Some(&[5]))]);
    let [offer] = infos.chip_authentication() else { panic!("one") };
    assert_eq!(
        (offer.cipher, offer.version, offer.key_id.as_deref()),
        (SessionCipher::TripleDes, 1, Some(&[5][..]))
    );
    // id-CA-ECDH-3DES-CBC-CBC.
    assert_eq!(offer.protocol, hex_bytes("04007F00070202030201"));
}

#[test]
fn data_group_14_is_read_with_its_tag_and_without() {
    let set = card_access(&[chip_authentication(ECDH, 3, 1, None), public_key(ECDH, &key(1), None)]);
    let infos = SecurityInfos::parse(&set).unwrap();
    assert_eq!(infos.chip_authentication()[0].cipher, SessionCipher::Aes192);
    assert_eq!(infos.chip_authentication()[0].protocol, hex_bytes("04007F00070202030203"));
    assert_eq!(SecurityInfos::parse(&object(0x6E, &set)), Ok(infos));
}

#[test]
fn active_authentication_tells_its_signature_algorithm() {
    let oid = hex_bytes("678108010105");
    // ecdsa-plain-SHA256, 0.4.0.127.0.7.1.1.4.1.3.
    let algorithm = hex_bytes("04007F00070101040103");
    let info = [object(0x06, &oid), object(0x02, &[1]), object(0x06, &algorithm)].concat();
    assert_eq!(parse(&[object(0x30, &info)]).active_authentication(), Some(&algorithm[..]));
    let without = [object(0x06, &oid), object(0x02, &[1])].concat();
    assert_eq!(parse(&[object(0x30, &without)]).active_authentication(), None);
}

#[test]
fn unknown_entries_are_passed_over() {
    let terminal_authentication = object(0x30, &hex_bytes("060804007F0007020202020102"));
    let infos = parse(&[
        terminal_authentication,
        object(0x04, b"none"),
        object(0x30, &[]),
        object(0x30, &object(0x02, &[1])),
        chip_authentication(3, 2, 1, None),
        chip_authentication(ECDH, 5, 1, None),
        public_key(3, &key(1), None),
        public_key(ECDH, &object(0x04, b"no key"), None),
        pace_info(2, 9, 13),
    ]);
    assert_eq!(infos, SecurityInfos::default());
}

#[test]
fn too_long_a_file_and_too_many_entries_are_refused() {
    let many = |count| SecurityInfos::parse(&card_access(&vec![pace_info(2, 2, 13); count]));
    assert_eq!(many(SECURITY_INFOS_MAX).unwrap().pace().len(), SECURITY_INFOS_MAX);
    assert_eq!(many(SECURITY_INFOS_MAX + 1), Err(SecurityInfosError::TooMany));
    let long = card_access(&[object(0x04, &vec![0; SECURITY_INFOS_BYTES_MAX])]);
    assert_eq!(SecurityInfos::parse(&long), Err(SecurityInfosError::TooMany));
}

#[test]
fn a_file_without_a_set_or_with_a_broken_one_is_none() {
    for file in [&[][..], &[0x30, 0x00], &[0x6E, 0x00], &[0x6E, 0x02, 0x30, 0x00]] {
        assert_eq!(SecurityInfos::parse(file), Err(SecurityInfosError::NoSet), "{file:02X?}");
    }
    for file in [&[0x31, 0x02, 0x30][..], &[0x31, 0x03, 0x30, 0x01, 0x06], &[0x6E, 0x81]] {
        assert_eq!(SecurityInfos::parse(file), Err(SecurityInfosError::Malformed), "{file:02X?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for file in [bytes.clone(), object(0x31, &bytes), object(0x31, &object(0x30, &bytes))] {
            if let Ok(infos) = SecurityInfos::parse(&file) {
                prop_assert!(infos.pace().len() + infos.chip_authentication().len() <= SECURITY_INFOS_MAX);
            }
        }
    }
}

#[test]
fn debug_tells_no_key_nor_its_id() {
    let infos =
        parse(&[chip_authentication(ECDH, 2, 1, Some(&[77])), public_key(ECDH, &key(7), Some(&[77]))]);
    let (told, bytes) = (format!("{infos:?}"), format!("{:?}", key(7)));
    assert!(told.contains("Aes128") && !told.contains("77"), "{told}");
    assert!(!told.contains(&bytes[bytes.len() - 40..bytes.len() - 1]), "{told}");
}
