//! What proves who the acting person is.

use jiff::civil::Date;

use super::{evidence_open, not_denied, valid_on};
use crate::{
    ActingRole, BirthDate, CheckAnswer, ChipConsent, ChipEvidence, DatesOn, Document, Event, FaceAnswer,
    Identification, Policy, Purpose, Refusal, Staff, Visit,
};

/// What a document's machine-readable zone or its print says.
pub(super) struct Dates {
    pub(super) birth_date: BirthDate,
    pub(super) register_agrees: bool,
    pub(super) expiry: Option<Date>,
    pub(super) today: Date,
}

pub(super) fn present_document(
    visit: &Visit,
    document_type: String,
    dates: &Dates,
    policy: &Policy,
) -> Result<Vec<Event>, Refusal> {
    let acting = evidence_open(visit)?;
    // Somebody must have come for something that isn't refused.
    visit.standing().find(|concern| concern.purpose.is_some()).ok_or(Refusal::NotYet)?;
    let rule = policy.document(&document_type).ok_or(Refusal::DocumentNotAdmitted)?;
    if rule.cap < visit.level_needed(policy) {
        return Err(Refusal::LevelTooLow);
    }
    // What is unknown contradicts nothing, and a card's data carry no signature: then the insurer has to know the date.
    let agrees = match acting.person.birth_date {
        Some(known) if known.is_complete() => known.agrees_with(dates.birth_date),
        Some(known) => known.agrees_with(dates.birth_date) && dates.register_agrees,
        None => dates.register_agrees,
    };
    // A carer's own concern, beside those for others: it is about the same person.
    let own = visit
        .standing()
        .filter(|concern| {
            acting.role != ActingRole::Insured && concern.purpose == Some(Purpose::AppActivation)
        })
        .all(|concern| {
            concern.subject.person.birth_date.is_some_and(|known| known.agrees_with(dates.birth_date))
        });
    if !(agrees && own) {
        return Err(Refusal::BirthDateDiffers);
    }
    let (identification, issuer) = (acting.id, rule.issuer);
    let presented_now =
        || Event::DocumentPresented { identification, document_type: document_type.clone(), issuer };
    let Some(expiry) = dates.expiry else {
        return match rule.dates {
            DatesOn::Print { unlimited: true } => Ok(vec![presented_now()]),
            DatesOn::Print { unlimited: false } | DatesOn::Zone => Err(Refusal::NotYet),
        };
    };
    if !valid_on(expiry, dates.today) {
        return Err(Refusal::DocumentExpired);
    }
    if rule.latest_expiry(dates.today).is_some_and(|latest| expiry > latest) {
        return Err(Refusal::ValidForTooLong);
    }
    Ok(vec![presented_now()])
}

/// The person's own word, before anything is read.
pub(super) fn agree_to_chip(
    visit: &Visit,
    consent: ChipConsent,
    policy: &Policy,
) -> Result<Vec<Event>, Refusal> {
    let acting = looked_at_once(visit)?;
    visit.readable_chip(policy).ok_or(Refusal::NotNow)?;
    Ok(vec![Event::ChipAgreed { identification: acting.id, consent }])
}

/// As long as no code rests on it; whoever takes it back is identified by eye.
pub(super) fn revoke_chip(visit: &Visit) -> Result<Vec<Event>, Refusal> {
    let acting = evidence_open(visit)?;
    acting.document.as_ref().and_then(|it| it.chip_consent.as_ref()).ok_or(Refusal::NotNow)?;
    Ok(vec![Event::ChipRevoked { identification: acting.id }])
}

/// Read once with an outcome that counts, it isn't read again.
pub(super) fn record_chip(
    visit: &Visit,
    evidence: ChipEvidence,
    policy: &Policy,
) -> Result<Vec<Event>, Refusal> {
    let acting = not_denied(visit)?;
    visit.readable_chip(policy).ok_or(Refusal::NotNow)?;
    let document = presented(acting)?;
    if document.chip.is_some_and(ChipEvidence::proves) {
        return Err(Refusal::NotNow);
    }
    if !document.chip_again {
        looked_at_once(visit)?;
    }
    document.chip_consent.as_ref().ok_or(Refusal::NotYet)?;
    Ok(vec![Event::ChipRead { identification: acting.id, evidence }])
}

