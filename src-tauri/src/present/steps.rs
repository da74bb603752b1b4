//! The screens of a visit, one function each.

use bridge::{
    CheckView, ChipFace, ConcernScreen, DateField, DocumentScreen, DocumentTypeView, DoneScreen, FaceScreen,
    HandOverScreen, NumberField, PrintingScreen, PurposeOption, PurposeProblem, RepresentationScreen, Screen,
    SecondLookReason, SecondLookScreen, SummaryRow, SummaryScreen, Text,
};
use identification::{
    AccountState, ActingRole, CheckAnswer, Code, Concern, FaceAnswer, Identification, Policy, Purpose,
    VISIT_NUMBER_LENGTH, Visit, last_day,
};
use jiff::{Timestamp, ToSpan, civil::Date};

use super::{View, concerns, count, pane, text};
use crate::{
    chip, convert, line, scan,
    state::{InProgress, Session, Step},
    visit::needs_step_up,
};

/// Minutes that a sheet may lie in the tray before the remaining time is a warning (PRODUCT.md, Code and paper).
const WARN_AFTER: i64 = 5;

pub(super) fn screen(view: View<'_>, it: &InProgress, session: &Session) -> Screen {
    let Some(acting) = it.visit.acting() else { return Screen::Starting };
    let step = it.step(view.policy);
    let pane = pane::pane(view, it, acting, step);
    match step {
        Step::Representation => Screen::Representation { pane, step: representation(view, it) },
        Step::Concern => match it.concern() {
            Some(concern) => Screen::Concern { pane, step: concern_screen(view, it, concern) },
            None => Screen::Starting,
        },
        Step::Document => Screen::Document { pane, step: document(view, it, acting) },
        Step::Face => {
            let (answer, picture) = (acting.face.map(convert::face), picture(it));
            Screen::Face { pane, step: FaceScreen { answer, picture } }
        }
        Step::SecondLook => Screen::SecondLook { pane, step: second_look(view, it, acting, session) },
        Step::Summary => Screen::Summary { pane, step: summary(view, it, acting) },
        Step::Printing => {
            let (place, count) = place(&it.visit);
            Screen::Printing { pane, step: PrintingScreen { step: it.print.clone(), place, count } }
        }
        Step::HandOver => match it.concern().and_then(|concern| Some((concern, concern.code()?))) {
            Some((concern, code)) => Screen::HandOver { pane, step: hand_over(view, it, concern, code) },
            None => Screen::Starting,
        },
        Step::Done => Screen::Done { pane, step: done(view, it) },
    }
}

fn representation(view: View<'_>, it: &InProgress) -> RepresentationScreen {
    RepresentationScreen {
        concerns: concerns::rows(it, view.policy, view.now.date()),
        asking: it.asking().map(|concern| concern.id.uuid().to_string()),
        card: view.state.card.clone(),
        card_number: convert::card_number(view.policy.card_number),
        ready: it.asking().is_none() && it.visit.standing().next().is_some(),
    }
}

fn concern_screen(view: View<'_>, it: &InProgress, concern: &Concern) -> ConcernScreen {
    // Access as a representative is chosen by coming as one.
    let offered = view.policy.purposes.iter().map(|rule| rule.purpose);
    let today = view.now.date();
    let line = line::told(view.state);
    let purposes: Vec<_> = offered
        .filter(|purpose| *purpose != Purpose::RepresentativeAccess)
        .map(|purpose| PurposeOption {
            purpose: convert::purpose(purpose),
            problem: purpose_problem(concern, purpose, view.policy, today),
            against: view
                .policy
                .purpose(purpose)
                .and_then(|rule| line.against_purpose(concern, rule))
                .map(convert::refusal),
        })
        .collect();
    let possible = purposes.iter().find(|it| it.problem.is_none() && it.against.is_none());
    let possible = possible.or(purposes.first());
    let chosen = concern.purpose.map(convert::purpose);
    ConcernScreen {
        concern: concern.id.uuid().to_string(),
        selected: chosen.or(possible.map(|it| it.purpose)).unwrap_or(bridge::Purpose::AppActivation),
        purposes,
        against: line.against_concern(concern, view.policy, view.now).map(convert::refusal),
        visit_number_length: count(VISIT_NUMBER_LENGTH),
        card_number_digits: concern
            .card_number_missing(view.policy)
            .then_some(view.policy.card_number.digits.into()),
        pin: it.pin.clone().filter(|_| concern.possession_provable(view.policy)),
    }
}

