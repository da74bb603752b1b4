//! What happens at the desk, decided by the product's own rules: the next command of a visit, from where it stands.

use anyhow::{Context, Result};
use identification::{
    AbortReason, AccessRule, AccountState, Acting, Aid, BirthDate, CardAuthenticity, CardCheck,
    CardCheckReason, CardNumberAnswer, CardNumberAsk, CardNumberRule, CardProofLevel, CheckAnswer, CheckRule,
    ClockRule, CodeId, CodeState, Command, ConcernId, DateAgreement, DatesOn, DocumentRule, FaceAnswer,
    HealthCard, IdentificationId, IssuerGroup, Kvnr, Level, Line, Name, NewConcern, OfflineRule, Opening,
    OperatorId, Person, Policy, PublicReference, Purpose, PurposeRule, Receipt, RetentionRule, Reviews,
    Staff, StaffRole, Stage, Subject, SubjectRegister, Visit, VisitId, VisitNumber, VoidReason,
};
use jiff::civil::{Date, date};

use super::{clock, people::Insured};

/// Who works at the desk.
pub(crate) const CLERK: &str = "s-4711";
/// The document that everybody shows.
pub(crate) const PASSPORT: &str = "reisepass-de-2017";
/// What is looked at in it.
const CHECKS: [(&str, Aid); 3] = [("front", Aid::Magnifier), ("tilt", Aid::Tilt), ("uv", Aid::Ultraviolet)];
/// The service answers.
const CONNECTED: Line = Line {
    connected: true,
    contact: None,
    staff_contact: None,
    offset: None,
    stepped_back: false,
    offline_codes: 0,
};

/// How a visit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A code is handed over.
    Gives,
    /// The first sheet is no good; the second is handed over.
    Replaces,
    /// The sheet is no good, and the person doesn't wait.
    Voids,
    /// The person goes before there is a code.
    Leaves,
}

impl Way {
    /// Of seven visits four are without incident. Drawn from the visit's id, so that whoever goes on with it goes the same way.
    pub(crate) fn of(visit: VisitId) -> Self {
        let drawn = visit.uuid().as_bytes().iter().fold(0_u32, |sum, byte| sum + u32::from(*byte));
        match drawn % 7 {
            0 => Self::Replaces,
            1 => Self::Voids,
            2 => Self::Leaves,
            _ => Self::Gives,
        }
    }
}

/// The profile: one purpose, one document.
pub(crate) fn policy(today: Date) -> Policy {
    let check =
        |(id, aid): (&str, Aid)| CheckRule { id: id.to_owned(), aids: vec![aid], settled: Level::High };
    Policy {
        version: "2026-11-01#17".to_owned(),
        own_iks: vec!["104178397".to_owned()],
        purposes: vec![PurposeRule {
            purpose: Purpose::AppActivation,
            level: Level::Substantial,
            second_look: false,
            step_up: true,
        }],
        documents: vec![DocumentRule {
            id: PASSPORT.to_owned(),
            issuer: IssuerGroup::De,
            cap: Level::High,
            longest_months: Some(120),
            dates: DatesOn::Zone,
            chip: None,
            checks: CHECKS.map(check).to_vec(),
        }],
        code_valid_days: 14,
        tray_minutes: 15,
        areas_for_access: Vec::new(),
        confirmation_months: 12,
        second_look_reaches_high: false,
        resume_minutes: 15,
        health_card_proof: CardProofLevel::Chip,
        card_number: CardNumberRule { digits: 6, ask: CardNumberAsk::WithoutChip },
        pin_at_reader: false,
        reviews: Reviews { catalogue: today, checklist: today },
        offline: OfflineRule::MOST,
        clock: ClockRule::MOST,
        retention: RetentionRule::MOST,
        access: AccessRule::MOST,
    }
}

/// Somebody comes.
pub(crate) fn opens(insured: &Insured) -> Result<(VisitId, Command)> {
    let visit = VisitId::new(clock::id());
    let opening = Opening {
        visit,
        identification: IdentificationId::new(clock::id()),
        operator: operator()?,
        acting: Acting::Insured(Box::new(concern(insured)?)),
        line: CONNECTED,
    };
    Ok((visit, Command::Open(Box::new(opening))))
}

