//! Who came, and what for.

use jiff::{Zoned, civil::Date};

use super::{MAX_CONCERNS, evidence_open, offline};
use crate::{
    AccountState, Acting, ActingRole, CardNumberAnswer, Case, Concern, ConcernId, ConcernState,
    DateAgreement, Event, Filed, Identification, Kvnr, NewConcern, OfflineObstacle, Opening, Policy, Proof,
    Purpose, PurposeRule, Refusal, RefusalReason, RepresentativeAccount, Stage, Standing, Subject,
    SubjectRegister, Visit, VisitNumber, judge, names_agree,
};

pub(super) fn open(
    visit: &Visit,
    opening: Opening,
    policy: &Policy,
    now: &Zoned,
) -> Result<Vec<Event>, Refusal> {
    let Opening { visit: id, identification, operator, acting, line } = opening;
    if visit.stage != Stage::Unopened {
        return Err(Refusal::NotNow);
    }
    let standing = line.standing(now.timestamp(), policy);
    if standing == Standing::Locked {
        return Err(Refusal::LineLost);
    }
    let opened = Event::VisitOpened { visit: id, operator, policy_version: policy.version.clone() };
    match acting {
        Acting::Insured(concern) => {
            let NewConcern { concern, subject, register, iks, own: _ } = *concern;
            genuine(&subject)?;
            ours(&subject, register.as_ref(), &iks, policy)?;
            if register.is_none() {
                offline::may_begin(&subject, &line, policy, now)?;
            }
            something_to_do(&subject, register.as_ref(), policy)?;
            let person = subject.person.clone();
            Ok(vec![
                opened,
                Event::PersonIntroduced { identification, person, role: ActingRole::Insured },
                Event::ConcernOpened { concern, subject, register },
            ])
        }
        Acting::Representative { .. } if standing != Standing::Connected => {
            Err(Refusal::OfflineNotPossible(OfflineObstacle::Representation))
        }
        Acting::Representative { person, role, account } => match account {
            RepresentativeAccount::Locked => Err(Refusal::AccountLocked),
            RepresentativeAccount::Registered => {
                Ok(vec![opened, Event::PersonIntroduced { identification, person, role }])
            }
        },
    }
}

pub(super) fn add(visit: &Visit, new: NewConcern, policy: &Policy) -> Result<Vec<Event>, Refusal> {
    let acting = evidence_open(visit)?;
    let NewConcern { concern, subject, register, iks, own } = new;
    // An insured person acts for themselves alone; who acts for others shows their number first.
    if acting.role == ActingRole::Insured {
        return Err(Refusal::NotNow);
    }
    genuine(&subject)?;
    let twice = visit.standing().any(|it| it.subject.kvnr == subject.kvnr);
    if twice || visit.concern(concern).is_some() || visit.concerns.len() >= MAX_CONCERNS {
        return Err(Refusal::TooManyConcerns);
    }
    let representation = Refusal::OfflineNotPossible(OfflineObstacle::Representation);
    let register = register.ok_or(representation)?;
    ours(&subject, Some(&register), &iks, policy)?;
    if own {
        own_account(&register, Purpose::AppActivation)?;
        their_own(acting, &subject)?;
    }
    Ok(vec![Event::ConcernOpened { concern, subject, register: Some(register) }])
}

/// Of a card that isn't what it says nothing else counts, and nothing that the service said of the person is told.
fn genuine(subject: &Subject) -> Result<(), Refusal> {
    let disproved = subject.health_card.as_ref().is_some_and(|card| card.authenticity.is_disproved());
    if disproved { Err(Refusal::HealthCardNotGenuine) } else { Ok(()) }
}

