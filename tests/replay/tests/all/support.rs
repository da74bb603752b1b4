//! Simulated cards as channels, and random bytes that are known.

use card_sim::{Card, card::Interface, find};
use jiff::civil::{Date, date};
use replay::recording::Exchange;
use smartcard::{CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, NoEntropy, ResponseApdu};

/// The day that dates on cards are relative to.
const TODAY: Date = date(2026, 11, 22);

/// The card of that name, whose own random numbers are the same each time.
pub(crate) fn card(name: &str, interface: Interface) -> Card {
    find(name).unwrap().card(TODAY).over(interface).seeded("transcripts")
}

/// A simulated card as a channel, without reader and service in between; keeps what went over it.
pub(crate) struct Channel {
    card: Card,
    extended_length: ExtendedLength,
    pub(crate) exchanges: Vec<Exchange>,
}

impl Channel {
    pub(crate) fn new(mut card: Card, extended_length: ExtendedLength) -> Self {
        card.reset();
        Self { card, extended_length, exchanges: Vec::new() }
    }
}

impl CardChannel for Channel {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let command = command.encode(command.shortest_form()).to_vec();
        let response = self.card.execute(&command).ok_or(ChannelError::CardMute)?;
        self.exchanges.push(Exchange { command, response: response.clone() });
        ResponseApdu::decode(&response).map_err(|_| ChannelError::Malformed)
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended_length
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.extended_length = if works { ExtendedLength::Yes } else { ExtendedLength::No };
    }
}

/// Bytes that count up from `next`, and what was drawn of them.
pub(crate) struct Counting {
    pub(crate) next: u8,
    pub(crate) drawn: Vec<u8>,
}

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        for byte in bytes.iter_mut() {
            *byte = self.next;
            self.next = self.next.wrapping_add(1);
        }
        self.drawn.extend_from_slice(bytes);
        Ok(())
    }
}
