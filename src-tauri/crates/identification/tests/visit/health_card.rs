//! What a health card must have proven, and the number on its back.

use identification::{
    AccountState, CardCheck, CardCheckReason, CardNumberAnswer, CardNumberAsk, CardProofLevel, Command,
    DateAgreement, Event, HealthCard, NewConcern, Policy, Refusal,
};

use crate::{
    desk::{
        Desk, always_asks, chooses_app, compares_card_number, gives, matches, offers_pin, passport, types_pin,
    },
    people::{
        AMSEL, BUNTSPECHT, amsel_comes, amsel_comes_with, carolinataube_comes, names_themselves, names_ward,
        names_ward_with, proven, said, shows_deed,
    },
};

const VALID: CardCheck = CardCheck::Valid;
const UNKNOWN: CardCheck = CardCheck::NotVerifiable(CardCheckReason::UnknownIssuer);
const WITHOUT: CardCheck = CardCheck::NotSupported(CardCheckReason::NoCertificate);
const FAILED: CardCheck = CardCheck::Invalid(CardCheckReason::ChallengeFailed);

fn shows_card(card: HealthCard) -> impl FnOnce(&mut NewConcern) {
    move |it| it.subject.health_card = Some(card)
}

/// Nothing to be read: the number was typed.
fn without_chip(answer: CardNumberAnswer) -> impl FnOnce(&mut NewConcern) {
    move |it| {
        it.subject.health_card = None;
        said(it).card_number = answer;
    }
}

/// A card with both proofs, as the PIN needs them.
fn comes_with_certificate() -> Command {
    amsel_comes_with(shows_card(proven(VALID, VALID)))
}

fn least(proof: CardProofLevel) -> impl FnOnce(&mut Policy) {
    move |policy| policy.health_card_proof = proof
}

/// What becomes of an insured person's and of a ward's concern with that card.
#[track_caller]
fn check(policy: CardProofLevel, card: &HealthCard, expect: Result<(), Refusal>) {
    let mut insured = Desk::new().with(least(policy));
    assert_eq!(insured.attempt(amsel_comes_with(shows_card(card.clone()))), expect, "insured");
    let mut carer = Desk::new().with(least(policy)).after([carolinataube_comes()]);
    let ward = names_ward_with(1, BUNTSPECHT, shows_card(card.clone()));
    assert_eq!(carer.attempt(ward), expect, "ward");
}

#[test]
fn a_card_counts_as_soon_as_it_has_proven_what_the_profile_asks_for() {
    use CardProofLevel::{Certificate, Chip, Read};
    let unproven = Err(Refusal::HealthCardUnproven);
    for (chip, certificate, [read, by_certificate, by_chip]) in [
        (VALID, VALID, [Ok(()); 3]),
        (VALID, UNKNOWN, [Ok(()); 3]),
        (UNKNOWN, VALID, [Ok(()), Ok(()), unproven]),
        (WITHOUT, UNKNOWN, [Ok(()), unproven, unproven]),
    ] {
        let card = proven(chip, certificate);
        check(Read, &card, read);
        check(Certificate, &card, by_certificate);
        check(Chip, &card, by_chip);
    }
}

#[test]
fn a_card_that_fails_a_proof_is_refused_whatever_the_profile_asks_for() {
    for reason in CardCheckReason::ALL {
        let failed = CardCheck::Invalid(reason);
        for card in [proven(failed, VALID), proven(VALID, failed), proven(failed, failed)] {
            for policy in [CardProofLevel::Read, CardProofLevel::Certificate, CardProofLevel::Chip] {
                check(policy, &card, Err(Refusal::HealthCardNotGenuine));
            }
        }
    }
}

#[test]
fn a_card_that_is_not_genuine_tells_nothing_of_the_person_whose_data_it_shows() {
    type Change = fn(&mut NewConcern);
    let told: [Change; 9] = [
        |it| it.iks.clear(),
        |it| said(it).account = AccountState::NotInsured,
        |it| said(it).account = AccountState::AppActive,
        |it| said(it).account = AccountState::Locked,
        |it| said(it).names_agree = false,
        |it| said(it).birth_date = DateAgreement::Differs,
        |it| said(it).card_number = CardNumberAnswer::Differs,
        |it| said(it).deceased = true,
        |it| it.subject.health_card.as_mut().unwrap().deactivated = true,
    ];
    for change in told {
        let forged = |it: &mut NewConcern| {
            it.subject.health_card = Some(proven(FAILED, VALID));
            change(it);
        };
        let mut desk = Desk::new();
        assert_eq!(desk.attempt(amsel_comes_with(forged)), Err(Refusal::HealthCardNotGenuine));
        let mut carer = Desk::new().after([carolinataube_comes()]);
        let ward = names_ward_with(1, BUNTSPECHT, forged);
        assert_eq!(carer.attempt(ward), Err(Refusal::HealthCardNotGenuine));
    }
}

