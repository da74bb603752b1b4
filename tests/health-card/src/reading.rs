//! Reading a card as a desk does it: one job of a session, with both proofs.

use std::{sync::LazyLock, time::Duration};

use card_sim::Interface;
use egk::{Can, Check, EgkError, EgkReading, Request, TrustStore, read};
use jiff::civil::{Date, date};
use pcsc_reader::{Ending, JobError, JobHandle, JobOptions, Session};
use smartcard::{CardChannel, Entropy, ExtendedLength, NoEntropy};

use crate::readers::PATIENCE;

/// The day that dates on cards are relative to.
pub const TODAY: Date = date(2026, 11, 22);

/// Whom the desk trusts: the roots of production, and in a workshop build the simulated cards' ones.
static TRUST: LazyLock<TrustStore> = LazyLock::new(|| {
    let mut trust = TrustStore::production();
    for (_, file) in card_sim::trust::files(TODAY) {
        // Builds for workstations take none of them; the tests say so and don't run there.
        trust.add(&file).ok();
    }
    trust
});

/// The ways in which a card is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By its contacts, in pieces of 256 bytes at most.
    Short,
    /// By its contacts, in extended length.
    Extended,
    /// Over the air, in pieces as they fit under secure messaging.
    Air,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Short, Self::Extended, Self::Air];

    /// How the card is held to the reader.
    #[must_use]
    pub fn interface(self) -> Interface {
        match self {
            Self::Short | Self::Extended => Interface::Contact,
            Self::Air => Interface::Contactless,
        }
    }

    /// What the session is told of the reader.
    #[must_use]
    pub fn extended_length(self) -> ExtendedLength {
        match self {
            Self::Short | Self::Air => ExtendedLength::No,
            Self::Extended => ExtendedLength::Yes,
        }
    }
}

/// What is wanted of a card.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The number printed on it, for reading over the air.
    pub can: Option<String>,
    /// Whether it is to be proven.
    pub check: bool,
    /// How long the job may take.
    pub deadline: Duration,
}

impl Wanted {
    /// Everything that a desk wants of a card that is held in this way and has this number printed on it.
    #[must_use]
    pub fn of(interface: Interface, can: &str) -> Self {
        let can = (interface == Interface::Contactless).then(|| can.to_owned());
        Self { can, check: true, deadline: PATIENCE }
    }
}

/// Why there is no reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The session had no answer.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The card gave up no reading.
    #[error(transparent)]
    Card(#[from] EgkError),
}

/// A reading, or why there is none.
pub type Answer = Result<EgkReading, Failure>;

/// Reads the card that is in the session's reader, and waits no longer than the deadline.
///
/// # Errors
/// Every [`Failure`].
pub fn reading(session: &Session, wanted: &Wanted) -> Answer {
    Ok(submit(session, wanted).wait(wanted.deadline)??)
}

/// Has the card read.
#[must_use]
pub fn submit(session: &Session, wanted: &Wanted) -> JobHandle<Result<EgkReading, EgkError>> {
    // As a desk does: what a secure channel has opened is closed to the next program.
    let ending = if wanted.can.is_some() { Ending::Reset } else { Ending::Leave };
    let options = JobOptions { deadline: wanted.deadline, ending };
    let Wanted { can, check, .. } = wanted.clone();
    session.submit(options, move |channel, _| read_card(channel, can.as_deref(), check))
}

/// The reading itself.
///
/// # Errors
/// Every [`EgkError`].
pub fn read_card(
    channel: &mut dyn CardChannel,
    can: Option<&str>,
    check: bool,
) -> Result<EgkReading, EgkError> {
    let can = can.and_then(Can::parse);
    let check = check.then(self::check);
    read(channel, &Request { can: can.as_ref(), check, ..Request::default() }, &mut SystemRandom, &mut |_| {})
}

/// What cards are proven against.
#[must_use]
pub fn check() -> Check<'static> {
    Check { trust: &TRUST, today: TODAY }
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

impl Entropy for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        getrandom::fill(bytes).map_err(|_| NoEntropy)
    }
}
