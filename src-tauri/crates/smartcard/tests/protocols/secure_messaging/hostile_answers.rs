//! Answers under secure messaging that must never be taken, and what becomes of the session.

use super::{asked, asked_with, both_sides};
use crate::card::{Cipher, object};
use crate::script::Script;
use smartcard::{
    CardChannel, ChannelError, CommandApdu, ExtendedLength, LengthForm, ResponseApdu, SecureChannel,
    StatusWord,
};

/// Blocks of 8 bytes and the Retail MAC, blocks of 16 and CMAC.
const BOTH_SUITES: [Cipher; 2] = [Cipher::TripleDes, Cipher::Aes128];

#[test]
fn an_answer_with_any_byte_changed_cut_off_or_added_is_never_taken() {
    let responses = [
        ResponseApdu::new(b"Buntspecht", StatusWord::OK),
        ResponseApdu::new(&[0x5A; 300], StatusWord::OK),
        ResponseApdu::new(&[], StatusWord::OK),
    ];
    for (cipher, response) in
        BOTH_SUITES.into_iter().flat_map(|cipher| responses.iter().map(move |r| (cipher, r)))
    {
        for tag in [0x87, 0x85, 0x81] {
            let (_, mut card) = asked_with(cipher);
            let good = card.protect(tag, response).encode();
            let taken = |bytes: &[u8]| {
                let (mut terminal, _) = asked_with(cipher);
                ResponseApdu::decode(bytes).is_ok_and(|answer| terminal.unprotect(&answer).is_ok())
            };
            assert!(taken(&good));
            for position in 0..good.len() {
                for mask in [0x01, 0x80, 0xFF] {
                    let mut bad = good.to_vec();
                    bad[position] ^= mask;
                    assert!(!taken(&bad), "byte {position} ^ {mask:02X}");
                }
                assert!(!taken(&good[..position]), "{position} bytes");
                assert!(!taken(&good[position + 1..]), "without the first {position}");
                let (before, after) = good.split_at(position);
                assert!(!taken(&[before, &[0], after].concat()), "a zero at {position}");
            }
        }
    }
}

#[test]
fn an_answer_is_not_taken_twice_nor_out_of_turn() {
    let (mut terminal, mut card) = asked();
    let first = card.protect(0x87, &ResponseApdu::new(b"Elster", StatusWord::OK));
    terminal.unprotect(&first).unwrap();
    terminal.protect(&CommandApdu::read_binary(0, 200).unwrap(), ExtendedLength::No).unwrap();
    assert_eq!(terminal.unprotect(&first), Err(ChannelError::WrongMac));
}

#[test]
fn what_a_card_seals_must_still_be_well_formed() {
    BOTH_SUITES.into_iter().for_each(every_object_is_looked_at);
}

fn every_object_is_looked_at(cipher: Cipher) {
    let (_, card) = asked_with(cipher);
    let status = object(0x99, &[0x90, 0x00]);
    let plain = object(0x81, b"x");
    let cryptogram = |data: &[u8]| object(0x87, &card.next_cryptogram(data));
    let mut unpadded = [0x55; 16];
    let no_padding = cryptogram(&unpadded);
    unpadded[15] = 0x80;
    let good = cryptogram(&unpadded);
    let zeros = cryptogram(&[0; 16]);
    let mut long = [0; 32];
    long[15] = 0x80;
    let long_padding = cryptogram(&long);
    let mut no_block = card.next_cryptogram(&unpadded);
    no_block.pop();
    let mut other_indicator = card.next_cryptogram(&unpadded);
    other_indicator[0] = 0x02;
    let answers: Vec<(&str, Vec<u8>, bool)> = vec![
        ("data, status", [good.clone(), status.clone()].concat(), true),
        ("no status", good.clone(), false),
        ("nothing", Vec::new(), false),
        ("the wrong order", [status.clone(), good.clone()].concat(), false),
        ("two statuses", [status.clone(), status.clone()].concat(), false),
        ("two cryptograms", [good.clone(), good.clone(), status.clone()].concat(), false),
        ("both kinds of data", [plain.clone(), good.clone(), status.clone()].concat(), false),
        ("an object of an unknown tag", [object(0x80, b"x"), status.clone()].concat(), false),
        ("a zero between", [good.clone(), vec![0], status.clone()].concat(), false),
        ("a zero behind", [status.clone(), vec![0]].concat(), false),
        ("a status of one byte", object(0x99, &[0x90]), false),
        ("a status of three bytes", object(0x99, &[0x90, 0, 0]), false),
        ("a length beyond the end", vec![0x99, 0x03, 0x90, 0x00], false),
        ("no padding", [no_padding, status.clone()].concat(), false),
        ("a block of zeros", [zeros, status.clone()].concat(), false),
        ("padding of more than a block", [long_padding, status.clone()].concat(), false),
        ("part of a block", [object(0x87, &no_block), status.clone()].concat(), false),
        ("another padding indicator", [object(0x87, &other_indicator), status.clone()].concat(), false),
        ("no cryptogram", [object(0x87, &[0x01]), status.clone()].concat(), false),
        ("an empty object 87", [object(0x87, &[]), status.clone()].concat(), false),
        ("an empty object 85", [object(0x85, &[]), status.clone()].concat(), false),
        ("a padding indicator in an object 85", [object(0x85, &no_block), status].concat(), false),
    ];
    for (name, objects, good) in answers {
        let (mut terminal, mut card) = asked_with(cipher);
        let opened = terminal.unprotect(&card.seal(&objects));
        assert_eq!(opened.is_ok(), good, "{name}, {cipher:?}");
        assert!(
            good || matches!(opened, Err(ChannelError::Malformed | ChannelError::Unprotected(_))),
            "{name}, {cipher:?}"
        );
    }
}