#[test]
fn a_foreign_or_locked_card_is_told_as_what_it_is_before_it_has_proven_too_little() {
    let foreign = |it: &mut NewConcern| {
        it.subject.health_card = Some(proven(UNKNOWN, UNKNOWN));
        it.iks = vec!["108213958".into()];
    };
    assert_eq!(Desk::new().attempt(amsel_comes_with(foreign)), Err(Refusal::NotInsuredHere));
    let locked = HealthCard { deactivated: true, ..proven(UNKNOWN, UNKNOWN) };
    let locked = amsel_comes_with(shows_card(locked));
    assert_eq!(Desk::new().attempt(locked), Err(Refusal::CardDeactivated));
    let mistaken = |it: &mut NewConcern| {
        it.subject.health_card = Some(proven(UNKNOWN, UNKNOWN));
        said(it).names_agree = false;
    };
    assert_eq!(Desk::new().attempt(amsel_comes_with(mistaken)), Err(Refusal::HealthCardUnproven));
}

#[test]
fn after_an_unproven_card_the_visit_begins_by_number() {
    let mut desk = Desk::new();
    let unproven = amsel_comes_with(shows_card(proven(UNKNOWN, UNKNOWN)));
    assert_eq!(desk.attempt(unproven), Err(Refusal::HealthCardUnproven));
    let by_number = amsel_comes_with(without_chip(CardNumberAnswer::NotAsked));
    desk.after([by_number, chooses_app(1)]).after(passport(AMSEL)).after([matches()]).after(gives(1, 1));
}

#[test]
fn a_record_keeps_what_the_card_has_proven_and_in_what_state_it_was() {
    let desk = Desk::new().after([amsel_comes()]);
    let kept = desk.journal.iter().find_map(|it| match &it.event {
        Event::ConcernOpened { subject, .. } => subject.health_card.clone(),
        _ => None,
    });
    let kept = kept.unwrap();
    assert_eq!(kept.authenticity.level(), CardProofLevel::Chip);
    assert_eq!(kept.card_number_tail.len(), 4, "no more than the last four digits");
    assert_eq!(Some(&kept), desk.concern(1).subject.health_card.as_ref());
}

#[test]
fn the_number_of_a_card_that_can_not_be_read_is_compared_by_the_service() {
    for asks in [CardNumberAsk::WithoutChip, CardNumberAsk::Always] {
        let desk = || Desk::new().with(|policy| policy.card_number.ask = asks);
        for answer in [CardNumberAnswer::Agrees, CardNumberAnswer::NotAsked] {
            let desk = desk().after([amsel_comes_with(without_chip(answer)), chooses_app(1)]);
            assert_eq!(desk.concern(1).register.unwrap().card_number, answer);
        }
        let differs = || without_chip(CardNumberAnswer::Differs);
        assert_eq!(desk().attempt(amsel_comes_with(differs())), Err(Refusal::DataMismatch));
        let mut carer = desk().after([carolinataube_comes()]);
        assert_eq!(carer.attempt(names_ward_with(1, BUNTSPECHT, differs())), Err(Refusal::DataMismatch));
    }
}

#[test]
fn where_the_profile_always_asks_the_purpose_waits_for_the_number_on_the_cards_back() {
    let mut desk = Desk::new().with(always_asks).after([amsel_comes()]);
    assert!(desk.concern(1).card_number_missing(&desk.policy));
    assert_eq!(desk.attempt(chooses_app(1)), Err(Refusal::NotYet));
    let mut desk = desk.after([compares_card_number(1, true)]);
    assert!(desk.concern(1).card_number_agrees && !desk.concern(1).card_number_missing(&desk.policy));
    assert_eq!(desk.attempt(chooses_app(1)), Ok(()));
}

#[test]
fn a_mistyped_card_number_leaves_no_trace_and_is_typed_again() {
    let mut desk = Desk::new().with(always_asks).after([amsel_comes()]);
    let before = desk.journal.clone();
    for _ in 0..3 {
        assert_eq!(desk.attempt(compares_card_number(1, false)), Err(Refusal::DataMismatch));
    }
    assert_eq!(desk.journal, before);
    desk.after([compares_card_number(1, true), chooses_app(1)]);
}

