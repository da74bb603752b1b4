//! How visits end and are looked at afterwards.

use identification::{
    AbortReason, CheckAnswer, CodeState, Command, Event, FaceAnswer, Recorded, Refusal, RefusalReason,
    ReviewOutcome, Scope, Stage, Visit, VoidReason,
};

use crate::{
    desk::{
        Desk, aborts, amsel, amsel_proven, answers, carer_proven, carer_seconded, chooses_app, code,
        colleague_looks, face, gives, issues, looks, passport, reviews, voids,
    },
    people::{
        AMSEL, CLERK, COLLEAGUE, DOHLE, SUPERVISOR, amsel_comes, clerk, concern, names_ward, shows_deed,
        supervisor,
    },
};

fn ended() -> Desk {
    carer_seconded().after(gives(1, 1)).after([Command::End])
}

#[test]
fn a_visit_does_not_end_while_somebody_waits_for_a_code() {
    let mut desk =
        carer_seconded().after([names_ward(2, DOHLE), shows_deed(2), colleague_looks()]).after(gives(1, 1));
    assert_eq!(desk.attempt(Command::End), Err(Refusal::NotNow));
    assert_eq!(desk.attempt(Command::WithdrawConcern { concern: concern(2) }), Ok(()));
    assert_eq!(desk.attempt(Command::End), Ok(()));
}

#[test]
fn a_no_is_recorded_as_a_refusal_whatever_ends_the_visit() {
    let refused = Stage::Aborted(AbortReason::Refused(RefusalReason::IdentityNotEstablished));
    let failed = || amsel().after(passport(AMSEL)).after([answers("uv", CheckAnswer::Fail)]);
    let not_the_face = || amsel().after(passport(AMSEL)).after([face(FaceAnswer::DoesNotMatch)]);
    let not_for_the_second = || carer_proven().after([looks(COLLEAGUE, FaceAnswer::DoesNotMatch)]);
    let after_a_void_code = || {
        let resumed = Command::Resume { by: clerk(CLERK) };
        amsel_proven()
            .after([issues(1, 1), voids(VoidReason::Interrupted), resumed])
            .after([Command::ConfirmDocument, face(FaceAnswer::DoesNotMatch)])
    };
    for desk in [failed, not_the_face, not_for_the_second, after_a_void_code] as [fn() -> Desk; 4] {
        for reason in
            [AbortReason::Clerk, AbortReason::Interrupted, AbortReason::Refused(RefusalReason::LevelTooLow)]
        {
            assert_eq!(desk().after([Command::Abort { reason }]).visit.stage, refused);
        }
        let mut withdrawn = desk().after([Command::WithdrawConcern { concern: concern(1) }]);
        assert_eq!(withdrawn.attempt(Command::End), Err(Refusal::IdentityNotEstablished));
    }
}

#[test]
fn nothing_happens_in_a_visit_that_is_over() {
    for mut desk in [ended(), amsel_proven().after([aborts()])] {
        for command in [amsel_comes(), chooses_app(1), issues(1, 2), Command::Printed, aborts(), Command::End]
        {
            assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
        }
    }
}

#[test]
fn a_review_is_a_supervisors_comes_after_the_end_and_is_final() {
    let review = |outcome| reviews(supervisor(SUPERVISOR), outcome);
    assert_eq!(carer_seconded().attempt(review(ReviewOutcome::Agree)), Err(Refusal::NotNow));
    let mut desk = ended();
    let by_clerk = reviews(clerk("s-4799"), ReviewOutcome::Agree);
    assert_eq!(desk.attempt(by_clerk), Err(Refusal::SupervisorNeeded));
    assert_eq!(desk.attempt(review(ReviewOutcome::FormalDefect)), Ok(()));
    assert_eq!(desk.attempt(review(ReviewOutcome::Agree)), Err(Refusal::NotNow));
    assert_eq!(desk.visit.review.as_ref().unwrap().outcome, ReviewOutcome::FormalDefect);
}

#[test]
fn nobody_reviews_what_they_did_or_saw() {
    let looked_twice = || {
        let first = looks(SUPERVISOR, FaceAnswer::Matches);
        carer_proven()
            .after([first, shows_deed(1), colleague_looks()])
            .after(gives(1, 1))
            .after([Command::End])
    };
    for took_part in [CLERK, COLLEAGUE, SUPERVISOR] {
        let review = reviews(supervisor(took_part), ReviewOutcome::Agree);
        assert_eq!(looked_twice().attempt(review), Err(Refusal::SeparationOfDuties), "{took_part}");
    }
}

#[test]
fn an_aborted_visit_is_reviewed_as_well() {
    let mut desk = amsel_proven().after([aborts()]);
    assert_eq!(desk.attempt(reviews(supervisor(SUPERVISOR), ReviewOutcome::Agree)), Ok(()));
}

#[test]
fn a_substantial_defect_revokes_every_code_that_was_handed_over_and_nothing_else_does() {
    let finished = || {
        carer_seconded()
            .after([names_ward(2, DOHLE), shows_deed(2), colleague_looks()])
            .after([issues(1, 1), voids(VoidReason::PrintFailed)])
            .after(gives(1, 2))
            .after(gives(2, 3))
            .after([Command::End, Command::ServiceAccepted { code: code(2) }])
    };
    let states = |outcome| {
        let desk = finished().after([reviews(supervisor(SUPERVISOR), outcome)]);
        [1, 2].map(|number| desk.concern(number).codes.iter().map(|it| it.state).collect::<Vec<_>>())
    };
    let void = CodeState::Voided(VoidReason::PrintFailed);
    let revoked = [vec![void, CodeState::Revoked], vec![CodeState::Revoked]];
    assert_eq!(states(ReviewOutcome::SubstantialDefect), revoked);
    let kept = [vec![void, CodeState::HandedOver], vec![CodeState::HandedOver]];
    assert_eq!(states(ReviewOutcome::FormalDefect), kept);
    assert_eq!(states(ReviewOutcome::Agree), kept);
}

#[test]
fn a_revoked_code_is_not_accepted_any_more() {
    let mut desk = ended().after([reviews(supervisor(SUPERVISOR), ReviewOutcome::SubstantialDefect)]);
    assert_eq!(desk.attempt(Command::ServiceAccepted { code: code(1) }), Err(Refusal::NotNow));
}

#[test]
fn a_replayed_visit_is_the_same_visit() {
    let desk = ended().after([reviews(supervisor(SUPERVISOR), ReviewOutcome::Agree)]);
    assert_eq!(Visit::replay(&desk.journal), desk.visit);
}

#[test]
fn evidence_about_the_person_and_each_subjects_record_are_kept_apart() {
    let desk =
        carer_seconded().after([names_ward(2, DOHLE), shows_deed(2), colleague_looks()]).after(gives(2, 1));
    let visit = desk.visit.id.unwrap();
    let person = Scope::Identification(desk.visit.acting().unwrap().id);
    for Recorded { event, .. } in &desk.journal {
        let expected = match event {
            Event::VisitOpened { .. } => Scope::Visit(visit),
            Event::ConcernOpened { concern, .. }
            | Event::PurposeChosen { concern, .. }
            | Event::RepresentationAccepted { concern, .. }
            | Event::CodeGenerated { concern, .. }
            | Event::CodePrinted { concern, .. }
            | Event::CodeHandedOver { concern, .. } => Scope::Concern(*concern),
            other => {
                assert!(format!("{other:?}").contains("identification"), "{other:?}");
                person
            }
        };
        assert_eq!(event.scope(visit), expected, "{event:?}");
    }
}
