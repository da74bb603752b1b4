//! `card read`: one health card, once.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use egk::{Check, Request};
use jiff::civil::Date;
use pcsc_reader::{Ending, Interface, JobOptions, Session};
use smartcard::{
    Capacity, CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, NoEntropy, PinEntry,
    ResponseApdu,
};

use crate::{
    arguments::CardRead,
    failure::Failure,
    language::Language,
    readers::{self, Found},
    report::Report,
};

/// A slow card (9600 baud) needs some five seconds for all files.
const DEADLINE: Duration = Duration::from_secs(10);
/// An APDU may be under way when the deadline passes; a card that hasn't answered by then never will.
const GIVE_UP: Duration = Duration::from_secs(12);

/// Finds the card, reads it and has it prove itself. `today` decides whether insurance and certificates have begun or
/// ended. With contacts no card access number is needed, and none is asked for.
pub(crate) fn run(options: &CardRead, today: Date, language: Language) -> Result<Report, Failure> {
    let can = options.can.as_ref();
    can.map_or(Ok(()), |source| source.check(language))?;
    let trust = options.trust.load()?.store;
    let Found { reader, interface } = readers::find_card(options.reader.as_deref(), options.wait())?;
    let can = can.filter(|_| interface == Interface::Contactless);
    let can = can.map(|source| source.obtain(language)).transpose()?;
    let session = Session::open(&reader, ExtendedLength::Untried)
        .map_err(|_| Failure::Internal { what: "no thread to be had" })?;
    #[cfg(feature = "workshop")]
    let trace = options.trace.as_deref().map(crate::trace::Trace::create).transpose()?;
    // What a secure channel opened is closed to the next program.
    let ending = if can.is_some() { Ending::Reset } else { Ending::Leave };
    let begun = Instant::now();
    let job = session.submit(JobOptions { deadline: DEADLINE, ending }, move |channel, _| {
        let apdus = Cell::new(0);
        let mut card = Counted { channel, apdus: &apdus };
        let request = Request { can: can.as_ref(), check: Some(Check { trust: &trust, today }) };
        #[cfg(feature = "workshop")]
        let reading = match trace {
            Some(trace) => trace.read(card, &request)?,
            None => egk::read(&mut card, &request, &mut OperatingSystem, &mut |_| {}),
        };
        #[cfg(not(feature = "workshop"))]
        let reading = egk::read(&mut card, &request, &mut OperatingSystem, &mut |_| {});
        let elapsed = begun.elapsed();
        Ok(Report { reading: reading?, interface, apdus: apdus.get(), elapsed, today })
    });
    job.wait(GIVE_UP)?
}

/// Its generator, as cards' protocols ask for it.
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
