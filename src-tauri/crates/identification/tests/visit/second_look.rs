//! Four eyes: who looks a second time, at what, and who may not.

use identification::{CheckAnswer, Command, FaceAnswer, Level, Refusal};

use crate::{
    desk::{
        amsel, amsel_proven, answers, carer_proven, carer_seconded, colleague_looks, face, issues, looks,
        matches, names, passport, presents,
    },
    people::{AMSEL, CAROLINATAUBE, CLERK, COLLEAGUE, DOHLE, amsel_comes_with, names_ward, said, shows_deed},
};

#[test]
fn a_representation_always_needs_a_second_person_even_if_a_profile_forgets_it() {
    let mut desk =
        carer_proven().with(|policy| policy.purposes.iter_mut().for_each(|it| it.second_look = false));
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::SecondPersonNeeded));
    assert_eq!(desk.after([colleague_looks()]).attempt(issues(1, 1)), Ok(()));
}

#[test]
fn the_second_person_is_never_the_clerk() {
    assert_eq!(carer_proven().attempt(looks(CLERK, FaceAnswer::Matches)), Err(Refusal::SeparationOfDuties));
}

#[test]
fn the_second_look_comes_after_document_and_face() {
    let commands = passport(AMSEL);
    for done in 0..=commands.len() {
        let mut desk = amsel().after(commands.iter().take(done).cloned());
        assert_eq!(desk.attempt(colleague_looks()), Err(Refusal::NotYet), "after {done} steps");
    }
}

#[test]
fn one_look_covers_all_deeds() {
    let mut desk = carer_proven().after([names_ward(2, DOHLE), shows_deed(2), colleague_looks()]);
    assert_eq!(desk.visit.acting().unwrap().second_look.as_ref().unwrap().concerns.len(), 2);
    assert_eq!(desk.attempt(issues(2, 1)), Ok(()));
}

#[test]
fn a_deed_that_is_added_later_needs_another_look_for_all() {
    let mut desk = carer_seconded().after([names_ward(2, DOHLE), shows_deed(2)]);
    for number in [1, 2] {
        assert_eq!(desk.attempt(issues(number, 1)), Err(Refusal::SecondPersonNeeded));
    }
    assert_eq!(desk.after([colleague_looks()]).attempt(issues(2, 1)), Ok(()));
}

#[test]
fn another_deed_for_the_same_person_needs_another_look() {
    let mut desk = carer_seconded().after([shows_deed(1)]);
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::SecondPersonNeeded));
    assert_eq!(desk.after([colleague_looks()]).attempt(issues(1, 1)), Ok(()));
}

#[test]
fn another_document_needs_another_look() {
    let desk = carer_seconded().after(passport(CAROLINATAUBE)).after([matches()]);
    assert_eq!(desk.visit.acting().unwrap().second_look, None);
}

#[test]
fn a_withdrawn_concern_needs_no_look() {
    let withdraw = Command::WithdrawConcern { concern: crate::people::concern(2) };
    let mut desk = carer_seconded().after([names_ward(2, DOHLE), shows_deed(2), withdraw]);
    assert_eq!(desk.attempt(issues(1, 1)), Ok(()));
}

#[test]
fn what_the_second_person_has_seen_is_not_changed_behind_their_back() {
    let mut desk = carer_seconded();
    for command in
        [answers("uv", CheckAnswer::Unclear), names(CheckAnswer::Pass), Command::ConfirmDocument, matches()]
    {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
}

#[test]
fn a_second_persons_no_or_doubt_is_final() {
    for answer in [FaceAnswer::DoesNotMatch, FaceAnswer::Doubt] {
        let mut desk = carer_proven().after([looks(COLLEAGUE, answer)]);
        let denied = Err(Refusal::IdentityNotEstablished);
        for command in [
            colleague_looks(),
            looks("s-4713", FaceAnswer::Matches),
            presents("reisepass", CAROLINATAUBE),
            names_ward(2, DOHLE),
            issues(1, 1),
        ] {
            assert_eq!(desk.attempt(command), denied);
        }
        assert_eq!((desk.level(), desk.level_on_the_way()), (Level::None, Level::None));
    }
}

#[test]
fn a_sign_from_elsewhere_asks_for_two_people() {
    let mut desk = crate::desk::Desk::new()
        .after([amsel_comes_with(|it| said(it).second_look = true), crate::desk::chooses_app(1)])
        .after(passport(AMSEL))
        .after([matches()]);
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::SecondPersonNeeded));
    assert_eq!(desk.after([colleague_looks()]).attempt(issues(1, 1)), Ok(()));
}

#[test]
fn a_purpose_for_which_the_profile_asks_it_needs_two_people() {
    let mut desk = amsel_proven().with(|policy| policy.purposes[0].second_look = true);
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::SecondPersonNeeded));
}

#[test]
fn a_doubt_stays_a_doubt_though_the_answer_is_corrected_or_another_document_is_shown() {
    let corrected = amsel()
        .after(passport(AMSEL))
        .after([
            answers("uv", CheckAnswer::Unclear),
            answers("uv", CheckAnswer::Pass),
            Command::ConfirmDocument,
        ])
        .after([matches()]);
    let shown_again = amsel()
        .after(passport(AMSEL))
        .after([face(FaceAnswer::Doubt)])
        .after(passport(AMSEL))
        .after([matches()]);
    for mut desk in [corrected, shown_again] {
        assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::SecondPersonNeeded));
        assert_eq!(desk.after([colleague_looks()]).attempt(issues(1, 1)), Ok(()));
    }
}
