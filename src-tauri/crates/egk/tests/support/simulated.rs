//! A whole simulated card in place of a conversation, and a reader with its faults.

use card_sim::Card;
use smartcard::{
    CardChannel, ChannelError, CommandApdu, ExtendedLength, LengthForm, ResponseApdu, StatusWord,
};

/// A card in a reader.
pub(crate) struct Simulated {
    card: Card,
    extended_length: ExtendedLength,
    fault: Option<(usize, Fault)>,
    refuses_extended: Option<Fault>,
    /// CLA INS P1 P2 of every command, as it reached the card.
    pub(crate) commands: Vec<[u8; 4]>,
    /// Ne of every command.
    pub(crate) ne: Vec<usize>,
}

/// What goes wrong between card and channel.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// A bit of the answer flips.
    BitError,
    /// In place of the answer comes this status in the clear, and the card hasn't got the command.
    InTheClear(StatusWord),
    /// The driver gives an error of its own, and the card hasn't got the command.
    Transport,
}

impl Simulated {
    pub(crate) fn new(card: Card, extended_length: ExtendedLength) -> Self {
        Self {
            card,
            extended_length,
            fault: None,
            refuses_extended: None,
            commands: Vec::new(),
            ne: Vec::new(),
        }
    }

    /// The same with a fault of the command with this number, counted from 0.
    pub(crate) fn with_fault(self, at: usize, fault: Fault) -> Self {
        Self { fault: Some((at, fault)), ..self }
    }

    /// The same with a reader through which nothing goes in the extended form.
    pub(crate) fn refusing_extended(self, fault: Fault) -> Self {
        Self { refuses_extended: Some(fault), ..self }
    }

    /// Commands of this instruction.
    pub(crate) fn count(&self, ins: u8) -> usize {
        self.commands.iter().filter(|header| header[1] == ins).count()
    }

    fn answer(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.card.execute(&command.encode(command.shortest_form()));
        ResponseApdu::decode(&answer.ok_or(ChannelError::CardMute)?).map_err(|_| ChannelError::Malformed)
    }
}

impl CardChannel for Simulated {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let number = self.commands.len();
        self.commands.push(command.header());
        self.ne.push(command.ne());
        let extended = command.shortest_form() == LengthForm::Extended;
        let refused = self.refuses_extended.filter(|_| extended);
        match refused.or(self.fault.filter(|(at, _)| *at == number).map(|(_, fault)| fault)) {
            None => self.answer(command),
            Some(Fault::InTheClear(status)) => Ok(ResponseApdu::new(&[], status)),
            Some(Fault::Transport) => Err(ChannelError::Transport(0x8010_0016)),
            Some(Fault::BitError) => {
                let mut response = self.answer(command)?;
                if let Some(byte) = response.data.last_mut() {
                    *byte ^= 1;
                }
                Ok(response)
            }
        }
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended_length
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.extended_length = if works { ExtendedLength::Yes } else { ExtendedLength::No };
    }
}
