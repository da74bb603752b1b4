//! Each fault at each APDU of a reading. Whatever happens, the reading is an error, or equal to the one
//! without the fault but for a proof that says why it could not be made, or for the face.

mod outcomes;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use card_sim::{Card, Fault, Inserted, find};
use health_card::readers::{Reader, Readers};
use mrtd::MrtdError;
use pcsc_reader::Session;
use smartcard::{ChannelError, ExtendedLength};
use travel_document::{
    facts::Facts,
    reading::{Failure, Key, TODAY, Wanted, reading},
};

use crate::{
    Test,
    steps::{self, PROOF, Step, places},
};
use outcomes::{Outcomes, READ_ON, outcome};

/// A pulled card is told after the service has looked, at most 0.4 s later.
const REMOVAL_TOLD: Duration = Duration::from_secs(2);

static RAN: AtomicUsize = AtomicUsize::new(0);

/// How many faults were tried.
pub(crate) fn ran() -> usize {
    RAN.load(Ordering::Relaxed)
}

/// How many there are: six kinds at every place of either passport.
pub(crate) fn cases() -> usize {
    Passport::BOTH.into_iter().map(|passport| 6 * places(passport.steps()).len()).sum()
}

/// Which passport, and how it is read.
#[derive(Debug, Clone, Copy)]
enum Passport {
    /// By BAC and 3DES, in short commands.
    Bac,
    /// By PACE, with chip authentication, in extended length.
    Pace,
}

impl Passport {
    const BOTH: [Self; 2] = [Self::Bac, Self::Pace];

    fn name(self) -> &'static str {
        match self {
            Self::Bac => "passport-bac-only",
            Self::Pace => "passport-without-mapping",
        }
    }

    fn how(self) -> &'static str {
        match self {
            Self::Bac => "by BAC",
            Self::Pace => "by PACE",
        }
    }

    fn length(self) -> ExtendedLength {
        match self {
            Self::Bac => ExtendedLength::No,
            Self::Pace => ExtendedLength::Yes,
        }
    }

    fn steps(self) -> &'static [Step] {
        match self {
            Self::Bac => steps::BAC,
            Self::Pace => steps::PACE,
        }
    }
}

type MakeFault = fn(usize) -> Fault;

/// What is said of a fault, how it is made, and what becomes of either passport.
type Kind = (&'static str, MakeFault, [Outcomes; 2]);

const KINDS: [Kind; 5] = [
    (
        "a status 6F00 in the clear",
        |at| Fault::Status { at, word: 0x6F00 },
        [outcomes::STATUS_BAC, outcomes::STATUS_PACE],
    ),
    (
        "a chip that leaves its channel with 6F00",
        |at| Fault::Plain { at, word: 0x6F00 },
        [outcomes::STATUS_BAC, outcomes::STATUS_PACE],
    ),
    (
        "an answer of one byte",
        |at| Fault::Short { at, bytes: 1 },
        [outcomes::ONE_BYTE_BAC, outcomes::ONE_BYTE_PACE],
    ),
    ("a wrong check value", |at| Fault::Mac { at }, [outcomes::MAC_BAC, outcomes::MAC_PACE]),
    // Behind the head of the outer data object, where there is one.
    ("a flipped bit", |at| Fault::Flip { at, byte: 5 }, [outcomes::FLIP_BAC, outcomes::FLIP_PACE]),
];

pub(crate) fn tests() -> Vec<Test> {
    let pulled = Passport::BOTH.map(|passport| {
        let how = passport.how();
        Test::new(
            format!("a passport pulled at any APDU {how} is told within 2 s and reads when it is back"),
            move |it| pulled(it, passport),
        )
    });
    let answered = KINDS.into_iter().flat_map(|(what, fault, outcomes)| {
        Passport::BOTH.into_iter().zip(outcomes).map(move |(passport, outcomes)| {
            let how = passport.how();
            Test::new(
                format!("{what} at any APDU {how} ends in its outcome, never in other data"),
                move |it| answered(it, passport, fault, outcomes),
            )
        })
    });
    let proofs = Passport::BOTH.map(|passport| {
        let how = passport.how();
        Test::new(
            format!("one fault in the proof of the chip {how} doesn't make a genuine passport a copy"),
            move |it| proven_all_the_same(it, passport),
        )
    });
    pulled.into_iter().chain(answered).chain(proofs).collect()
}

/// A reader, a passport and its reading.
struct Desk<'a> {
    reader: Reader<'a>,
    passport: Passport,
    card: Card,
    wanted: Wanted,
}

