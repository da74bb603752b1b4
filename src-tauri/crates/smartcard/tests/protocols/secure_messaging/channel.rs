//! The channel through which nothing goes unprotected.

use super::{asked_with, both_sides};
use crate::card::{Cipher, Messaging};
use crate::script::hex_bytes;
use smartcard::{
    CardChannel, CardChannelExt, ChannelError, CommandApdu, ExtendedLength, NE_MAX, PinEntry, ResponseApdu,
    SecureChannel, SecureMessaging, Sensitivity, SessionCipher, StatusWord,
};

/// Opens commands and answers each with as much data as was asked for; keeps what was plain.
struct Honest {
    messaging: Messaging,
    extended_length: ExtendedLength,
    plain: Vec<CommandApdu>,
    waiting: Option<ResponseApdu>,
    transport_fetches: bool,
}

impl CardChannel for Honest {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        if let Some(waiting) = self.waiting.take() {
            assert_eq!((command.header(), command.data()), ([0x00, 0xC0, 0x00, 0x00], &[][..]));
            return Ok(waiting);
        }
        let plain = self.messaging.open(command);
        let answer = ResponseApdu::new(&vec![0xEE; plain.ne().min(900)], StatusWord::OK);
        assert_eq!(command.sensitivity(), Sensitivity::Personal);
        self.plain.push(plain);
        let protected = self.messaging.protect(0x87, &answer);
        if self.transport_fetches {
            self.waiting = Some(protected);
            return Ok(ResponseApdu::new(&[], StatusWord(0x6100)));
        }
        Ok(protected)
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended_length
    }
}

fn honest(extended_length: ExtendedLength) -> (SecureMessaging, Honest) {
    let (terminal, messaging) = both_sides();
    (
        terminal,
        Honest { messaging, extended_length, plain: Vec::new(), waiting: None, transport_fetches: false },
    )
}

#[test]
fn on_a_short_channel_a_long_command_is_chained_in_pieces_that_fit_under_protection() {
    let (terminal, mut card) = honest(ExtendedLength::No);
    let mut channel = SecureChannel::new(&mut card, terminal);
    assert_eq!(channel.ne_max(), 223);
    let command = CommandApdu::new(0x00, 0x2A, 0x00, 0xBE).with_data(&[0xDD; 500]).unwrap().with_ne(256);
    let answer = channel.execute(&command.with_sensitivity(Sensitivity::Personal)).unwrap();
    assert_eq!(answer.data.len(), 223);
    let links: Vec<_> = card.plain.iter().map(|link| (link.cla(), link.data().len(), link.ne())).collect();
    assert_eq!(links, [(0x10, 223, 0), (0x10, 223, 0), (0x00, 54, 223)]);
}

#[test]
fn an_answer_that_waits_in_the_transport_is_fetched_in_the_clear_and_then_opened() {
    let (terminal, mut card) = honest(ExtendedLength::No);
    card.transport_fetches = true;
    let mut channel = SecureChannel::new(&mut card, terminal);
    for _ in 0..2 {
        let answer = channel.execute(&CommandApdu::read_binary(0, 200).unwrap()).unwrap();
        assert_eq!((answer.data.len(), answer.status), (200, StatusWord::OK));
    }
}

#[test]
fn an_extended_channel_reads_900_bytes_at_once_and_hears_of_extended_length_through_protection() {
    let (terminal, mut card) = honest(ExtendedLength::Yes);
    let mut channel = SecureChannel::new(&mut card, terminal);
    assert_eq!(channel.ne_max(), NE_MAX);
    assert_eq!(channel.execute(&CommandApdu::read_binary(0, NE_MAX).unwrap()).unwrap().data.len(), 900);
}

#[test]
fn a_pin_is_never_typed_at_the_reader_under_secure_messaging() {
    let (terminal, mut card) = honest(ExtendedLength::No);
    let template =
        CommandApdu::new(0x00, 0x20, 0x00, 0x02).with_data(&hex_bytes("20FFFFFFFFFFFFFF")).unwrap();
    let entry = PinEntry { template, digits_min: 6, digits_max: 8 };
    assert_eq!(
        SecureChannel::new(&mut card, terminal).verify_pin_at_reader(&entry),
        Err(ChannelError::NoPinPad)
    );
    assert!(card.plain.is_empty());
}

#[test]
fn chip_authentication_goes_on_with_other_keys_whose_counter_is_zero() {
    let secret = [0xCA; 66];
    let (terminal, messaging) = asked_with(Cipher::TripleDes);
    let mut card = honest(ExtendedLength::No).1;
    card.messaging = messaging;
    // The answer to the command that both have counted.
    let answer = card.messaging.protect(0x87, &ResponseApdu::new(&[], StatusWord::OK));
    let mut terminal = terminal;
    terminal.unprotect(&answer).unwrap();

    let read = CommandApdu::read_binary(0, 100).unwrap();
    let mut old = Restarting { old: card, new: Messaging::derive(Cipher::Aes256, &secret), restarted: false };
    let mut channel = SecureChannel::new(&mut old, terminal);
    assert_eq!(channel.transmit(&read).unwrap().data.len(), 100);
    assert_eq!(channel.capacity().ne, 0xE7);
    channel.restart(SecureMessaging::derive(SessionCipher::Aes256, &secret));
    assert_eq!(channel.capacity().ne, 0xDF);
    assert_eq!(channel.transmit(&read).unwrap().data.len(), 100);
    assert_eq!(channel.transmit(&read).unwrap().data.len(), 100);
}

/// Knows another session from its second command on.
struct Restarting {
    old: Honest,
    new: Messaging,
    restarted: bool,
}

impl CardChannel for Restarting {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.old.transmit(command)?;
        if !self.restarted {
            self.restarted = true;
            self.old.messaging = self.new.clone();
        }
        Ok(answer)
    }
}
