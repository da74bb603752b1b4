//! PACE over elliptic curves with simulated cards: every curve and cipher, shared secrets with leading zeros, and
//! cards that cheat.

use crate::card::{Cipher, Curve, Messaging, PaceCard, object};
use openssl::nid::Nid;
use smartcard::pace::{Established, PaceError, PaceInfo, PacePassword, establish, parse_card_access};
use smartcard::{
    CardChannel, CommandApdu, Entropy, ExtendedLength, NoEntropy, ResponseApdu, SecureMessaging, StatusWord,
};
use zeroize::Zeroizing;

/// Curves by their parameter ids: TR-03110-3, A.2.1.1, table "Standardized Domain Parameters".
pub(crate) const CURVES: [(u8, Nid); 11] = [
    (8, Nid::X9_62_PRIME192V1),
    (9, Nid::BRAINPOOL_P192R1),
    (10, Nid::SECP224R1),
    (11, Nid::BRAINPOOL_P224R1),
    (12, Nid::X9_62_PRIME256V1),
    (13, Nid::BRAINPOOL_P256R1),
    (14, Nid::BRAINPOOL_P320R1),
    (15, Nid::SECP384R1),
    (16, Nid::BRAINPOOL_P384R1),
    (17, Nid::BRAINPOOL_P512R1),
    (18, Nid::SECP521R1),
];
const HEALTH_CARD: Nid = Nid::BRAINPOOL_P256R1;

/// Gives numbers of one byte, one after another, in as many bytes as are asked for.
struct Small(Vec<u32>);

impl Entropy for Small {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        bytes.fill(0);
        let (_, low) = bytes.split_last_chunk_mut::<4>().ok_or(NoEntropy)?;
        *low = self.0.remove(0).to_be_bytes();
        Ok(())
    }
}

/// A `PACEInfo` with these last two arcs of the protocol.
pub(crate) fn pace_info(mapping: u8, cipher: u8, parameter_id: u8) -> Vec<u8> {
    let protocol = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, mapping, cipher];
    object(0x30, &[object(0x06, &protocol), object(0x02, &[2]), object(0x02, &[parameter_id])].concat())
}

pub(crate) fn card_access(infos: &[Vec<u8>]) -> Vec<u8> {
    object(0x31, &infos.concat())
}

fn info(cipher: u8, parameter_id: u8) -> PaceInfo {
    info_of(2, cipher, parameter_id)
}

pub(crate) fn info_of(mapping: u8, cipher: u8, parameter_id: u8) -> PaceInfo {
    parse_card_access(&card_access(&[pace_info(mapping, cipher, parameter_id)])).unwrap()
}

fn run(card: &mut PaceCard<'_>, info: &PaceInfo) -> Result<SecureMessaging, PaceError> {
    run_with(card, info, &[0x5151, 0x7373]).map(|established| established.messaging)
}

/// With these private keys of the terminal.
pub(crate) fn run_with(
    card: &mut dyn CardChannel,
    info: &PaceInfo,
    keys: &[u32],
) -> Result<Established, PaceError> {
    let can = PacePassword::Can(Zeroizing::new(b"123123".to_vec()));
    establish(card, info, &can, &mut Small(keys.to_vec()))
}

/// Both sides have the same keys.
pub(crate) fn talk(mut terminal: SecureMessaging, mut card: Messaging) {
    let command = CommandApdu::select_file(0xD001);
    assert_eq!(card.open(&terminal.protect(&command, ExtendedLength::No).unwrap()), command);
    let response = ResponseApdu::new(b"Amsel", StatusWord::OK);
    assert_eq!(terminal.unprotect(&card.protect(0x87, &response)), Ok(response));
}

#[test]
fn every_standardised_curve_and_every_cipher_make_a_session() {
    for (parameter_id, name) in CURVES {
        for cipher in Cipher::ALL {
            let mut card = PaceCard::new(name, cipher);
            let terminal = run(&mut card, &info(cipher.arc(), parameter_id)).unwrap();
            talk(terminal, card.messaging());
        }
    }
}

