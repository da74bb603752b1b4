//! Codes on their way: one at a time, never twice, never late.

use identification::{
    AbortReason, CheckAnswer, CodeState, Command, FaceAnswer, Receipt, Refusal, Stage, VoidReason,
};
use jiff::ToSpan;

use crate::{
    desk::{
        Desk, aborts, amsel_proven, answers, carer_seconded, chooses_app, code, face, gives, hands_over,
        issues, matches, presents, reference, voids,
    },
    people::{AMSEL, CONNECTED, concern},
};

#[test]
fn a_second_code_is_not_issued_beside_an_open_one_and_evidence_is_closed() {
    let mut desk = amsel_proven().after([issues(1, 1)]);
    for command in [
        issues(1, 2),
        matches(),
        face(FaceAnswer::DoesNotMatch),
        chooses_app(1),
        presents("reisepass", AMSEL),
        answers("uv", CheckAnswer::Fail),
    ] {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
}

#[test]
fn a_code_that_was_handed_over_is_not_followed_by_another() {
    let mut desk = amsel_proven().after(gives(1, 1));
    assert_eq!(desk.attempt(issues(1, 2)), Err(Refusal::NotNow));
}

#[test]
fn an_id_or_a_reference_is_used_for_one_sheet_only() {
    let mut desk = amsel_proven().after([issues(1, 1), voids(VoidReason::PrintFailed)]);
    let issue = |code, reference| Command::Issue { concern: concern(1), code, reference, line: CONNECTED };
    let same_id = issue(code(1), reference(2));
    let same_reference = issue(code(2), reference(1));
    for command in [same_id, same_reference] {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
}

#[test]
fn a_void_code_is_replaced_twice_from_the_same_identification_and_then_no_more() {
    let void = || voids(VoidReason::PrintFailed);
    let mut desk = amsel_proven().after([
        issues(1, 1),
        void(),
        issues(1, 2),
        Command::Printed,
        void(),
        issues(1, 3),
        void(),
    ]);
    assert_eq!(desk.attempt(issues(1, 4)), Err(Refusal::TooManyCodes));
    assert_eq!(desk.attempt(matches()), Err(Refusal::NotNow), "the evidence stays what it was");
    assert_eq!(desk.attempt(aborts()), Ok(()));
}

#[test]
fn a_code_is_printed_once() {
    let mut desk = amsel_proven().after([issues(1, 1), Command::Printed]);
    assert_eq!(desk.attempt(Command::Printed), Err(Refusal::NotNow));
}

#[test]
fn a_visit_with_paper_in_the_tray_is_not_aborted_but_its_code_is_voided() {
    let mut desk = amsel_proven().after([issues(1, 1), Command::Printed]);
    assert_eq!(desk.attempt(aborts()), Err(Refusal::NotNow));
    assert_eq!(desk.attempt(Command::End), Err(Refusal::NotNow));
    let desk = desk.after([voids(VoidReason::Discarded), Command::End]);
    assert_eq!(
        (desk.code_state(1), desk.visit.stage),
        (CodeState::Voided(VoidReason::Discarded), Stage::Ended)
    );
}

#[test]
fn a_sheet_is_handed_over_within_its_time_and_not_a_second_later() {
    let printed = || amsel_proven().after([issues(1, 1), Command::Printed]);
    assert_eq!(printed().later(15.minutes()).attempt(hands_over(1)), Ok(()));
    assert_eq!(printed().later(15.minutes().seconds(1)).attempt(hands_over(1)), Err(Refusal::TrayTimeOver));
}

#[test]
fn a_clock_that_is_set_back_makes_no_sheet_younger() {
    let mut desk = amsel_proven().after([issues(1, 1), Command::Printed]).later(-1.second());
    assert_eq!(desk.attempt(hands_over(1)), Err(Refusal::TrayTimeOver));
}

#[test]
fn a_code_is_given_on_the_day_on_which_everything_was_shown() {
    let mut desk = carer_seconded().later(15.hours());
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::NotNow), "{}", desk.now);
}

