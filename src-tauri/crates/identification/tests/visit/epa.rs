//! The electronic health record: the purpose that asks for most.

use identification::{
    AccountState, CardCheck, CardCheckReason, CodeState, ConcernState, HealthCard, Level, NewConcern, Policy,
    Purpose, Refusal, RefusalReason,
};

use crate::{
    desk::{
        Desk, always_asks, amsel_for_epa, came_for_epa, chooses_app, chooses_epa, colleague_looks,
        compares_card_number, gives, issues, matches, offers_epa, passport,
    },
    people::{
        AMSEL, BUNTSPECHT, amsel_comes, amsel_comes_with, carolinataube_comes, names_themselves, names_ward,
        proven, said, shows_deed,
    },
};

const UNPROVEN: CardCheck = CardCheck::NotVerifiable(CardCheckReason::UnknownIssuer);

fn desk() -> Desk {
    Desk::new().with(offers_epa)
}

fn with_card(card: Option<HealthCard>) -> impl FnOnce(&mut NewConcern) {
    move |it| it.subject.health_card = card
}

fn with_account(account: AccountState) -> impl FnOnce(&mut NewConcern) {
    move |it| said(it).account = account
}

/// The profile trusts two people with the level high.
fn two_reach_high(policy: &mut Policy) {
    policy.second_look_reaches_high = true;
}

fn looked_at() -> Desk {
    amsel_for_epa().with(two_reach_high).after(passport(AMSEL)).after([matches()])
}

#[test]
fn a_genuine_card_a_complete_checklist_and_a_second_person_open_the_record() {
    let desk = looked_at().after([colleague_looks()]).after(gives(1, 1));
    assert_eq!((desk.code_state(1), desk.code(1).level), (CodeState::HandedOver, Level::High));
    assert_eq!(desk.concern(1).purpose, Some(Purpose::Epa));
}

#[test]
fn without_a_health_card_nobody_opens_a_record() {
    let mut desk = desk().after([amsel_comes_with(with_card(None))]);
    assert_eq!(desk.attempt(chooses_epa(1)), Err(Refusal::HealthCardNeeded));
    assert_eq!(desk.attempt(chooses_app(1)), Ok(()), "anything else goes on");
}

#[test]
fn the_card_is_asked_for_again_when_the_code_is_issued() {
    let no_card = desk().with(two_reach_high).after([amsel_comes_with(with_card(None))]);
    let mut desk = no_card.told(came_for_epa(1)).after(passport(AMSEL)).after([matches(), colleague_looks()]);
    assert_eq!((desk.level(), desk.attempt(issues(1, 1))), (Level::High, Err(Refusal::HealthCardNeeded)));
}

#[test]
fn a_card_that_only_has_a_certificate_opens_no_record() {
    for card in [proven(UNPROVEN, CardCheck::Valid), proven(UNPROVEN, UNPROVEN)] {
        let least = |policy: &mut Policy| policy.health_card_proof = identification::CardProofLevel::Read;
        let mut desk = desk().with(least).after([amsel_comes_with(with_card(Some(card)))]);
        assert_eq!(desk.attempt(chooses_epa(1)), Err(Refusal::HealthCardNeeded));
    }
}

#[test]
fn no_record_is_opened_without_a_second_look_even_if_a_profile_forgets_it() {
    for asked in [true, false] {
        let mut desk = looked_at().with(|policy| policy.purposes[2].second_look = asked);
        assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::SecondPersonNeeded));
        assert_eq!(desk.after([colleague_looks()]).attempt(issues(1, 1)), Ok(()));
    }
}

#[test]
fn two_people_open_no_record_where_the_profile_does_not_trust_them_with_the_level() {
    let desk = amsel_for_epa().after(passport(AMSEL)).after([matches()]);
    assert_eq!(desk.after([colleague_looks()]).attempt(issues(1, 1)), Err(Refusal::LevelTooLow));
}

#[test]
fn whose_app_is_active_already_comes_for_the_record_and_for_nothing_else() {
    let mut desk = desk().after([amsel_comes_with(with_account(AccountState::AppActive))]);
    assert_eq!(desk.attempt(chooses_app(1)), Err(Refusal::AppActiveAlready));
    assert_eq!(desk.attempt(chooses_epa(1)), Ok(()));
}

#[test]
fn whose_app_is_active_already_is_told_so_at_once_if_nothing_else_is_possible() {
    let active = |it: &mut NewConcern| said(it).account = AccountState::AppActive;
    let without_card = |it: &mut NewConcern| {
        active(it);
        it.subject.health_card = None;
    };
    assert_eq!(desk().attempt(amsel_comes_with(without_card)), Err(Refusal::AppActiveAlready));
    assert_eq!(Desk::new().attempt(amsel_comes_with(active)), Err(Refusal::AppActiveAlready));
    // A desk that offers nothing but the record asks for the card.
    let mut record_only = desk().with(|policy| policy.purposes.retain(|rule| rule.purpose == Purpose::Epa));
    assert_eq!(record_only.attempt(amsel_comes_with(without_card)), Err(Refusal::HealthCardNeeded));
}

#[test]
fn a_record_needs_an_account_as_every_purpose_does() {
    for (account, refusal) in [
        (AccountState::None, Refusal::AccountNotRegistered),
        (AccountState::Locked, Refusal::AccountLocked),
        (AccountState::NotInsured, Refusal::NotInsuredHere),
    ] {
        assert_eq!(desk().attempt(amsel_comes_with(with_account(account))), Err(refusal));
    }
    let deceased = amsel_comes_with(|it| said(it).deceased = true);
    assert_eq!(desk().attempt(deceased), Err(Refusal::DataMismatch));
}

#[test]
fn the_cards_number_is_typed_for_a_record_as_for_an_app() {
    let mut desk = desk().with(always_asks).after([amsel_comes()]);
    assert_eq!(desk.attempt(chooses_epa(1)), Err(Refusal::NotYet));
    desk.after([compares_card_number(1, true), chooses_epa(1)]);
}

#[test]
fn a_reservation_of_consent_refuses_the_record() {
    let reserved = amsel_comes_with(|it| said(it).consent_reserved = true);
    let desk = desk().after([reserved, chooses_epa(1)]);
    assert_eq!(desk.state(1), ConcernState::Refused(RefusalReason::ConsentReserved));
}

#[test]
fn a_carer_opens_nobodys_record_not_even_their_own() {
    let carer = || desk().after([carolinataube_comes()]);
    let mut for_a_ward = carer().after([names_ward(1, BUNTSPECHT)]);
    assert_eq!(for_a_ward.attempt(chooses_epa(1)), Err(Refusal::NotNow));
    assert_eq!(for_a_ward.after([shows_deed(1)]).attempt(chooses_epa(1)), Err(Refusal::NotNow));
    assert_eq!(carer().after([names_themselves(1)]).attempt(chooses_epa(1)), Err(Refusal::NotNow));
}

#[test]
fn a_desk_that_does_not_offer_the_record_opens_none() {
    let mut desk = Desk::new().after([amsel_comes()]);
    assert_eq!(desk.attempt(chooses_epa(1)), Err(Refusal::PurposeNotOffered));
}