impl<'a> Desk<'a> {
    fn new(readers: &'a Readers, passport: Passport) -> Result<Self> {
        let document = find(passport.name()).and_then(|entry| entry.travel_document(TODAY));
        let document = document.context("no such document")?;
        let wanted = Wanted::with(Key::fields_of(&document));
        Ok(Self { reader: readers.take(), passport, card: document.card(), wanted })
    }

    fn session(&self) -> Result<Session> {
        self.reader.session(self.passport.length())
    }

    /// What becomes of a reading with this fault at this place.
    fn outcome_of(
        &self,
        inserted: &Inserted,
        sound: &Facts,
        place: usize,
        fault: MakeFault,
    ) -> Result<String> {
        // Extended length that has failed once isn't tried again.
        let session = self.session()?;
        let before = inserted.apdus();
        inserted.clear_faults();
        inserted.add_fault(fault(before + place + 1));
        let answer = reading(&session, &self.wanted);
        RAN.fetch_add(1, Ordering::Relaxed);
        Ok(outcome(&answer, sound, inserted.trace().get(before..).unwrap_or_default()))
    }

    /// The reading without faults, whose steps are those.
    fn without_faults(&self) -> Result<(Inserted, Facts)> {
        let inserted = self.reader.insert(self.card.clone())?;
        let sound = reading(&self.session()?, &self.wanted)?;
        let seen = steps::named(&inserted.trace());
        ensure!(seen == self.passport.steps(), "the steps of a reading have changed: {seen:#?}");
        Ok((inserted, Facts::of(&sound)))
    }
}

/// Faults of answers: the card stays in, and is read without a fault in the end.
fn answered(readers: &Readers, passport: Passport, fault: MakeFault, outcomes: Outcomes) -> Result<()> {
    let desk = Desk::new(readers, passport)?;
    let (inserted, sound) = desk.without_faults()?;
    for (place, step) in places(passport.steps()).into_iter().filter(|(_, step)| *step != PROOF) {
        let heard = desk.outcome_of(&inserted, &sound, place, fault)?;
        let expected = outcomes.of(step);
        ensure!(heard == expected, "at APDU {}, {step}: {heard:?}, not {expected:?}", place + 1);
    }
    inserted.clear_faults();
    ensure!(Facts::of(&reading(&desk.session()?, &desk.wanted)?) == sound);
    Ok(())
}

/// What a copy answers to the command that proves the chip looks like a fault of transmission. Somebody who
/// is called the bearer of a forged document deserves a second try.
fn proven_all_the_same(readers: &Readers, passport: Passport) -> Result<()> {
    let desk = Desk::new(readers, passport)?;
    let (inserted, sound) = desk.without_faults()?;
    let mut heard = Vec::new();
    for (place, _) in places(passport.steps()).into_iter().filter(|(_, step)| *step == PROOF) {
        for (what, fault, _) in KINDS {
            heard.push((what, desk.outcome_of(&inserted, &sound, place, fault)?));
        }
    }
    ensure!(heard.len() == KINDS.len() && heard.iter().all(|(_, outcome)| outcome == READ_ON), "{heard:#?}");
    Ok(())
}

fn pulled(readers: &Readers, passport: Passport) -> Result<()> {
    let desk = Desk::new(readers, passport)?;
    let (mut inserted, sound) = desk.without_faults()?;
    for (place, step) in places(passport.steps()) {
        let session = desk.session()?;
        inserted.add_fault(Fault::Pull { at: inserted.apdus() + place + 1 });
        let begun = Instant::now();
        let answer = reading(&session, &desk.wanted);
        let took = begun.elapsed();
        let removed = matches!(answer, Err(Failure::Document(MrtdError::Channel(ChannelError::CardRemoved))));
        ensure!(removed, "at APDU {}, {step}: {answer:?}", place + 1);
        ensure!(took < REMOVAL_TOLD, "at APDU {}, {step}: told after {took:?}", place + 1);
        inserted.wait();
        inserted = desk.reader.insert(desk.card.clone())?;
        ensure!(Facts::of(&reading(&session, &desk.wanted)?) == sound, "the passport after {step}");
        RAN.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}
