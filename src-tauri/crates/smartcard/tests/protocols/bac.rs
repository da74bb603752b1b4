//! Basic Access Control: the worked example of ICAO, and cards that refuse or cheat.

use crate::card::BacCard;
use crate::script::{Drawn, Script, hex_bytes};
use smartcard::bac::{BacError, establish};
use smartcard::{
    CardChannel, ChannelError, CommandApdu, ExtendedLength, ResponseApdu, SecureChannel, StatusWord,
};

/// ICAO Doc 9303-11, Appendix D.2.
const ZONE: &[u8] = b"L898902C<369080619406236";
/// RND.IFD and K.IFD of Appendix D.3.
const DRAWN: [&str; 2] = ["781723860C06C226", "0B795240CB7049B01C19B33E32804F0B"];
/// Appendix D.3.
const AUTHENTICATION: [(&str, &str); 2] = [
    ("0084000008", "4608F919887022129000"),
    (
        "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
        "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000",
    ),
];
/// Appendix D.4: SELECT EF.COM, READ BINARY of 4 bytes, READ BINARY of 18 at offset 4.
const READING: [(&str, &str); 3] = [
    ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
    ("0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"),
    (
        "0CB000040D9701128E082EA28A70F3C7B53500",
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
    ),
];

#[test]
fn the_worked_example_of_icao_is_repeated_byte_for_byte_to_the_last_read() {
    let exchanges = [&AUTHENTICATION[..], &READING].concat();
    let mut card = Script::new(ExtendedLength::No, &exchanges);
    let messaging = establish(&mut card, ZONE, &mut Drawn::new(&DRAWN)).unwrap();
    let mut channel = SecureChannel::new(&mut card, messaging);
    let selected = channel.transmit(&CommandApdu::select_file(0x011E)).unwrap();
    assert_eq!(selected, ResponseApdu::new(&[], StatusWord::OK));
    let mut read = |offset, ne| channel.transmit(&CommandApdu::read_binary(offset, ne).unwrap()).unwrap();
    assert_eq!(read(0, 4), ResponseApdu::new(&hex_bytes("60145F01"), StatusWord::OK));
    let rest = hex_bytes("04303130365F36063034303030305C026175");
    assert_eq!(read(4, 18), ResponseApdu::new(&rest, StatusWord::OK));
    card.finish();
}

// ICAO Doc 9303-11, Appendix D.2: the long document number of its second example.
#[test]
fn another_zone_has_another_key_and_the_card_refuses_it() {
    let mut card = BacCard::new("B366AD857DDCA2B08C0E299811714730");
    let zone = b"D23145890734934071279507122";
    assert!(establish(&mut card, zone, &mut Drawn::new(&DRAWN)).is_ok());
    let mut card = BacCard::new("239AB9CB282DAF66231DC5A4DF6BFBAE");
    assert!(establish(&mut card, ZONE, &mut Drawn::new(&DRAWN)).is_ok());
    let refused = establish(&mut card, zone, &mut Drawn::new(&DRAWN));
    assert_eq!(refused.unwrap_err(), BacError::WrongKey);
}

#[test]
fn a_refused_authentication_is_a_wrong_key_and_any_other_refusal_is_told() {
    for (status, error) in [
        ("6300", BacError::WrongKey),
        ("6982", BacError::WrongKey),
        ("6985", BacError::WrongKey),
        ("6A80", BacError::Refused(StatusWord::INCORRECT_DATA)),
        ("6700", BacError::Refused(StatusWord::WRONG_LENGTH)),
    ] {
        let exchanges = [AUTHENTICATION[0], (AUTHENTICATION[1].0, status)];
        let mut card = Script::new(ExtendedLength::No, &exchanges);
        assert_eq!(establish(&mut card, ZONE, &mut Drawn::new(&DRAWN)).unwrap_err(), error);
        card.finish();
    }
    for status in ["6985", "6D00"] {
        let exchanges = [(AUTHENTICATION[0].0, status)];
        let mut card = Script::new(ExtendedLength::No, &exchanges);
        let word = StatusWord(u16::from_str_radix(status, 16).unwrap());
        assert_eq!(establish(&mut card, ZONE, &mut Drawn::new(&DRAWN)).unwrap_err(), BacError::Refused(word));
    }
}

#[test]
fn an_answer_of_another_length_breaks_the_protocol() {
    for challenge in ["9000", "4608F9198870229000", "4608F91988702212009000"] {
        let exchanges = [(AUTHENTICATION[0].0, challenge)];
        let mut card = Script::new(ExtendedLength::No, &exchanges);
        assert_eq!(establish(&mut card, ZONE, &mut Drawn::new(&DRAWN)).unwrap_err(), BacError::Protocol);
    }
    let honest = AUTHENTICATION[1].1;
    for answer in [&honest[2..], &format!("00{honest}"), "9000"] {
        let exchanges = [AUTHENTICATION[0], (AUTHENTICATION[1].0, answer)];
        let mut card = Script::new(ExtendedLength::No, &exchanges);
        assert_eq!(establish(&mut card, ZONE, &mut Drawn::new(&DRAWN)).unwrap_err(), BacError::Protocol);
    }
}

#[test]
fn an_answer_with_any_byte_changed_proves_nothing() {
    for position in 0..40 {
        let mut answer = hex_bytes(AUTHENTICATION[1].1);
        answer[position] ^= 0x10;
        let answer = hex::encode(answer);
        let exchanges = [AUTHENTICATION[0], (AUTHENTICATION[1].0, answer.as_str())];
        let mut card = Script::new(ExtendedLength::No, &exchanges);
        assert_eq!(establish(&mut card, ZONE, &mut Drawn::new(&DRAWN)).unwrap_err(), BacError::WrongKey);
    }
}

#[test]
fn a_card_that_knows_the_key_and_answers_to_another_nonce_proves_nothing() {
    for part in 0..2 {
        let mut card = BacCard::new("239AB9CB282DAF66231DC5A4DF6BFBAE").changing(part);
        let error = establish(&mut card, ZONE, &mut Drawn::new(&DRAWN)).unwrap_err();
        assert_eq!(error, BacError::WrongKey, "nonce {part}");
    }
}

#[test]
fn without_random_numbers_nothing_is_sealed() {
    for draws in [&DRAWN[..0], &DRAWN[..1]] {
        let mut card = Script::new(ExtendedLength::No, &AUTHENTICATION[..1]);
        let error = establish(&mut card, ZONE, &mut Drawn::new(draws)).unwrap_err();
        assert_eq!(error, BacError::Entropy(smartcard::NoEntropy));
        card.finish();
    }
}

#[test]
fn a_pulled_card_is_told_as_it_is() {
    struct Pulled;
    impl CardChannel for Pulled {
        fn transmit(&mut self, _: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
            Err(ChannelError::CardRemoved)
        }
    }
    let error = establish(&mut Pulled, ZONE, &mut Drawn::new(&DRAWN)).unwrap_err();
    assert_eq!(error, BacError::Channel(ChannelError::CardRemoved));
}
