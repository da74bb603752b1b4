//! Wrong keys: told as such, tried as often as one likes, and never in the way of the right one.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use card_sim::{
    find,
    travel::{KeyFields, TravelDocument},
};
use health_card::readers::Readers;
use mrtd::MrtdError;
use smartcard::ExtendedLength;
use travel_document::{
    answer::in_a_line,
    reading::{Failure, Key, TODAY, Wanted, reading},
    trace::openings,
};

use crate::Test;

/// Documents that open by PACE with either key.
const BY_PACE: &[&str] =
    &["passport-amsel", "passport-france", "id-card-amsel", "id-card-other-can", "residence-permit-pinguin"];
/// Documents that open by BAC, with their answers to a wrong zone: 6300, 6985, 6982.
const BY_BAC: &[&str] = &["passport-bac-only", "passport-netherlands", "passport-united-states"];
/// Wrong keys in a row, which is more than three.
const TRIES: usize = 4;
/// By how much the slow card is slower after a wrong number.
const HESITATION: Duration = Duration::from_secs(2);

pub(crate) fn tests() -> Vec<Test> {
    let by_pace = BY_PACE.iter().map(|document| {
        Test::new(
            format!("{document}: wrong numbers and zones are told, then the right ones open it"),
            |readers| {
                let document = named(document)?;
                let wrong = [other_can(&document), other_zone(&document)];
                opens_after(readers, &document, &wrong, &[Key::can_of(&document), Key::fields_of(&document)])
            },
        )
    });
    let by_bac = BY_BAC.iter().map(|document| {
        Test::new(format!("{document}: wrong zones are told, then the right one opens it"), |readers| {
            let document = named(document)?;
            opens_after(readers, &document, &[other_zone(&document)], &[Key::fields_of(&document)])
        })
    });
    let slow = Test::new("a card that hesitates after a wrong number is waited for", hesitates);
    let once =
        ["passport-amsel", "passport-short-only", "passport-bac-only", "id-card-amsel"].iter().map(|name| {
            Test::new(
                format!("{name}: a wrong key is tried once, whatever becomes of extended length"),
                |readers| tried_once(readers, &named(name)?),
            )
        });
    by_pace.chain(by_bac).chain([slow]).chain(once).collect()
}

fn named(name: &str) -> Result<TravelDocument> {
    find(name).and_then(|entry| entry.travel_document(TODAY)).context("no such document")
}

/// The number with its last digit another.
fn other_can(document: &TravelDocument) -> Key {
    let Key::Can(mut digits) = Key::can_of(document) else { return Key::can_of(document) };
    let last = digits.pop();
    digits.push(if last == Some('9') { '0' } else { '9' });
    Key::Can(digits)
}

/// A zone with another expiry, of a document that was issued a day earlier, say.
fn other_zone(document: &TravelDocument) -> Key {
    let earlier = TravelDocument {
        expiry: document.expiry.saturating_sub(jiff::Span::new().days(1)),
        ..document.clone()
    };
    let KeyFields { expiry, .. } = earlier.key_fields();
    Key::Fields(KeyFields { expiry, ..document.key_fields() })
}

/// In one session with one card, in either length form.
fn opens_after(readers: &Readers, document: &TravelDocument, wrong: &[Key], right: &[Key]) -> Result<()> {
    let reader = readers.take();
    let _inserted = reader.insert(document.card())?;
    for length in [ExtendedLength::No, ExtendedLength::Yes] {
        let session = reader.session(length)?;
        for wrong in wrong.iter().cycle().take(TRIES) {
            let answer = reading(&session, &Wanted::with(wrong.clone()));
            let told = matches!(answer, Err(Failure::Document(MrtdError::WrongPassword)));
            ensure!(told, "{}", in_a_line(&answer));
        }
        for key in right {
            let opened = reading(&session, &Wanted::with(key.clone())).context("the right key")?;
            ensure!(opened.holder.is_some() && opened.face.is_some());
        }
    }
    Ok(())
}

fn hesitates(readers: &Readers) -> Result<()> {
    let document = named("id-card-slow-can")?;
    let reader = readers.take();
    let _inserted = reader.insert(document.card())?;
    let session = reader.session(ExtendedLength::No)?;
    let answer = reading(&session, &Wanted::with(other_can(&document)));
    ensure!(matches!(answer, Err(Failure::Document(MrtdError::WrongPassword))), "{}", in_a_line(&answer));
    let begun = Instant::now();
    let opened = reading(&session, &Wanted::with(Key::can_of(&document)))?;
    ensure!(opened.holder.is_some() && begun.elapsed() >= HESITATION);
    Ok(())
}

fn tried_once(readers: &Readers, document: &TravelDocument) -> Result<()> {
    let reader = readers.take();
    let inserted = reader.insert(document.card())?;
    for length in [ExtendedLength::No, ExtendedLength::Untried, ExtendedLength::Yes] {
        let before = inserted.apdus();
        let answer = reading(&reader.session(length)?, &Wanted::with(other_zone(document)));
        ensure!(matches!(answer, Err(Failure::Document(MrtdError::WrongPassword))), "{}", in_a_line(&answer));
        let trace = inserted.trace();
        let tries = openings(trace.get(before..).unwrap_or_default());
        ensure!(tries == 1, "extended length {length:?}: {tries} tries");
    }
    Ok(())
}
