//! PACE and secure messaging give the published bytes.

use crate::script::{Drawn, Script, hex_bytes};
use crate::sessions::{CARD_ACCESS, READ_VSD, Session, VERIFY_PIN};
use smartcard::pace::{PaceError, PacePassword, establish, parse_card_access};
use smartcard::{
    CardChannel, CommandApdu, ExtendedLength, NE_MAX, SecureChannel, SecureMessaging, StatusWord,
};
use zeroize::Zeroizing;

fn replay<'a>(session: &'a Session) -> (Script<'a>, SecureMessaging) {
    let mut card = Script::new(ExtendedLength::Yes, session.pace);
    let can = PacePassword::Can(Zeroizing::new(session.can.into()));
    let info = parse_card_access(&hex_bytes(CARD_ACCESS)).unwrap();
    let messaging = establish(&mut card, &info, &can, &mut Drawn::new(&session.keys)).unwrap();
    card.finish();
    (Script::new(ExtendedLength::Yes, session.protected), messaging)
}

// The bytes of gematik OpenHealth-Core, read-vsd.jsonl.
#[test]
fn a_recorded_session_is_repeated_byte_for_byte_from_pace_to_the_last_read() {
    let (mut card, messaging) = replay(&READ_VSD);
    let mut channel = SecureChannel::new(&mut card, messaging);
    let select_root = CommandApdu::new(0x00, 0xA4, 0x04, 0x0C);
    assert_eq!(channel.transmit(&select_root).unwrap().status, StatusWord::OK);
    let health_care = CommandApdu::select_application(&[0xD2, 0x76, 0x00, 0x00, 0x01, 0x02]);
    assert_eq!(channel.transmit(&health_care).unwrap().status, StatusWord::OK);
    assert_eq!(channel.transmit(&CommandApdu::select_file(0xD002)).unwrap().status, StatusWord::OK);
    let read = |offset| CommandApdu::read_binary(offset, NE_MAX).unwrap();
    let vd = channel.transmit(&read(0)).unwrap();
    assert_eq!((vd.data.len(), vd.status), (560, StatusWord::OK));
    // Pointers and the gzip magic of the file's first section.
    assert_eq!(vd.data[..10], hex_bytes("0008014D014E022F1F8B")[..]);
    let beyond = channel.transmit(&read(560)).unwrap();
    assert_eq!((beyond.data.len(), beyond.status), (0, StatusWord::WRONG_P1_P2));
    card.finish();
}

// The bytes of gematik OpenHealth-Core, verify-pin.jsonl: CLA 80 becomes 8C, the answer to a status carries
// 63C3.
#[test]
fn a_recorded_session_with_a_pin_is_repeated_byte_for_byte() {
    let (mut card, messaging) = replay(&VERIFY_PIN);
    let mut channel = SecureChannel::new(&mut card, messaging);
    channel.transmit(&CommandApdu::new(0x00, 0xA4, 0x04, 0x0C)).unwrap();
    let status = channel.transmit(&CommandApdu::new(0x80, 0x20, 0x00, 0x02)).unwrap().status;
    assert_eq!(status.tries_left(), Some(3));
    let block = hex_bytes("26123456FFFFFFFF");
    let verify = CommandApdu::new(0x00, 0x20, 0x00, 0x02).with_data(&block).unwrap();
    assert_eq!(channel.transmit(&verify).unwrap().status, StatusWord::OK);
    card.finish();
}

/// ICAO Doc 9303-11, Appendix G.1 (ECDH, generic mapping, brainpoolP256r1), with short length fields.
const WORKED_EXAMPLE: &[(&str, &str)] = &[
    ("0022C1A40F800A04007F00070202040202830101", "9000"),
    ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"),
    (
        "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552\
         DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00",
        "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F7\
         3991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000",
    ),
    (
        "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3\
         B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200",
        "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC\
         3C265A9F018F9CB852E111B768B326904B59A0193776F0949000",
    ),
    ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000"),
];
const WORKED_EXAMPLE_KEYS: [&str; 2] = [
    "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
    "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
];
const WORKED_EXAMPLE_MRZ: &[u8] = b"T22000129364081251010318";

#[test]
fn the_worked_example_of_icao_is_repeated_byte_for_byte_and_gives_its_session_keys() {
    let mut card = Script::new(ExtendedLength::No, WORKED_EXAMPLE);
    let info = parse_card_access(&hex_bytes(CARD_ACCESS)).unwrap();
    let mrz = PacePassword::Mrz(Zeroizing::new(WORKED_EXAMPLE_MRZ.into()));
    let mut derived = establish(&mut card, &info, &mrz, &mut Drawn::new(&WORKED_EXAMPLE_KEYS)).unwrap();
    card.finish();
    // KSenc and KSmac of the example protect a command in the same way.
    let mut printed = SecureMessaging::from_keys(
        &hex_bytes("F5F0E35C0D7161EE6724EE513A0D9A7F"),
        &hex_bytes("FE251C7858B356B24514B3BD5F4297D1"),
    )
    .unwrap();
    let command = CommandApdu::select_application(&[0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]);
    assert_eq!(derived.protect(&command, ExtendedLength::No), printed.protect(&command, ExtendedLength::No));
}

#[test]
fn without_random_numbers_no_key_is_sent() {
    let mut card = Script::new(ExtendedLength::No, &WORKED_EXAMPLE[..2]);
    let info = parse_card_access(&hex_bytes(CARD_ACCESS)).unwrap();
    let mrz = PacePassword::Mrz(Zeroizing::new(WORKED_EXAMPLE_MRZ.into()));
    let error = establish(&mut card, &info, &mrz, &mut Drawn::new(&[])).unwrap_err();
    assert_eq!(error, PaceError::Entropy(smartcard::NoEntropy));
    card.finish();
}
