//! Each fault at each APDU of a reading. Whatever happens, the reading is an error, or equal to the one without the
//! fault but for a proof that says why it could not be made.

mod outcomes;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use card_sim::{Card, Fault, Inserted, egk::CAN, find};
use egk::{EgkError, EgkReading};
use health_card::{
    readers::{Reader, Readers},
    reading::{Failure, TODAY, Wanted, Way, reading},
};
use pcsc_reader::{JobError, Session};
use smartcard::ChannelError;

use crate::{Test, steps};
use outcomes::{Outcomes, outcome};

/// All faults together: seven kinds over the air, four by contacts in either form.
pub(crate) const CASES: usize = 4 * (steps::SHORT.len() + steps::EXTENDED.len()) + 7 * steps::AIR.len();

/// A pulled card is told after the service has looked, at most 0.4 s later.
const REMOVAL_TOLD: Duration = Duration::from_secs(2);
/// What a reading without faults takes at most here; where that isn't enough, it is doubled.
const SHORT_DEADLINE: Duration = Duration::from_millis(100);
/// Doublings of it: to 12.8 s.
const DOUBLINGS: u32 = 7;
/// A mute card answers after so many deadlines.
const MUTE_DEADLINES: u32 = 4;
/// With which a card is mute for three seconds.
const LONG_DEADLINE: Duration = Duration::from_millis(750);

static RAN: AtomicUsize = AtomicUsize::new(0);

/// How many faults were tried.
pub(crate) fn ran() -> usize {
    RAN.load(Ordering::Relaxed)
}

type MakeFault = fn(usize) -> Fault;

pub(crate) fn tests() -> Vec<Test> {
    let ways = [
        (Way::Air, "over the air", steps::AIR),
        (Way::Short, "by contacts", steps::SHORT),
        (Way::Extended, "by contacts in extended length", steps::EXTENDED),
    ];
    let everywhere = ways.into_iter().flat_map(|(way, how, steps)| {
        [
            Test::new(
                format!("a card pulled at any APDU {how} is told within 2 s and the next card reads"),
                move |it| pulled(it, way, steps),
            ),
            Test::new(
                format!("a card mute at any APDU {how} is given up on in time and read afterwards"),
                move |it| mute(it, way, steps),
            ),
            Test::new(
                format!(
                    "a card mute for 3 s at the first, a middle or the last APDU {how} is given up on in time"
                ),
                move |it| mute_for_long(it, way, steps),
            ),
        ]
    });
    let answers: [(&str, Way, MakeFault, Outcomes); 9] = [
        (
            "6F00 by contacts names the file or the proof, and a SELECT is asked for once more",
            Way::Short,
            status,
            outcomes::STATUS,
        ),
        (
            "6F00 by contacts in extended length names the file or the proof, and a SELECT is asked for once more",
            Way::Extended,
            status,
            outcomes::STATUS,
        ),
        (
            "an answer of one byte at any APDU by contacts is no answer",
            Way::Short,
            one_byte,
            outcomes::ONE_BYTE,
        ),
        (
            "an answer of one byte at any APDU by contacts in extended length is no answer, or asked for again",
            Way::Extended,
            one_byte,
            outcomes::ONE_BYTE_EXTENDED,
        ),
        (
            "6F00 under secure messaging opens a second channel, and ends the reading before",
            Way::Air,
            status,
            outcomes::STATUS_AIR,
        ),
        (
            "6F00 by a card that left secure messaging opens a second channel, and ends the reading before",
            Way::Air,
            plain,
            outcomes::STATUS_AIR,
        ),
        (
            "an answer of one byte from PACE on opens a second channel, and ends the reading before",
            Way::Air,
            one_byte,
            outcomes::ONE_BYTE_AIR,
        ),
        ("a wrong check value opens a second channel", Way::Air, mac, outcomes::MAC_AIR),
        (
            "a bit flipped under secure messaging opens a second channel, and ends the reading before",
            Way::Air,
            flip,
            outcomes::FLIP_AIR,
        ),
    ];
    let answers = answers
        .into_iter()
        .map(|(name, way, fault, outcomes)| Test::new(name, move |it| answered(it, way, fault, outcomes)));
    everywhere.chain(answers).collect()
}

fn status(at: usize) -> Fault {
    Fault::Status { at, word: 0x6F00 }
}

fn plain(at: usize) -> Fault {
    Fault::Plain { at, word: 0x6F00 }
}

fn one_byte(at: usize) -> Fault {
    Fault::Short { at, bytes: 1 }
}

fn mac(at: usize) -> Fault {
    Fault::Mac { at }
}

/// Behind the head of the outer data object, where there is one.
fn flip(at: usize) -> Fault {
    Fault::Flip { at, byte: 5 }
}

/// A card in a reader of its own, and how it is read.
struct Desk<'a> {
    reader: Reader<'a>,
    way: Way,
    card: Card,
    wanted: Wanted,
}

impl<'a> Desk<'a> {
    fn new(readers: &'a Readers, way: Way) -> Result<Self> {
        let card = find("amsel").context("no such card")?.card(TODAY).over(way.interface());
        let wanted = Wanted::of(way.interface(), CAN);
        Ok(Self { reader: readers.take(), way, card, wanted })
    }

    fn insert(&self) -> Result<(Inserted, Session)> {
        Ok((self.reader.insert(self.card.clone())?, self.session()?))
    }

    fn session(&self) -> Result<Session> {
        self.reader.session(self.way.extended_length())
    }

