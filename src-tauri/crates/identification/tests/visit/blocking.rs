//! Blocking a code or an app: with little proof, by any clerk, at once.

use identification::{
    AccountState, BlockingOrder, BlockingState, BlockingTarget, Command, DateAgreement, Event, Kvnr,
    Recorded, Refusal, ReviewOutcome, Scope, Stage, Subject, SubjectRegister, Visit, VisitId,
};
use jiff::ToSpan;

use crate::{
    desk::{Desk, aborts, chooses_app, issues, reviews},
    people::{
        AMSEL, CLERK, SUPERVISOR, about, amsel_comes, clerk, concern, id, operator, person, supervisor,
    },
};

/// Somebody without their card says that Amsel's codes, or app, are to be blocked.
pub(crate) fn blocks(target: BlockingTarget, register: Option<SubjectRegister>) -> Command {
    Command::Block(Box::new(BlockingOrder {
        visit: VisitId::new(id(1)),
        concern: concern(1),
        operator: operator(CLERK),
        subject: subject(),
        register,
        target,
    }))
}

fn subject() -> Subject {
    Subject { kvnr: Kvnr::parse(AMSEL.kvnr).unwrap(), person: person(AMSEL), health_card: None }
}

/// The service has nothing but good to say.
pub(crate) fn known() -> Option<SubjectRegister> {
    about(1, AMSEL).register
}

pub(crate) fn accepted() -> Command {
    Command::BlockingAccepted { concern: concern(1) }
}

pub(crate) fn refused() -> Command {
    Command::BlockingRefused { concern: concern(1) }
}

pub(crate) fn blocked() -> Desk {
    Desk::new().after([blocks(BlockingTarget::Codes, known())])
}

fn known_but(change: impl FnOnce(&mut SubjectRegister)) -> Option<SubjectRegister> {
    known().map(|mut register| {
        change(&mut register);
        register
    })
}

fn state(desk: &Desk) -> BlockingState {
    desk.concern(1).blocking.unwrap().state
}

#[test]
fn a_blocking_is_a_visit_of_its_own_that_is_over_at_once() {
    let desk = blocked();
    let events: Vec<_> = desk.journal.iter().map(|it| it.event.clone()).collect();
    let opened = Event::VisitOpened {
        visit: VisitId::new(id(1)),
        operator: operator(CLERK),
        policy_version: desk.policy.version.clone(),
    };
    let target = BlockingTarget::Codes;
    let ordered = Event::BlockingOrdered { concern: concern(1), subject: subject(), confirmed: true, target };
    assert_eq!(events, [opened, ordered, Event::VisitEnded]);
    assert_eq!(desk.visit.stage, Stage::Ended);
    assert!(desk.visit.is_blocking());
    assert_eq!(desk.concern(1).blocking.unwrap().target, target);
    assert_eq!(state(&desk), BlockingState::Ordered);
}

#[test]
fn what_is_personal_of_a_blocking_is_sealed_with_its_concern() {
    let ordered = blocked().journal.into_iter().nth(1).unwrap().event;
    for event in [
        ordered,
        Event::BlockingAccepted { concern: concern(1) },
        Event::BlockingRefused { concern: concern(1) },
    ] {
        assert_eq!(event.scope(VisitId::new(id(1))), Scope::Concern(concern(1)));
    }
}

