//! What a reading says about the card on a day.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{EgkReading, Generation, Request, Validity, Warning, read};
use jiff::civil::{Date, date};
use support::conversation::{Conversation, Form};
use support::entropy::NoRandomNumbers;
use support::image::{Image, gzip, vd_file};
use support::xml::{AACHEN, AMSEL, Bird, JUNKO, KIEBITZ, STATUTORY, insurance_data};

/// The day after Andrea Amsel's insurance began.
const SECOND_DAY: Date = date(1997, 12, 29);

fn reading(bird: &Bird, last_day: &str) -> EgkReading {
    let mut image = Image::of(bird);
    image.vd = vd_file(&gzip(&insurance_data(last_day, AACHEN, STATUTORY), 0), None);
    let mut replay = Conversation::reading(&image, Form::Short).replay();
    read(&mut replay, &Request::default(), &mut NoRandomNumbers, &mut |_| {}).unwrap()
}

#[test]
fn the_state_says_what_the_card_says() {
    let state = reading(&AMSEL, "20301231").state(SECOND_DAY);
    assert_eq!(state.generation, Generation::G2_1);
    assert_eq!(state.data_as_of, Some(date(2023, 9, 20).at(13, 14, 54, 0)));
    assert_eq!((state.valid_from, state.valid_until), (date(1997, 12, 28), Some(date(2030, 12, 31))));
    assert_eq!((state.locked, state.transaction_open, state.contactless), (false, false, None));
}

#[test]
fn first_and_last_day_belong_to_the_insurance() {
    let (first, last) = (date(1997, 12, 28), date(2030, 12, 31));
    let ended = vec![Warning::InsuranceEnded { last_day: last }];
    let not_begun = vec![Warning::InsuranceNotBegun { first_day: first }];
    for (last_day, today, validity, warnings) in [
        ("20301231", first.yesterday().unwrap(), Validity::NotBegun, not_begun.clone()),
        ("20301231", first, Validity::Current, vec![]),
        ("20301231", last, Validity::Current, vec![]),
        ("20301231", last.tomorrow().unwrap(), Validity::Ended, ended),
        ("", first.yesterday().unwrap(), Validity::NotBegun, not_begun),
        ("", date(9999, 12, 31), Validity::Current, vec![]),
    ] {
        let reading = reading(&AMSEL, last_day);
        assert_eq!(reading.state(today).validity, validity, "{today}");
        assert_eq!(reading.warnings(today), warnings, "{today}");
    }
}

#[test]
fn an_insurance_that_ends_before_it_begins_has_ended() {
    let reading = reading(&AMSEL, "19971227");
    assert_eq!(reading.state(date(1997, 12, 27)).validity, Validity::NotBegun);
    assert_eq!(reading.state(date(1997, 12, 28)).validity, Validity::Ended);
}

#[test]
fn an_unknown_day_of_birth_is_worth_a_warning() {
    for bird in [&JUNKO, &KIEBITZ] {
        assert_eq!(reading(bird, "").warnings(SECOND_DAY), [Warning::BirthDateIncomplete]);
    }
}

#[test]
fn an_interrupted_update_and_a_locked_card_are_worth_a_warning() {
    let mut image = Image::amsel();
    image.status_vd[0] = b'1';
    let conversation = Conversation::new(Form::Short)
        .opening_with(&image, "6283")
        .status(&image)
        .pd(&image, Form::Short)
        .vd(&image, Form::Short)
        .status(&image);
    let reading =
        read(&mut conversation.replay(), &Request::default(), &mut NoRandomNumbers, &mut |_| {}).unwrap();
    let state = reading.state(SECOND_DAY);
    assert!(state.locked && state.transaction_open);
    assert_eq!(reading.warnings(SECOND_DAY), [Warning::TransactionOpen, Warning::ApplicationDeactivated]);
}
