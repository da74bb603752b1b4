//! What the account service is told: the frozen bodies of outbox rows, made of a visit's state and events.

mod evidence;
#[cfg(test)]
mod tests;

use std::mem;

use account::{
    Authority, CodeRecord, Confidential, Delivery, DeliveryKind, HandOverRecord, Recipient, ReviewRecord,
    VoidRecord,
};
use identification::{ActingRole, Code, Concern, Deed, Event, Purpose, Scope, SeenAs, Term, Visit};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{OutboxRecord, OutboxRow};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::outside;

/// What an outbox row holds: whom it is about at the service, and the bytes to send. Frozen when written.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Payload {
    #[zeroize(skip)]
    target: Uuid,
    body: String,
}

/// A record that couldn't be made: a defect, since everything that it needs was decided before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an outbox record could not be made")]
pub(crate) struct RecordError;

/// The rows that follow from `events`, in the order in which the service needs them. `sealed_code` goes with a generated
/// code.
pub(crate) fn rows(
    visit: &Visit,
    events: &[Event],
    desk: &str,
    sealed_code: Option<String>,
    at: Timestamp,
) -> Result<Vec<OutboxRecord>, RecordError> {
    let mut sealed_code = sealed_code;
    let mut rows = Vec::new();
    for event in events {
        match event {
            Event::CodeGenerated { concern, code, .. } => {
                let (concern, code) = find(visit, *concern, *code)?;
                // All codes of a visit rest on the same identification, which the service gets once.
                if visit.concerns.iter().map(|it| it.codes.len()).sum::<usize>() == 1 {
                    let acting = visit.acting().ok_or(RecordError)?;
                    let record = evidence::identification(visit, acting, code, desk, at)?;
                    let delivery =
                        Delivery::identification(acting.id.uuid(), &record).map_err(|_| RecordError)?;
                    rows.push(row(acting.id.uuid(), Scope::Identification(acting.id), &delivery)?);
                }
                let record = code_record(visit, concern, code, sealed_code.take().ok_or(RecordError)?)?;
                let delivery = Delivery::code(code.id.uuid(), &record).map_err(|_| RecordError)?;
                rows.push(row(code.id.uuid(), Scope::Concern(concern.id), &delivery)?);
            }
            Event::CodeHandedOver { concern, code, receipt } => {
                let event_id = outside::id(at);
                let receipt = match receipt {
                    identification::Receipt::Signed => account::Receipt::Signed,
                    identification::Receipt::MarkAndWitness => account::Receipt::MarkAndWitness,
                };
                let record = HandOverRecord { event_id, at, receipt };
                let delivery = Delivery::hand_over(code.uuid(), &record).map_err(|_| RecordError)?;
                rows.push(row(event_id, Scope::Concern(*concern), &delivery)?);
            }
            Event::CodeVoided { code, reason, .. } => {
                let event_id = outside::id(at);
                let record = VoidRecord { event_id, reason: void_reason(*reason) };
                let delivery = Delivery::void(code.uuid(), &record).map_err(|_| RecordError)?;
                // Nothing of it is personal, and it must reach the service even if the concern is wiped.
                rows.push(row(event_id, Scope::Visit(visit.id.ok_or(RecordError)?), &delivery)?);
            }
            // Of a visit that gave nothing out the service knows nothing.
            Event::VisitReviewed { by, outcome } if visit.has_codes() => {
                let event_id = outside::id(at);
                let record = ReviewRecord {
                    identification_id: visit.acting().ok_or(RecordError)?.id.uuid(),
                    reviewer: by.as_str().to_owned(),
                    outcome: review_outcome(*outcome),
                    reviewed_at: at,
                };
                let delivery = Delivery::review(event_id, &record).map_err(|_| RecordError)?;
                rows.push(row(event_id, Scope::Visit(visit.id.ok_or(RecordError)?), &delivery)?);
            }
            Event::VisitReviewed { .. }
            | Event::VisitOpened { .. }
            | Event::VisitResumed { .. }
            | Event::VisitTakenOver { .. }
            | Event::RepresentationAccepted { .. }
            | Event::ConcernRefused { .. }
            | Event::ConcernWithdrawn { .. }
            | Event::SecondLookTaken { .. }
            | Event::PersonIntroduced { .. }
            | Event::ConcernOpened { .. }
            | Event::CardNumberCompared { .. }
            | Event::PossessionProven { .. }
            | Event::PurposeChosen { .. }
            | Event::DocumentPresented { .. }
            | Event::ChipAgreed { .. }
            | Event::ChipRevoked { .. }
            | Event::ChipRead { .. }
            | Event::DocumentChecked { .. }
            | Event::NamesCompared { .. }
            | Event::DocumentConfirmed { .. }
            | Event::FaceCompared { .. }
            | Event::CodePrinted { .. }
            | Event::CodeAccepted { .. }
            | Event::CodeRefused { .. }
            | Event::VisitAborted { .. }
            | Event::VisitEnded => {}
        }
    }
    Ok(rows)
}

