//! How visits end, go on after an interruption, and are looked at afterwards.

use jiff::Timestamp;

use super::{not_denied, within_minutes};
use crate::{
    AbortReason, ConcernState, Event, Identification, Policy, Refusal, RefusalReason, ReviewOutcome, Staff,
    StaffRole, Stage, Visit,
};

pub(super) fn resume(
    visit: &Visit,
    by: Staff,
    policy: &Policy,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    if visit.operator.as_ref() != Some(&by.id) {
        return Err(Refusal::NotResumable);
    }
    may_go_on(visit, policy, now)?;
    Ok(vec![Event::VisitResumed { by: by.id }])
}

pub(super) fn take_over(
    visit: &Visit,
    by: Staff,
    policy: &Policy,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    if by.role != StaffRole::Supervisor {
        return Err(Refusal::SupervisorNeeded);
    }
    if visit.operator.as_ref() == Some(&by.id) || visit.second_lookers.contains(&by.id) {
        return Err(Refusal::SeparationOfDuties);
    }
    may_go_on(visit, policy, now)?;
    Ok(vec![Event::VisitTakenOver { by: by.id }])
}

/// In time, nothing in the tray (which can only be voided then), and nobody has said no.
fn may_go_on(visit: &Visit, policy: &Policy, now: Timestamp) -> Result<(), Refusal> {
    not_denied(visit)?;
    let in_time = visit.changed_at.is_some_and(|at| within_minutes(policy.resume_minutes, at, now));
    if in_time && visit.in_tray().is_none() { Ok(()) } else { Err(Refusal::NotResumable) }
}

pub(super) fn abort(visit: &Visit, reason: AbortReason) -> Result<Vec<Event>, Refusal> {
    if has_open_code(visit) {
        return Err(Refusal::NotNow);
    }
    // Whatever ends it, a "no" is recorded as what it is.
    let denied = visit.acting().is_some_and(Identification::is_denied);
    let reason = if denied { AbortReason::Refused(RefusalReason::IdentityNotEstablished) } else { reason };
    Ok(vec![Event::VisitAborted { reason }])
}

/// What lies in the tray must be voided, what was handed over must be ended: neither is an abort.
fn has_open_code(visit: &Visit) -> bool {
    visit.concerns.iter().any(|concern| concern.open_code().is_some())
}

pub(super) fn end(visit: &Visit) -> Result<Vec<Event>, Refusal> {
    // Withdrawing all concerns doesn't make a refused visit an ordinary one.
    if !has_open_code(visit) {
        not_denied(visit)?;
    }
    // A void code may be replaced, so only the clerk knows whether it is the end; a missing one may not be forgotten.
    let finished = visit.concerns.iter().all(|concern| match (concern.state, concern.code()) {
        (ConcernState::Refused(_) | ConcernState::Withdrawn, _) => true,
        (ConcernState::Open, Some(code)) => !code.state.is_in_tray(),
        (ConcernState::Open, None) => false,
    });
    if finished && !visit.concerns.is_empty() { Ok(vec![Event::VisitEnded]) } else { Err(Refusal::NotNow) }
}

pub(super) fn review(visit: &Visit, by: Staff, outcome: ReviewOutcome) -> Result<Vec<Event>, Refusal> {
    // Of a blocking there is nothing to judge: nobody was identified, nothing was given out.
    let over = matches!(visit.stage, Stage::Ended | Stage::Aborted(_)) && !visit.is_blocking();
    if !over || visit.review.is_some() {
        return Err(Refusal::NotNow);
    }
    if by.role != StaffRole::Supervisor {
        return Err(Refusal::SupervisorNeeded);
    }
    let mut took_part = visit.operator.iter().chain(&visit.earlier_operators).chain(&visit.second_lookers);
    if took_part.any(|it| *it == by.id) {
        return Err(Refusal::SeparationOfDuties);
    }
    Ok(vec![Event::VisitReviewed { by: by.id, outcome }])
}
