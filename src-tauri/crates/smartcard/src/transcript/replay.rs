//! Answering from a transcript.

use super::format::{Exchange, Transcript, TranscriptError};
use crate::apdu::{CommandApdu, ResponseApdu};
use crate::channel::{CardChannel, ChannelError, ExtendedLength};
use crate::pin_entry::PinEntry;
use std::fmt;

/// A [`CardChannel`] that gives the answers of a [`Transcript`] as long as the commands are the recorded
/// ones.
///
/// From the first command that differs on, the card of the replay is mute ([`ChannelError::CardMute`]), and
/// [`Replay::finish`] says where and how it differed.
pub struct Replay {
    extended_length: ExtendedLength,
    exchanges: Vec<Exchange>,
    next: usize,
    divergence: Option<Divergence>,
}

/// How a conversation left its transcript. Tells command headers alone: data may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divergence {
    /// Another command was sent than recorded.
    Command {
        /// Which exchange, counted from 0.
        index: usize,
        /// CLA INS P1 P2 of the recorded command.
        recorded: [u8; 4],
        /// CLA INS P1 P2 of the command that was sent; the same where data or Ne differ.
        sent: [u8; 4],
    },
    /// A command was sent after the last recorded one.
    Surplus {
        /// Which exchange, counted from 0.
        index: usize,
        /// CLA INS P1 P2 of the command that was sent.
        sent: [u8; 4],
    },
    /// The conversation ended before this recorded exchange.
    Unsent {
        /// Which exchange, counted from 0.
        index: usize,
    },
}

impl Replay {
    /// A card that answers like this transcript.
    ///
    /// # Errors
    /// [`TranscriptError::Hidden`] if an answer is hidden.
    pub fn new(transcript: Transcript) -> Result<Self, TranscriptError> {
        let Transcript { extended_length, exchanges } = transcript;
        let hidden = exchanges
            .iter()
            .position(|exchange| matches!(&exchange.outcome, Ok(answer) if answer.response().is_none()));
        match hidden {
            Some(index) => Err(TranscriptError::Hidden(index)),
            None => Ok(Self { extended_length, exchanges, next: 0, divergence: None }),
        }
    }

    /// Ends the replay.
    ///
    /// # Errors
    /// The first [`Divergence`], which includes recorded commands that were never sent.
    pub fn finish(self) -> Result<(), Divergence> {
        match self.divergence {
            Some(divergence) => Err(divergence),
            None if self.next < self.exchanges.len() => Err(Divergence::Unsent { index: self.next }),
            None => Ok(()),
        }
    }
}

impl CardChannel for Replay {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        if self.divergence.is_some() {
            return Err(ChannelError::CardMute);
        }
        let (index, sent) = (self.next, command.header());
        let Some(exchange) = self.exchanges.get(index) else {
            self.divergence = Some(Divergence::Surplus { index, sent });
            return Err(ChannelError::CardMute);
        };
        if !exchange.command.agrees_with(command) {
            self.divergence = Some(Divergence::Command { index, recorded: exchange.command.header, sent });
            return Err(ChannelError::CardMute);
        }
        self.next += 1;
        match &exchange.outcome {
            Ok(answer) => answer.response().ok_or(ChannelError::CardMute),
            Err(error) => Err(*error),
        }
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended_length
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.extended_length = if works { ExtendedLength::Yes } else { ExtendedLength::No };
    }

    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        self.transmit(&entry.template)
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command { index, recorded, sent } if recorded == sent => {
                write!(
                    f,
                    "command {index} ({}) has other data or another Ne than recorded",
                    hex::encode_upper(sent)
                )
            }
            Self::Command { index, recorded, sent } => {
                let (recorded, sent) = (hex::encode_upper(recorded), hex::encode_upper(sent));
                write!(f, "command {index} is {sent}, recorded was {recorded}")
            }
            Self::Surplus { index, sent } => {
                write!(
                    f,
                    "command {index} ({}) comes after the end of the transcript",
                    hex::encode_upper(sent)
                )
            }
            Self::Unsent { index } => write!(f, "recorded command {index} was never sent"),
        }
    }
}

impl std::error::Error for Divergence {}
