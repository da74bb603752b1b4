//! Secure messaging: published bytes, the longest commands, and answers that must never be taken.

mod channel;
mod hostile_answers;

use crate::card::{Cipher, Messaging};
use crate::script::hex_bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use smartcard::{
    ChannelError, CommandApdu, ExtendedLength, KeyLengthError, LengthForm, NE_MAX, ResponseApdu,
    SecureMessaging, SessionCipher, StatusWord,
};

const KEYS: [[u8; 16]; 2] = [[0x11; 16], [0x22; 16]];

fn both_sides() -> (SecureMessaging, Messaging) {
    let [encryption, mac] = KEYS;
    (
        SecureMessaging::from_keys(&encryption, &mac).unwrap(),
        Messaging::new(Cipher::Aes128, &encryption, &mac),
    )
}

fn session_cipher(cipher: Cipher) -> SessionCipher {
    match cipher {
        Cipher::TripleDes => SessionCipher::TripleDes,
        Cipher::Aes128 => SessionCipher::Aes128,
        Cipher::Aes192 => SessionCipher::Aes192,
        Cipher::Aes256 => SessionCipher::Aes256,
    }
}

/// Both sides of a session with some cipher, after one command.
fn asked_with(cipher: Cipher) -> (SecureMessaging, Messaging) {
    let mut terminal = SecureMessaging::derive(session_cipher(cipher), &[0x5E; 32]);
    let mut card = Messaging::derive(cipher, &[0x5E; 32]);
    let command = CommandApdu::read_binary(0, 200).unwrap();
    assert_eq!(card.open(&terminal.protect(&command, ExtendedLength::No).unwrap()), command);
    (terminal, card)
}

/// Both sides after one command.
fn asked() -> (SecureMessaging, Messaging) {
    let (mut terminal, mut card) = both_sides();
    let command = CommandApdu::read_binary(0, 200).unwrap();
    assert_eq!(card.open(&terminal.protect(&command, ExtendedLength::No).unwrap()), command);
    (terminal, card)
}

// gematik E-Rezept-App-Android (EUPL-1.2), SecureMessagingTest; the same vectors in ref-OpenHealthCardKit
// (Apache-2.0), AES128PaceKeyTest.
#[test]
fn commands_and_answers_have_the_published_bytes() {
    let session = || {
        let encryption = hex_bytes("68406B4162100563D9C901A6154D2901");
        SecureMessaging::from_keys(&encryption, &hex_bytes("73FF268784F72AF833FDC9464049AFC9")).unwrap()
    };
    let header = CommandApdu::new(0x01, 0x02, 0x03, 0x04);
    for (command, protected) in [
        (header.clone(), "0D0203040A8E08D92B4FDDC2BBED8C00"),
        (header.clone().with_ne(0x7F), "0D02030400000D97017F8E0871D8E0418DAE20F30000"),
        (
            header.with_data(&[5, 6, 7, 8, 9, 10]).unwrap(),
            "0D0203041D871101496C26D36306679609665A385C54DB378E08E7AAD918F260D8EF00",
        ),
    ] {
        let ours = session().protect(&command, ExtendedLength::No).unwrap();
        // One vector is coded in the extended form, though it needn't be.
        let extended = protected.starts_with("0D02030400");
        let form = if extended { LengthForm::Extended } else { LengthForm::Short };
        let ours = if extended { ours.with_ne(NE_MAX) } else { ours };
        assert_eq!(hex::encode_upper(ours.encode(form)), protected);
    }
    let answer = ResponseApdu::decode(&hex_bytes("990290008E08087631D746F872729000")).unwrap();
    assert_eq!(session().unprotect(&answer).unwrap(), ResponseApdu::new(&[], StatusWord::OK));
}

#[test]
fn keys_of_the_three_lengths_of_aes_make_a_session_and_no_others() {
    for (encryption, mac, good) in
        [(16, 16, true), (24, 24, true), (32, 32, true), (16, 24, false), (0, 0, false), (17, 17, false)]
    {
        let session = SecureMessaging::from_keys(&vec![1; encryption], &vec![2; mac]);
        assert_eq!(session.err(), (!good).then_some(KeyLengthError), "{encryption} and {mac} bytes");
    }
}

