//! The record of an identification: the evidence about the acting person.

use account::{
    ActingPerson, BirthDateMatch, CardProofLevel, CheckRecord, CheckResult, ChipRecord, ChipResult,
    ClockRecord, Confidential, ConsentForm, ConsentRecord, DocumentRecord, FaceResult, HealthCardRecord,
    IdentificationRecord, NameMatch, PersonMatch, PersonRecord,
};
use identification::{
    ActingRole, CheckAnswer, ChipCheck, Code, DateAgreement, Document, FaceAnswer, Identification,
    IssuerGroup, Level, Visit,
};
use jiff::Timestamp;

use super::RecordError;

/// The evidence about the acting person.
pub(super) fn identification(
    visit: &Visit,
    acting: &Identification,
    code: &Code,
    clock: Option<ClockRecord>,
    at: Timestamp,
) -> Result<IdentificationRecord, RecordError> {
    let document = acting.document.as_ref().ok_or(RecordError)?;
    let second = acting.second_look.as_ref().map(|look| look.by.as_str().to_owned());
    let chip = chip(acting, document)?;
    let level = match code.level {
        Level::None => return Err(RecordError),
        Level::Normal => account::Level::Normal,
        Level::Substantial => account::Level::Substantial,
        // What one person saw is not enough for it.
        Level::High if second.is_none() && !chip.as_ref().is_some_and(ChipRecord::proves) => {
            return Err(RecordError);
        }
        Level::High => account::Level::High,
    };
    Ok(IdentificationRecord {
        clock,
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
            chip,
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
        level,
    })
}

/// What the document's chip proved, if it was read: of an insured person's document, as they agreed to. One that speaks
/// against the document makes no record, as a failed check doesn't.
fn chip(acting: &Identification, document: &Document) -> Result<Option<ChipRecord>, RecordError> {
    let Some(evidence) = document.chip else { return Ok(None) };
    if evidence.contradicts() || acting.role != ActingRole::Insured {
        return Err(RecordError);
    }
    let consent = document.chip_consent.as_ref().ok_or(RecordError)?;
    Ok(Some(ChipRecord {
        consent: ConsentRecord {
            form: match consent.form {
                identification::ConsentForm::Tapped => ConsentForm::Tapped,
                identification::ConsentForm::Signed => ConsentForm::Signed,
            },
            wording: consent.wording.clone(),
        },
        data: chip_result(evidence.data)?,
        copy: chip_result(evidence.copy)?,
        name_agrees: evidence.name_agrees,
        print_agrees: evidence.print_agrees,
    }))
}

fn chip_result(check: ChipCheck) -> Result<ChipResult, RecordError> {
    match check {
        ChipCheck::Valid => Ok(ChipResult::Valid),
        ChipCheck::NotVerifiable => Ok(ChipResult::NotVerifiable),
        ChipCheck::NotSupported => Ok(ChipResult::NotSupported),
        ChipCheck::Invalid => Err(RecordError),
    }
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
            // Without a line the document's date was compared with the card's, and the service will compare it.
            let asked = own.register.map_or(DateAgreement::Agrees, |register| register.birth_date);
            let agreement = match (asked, known) {
                (DateAgreement::Agrees, true) => BirthDateMatch::Agrees,
                (DateAgreement::Agrees | DateAgreement::AgreesInPart, _) => BirthDateMatch::AgreesInPart,
                (DateAgreement::Differs, _) => return Err(RecordError),
            };
            (ActingPerson::Kvnr(Confidential::from(own.subject.kvnr.as_str())), agreement)
        }
    };
    Ok(PersonRecord { number, agreement: PersonMatch { names: NameMatch::Agree, birth_date } })
}