/// Ours, alive in our records as card or clerk say; what an account allows is another question. A card
/// of another insurer, or a locked one, is told as what it is even if it has proven too little.
pub(super) fn ours(
    subject: &Subject,
    register: Option<&SubjectRegister>,
    iks: &[String],
    policy: &Policy,
) -> Result<(), Refusal> {
    if register.is_some_and(|it| it.account == AccountState::NotInsured) {
        return Err(Refusal::NotInsuredHere);
    }
    if let Some(card) = &subject.health_card {
        if !iks.iter().any(|ik| policy.own_iks.contains(ik)) {
            return Err(Refusal::NotInsuredHere);
        }
        if card.deactivated {
            return Err(Refusal::CardDeactivated);
        }
        if card.authenticity.level() < policy.health_card_proof {
            return Err(Refusal::HealthCardUnproven);
        }
    }
    let differs = register.is_some_and(|it| {
        !it.names_agree
            || it.birth_date == DateAgreement::Differs
            || it.card_number == CardNumberAnswer::Differs
    });
    if differs { Err(Refusal::DataMismatch) } else { Ok(()) }
}

/// Nobody activates another person's app. Of a carer the names must agree here, and the birth date when the document is
/// presented after this.
fn their_own(acting: &Identification, subject: &Subject) -> Result<(), Refusal> {
    let own = acting.role == ActingRole::Insured || names_agree(&acting.person.name, &subject.person.name);
    if own { Ok(()) } else { Err(Refusal::NotTheirOwn) }
}

/// One of the purposes that this desk offers for somebody themselves is possible; if none is, the first one's reason counts.
fn something_to_do(
    subject: &Subject,
    register: Option<&SubjectRegister>,
    policy: &Policy,
) -> Result<(), Refusal> {
    let offered = policy.purposes.iter().filter(|rule| rule.purpose != Purpose::RepresentativeAccess);
    let mut answers = offered.map(|rule| {
        account_allows(register, rule)?;
        let lacks_card = rule.needs_health_card() && !subject.health_card_proven();
        if lacks_card { Err(Refusal::HealthCardNeeded) } else { Ok(()) }
    });
    let first = answers.next().unwrap_or(Err(Refusal::PurposeNotOffered));
    if first.is_ok() || answers.any(|it| it.is_ok()) { Ok(()) } else { first }
}

/// As [`own_account`]; without a line, only what such a code may be for.
fn account_allows(register: Option<&SubjectRegister>, rule: &PurposeRule) -> Result<(), Refusal> {
    register.map_or_else(|| offline::level(rule), |register| own_account(register, rule.purpose))
}

/// The person's own account waits for a code: an electronic health record can be opened in an app that is active already.
fn own_account(register: &SubjectRegister, purpose: Purpose) -> Result<(), Refusal> {
    if register.deceased {
        return Err(Refusal::DataMismatch);
    }
    match register.account {
        AccountState::NotInsured => Err(Refusal::NotInsuredHere),
        AccountState::None => Err(Refusal::AccountNotRegistered),
        AccountState::AppActive if purpose == Purpose::Epa => Ok(()),
        AccountState::AppActive => Err(Refusal::AppActiveAlready),
        AccountState::Locked => Err(Refusal::AccountLocked),
        AccountState::Registered => Ok(()),
    }
}

/// A typing error is no end: what differs is refused and may be typed again. What nobody asks for isn't recorded.
pub(super) fn compare_card_number(
    visit: &Visit,
    concern: ConcernId,
    agrees: bool,
    policy: &Policy,
) -> Result<Vec<Event>, Refusal> {
    evidence_open(visit)?;
    let concern = open_concern(visit, concern)?;
    if !concern.card_number_missing(policy) {
        return Err(Refusal::NotNow);
    }
    if !agrees {
        return Err(Refusal::DataMismatch);
    }
    Ok(vec![Event::CardNumberCompared { concern: concern.id }])
}

/// The PIN is its owner's: a carer doesn't type the one of whom they act for. It is never needed, so no level rests on it.
pub(super) fn prove_possession(
    visit: &Visit,
    concern: ConcernId,
    kvnr: &Kvnr,
    policy: &Policy,
) -> Result<Vec<Event>, Refusal> {
    let acting = evidence_open(visit)?;
    let concern = open_concern(visit, concern)?;
    if acting.role != ActingRole::Insured || !concern.possession_provable(policy) {
        return Err(Refusal::NotNow);
    }
    if concern.subject.kvnr != *kvnr {
        return Err(Refusal::DataMismatch);
    }
    Ok(vec![Event::PossessionProven { concern: concern.id }])
}