/// Why the person can't have that now; the rules say the same when it is chosen.
fn purpose_problem(
    concern: &Concern,
    purpose: Purpose,
    policy: &Policy,
    today: Date,
) -> Option<PurposeProblem> {
    let rule = policy.purpose(purpose)?;
    let account = concern.register.map(|it| it.account);
    if rule.needs_health_card() && !concern.subject.health_card_proven() {
        Some(PurposeProblem::HealthCardNeeded)
    } else if account == Some(AccountState::AppActive) && purpose == Purpose::AppActivation {
        Some(PurposeProblem::AppActiveAlready)
    } else if policy.reviews.cap(today) < rule.level {
        Some(PurposeProblem::ReviewOverdue)
    } else {
        None
    }
}

/// Where the window fetches the chip's picture, once it has an address.
fn picture(it: &InProgress) -> Option<ChipFace> {
    let picture = it.chip.picture.as_ref()?;
    Some(ChipFace { token: picture.token.clone()?, width: picture.width, height: picture.height })
}

fn document(view: View<'_>, it: &InProgress, acting: &Identification) -> DocumentScreen {
    let presented = acting.document.as_ref();
    let answer = |id: &str| presented.and_then(|it| it.checks.get(id)).copied().map(convert::answer);
    let catalogue = pane::catalogue(view, it, acting);
    let checks: Vec<_> = catalogue
        .iter()
        .flat_map(|document| &document.checks)
        .map(|check| CheckView {
            id: check.id.clone(),
            title: text(&check.title),
            hint: text(&check.hint),
            answer: answer(&check.id),
        })
        .collect();
    let name_agrees = presented.and_then(|it| it.names).map(convert::answer);
    let answered = checks.iter().all(|check| check.answer.is_some()) && name_agrees.is_some();
    let types = &view.constants.documents;
    let needed = it.visit.level_needed(view.policy);
    let consent = view.constants.chip_consent.clone();
    // The service is asked about a representative's birth date before the document counts as presented.
    let asking =
        it.draft.is_good() && presented.is_none_or(|shown| shown.document_type != it.draft.document_type);
    DocumentScreen {
        types: types
            .iter()
            .map(|document| {
                let rule = view.policy.document(&document.id);
                DocumentTypeView {
                    id: document.id.clone(),
                    label: text(&document.label),
                    dates: rule.map_or(bridge::DatesOn::Zone, |rule| dates_on(rule.dates)),
                    suffices: rule.is_some_and(|rule| rule.cap >= needed),
                }
            })
            .collect(),
        selected: it.draft.document_type.clone(),
        birth_date: it.draft.birth_date.clone(),
        expiry_date: match it.draft.unlimited {
            _ if asking => DateField::Empty,
            true => DateField::Good,
            false => it.draft.expiry_date.clone(),
        },
        number: catalogue
            .and_then(|document| document.number)
            .map(|_| it.draft.number.unwrap_or(NumberField::Empty)),
        scan: scan::shown(
            view.state.scanner,
            view.constants.scans(&it.draft.document_type),
            it.scan.as_ref(),
        ),
        chip: chip::chip_step(it, view.policy, consent),
        complete: presented.is_some() && it.draft.is_good() && answered,
        checks,
        name_in_mrz: pane::name_in_mrz(acting),
        name_agrees,
    }
}

const fn dates_on(dates: identification::DatesOn) -> bridge::DatesOn {
    match dates {
        identification::DatesOn::Zone => bridge::DatesOn::Zone,
        identification::DatesOn::Print { unlimited } => bridge::DatesOn::Print { unlimited },
    }
}

fn second_look(
    view: View<'_>,
    it: &InProgress,
    acting: &Identification,
    session: &Session,
) -> SecondLookScreen {
    let visit = &it.visit;
    let unclear = acting.document.as_ref().is_some_and(|document| {
        document.checks.values().copied().chain(document.names).any(|answer| answer == CheckAnswer::Unclear)
    });
    let required = |concern: &Concern| {
        concern.register.is_some_and(|it| it.second_look)
            || concern.purpose.and_then(|it| view.policy.purpose(it)).is_some_and(|rule| rule.second_look)
    };
    let deeds: Vec<_> = visit.standing().filter(|concern| concern.representation.is_some()).collect();
    let others = visit.standing().filter(|concern| concern.representation.is_none()).any(required);
    let reasons = [
        (SecondLookReason::Representation, !deeds.is_empty()),
        (SecondLookReason::DocumentUnclear, unclear),
        (SecondLookReason::FaceDoubt, acting.face == Some(FaceAnswer::Doubt)),
        (SecondLookReason::Required, others),
    ];
    let took_part = |id: &str| {
        id == session.shown.id
            || visit.operator.iter().chain(&visit.earlier_operators).any(|operator| operator.as_str() == id)
    };
    let members = view.constants.members.iter().filter(|member| !took_part(&member.id));
    let today = view.now.date();
    SecondLookScreen {
        members: members.cloned().collect(),
        reasons: reasons.into_iter().filter(|(_, so)| *so).map(|(reason, _)| reason).collect(),
        document: label(view, it, acting),
        deeds: deeds.into_iter().map(|concern| concerns::row(it, concern, view.policy, today)).collect(),
    }
}

