//! What the account service is told: the frozen bodies of outbox rows, made of a visit's state and events.

mod blocking;
mod evidence;
#[cfg(test)]
mod tests;

use account::{
    ClockRecord, CodeRecord, Confidential, Delivery, DeskIdentity, HandOverRecord, JournalEntry,
    JournalSegmentRecord, ProblemCode, Recipient, RecordLink, RefusalReason, RefusalRecord,
    RepresentationRecord, ReviewRecord, ScopeKind, SignError, VoidRecord,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use identification::{
    AbortReason, ActingRole, CheckAnswer, Code, Concern, Event, Purpose, RefusalReason as ReasonOfRules,
    Representation, Scope, SeenAs, Term, Visit,
};
use jiff::Timestamp;
use store::{DeskRecord, OutboxRecord, OutboxRow, SegmentDraft, SegmentEntry};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::outside;

/// A record that couldn't be made: a defect, since everything that it needs was decided before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an outbox record could not be made")]
pub(crate) struct RecordError;

impl From<SignError> for RecordError {
    fn from(error: SignError) -> Self {
        tracing::error!(%error, "a record could not be signed");
        Self
    }
}

/// Signs records as this desk, each linked to the one before it.
pub(crate) struct Pen<'a> {
    identity: &'a DeskIdentity,
    last: RecordLink,
    /// How the desk's clock stood to the service's.
    clock: Option<ClockRecord>,
}

/// One of the constructors of [`Delivery`].
type Make<R> = fn(Uuid, &R, &DeskIdentity, &RecordLink) -> Result<Delivery, SignError>;

impl<'a> Pen<'a> {
    /// `last` is the record that this desk signed before.
    pub(crate) fn new(
        identity: &'a DeskIdentity,
        last: store::RecordLink,
        clock: Option<ClockRecord>,
    ) -> Self {
        let store::RecordLink { seq, hash } = last;
        Self { identity, last: RecordLink { seq, hash }, clock }
    }

    /// A row with a record that `make` signs.
    fn row<R>(
        &mut self,
        id: Uuid,
        scope: Scope,
        target: Uuid,
        record: &R,
        make: Make<R>,
    ) -> Result<OutboxRecord, RecordError> {
        let (kind, payload, link) = self.sign(target, record, make)?;
        Ok(OutboxRecord { id, scope, kind, payload, link: Some(link) })
    }

    /// What an outbox row holds of a record that `make` signs: kind, payload, place in the chain.
    fn sign<R>(
        &mut self,
        target: Uuid,
        record: &R,
        make: Make<R>,
    ) -> Result<(&'static str, Zeroizing<Vec<u8>>, store::RecordLink), RecordError> {
        let delivery = make(target, record, self.identity, &self.last)?;
        self.last = delivery.link;
        let RecordLink { seq, hash } = delivery.link;
        Ok((delivery.kind.as_str(), delivery.to_payload(), store::RecordLink { seq, hash }))
    }
}

