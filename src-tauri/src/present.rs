//! From state to what the window shows: pure functions, no decisions.

mod about;
mod blocking;
mod concerns;
mod lists;
mod pane;
mod steps;

use bridge::{
    ConsentText, Desk, InterruptedVisit, LockedScreen, Operator, Place, Product, ReviewDue, Screen,
    SignInScreen, Snapshot, Text,
};
use identification::{OperatorId, Policy};
use jiff::Zoned;
use settings::{CatalogueDocument, LocalText, Settings};

use crate::{
    controller::{Controller, Window},
    convert,
    issue::Paper,
    line, session,
    state::{Interrupted, Mode, Session, Workstation},
};

/// What doesn't change while the program runs.
#[derive(Debug)]
pub(crate) struct Constants {
    pub(crate) product: Product,
    pub(crate) place: Place,
    pub(crate) members: Vec<Operator>,
    pub(crate) documents: Vec<CatalogueDocument>,
    /// What the clerk calls the printer.
    pub(crate) printer: String,
    /// What a person agrees to whose document's chip is read.
    pub(crate) chip_consent: ConsentText,
    /// Documents whose zone may be scanned.
    scanned: Vec<String>,
}

impl Constants {
    pub(crate) fn of(settings: &Settings, accounts: &staff::Accounts, paper: &Paper) -> Self {
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
            members: session::operators(accounts),
            documents: settings.documents.clone(),
            printer: settings.desk.printer.name.clone(),
            chip_consent: paper.chip_consent(settings),
            scanned: settings
                .documents
                .iter()
                .map(|document| document.id.clone())
                .filter(|id| settings.scan_admitted(id).is_some())
                .collect(),
        }
    }
}

impl Constants {
    /// Whether the zone of such a document may be scanned.
    fn scans(&self, document: &str) -> bool {
        self.scanned.iter().any(|id| id == document)
    }
}

/// What every part of the picture is drawn from.
#[derive(Clone, Copy)]
struct View<'a> {
    state: &'a Workstation,
    constants: &'a Constants,
    policy: &'a Policy,
    now: &'a Zoned,
}

impl View<'_> {
    /// What a member of staff is called at this desk; the id of somebody who no longer works here.
    fn name_of(&self, staff: &OperatorId) -> String {
        let member = self.constants.members.iter().find(|member| member.id == staff.as_str());
        member.map_or_else(|| staff.as_str().to_owned(), |member| member.name.clone())
    }
}

/// The whole picture at `now`.
pub(crate) fn snapshot<W: Window>(desk: &Controller<W>, now: &Zoned) -> Snapshot {
    let (state, constants) = (&desk.state, &desk.constants);
    let view = View { state, constants, policy: &desk.policy, now };
    Snapshot {
        revision: state.revision,
        workshop: cfg!(feature = "workshop"),
        product: constants.product.clone(),
        place: constants.place.clone(),
        operator: state.session.as_ref().map(|it| it.shown.clone()),
        desk: Desk {
            reader: state.reader.clone(),
            printer: state.printer.clone(),
            service: state.service.clone(),
            line: if matches!(state.mode, Mode::Wiped(_)) {
                // Nothing depends on it any more.
                bridge::LineView::Unknown
            } else {
                line::view(&state.line, &state.service, now.timestamp(), view.policy)
            },
            clock: line::clock_view(&state.line, now.timestamp(), view.policy),
            obstacles: line::obstacles(state, view.policy, now),
            tasks: state.tasks.saturating_add(count(state.care.count())),
            unproven_erasures: count(state.care.erasures.len()),
            outbox: state.outbox,
            reviews: view.policy.reviews.due(now.date()).into_iter().map(review_due).collect(),
        },
        screen: screen(desk, view),
        notice: state.notice.clone(),
    }
}

fn screen<W: Window>(desk: &Controller<W>, view: View<'_>) -> Screen {
    let state = view.state;
    match (&state.session, &state.mode) {
        (_, Mode::Wiped(step)) => Screen::Wiped { step: step.clone() },
        (None, _) => Screen::SignIn { step: SignInScreen { members: view.constants.members.clone() } },
        (Some(session), _) if session.locked() => Screen::Locked { step: locked(view, session) },
        (Some(_), Mode::Start) => {
            let card_number = convert::card_number(view.policy.card_number);
            let interrupted = desk.resumable().map(interrupted);
            Screen::Start { card: state.card.clone(), interrupted, card_number }
        }
        (Some(session), Mode::Visit(it)) => steps::screen(view, it, session),
        (Some(_), Mode::Today(rows)) => Screen::Today { step: lists::today(rows, view) },
        (Some(session), Mode::Reviews(rows, selected)) => {
            Screen::Reviews { step: lists::reviews(rows, selected.as_ref(), &desk.tasks, session, view) }
        }
        (Some(_), Mode::Search(reference, found)) => {
            Screen::Search { step: lists::search(reference.as_deref(), found.as_ref(), view) }
        }
        (Some(_), Mode::Block(recorded)) => Screen::Block {
            step: blocking::screen(recorded.as_deref(), &desk.desk.settings.profile.letter.blocking_number),
        },
        (Some(_), Mode::About { confirmed }) => Screen::About { step: about::about(&desk.desk, *confirmed) },
    }
}

fn locked(view: View<'_>, session: &Session) -> LockedScreen {
    let visit = view.state.in_progress().map(|it| &it.visit);
    let sheet_in_tray = visit.is_some_and(|visit| visit.in_tray().is_some());
    let may = |member: &&Operator| {
        visit.is_none() || member.id == session.shown.id || member.role == bridge::Role::Supervisor
    };
    LockedScreen {
        operator: session.shown.clone(),
        members: view.constants.members.iter().filter(may).cloned().collect(),
        visit_open: visit.is_some(),
        sheet_in_tray,
    }
}

fn interrupted(it: &Interrupted) -> InterruptedVisit {
    InterruptedVisit {
        opened_at: it.visit.opened_at.unwrap_or_default().to_string(),
        resumable_until: it.until.to_string(),
        code_voided: it.code_voided,
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
        operator: None,
        desk: Desk {
            reader: bridge::ReaderStatus::Starting,
            printer: bridge::PrinterStatus::Unknown,
            service: bridge::ServiceStatus::Unknown,
            line: bridge::LineView::Unknown,
            clock: bridge::ClockView::Right,
            obstacles: bridge::Obstacles { with_card: None, by_number: None, as_representative: None },
            tasks: 0,
            unproven_erasures: 0,
            outbox: 0,
            reviews: Vec::new(),
        },
        screen,
        notice,
    }
}

fn review_due(due: identification::ReviewDue) -> ReviewDue {
    ReviewDue {
        part: convert::reviewed_part(due.part),
        until: due.until.map(|day| day.to_string()),
        then: convert::level(due.then),
    }
}

fn text(text: &LocalText) -> Text {
    Text { de: text.de.clone(), en: text.en.clone() }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
