//! Sessions that break, chips with quirks, and readers with limits: the reading goes on where it was, or says
//! why not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use card_sim::birds;
use card_sim::travel::{BeyondMaximum, Face, Kind, State, TravelDocument};
use mrtd::passive::Check;
use mrtd::trust::TrustStore;
use mrtd::{Access, MrtdError, Request, Verdict, Warning, read};
use simulated::{Fault, Simulated};
use smartcard::pace::PaceError;
use smartcard::{ChannelError, ExtendedLength, NoEntropy, StatusWord};
use support::world::{NoRandomNumbers, TODAY, Told, can, everything, run, zone};

/// Selecting the root, EF.CardAccess, MSE and four steps of PACE: commands in the clear.
const IN_THE_CLEAR: usize = 7;

fn card() -> TravelDocument {
    TravelDocument::german_card(birds::amsel(), TODAY)
}

/// One with basic access control only.
fn passport() -> TravelDocument {
    TravelDocument {
        pace: Vec::new(),
        can: None,
        ..TravelDocument::new(birds::dohle(), Kind::Passport, State::Austria, TODAY)
    }
}

/// How many commands a whole reading takes.
fn commands(document: &TravelDocument, known: ExtendedLength) -> usize {
    let mut reader = Simulated::new(document.card()).over(known);
    run(&mut reader, &zone(document), &everything()).0.unwrap();
    reader.commands.len()
}

#[test]
fn a_session_that_breaks_at_any_command_is_opened_again_and_the_reading_is_whole() {
    let document = card();
    let chip = document.chip();
    let whole = commands(&document, ExtendedLength::Yes);
    for at in IN_THE_CLEAR..whole {
        for fault in [Fault::InTheClear(StatusWord::SM_OBJECT_INCORRECT), Fault::BitError] {
            let mut reader = Simulated::new(chip.card()).over(ExtendedLength::Yes).with_fault(at, fault);
            let (reading, _) = run(&mut reader, &zone(&document), &everything());
            let reading = reading.unwrap_or_else(|error| panic!("{at}: {error}"));
            assert!(reading.holder.is_some() && reading.face.is_some(), "{at}");
            assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid, "{at}");
            // Opening again, and selecting each file and reading its header apart from then on.
            let more = reader.commands.len() - whole;
            assert!(more <= IN_THE_CLEAR + 12, "{at}: {more} more commands");
        }
    }
}

#[test]
fn a_face_under_way_goes_on_where_it_was() {
    let document = passport();
    let whole = commands(&document, ExtendedLength::No);
    let fault = Fault::InTheClear(StatusWord::SM_OBJECT_MISSING);
    let mut reader = Simulated::new(document.card()).with_fault(whole - 3, fault);
    run(&mut reader, &zone(&document), &everything()).0.unwrap();
    assert!(reader.commands.len() < whole + 15, "{} {whole}", reader.commands.len());
}

#[test]
fn a_face_beyond_offsets_of_15_bits_is_read_whole_whatever_interrupts_it() {
    for document in [card(), passport()] {
        let document = TravelDocument { face: Face::Large, ..document };
        for known in [ExtendedLength::No, ExtendedLength::Yes] {
            let mut reader = Simulated::new(document.card()).over(known);
            let (reading, told) = run(&mut reader, &zone(&document), &everything());
            let reading = reading.unwrap();
            assert_eq!(reading.face.unwrap().image(), Face::Large.picture());
            assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid);
            assert!(matches!(told.last(), Some(Told::Face(done, total)) if done == total && *total > 80_000));
            let odd = reader.count(0xB1);
            assert!(odd > 10, "{odd}");

            let whole = reader.commands.len();
            let at = whole - odd / 2;
            let fault = Fault::InTheClear(StatusWord::SM_OBJECT_MISSING);
            for fault in [fault, Fault::BitError] {
                let mut reader = Simulated::new(document.card()).over(known).with_fault(at, fault);
                let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
                assert_eq!(reading.face.unwrap().image(), Face::Large.picture());
                assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid);
            }

            let cancelled = Fault::None(ChannelError::Cancelled);
            let mut reader = Simulated::new(document.card()).over(known).with_fault(at, cancelled);
            let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
            assert!(reading.holder.is_some() && reading.face.is_none());
            assert_eq!(reading.warnings, [Warning::FaceCancelled]);
        }
    }
}

#[test]
fn chips_that_give_less_than_asked_for_give_a_long_face_whole() {
    use BeyondMaximum::{EndOfFile, ExactLength, Less, WrongLength};
    for beyond in [WrongLength, ExactLength, EndOfFile, Less] {
        for loses_channel_on_error in [false, true] {
            let mut document = TravelDocument { face: Face::Large, ..card() };
            document.quirks.maximum_read = Some((200, beyond));
            document.quirks.loses_channel_on_error = loses_channel_on_error;
            let (reading, _) = run(&mut Simulated::new(document.card()), &zone(&document), &everything());
            let case = format!("{beyond:?} {loses_channel_on_error}");
            let reading = reading.unwrap_or_else(|error| panic!("{case}: {error}"));
            assert!(reading.face.is_some(), "{case}: {:?}", reading.warnings);
        }
    }
}

#[test]
fn a_session_that_always_breaks_is_given_up() {
    let document = card();
    let fault = Fault::InTheClear(StatusWord::SM_OBJECT_MISSING);
    let reader = Simulated::new(document.card());
    // Selecting the application, each time.
    let mut reader = (1..=8).fold(reader, |reader, opening| reader.with_fault(opening * 8 - 1, fault));
    let outcome = run(&mut reader, &zone(&document), &everything()).0.err();
    let broken = ChannelError::Unprotected(StatusWord::SM_OBJECT_MISSING);
    assert_eq!(outcome, Some(MrtdError::Channel(broken)));
    assert_eq!(reader.commands.len(), 64);
}

