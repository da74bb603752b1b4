//! From state to what the window shows: one pure function, no decisions.

use bridge::{
    CheckView, ConcernScreen, Desk, DocumentScreen, DocumentTypeView, DoneScreen, FaceScreen, HandOverScreen,
    LevelView, Missing, Operator, Place, PrintingScreen, Product, Proof, ProofState, Role, Screen, Snapshot,
    SummaryRow, SummaryScreen, Text, VisitPane,
};
use identification::{
    Code, Concern, Document, Identification, Level, Policy, VISIT_NUMBER_LENGTH, mrz_spelling,
};
use jiff::{Timestamp, Zoned};
use settings::{CatalogueDocument, LocalText, Settings};

use crate::state::{InProgress, Mode, Step, Workstation};

/// What doesn't change while the program runs.
#[derive(Debug)]
pub(crate) struct Constants {
    pub(crate) product: Product,
    pub(crate) place: Place,
    pub(crate) operator: Operator,
    pub(crate) documents: Vec<CatalogueDocument>,
}

impl Constants {
    pub(crate) fn of(settings: &Settings) -> Self {
        let name = &settings.desk.staff.name;
        Self {
            product: Product {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                profile_name: settings.profile.name.clone(),
                profile_version: settings.profile.version.clone(),
            },
            place: Place {
                insurer: settings.profile.name.clone(),
                place: settings.place(),
                desk: settings.desk.desk.clone(),
                code_name: settings.profile.words.code.clone(),
            },
            operator: Operator {
                initials: name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect(),
                name: name.clone(),
                role: Role::Clerk,
            },
            documents: settings.documents.clone(),
        }
    }
}

/// The whole picture at `now`.
pub(crate) fn snapshot(state: &Workstation, constants: &Constants, policy: &Policy, now: &Zoned) -> Snapshot {
    let screen = match &state.mode {
        Mode::Idle(card) => Screen::Start { card: card.clone() },
        Mode::Visit(it) => visit_screen(state, it, constants, policy, now),
    };
    Snapshot {
        revision: state.revision,
        workshop: cfg!(feature = "workshop"),
        product: constants.product.clone(),
        place: constants.place.clone(),
        operator: constants.operator.clone(),
        desk: Desk {
            reader: state.reader.clone(),
            printer: state.printer.clone(),
            service: state.service.clone(),
            outbox: state.outbox,
        },
        screen,
        notice: state.notice.clone(),
    }
}

/// The window before the desk can work, or when it can't.
pub(crate) fn bare(screen: Screen, notice: Option<bridge::AppError>) -> Snapshot {
    let text = String::new;
    Snapshot {
        revision: 0,
        workshop: cfg!(feature = "workshop"),
        product: Product {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile_name: text(),
            profile_version: text(),
        },
        place: Place { insurer: text(), place: text(), desk: text(), code_name: text() },
        operator: Operator { initials: text(), name: text(), role: Role::Clerk },
        desk: Desk {
            reader: bridge::ReaderStatus::Starting,
            printer: bridge::PrinterStatus::Unknown,
            service: bridge::ServiceStatus::Unknown,
            outbox: 0,
        },
        screen,
        notice,
    }
}

fn visit_screen(
    state: &Workstation,
    it: &InProgress,
    constants: &Constants,
    policy: &Policy,
    now: &Zoned,
) -> Screen {
    let (Some(acting), Some(concern)) = (it.visit.acting(), it.concern()) else {
        return Screen::Starting;
    };
    // Once presented, the recorded document counts; until then the one that is being typed.
    let selected =
        acting.document.as_ref().map_or(&it.draft.document_type, |presented| &presented.document_type);
    let document = constants.documents.iter().find(|document| document.id == *selected);
    let pane = pane(it, acting, concern, document, policy);
    match it.step() {
        Step::Concern => Screen::Concern { pane, step: concern_screen(policy) },
        Step::Document => {
            Screen::Document { pane, step: document_screen(it, acting, document, &constants.documents) }
        }
        Step::Face => {
            Screen::Face { pane, step: FaceScreen { answer: acting.face.map(crate::convert::face) } }
        }
        Step::Summary => Screen::Summary { pane, step: summary(it, acting, document, policy, now) },
        Step::Printing => Screen::Printing { pane, step: PrintingScreen { step: it.print.clone() } },
        Step::HandOver => match concern.code() {
            Some(code) => Screen::HandOver { pane, step: hand_over(code, policy) },
            None => Screen::Starting,
        },
        Step::Done => {
            let card_still_in = matches!(state.reader, bridge::ReaderStatus::CardPresent { .. });
            Screen::Done { pane, step: DoneScreen { card_still_in } }
        }
    }
}

fn pane(
    it: &InProgress,
    acting: &Identification,
    concern: &Concern,
    document: Option<&CatalogueDocument>,
    policy: &Policy,
) -> VisitPane {
    let name = &acting.person.name;
    VisitPane {
        family_name: name.full_family_name(),
        given_names: name.given_names.clone(),
        title: name.title.clone(),
        birth_date: acting.person.birth_date.to_iso(),
        kvnr_masked: concern.kvnr.masked(),
        insured_here: true,
        started_at: it.visit.opened_at.unwrap_or(Timestamp::UNIX_EPOCH).to_string(),
        proven: proven(acting, concern, document),
        missing: missing(acting, concern, document),
        level: LevelView {
            reached: level(it.visit.level_on_the_way(policy)),
            needed: level(it.visit.level_needed(policy)),
        },
        // A void code is about to be replaced: what is proven counts again.
        code: concern.code().filter(|_| it.step() != Step::Summary).map(code_state),
        warnings: it.warnings.clone(),
    }
}

