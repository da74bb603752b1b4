//! The decision: what a command makes true, or why not.

use jiff::{Zoned, civil::Date};

use crate::{
    AccountState, CheckAnswer, CodeId, CodeState, Command, Concern, ConcernId, Document, Event, FaceAnswer,
    Identification, Opening, Policy, Refusal, Stage, Visit,
};

/// Codes that one identification may give out, void ones included: two replacements, then somebody has to look why.
const MAX_CODES: usize = 3;

/// What `command` makes true of `visit` at `now` (in the desk's time zone), or why it is refused.
///
/// # Errors
/// A [`Refusal`]; nothing has changed then.
#[expect(clippy::wildcard_enum_match_arm, reason = "`within` is exhaustive over what needs an open visit")]
pub fn decide(visit: &Visit, command: Command, policy: &Policy, now: &Zoned) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Open(opening) => open(visit, *opening, policy),
        // The service answers whenever it can, also after the visit.
        Command::ServiceAccepted { code } => match awaiting_service(visit, code)? {
            (concern, CodeState::HandedOver) => Ok(vec![Event::CodeAccepted { concern, code }]),
            _ => Err(Refusal::NotNow),
        },
        Command::ServiceRefused { code } => {
            let (concern, _) = awaiting_service(visit, code)?;
            Ok(vec![Event::CodeRefused { concern, code }])
        }
        command => within(visit, command, policy, now),
    }
}

/// Everything that needs an open visit.
fn within(visit: &Visit, command: Command, policy: &Policy, now: &Zoned) -> Result<Vec<Event>, Refusal> {
    let (Stage::Open, Some(acting), Some(concern)) = (visit.stage, visit.acting(), visit.current_concern())
    else {
        return Err(Refusal::NotNow);
    };
    match command {
        Command::ChoosePurpose { purpose, visit_number, visit_number_matches } => {
            evidence_open(acting, concern)?;
            policy.purpose(purpose).ok_or(Refusal::PurposeNotOffered)?;
            if !visit_number_matches {
                return Err(Refusal::VisitNumberMismatch);
            }
            Ok(vec![Event::PurposeChosen { concern: concern.id, purpose, visit_number }])
        }
        Command::PresentDocument { document_type, birth_date, expiry } => {
            evidence_open(acting, concern)?;
            concern.purpose.ok_or(Refusal::NotYet)?;
            let rule = policy.document(&document_type).ok_or(Refusal::DocumentNotAdmitted)?;
            if !acting.person.birth_date.agrees_with(birth_date) {
                return Err(Refusal::BirthDateDiffers);
            }
            if !valid_on(expiry, now.date()) {
                return Err(Refusal::DocumentExpired);
            }
            Ok(vec![Event::DocumentPresented {
                identification: acting.id,
                document_type,
                issuer: rule.issuer,
            }])
        }
        Command::AnswerCheck { check, answer } => {
            evidence_open(acting, concern)?;
            let document = presented(acting)?;
            let rule = policy.document(&document.document_type).ok_or(Refusal::DocumentNotAdmitted)?;
            if !rule.checks.iter().any(|known| known.id == check) {
                return Err(Refusal::UnknownCheck);
            }
            Ok(vec![Event::DocumentChecked { identification: acting.id, check, answer }])
        }
        Command::CompareNames { answer } => {
            evidence_open(acting, concern)?;
            presented(acting)?;
            Ok(vec![Event::NamesCompared { identification: acting.id, answer }])
        }
        Command::ConfirmDocument => {
            evidence_open(acting, concern)?;
            let document = presented(acting)?;
            complete(document, policy)?;
            Ok(vec![Event::DocumentConfirmed { identification: acting.id }])
        }
        Command::CompareFace { answer } => {
            evidence_open(acting, concern)?;
            if !presented(acting)?.confirmed {
                return Err(Refusal::NotYet);
            }
            Ok(vec![Event::FaceCompared { identification: acting.id, answer }])
        }
        Command::Issue { code, reference } => {
            // A void code is replaced by a new one from the same identification; nothing is ever printed again.
            if concern.open_code().is_some() || concern.codes.iter().any(|it| it.handed_over_at.is_some()) {
                return Err(Refusal::NotNow);
            }
            if concern.codes.len() >= MAX_CODES {
                return Err(Refusal::TooManyCodes);
            }
            let level = may_issue(visit, policy)?;
            Ok(vec![Event::CodeGenerated {
                concern: concern.id,
                code,
                reference,
                level,
                valid_until: policy.valid_until(now.date()),
            }])
        }
        Command::Printed => match concern.open_code() {
            Some(code) if code.state == CodeState::Generated => {
                Ok(vec![Event::CodePrinted { concern: concern.id, code: code.id }])
            }
            _ => Err(Refusal::NotNow),
        },
        Command::HandOver { reference_tail, receipt, document_returned, health_card_returned } => {
            let Some(code) = concern.open_code().filter(|code| code.state == CodeState::Printed) else {
                return Err(Refusal::NotNow);
            };
            let waiting = code.printed_at.is_some_and(|at| now.timestamp() <= at + policy.tray_time());
            if !waiting {
                return Err(Refusal::TrayTimeOver);
            }
            if !code.reference.tail().eq_ignore_ascii_case(reference_tail.trim()) {
                return Err(Refusal::ReferenceMismatch);
            }
            if !document_returned {
                return Err(Refusal::DocumentNotReturned);
            }
            if !health_card_returned {
                return Err(Refusal::HealthCardNotReturned);
            }
            Ok(vec![Event::CodeHandedOver { concern: concern.id, code: code.id, receipt }])
        }
        Command::VoidCode { reason } => match concern.open_code() {
            Some(code) if code.state != CodeState::HandedOver => {
                Ok(vec![Event::CodeVoided { concern: concern.id, code: code.id, reason }])
            }
            _ => Err(Refusal::NotNow),
        },
        Command::Abort { reason } => match concern.open_code().map(|code| code.state) {
            // What lies in the tray must be voided, what was handed over must be ended: neither is an abort.
            Some(_) => Err(Refusal::NotNow),
            None => Ok(vec![Event::VisitAborted { reason }]),
        },
        Command::End => match concern.code().map(|code| code.state) {
            Some(CodeState::HandedOver | CodeState::Voided(_) | CodeState::Refused) => {
                Ok(vec![Event::VisitEnded])
            }
            Some(CodeState::Generated | CodeState::Printed) | None => Err(Refusal::NotNow),
        },
        Command::Open(_) | Command::ServiceAccepted { .. } | Command::ServiceRefused { .. } => {
            Err(Refusal::NotNow)
        }
    }
}

