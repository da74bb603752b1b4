//! A carer with several people in one visit.

use identification::{
    AccountState, CodeState, Command, ConcernState, MAX_CONCERNS, Purpose, Refusal, RefusalReason,
    RepresentativeAccount, SeenAs, Stage,
};

use crate::{
    desk::{Desk, carer_proven, chooses_app, colleague_looks, gives, issues, matches, passport, presents},
    people::{
        AMSEL, BUNTSPECHT, CAROLINATAUBE, DOHLE, carolinataube_comes, deed, names_themselves, names_ward,
        names_ward_with, on_file, said, shows, shows_deed,
    },
};

#[test]
fn of_two_wards_one_is_refused_and_the_visit_goes_on_and_ends() {
    let mut copy = deed();
    copy.seen_as = SeenAs::Copy;
    let desk = Desk::new()
        .after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows(1, copy, on_file())])
        .after([names_ward(2, DOHLE), shows_deed(2)])
        .after(passport(CAROLINATAUBE))
        .after([matches(), colleague_looks()])
        .after(gives(2, 1))
        .after([Command::End]);
    assert_eq!(desk.state(1), ConcernState::Refused(RefusalReason::DeedCopyOnly));
    assert!(desk.concern(1).codes.is_empty(), "a refused concern gets no code");
    assert_eq!((desk.code_state(2), desk.visit.stage), (CodeState::HandedOver, Stage::Ended));
}

#[test]
fn a_refused_concern_gets_no_code_though_the_carer_is_proven() {
    let mut copy = deed();
    copy.seen_as = SeenAs::Copy;
    let mut desk = carer_proven().after([names_ward(2, DOHLE), shows(2, copy, on_file()), colleague_looks()]);
    assert_eq!(desk.attempt(issues(2, 1)), Err(Refusal::NotNow));
    assert_eq!(desk.attempt(issues(1, 1)), Ok(()));
}

#[test]
fn all_wards_refused_ends_the_visit_without_a_look_at_any_document() {
    let mut copy = deed();
    copy.seen_as = SeenAs::Copy;
    let mut desk =
        Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows(1, copy, on_file())]);
    assert_eq!(desk.attempt(presents("reisepass", CAROLINATAUBE)), Err(Refusal::NotYet));
    assert_eq!(desk.attempt(Command::End), Ok(()));
}

#[test]
fn two_wards_get_their_codes_one_sheet_after_the_other_from_one_identification() {
    let mut desk =
        carer_proven().after([names_ward(2, DOHLE), shows_deed(2), colleague_looks(), issues(1, 1)]);
    assert_eq!(desk.attempt(issues(2, 2)), Err(Refusal::NotNow), "one sheet in the tray at a time");
    let desk = desk.after(gives(1, 1).into_iter().skip(1)).after(gives(2, 2)).after([Command::End]);
    assert_eq!([desk.code_state(1), desk.code_state(2)], [CodeState::HandedOver; 2]);
    assert_eq!(desk.visit.identifications.len(), 1);
}

#[test]
fn a_carers_own_code_and_a_wards_are_two_concerns_of_one_visit() {
    let desk = Desk::new()
        .after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows_deed(1)])
        .after([names_themselves(2), chooses_app(2)])
        .after(passport(CAROLINATAUBE))
        .after([matches(), colleague_looks()])
        .after(gives(2, 1))
        .after(gives(1, 2))
        .after([Command::End]);
    let purposes = [1, 2].map(|number| desk.concern(number).purpose);
    assert_eq!(purposes, [Some(Purpose::RepresentativeAccess), Some(Purpose::AppActivation)]);
    assert!(desk.concern(1).visit_number.is_none() && desk.concern(2).representation.is_none());
}

#[test]
fn a_carers_own_account_is_held_to_what_everybodys_is() {
    for (account, refusal) in [
        (AccountState::None, Refusal::AccountNotRegistered),
        (AccountState::AppActive, Refusal::AppActiveAlready),
    ] {
        let mut desk = Desk::new().after([carolinataube_comes()]);
        let themselves = names_ward_with(1, CAROLINATAUBE, |it| {
            it.own = true;
            said(it).account = account;
        });
        assert_eq!(desk.attempt(themselves), Err(refusal));
    }
}

#[test]
fn a_wards_account_may_be_in_any_state_for_access_as_a_representative() {
    for account in [AccountState::None, AccountState::Registered, AccountState::AppActive] {
        let ward = names_ward_with(1, BUNTSPECHT, |it| said(it).account = account);
        let desk = Desk::new().after([carolinataube_comes(), ward, shows_deed(1)]);
        assert_eq!(desk.state(1), ConcernState::Open, "{account:?}");
    }
}

#[test]
fn a_ward_who_still_has_no_deed_does_not_stand_in_the_way_of_the_carers_document() {
    let desk = Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows_deed(1)]);
    let mut desk = desk.after([names_ward(2, DOHLE)]).after(passport(CAROLINATAUBE)).after([matches()]);
    assert_eq!(
        desk.attempt(issues(1, 1)),
        Err(Refusal::NotYet),
        "every concern is settled before the first code"
    );
    assert_eq!(desk.after([shows_deed(2), colleague_looks()]).attempt(issues(1, 1)), Ok(()));
}

#[test]
fn nobody_comes_with_a_locked_representatives_account() {
    let Command::Open(mut opening) = carolinataube_comes() else { panic!("an opening") };
    let identification::Acting::Representative { account, .. } = &mut opening.acting else {
        panic!("a carer")
    };
    *account = RepresentativeAccount::Locked;
    assert_eq!(Desk::new().attempt(Command::Open(opening)), Err(Refusal::AccountLocked));
}

#[test]
fn the_service_confirms_a_carers_birth_date_since_the_desk_is_not_told_it() {
    let mut desk = Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows_deed(1)]);
    let unknown = Command::PresentDocument {
        document_type: "reisepass".into(),
        birth_date: CAROLINATAUBE.born,
        register_agrees: false,
        expiry: Some(crate::desk::TODAY),
    };
    assert_eq!(desk.attempt(unknown), Err(Refusal::BirthDateDiffers));
}

#[test]
fn nobody_stands_twice_in_one_visit_but_who_was_withdrawn_can_come_back() {
    let mut desk = Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT)]);
    assert_eq!(desk.attempt(names_ward(2, BUNTSPECHT)), Err(Refusal::TooManyConcerns));
    let withdraw = Command::WithdrawConcern { concern: crate::people::concern(1) };
    let mut desk = desk.after([withdraw]);
    assert_eq!(desk.attempt(names_ward(2, BUNTSPECHT)), Ok(()));
    assert_eq!(desk.state(1), ConcernState::Withdrawn);
}

#[test]
fn a_visit_has_ten_concerns_at_most_refused_and_withdrawn_ones_included() {
    let mut desk = Desk::new().after([carolinataube_comes()]);
    for number in 1..=MAX_CONCERNS as u128 {
        let withdraw = Command::WithdrawConcern { concern: crate::people::concern(number) };
        desk = desk.after([names_ward(number, AMSEL), withdraw]);
    }
    assert_eq!(desk.attempt(names_ward(99, AMSEL)), Err(Refusal::TooManyConcerns));
}
