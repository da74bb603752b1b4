//! Ways to get a code into the wrong hand, tried by a clerk who is careless, pressed or corrupt: each is shut.

use identification::{CheckAnswer, Command, Name, Refusal, names_agree};

use crate::{
    desk::{
        Desk, answers, carer_proven, carer_seconded, chooses_app, colleague_looks, issues, matches, passport,
        presents,
    },
    people::{
        AMSEL, BUNTSPECHT, CAROLINATAUBE, NAMESAKE, carolinataube_comes, names_themselves, names_ward,
        names_ward_with, shows_deed,
    },
};

#[test]
fn a_carer_does_not_activate_a_wards_own_app_with_or_without_a_deed() {
    let desk = || Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT)]);
    assert_eq!(desk().attempt(chooses_app(1)), Err(Refusal::NotTheirOwn));
    assert_eq!(desk().after([shows_deed(1)]).attempt(chooses_app(1)), Err(Refusal::NotTheirOwn));
    assert_eq!(carer_seconded().attempt(chooses_app(1)), Err(Refusal::NotTheirOwn));
}

#[test]
fn a_ward_of_the_carers_own_name_is_not_the_carer() {
    // With a deed, nothing but access as a representative.
    let desk = || Desk::new().after([carolinataube_comes(), names_ward(1, NAMESAKE)]);
    assert_eq!(desk().after([shows_deed(1)]).attempt(chooses_app(1)), Err(Refusal::NotTheirOwn));
    // Without one, the document's birth date tells.
    let mut passed_off = desk().after([chooses_app(1)]);
    assert_eq!(passed_off.attempt(presents("reisepass", CAROLINATAUBE)), Err(Refusal::BirthDateDiffers));
}

#[test]
fn a_namesake_who_is_added_after_the_document_has_the_document_shown_anew() {
    let passed_off = names_ward_with(2, NAMESAKE, |it| it.own = true);
    let mut desk = carer_proven().after([passed_off, chooses_app(2)]);
    assert_eq!(desk.visit.acting().unwrap().document, None);
    assert_eq!(desk.attempt(issues(2, 1)), Err(Refusal::NotYet));
    assert_eq!(desk.attempt(presents("reisepass", CAROLINATAUBE)), Err(Refusal::BirthDateDiffers));
}

#[test]
fn the_carers_own_concern_may_come_late_but_the_document_is_shown_anew() {
    let mut desk = carer_seconded().after([names_themselves(2), chooses_app(2)]);
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::NotYet));
    let mut desk = desk.after(passport(CAROLINATAUBE)).after([matches(), colleague_looks()]);
    assert_eq!(desk.attempt(issues(2, 1)), Ok(()));
}

#[test]
fn a_carers_own_concern_of_unknown_birth_date_is_nobodys() {
    let undated = names_ward_with(1, CAROLINATAUBE, |it| {
        it.own = true;
        it.subject.person.birth_date = None;
    });
    let mut desk = Desk::new().after([carolinataube_comes(), undated, chooses_app(1)]);
    assert_eq!(desk.attempt(presents("reisepass", CAROLINATAUBE)), Err(Refusal::BirthDateDiffers));
}

#[test]
fn somebody_of_another_name_is_not_added_as_the_carer_themselves() {
    let mut desk = Desk::new().after([carolinataube_comes()]);
    let passed_off = names_ward_with(1, AMSEL, |it| it.own = true);
    assert_eq!(desk.attempt(passed_off), Err(Refusal::NotTheirOwn));
}

#[test]
fn names_that_can_not_be_spelled_agree_with_nothing() {
    let name = |given_names: &str, family_name: &str| Name {
        title: None,
        given_names: given_names.into(),
        suffix: None,
        prefix: None,
        family_name: family_name.into(),
    };
    for (one, other) in [(name("Иван", "Петров"), name("Мария", "Иванова")), (name("", ""), name("", ""))]
    {
        assert!(!names_agree(&one, &other));
    }
}

#[test]
fn a_concern_does_not_take_another_ones_place() {
    let mut desk = Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows_deed(1)]);
    assert_eq!(desk.attempt(names_ward(1, AMSEL)), Err(Refusal::TooManyConcerns));
}

#[test]
fn nobody_joins_a_visit_after_its_first_code() {
    let mut desk = carer_seconded().after([issues(1, 1)]);
    for command in
        [names_ward(2, AMSEL), names_themselves(2), shows_deed(1), answers("uv", CheckAnswer::Pass)]
    {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
}

#[test]
fn a_new_visit_does_not_begin_inside_another() {
    let mut desk = carer_seconded();
    assert_eq!(desk.attempt(carolinataube_comes()), Err(Refusal::NotNow));
    assert_eq!(desk.attempt(crate::people::amsel_comes()), Err(Refusal::NotNow));
    assert_eq!(Desk::new().attempt(Command::End), Err(Refusal::NotNow));
}
