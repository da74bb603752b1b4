//! What the account service is told: the frozen bodies of outbox rows, made of a visit's state and events.

use std::mem;

use account::{
    ActingPerson, Authority, BirthDateMatch, CardProofLevel, CheckRecord, CheckResult, CodeRecord,
    Confidential, Delivery, DeliveryKind, DocumentRecord, FaceResult, HandOverRecord, HealthCardRecord,
    IdentificationRecord, NameMatch, PersonMatch, PersonRecord, Recipient, ReviewRecord, VoidRecord,
};
use identification::{
    ActingRole, CheckAnswer, Code, Concern, DateAgreement, Deed, Event, FaceAnswer, Identification,
    IssuerGroup, Level, Scope, SeenAs, Term, Visit,
};
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
                    let record = identification(visit, acting, code, desk, at)?;
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

/// The evidence about the acting person.
fn identification(
    visit: &Visit,
    acting: &Identification,
    code: &Code,
    desk: &str,
    at: Timestamp,
) -> Result<IdentificationRecord, RecordError> {
    let document = acting.document.as_ref().ok_or(RecordError)?;
    let second = acting.second_look.as_ref().map(|look| look.by.as_str().to_owned());
    Ok(IdentificationRecord {
        desk: desk.to_owned(),
        policy_version: visit.policy_version.clone(),
        operator: visit.operator.as_ref().ok_or(RecordError)?.as_str().to_owned(),
        second_operator: second,
        identified_at: at,
        person: person(visit, acting)?,
        document: DocumentRecord {
            document_type: document.document_type.clone(),
            issuer_group: match document.issuer {
                IssuerGroup::De => account::IssuerGroup::De,
                IssuerGroup::Eu => account::IssuerGroup::Eu,
                IssuerGroup::Other => account::IssuerGroup::Other,
            },
            valid_on_check: true,
        },
        health_card: health_card(visit, acting),
        checks: document
            .checks
            .iter()
            .map(|(id, answer)| match answer {
                CheckAnswer::Pass => Ok(CheckRecord { id: id.clone(), result: CheckResult::Pass }),
                CheckAnswer::Unclear => Ok(CheckRecord { id: id.clone(), result: CheckResult::Unclear }),
                CheckAnswer::Fail => Err(RecordError),
            })
            .collect::<Result<_, _>>()?,
        face: match acting.face {
            Some(FaceAnswer::Matches) => FaceResult::Match,
            Some(FaceAnswer::Doubt) => FaceResult::MatchBySecondPerson,
            Some(FaceAnswer::DoesNotMatch) | None => return Err(RecordError),
        },
        level: match code.level {
            Level::None => return Err(RecordError),
            Level::Normal => account::Level::Normal,
            Level::Substantial => account::Level::Substantial,
            Level::High => account::Level::High,
        },
    })
}

/// The acting person's own card; a cared-for person's is no evidence about a carer.
fn health_card(visit: &Visit, acting: &Identification) -> HealthCardRecord {
    let own = visit.concerns.first().filter(|_| acting.role == ActingRole::Insured);
    match own.and_then(|concern| Some((concern, concern.subject.health_card.as_ref()?))) {
        None => HealthCardRecord::NotRead,
        Some((concern, card)) => HealthCardRecord::Read {
            proof_level: match card.authenticity.level() {
                identification::CardProofLevel::Read => CardProofLevel::Read,
                identification::CardProofLevel::Certificate => CardProofLevel::Certificate,
                identification::CardProofLevel::Chip => CardProofLevel::Chip,
            },
            card_number_tail: Confidential::from(card.card_number_tail.as_str()),
            pin_verified: concern.possession_proven,
        },
    }
}