#[test]
fn a_shared_secret_with_leading_zeros_keeps_them() {
    let mut card = PaceCard::new(HEALTH_CARD, Cipher::Aes128);
    let generator = card.mapped(&card.curve.multiply(&[0x51, 0x51], None));
    let card_key = card.ephemeral_key(&generator);
    let secret = |key: u32| card.curve.x(&card.curve.multiply(&key.to_be_bytes(), Some(&card_key)));
    let key = (1..=u32::from(u16::MAX)).find(|key| secret(*key).starts_with(&[0])).unwrap();
    let terminal = run_with(&mut card, &info(2, 13), &[0x5151, key]).unwrap().messaging;
    assert_eq!((card.secret().len(), card.secret()[0]), (32, 0));
    talk(terminal, card.messaging());
}

#[test]
fn a_wrong_can_is_told_by_the_card_or_found_by_our_own_check() {
    let mut refusing = PaceCard::new(HEALTH_CARD, Cipher::Aes128).with_can(b"123124");
    assert_eq!(run(&mut refusing, &info(2, 13)).unwrap_err(), PaceError::WrongPassword);
    assert_eq!(refusing.commands(), 5);
    let mut counting = PaceCard::new(HEALTH_CARD, Cipher::Aes128).refusing(4, StatusWord(0x63C2));
    assert_eq!(run(&mut counting, &info(2, 13)).unwrap_err(), PaceError::WrongPassword);
    let other_token = |_: &PaceCard<'_>, honest: &[u8], _: &[u8]| {
        let mut changed = honest.to_vec();
        changed[11] ^= 1;
        changed
    };
    let mut pretending = PaceCard::new(HEALTH_CARD, Cipher::Aes128).tampering(3, &other_token);
    assert_eq!(run(&mut pretending, &info(2, 13)).unwrap_err(), PaceError::WrongPassword);
    let echo = |_: &PaceCard<'_>, _: &[u8], ours: &[u8]| object(0x7C, &object(0x86, ours));
    let mut echoing = PaceCard::new(HEALTH_CARD, Cipher::Aes128).tampering(3, &echo);
    assert_eq!(run(&mut echoing, &info(2, 13)).unwrap_err(), PaceError::WrongPassword);
}

#[test]
fn a_refused_step_is_told_with_its_status_and_ends_the_run() {
    for command in 0..5 {
        for status in [StatusWord::INCORRECT_DATA, StatusWord::REFERENCE_NOT_FOUND, StatusWord(0x6283)] {
            let mut card = PaceCard::new(HEALTH_CARD, Cipher::Aes128).refusing(command, status);
            assert_eq!(
                run(&mut card, &info(2, 13)).unwrap_err(),
                PaceError::Refused(status),
                "command {command}"
            );
            assert_eq!(card.commands(), command + 1);
        }
    }
    let mut early = PaceCard::new(HEALTH_CARD, Cipher::Aes128).refusing(1, StatusWord::AUTHENTICATION_FAILED);
    let refused = PaceError::Refused(StatusWord::AUTHENTICATION_FAILED);
    assert_eq!(run(&mut early, &info(2, 13)).unwrap_err(), refused);
}