#[test]
fn cancelling_in_the_face_leaves_a_reading_without_it_and_before_it_none() {
    let document = card();
    let whole = commands(&document, ExtendedLength::No);
    let cancelled = Fault::None(ChannelError::Cancelled);
    let mut in_face = Simulated::new(document.card()).with_fault(whole - 5, cancelled);
    let reading = run(&mut in_face, &zone(&document), &everything()).0.unwrap();
    assert!(reading.holder.is_some() && reading.face.is_none());
    assert_eq!(reading.warnings, [Warning::FaceCancelled]);
    assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid);
    assert_eq!(reading.authenticity.chip_authentication, Verdict::Valid);
    let lost = Fault::InTheClear(StatusWord::SM_OBJECT_MISSING);
    let mut while_reopening =
        Simulated::new(document.card()).with_fault(whole - 5, lost).with_fault(whole - 2, cancelled);
    let reading = run(&mut while_reopening, &zone(&document), &everything()).0.unwrap();
    assert_eq!(reading.warnings, [Warning::FaceCancelled]);
    for at in [0, 1, 4, 8, 12] {
        let mut early = Simulated::new(document.card()).with_fault(at, cancelled);
        let outcome = run(&mut early, &zone(&document), &everything()).0.err();
        assert_eq!(outcome, Some(MrtdError::Channel(ChannelError::Cancelled)), "{at}");
    }
}

#[test]
fn a_document_pulled_at_any_command_is_an_error() {
    let document = card();
    let chip = document.chip();
    for at in 0..commands(&document, ExtendedLength::Yes) {
        let removed = Fault::None(ChannelError::CardRemoved);
        let mut reader = Simulated::new(chip.card()).over(ExtendedLength::Yes).with_fault(at, removed);
        let outcome = run(&mut reader, &zone(&document), &everything()).0.err();
        assert_eq!(outcome, Some(MrtdError::Channel(ChannelError::CardRemoved)), "{at}");
        assert_eq!(reader.commands.len(), at + 1);
    }
}

#[test]
fn chips_that_give_less_than_asked_for_are_read_whole() {
    for document in [card(), passport()] {
        for maximum in [100, 200] {
            for beyond in [
                BeyondMaximum::WrongLength,
                BeyondMaximum::ExactLength,
                BeyondMaximum::EndOfFile,
                BeyondMaximum::Less,
            ] {
                for loses_channel_on_error in [false, true] {
                    let mut document = document.clone();
                    document.quirks.maximum_read = Some((maximum, beyond));
                    document.quirks.loses_channel_on_error = loses_channel_on_error;
                    let (reading, _) =
                        run(&mut Simulated::new(document.card()), &zone(&document), &everything());
                    let case = format!("{:?} {maximum} {beyond:?} {loses_channel_on_error}", document.kind);
                    let reading = reading.unwrap_or_else(|error| panic!("{case}: {error}"));
                    assert!(reading.holder.is_some() && reading.face.is_some(), "{case}");
                }
            }
        }
    }
}

#[test]
fn where_extended_length_fails_the_short_form_is_used_and_the_reader_learns_of_it() {
    let refusals = [
        Fault::InTheClear(StatusWord::WRONG_LENGTH),
        Fault::TRANSPORT,
        Fault::None(ChannelError::Malformed),
        Fault::None(ChannelError::CardMute),
    ];
    for refusal in refusals {
        for known in [ExtendedLength::Untried, ExtendedLength::Yes] {
            let document = card();
            let mut reader = Simulated::new(document.card()).over(known).refusing_extended(refusal);
            let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
            assert!(reading.face.is_some());
            assert_eq!(reader.learnt, [false]);
        }
    }
}

#[test]
fn a_chip_without_extended_length_is_read_in_the_short_form() {
    let mut document = card();
    document.quirks.extended_length = false;
    for known in [ExtendedLength::Untried, ExtendedLength::Yes] {
        let mut reader = Simulated::new(document.card()).over(known);
        assert!(run(&mut reader, &zone(&document), &everything()).0.unwrap().face.is_some());
        assert_eq!(reader.learnt, [false], "{known:?}");
    }
}

#[test]
fn where_pace_fails_the_zone_opens_by_basic_access_control_if_the_chip_has_it() {
    let both = TravelDocument::new(birds::dohle(), Kind::Passport, State::France, TODAY);
    let mse = 2;
    let refused = Fault::InTheClear(StatusWord::INCORRECT_DATA);
    let reading =
        run(&mut Simulated::new(both.card()).with_fault(mse, refused), &zone(&both), &everything()).0;
    assert_eq!(reading.unwrap().access, Access::Bac);

    let pace_only = card();
    let mut reader = Simulated::new(pace_only.card()).with_fault(mse, refused);
    let outcome = run(&mut reader, &zone(&pace_only), &everything()).0.err();
    assert_eq!(outcome, Some(MrtdError::Pace(PaceError::Refused(StatusWord::INCORRECT_DATA))));

    let outcome =
        run(&mut Simulated::new(both.card()).with_fault(mse, refused), &can(&both), &everything()).0.err();
    assert_eq!(outcome, Some(MrtdError::ZoneNeeded));
}

#[test]
fn without_random_numbers_nothing_is_opened() {
    let document = card();
    let (password, admitted, trust) = (zone(&document), everything(), TrustStore::default());
    let request =
        Request { password: &password, admitted: &admitted, check: Check { trust: &trust, today: TODAY } };
    let outcome = read(&mut Simulated::new(document.card()), &request, &mut NoRandomNumbers, &mut |_| {});
    assert_eq!(outcome.err(), Some(MrtdError::Entropy(NoEntropy)));
}
