//! The records of a visit: what the service is told, signed by the desk.

use account::{
    ActingPerson, BirthDateMatch, CardProofLevel, CheckRecord, CheckResult, CodeRecord, Confidential,
    Delivery, DocumentRecord, FaceResult, HandOverRecord, HealthCardRecord, IdentificationRecord,
    IssuerGroup, Level, NameMatch, PersonMatch, PersonRecord, Purpose, Receipt, Recipient, VoidReason,
    VoidRecord,
};
use anyhow::{Context, Result};
use identification::{Code, CodeId, Concern, ConcernId, Event, Scope, Visit};
use jiff::Timestamp;
use store::OutboxRecord;

use super::{clock, outbox::Pen, rules};

/// The rows that follow from `events`, in the order in which the service needs them. `sealed` is the code that was drawn.
pub(crate) fn rows(
    visit: &Visit,
    events: &[Event],
    pen: &mut Pen<'_>,
    sealed: &str,
    at: Timestamp,
) -> Result<Vec<OutboxRecord>> {
    let mut rows = Vec::new();
    for event in events {
        #[expect(clippy::wildcard_enum_match_arm, reason = "of everything else the service isn't told")]
        match event {
            Event::CodeGenerated { concern, code, .. } => {
                let (concern, code) = find(visit, *concern, *code)?;
                let acting = visit.acting().context("nobody acts")?;
                if concern.codes.len() == 1 {
                    let (id, scope) = (acting.id.uuid(), Scope::Identification(acting.id));
                    let record = identification(visit, concern, at)?;
                    rows.push(pen.row(id, scope, id, &record, Delivery::identification)?);
                }
                let record = code_record(concern, code, acting.id.uuid(), sealed)?;
                let (id, scope) = (code.id.uuid(), Scope::Concern(concern.id));
                rows.push(pen.row(id, scope, id, &record, Delivery::code)?);
            }
            Event::CodeHandedOver { concern, code, .. } => {
                let event_id = clock::id();
                let record = HandOverRecord { event_id, at, receipt: Receipt::Signed };
                rows.push(pen.row(
                    event_id,
                    Scope::Concern(*concern),
                    code.uuid(),
                    &record,
                    Delivery::hand_over,
                )?);
            }
            Event::CodeVoided { code, reason, .. } => {
                let event_id = clock::id();
                let record = VoidRecord { event_id, reason: void_reason(*reason) };
                let scope = Scope::Visit(visit.id.context("a visit without an id")?);
                rows.push(pen.row(event_id, scope, code.uuid(), &record, Delivery::void)?);
            }
            _ => {}
        }
    }
    Ok(rows)
}

fn find(visit: &Visit, concern: ConcernId, code: CodeId) -> Result<(&Concern, &Code)> {
    let concern = visit.concern(concern).context("no such concern")?;
    Ok((concern, concern.codes.iter().find(|it| it.id == code).context("no such code")?))
}

fn identification(visit: &Visit, concern: &Concern, at: Timestamp) -> Result<IdentificationRecord> {
    let document = visit.acting().and_then(|it| it.document.as_ref()).context("no document")?;
    let checks = document.checks.keys().map(|id| CheckRecord { id: id.clone(), result: CheckResult::Pass });
    let card = concern.subject.health_card.as_ref().context("no card")?;
    Ok(IdentificationRecord {
        policy_version: visit.policy_version.clone(),
        operator: rules::CLERK.to_owned(),
        second_operator: None,
        identified_at: at,
        clock: None,
        person: PersonRecord {
            number: ActingPerson::Kvnr(Confidential::from(concern.subject.kvnr.as_str())),
            agreement: PersonMatch { names: NameMatch::Agree, birth_date: BirthDateMatch::Agrees },
        },
        health_card: HealthCardRecord::Read {
            proof_level: CardProofLevel::Chip,
            card_number_tail: Confidential::from(card.card_number_tail.as_str()),
            pin_verified: false,
        },
        document: DocumentRecord {
            document_type: document.document_type.clone(),
            issuer_group: IssuerGroup::De,
            valid_on_check: true,
            chip: None,
        },
        checks: checks.collect(),
        face: FaceResult::Match,
        level: Level::Substantial,
    })
}

fn code_record(
    concern: &Concern,
    code: &Code,
    identification: uuid::Uuid,
    sealed: &str,
) -> Result<CodeRecord> {
    let number = concern.visit_number.as_ref().context("no visit number")?;
    Ok(CodeRecord {
        identification_id: identification,
        kvnr: Confidential::from(concern.subject.kvnr.as_str()),
        purpose: Purpose::AppActivation,
        recipient: Recipient::Subject { visit_number: Confidential::from(number.as_str()) },
        reference: code.reference.as_str().to_owned(),
        valid_until: code.valid_until,
        sealed_code: sealed.to_owned(),
        offline: code.offline,
    })
}

fn void_reason(reason: identification::VoidReason) -> VoidReason {
    match reason {
        identification::VoidReason::PrintFailed => VoidReason::PrintFailed,
        identification::VoidReason::TrayTimeout => VoidReason::TrayTimeout,
        identification::VoidReason::Discarded => VoidReason::Discarded,
        identification::VoidReason::Interrupted => VoidReason::Interrupted,
    }
}
