//! The one way to a card: a conversation that a reader, a simulator, a recorder or a replay provides.

use crate::apdu::{CommandApdu, ResponseApdu};

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

    /// Whether reader and card have proven extended length (ISO/IEC 7816-4); without proof `false`.
    fn supports_extended_length(&self) -> bool {
        false
    }
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
    /// The transport failed with a code of its own.
    #[error("the transport failed with code {0:#010x}")]
    Transport(u32),
}
