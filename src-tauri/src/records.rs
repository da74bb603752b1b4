//! What the account service is told: the frozen bodies of outbox rows, made of a visit's state and events.

use std::mem;

use account::{
    BirthDateMatch, CheckRecord, CheckResult, CodeRecord, Confidential, Delivery, DeliveryKind,
    DocumentRecord, FaceResult, HandOverRecord, IdentificationRecord, NameMatch, Recipient, SubjectMatch,
    SubjectRecord, VoidRecord,
};
use identification::{CheckAnswer, Code, Concern, Event, IssuerGroup, Level, Scope, Visit, VisitId};
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
                // A code that replaces another rests on the same identification, which the service has already.
                if concern.codes.len() == 1 {
                    let id = visit.acting().ok_or(RecordError)?.id.uuid();
                    let record = identification(visit, concern, code, desk, at)?;
                    let delivery = Delivery::identification(id, &record).map_err(|_| RecordError)?;
                    rows.push(row(id, Scope::Concern(concern.id), &delivery)?);
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
            Event::CodeVoided { concern, code, reason } => {
                let event_id = outside::id(at);
                let record = VoidRecord { event_id, reason: void_reason(*reason) };
                let delivery = Delivery::void(code.uuid(), &record).map_err(|_| RecordError)?;
                rows.push(row(event_id, Scope::Concern(*concern), &delivery)?);
            }
            Event::VisitOpened { .. }
            | Event::PersonIntroduced { .. }
            | Event::ConcernOpened { .. }
            | Event::PurposeChosen { .. }
            | Event::DocumentPresented { .. }
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

fn identification(
    visit: &Visit,
    concern: &Concern,
    code: &Code,
    desk: &str,
    at: Timestamp,
) -> Result<IdentificationRecord, RecordError> {
    let acting = visit.acting().ok_or(RecordError)?;
    let document = acting.document.as_ref().ok_or(RecordError)?;
    let birth = acting.person.birth_date;
    Ok(IdentificationRecord {
        desk: desk.to_owned(),
        policy_version: visit.policy_version.clone(),
        operator: visit.operator.as_ref().ok_or(RecordError)?.as_str().to_owned(),
        second_operator: None,
        identified_at: at,
        purpose: purpose(concern)?,
        subject: SubjectRecord {
            kvnr: Confidential::from(concern.kvnr.as_str()),
            agreement: SubjectMatch {
                names: NameMatch::Agree,
                birth_date: if birth.month.is_some() && birth.day.is_some() {
                    BirthDateMatch::Agrees
                } else {
                    BirthDateMatch::AgreesInPart
                },
            },
        },
        document: DocumentRecord {
            document_type: document.document_type.clone(),
            issuer_group: match document.issuer {
                IssuerGroup::De => account::IssuerGroup::De,
                IssuerGroup::Eu => account::IssuerGroup::Eu,
                IssuerGroup::Other => account::IssuerGroup::Other,
            },
            valid_on_check: true,
        },
        checks: document
            .checks
            .iter()
            .map(|(id, answer)| match answer {
                CheckAnswer::Pass => Ok(CheckRecord { id: id.clone(), result: CheckResult::Pass }),
                CheckAnswer::Unclear => Ok(CheckRecord { id: id.clone(), result: CheckResult::Unclear }),
                CheckAnswer::Fail => Err(RecordError),
            })
            .collect::<Result<_, _>>()?,
        face: FaceResult::Match,
        level: match code.level {
            Level::None => return Err(RecordError),
            Level::Normal => account::Level::Normal,
            Level::Substantial => account::Level::Substantial,
            Level::High => account::Level::High,
        },
    })
}

fn code_record(
    visit: &Visit,
    concern: &Concern,
    code: &Code,
    sealed_code: String,
) -> Result<CodeRecord, RecordError> {
    Ok(CodeRecord {
        identification_id: visit.acting().ok_or(RecordError)?.id.uuid(),
        kvnr: Confidential::from(concern.kvnr.as_str()),
        purpose: purpose(concern)?,
        recipient: Recipient::Subject,
        reference: code.reference.as_str().to_owned(),
        visit_number: Confidential::from(concern.visit_number.as_ref().ok_or(RecordError)?.as_str()),
        valid_until: code.valid_until,
        sealed_code,
    })
}

fn purpose(concern: &Concern) -> Result<account::Purpose, RecordError> {
    match concern.purpose {
        Some(identification::Purpose::AppActivation) => Ok(account::Purpose::AppActivation),
        None => Err(RecordError),
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

/// The id of the visit, which every recorded visit has.
pub(crate) fn visit_id(visit: &Visit) -> Result<VisitId, RecordError> {
    visit.id.ok_or(RecordError)
}