#[test]
fn nobody_is_identified_and_no_code_ever_comes_of_it() {
    let mut desk = blocked();
    assert!(desk.visit.identifications.is_empty());
    for command in [amsel_comes(), chooses_app(1), issues(1, 1), Command::Printed, aborts(), Command::End]
        .into_iter()
        .chain([Command::Resume { by: clerk(CLERK) }, Command::TakeOver { by: supervisor(SUPERVISOR) }])
    {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
    assert!(!desk.visit.has_codes());
}

#[test]
fn a_visit_that_has_begun_is_not_turned_into_a_blocking() {
    let mut desk = Desk::new().after([amsel_comes()]);
    assert_eq!(desk.attempt(blocks(BlockingTarget::App, known())), Err(Refusal::NotNow));
    let mut desk = blocked();
    assert_eq!(desk.attempt(blocks(BlockingTarget::App, known())), Err(Refusal::NotNow));
}

#[test]
fn without_a_line_it_is_accepted_however_long_that_has_been_gone() {
    for hours in [0, 23, 47, 100] {
        let mut desk = Desk::new().without_line().later(hours.hours());
        assert_eq!(desk.attempt(blocks(BlockingTarget::App, None)), Ok(()), "after {hours} hours");
        let blocking = desk.concern(1).blocking.unwrap();
        assert!(!blocking.confirmed);
        assert_eq!(blocking.target, BlockingTarget::App);
    }
}

#[test]
fn a_slip_in_a_number_blocks_nobody_else() {
    type Change = fn(&mut SubjectRegister);
    let answers: [(Change, Refusal); 3] = [
        (|it| it.account = AccountState::NotInsured, Refusal::NotInsuredHere),
        (|it| it.names_agree = false, Refusal::DataMismatch),
        (|it| it.birth_date = DateAgreement::Differs, Refusal::DataMismatch),
    ];
    for (change, refusal) in answers {
        let mut desk = Desk::new();
        assert_eq!(desk.attempt(blocks(BlockingTarget::Codes, known_but(change))), Err(refusal));
        assert_eq!(desk.visit, Visit::default());
    }
}

#[test]
fn whatever_the_account_is_like_it_can_be_blocked() {
    type Change = fn(&mut SubjectRegister);
    let answers: [Change; 6] = [
        |it| it.account = AccountState::None,
        |it| it.account = AccountState::AppActive,
        |it| it.account = AccountState::Locked,
        |it| it.second_look = true,
        |it| it.consent_reserved = true,
        |it| it.deceased = true,
    ];
    for change in answers {
        assert_eq!(Desk::new().attempt(blocks(BlockingTarget::App, known_but(change))), Ok(()));
    }
}

#[test]
fn the_first_answer_of_the_service_counts() {
    for (first, says) in [(accepted(), BlockingState::InForce), (refused(), BlockingState::Refused)] {
        let mut desk = blocked().later(20.minutes()).after([first]);
        assert_eq!(state(&desk), says);
        for later in [accepted(), refused()] {
            assert_eq!(desk.attempt(later), Err(Refusal::NotNow));
        }
        assert_eq!(Visit::replay(&desk.journal), desk.visit);
    }
}

#[test]
fn the_service_answers_nothing_about_a_concern_that_blocks_nothing() {
    let mut desk = Desk::new().after([amsel_comes()]);
    assert_eq!(desk.attempt(accepted()), Err(Refusal::NotNow));
    assert_eq!(Desk::new().attempt(refused()), Err(Refusal::NotNow));
}

#[test]
fn what_the_service_answers_is_nobodys_work_at_the_desk() {
    let desk = blocked();
    let before = desk.visit.changed_at;
    assert_eq!(desk.later(1.hour()).after([accepted()]).visit.changed_at, before);
}

#[test]
fn a_supervisor_has_nothing_to_judge_of_a_blocking() {
    for mut desk in [blocked(), blocked().after([accepted()])] {
        let review = reviews(supervisor(SUPERVISOR), ReviewOutcome::Agree);
        assert_eq!(desk.attempt(review), Err(Refusal::NotNow));
    }
}

#[test]
fn once_its_key_is_gone_a_blocking_is_an_ended_visit_of_nobody() {
    let of_the_visit = |it: &&Recorded| matches!(it.event.scope(VisitId::new(id(1))), Scope::Visit(_));
    let desk = blocked().after([accepted()]);
    let left: Vec<_> = desk.journal.iter().filter(of_the_visit).cloned().collect();
    let visit = Visit::replay(&left);
    assert_eq!(visit.stage, Stage::Ended);
    assert!(visit.concerns.is_empty() && visit.operator == Some(operator(CLERK)));
}