#[test]
fn a_handed_over_code_can_no_longer_be_voided_at_the_desk() {
    let mut desk = amsel_proven().after(gives(1, 1));
    assert_eq!(desk.attempt(voids(VoidReason::Discarded)), Err(Refusal::NotNow));
    assert_eq!(desk.attempt(Command::Abort { reason: AbortReason::Clerk }), Err(Refusal::NotNow));
    assert_eq!(desk.attempt(Command::WithdrawConcern { concern: concern(1) }), Err(Refusal::NotNow));
}

#[test]
fn a_hand_over_needs_the_sheets_reference_and_everything_returned() {
    let hands_over = |tail: &str, returned| Command::HandOver {
        reference_tail: tail.into(),
        receipt: Receipt::MarkAndWitness,
        returned,
    };
    let right = reference(1).tail().to_owned();
    let mut desk = amsel_proven().after([issues(1, 1), Command::Printed]);
    for wrong in ["", "ZZZZ", &right[1..], reference(1).as_str()] {
        assert_eq!(desk.attempt(hands_over(wrong, true)), Err(Refusal::ReferenceMismatch), "{wrong:?}");
    }
    assert_eq!(desk.attempt(hands_over(&right, false)), Err(Refusal::NotReturned));
    assert!(!desk.visit.returned);
    assert_eq!(desk.attempt(hands_over(&format!(" {right} "), true)), Ok(()));
    assert!(desk.visit.returned);
}

#[test]
fn a_sheet_that_was_not_printed_is_not_handed_over() {
    assert_eq!(amsel_proven().after([issues(1, 1)]).attempt(hands_over(1)), Err(Refusal::NotNow));
}

#[test]
fn the_service_may_accept_a_hand_over_after_the_visit_is_over_and_only_once() {
    let mut desk = amsel_proven().after(gives(1, 1)).after([Command::End]);
    assert_eq!(desk.attempt(Command::ServiceAccepted { code: code(1) }), Ok(()));
    assert!(desk.code(1).accepted_at.is_some());
    assert_eq!(desk.attempt(Command::ServiceAccepted { code: code(1) }), Err(Refusal::NotNow));
}

#[test]
fn a_code_that_the_service_accepted_ends_when_it_says_so_and_only_once() {
    let ends = || Command::ServiceRefused { code: code(1) };
    let mut desk = amsel_proven().after(gives(1, 1)).after([Command::End]);
    assert_eq!(desk.attempt(Command::ServiceAccepted { code: code(1) }), Ok(()));
    assert_eq!(desk.attempt(ends()), Ok(()));
    assert_eq!(desk.code_state(1), CodeState::Refused);
    for command in [ends(), Command::ServiceAccepted { code: code(1) }] {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
}

#[test]
fn the_service_does_not_accept_what_was_not_handed_over() {
    let void = voids(VoidReason::Discarded);
    for commands in [vec![], vec![Command::Printed], vec![Command::Printed, void]] {
        let mut desk = amsel_proven().after([issues(1, 1)]).after(commands);
        assert_eq!(desk.attempt(Command::ServiceAccepted { code: code(1) }), Err(Refusal::NotNow));
    }
}

#[test]
fn a_code_that_the_service_refuses_is_never_handed_over() {
    let refused = || Command::ServiceRefused { code: code(1) };
    let mut desk = amsel_proven().after([issues(1, 1), Command::Printed, refused()]);
    assert_eq!(desk.code_state(1), CodeState::Refused);
    for command in [hands_over(1), Command::ServiceAccepted { code: code(1) }, refused(), issues(1, 2)] {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
    assert_eq!(desk.attempt(Command::End), Ok(()));
}

#[test]
fn a_code_is_in_the_tray_from_its_print_until_its_hand_over_or_its_end() {
    let in_tray = |desk: &Desk| desk.visit.in_tray().map(|(concern, code)| (concern.id, code.id));
    let mut desk = amsel_proven();
    assert_eq!(in_tray(&desk), None);
    for command in [issues(1, 1), Command::Printed] {
        desk = desk.after([command]);
        assert_eq!(in_tray(&desk), Some((desk.concern(1).id, code(1))));
    }
    let void = amsel_proven().after([issues(1, 1), voids(VoidReason::PrintFailed)]);
    let given = amsel_proven().after(gives(1, 1));
    for desk in [void, given] {
        assert_eq!(in_tray(&desk), None);
    }
}