pub(super) fn choose_purpose(
    visit: &Visit,
    concern: ConcernId,
    purpose: Purpose,
    visit_number: Option<VisitNumber>,
    visit_number_matches: Option<bool>,
    policy: &Policy,
) -> Result<Vec<Event>, Refusal> {
    let acting = evidence_open(visit)?;
    let concern = open_concern(visit, concern)?;
    let rule = policy.purpose(purpose).ok_or(Refusal::PurposeNotOffered)?;
    match purpose {
        // Chosen by showing the proof.
        Purpose::RepresentativeAccess => return Err(Refusal::NotNow),
        // A carer who wants it for themselves comes as an insured person.
        Purpose::Epa if acting.role != ActingRole::Insured => return Err(Refusal::NotNow),
        Purpose::AppActivation | Purpose::Epa => their_own(acting, &concern.subject)?,
    }
    // A deed opens access as a representative, never the represented person's own app.
    if concern.representation.is_some() {
        return Err(Refusal::NotTheirOwn);
    }
    if rule.needs_health_card() && !concern.subject.health_card_proven() {
        return Err(Refusal::HealthCardNeeded);
    }
    if concern.card_number_missing(policy) || visit_number.is_none() {
        return Err(Refusal::NotYet);
    }
    match visit_number_matches {
        Some(true) => {}
        Some(false) => return Err(Refusal::VisitNumberMismatch),
        // Nobody is asked half of what there is to ask; what never was waits with the code.
        None if concern.register.is_some() => return Err(Refusal::NotYet),
        None => {}
    }
    if concern.register.is_some_and(|it| it.consent_reserved) {
        // The person's own declaration needs the carer's consent; nothing else about a carer ever stops it.
        return Ok(vec![Event::ConcernRefused {
            concern: concern.id,
            reason: RefusalReason::ConsentReserved,
        }]);
    }
    account_allows(concern.register.as_ref(), rule)?;
    Ok(vec![Event::PurposeChosen { concern: concern.id, purpose, visit_number }])
}

/// The decision table's answer is an event either way: a refused concern stays visible, and the visit goes on.
pub(super) fn present_proof(
    visit: &Visit,
    concern: ConcernId,
    proof: Proof,
    filed: Option<&Filed>,
    policy: &Policy,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let acting = evidence_open(visit)?;
    let id = open_concern(visit, concern)?;
    if acting.role == ActingRole::Insured {
        return Err(Refusal::NotNow);
    }
    let purpose = Purpose::RepresentativeAccess;
    policy.purpose(purpose).ok_or(Refusal::PurposeNotOffered)?;
    let representation = Refusal::OfflineNotPossible(OfflineObstacle::Representation);
    let register = id.register.as_ref().ok_or(representation)?;
    let case = Case { proof: &proof, register, filed, today, policy };
    let judged = judge(&case);
    Ok(match (judged, proof) {
        (Ok(grant), Proof::Deed(deed)) => vec![
            Event::RepresentationAccepted { concern, deed, grant },
            Event::PurposeChosen { concern, purpose, visit_number: None },
        ],
        (Ok(_), Proof::Errand | Proof::Spouse | Proof::Nothing) => {
            vec![Event::ConcernRefused { concern, reason: RefusalReason::ThirdPartyNoAuthority }]
        }
        (Err(reason), _) => vec![Event::ConcernRefused { concern, reason }],
    })
}

pub(super) fn withdraw(visit: &Visit, concern: ConcernId) -> Result<Vec<Event>, Refusal> {
    let concern = open_concern(visit, concern)?;
    if concern.open_code().is_some() {
        return Err(Refusal::NotNow);
    }
    Ok(vec![Event::ConcernWithdrawn { concern: concern.id }])
}

fn open_concern(visit: &Visit, id: ConcernId) -> Result<&Concern, Refusal> {
    visit.concern(id).filter(|it| it.state == ConcernState::Open).ok_or(Refusal::NotNow)
}
