//! What a conversation with a card is given beside the card: random numbers and a counter.

use std::cell::Cell;

use smartcard::{
    Capacity, CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, NoEntropy, PinEntry,
    ResponseApdu,
};

/// The operating system's generator, as cards' protocols ask for it.
pub(crate) struct OperatingSystem;

impl Entropy for OperatingSystem {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        getrandom::fill(bytes).map_err(|_| NoEntropy)
    }
}

/// Counts the commands that reach the card.
pub(crate) struct Counted<'a> {
    channel: &'a mut dyn CardChannel,
    apdus: &'a Cell<u32>,
}

impl<'a> Counted<'a> {
    /// Adds to `apdus` for each command that goes to `channel`.
    pub(crate) fn new(channel: &'a mut dyn CardChannel, apdus: &'a Cell<u32>) -> Self {
        Self { channel, apdus }
    }
}

impl CardChannel for Counted<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.apdus.set(self.apdus.get() + 1);
        self.channel.transmit(command)
    }

    fn extended_length(&self) -> ExtendedLength {
        self.channel.extended_length()
    }

    fn capacity(&self) -> Capacity {
        self.channel.capacity()
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.channel.learn_extended_length(works);
    }

    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        self.apdus.set(self.apdus.get() + 1);
        self.channel.verify_pin_at_reader(entry)
    }
}
