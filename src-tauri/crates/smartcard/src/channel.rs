//! The one way to a card: a conversation that a reader, a simulator, a recorder or a replay provides.

use crate::apdu::{CommandApdu, NC_MAX, NC_SHORT_MAX, NE_MAX, NE_SHORT_MAX, ResponseApdu};
use crate::pin_entry::PinEntry;
use crate::status::StatusWord;

/// An exclusive conversation with one card.
///
/// Synchronous on purpose: an implementation blocks its own thread (never an async pool) and answers with a
/// [`ChannelError`] when its deadline passes or its owner cancels.
pub trait CardChannel {
    /// Sends one command APDU and returns the card's response APDU as it came, `61xx` and `6Cxx` included.
    ///
    /// # Errors
    /// Every [`ChannelError`]: the card gave no (well-formed) answer. A status word other than `9000` is an
    /// answer.
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError>;

    /// What is known of extended length (ISO/IEC 7816-4) on this channel.
    fn extended_length(&self) -> ExtendedLength {
        ExtendedLength::No
    }

    /// The most that one exchange holds here; less under secure messaging, whose bytes need room, too.
    fn capacity(&self) -> Capacity {
        if self.extended_length() == ExtendedLength::Yes { Capacity::EXTENDED } else { Capacity::SHORT }
    }

    /// Hears what a try of extended length has shown, to remember it for the reader.
    fn learn_extended_length(&mut self, works: bool) {
        let _ = works;
    }

    /// Has the reader ask for a PIN at its own pad and send the command with it; the PIN never leaves the
    /// reader. Over the air, and under secure messaging, there is no such thing.
    ///
    /// # Errors
    /// Every [`ChannelError`]; [`ChannelError::NoPinPad`] where the reader has none.
    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        let _ = entry;
        Err(ChannelError::NoPinPad)
    }
}

/// What is known of extended length between a reader and its cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtendedLength {
    /// It failed here, or mustn't be tried.
    #[default]
    No,
    /// Nobody has tried.
    Untried,
    /// An answer of more than 256 bytes has come through.
    Yes,
}

/// The most bytes that one command and its answer may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Most command data bytes (Nc); longer data goes as a command chain.
    pub nc: usize,
    /// Highest expected length (Ne).
    pub ne: usize,
}

impl Capacity {
    /// Of the short length form.
    pub const SHORT: Self = Self { nc: NC_SHORT_MAX, ne: NE_SHORT_MAX };
    /// Of the extended length form.
    pub const EXTENDED: Self = Self { nc: NC_MAX, ne: NE_MAX };
}

/// Why no answer came from the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChannelError {
    /// The card was pulled, or reset by someone else.
    #[error("the card was removed")]
    CardRemoved,
    /// A card is in the reader and doesn't answer: upside down, dirty or broken.
    #[error("the card does not answer")]
    CardMute,
    /// Another program holds the card.
    #[error("another program holds the card")]
    CardBusy,
    /// The reader was unplugged.
    #[error("the reader was removed")]
    ReaderRemoved,
    /// The smart card service ended.
    #[error("the smart card service ended")]
    ServiceLost,
    /// The owner of the conversation cancelled it.
    #[error("the conversation was cancelled")]
    Cancelled,
    /// The job's deadline passed.
    #[error("the deadline passed")]
    DeadlineExceeded,
    /// The answer is no response APDU (at least the two status bytes), or never ends.
    #[error("the answer is no response APDU")]
    Malformed,
    /// Under secure messaging the card answered in the clear, with this status word: the session is over.
    #[error("the card left secure messaging with {0}")]
    Unprotected(StatusWord),
    /// An answer under secure messaging fails its check value: someone or something changed it.
    #[error("the answer's check value is wrong")]
    WrongMac,
    /// Nothing was sent, and the session goes on: the command doesn't fit under protection on this channel,
    /// or it is one that secure messaging can't carry (protected already, a logical channel above 3).
    #[error("the command can't be protected on this channel")]
    NotProtectable,
    /// The counter of the secure messaging session is used up.
    #[error("the secure messaging session is used up")]
    SessionUsedUp,
    /// The reader has no PIN pad, or none that can be used now.
    #[error("the reader has no PIN pad")]
    NoPinPad,
    /// The transport failed with a code of its own.
    #[error("the transport failed with code {0:#010x}")]
    Transport(u32),
}
