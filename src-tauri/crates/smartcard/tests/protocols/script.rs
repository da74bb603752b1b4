//! A card that says its part word for word, and entropy that was drawn before.

use smartcard::{
    CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, LengthForm, NoEntropy, ResponseApdu,
};

/// The bytes of hexadecimal digits.
pub(crate) fn hex_bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap()
}

/// Answers the commands it expects, and panics at any other.
pub(crate) struct Script<'a> {
    extended_length: ExtendedLength,
    exchanges: &'a [(&'a str, &'a str)],
}

impl<'a> Script<'a> {
    /// Commands with their answers, in hexadecimal.
    pub(crate) fn new(extended_length: ExtendedLength, exchanges: &'a [(&'a str, &'a str)]) -> Self {
        Self { extended_length, exchanges }
    }

    /// Everything was said.
    pub(crate) fn finish(&self) {
        assert_eq!(self.exchanges.len(), 0, "exchanges never came");
    }
}

impl CardChannel for Script<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let sent = hex::encode_upper(command.encode(LengthForm::Short));
        let Some(((expected, answer), rest)) = self.exchanges.split_first() else {
            panic!("surplus command {sent}");
        };
        assert_eq!(sent, *expected);
        self.exchanges = rest;
        ResponseApdu::decode(&hex_bytes(answer)).map_err(|_| ChannelError::Malformed)
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended_length
    }
}

/// Gives these bytes, each at one draw of just that length, and then no more.
pub(crate) struct Drawn(Vec<Vec<u8>>);

impl Drawn {
    /// Draws in hexadecimal.
    pub(crate) fn new(draws: &[&str]) -> Self {
        Self(draws.iter().rev().map(|draw| hex_bytes(draw)).collect())
    }
}

impl Entropy for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        let draw = self.0.pop().ok_or(NoEntropy)?;
        bytes.copy_from_slice(&draw);
        Ok(())
    }
}
