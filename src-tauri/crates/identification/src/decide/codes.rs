//! Codes on their way.

use jiff::{Timestamp, ToSpan, Zoned, civil::Date};

use super::{code_of, evidence, not_denied, offline, within_minutes};
use crate::{
    Code, CodeId, CodeState, Concern, ConcernId, Event, Level, Line, OfflineRule, Policy, PublicReference,
    Receipt, Refusal, Visit, VoidReason,
};

/// Codes that one concern may give out, void ones included: two replacements, then somebody has to look why.
const MAX_CODES: usize = 3;
/// Days that a code for a representative is valid at most, whatever the profile allows: an authority can end any day.
const MAX_REPRESENTATIVE_DAYS: i64 = 14;

/// What the shell has drawn, and the line at that moment.
pub(super) struct Draft {
    pub(super) code: CodeId,
    pub(super) reference: PublicReference,
    pub(super) line: Line,
}

pub(super) fn issue(
    visit: &Visit,
    concern: ConcernId,
    draft: Draft,
    policy: &Policy,
    now: &Zoned,
) -> Result<Vec<Event>, Refusal> {
    let Draft { code, reference, line } = draft;
    let concern = visit.concern(concern).ok_or(Refusal::NotNow)?;
    // One sheet in the tray at a time. A void code is replaced by a new one from the same identification; nothing is
    // ever printed again.
    if visit.in_tray().is_some() || concern.is_over() || is_used(visit, code, &reference) {
        return Err(Refusal::NotNow);
    }
    // What was valid on the day it was shown may not be so on the next.
    let today = now.date();
    if visit.opened_at.is_none_or(|at| at.to_zoned(now.time_zone().clone()).date() != today) {
        return Err(Refusal::NotNow);
    }
    if concern.codes.len() >= MAX_CODES {
        return Err(Refusal::TooManyCodes);
    }
    let offline = concern.is_offline(&line);
    let level = may_issue(visit, concern, policy, today)?;
    // Whatever was done, nobody asked the service what it knows.
    let level = if offline { level.min(offline::MOST) } else { level };
    offline::may_issue(visit, concern, &line, policy, now)?;
    let valid_until = last_day(concern, &line, policy, today);
    Ok(vec![Event::CodeGenerated { concern: concern.id, code, reference, level, valid_until, offline }])
}

/// The last day of a code that is given out for `concern` on `today`: a representative's ends with the deed's order, and
/// after [`MAX_REPRESENTATIVE_DAYS`] at the latest; one without a line after the policy's days for such.
#[must_use]
pub fn last_day(concern: &Concern, line: &Line, policy: &Policy, today: Date) -> Date {
    let granted = concern.representation.as_ref().map(|it| {
        let latest = today.saturating_add(MAX_REPRESENTATIVE_DAYS.days());
        it.grant.until.map_or(latest, |end| end.min(latest))
    });
    let mut valid_until = policy.valid_until(today);
    if concern.is_offline(line) {
        let days = policy.offline.valid_days.min(OfflineRule::MOST.valid_days);
        valid_until = valid_until.min(today.saturating_add(i64::from(days).days()));
    }
    granted.map_or(valid_until, |end| end.min(valid_until))
}

/// Whether everything for a code is there; the level that it then carries.
fn may_issue(visit: &Visit, concern: &Concern, policy: &Policy, today: Date) -> Result<Level, Refusal> {
    let acting = not_denied(visit)?;
    let document = evidence::presented(acting)?;
    evidence::complete(document, policy)?;
    if !document.confirmed || visit.standing().any(|it| it.purpose.is_none()) {
        return Err(Refusal::NotYet);
    }
    acting.face.ok_or(Refusal::NotYet)?;
    if visit.second_look_needed(policy) && !visit.second_look_taken() {
        return Err(Refusal::SecondPersonNeeded);
    }
    let rule = concern.purpose.and_then(|it| policy.purpose(it)).ok_or(Refusal::NotYet)?;
    if rule.needs_health_card() && !concern.subject.health_card_proven() {
        return Err(Refusal::HealthCardNeeded);
    }
    let level = visit.level(policy, today);
    if level < rule.level { Err(Refusal::LevelTooLow) } else { Ok(level) }
}

/// Whether a code of this visit has that id or that reference: each sheet is the only one of its kind.
fn is_used(visit: &Visit, id: CodeId, reference: &PublicReference) -> bool {
    let mut codes = visit.concerns.iter().flat_map(|it| &it.codes);
    codes.any(|code| code.id == id || code.reference == *reference)
}

pub(super) fn printed(visit: &Visit) -> Result<Vec<Event>, Refusal> {
    match visit.in_tray() {
        Some((concern, code)) if code.state == CodeState::Generated => {
            Ok(vec![Event::CodePrinted { concern: concern.id, code: code.id }])
        }
        Some(_) | None => Err(Refusal::NotNow),
    }
}

pub(super) fn hand_over(
    visit: &Visit,
    reference_tail: &str,
    receipt: Receipt,
    returned: bool,
    policy: &Policy,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (concern, code) =
        visit.in_tray().filter(|(_, code)| code.state == CodeState::Printed).ok_or(Refusal::NotNow)?;
    if code.printed_at.is_none_or(|at| !within_minutes(policy.tray_minutes, at, now)) {
        return Err(Refusal::TrayTimeOver);
    }
    if !code.reference.tail().eq_ignore_ascii_case(reference_tail.trim()) {
        return Err(Refusal::ReferenceMismatch);
    }
    if !returned {
        return Err(Refusal::NotReturned);
    }
    Ok(vec![Event::CodeHandedOver { concern: concern.id, code: code.id, receipt }])
}

pub(super) fn void(visit: &Visit, reason: VoidReason) -> Result<Vec<Event>, Refusal> {
    let (concern, code) = visit.in_tray().ok_or(Refusal::NotNow)?;
    Ok(vec![Event::CodeVoided { concern: concern.id, code: code.id, reason }])
}

pub(super) fn accepted(visit: &Visit, code: CodeId) -> Result<Vec<Event>, Refusal> {
    match awaiting_service(visit, code)? {
        (concern, CodeState::HandedOver) => Ok(vec![Event::CodeAccepted { concern, code }]),
        _ => Err(Refusal::NotNow),
    }
}

pub(super) fn refused(visit: &Visit, code: CodeId) -> Result<Vec<Event>, Refusal> {
    // One that it had accepted, too: the insurer learns of a death or the end of a care.
    let (concern, _) = open(visit, code)?;
    Ok(vec![Event::CodeRefused { concern: concern.id, code }])
}

/// The concern and state of an open code that the service has neither accepted nor refused.
fn awaiting_service(visit: &Visit, code: CodeId) -> Result<(ConcernId, CodeState), Refusal> {
    let (concern, code) = open(visit, code)?;
    if code.accepted_at.is_some() { Err(Refusal::NotNow) } else { Ok((concern.id, code.state)) }
}

/// A code that counts or may still do so, and its concern.
fn open(visit: &Visit, code: CodeId) -> Result<(&Concern, &Code), Refusal> {
    code_of(visit, code).filter(|(_, it)| it.state.is_open()).ok_or(Refusal::NotNow)
}