fn proven(acting: &Identification, concern: &Concern, document: Option<&CatalogueDocument>) -> Vec<Proof> {
    let mut proven = vec![
        Proof::HealthCardRead {
            generation: concern.health_card.generation.clone(),
            valid_until: concern.health_card.valid_until.map(|date| date.to_string()),
        },
        Proof::AccountRegistered,
    ];
    if concern.purpose.is_some() {
        proven.push(Proof::VisitNumberMatches);
    }
    if let (Some(presented), Some(catalogue)) = (&acting.document, document) {
        let names_agree = presented.names == Some(identification::CheckAnswer::Pass);
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
    if acting.face == Some(identification::FaceAnswer::Matches) {
        proven.push(Proof::FaceMatches);
    }
    proven
}

fn missing(acting: &Identification, concern: &Concern, document: Option<&CatalogueDocument>) -> Vec<Missing> {
    let mut missing = Vec::new();
    if concern.purpose.is_none() {
        missing.push(Missing::VisitNumber);
    }
    match &acting.document {
        None => missing.push(Missing::Document),
        Some(presented) if !all_in_order(presented, document) => missing.push(Missing::DocumentChecks),
        Some(_) => {}
    }
    if acting.face != Some(identification::FaceAnswer::Matches) {
        missing.push(Missing::Face);
    }
    missing
}

/// Every check and the comparison of names.
fn all_in_order(presented: &Document, document: Option<&CatalogueDocument>) -> bool {
    document.is_some_and(|it| presented.passed() == it.checks.len())
        && presented.names == Some(identification::CheckAnswer::Pass)
}

fn concern_screen(policy: &Policy) -> ConcernScreen {
    let purposes: Vec<_> = policy.purposes.iter().map(|rule| crate::convert::purpose(rule.purpose)).collect();
    let selected = purposes.first().copied().unwrap_or(bridge::Purpose::AppActivation);
    ConcernScreen { purposes, selected, visit_number_length: count(VISIT_NUMBER_LENGTH) }
}

fn document_screen(
    it: &InProgress,
    acting: &Identification,
    document: Option<&CatalogueDocument>,
    documents: &[CatalogueDocument],
) -> DocumentScreen {
    let presented = acting.document.as_ref();
    let answer = |id: &str| presented.and_then(|it| it.checks.get(id)).copied().map(crate::convert::answer);
    let checks: Vec<_> = document
        .iter()
        .flat_map(|document| &document.checks)
        .map(|check| CheckView {
            id: check.id.clone(),
            title: text(&check.title),
            hint: text(&check.hint),
            answer: answer(&check.id),
        })
        .collect();
    let name_agrees = presented.and_then(|it| it.names).map(crate::convert::answer);
    let answered = checks.iter().all(|check| check.answer.is_some()) && name_agrees.is_some();
    DocumentScreen {
        types: documents
            .iter()
            .map(|document| DocumentTypeView { id: document.id.clone(), label: text(&document.label) })
            .collect(),
        selected: it.draft.document_type.clone(),
        birth_date: it.draft.birth_date.clone(),
        expiry_date: it.draft.expiry_date.clone(),
        complete: presented.is_some() && it.draft.is_good() && answered,
        checks,
        name_in_mrz: name_in_mrz(acting),
        name_agrees,
    }
}

fn summary(
    it: &InProgress,
    acting: &Identification,
    document: Option<&CatalogueDocument>,
    policy: &Policy,
    now: &Zoned,
) -> SummaryScreen {
    let mut rows = vec![SummaryRow::Insurance { account_registered: true }];
    if let (Some(presented), Some(catalogue)) = (&acting.document, document) {
        rows.push(SummaryRow::Document {
            document: text(&catalogue.label),
            passed: count(presented.passed()),
            total: count(catalogue.checks.len()),
        });
    }
    if let Some(face) = acting.face {
        rows.push(SummaryRow::Person { face: crate::convert::face(face) });
    }
    rows.push(SummaryRow::SecondLook { needed: false });
    SummaryScreen {
        rows,
        valid_days: u32::from(policy.code_valid_days),
        valid_until: policy.valid_until(now.date()).to_string(),
        ready: it.visit.level(policy) >= it.visit.level_needed(policy),
    }
}

fn hand_over(code: &Code, policy: &Policy) -> HandOverScreen {
    let printed = code.printed_at.unwrap_or(Timestamp::UNIX_EPOCH);
    let reference = code.reference.as_str();
    let shown = reference.strip_suffix(code.reference.tail()).unwrap_or_default();
    HandOverScreen {
        void_at: printed.saturating_add(policy.tray_time()).unwrap_or(printed).to_string(),
        reference_hint: format!("{shown}····"),
    }
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

fn name_in_mrz(acting: &Identification) -> String {
    let name = &acting.person.name;
    let part = |part: &str| mrz_spelling(part).replace(' ', "<");
    format!("{}<<{}", part(&name.full_family_name()), part(&name.given_names))
}

fn level(level: Level) -> bridge::Level {
    match level {
        Level::None => bridge::Level::None,
        Level::Normal => bridge::Level::Normal,
        Level::Substantial => bridge::Level::Substantial,
        Level::High => bridge::Level::High,
    }
}

fn text(text: &LocalText) -> Text {
    Text { de: text.de.clone(), en: text.en.clone() }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
