//! In which order a document is read, how soon the name is told, and that no fall-back begins anew.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use card_sim::{
    Exchange, Fault, Inserted,
    fault::Latency,
    find,
    travel::{BeyondMaximum, Quirks, TravelDocument},
};
use health_card::readers::Readers;
use mrtd::{MrtdError, Verdict, Warning};
use smartcard::{
    ChannelError,
    ExtendedLength::{self, No, Untried, Yes},
};
use travel_document::{
    answer::in_a_line,
    facts::Facts,
    reading::{Failure, Key, TODAY, Then, Told, Wanted, followed, reading},
    trace::{FACE, is_read, openings, touches},
};

use crate::Test;
use Chip::{Limited, LosesChannel, Named};

/// A usual chip in a usual reader: 106 kbit/s, 15 ms for a command's work.
const USUAL: Latency = Latency { per_apdu: Duration::from_millis(15), bytes_per_second: 13_250 };
/// The name is there after this part of the reading's time at most, in percent.
const NAME_AFTER: u32 = 30;

/// A chip, what is known of extended length, and what its reading takes: commands, and openings.
type Way = (Chip, ExtendedLength, usize, usize);

#[derive(Debug, Clone, Copy)]
enum Chip {
    /// Of the catalogue.
    Named(&'static str),
    /// A German passport that understands extended length and gives at most so many bytes.
    Limited(usize, BeyondMaximum),
    /// The same, and any refusal ends its channel.
    LosesChannel(usize, BeyondMaximum),
}

/// Chips that refuse long commands and answers, each read to its end.
#[rustfmt::skip]
const FALL_BACKS: &[Way] = &[
    // Without anything to fall back from.
    (Named("passport-amsel"), No, 108, 1),
    (Named("passport-amsel"), Untried, 20, 1),
    (Named("passport-amsel"), Yes, 20, 1),
    (Named("passport-bac-only"), No, 93, 1),
    (Named("passport-large-face"), No, 432, 1),
    (Named("passport-large-face"), Untried, 37, 1),
    (Named("passport-large-face"), Yes, 37, 1),
    // EF.CardAccess shows that it doesn't work.
    (Named("passport-short-only"), No, 108, 1),
    (Named("passport-short-only"), Untried, 109, 1),
    (Named("passport-short-only"), Yes, 109, 1),
    (Named("passport-bac-only"), Untried, 94, 1),
    (Named("passport-bac-only"), Yes, 94, 1),
    // What fits a short answer under protection is no more than these two give; their limit shows in extended
    // length, though they understand it. 6CE7 tells once how long pieces may be; who asks for 4,096 bytes each
    // time needs twice the commands.
    (Named("passport-6ce7"), No, 108, 1),
    (Named("passport-6ce7"), Untried, 106, 1),
    (Named("passport-6ce7"), Yes, 106, 1),
    (Named("passport-china"), No, 91, 1),
    (Named("passport-china"), Untried, 91, 1),
    (Named("passport-china"), Yes, 92, 1),
    // DG1 ends before the first piece would, which ends the channel; the second time its header is read
    // first. A third opening is too many: that extended length is given up on EF.CardAccess doesn't explain
    // what breaks in DG1.
    (Named("passport-6700"), No, 139, 2),
    (Named("passport-6700"), Untried, 140, 2),
    (Named("passport-6700"), Yes, 140, 2),
    (Named("passport-6282"), No, 144, 1),
    (Named("passport-6282"), Yes, 145, 1),
    (Named("passport-less"), No, 200, 1),
    (Named("passport-less"), Yes, 201, 1),
    (Limited(231, BeyondMaximum::WrongLength), Yes, 109, 1),
    (Limited(231, BeyondMaximum::EndOfFile), Yes, 105, 1),
    (Limited(231, BeyondMaximum::Less), Yes, 105, 1),
    (Limited(160, BeyondMaximum::ExactLength), No, 145, 1),
    (Limited(160, BeyondMaximum::WrongLength), No, 191, 1),
    (LosesChannel(231, BeyondMaximum::WrongLength), Yes, 147, 3),
    (LosesChannel(160, BeyondMaximum::WrongLength), No, 216, 4),
    (LosesChannel(160, BeyondMaximum::WrongLength), Untried, 224, 5),
    (LosesChannel(112, BeyondMaximum::WrongLength), No, 390, 5),
];

pub(crate) fn tests() -> Vec<Test> {
    let soon = [
        "passport-amsel",
        "passport-without-mapping",
        "id-card-amsel",
        "passport-bac-only",
        "passport-netherlands",
    ];
    let soon = soon.into_iter().map(|name| {
        Test::new(
            format!("{name}: the name is told before the face begins, after 30 % of the time"),
            |readers| name_comes_soon(readers, name),
        )
    });
    // Half of a large face lies beyond offsets of 15 bits.
    let cancelled = ["passport-amsel", "id-card-amsel", "passport-bac-only", "passport-large-face"];
    let cancelled = cancelled.into_iter().map(|name| {
        Test::new(format!("{name}: cancelled in the face, it is a reading without the face"), |readers| {
            cancelled_in_the_face(readers, name)
        })
    });
    let fall_backs = FALL_BACKS.iter().map(|way| {
        let (chip, length, commands, openings) = way;
        let chip = match chip {
            Named(name) => (*name).to_owned(),
            Limited(bytes, beyond) => format!("a chip that gives {bytes} bytes ({beyond:?})"),
            LosesChannel(bytes, beyond) => {
                format!("a chip that gives {bytes} bytes ({beyond:?}, and the channel ends)")
            }
        };
        let length = match length {
            No => "in short commands",
            Untried => "with extended length untried",
            Yes => "in extended length",
        };
        Test::new(
            format!("{chip} {length}: read in {commands} commands, opened {openings} times"),
            |readers| falls_back(readers, way),
        )
    });
    let early = Test::new("cancelled before the face, it is no reading", cancelled_early);
    let patient =
        Test::new("a chip that gives 112 bytes is read, though every refusal ends its channel", |readers| {
            reads_in_the_end(readers)
        });
    let long = Test::new(
        "a wrong check value in the middle of a large face costs one opening, and no bytes",
        fault_in_a_large_face,
    );
    soon.chain(cancelled).chain(fall_backs).chain([early, patient, long]).collect()
}

fn named(name: &str) -> Result<TravelDocument> {
    find(name).and_then(|entry| entry.travel_document(TODAY)).context("no such document")
}

/// What these exchanges take in the model.
fn time(trace: &[Exchange]) -> Duration {
    trace.iter().map(|it| USUAL.of(it.command.len(), it.response.as_ref().map_or(0, Vec::len))).sum()
}

fn name_comes_soon(readers: &Readers, name: &str) -> Result<()> {
    let document = named(name)?;
    let reader = readers.take();
    let inserted = Arc::new(reader.insert(document.card())?);
    for length in [No, Untried, Yes] {
        let before = inserted.apdus();
        let wanted = Wanted::with(Key::fields_of(&document));
        let (answer, told) = followed(&reader.session(length)?, &inserted, &wanted, |_| Then::GoOn);
        ensure!(answer?.face.is_some());
        let trace = inserted.trace();
        let at =
            |what: &dyn Fn(&Told) -> bool| told.iter().find(|(part, _)| what(part)).map(|(_, after)| *after);
        let opened = at(&|part| matches!(part, Told::Opened(_))).context("opening wasn't told")?;
        let document = at(&|part| matches!(part, Told::Document { named: true, .. })).context("no name")?;
        let proven = at(&|part| matches!(part, Told::Authenticity(_))).context("no proof")?;
        let face = at(&|part| matches!(part, Told::Face { .. })).context("no face")?;
        ensure!(opened < document && document <= proven && proven < face, "{told:?}");
        let until_name = trace.get(before..document).context("no trace")?;
        let all = trace.get(before..).context("no trace")?;
        ensure!(!touches(until_name, FACE), "the face has begun before the name is told");
        let (part, whole) = (time(until_name), time(all));
        ensure!(part * 100 <= whole * NAME_AFTER, "extended length {length:?}: after {part:?} of {whole:?}");
    }
    Ok(())
}

fn cancelled_in_the_face(readers: &Readers, name: &str) -> Result<()> {
    let document = named(name)?;
    let reader = readers.take();
    let inserted = Arc::new(reader.insert(document.card())?);
    let session = reader.session(No)?;
    let wanted = Wanted::with(Key::fields_of(&document));
    let sound = Facts::of(&reading(&session, &wanted)?);
    let (answer, told) = followed(&session, &inserted, &wanted, |part| match part {
        Told::Face { done, total } if 2 * done > total => Then::Cancel,
        Told::Opened(_) | Told::Document { .. } | Told::Authenticity(_) | Told::Face { .. } => Then::GoOn,
    });
    let after = inserted.apdus();
    let cancelled = Facts::of(&answer?);
    ensure!(cancelled == Facts { face: None, warnings: vec![Warning::FaceCancelled], ..sound.clone() });
    ensure!(cancelled.authenticity.passive.verdict() == Verdict::Valid);
    ensure!(
        told.last().is_some_and(|(_, last)| *last == after),
        "the chip was asked on: {told:?}, then {after}"
    );
    ensure!(Facts::of(&reading(&session, &wanted)?) == sound, "the next reading");
    Ok(())
}

fn cancelled_early(readers: &Readers) -> Result<()> {
    let document = named("id-card-amsel")?;
    let reader = readers.take();
    let inserted = Arc::new(reader.insert(document.card())?);
    let session = reader.session(No)?;
    let wanted = Wanted::with(Key::fields_of(&document));
    for cancelled in [0, 1] {
        let mut parts = 0;
        let (answer, told) = followed(&session, &inserted, &wanted, move |_| {
            parts += 1;
            if parts > cancelled { Then::Cancel } else { Then::GoOn }
        });
        let cancelled = matches!(answer, Err(Failure::Document(MrtdError::Channel(ChannelError::Cancelled))));
        ensure!(cancelled, "{}", in_a_line(&answer));
        ensure!(
            told.last().is_some_and(|(_, last)| *last == inserted.apdus()),
            "the chip was asked on: {told:?}"
        );
    }
    ensure!(reading(&session, &wanted)?.face.is_some(), "the next reading");
    Ok(())
}

/// Beyond offsets of 15 bits, where each piece is asked for with a data object.
fn fault_in_a_large_face(readers: &Readers) -> Result<()> {
    let document = named("passport-large-face")?;
    let reader = readers.take();
    let inserted = reader.insert(document.card())?;
    let wanted = Wanted::with(Key::fields_of(&document));
    for length in [No, Yes] {
        let session = reader.session(length)?;
        let before = inserted.apdus();
        let sound = Facts::of(&reading(&session, &wanted)?);
        let trace = inserted.trace();
        let once = trace.get(before..).context("no trace")?;
        let beyond: Vec<_> = (0..once.len()).filter(|at| once.get(*at).is_some_and(is_beyond)).collect();
        let middle = beyond.get(beyond.len() / 2).context("no piece was asked for with an object")?;
        inserted.add_fault(Fault::Mac { at: inserted.apdus() + middle + 1 });
        let begun = inserted.apdus();
        ensure!(Facts::of(&reading(&session, &wanted)?) == sound, "extended length {length:?}");
        let trace = inserted.trace();
        let again = trace.get(begun..).context("no trace")?;
        ensure!(openings(again) == 2, "opened {} times", openings(again));
        let pieces = again.iter().filter(|it| is_beyond(it)).count();
        // The piece that was lost; after that they are shorter, lest their length was the trouble.
        ensure!(pieces < 2 * beyond.len(), "{pieces} pieces instead of {}", beyond.len());
    }
    Ok(())
}

/// READ BINARY with the offset as a data object.
fn is_beyond(exchange: &Exchange) -> bool {
    matches!(exchange.header(), [_, 0xB1, ..])
}

fn chip(chip: Chip) -> Result<TravelDocument> {
    let limited = |maximum, beyond, loses_channel_on_error| {
        let passport = named("passport-amsel")?;
        let quirks =
            Quirks { maximum_read: Some((maximum, beyond)), loses_channel_on_error, ..passport.quirks };
        Ok(TravelDocument { quirks, ..passport })
    };
    match chip {
        Named(name) => named(name),
        Limited(maximum, beyond) => limited(maximum, beyond, false),
        LosesChannel(maximum, beyond) => limited(maximum, beyond, true),
    }
}

fn falls_back(readers: &Readers, (chip, length, commands, opened): &Way) -> Result<()> {
    let document = self::chip(*chip)?;
    let reader = readers.take();
    let inserted: Inserted = reader.insert(document.card())?;
    let read = reading(&reader.session(*length)?, &Wanted::with(Key::fields_of(&document)))?;
    ensure!(read.face.is_some() && read.authenticity.passive.verdict() == Verdict::Valid);
    let trace = inserted.trace();
    let went_back = going_back(&trace);
    ensure!(went_back.is_none(), "what was read already is read again: {went_back:?}");
    let counted = (trace.len(), openings(&trace));
    ensure!(
        counted == (*commands, *opened),
        "{counted:?} commands and openings, not {commands} and {opened}"
    );
    Ok(())
}

/// From 4,096 bytes over what fits, 192 and 128 down to 64: the refusals of the extended form come on top of
/// the others.
fn reads_in_the_end(readers: &Readers) -> Result<()> {
    let document = chip(LosesChannel(112, BeyondMaximum::WrongLength))?;
    let reader = readers.take();
    let _inserted = reader.insert(document.card())?;
    for length in [No, Untried, Yes] {
        let read = reading(&reader.session(length)?, &Wanted::with(Key::fields_of(&document)));
        let read = read.with_context(|| format!("extended length {length:?}"))?;
        ensure!(read.face.is_some() && read.authenticity.passive.verdict() == Verdict::Valid);
    }
    Ok(())
}

/// Files that are asked for again: after each opening EF.CardAccess, EF.SOD and EF.CardSecurity, for the chip
/// may be another; DG14, whose beginning shows that the chip has its new keys.
const ASKED_FOR_AGAIN: [u16; 3] = [0x011C, 0x011D, 0x010E];

/// A read of a data group at a place before the one that was last asked for, which a reading that goes on where
/// it was never makes.
fn going_back(trace: &[Exchange]) -> Option<&Exchange> {
    let mut reached: Vec<(u16, u16)> = Vec::new();
    trace.iter().find(|exchange| {
        // Where the offset is protected, it isn't seen.
        let seen = is_read(exchange) && !is_beyond(exchange);
        let file = exchange.file.filter(|file| seen && !ASKED_FOR_AGAIN.contains(file));
        let (Some(file), &[_, _, p1, p2]) = (file, exchange.header()) else { return false };
        let offset = if p1 & 0x80 == 0 { u16::from_be_bytes([p1, p2]) } else { u16::from(p2) };
        let last = reached.iter().rev().find(|(known, _)| *known == file).map_or(0, |(_, last)| *last);
        reached.push((file, offset));
        offset < last
    })
}