    /// The reading without faults, whose steps are those.
    fn without_faults(&self, steps: &[&str]) -> Result<(Inserted, EgkReading)> {
        let (inserted, session) = self.insert()?;
        let sound = reading(&session, &self.wanted)?;
        let seen = steps::named(&inserted.trace());
        ensure!(seen == steps, "the steps of a reading have changed: {seen:#?}");
        Ok((inserted, sound))
    }
}

/// Faults of answers: the card stays in, and is read without a fault in the end.
fn answered(readers: &Readers, way: Way, fault: MakeFault, outcomes: Outcomes) -> Result<()> {
    let desk = Desk::new(readers, way)?;
    let steps = match way {
        Way::Short => steps::SHORT,
        Way::Extended => steps::EXTENDED,
        Way::Air => steps::AIR,
    };
    let (inserted, sound) = desk.without_faults(steps)?;
    for (index, step) in steps.iter().enumerate() {
        // Extended length that has failed once isn't tried again.
        let session = desk.session()?;
        let before = inserted.apdus();
        inserted.clear_faults();
        inserted.add_fault(fault(before + index + 1));
        let answer = reading(&session, &desk.wanted);
        let trace = inserted.trace();
        let heard = outcome(&answer, &sound, trace.get(before..).unwrap_or_default());
        let expected = outcomes.of(step);
        ensure!(heard == expected, "at APDU {}, {step}: {heard:?}, not {expected:?}", index + 1);
        RAN.fetch_add(1, Ordering::Relaxed);
    }
    inserted.clear_faults();
    ensure!(reading(&desk.session()?, &desk.wanted)? == sound);
    Ok(())
}

fn pulled(readers: &Readers, way: Way, steps: &[&str]) -> Result<()> {
    let desk = Desk::new(readers, way)?;
    let (mut inserted, sound) = desk.without_faults(steps)?;
    for (index, step) in steps.iter().enumerate() {
        let session = desk.session()?;
        inserted.add_fault(Fault::Pull { at: inserted.apdus() + index + 1 });
        let begun = Instant::now();
        let answer = reading(&session, &desk.wanted);
        let took = begun.elapsed();
        let removed = Err(Failure::Card(EgkError::Channel(ChannelError::CardRemoved)));
        ensure!(answer == removed, "at APDU {}, {step}: {answer:?}", index + 1);
        ensure!(took < REMOVAL_TOLD, "at APDU {}, {step}: told after {took:?}", index + 1);
        inserted.wait();
        inserted = desk.reader.insert(desk.card.clone())?;
        ensure!(reading(&session, &desk.wanted)? == sound, "the card after {step}");
        RAN.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

fn mute(readers: &Readers, way: Way, steps: &[&str]) -> Result<()> {
    let desk = Desk::new(readers, way)?;
    let (inserted, sound) = desk.without_faults(steps)?;
    let mut deadline = SHORT_DEADLINE;
    for (index, step) in steps.iter().enumerate() {
        deadline = mute_at(&desk, &inserted, (index, step), deadline)?;
        // Behind the session that hangs until the card answers.
        ensure!(reading(&desk.session()?, &desk.wanted)? == sound, "the card after {step}");
        RAN.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

fn mute_for_long(readers: &Readers, way: Way, steps: &[&str]) -> Result<()> {
    let desk = Desk::new(readers, way)?;
    let (inserted, sound) = desk.without_faults(steps)?;
    for index in [0, steps.len() / 2, steps.len() - 1] {
        mute_at(&desk, &inserted, (index, steps[index]), LONG_DEADLINE)?;
        ensure!(reading(&desk.session()?, &desk.wanted)? == sound, "the card after {}", steps[index]);
    }
    Ok(())
}

/// Has the card mute at this step, with as long a deadline as a busy machine needs to come as far; the deadline.
fn mute_at(
    desk: &Desk<'_>,
    inserted: &Inserted,
    (index, step): (usize, &str),
    mut deadline: Duration,
) -> Result<Duration> {
    while !given_up(desk, inserted, index + 1, deadline).with_context(|| format!("at {step}"))? {
        ensure!(
            deadline < SHORT_DEADLINE * 2_u32.pow(DOUBLINGS),
            "the reading doesn't come as far as {step}"
        );
        deadline *= 2;
    }
    Ok(deadline)
}

/// Has the card mute at this APDU and its session given up on after the deadline. Not so if a busy machine hasn't come
/// as far until then.
fn given_up(desk: &Desk<'_>, inserted: &Inserted, number: usize, deadline: Duration) -> Result<bool> {
    let session = desk.session()?;
    let before = inserted.apdus();
    inserted.clear_faults();
    inserted.add_fault(Fault::Late { at: before + number, after: deadline * MUTE_DEADLINES });
    let begun = Instant::now();
    let answer = reading(&session, &Wanted { deadline, ..desk.wanted.clone() });
    let took = begun.elapsed();
    if inserted.apdus() < before + number {
        ensure!(answer.is_err(), "a reading that isn't complete");
        // The faults of a reading that is still under way mustn't meet the next one.
        inserted.clear_faults();
        reading(&desk.session()?, &desk.wanted)?;
        return Ok(false);
    }
    ensure!(answer == Err(Failure::Job(JobError::Unanswered)), "{answer:?}");
    ensure!(took < deadline * (MUTE_DEADLINES - 1), "given up on after {took:?} only");
    ensure!(!session.is_serving(), "the session was kept");
    Ok(true)
}