#[test]
fn a_card_number_that_nobody_asks_for_is_not_recorded() {
    for ask in [CardNumberAsk::Never, CardNumberAsk::WithoutChip] {
        let mut desk = Desk::new().with(|policy| policy.card_number.ask = ask).after([amsel_comes()]);
        assert_eq!(desk.attempt(compares_card_number(1, true)), Err(Refusal::NotNow));
    }
    let no_chip = amsel_comes_with(without_chip(CardNumberAnswer::NotAsked));
    let mut desk = Desk::new().with(always_asks).after([no_chip]);
    assert_eq!(desk.attempt(compares_card_number(1, true)), Err(Refusal::NotNow));
    let twice = compares_card_number(1, true);
    let mut desk = Desk::new().with(always_asks).after([amsel_comes(), twice.clone()]);
    assert_eq!(desk.attempt(twice), Err(Refusal::NotNow));
}

#[test]
fn what_the_service_says_of_the_chips_number_does_not_stand_for_the_cards_print() {
    let agrees = |it: &mut NewConcern| said(it).card_number = CardNumberAnswer::Agrees;
    let mut desk = Desk::new().with(always_asks).after([amsel_comes_with(agrees)]);
    assert_eq!(desk.attempt(chooses_app(1)), Err(Refusal::NotYet));
}

#[test]
fn a_carers_own_card_is_compared_as_anybodys_and_a_wards_deed_needs_no_card_number() {
    let mut desk = Desk::new().with(always_asks).after([carolinataube_comes(), names_themselves(1)]);
    assert_eq!(desk.attempt(chooses_app(1)), Err(Refusal::NotYet));
    desk.after([compares_card_number(1, true), chooses_app(1)]);
    let ward = names_ward(1, BUNTSPECHT);
    Desk::new().with(always_asks).after([carolinataube_comes(), ward, shows_deed(1)]);
}

#[test]
fn where_the_profile_offers_it_whoever_has_the_card_may_show_that_they_know_its_pin() {
    let mut desk = Desk::new().with(offers_pin).after([comes_with_certificate()]);
    assert!(desk.concern(1).possession_provable(&desk.policy) && !desk.concern(1).possession_proven);
    assert_eq!(desk.attempt(types_pin(1, AMSEL)), Ok(()));
    assert!(desk.concern(1).possession_proven);
    assert_eq!(desk.attempt(types_pin(1, AMSEL)), Err(Refusal::NotNow), "once is enough");
    desk.after([chooses_app(1)]).after(passport(AMSEL)).after([matches()]).after(gives(1, 1));
}

#[test]
fn nobody_needs_the_pin() {
    let desk = Desk::new().with(offers_pin).after([amsel_comes(), chooses_app(1)]);
    desk.after(passport(AMSEL)).after([matches()]).after(gives(1, 1));
}

#[test]
fn a_pin_that_nobody_asks_for_proves_nothing() {
    let attempt = |mut desk: Desk| desk.attempt(types_pin(1, AMSEL));
    assert_eq!(attempt(Desk::new().after([comes_with_certificate()])), Err(Refusal::NotNow), "the profile");
    let no_card = amsel_comes_with(without_chip(CardNumberAnswer::NotAsked));
    assert_eq!(attempt(Desk::new().with(offers_pin).after([no_card])), Err(Refusal::NotNow), "no card");
    // The signature is verified with the certificate's key: without a proven certificate it names nobody.
    for certificate in [UNKNOWN, WITHOUT] {
        let card = amsel_comes_with(shows_card(proven(VALID, certificate)));
        assert_eq!(attempt(Desk::new().with(offers_pin).after([card])), Err(Refusal::NotNow), "certificate");
    }
}

#[test]
fn a_card_that_was_changed_meanwhile_proves_nothing() {
    let mut desk = Desk::new().with(offers_pin).after([comes_with_certificate()]);
    assert_eq!(desk.attempt(types_pin(1, BUNTSPECHT)), Err(Refusal::DataMismatch));
    assert!(!desk.concern(1).possession_proven);
}

#[test]
fn a_carer_does_not_type_the_pin_of_those_whom_they_act_for() {
    let mut desk = Desk::new().with(offers_pin).after([carolinataube_comes(), names_ward(1, BUNTSPECHT)]);
    assert_eq!(desk.attempt(types_pin(1, BUNTSPECHT)), Err(Refusal::NotNow));
}