#[test]
fn nothing_shows_the_keys() {
    let (mut session, _) = both_sides();
    assert_eq!(format!("{session:?}"), "SecureMessaging(open)");
    session.unprotect(&ResponseApdu::new(&[], StatusWord(0x6988))).unwrap_err();
    let shown =
        "SecureMessaging(over: the card left secure messaging with 6988 (secure messaging object incorrect))";
    assert_eq!(format!("{session:?}"), shown);
}

#[test]
fn a_protected_command_is_short_unless_the_plain_one_needs_more() {
    let outer = |command: &CommandApdu, extended_length| {
        let (mut terminal, mut card) = both_sides();
        let protected = terminal.protect(command, extended_length).unwrap();
        (protected.shortest_form(), protected.ne(), card.open(&protected).ne())
    };
    let read = |ne| CommandApdu::read_binary(0, ne).unwrap();
    let (short, extended) = (LengthForm::Short, LengthForm::Extended);
    for (ne, extended_length, expected) in [
        (0, ExtendedLength::Yes, (short, 256, 0)),
        (223, ExtendedLength::Yes, (short, 256, 223)),
        (224, ExtendedLength::Yes, (extended, NE_MAX, 224)),
        (256, ExtendedLength::Yes, (extended, NE_MAX, 256)),
        (NE_MAX, ExtendedLength::Yes, (extended, NE_MAX, NE_MAX)),
        (223, ExtendedLength::No, (short, 256, 223)),
        (224, ExtendedLength::No, (short, 256, 223)),
        (NE_MAX, ExtendedLength::No, (short, 256, 223)),
        (256, ExtendedLength::Untried, (short, 256, 223)),
        (257, ExtendedLength::Untried, (extended, NE_MAX, 257)),
    ] {
        assert_eq!(outer(&read(ne), extended_length), expected, "Ne {ne}, {extended_length:?}");
    }
}

#[test]
fn a_protected_answer_of_the_highest_ne_on_a_short_channel_fits_256_bytes() {
    for cipher in Cipher::ALL {
        let (terminal, card) = asked_with(cipher);
        let ne = terminal.capacity(ExtendedLength::No).ne;
        assert_eq!(ne, if cipher == Cipher::TripleDes { 0xE7 } else { 0xDF });
        let protected =
            |bytes| card.clone().protect(0x87, &ResponseApdu::new(&vec![7; bytes], StatusWord::OK));
        assert!(protected(ne).data.len() <= 256);
        assert!(protected(ne + 1).data.len() > 256);
    }
}

#[test]
fn a_command_that_does_not_fit_is_refused_and_the_session_goes_on() {
    for (extended_length, longest) in
        [(ExtendedLength::No, 223), (ExtendedLength::Untried, 223), (ExtendedLength::Yes, 65_503)]
    {
        let (mut terminal, mut card) = both_sides();
        assert_eq!(terminal.capacity(extended_length).nc, longest);
        let update =
            |bytes| CommandApdu::new(0, 0xD6, 0, 0).with_data(&vec![0xA5; bytes]).unwrap().with_ne(16);
        let refused = terminal.protect(&update(longest + 1), extended_length);
        assert_eq!(refused, Err(ChannelError::NotProtectable));
        let protected = terminal.protect(&update(longest), extended_length).unwrap();
        assert_eq!(card.open(&protected), update(longest));
    }
}

#[test]
fn a_class_or_instruction_that_secure_messaging_cannot_carry_is_refused() {
    for (cla, ins) in [(0x0C, 0xB0), (0x04, 0xB0), (0x08, 0xB0), (0x40, 0xB0), (0x60, 0xB0), (0x44, 0xB1)] {
        let command = CommandApdu::new(cla, ins, 0, 0);
        let refused = both_sides().0.protect(&command, ExtendedLength::Yes);
        assert_eq!(refused, Err(ChannelError::NotProtectable), "{command:?}");
    }
}

