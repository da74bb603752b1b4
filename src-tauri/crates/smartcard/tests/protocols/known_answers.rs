//! PACE and secure messaging give the published bytes.

use crate::script::{Drawn, Script, hex_bytes};
use crate::sessions::{CARD_ACCESS, READ_VSD, Session, VERIFY_PIN};
use smartcard::pace::{PacePassword, establish, parse_card_access};
use smartcard::{
    CardChannel, CommandApdu, ExtendedLength, NE_MAX, SecureChannel, SecureMessaging, StatusWord,
};
use zeroize::Zeroizing;

fn replay<'a>(session: &'a Session) -> (Script<'a>, SecureMessaging) {
    let mut card = Script::new(ExtendedLength::Yes, session.pace);
    let can = PacePassword::Can(Zeroizing::new(session.can.into()));
    let info = parse_card_access(&hex_bytes(CARD_ACCESS)).unwrap();
    let messaging = establish(&mut card, &info, &can, &mut Drawn::new(&session.keys)).unwrap().messaging;
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
