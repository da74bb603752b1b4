//! The pane that always answers: who, for whom, what is proven, what is missing, how far.

use bridge::{CardState, LevelView, Missing, Proof, ProofState, StepName, VisitPane};
use identification::{
    AccountState, ActingRole, CardNumberAnswer, CardProofLevel, CheckAnswer, Code, Concern, Document,
    FaceAnswer, HealthCard, Identification, Purpose, SubjectRegister, Visit, mrz_spelling,
};
use jiff::{Timestamp, civil::Date};
use settings::CatalogueDocument;

use super::{View, concerns, count, text};
use crate::{
    card, chip, convert,
    state::{InProgress, Step},
};

pub(super) fn pane(view: View<'_>, it: &InProgress, acting: &Identification, step: Step) -> VisitPane {
    let visit = &it.visit;
    let carer = match &acting.role {
        ActingRole::Carer { number, kind } => Some((number, *kind)),
        ActingRole::Insured => None,
    };
    let shown = shown_concern(it, step);
    let own = shown.filter(|concern| carer.is_none() || concern.purpose == Some(Purpose::AppActivation));
    let document = catalogue(view, it, acting);
    let kvnr = visit.concerns.first().filter(|_| carer.is_none()).map(|it| it.subject.kvnr.masked());
    VisitPane {
        acting: concerns::person(&acting.person, kvnr),
        carer: carer.map(|(_, kind)| convert::carer(kind)),
        representative_number: carer.map(|(number, _)| number.as_str().to_owned()),
        subject: shown
            .filter(|_| own.is_none())
            .map(|concern| concerns::person(&concern.subject.person, Some(concern.subject.kvnr.masked()))),
        steps: steps(visit, view, carer.is_some()),
        current: current(step),
        started_at: visit.opened_at.unwrap_or(Timestamp::UNIX_EPOCH).to_string(),
        proven: proven(view, it, acting, shown, document),
        missing: missing(view, visit, acting, document),
        level: LevelView {
            reached: convert::level(visit.level_on_the_way(view.policy, view.now.date())),
            needed: convert::level(visit.level_needed(view.policy)),
        },
        // A void code is about to be replaced: what is proven counts again.
        code: shown.and_then(Concern::code).filter(|_| step > Step::Summary).map(code_state),
        warnings: it.warnings.clone(),
        can_revoke_chip: step > Step::Document
            && !visit.has_codes()
            && acting.document.as_ref().is_some_and(|document| document.chip_consent.is_some()),
    }
}

/// Whom the present step is about: while letters are given out, the concern of the letter.
fn shown_concern(it: &InProgress, step: Step) -> Option<&Concern> {
    match step {
        Step::Representation => it.asking().or_else(|| it.visit.standing().last()),
        Step::Concern | Step::Document | Step::Face | Step::SecondLook | Step::Summary => {
            it.visit.standing().next()
        }
        Step::Printing | Step::HandOver => it.concern(),
        Step::Done => it.visit.standing().filter(|concern| !concern.codes.is_empty()).last().or(it.concern()),
    }
}

fn steps(visit: &Visit, view: View<'_>, carer: bool) -> Vec<StepName> {
    let second = carer || visit.second_look_needed(view.policy);
    let steps = [
        (StepName::Concern, true),
        (StepName::Document, true),
        (StepName::Face, true),
        (StepName::SecondLook, second),
        (StepName::Summary, true),
        (StepName::HandOver, true),
    ];
    steps.into_iter().filter(|(_, shown)| *shown).map(|(step, _)| step).collect()
}

const fn current(step: Step) -> Option<StepName> {
    Some(match step {
        Step::Representation | Step::Concern => StepName::Concern,
        Step::Document => StepName::Document,
        Step::Face => StepName::Face,
        Step::SecondLook => StepName::SecondLook,
        Step::Summary | Step::Printing => StepName::Summary,
        Step::HandOver => StepName::HandOver,
        Step::Done => return None,
    })
}

/// Once presented, the recorded document counts; until then the one that is being typed.
pub(super) fn catalogue<'a>(
    view: View<'a>,
    it: &InProgress,
    acting: &Identification,
) -> Option<&'a CatalogueDocument> {
    let presented = acting.document.as_ref().map(|presented| &presented.document_type);
    let selected = presented.unwrap_or(&it.draft.document_type);
    view.constants.documents.iter().find(|document| document.id == *selected)
}

fn proven(
    view: View<'_>,
    it: &InProgress,
    acting: &Identification,
    shown: Option<&Concern>,
    document: Option<&CatalogueDocument>,
) -> Vec<Proof> {
    let mut proven = Vec::new();
    if matches!(acting.role, ActingRole::Carer { .. }) {
        proven.push(Proof::RepresentativeRegistered);
    }
    if let Some(concern) = shown {
        proven.extend(about_subject(view, it, concern));
    }
    if let (Some(presented), Some(catalogue)) = (&acting.document, document) {
        let names_agree = presented.names == Some(CheckAnswer::Pass);
        proven.push(Proof::DocumentDates {
            state: if names_agree { ProofState::Proven } else { ProofState::Partly },
            document: text(&catalogue.label),
            name_in_mrz: name_in_mrz(acting),
        });
        let (passed, total) = (presented.passed(), catalogue.checks.len());
        if passed > 0 {
            let state = if passed == total { ProofState::Proven } else { ProofState::Partly };
            proven.push(Proof::DocumentChecks { state, passed: count(passed), total: count(total) });
        }
    }
    if let Some(evidence) = acting.document.as_ref().and_then(|presented| presented.chip) {
        proven.push(Proof::Chip { counts: chip::counts(evidence), lines: it.chip.lines.clone() });
    }
    if acting.face == Some(FaceAnswer::Matches) {
        proven.push(Proof::FaceMatches);
    }
    if let Some(look) = acting.second_look.as_ref().filter(|look| look.answer == FaceAnswer::Matches) {
        proven.push(Proof::SecondLook { by: view.name_of(&look.by) });
    }
    proven
}

