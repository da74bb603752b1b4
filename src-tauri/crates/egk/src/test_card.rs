//! A card that answers as a test says and keeps the commands it got.

use smartcard::{
    CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, LengthForm, NoEntropy, PinEntry,
    ResponseApdu, StatusWord,
};

type Answer<'a> = Box<dyn FnMut(&CommandApdu) -> Result<ResponseApdu, ChannelError> + 'a>;

pub(crate) struct TestCard<'a> {
    answer: Answer<'a>,
    /// What comes back from the reader's pad.
    pub(crate) pad: Result<StatusWord, ChannelError>,
    pub(crate) extended: bool,
    /// In hexadecimal; what is sent at the pad begins with `PAD`.
    pub(crate) commands: Vec<String>,
}

impl<'a> TestCard<'a> {
    pub(crate) fn new(answer: impl FnMut(&CommandApdu) -> Result<ResponseApdu, ChannelError> + 'a) -> Self {
        let pad = Err(ChannelError::NoPinPad);
        Self { answer: Box::new(answer), pad, extended: false, commands: Vec::new() }
    }
}

impl CardChannel for TestCard<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.commands.push(hex::encode_upper(command.encode(LengthForm::Short)));
        (self.answer)(command)
    }

    fn extended_length(&self) -> ExtendedLength {
        if self.extended { ExtendedLength::Yes } else { ExtendedLength::No }
    }

    fn verify_pin_at_reader(&mut self, entry: &PinEntry) -> Result<ResponseApdu, ChannelError> {
        self.commands.push(format!("PAD {}", hex::encode_upper(entry.template.encode(LengthForm::Short))));
        self.pad.map(status)
    }
}

pub(crate) fn status(status: StatusWord) -> ResponseApdu {
    ResponseApdu::new(&[], status)
}

pub(crate) fn data(data: &[u8]) -> ResponseApdu {
    ResponseApdu::new(data, StatusWord::OK)
}

/// READ BINARY of a file with these bytes, as a card does it: to the end of the file, `6B00` behind it.
pub(crate) fn read_binary(command: &CommandApdu, file: &[u8]) -> ResponseApdu {
    let [_, _, p1, p2] = command.header();
    let offset = if p1 & 0x80 == 0 { usize::from(p1) << 8 | usize::from(p2) } else { usize::from(p2) };
    match file.get(offset..) {
        None | Some([]) if offset > 0 => status(StatusWord::WRONG_P1_P2),
        rest => {
            let rest = rest.unwrap_or_default();
            data(&rest[..rest.len().min(command.ne())])
        }
    }
}

/// The bytes 0, 1, 2 …, or none at all.
pub(crate) struct CountingEntropy(pub(crate) bool);

impl Entropy for CountingEntropy {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        bytes.iter_mut().zip(0..).for_each(|(byte, count)| *byte = count);
        if self.0 { Ok(()) } else { Err(NoEntropy) }
    }
}
