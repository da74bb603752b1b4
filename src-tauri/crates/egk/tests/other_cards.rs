//! What isn't a health card is named, and so is a health card that is too old.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{CardKind, EgkError, Request, read};
use support::conversation::{Conversation, Form, OTHER_CARDS};
use support::entropy::NoRandomNumbers;
use support::image::Image;

/// Reads the card of a conversation, which must be held to its end.
fn check_error(conversation: &Conversation, expected: EgkError) {
    let mut replay = conversation.replay();
    let outcome = read(&mut replay, &Request::default(), &mut NoRandomNumbers, &mut |_| {});
    assert_eq!(replay.finish(), Ok(()));
    assert_eq!(outcome, Err(expected));
}

#[test]
fn other_cards_are_named_by_the_application_that_only_they_have() {
    let kinds = [
        CardKind::Hba,
        CardKind::SmcB,
        CardKind::Kvk,
        CardKind::TravelDocument,
        CardKind::TravelDocument,
        CardKind::Other,
    ];
    for (answered, kind) in kinds.into_iter().enumerate() {
        let mut conversation = Conversation::new(Form::Short).root_refused();
        for (index, aid) in OTHER_CARDS.into_iter().enumerate().take(answered + 1) {
            conversation = conversation.select(aid, if index == answered { "9000" } else { "6A82" });
        }
        check_error(&conversation, EgkError::NotAHealthCard(kind));
    }
}

#[test]
fn a_travel_document_may_keep_its_application_behind_pace() {
    let conversation = Conversation::new(Form::Short).root_refused();
    let [hba, smc_b, kvk, lds1, _] = OTHER_CARDS;
    let conversation =
        conversation.select(hba, "6A82").select(smc_b, "6A82").select(kvk, "6A82").select(lds1, "6982");
    check_error(&conversation, EgkError::NotAHealthCard(CardKind::TravelDocument));
}

#[test]
fn a_root_without_health_care_application_is_no_health_card() {
    let mut conversation = Conversation::new(Form::Short).opening_with(&Image::amsel(), "6A82");
    for aid in OTHER_CARDS {
        conversation = conversation.select(aid, "6A82");
    }
    check_error(&conversation, EgkError::NotAHealthCard(CardKind::Other));
}

#[test]
fn a_card_of_generation_1_is_told_by_its_version() {
    let older = EgkError::NotAHealthCard(CardKind::EgkG1);
    let mut image = Image::amsel();
    let without = Conversation::new(Form::Short)
        .select("D2760001448000", "9000")
        .exchange("00B09100", "", 256, &[], "6A82")
        .select("D27600000102", "9000");
    check_error(&without, older);
    image.version2[9..12].copy_from_slice(&[3, 0, 3]);
    let older_version = Conversation::new(Form::Short).up_to_version(&image).select("D27600000102", "9000");
    check_error(&older_version, older);
}

#[test]
fn a_card_that_stumbles_is_asked_again_before_it_is_another_one() {
    let (image, form) = (Image::amsel(), Form::Short);
    for stumble in ["6400", "6581", "6F00"] {
        let root = Conversation::new(form).select("D2760001448000", stumble);
        let conversation = root.opening(&image).status(&image).pd(&image, form).vd(&image, form);
        let mut replay = conversation.replay();
        let outcome = read(&mut replay, &Request::default(), &mut NoRandomNumbers, &mut |_| {});
        assert!(outcome.is_ok() && replay.finish().is_ok(), "{stumble}: {outcome:?}");
    }
    let root = Conversation::new(Form::Short).select("D2760001448000", "6F00").root_refused();
    let other = OTHER_CARDS.into_iter().fold(root, |root, aid| root.select(aid, "6F00"));
    check_error(&other, EgkError::NotAHealthCard(CardKind::Other));
}