fn about_subject(view: View<'_>, it: &InProgress, concern: &Concern) -> Vec<Proof> {
    let mut proven = match &concern.subject.health_card {
        Some(card) => health_card(view, card).to_vec(),
        None => vec![Proof::NumberAgrees],
    };
    let compared = concern.register.is_some_and(|it| it.card_number == CardNumberAnswer::Agrees);
    let typed = concern.subject.health_card.is_none() && compared;
    if typed || concern.card_number_agrees {
        // After an interruption only what the record keeps could be compared.
        let whole = typed || it.card_numbers.contains_key(&concern.id);
        let digits = if whole { view.policy.card_number.digits.into() } else { card::NUMBER_TAIL_KEPT };
        proven.push(Proof::CardNumberAgrees { digits: count(digits) });
    }
    if concern.possession_proven {
        proven.push(Proof::PinVerified);
    }
    match &concern.representation {
        Some(representation) => {
            let filed = it.filed.get(&concern.id);
            let today = view.now.date();
            proven.push(Proof::DeedSeen {
                family_name: concern.subject.person.name.full_family_name(),
                authority: concerns::authority(&representation.deed, filed, view.policy, today),
            });
            if representation.deed.declared_unchanged {
                proven.push(Proof::DeclaredUnchanged);
            }
        }
        None => match &concern.register {
            Some(register) => proven.extend(own_account(concern, register)),
            None => proven.push(Proof::InsuranceNotAsked),
        },
    }
    proven
}

/// What the service said of the person's own account.
fn own_account(concern: &Concern, register: &SubjectRegister) -> Vec<Proof> {
    let mut proven = match register.account {
        AccountState::AppActive => vec![Proof::AppActive],
        AccountState::Registered => vec![Proof::AccountRegistered],
        AccountState::None | AccountState::Locked | AccountState::NotInsured => return Vec::new(),
    };
    if register.carer_registered {
        proven.push(Proof::CarerOnFile);
    }
    if concern.visit_number.is_some() {
        proven.push(Proof::VisitNumberMatches);
    }
    proven
}

/// That it was read and how genuine it is, and in what state it is.
fn health_card(view: View<'_>, card: &HealthCard) -> [Proof; 2] {
    let state = |proven| if proven { ProofState::Proven } else { ProofState::Partly };
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    let expired = card.valid_until.is_some_and(|end| end < view.now.date());
    let genuine = card.authenticity.level() >= CardProofLevel::Chip;
    [
        Proof::HealthCardRead {
            state: state(genuine),
            authenticity: convert::authenticity(&card.authenticity),
        },
        Proof::HealthCardState {
            state: state(!(expired || card.deactivated || card.transaction_open)),
            card: CardState {
                generation: card.generation.clone(),
                data_as_of: date(card.data_as_of),
                valid_from: date(card.valid_from),
                valid_until: date(card.valid_until),
                expired,
                locked: card.deactivated,
                transaction_open: card.transaction_open,
                contactless: card.contactless,
            },
        },
    ]
}

fn missing(
    view: View<'_>,
    visit: &Visit,
    acting: &Identification,
    document: Option<&CatalogueDocument>,
) -> Vec<Missing> {
    let mut missing = Vec::new();
    let insured = acting.role == ActingRole::Insured;
    if visit.standing().any(|concern| concern.purpose.is_none()) {
        missing.push(if insured { Missing::VisitNumber } else { Missing::Authority });
    }
    match &acting.document {
        None => missing.push(Missing::Document),
        Some(presented) if !all_answered(presented, document) => missing.push(Missing::DocumentChecks),
        Some(_) => {}
    }
    if acting.face.is_none() {
        missing.push(Missing::Face);
    }
    let seconded = acting.second_look.is_some() && visit.second_look_taken();
    if visit.second_look_needed(view.policy) && !seconded || !insured && acting.second_look.is_none() {
        missing.push(Missing::SecondLook);
    }
    missing
}

/// Every check and the comparison of names.
fn all_answered(presented: &Document, document: Option<&CatalogueDocument>) -> bool {
    document.is_some_and(|it| presented.checks.len() == it.checks.len()) && presented.names.is_some()
}

pub(super) fn name_in_mrz(acting: &Identification) -> String {
    let name = &acting.person.name;
    let part = |part: &str| mrz_spelling(part).replace(' ', "<");
    format!("{}<<{}", part(&name.full_family_name()), part(&name.given_names))
}

fn code_state(code: &Code) -> bridge::CodeState {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    bridge::CodeState {
        printed_at: text(code.printed_at),
        handed_over_at: text(code.handed_over_at),
        accepted_at: text(code.accepted_at),
        voided_at: text(code.voided_at),
        refused_at: text(code.refused_at),
    }
}