/// The rows that follow from `events`, in the order in which the service needs them. `sealed_code` goes with a generated
/// code.
pub(crate) fn rows(
    visit: &Visit,
    events: &[Event],
    pen: &mut Pen<'_>,
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
                    let record = evidence::identification(visit, acting, code, pen.clock, at)?;
                    let (id, scope) = (acting.id.uuid(), Scope::Identification(acting.id));
                    rows.push(pen.row(id, scope, id, &record, Delivery::identification)?);
                }
                // Nor can the deed change after the first code that rests on it.
                if let (Some(representation), 1) = (&concern.representation, concern.codes.len()) {
                    let record = representation_record(visit, concern, representation, at)?;
                    let (id, scope) = (concern.id.uuid(), Scope::Concern(concern.id));
                    rows.push(pen.row(id, scope, id, &record, Delivery::representation)?);
                }
                let record = code_record(visit, concern, code, sealed_code.take().ok_or(RecordError)?)?;
                let (id, scope) = (code.id.uuid(), Scope::Concern(concern.id));
                rows.push(pen.row(id, scope, id, &record, Delivery::code)?);
            }
            Event::BlockingOrdered { concern, .. } => rows.push(blocking::row(visit, *concern, pen, at)?),
            Event::CodeHandedOver { concern, code, receipt } => {
                let event_id = outside::id(at);
                let receipt = match receipt {
                    identification::Receipt::Signed => account::Receipt::Signed,
                    identification::Receipt::MarkAndWitness => account::Receipt::MarkAndWitness,
                };
                let record = HandOverRecord { event_id, at, receipt };
                let scope = Scope::Concern(*concern);
                rows.push(pen.row(event_id, scope, code.uuid(), &record, Delivery::hand_over)?);
            }
            Event::CodeVoided { code, reason, .. } => {
                let event_id = outside::id(at);
                let record = VoidRecord { event_id, reason: void_reason(*reason) };
                // Nothing of it is personal, and it must reach the service even if the concern is wiped.
                let scope = Scope::Visit(visit.id.ok_or(RecordError)?);
                rows.push(pen.row(event_id, scope, code.uuid(), &record, Delivery::void)?);
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
                let scope = Scope::Visit(visit.id.ok_or(RecordError)?);
                rows.push(pen.row(event_id, scope, event_id, &record, Delivery::review)?);
            }
            // For 90 days whoever comes in that person's name is looked at twice.
            Event::VisitAborted { reason: AbortReason::Refused(ReasonOfRules::IdentityNotEstablished) } => {
                let visit_scope = Scope::Visit(visit.id.ok_or(RecordError)?);
                for concern in &visit.concerns {
                    let record = refusal(visit, concern, at)?;
                    let id = outside::id(at);
                    rows.push(pen.row(id, visit_scope, id, &record, Delivery::refusal)?);
                }
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
            | Event::BlockingAccepted { .. }
            | Event::BlockingRefused { .. }
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

/// The record of a piece of the journal.
pub(crate) fn segment(draft: &SegmentDraft, pen: &mut Pen<'_>) -> Result<DeskRecord, RecordError> {
    let number = |seq: i64| u64::try_from(seq).map_err(|_| RecordError);
    let entry = |it: &SegmentEntry| {
        let (scope_kind, scope_id) = match it.scope {
            Scope::Visit(id) => (ScopeKind::Visit, id.uuid()),
            Scope::Identification(id) => (ScopeKind::Identification, id.uuid()),
            Scope::Concern(id) => (ScopeKind::Concern, id.uuid()),
        };
        JournalEntry {
            event_id: it.event_id,
            visit: it.visit.uuid(),
            scope_kind,
            scope_id,
            kind: it.kind.clone(),
            version: it.version,
            at_us: it.at.as_microsecond(),
            body_hash: base64url(&it.body_hash),
        }
    };
    let record = JournalSegmentRecord {
        day: draft.day,
        from_seq: number(draft.from_seq)?,
        until_seq: number(draft.until_seq)?,
        prev_hash: base64url(&draft.prev_hash),
        entries: draft.entries.iter().map(entry).collect(),
        hash: base64url(&draft.hash),
    };
    let (kind, payload, link) = pen.sign(draft.id, &record, Delivery::segment)?;
    Ok(DeskRecord { id: draft.id, kind, payload, link })
}

fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// A problem's code as the contract spells it.
pub(crate) fn problem(code: ProblemCode) -> String {
    serde_json::to_value(code).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The delivery that a leased row holds.
pub(crate) fn delivery(row: &OutboxRow) -> Result<Delivery, RecordError> {
    Delivery::from_payload(&row.kind, &row.payload).map_err(|_| RecordError)
}

/// Somebody came in that person's name and it wasn't established that they are who they say.
fn refusal(visit: &Visit, concern: &Concern, at: Timestamp) -> Result<RefusalRecord, RecordError> {
    let document = visit.acting().and_then(|it| it.document.as_ref());
    let forged = document.is_some_and(|it| {
        it.checks.values().any(|answer| *answer == CheckAnswer::Fail)
            || it.chip.is_some_and(|chip| chip.contradicts())
    });
    Ok(RefusalRecord {
        kvnr: Confidential::from(concern.subject.kvnr.as_str()),
        operator: visit.operator.as_ref().ok_or(RecordError)?.as_str().to_owned(),
        at,
        reason: if forged {
            RefusalReason::DocumentNotGenuine
        } else {
            RefusalReason::IdentityNotEstablished
        },
    })
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
            (Some(_), ActingRole::Carer { .. }) => {
                Recipient::Representative { representation: concern.id.uuid() }
            }
            (Some(_), ActingRole::Insured) => return Err(RecordError),
            (None, _) => {
                let number = concern.visit_number.as_ref().ok_or(RecordError)?;
                Recipient::Subject { visit_number: Confidential::from(number.as_str()) }
            }
        },
        reference: code.reference.as_str().to_owned(),
        valid_until: code.valid_until,
        sealed_code,
        offline: code.offline,
    })
}

/// The authority that a representative's codes rest on. A concern has one at most, and so goes by the concern's id.
fn representation_record(
    visit: &Visit,
    concern: &Concern,
    representation: &Representation,
    at: Timestamp,
) -> Result<RepresentationRecord, RecordError> {
    let acting = visit.acting().ok_or(RecordError)?;
    let ActingRole::Carer { number, .. } = &acting.role else { return Err(RecordError) };
    let deed = &representation.deed;
    Ok(RepresentationRecord {
        identification_id: acting.id.uuid(),
        kvnr: Confidential::from(concern.subject.kvnr.as_str()),
        representative: Confidential::from(number.as_str()),
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
        operator: visit.operator.as_ref().ok_or(RecordError)?.as_str().to_owned(),
        accepted_at: at,
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
