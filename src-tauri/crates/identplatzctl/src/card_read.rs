//! `card read`: one card, once. What is in the reader decides: a health card or a travel document.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use egk::{CardKind, EgkError, EgkReading};
use jiff::civil::Date;
use mrtd::{DocumentReading, MrtdError, Password};
use pcsc_reader::{Ending, Interface, JobOptions, Session};
use smartcard::{CardChannel, ExtendedLength};

use crate::{
    arguments::CardRead,
    can::Can,
    conversation::{Counted, OperatingSystem},
    document,
    failure::Failure,
    language::Language,
    readers::{self, Found},
    report::{Figures, Reading, Report},
    trust::Trust,
    zone,
};

/// A slow health card (9600 baud) needs some five seconds for all files.
const HEALTH_CARD_DEADLINE: Duration = Duration::from_secs(10);
/// A slow passport gives a few kilobytes a second, and the largest photos have a hundred and twenty.
const DOCUMENT_DEADLINE: Duration = Duration::from_secs(60);
/// An APDU may be under way when a deadline passes; a card that hasn't answered so much later never will.
const GIVE_UP_AFTER: Duration = Duration::from_secs(2);

/// What somebody has given to open the card with.
enum Key {
    Nothing,
    Can(Can),
    Zone(Password),
}

/// Finds the card, reads it and has it prove itself. `today` decides what has begun or ended. With contacts no card access
/// number is needed, and none is asked for.
pub(crate) fn run(options: &CardRead, today: Date, language: Language) -> Result<Report, Failure> {
    options.can.as_ref().map_or(Ok(()), |source| Can::check(source, language))?;
    options.mrz.as_ref().map_or(Ok(()), |source| zone::check(source, language))?;
    let trust = options.trust.load(today)?;
    let Found { reader, interface } = readers::find_card(options.reader.as_deref(), options.wait())?;
    let key = match (&options.can, &options.mrz) {
        (Some(source), _) if interface == Interface::Contactless => Key::Can(Can::obtain(source, language)?),
        (_, Some(source)) => Key::Zone(zone::obtain(source, language)?),
        _ => Key::Nothing,
    };
    let session = Session::open(&reader, ExtendedLength::Untried)
        .map_err(|_| Failure::Internal { what: "no thread to be had" })?;
    #[cfg(feature = "workshop")]
    let trace = options.trace.as_deref().map(crate::trace::Trace::create).transpose()?;
    let conversation = Conversation {
        session,
        interface,
        today,
        apdus: 0,
        begun: Instant::now(),
        #[cfg(feature = "workshop")]
        trace,
    };
    conversation.read(key, trust)
}

/// With one card, in one job or two. The card is reset in between, so that what one has selected the other doesn't find.
struct Conversation {
    session: Session,
    interface: Interface,
    today: Date,
    /// Commands that reached the card until now.
    apdus: u32,
    begun: Instant,
    #[cfg(feature = "workshop")]
    trace: Option<crate::trace::Trace>,
}

impl Conversation {
    /// Whoever gives a zone has a travel document; a number may be of either.
    fn read(mut self, key: Key, trust: Trust) -> Result<Report, Failure> {
        let Trust { store, documents, .. } = trust;
        let missing_lists = documents.state().missing_lists;
        let reading = match key {
            Key::Nothing => match self.health_card(None, store)? {
                Err(EgkError::NotAHealthCard(CardKind::TravelDocument)) => {
                    return Err(Failure::DocumentKeyNeeded);
                }
                outcome => Reading::HealthCard(Box::new(outcome?)),
            },
            Key::Can(Can { health_card, document }) => match self.health_card(Some(health_card), store)? {
                Err(EgkError::NotAHealthCard(CardKind::TravelDocument)) => {
                    let outcome = self.document(document, documents)?;
                    Reading::Document(Box::new(outcome?))
                }
                outcome => Reading::HealthCard(Box::new(outcome?)),
            },
            Key::Zone(password) => match self.document(password, documents)? {
                Err(Failure::NotAHealthCard { .. }) => {
                    let outcome = self.health_card(None, store)?;
                    Reading::HealthCard(Box::new(outcome?))
                }
                outcome => Reading::Document(Box::new(outcome?)),
            },
        };
        let Self { interface, apdus, today, begun, .. } = self;
        let figures = Figures { interface, apdus, elapsed: begun.elapsed() };
        Ok(Report { reading, figures, today, missing_lists })
    }

    fn health_card(
        &mut self,
        can: Option<egk::Can>,
        trust: egk::TrustStore,
    ) -> Result<Result<EgkReading, EgkError>, Failure> {
        let (today, over_the_air) = (self.today, self.interface == Interface::Contactless);
        // What a secure channel opened is closed to the next program.
        let ending = if can.is_some() { Ending::Reset } else { Ending::Leave };
        self.talk(JobOptions { deadline: HEALTH_CARD_DEADLINE, ending }, move |channel| {
            let check = Some(egk::Check { trust: &trust, today });
            let request = egk::Request { over_the_air, can: can.as_ref(), check };
            egk::read(channel, &request, &mut OperatingSystem, &mut |_| {})
        })
    }

    fn document(
        &mut self,
        password: Password,
        trust: mrtd::trust::TrustStore,
    ) -> Result<Result<DocumentReading, Failure>, Failure> {
        let today = self.today;
        let options = JobOptions { deadline: DOCUMENT_DEADLINE, ending: Ending::Reset };
        self.talk(options, move |channel| {
            let admitted = document::admitted();
            let check = mrtd::passive::Check { trust: &trust, today };
            let request = mrtd::Request { password: &password, admitted: &admitted, check };
            let reading = mrtd::read(channel, &request, &mut OperatingSystem, &mut |_| {});
            reading.map_err(|error: MrtdError| Failure::of_document(error, &password))
        })
    }

    /// Counts, and in a workshop build writes down, what is said. Of two jobs the trace holds the one with the answer.
    fn talk<T: Send + 'static>(
        &mut self,
        options: JobOptions,
        talk: impl FnOnce(&mut dyn CardChannel) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        #[cfg(feature = "workshop")]
        let trace = self.trace.clone();
        let job = self.session.submit(options, move |channel, _| {
            let apdus = Cell::new(0);
            let mut card = Counted::new(channel, &apdus);
            #[cfg(feature = "workshop")]
            let said = match trace {
                Some(trace) => trace.record(card, talk)?,
                None => talk(&mut card),
            };
            #[cfg(not(feature = "workshop"))]
            let said = talk(&mut card);
            Ok::<_, Failure>((said, apdus.get()))
        });
        let (said, apdus) = job.wait(options.deadline + GIVE_UP_AFTER)??;
        self.apdus += apdus;
        Ok(said)
    }
}