/// Who acted, and how document and register agree.
fn person(visit: &Visit, acting: &Identification) -> Result<PersonRecord, RecordError> {
    let (number, birth_date) = match &acting.role {
        ActingRole::Carer { number, .. } => {
            // The service itself has compared the document's date.
            (ActingPerson::Representative(Confidential::from(number.as_str())), BirthDateMatch::Agrees)
        }
        ActingRole::Insured => {
            let own = visit.concerns.first().ok_or(RecordError)?;
            let known =
                own.subject.person.birth_date.is_some_and(|it| it.month.is_some() && it.day.is_some());
            let agreement = match (own.register.birth_date, known) {
                (DateAgreement::Agrees, true) => BirthDateMatch::Agrees,
                (DateAgreement::Agrees | DateAgreement::AgreesInPart, _) => BirthDateMatch::AgreesInPart,
                (DateAgreement::Differs, _) => return Err(RecordError),
            };
            (ActingPerson::Kvnr(Confidential::from(own.subject.kvnr.as_str())), agreement)
        }
    };
    Ok(PersonRecord { number, agreement: PersonMatch { names: NameMatch::Agree, birth_date } })
}

fn code_record(
    visit: &Visit,
    concern: &Concern,
    code: &Code,
    sealed_code: String,
) -> Result<CodeRecord, RecordError> {
    let acting = visit.acting().ok_or(RecordError)?;
    Ok(CodeRecord {
        identification_id: acting.id.uuid(),
        kvnr: Confidential::from(concern.subject.kvnr.as_str()),
        purpose: purpose(concern)?,
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

fn purpose(concern: &Concern) -> Result<account::Purpose, RecordError> {
    match concern.purpose {
        Some(identification::Purpose::AppActivation) => Ok(account::Purpose::AppActivation),
        Some(identification::Purpose::RepresentativeAccess) => Ok(account::Purpose::RepresentativeAccess),
        None => Err(RecordError),
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

#[cfg(test)]
mod tests {
    use identification::{
        AccountState, BirthDate, CardAuthenticity, CardCheck, CardCheckReason, CardNumberAnswer, CodeId,
        ConcernId, HealthCard, IdentificationId, Kvnr, Name, OperatorId, Person, PublicReference, Purpose,
        Receipt, Recorded, Subject, SubjectRegister, VisitId, VisitNumber, VoidReason,
    };
    use jiff::civil::date;

    use super::*;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn id(last: u128) -> Uuid {
        Uuid::from_u128(0x0193_5000_0000_7000_8000_0000_0000_0000 + last)
    }

    fn concern() -> ConcernId {
        ConcernId::new(id(3))
    }

    fn generated(code: u128) -> Event {
        let mut drawn = 0;
        Event::CodeGenerated {
            concern: concern(),
            code: CodeId::new(id(code)),
            reference: PublicReference::from_entropy(&mut |bytes: &mut [u8]| {
                drawn += 7;
                bytes.fill(drawn);
            }),
            level: Level::Substantial,
            valid_until: date(2026, 12, 6),
        }
    }

    fn voided(code: u128) -> Event {
        Event::CodeVoided { concern: concern(), code: CodeId::new(id(code)), reason: VoidReason::PrintFailed }
    }

    /// Everything proven, up to the first code.
    fn proven() -> Vec<Event> {
        let identification = IdentificationId::new(id(2));
        let name = Name {
            title: None,
            given_names: "Andrea".into(),
            suffix: None,
            prefix: None,
            family_name: "Amsel".into(),
        };
        let birth_date = Some(BirthDate { year: 1968, month: Some(12), day: Some(30) });
        let person = Person { name, birth_date };
        let health_card = HealthCard {
            generation: "G2.1".into(),
            card_number_tail: "0001".into(),
            valid_from: None,
            valid_until: None,
            data_as_of: None,
            deactivated: false,
            transaction_open: false,
            contactless: None,
            authenticity: CardAuthenticity {
                chip: CardCheck::Valid,
                certificate: CardCheck::NotVerifiable(CardCheckReason::NoTrustStore),
            },
        };
        vec![
            Event::VisitOpened {
                visit: VisitId::new(id(1)),
                operator: OperatorId::new("s-4711").unwrap(),
                policy_version: "Beispielkasse 2026-11".into(),
            },
            Event::PersonIntroduced { identification, person: person.clone(), role: ActingRole::Insured },
            Event::ConcernOpened {
                concern: concern(),
                subject: Subject {
                    kvnr: Kvnr::parse("A123456780").unwrap(),
                    person,
                    health_card: Some(health_card),
                },
                register: SubjectRegister {
                    account: AccountState::Registered,
                    card_number: CardNumberAnswer::Agrees,
                    names_agree: true,
                    birth_date: DateAgreement::Agrees,
                    carer_registered: false,
                    consent_reserved: false,
                    deceased: false,
                    second_look: false,
                },
            },
            Event::PurposeChosen {
                concern: concern(),
                purpose: Purpose::AppActivation,
                visit_number: Some(VisitNumber::parse("22222222").unwrap()),
            },
            Event::DocumentPresented {
                identification,
                document_type: "reisepass-de-2017".into(),
                issuer: IssuerGroup::De,
            },
            Event::DocumentChecked { identification, check: "uv".into(), answer: CheckAnswer::Pass },
            Event::NamesCompared { identification, answer: CheckAnswer::Pass },
            Event::DocumentConfirmed { identification },
            Event::FaceCompared { identification, answer: FaceAnswer::Matches },
        ]
    }

    fn visit(events: &[Event]) -> Visit {
        Visit::replay(&events.iter().cloned().map(|event| Recorded { at: AT, event }).collect::<Vec<_>>())
    }

    /// Kinds of the rows that follow from the last of `events`.
    fn kinds(events: &[Event]) -> Vec<&'static str> {
        let (visit, last) = (visit(events), events.last().cloned().unwrap());
        let rows = rows(&visit, &[last], "0312-03", Some(String::from("sealed")), AT).unwrap();
        rows.iter().map(|row| row.kind).collect()
    }

    #[test]
    fn a_first_code_goes_with_its_identification_and_one_that_replaces_it_goes_alone() {
        let mut events = proven();
        events.push(generated(4));
        assert_eq!(kinds(&events), ["identification", "code"]);
        events.push(voided(4));
        assert_eq!(kinds(&events), ["void"]);
        events.push(generated(5));
        assert_eq!(kinds(&events), ["code"]);
    }

    #[test]
    fn what_is_told_of_a_code_names_the_code_whatever_the_rows_own_id() {
        let mut events = proven();
        events.extend([generated(4), Event::CodePrinted { concern: concern(), code: CodeId::new(id(4)) }]);
        let handed =
            Event::CodeHandedOver { concern: concern(), code: CodeId::new(id(4)), receipt: Receipt::Signed };
        events.push(handed.clone());
        let rows = rows(&visit(&events), &[handed], "0312-03", None, AT).unwrap();
        let [row] = <[OutboxRecord; 1]>::try_from(rows).ok().unwrap();
        assert_ne!(row.id, id(4));
        let leased = OutboxRow {
            id: row.id,
            visit: VisitId::new(id(1)),
            seq: 1,
            scope: row.scope,
            kind: row.kind.to_owned(),
            payload: row.payload,
            attempts: 1,
            ask_first: false,
        };
        assert_eq!(delivery(&leased).unwrap().id, id(4));
    }

    #[test]
    fn only_what_the_service_must_know_leaves_the_desk() {
        let mut events = proven();
        events.push(generated(4));
        let rows =
            rows(&visit(&events), &events[events.len() - 1..], "0312-03", Some("sealed".into()), AT).unwrap();
        let told: String =
            rows.iter().map(|row| String::from_utf8_lossy(&row.payload).into_owned()).collect();
        assert!(
            ["A123456780", "reisepass-de-2017", r#"cardNumberTail\":\"0001"#]
                .iter()
                .all(|it| told.contains(it)),
            "the canaries are where they belong"
        );
        for private in ["Amsel", "Andrea", "1968"] {
            assert!(!told.contains(private), "{private} left the desk");
        }
    }
}
