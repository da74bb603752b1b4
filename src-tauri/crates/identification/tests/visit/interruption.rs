//! Visits that were interrupted: who goes on, until when, and what is repeated.

use identification::{CheckAnswer, Command, FaceAnswer, Refusal, ReviewOutcome, VoidReason};
use jiff::ToSpan;

use crate::{
    desk::{
        amsel, amsel_proven, answers, carer_proven, carer_seconded, code, colleague_looks, face, gives,
        issues, looks, matches, passport, reviews, voids,
    },
    people::{
        AMSEL, CLERK, COLLEAGUE, DOHLE, OTHER_SUPERVISOR, SUPERVISOR, clerk, names_ward, shows_deed,
        supervisor,
    },
};

fn resumes(by: &str) -> Command {
    Command::Resume { by: clerk(by) }
}

fn takes_over(by: &str) -> Command {
    Command::TakeOver { by: supervisor(by) }
}

#[test]
fn the_same_clerk_goes_on_within_fifteen_minutes_and_not_a_second_later() {
    assert_eq!(amsel_proven().later(15.minutes()).attempt(resumes(CLERK)), Ok(()));
    let late = 15.minutes().seconds(1);
    assert_eq!(amsel_proven().later(late).attempt(resumes(CLERK)), Err(Refusal::NotResumable));
    assert_eq!(amsel_proven().later(-1.second()).attempt(resumes(CLERK)), Err(Refusal::NotResumable));
}

#[test]
fn another_clerk_does_not_go_on() {
    assert_eq!(amsel_proven().attempt(resumes(COLLEAGUE)), Err(Refusal::NotResumable));
}

#[test]
fn document_in_hand_and_face_are_repeated_and_what_was_looked_at_stays() {
    let mut desk = amsel_proven().after([resumes(CLERK)]);
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::NotYet));
    assert_eq!(desk.attempt(matches()), Err(Refusal::NotYet), "first the document, then the face");
    assert_eq!(desk.after([Command::ConfirmDocument, matches()]).attempt(issues(1, 1)), Ok(()));
}

#[test]
fn what_a_second_person_saw_stays_seen_when_the_clerk_has_repeated_their_part() {
    let mut desk = carer_seconded().after([resumes(CLERK)]);
    assert_eq!(desk.attempt(answers("uv", CheckAnswer::Pass)), Err(Refusal::NotNow));
    assert_eq!(desk.after([Command::ConfirmDocument, matches()]).attempt(issues(1, 1)), Ok(()));
}

#[test]
fn the_second_ward_is_served_after_an_interruption_too() {
    let two =
        || carer_proven().after([names_ward(2, DOHLE), shows_deed(2), colleague_looks()]).after(gives(1, 1));
    let mut desk = two().after([resumes(CLERK)]);
    assert_eq!(desk.attempt(issues(2, 2)), Err(Refusal::NotYet));
    assert_eq!(desk.attempt(answers("uv", CheckAnswer::Fail)), Err(Refusal::NotNow), "the rest stays closed");
    desk.after([Command::ConfirmDocument, matches()]).after(gives(2, 2)).after([Command::End]);

    let mut somebody_else =
        two().after([resumes(CLERK), Command::ConfirmDocument, face(FaceAnswer::DoesNotMatch)]);
    assert_eq!(somebody_else.attempt(issues(2, 2)), Err(Refusal::IdentityNotEstablished));
    let withdraw = Command::WithdrawConcern { concern: crate::people::concern(2) };
    somebody_else.after([withdraw, Command::End]);
}

#[test]
fn a_doubt_after_an_interruption_is_settled_by_a_look_after_it() {
    let desk = carer_seconded().after([resumes(CLERK), Command::ConfirmDocument, face(FaceAnswer::Doubt)]);
    let mut replaced = amsel_proven().after([issues(1, 1), voids(VoidReason::PrintFailed), resumes(CLERK)]);
    replaced = replaced.after([Command::ConfirmDocument, face(FaceAnswer::Doubt)]);
    for mut desk in [desk, replaced] {
        assert_eq!(desk.attempt(issues(1, 2)), Err(Refusal::SecondPersonNeeded));
        assert_eq!(desk.after([colleague_looks()]).attempt(issues(1, 2)), Ok(()));
    }
}