/// The delivery that a leased row holds.
pub(crate) fn delivery(row: &OutboxRow) -> Result<Delivery, RecordError> {
    let mut payload: Payload = serde_json::from_slice(&row.payload).map_err(|_| RecordError)?;
    let kind = DeliveryKind::from_name(&row.kind).ok_or(RecordError)?;
    Ok(Delivery { kind, id: payload.target, body: Zeroizing::new(mem::take(&mut payload.body)) })
}

fn row(id: Uuid, scope: Scope, delivery: &Delivery) -> Result<OutboxRecord, RecordError> {
    let payload = Payload { target: delivery.id, body: delivery.body.to_string() };
    let payload = Zeroizing::new(serde_json::to_vec(&payload).map_err(|_| RecordError)?);
    Ok(OutboxRecord { id, scope, kind: delivery.kind.as_str(), payload })
}

fn find(
    visit: &Visit,
    concern: identification::ConcernId,
    code: identification::CodeId,
) -> Result<(&Concern, &Code), RecordError> {
    let concern = visit.concerns.iter().find(|it| it.id == concern).ok_or(RecordError)?;
    let code = concern.codes.iter().find(|it| it.id == code).ok_or(RecordError)?;
    Ok((concern, code))
}

fn code_record(
    visit: &Visit,
    concern: &Concern,
    code: &Code,
    sealed_code: String,
) -> Result<CodeRecord, RecordError> {
    let acting = visit.acting().ok_or(RecordError)?;
    let purpose = concern.purpose.ok_or(RecordError)?;
    // The chip of a document is read for nothing else.
    if purpose != Purpose::Epa && acting.document.as_ref().is_some_and(|it| it.chip.is_some()) {
        return Err(RecordError);
    }
    Ok(CodeRecord {
        identification_id: acting.id.uuid(),
        kvnr: Confidential::from(concern.subject.kvnr.as_str()),
        purpose: match purpose {
            Purpose::AppActivation => account::Purpose::AppActivation,
            Purpose::Epa => account::Purpose::Epa,
            Purpose::RepresentativeAccess => account::Purpose::RepresentativeAccess,
        },
        recipient: match (&concern.representation, &acting.role) {
            (Some(representation), ActingRole::Carer { number, .. }) => Recipient::Representative {
                representative: Confidential::from(number.as_str()),
                authority: authority(&representation.deed)?,
            },
            (Some(_), ActingRole::Insured) => return Err(RecordError),
            (None, _) => {
                let number = concern.visit_number.as_ref().ok_or(RecordError)?;
                Recipient::Subject { visit_number: Confidential::from(number.as_str()) }
            }
        },
        reference: code.reference.as_str().to_owned(),
        valid_until: code.valid_until,
        sealed_code,
    })
}

/// The deed that a representative's code rests on.
fn authority(deed: &Deed) -> Result<Authority, RecordError> {
    Ok(Authority {
        court: Confidential::from(deed.court.as_str()),
        file_number: Confidential::from(deed.file_number.as_str()),
        issued_on: deed.issued_on,
        areas: deed.areas.iter().copied().map(area).collect(),
        provisional_until: match deed.term {
            Term::Provisional(end) => end,
            Term::Permanent => None,
        },
        seen_as: match deed.seen_as {
            SeenAs::Original => account::SeenAs::Original,
            SeenAs::CertifiedCopy => account::SeenAs::CertifiedCopy,
            SeenAs::Copy => return Err(RecordError),
        },
        declared_unchanged: deed.declared_unchanged,
    })
}

fn area(area: identification::Area) -> account::Area {
    use identification::Area;
    match area {
        Area::Health => account::Area::Health,
        Area::SocialBenefits => account::Area::SocialBenefits,
        Area::Authorities => account::Area::Authorities,
        Area::Assets => account::Area::Assets,
        Area::Post => account::Area::Post,
        Area::ElectronicCommunication => account::Area::ElectronicCommunication,
        Area::Other => account::Area::Other,
    }
}

fn review_outcome(outcome: identification::ReviewOutcome) -> account::ReviewOutcome {
    match outcome {
        identification::ReviewOutcome::Agree => account::ReviewOutcome::Agree,
        identification::ReviewOutcome::FormalDefect => account::ReviewOutcome::FormalDefect,
        identification::ReviewOutcome::SubstantialDefect => account::ReviewOutcome::SubstantialDefect,
    }
}

fn void_reason(reason: identification::VoidReason) -> account::VoidReason {
    match reason {
        identification::VoidReason::PrintFailed => account::VoidReason::PrintFailed,
        identification::VoidReason::TrayTimeout => account::VoidReason::TrayTimeout,
        identification::VoidReason::Discarded => account::VoidReason::Discarded,
        identification::VoidReason::Interrupted => account::VoidReason::Interrupted,
    }
}