pub(super) fn answer_check(
    visit: &Visit,
    check: String,
    answer: CheckAnswer,
    policy: &Policy,
) -> Result<Vec<Event>, Refusal> {
    let acting = looked_at_once(visit)?;
    let document = presented(acting)?;
    let rule = policy.document(&document.document_type).ok_or(Refusal::DocumentNotAdmitted)?;
    if !rule.checks.iter().any(|known| known.id == check) {
        return Err(Refusal::UnknownCheck);
    }
    Ok(vec![Event::DocumentChecked { identification: acting.id, check, answer }])
}

pub(super) fn compare_names(visit: &Visit, answer: CheckAnswer) -> Result<Vec<Event>, Refusal> {
    let acting = looked_at_once(visit)?;
    presented(acting)?;
    Ok(vec![Event::NamesCompared { identification: acting.id, answer }])
}

pub(super) fn confirm_document(visit: &Visit, policy: &Policy) -> Result<Vec<Event>, Refusal> {
    let acting = not_denied(visit)?;
    let document = presented(acting)?;
    complete(document, policy)?;
    if document.confirmed {
        looked_at_once(visit)?;
    }
    // A purpose that was changed since may need more.
    if acting.presented(policy).is_some_and(|(_, rule)| rule.cap < visit.level_needed(policy)) {
        return Err(Refusal::LevelTooLow);
    }
    Ok(vec![Event::DocumentConfirmed { identification: acting.id }])
}

pub(super) fn compare_face(visit: &Visit, answer: FaceAnswer) -> Result<Vec<Event>, Refusal> {
    let acting = not_denied(visit)?;
    if !presented(acting)?.confirmed {
        return Err(Refusal::NotYet);
    }
    if acting.face.is_some() {
        looked_at_once(visit)?;
    }
    // Nobody clicks their own doubt away: a second person settles it.
    if acting.face == Some(FaceAnswer::Doubt) && answer == FaceAnswer::Matches {
        return Err(Refusal::SecondPersonNeeded);
    }
    Ok(vec![Event::FaceCompared { identification: acting.id, answer }])
}

pub(super) fn take_second_look(
    visit: &Visit,
    by: Staff,
    answer: FaceAnswer,
    policy: &Policy,
) -> Result<Vec<Event>, Refusal> {
    let acting = not_denied(visit)?;
    if visit.second_look_taken() || !visit.second_look_needed(policy) {
        evidence_open(visit)?;
    }
    // Whoever worked on the visit, before it was taken over as well, has looked once already.
    if visit.operator.iter().chain(&visit.earlier_operators).any(|operator| *operator == by.id) {
        return Err(Refusal::SeparationOfDuties);
    }
    if !presented(acting)?.confirmed || acting.face.is_none() {
        return Err(Refusal::NotYet);
    }
    let concerns =
        visit.standing().filter(|it| it.representation.is_some()).map(|concern| concern.id).collect();
    Ok(vec![Event::SecondLookTaken { identification: acting.id, by: by.id, answer, concerns }])
}

pub(super) fn presented(identification: &Identification) -> Result<&Document, Refusal> {
    identification.document.as_ref().ok_or(Refusal::NotYet)
}

/// Every check answered; what is unclear waits for a second person.
pub(super) fn complete(document: &Document, policy: &Policy) -> Result<(), Refusal> {
    let rule = policy.document(&document.document_type).ok_or(Refusal::DocumentNotAdmitted)?;
    let answered = rule.checks.iter().all(|check| document.checks.contains_key(&check.id));
    if answered && document.names.is_some() { Ok(()) } else { Err(Refusal::NotYet) }
}

/// What the second person has seen, or a code rests on, is not changed behind their back. Only what an interruption has
/// opened again is repeated: see [`Event::VisitResumed`].
fn looked_at_once(visit: &Visit) -> Result<&Identification, Refusal> {
    let acting = evidence_open(visit)?;
    if acting.second_look.is_some() { Err(Refusal::NotNow) } else { Ok(acting) }
}