#[test]
fn an_answer_truncated_extended_or_under_another_tag_breaks_the_protocol_at_every_step() {
    for step in 0..4 {
        let mut honest_bytes = 0;
        while {
            let cut = honest_bytes;
            let length = std::cell::Cell::new(0);
            let truncate = |_: &PaceCard<'_>, honest: &[u8], _: &[u8]| {
                length.set(honest.len());
                honest[..cut].to_vec()
            };
            let mut card = PaceCard::new(HEALTH_CARD, Cipher::Aes128).tampering(step, &truncate);
            assert_eq!(
                run(&mut card, &info(2, 13)).unwrap_err(),
                PaceError::Protocol,
                "{cut} of step {step}"
            );
            honest_bytes += 1;
            honest_bytes < length.get()
        } {}
        let value = |honest: &[u8]| honest[4..].to_vec();
        let tag = |honest: &[u8]| u32::from(honest[2]);
        let hostile: [(&str, crate::card::Tamper<'_>); 8] = [
            ("a byte behind", &|_, honest, _| [honest, &[1][..]].concat()),
            ("a zero behind", &|_, honest, _| [honest, &[0][..]].concat()),
            ("a zero before", &|_, honest, _| [&[0][..], honest].concat()),
            ("an object behind", &|_, honest, _| {
                object(0x7C, &[&honest[2..], &object(0x89, b"DEGXX110218")].concat())
            }),
            ("twice the object", &|_, honest, _| object(0x7C, &[&honest[2..], &honest[2..]].concat())),
            ("another outer tag", &|_, honest, _| object(0x7D, &honest[2..])),
            ("another inner tag", &|_, honest, _| object(0x7C, &object(tag(honest) + 1, &value(honest)))),
            ("a value too long", &|_, honest, _| {
                object(0x7C, &object(tag(honest), &[&value(honest)[..], &[0; 32]].concat()))
            }),
        ];
        for (name, tamper) in hostile {
            let mut card = PaceCard::new(HEALTH_CARD, Cipher::Aes128).tampering(step, tamper);
            assert_eq!(run(&mut card, &info(2, 13)).unwrap_err(), PaceError::Protocol, "{name}, step {step}");
            assert_eq!(card.commands(), step + 2, "{name}, step {step}");
        }
    }
}

#[test]
fn a_point_that_is_none_of_the_curve_infinity_or_our_own_breaks_the_protocol() {
    fn with_point(honest: &[u8], change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
        let mut point = honest[4..].to_vec();
        change(&mut point);
        object(0x7C, &object(u32::from(honest[2]), &point))
    }
    // p of brainpoolP256r1 (RFC 5639, 3.4): no coordinate is as large.
    let prime = hex::decode("A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377").unwrap();
    let hostile: [(&str, crate::card::Tamper<'_>); 9] = [
        ("infinity", &|_, honest, _| with_point(honest, |point| *point = vec![0x00])),
        ("infinity in the form of a point", &|_, honest, _| with_point(honest, |point| point.fill(0))),
        ("0, 0", &|_, honest, _| with_point(honest, |point| point[1..].fill(0))),
        ("not on the curve", &|_, honest, _| with_point(honest, |point| point[64] ^= 1)),
        ("compressed", &|_, honest, _| {
            with_point(honest, |point| {
                point[0] = 0x02 | point[64] & 1;
                point.truncate(33);
            })
        }),
        ("hybrid", &|_, honest, _| with_point(honest, |point| point[0] = 0x06 | point[64] & 1)),
        ("a coordinate of p", &|_, honest, _| {
            with_point(honest, |point| point[1..33].copy_from_slice(&prime))
        }),
        ("of another curve", &|_, honest, _| {
            let other = Curve::new(Nid::X9_62_PRIME256V1);
            with_point(honest, |point| *point = other.encode(&other.multiply(&[5], None)))
        }),
        ("our own", &|_, honest, ours| with_point(honest, |point| *point = ours.to_vec())),
    ];
    for (name, tamper) in hostile {
        for step in [1, 2] {
            let mut card = PaceCard::new(HEALTH_CARD, Cipher::Aes128).tampering(step, tamper);
            assert_eq!(run(&mut card, &info(2, 13)).unwrap_err(), PaceError::Protocol, "{name}, step {step}");
            assert_eq!(card.commands(), step + 2, "{name}");
        }
    }
}

#[test]
fn a_nonce_has_whole_blocks() {
    for bytes in [0, 1, 15, 17, 31, 33, 48] {
        let nonce = |_: &PaceCard<'_>, _: &[u8], _: &[u8]| object(0x7C, &object(0x80, &vec![9; bytes]));
        let mut card = PaceCard::new(HEALTH_CARD, Cipher::Aes128).tampering(0, &nonce);
        assert_eq!(run(&mut card, &info(2, 13)).unwrap_err(), PaceError::Protocol, "{bytes} bytes");
    }
}