// ISO/IEC 7816-4, 11.3.3, and ICAO Doc 9303-10, 3.6.3.2.
#[test]
fn an_odd_instruction_and_its_answer_are_protected_without_a_padding_indicator() {
    for cipher in Cipher::ALL {
        let mut terminal = SecureMessaging::derive(session_cipher(cipher), &[0x5E; 32]);
        let mut card = Messaging::derive(cipher, &[0x5E; 32]);
        let command = CommandApdu::read_binary_odd(0x8000, 200).unwrap();
        let protected = terminal.protect(&command, ExtendedLength::No).unwrap();
        assert_eq!(protected.header(), [0x0C, 0xB1, 0x00, 0x00]);
        assert_eq!(protected.data()[0], 0x85);
        assert_eq!(card.open(&protected), command);
        let answer = ResponseApdu::new(&[0x53, 0x02, 7, 8], StatusWord::OK);
        let answer = terminal.unprotect(&card.protect(0x85, &answer)).unwrap();
        assert_eq!(answer.discretionary_data(), Some(&[7, 8][..]));
    }
}

#[test]
fn data_may_come_encrypted_or_plain_or_not_at_all_and_error_status_words_are_protected_too() {
    let sw = StatusWord::END_OF_FILE;
    for (tag, response) in [
        (0x87, ResponseApdu::new(b"Amsel", StatusWord::OK)),
        (0x81, ResponseApdu::new(b"Amsel", StatusWord::OK)),
        (0x85, ResponseApdu::new(b"Amsel", StatusWord::OK)),
        (0x87, ResponseApdu::new(&[0x80; 32], sw)),
        (0x87, ResponseApdu::new(&[], StatusWord::WRONG_P1_P2)),
        (0x87, ResponseApdu::new(&[], StatusWord(0x6110))),
    ] {
        let (mut terminal, mut card) = asked();
        assert_eq!(terminal.unprotect(&card.protect(tag, &response)).unwrap(), response);
    }
}

fn ciphers() -> impl Strategy<Value = Cipher> {
    proptest::sample::select(&Cipher::ALL[..])
}

fn channels() -> impl Strategy<Value = ExtendedLength> {
    prop_oneof![Just(ExtendedLength::No), Just(ExtendedLength::Untried), Just(ExtendedLength::Yes)]
}

proptest! {
    #[test]
    fn a_card_opens_every_command_to_what_was_protected(
        cipher in ciphers(),
        secret: [u8; 32],
        channel in channels(),
        cla in prop_oneof![0..4_u8, 0x10..0x14_u8, 0x80..0x84_u8, 0xF0..0xF4_u8],
        ins: u8,
        [p1, p2]: [u8; 2],
        data in vec(any::<u8>(), 0..=700),
        ne in prop_oneof![0..=300_usize, Just(NE_MAX)],
        answer in vec(any::<u8>(), 0..=700),
        status in 0x6200..=0x9FFF_u16,
        tag in prop_oneof![Just(0x81), Just(0x85), Just(0x87)],
    ) {
        let mut terminal = SecureMessaging::derive(session_cipher(cipher), &secret);
        let mut card = Messaging::derive(cipher, &secret);
        let short = terminal.capacity(ExtendedLength::No);
        for _ in 0..2 {
            let command = CommandApdu::new(cla, ins, p1, p2).with_data(&data).unwrap().with_ne(ne);
            let protected = match terminal.protect(&command, channel) {
                Err(error) => {
                    prop_assert_eq!(error, ChannelError::NotProtectable);
                    prop_assert!(data.len() > short.nc && channel != ExtendedLength::Yes);
                    return Ok(());
                }
                Ok(protected) => protected,
            };
            if channel == ExtendedLength::No {
                prop_assert_eq!(protected.shortest_form(), LengthForm::Short);
            }
            let opened = card.open(&protected);
            let lowered = ne.min(short.ne);
            let ne = if protected.shortest_form() == LengthForm::Short { lowered } else { ne };
            prop_assert_eq!(&opened, &command.clone().with_ne(ne));
            let response = ResponseApdu::new(&answer, StatusWord(status));
            prop_assert_eq!(terminal.unprotect(&card.protect(tag, &response)), Ok(response));
        }
    }
}
