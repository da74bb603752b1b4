//! Writing a transcript while the conversation goes on.

use super::format::{Exchange, Header, RecordedCommand, RecordedResponse};
use crate::apdu::{CommandApdu, ResponseApdu, Sensitivity};
use crate::channel::{Capacity, CardChannel, ChannelError, ExtendedLength};
use crate::pin_entry::PinEntry;
use serde::Serialize;
use std::io::{self, Write};

/// How much a [`Recorder`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Disclosure {
    /// Bytes of [`Sensitivity::Public`] exchanges; of all others what [`Sensitivity`] says.
    #[default]
    Redacted,
    /// Every byte, personal data and secrets too: for test cards in a developer's hands.
    #[cfg(feature = "workshop")]
    Everything,
}

impl Disclosure {
    fn shown(self) -> Sensitivity {
        match self {
            Self::Redacted => Sensitivity::Public,
            #[cfg(feature = "workshop")]
            Self::Everything => Sensitivity::Secret,
        }
    }
}

/// A [`CardChannel`] that writes down what goes through it.
///
/// Trouble with writing never disturbs the conversation: recording stops, and [`Recorder::finish`] tells.
pub struct Recorder<C: CardChannel, W: Write> {
    channel: C,
    disclosure: Disclosure,
    out: W,
    written: io::Result<()>,
}

impl<C: CardChannel, W: Write> Recorder<C, W> {
    /// Starts a transcript with its header line.
    pub fn new(channel: C, out: W, disclosure: Disclosure) -> Self {
        let header = Header::new(channel.extended_length());
        let mut recorder = Self { channel, disclosure, out, written: Ok(()) };
        recorder.write_line(&header);
        recorder
    }

    /// Ends the transcript.
    ///
    /// # Errors
    /// The first error of writing, since which nothing was recorded.
    pub fn finish(mut self) -> io::Result<(C, W)> {
        self.written?;
        self.out.flush()?;
        Ok((self.channel, self.out))
    }

    fn write_exchange(&mut self, command: &CommandApdu, result: &Result<ResponseApdu, ChannelError>) {
        let shown = self.disclosure.shown();
        let outcome = match result {
            Ok(response) => Ok(RecordedResponse::new(response, command.sensitivity(), shown)),
            Err(error) => Err(*error),
        };
        self.write_line(&Exchange { command: RecordedCommand::new(command, shown), outcome });
    }

    fn write_line(&mut self, line: &impl Serialize) {
        if self.written.is_err() {
            return;
        }
        self.written = serde_json::to_vec(line).map_err(io::Error::from).and_then(|mut bytes| {
            bytes.push(b'\n');
            self.out.write_all(&bytes)
        });
    }
}

impl<C: CardChannel, W: Write> CardChannel for Recorder<C, W> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let result = self.channel.transmit(command);
        self.write_exchange(command, &result);
        result
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
        let result = self.channel.verify_pin_at_reader(entry);
        self.write_exchange(&entry.template, &result);
        result
    }
}