/// What is done next in a visit that has begun; `None` when it is over.
pub(crate) fn next(visit: &Visit, way: Way, insured: &Insured, today: Date) -> Result<Option<Command>> {
    if visit.stage != Stage::Open {
        return Ok(None);
    }
    let concern = visit.concerns.first().context("a visit without a concern")?;
    if let Some(code) = concern.code() {
        return Ok(Some(match code.state {
            CodeState::Generated if is_no_good(way, concern.codes.len()) => {
                Command::VoidCode { reason: VoidReason::PrintFailed }
            }
            CodeState::Generated => Command::Printed,
            CodeState::Printed => Command::HandOver {
                reference_tail: code.reference.tail().to_owned(),
                receipt: Receipt::Signed,
                returned: true,
            },
            CodeState::Voided(VoidReason::PrintFailed) if way == Way::Replaces && still_proven(visit) => {
                issues(concern.id)
            }
            CodeState::Voided(_) | CodeState::HandedOver | CodeState::Refused | CodeState::Revoked => {
                Command::End
            }
        }));
    }
    let acting = visit.acting().context("nobody acts")?;
    let answer = CheckAnswer::Pass;
    Ok(Some(match &acting.document {
        _ if concern.purpose.is_none() => Command::ChoosePurpose {
            concern: concern.id,
            purpose: Purpose::AppActivation,
            visit_number: Some(VisitNumber::parse(&insured.visit_number)?),
            visit_number_matches: Some(true),
        },
        None => Command::PresentDocument {
            document_type: PASSPORT.to_owned(),
            birth_date: born(insured)?,
            register_agrees: true,
            expiry: Some(today),
        },
        Some(document) => {
            let unseen = CHECKS.into_iter().find(|(check, _)| !document.checks.contains_key(*check));
            match unseen {
                Some((check, _)) => Command::AnswerCheck { check: check.to_owned(), answer },
                None if document.names.is_none() => Command::CompareNames { answer },
                None if !document.confirmed => Command::ConfirmDocument,
                None if way == Way::Leaves => Command::Abort { reason: AbortReason::Clerk },
                None if acting.face.is_none() => Command::CompareFace { answer: FaceAnswer::Matches },
                None => issues(concern.id),
            }
        }
    }))
}

/// After an interruption what lies in the tray is void, and the clerk goes on with the visit.
pub(crate) fn after_an_interruption(visit: &Visit) -> Result<Command> {
    Ok(if visit.in_tray().is_some() {
        Command::VoidCode { reason: VoidReason::Interrupted }
    } else {
        Command::Resume { by: Staff { id: operator()?, role: StaffRole::Clerk } }
    })
}

fn is_no_good(way: Way, sheets: usize) -> bool {
    matches!((way, sheets), (Way::Replaces, 1) | (Way::Voids, _))
}

/// Document in hand and face were not asked for anew since the first code.
fn still_proven(visit: &Visit) -> bool {
    visit.acting().is_some_and(|it| it.face.is_some() && it.document.as_ref().is_some_and(|it| it.confirmed))
}

fn issues(concern: ConcernId) -> Command {
    Command::Issue {
        concern,
        code: CodeId::new(clock::id()),
        reference: PublicReference::from_entropy(&mut clock::entropy),
        line: CONNECTED,
    }
}

fn operator() -> Result<OperatorId> {
    OperatorId::new(CLERK).context("the clerk's id")
}

fn born(insured: &Insured) -> Result<BirthDate> {
    let (year, day) = insured.born.split_at_checked(4).context("a date of birth")?;
    let (month, day) = day.split_at_checked(2).context("a date of birth")?;
    Ok(BirthDate { year: year.parse()?, month: Some(month.parse()?), day: Some(day.parse()?) })
}

/// The card was read, and the service has nothing but good to say.
fn concern(insured: &Insured) -> Result<NewConcern> {
    let name = Name {
        title: None,
        given_names: insured.given_names.clone(),
        suffix: None,
        prefix: None,
        family_name: insured.family_name.clone(),
    };
    Ok(NewConcern {
        concern: ConcernId::new(clock::id()),
        subject: Subject {
            kvnr: Kvnr::parse(&insured.kvnr)?,
            person: Person { name, birth_date: Some(born(insured)?) },
            health_card: Some(health_card()),
        },
        register: Some(SubjectRegister {
            account: AccountState::Registered,
            names_agree: true,
            birth_date: DateAgreement::Agrees,
            card_number: CardNumberAnswer::NotAsked,
            carer_registered: false,
            consent_reserved: false,
            deceased: false,
            second_look: false,
        }),
        iks: vec!["104178397".to_owned()],
        own: true,
    })
}

fn health_card() -> HealthCard {
    HealthCard {
        generation: "G2.1".to_owned(),
        card_number_tail: "5272".to_owned(),
        valid_from: Some(date(2021, 4, 1)),
        valid_until: None,
        data_as_of: None,
        deactivated: false,
        transaction_open: false,
        contactless: Some(true),
        authenticity: CardAuthenticity {
            chip: CardCheck::Valid,
            certificate: CardCheck::NotVerifiable(CardCheckReason::NoTrustStore),
        },
    }
}