fn label(view: View<'_>, it: &InProgress, acting: &Identification) -> Text {
    let unknown = || Text { de: String::new(), en: String::new() };
    pane::catalogue(view, it, acting).map_or_else(unknown, |document| text(&document.label))
}

fn summary(view: View<'_>, it: &InProgress, acting: &Identification) -> SummaryScreen {
    let visit = &it.visit;
    let mut rows = Vec::new();
    match &acting.role {
        ActingRole::Carer { kind, .. } => {
            rows.push(SummaryRow::Representative { kind: convert::carer(*kind) });
        }
        ActingRole::Insured => rows.push(SummaryRow::Insurance {
            with_card: it.concern().is_some_and(|concern| concern.subject.health_card.is_some()),
            asked: it.concern().is_some_and(|concern| concern.register.is_some()),
        }),
    }
    if let (Some(presented), Some(catalogue)) = (&acting.document, pane::catalogue(view, it, acting)) {
        rows.push(SummaryRow::Document {
            document: text(&catalogue.label),
            passed: count(presented.passed()),
            total: count(catalogue.checks.len()),
        });
    }
    if let Some(evidence) = acting.document.as_ref().and_then(|presented| presented.chip) {
        rows.push(SummaryRow::Chip { counts: chip::counts(evidence) });
    }
    if let Some(face) = acting.face {
        rows.push(SummaryRow::Person { face: convert::face(face) });
    }
    rows.push(SummaryRow::SecondLook {
        needed: visit.second_look_needed(view.policy),
        by: acting.second_look.as_ref().map(|look| view.name_of(&look.by)),
    });
    let today = view.now.date();
    let longest = view.policy.valid_until(today);
    let valid_until =
        it.concern().map_or(longest, |concern| last_day(concern, &view.state.line, view.policy, today));
    let days = today.until(valid_until).map_or(0, |span| span.get_days());
    SummaryScreen {
        rows,
        concerns: concerns::rows(it, view.policy, today),
        step_up: needs_step_up(visit, view.policy) && !it.signed,
        replaces: it.concern().is_some_and(|concern| !concern.codes.is_empty()),
        valid_days: u32::try_from(days).unwrap_or(0),
        valid_until: valid_until.to_string(),
        ready: visit.level(view.policy, today) >= visit.level_needed(view.policy),
        against: it
            .concern()
            .and_then(|concern| line::told(view.state).against_issue(visit, concern, view.policy, view.now))
            .map(convert::refusal),
    }
}

/// Which letter of the visit this is, and how many there are.
fn place(visit: &Visit) -> (u32, u32) {
    let current = visit.current_concern().map(|concern| concern.id);
    let letters: Vec<_> = visit.standing().collect();
    let place = letters.iter().position(|concern| Some(concern.id) == current).unwrap_or(0);
    (count(place + 1), count(letters.len()))
}

fn hand_over(view: View<'_>, it: &InProgress, concern: &Concern, code: &Code) -> HandOverScreen {
    let printed = code.printed_at.unwrap_or(Timestamp::UNIX_EPOCH);
    let after = |time: jiff::Span| printed.saturating_add(time).unwrap_or(printed).to_string();
    let reference = code.reference.as_str();
    let shown = reference.strip_suffix(code.reference.tail()).unwrap_or_default();
    let (place, count) = place(&it.visit);
    HandOverScreen {
        place,
        count,
        printer: view.constants.printer.clone(),
        with_card: concern.subject.health_card.is_some(),
        needs_release: concern.representation.as_ref().is_some_and(|it| it.grant.needs_release),
        warn_at: after(WARN_AFTER.minutes()),
        void_at: after(view.policy.tray_time()),
        reference_hint: format!("{shown}····"),
    }
}

fn done(view: View<'_>, it: &InProgress) -> DoneScreen {
    DoneScreen {
        card_still_in: matches!(view.state.reader, bridge::ReaderStatus::CardPresent { .. }),
        concerns: concerns::rows(it, view.policy, view.now.date()),
    }
}