#[test]
fn a_failed_answer_ends_the_session_without_another_byte_to_the_card() {
    let read = CommandApdu::read_binary(0, 200).unwrap();
    let (mut ours, mut card) = both_sides();
    let sent = hex::encode_upper(ours.protect(&read, ExtendedLength::No).unwrap().encode(LengthForm::Short));
    card.open(&both_sides().0.protect(&read, ExtendedLength::No).unwrap());
    let mut wrong_mac = card.protect(0x87, &ResponseApdu::new(b"x", StatusWord::OK)).encode();
    wrong_mac[3] ^= 1;
    for (answer, error) in [
        ("6988".to_owned(), ChannelError::Unprotected(StatusWord::SM_OBJECT_INCORRECT)),
        ("9000".to_owned(), ChannelError::Unprotected(StatusWord::OK)),
        ("6C10".to_owned(), ChannelError::Unprotected(StatusWord(0x6C10))),
        ("0178011F9000".to_owned(), ChannelError::Unprotected(StatusWord::OK)),
        ("990290009000".to_owned(), ChannelError::Malformed),
        (hex::encode(wrong_mac), ChannelError::WrongMac),
    ] {
        let exchange = [(sent.as_str(), answer.as_str())];
        let mut card = Script::new(ExtendedLength::No, &exchange);
        let mut channel = SecureChannel::new(&mut card, both_sides().0);
        for _ in 0..3 {
            assert_eq!(channel.transmit(&read), Err(error), "{answer}");
        }
        card.finish();
    }
}

#[test]
fn a_lost_answer_ends_the_session() {
    struct Pulled(usize);
    impl CardChannel for Pulled {
        fn transmit(&mut self, _: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
            self.0 += 1;
            Err(ChannelError::DeadlineExceeded)
        }
    }
    let mut card = Pulled(0);
    let mut channel = SecureChannel::new(&mut card, both_sides().0);
    for _ in 0..2 {
        let lost = channel.transmit(&CommandApdu::select_file(0xD001));
        assert_eq!(lost, Err(ChannelError::DeadlineExceeded));
    }
    assert_eq!(card.0, 1);
}

#[test]
fn the_status_is_the_protected_one_and_the_outer_one_agrees_or_says_9000() {
    for (outer, expected) in [
        (StatusWord::WRONG_P1_P2, Ok(StatusWord::WRONG_P1_P2)),
        (StatusWord::OK, Ok(StatusWord::WRONG_P1_P2)),
        (StatusWord::END_OF_FILE, Err(ChannelError::Malformed)),
    ] {
        let (mut terminal, mut card) = asked();
        let mut answer = card.protect(0x87, &ResponseApdu::new(&[], StatusWord::WRONG_P1_P2));
        answer.status = outer;
        assert_eq!(terminal.unprotect(&answer).map(|response| response.status), expected);
    }
}
