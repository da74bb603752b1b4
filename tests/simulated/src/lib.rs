//! A simulated card at the other end of a card channel, and what can go wrong between them: for tests without a
//! reader.

use card_sim::Card;
use smartcard::{
    CardChannel, ChannelError, CommandApdu, ExtendedLength, LengthForm, ResponseApdu, StatusWord,
};

/// Which commands a fault is of.
type IsMeant = Box<dyn Fn(&CommandApdu) -> bool>;

/// A card on a reader.
pub struct Simulated {
    card: Card,
    known: ExtendedLength,
    faults: Vec<(usize, Fault)>,
    always: Option<(IsMeant, Fault)>,
    change: Option<(usize, Card)>,
    refuses_extended: Option<Fault>,
    /// CLA INS P1 P2 of every command, as it reached the chip.
    pub commands: Vec<[u8; 4]>,
    /// Ne of every command.
    pub ne: Vec<usize>,
    /// What the reading has learnt of extended length.
    pub learnt: Vec<bool>,
}

/// What goes wrong between chip and channel.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// A bit of the answer flips.
    BitError,
    /// In place of the answer comes this status in the clear, and the chip hasn't got the command.
    InTheClear(StatusWord),
    /// No answer comes, and the chip hasn't got the command.
    None(ChannelError),
}

impl Fault {
    /// The driver gives an error of its own (SCARD_E_NOT_TRANSACTED), and the card hasn't got the command.
    pub const TRANSPORT: Self = Self::None(ChannelError::Transport(0x8010_0016));
}

impl Simulated {
    /// A card on a reader without extended length.
    #[must_use]
    pub fn new(card: Card) -> Self {
        Self {
            card,
            known: ExtendedLength::No,
            faults: Vec::new(),
            always: None,
            change: None,
            refuses_extended: None,
            commands: Vec::new(),
            ne: Vec::new(),
            learnt: Vec::new(),
        }
    }

    /// The same on a reader of which this is known.
    #[must_use]
    pub fn over(self, known: ExtendedLength) -> Self {
        Self { known, ..self }
    }

    /// The same with a fault of the command with this number, counted from 0.
    #[must_use]
    pub fn with_fault(mut self, at: usize, fault: Fault) -> Self {
        self.faults.push((at, fault));
        self
    }

    /// The same with a fault of each command of such a kind.
    #[must_use]
    pub fn with_fault_when(self, is_meant: impl Fn(&CommandApdu) -> bool + 'static, fault: Fault) -> Self {
        Self { always: Some((Box::new(is_meant), fault)), ..self }
    }

    /// The same, and from the command with this number on another card answers.
    #[must_use]
    pub fn changing_to(self, at: usize, card: Card) -> Self {
        Self { change: Some((at, card)), ..self }
    }

    /// The same on a reader through which nothing goes in the extended form.
    #[must_use]
    pub fn refusing_extended(self, fault: Fault) -> Self {
        Self { refuses_extended: Some(fault), ..self }
    }

    /// Commands of this instruction.
    #[must_use]
    pub fn count(&self, ins: u8) -> usize {
        self.commands.iter().filter(|[_, code, ..]| *code == ins).count()
    }

    fn answer(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.card.execute(&command.encode(command.shortest_form()));
        ResponseApdu::decode(&answer.ok_or(ChannelError::CardMute)?).map_err(|_| ChannelError::Malformed)
    }
}

impl CardChannel for Simulated {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let number = self.commands.len();
        if let Some((_, card)) = self.change.take_if(|(at, _)| *at == number) {
            self.card = card;
        }
        self.commands.push(command.header());
        self.ne.push(command.ne());
        let extended = command.shortest_form() == LengthForm::Extended;
        let refused = self.refuses_extended.filter(|_| extended);
        let fault = self.faults.iter().find(|(at, _)| *at == number).map(|(_, fault)| *fault);
        let meant = self.always.as_ref().filter(|(is_meant, _)| is_meant(command)).map(|(_, fault)| *fault);
        match refused.or(fault).or(meant) {
            None => self.answer(command),
            Some(Fault::InTheClear(status)) => Ok(ResponseApdu::new(&[], status)),
            Some(Fault::None(error)) => Err(error),
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
        self.known
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.learnt.push(works);
        self.known = if works { ExtendedLength::Yes } else { ExtendedLength::No };
    }
}