#[test]
fn an_interruption_makes_no_doubt_and_no_no_forgotten() {
    let doubted = amsel().after(passport(AMSEL)).after([face(FaceAnswer::Doubt), resumes(CLERK)]);
    let mut doubted = doubted.after([Command::ConfirmDocument, matches()]);
    assert_eq!(doubted.attempt(issues(1, 1)), Err(Refusal::SecondPersonNeeded));

    let mut denied = amsel().after(passport(AMSEL)).after([face(FaceAnswer::DoesNotMatch)]);
    for command in [resumes(CLERK), takes_over(SUPERVISOR), matches()] {
        assert_eq!(denied.attempt(command), Err(Refusal::IdentityNotEstablished));
    }
}

#[test]
fn a_sheet_in_the_tray_is_voided_before_anybody_goes_on() {
    for printed in [vec![], vec![Command::Printed]] {
        let mut desk = amsel_proven().after([issues(1, 1)]).after(printed);
        for command in [resumes(CLERK), takes_over(SUPERVISOR)] {
            assert_eq!(desk.attempt(command), Err(Refusal::NotResumable));
        }
        assert_eq!(desk.after([voids(VoidReason::Interrupted)]).attempt(resumes(CLERK)), Ok(()));
    }
}

#[test]
fn a_code_that_the_desk_voids_by_itself_does_not_keep_an_interrupted_visit_alive() {
    for reason in [VoidReason::Interrupted, VoidReason::TrayTimeout] {
        let desk = amsel_proven().after([issues(1, 1)]).later(14.minutes()).after([voids(reason)]);
        assert_eq!(desk.later(2.minutes()).attempt(resumes(CLERK)), Err(Refusal::NotResumable));
    }
}

#[test]
fn the_services_late_answer_does_not_keep_an_interrupted_visit_alive() {
    let accepted = Command::ServiceAccepted { code: code(1) };
    let desk =
        carer_proven().after([names_ward(2, DOHLE), shows_deed(2), colleague_looks()]).after(gives(1, 1));
    let mut desk = desk.later(14.minutes()).after([accepted]).later(2.minutes());
    assert_eq!(desk.attempt(resumes(CLERK)), Err(Refusal::NotResumable));
}

#[test]
fn a_supervisor_takes_over_in_time_and_looks_at_document_and_face_themselves() {
    let mut desk = amsel_proven().after([takes_over(SUPERVISOR)]);
    assert_eq!(desk.visit.operator, Some(crate::people::operator(SUPERVISOR)));
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::NotYet));
    assert_eq!(desk.after([Command::ConfirmDocument, matches()]).attempt(issues(1, 1)), Ok(()));
    let mut late = amsel_proven().later(16.minutes());
    assert_eq!(late.attempt(takes_over(SUPERVISOR)), Err(Refusal::NotResumable));
}

#[test]
fn only_a_supervisor_takes_over_and_not_from_themselves() {
    let mut desk = amsel_proven();
    assert_eq!(desk.attempt(Command::TakeOver { by: clerk(COLLEAGUE) }), Err(Refusal::SupervisorNeeded));
    assert_eq!(desk.attempt(takes_over(CLERK)), Err(Refusal::SeparationOfDuties));
}

#[test]
fn who_looked_second_does_not_take_over_even_if_that_look_was_replaced() {
    let looked = || carer_proven().after([looks(SUPERVISOR, FaceAnswer::Matches)]);
    let replaced = looked().after([shows_deed(1), colleague_looks()]);
    for mut desk in [looked(), replaced] {
        assert_eq!(desk.attempt(takes_over(SUPERVISOR)), Err(Refusal::SeparationOfDuties));
    }
}

#[test]
fn after_a_take_over_neither_operator_is_the_second_person_or_the_reviewer() {
    let mut desk = carer_proven().after([takes_over(SUPERVISOR), Command::ConfirmDocument, matches()]);
    for operator in [CLERK, SUPERVISOR] {
        assert_eq!(desk.attempt(looks(operator, FaceAnswer::Matches)), Err(Refusal::SeparationOfDuties));
    }
    let mut desk = desk.after([colleague_looks()]).after(gives(1, 1)).after([Command::End]);
    for took_part in [CLERK, SUPERVISOR, COLLEAGUE] {
        let review = reviews(supervisor(took_part), ReviewOutcome::Agree);
        assert_eq!(desk.attempt(review), Err(Refusal::SeparationOfDuties), "{took_part}");
    }
    assert_eq!(desk.attempt(reviews(supervisor(OTHER_SUPERVISOR), ReviewOutcome::Agree)), Ok(()));
}