/// Whether a document may be used on `day`: its last day of validity counts in full.
#[must_use]
pub fn valid_on(expiry: Date, day: Date) -> bool {
    expiry >= day
}

fn open(visit: &Visit, opening: Opening, policy: &Policy) -> Result<Vec<Event>, Refusal> {
    let Opening { visit: id, identification, concern, operator, person, kvnr, iks, health_card, account } =
        opening;
    if visit.stage != Stage::Unopened {
        return Err(Refusal::NotNow);
    }
    if !iks.iter().any(|ik| policy.own_iks.contains(ik)) {
        return Err(Refusal::NotInsuredHere);
    }
    if health_card.deactivated {
        return Err(Refusal::CardDeactivated);
    }
    match account {
        AccountState::NotInsured => return Err(Refusal::NotInsuredHere),
        AccountState::None => return Err(Refusal::AccountNotRegistered),
        AccountState::AppActive => return Err(Refusal::AppActiveAlready),
        AccountState::Locked => return Err(Refusal::AccountLocked),
        AccountState::Registered => {}
    }
    Ok(vec![
        Event::VisitOpened { visit: id, operator, policy_version: policy.version.clone() },
        Event::PersonIntroduced { identification, person },
        Event::ConcernOpened { concern, kvnr, health_card, account },
    ])
}

/// The concern and state of an open code that the service has neither accepted nor refused.
fn awaiting_service(visit: &Visit, code: CodeId) -> Result<(ConcernId, CodeState), Refusal> {
    visit
        .concerns
        .iter()
        .flat_map(|concern| concern.codes.iter().map(|it| (concern.id, it)))
        .find(|(_, it)| it.id == code && it.state.is_open() && it.accepted_at.is_none())
        .map(|(concern, it)| (concern, it.state))
        .ok_or(Refusal::NotNow)
}

/// Evidence is closed once a code exists: what was proven when it was issued stays what it was. And nobody clicks a doubt
/// about a face away, nor begins anew with another document.
fn evidence_open(acting: &Identification, concern: &Concern) -> Result<(), Refusal> {
    if !concern.codes.is_empty() {
        return Err(Refusal::NotNow);
    }
    match acting.face {
        Some(FaceAnswer::Doubt) => Err(Refusal::SecondPersonNeeded),
        Some(FaceAnswer::DoesNotMatch) => Err(Refusal::IdentityNotEstablished),
        Some(FaceAnswer::Matches) | None => Ok(()),
    }
}

fn presented(identification: &Identification) -> Result<&Document, Refusal> {
    identification.document.as_ref().ok_or(Refusal::NotYet)
}

/// Every check answered, none failed, none unclear.
fn complete(document: &Document, policy: &Policy) -> Result<(), Refusal> {
    let rule = policy.document(&document.document_type).ok_or(Refusal::DocumentNotAdmitted)?;
    let answers: Option<Vec<CheckAnswer>> = rule
        .checks
        .iter()
        .map(|check| document.checks.get(&check.id).copied())
        .chain([document.names])
        .collect();
    let answers = answers.ok_or(Refusal::NotYet)?;
    if answers.contains(&CheckAnswer::Fail) {
        // One detected false feature makes a false document (BSI TR-03147, A3.3); nobody can override it.
        return Err(Refusal::IdentityNotEstablished);
    }
    if answers.contains(&CheckAnswer::Unclear) {
        return Err(Refusal::SecondPersonNeeded);
    }
    Ok(())
}

/// Whether everything for a code is there; the level that it then carries.
fn may_issue(visit: &Visit, policy: &Policy) -> Result<crate::Level, Refusal> {
    let acting = visit.acting().ok_or(Refusal::NotYet)?;
    let document = presented(acting)?;
    complete(document, policy)?;
    if !document.confirmed {
        return Err(Refusal::NotYet);
    }
    match acting.face {
        None => return Err(Refusal::NotYet),
        Some(FaceAnswer::DoesNotMatch) => return Err(Refusal::IdentityNotEstablished),
        Some(FaceAnswer::Doubt) => return Err(Refusal::SecondPersonNeeded),
        Some(FaceAnswer::Matches) => {}
    }
    let level = visit.level(policy);
    if level < visit.level_needed(policy) { Err(Refusal::LevelTooLow) } else { Ok(level) }
}
