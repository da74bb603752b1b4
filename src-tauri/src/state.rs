//! What the desk knows at a moment; `present.rs` turns it into what the window shows.

use bridge::{
    AppError, CardFacts, CardPane, CardWarning, DateField, PrintStep, PrinterStatus, ReaderStatus,
    ServiceStatus,
};
use identification::{BirthDate, CodeState, Concern, FaceAnswer, Stage, Visit};
use jiff::civil::Date;

/// The desk's state.
#[derive(Debug)]
pub(crate) struct Workstation {
    pub(crate) revision: u32,
    pub(crate) reader: ReaderStatus,
    pub(crate) printer: PrinterStatus,
    pub(crate) service: ServiceStatus,
    pub(crate) outbox: u32,
    pub(crate) mode: Mode,
    pub(crate) notice: Option<AppError>,
}

/// What the desk is doing.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(crate) enum Mode {
    /// Waiting for a card, reading one, or saying why it can't be used.
    Idle(CardPane),
    /// A visit is open.
    Visit(Box<InProgress>),
}

/// An open visit with what isn't recorded: the clerk's unfinished entries and where they look.
#[derive(Debug)]
pub(crate) struct InProgress {
    pub(crate) visit: Visit,
    pub(crate) warnings: Vec<CardWarning>,
    pub(crate) draft: DocumentDraft,
    /// Set while the clerk looks at an earlier step.
    pub(crate) looking_back: Option<Step>,
    pub(crate) print: PrintStep,
}

/// The document as far as it is typed. The typed digits themselves are dropped as soon as they're read.
#[derive(Debug)]
pub(crate) struct DocumentDraft {
    pub(crate) document_type: String,
    pub(crate) birth_date: DateField,
    pub(crate) expiry_date: DateField,
    pub(crate) birth: Option<BirthDate>,
    pub(crate) expiry: Option<Date>,
}

/// The steps that the window draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Concern,
    Document,
    Face,
    Summary,
    Printing,
    HandOver,
    Done,
}

impl Workstation {
    pub(crate) fn new() -> Self {
        Self {
            revision: 0,
            reader: ReaderStatus::Starting,
            printer: PrinterStatus::Unknown,
            service: ServiceStatus::Unknown,
            outbox: 0,
            mode: Mode::Idle(CardPane::Empty),
            notice: None,
        }
    }

    pub(crate) fn in_progress(&self) -> Option<&InProgress> {
        match &self.mode {
            Mode::Visit(it) => Some(it),
            Mode::Idle(_) => None,
        }
    }

    pub(crate) fn in_progress_mut(&mut self) -> Option<&mut InProgress> {
        match &mut self.mode {
            Mode::Visit(it) => Some(it),
            Mode::Idle(_) => None,
        }
    }

    /// Facts of the card while no visit is open.
    pub(crate) fn facts(&self) -> CardFacts {
        match &self.mode {
            Mode::Idle(CardPane::Reading { facts, .. } | CardPane::Read { facts, .. }) => facts.clone(),
            Mode::Idle(CardPane::Empty | CardPane::Failed { .. }) | Mode::Visit(_) => CardFacts::default(),
        }
    }
}

impl InProgress {
    pub(crate) fn new(visit: Visit, warnings: Vec<CardWarning>, document_type: String) -> Self {
        let draft = DocumentDraft::new(document_type);
        Self { visit, warnings, draft, looking_back: None, print: PrintStep::Recording }
    }

    /// The step to show.
    pub(crate) fn step(&self) -> Step {
        let furthest = furthest(&self.visit);
        self.looking_back.map_or(furthest, |earlier| earlier.min(furthest))
    }

    pub(crate) fn concern(&self) -> Option<&Concern> {
        self.visit.current_concern()
    }
}

impl DocumentDraft {
    pub(crate) fn new(document_type: String) -> Self {
        let (birth_date, expiry_date) = (DateField::Empty, DateField::Empty);
        Self { document_type, birth_date, expiry_date, birth: None, expiry: None }
    }

    /// Both dates are what they should be.
    pub(crate) fn is_good(&self) -> bool {
        self.birth_date == DateField::Good && self.expiry_date == DateField::Good
    }
}

/// The first step that isn't finished.
pub(crate) fn furthest(visit: &Visit) -> Step {
    let Some(concern) = visit.current_concern() else { return Step::Concern };
    if let Some(code) = concern.code() {
        return match code.state {
            CodeState::Generated => Step::Printing,
            CodeState::Printed => Step::HandOver,
            // A void code can be replaced as long as the person is here.
            CodeState::Voided(_) if visit.stage == Stage::Open => Step::Summary,
            CodeState::HandedOver | CodeState::Voided(_) | CodeState::Refused => Step::Done,
        };
    }
    if visit.stage != Stage::Open {
        return Step::Done;
    }
    let Some(acting) = visit.acting() else { return Step::Concern };
    match (&concern.purpose, &acting.document, acting.face) {
        (None, _, _) => Step::Concern,
        (Some(_), Some(document), Some(FaceAnswer::Matches)) if document.confirmed => Step::Summary,
        (Some(_), Some(document), _) if document.confirmed => Step::Face,
        _ => Step::Document,
    }
}
