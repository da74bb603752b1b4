//! `card read`: one health card, once.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use egk::EgkError;
use jiff::civil::Date;
use pcsc_reader::{Ending, Interface, JobOptions, Session};
use smartcard::{CardChannel, ChannelError, CommandApdu, LengthForm, ResponseApdu, StatusWord};

use crate::{
    arguments::CardRead,
    failure::Failure,
    readers::{self, Found},
    report::Report,
};

/// A slow card (9600 baud) needs some five seconds for all files.
const DEADLINE: Duration = Duration::from_secs(10);
/// An APDU may be under way when the deadline passes; a card that hasn't answered by then never will.
const GIVE_UP: Duration = Duration::from_secs(12);

/// Finds the card and reads it. `today` decides whether the insurance has begun or ended.
pub(crate) fn run(options: &CardRead, today: Date) -> Result<Report, Failure> {
    let Found { reader, interface } = readers::find_card(options.reader.as_deref(), options.wait())?;
    let session = Session::open(&reader, LengthForm::Short)
        .map_err(|_| Failure::Internal { what: "no thread to be had" })?;
    #[cfg(feature = "workshop")]
    let trace = options.trace.as_deref().map(crate::trace::Trace::create).transpose()?;
    let begun = Instant::now();
    let job = session.submit(JobOptions { deadline: DEADLINE, ending: Ending::Leave }, move |channel, _| {
        let apdus = Cell::new(0);
        let mut card = Counted { channel, apdus: &apdus };
        #[cfg(feature = "workshop")]
        let reading = match trace {
            Some(trace) => trace.read(card)?,
            None => egk::read(&mut card, &mut |_| {}),
        };
        #[cfg(not(feature = "workshop"))]
        let reading = egk::read(&mut card, &mut |_| {});
        let elapsed = begun.elapsed();
        let reading = reading.map_err(|error| explain(error, interface))?;
        Ok(Report { reading, interface, apdus: apdus.get(), elapsed, today })
    });
    job.wait(GIVE_UP)?
}

/// The card over the air refuses without PACE what it gives over its contacts.
fn explain(error: EgkError, interface: Interface) -> Failure {
    match (error, interface) {
        (
            EgkError::UnexpectedStatus { status: StatusWord::SECURITY_STATUS_NOT_SATISFIED, .. },
            Interface::Contactless,
        ) => Failure::CardNeedsContacts,
        (error, _) => error.into(),
    }
}

/// Counts the commands that reach the card.
pub(crate) struct Counted<'a> {
    channel: &'a mut dyn CardChannel,
    apdus: &'a Cell<u32>,
}

impl CardChannel for Counted<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.apdus.set(self.apdus.get() + 1);
        self.channel.transmit(command)
    }

    fn supports_extended_length(&self) -> bool {
        self.channel.supports_extended_length()
    }
}
