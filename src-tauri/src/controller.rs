//! The desk's one loop: everything that happens arrives as an [`Input`], one match arm each, nothing hidden in tasks.
//!
//! Commands of the window, cards, answers of the service and of the printer, time: each changes the state, what must last
//! is on disk first, and the whole picture goes to the window.

use std::{collections::HashMap, sync::Arc, time::Duration};

use account::{AccountClient, CallError, SealingKey, Subject};
use bridge::{
    AppError, CardFacts, CardPane, PrinterStatus, ReadStep, ReaderStatus, ServiceStatus, Snapshot,
    input::{CheckInput, ConcernInput, DocumentInput, FaceInput, HandOverInput},
};
use egk::EgkReading;
use identification::{OperatorId, Policy, VisitId};
use pcsc_reader::{CardState, JobControl, Monitor, ReaderEvent, Session};
use settings::Settings;
use smartcard::LengthForm;
use store::Store;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::{
    card::{self, CardNews},
    delivery::Delivered,
    outside,
    present::{self, Constants},
    print_watch::PrintNews,
    state::{Mode, Workstation},
};

/// Inputs that may wait. People and cards make a few a second; a full queue means that the loop hangs.
const QUEUE: usize = 256;
/// How often time itself is an input: the tray's timer.
const TICK: Duration = Duration::from_secs(1);

/// What the window asks for.
#[derive(Debug)]
pub(crate) enum Action {
    CancelReading,
    ReadAgain,
    ChooseConcern(ConcernInput),
    EnterDocument(DocumentInput),
    AnswerCheck(CheckInput),
    ConfirmDocument,
    AnswerFace(FaceInput),
    SignAndPrint,
    HandOver(HandOverInput),
    DiscardCode,
    GoBack,
    AbortVisit,
    FinishVisit,
}

/// Answers a command of the window.
pub(crate) type Reply = oneshot::Sender<Result<(), AppError>>;

/// Everything that can happen.
pub(crate) enum Input {
    Act(Action, Reply),
    Show(oneshot::Sender<Snapshot>),
    Readers(ReaderEvent),
    Card { ticket: u64, news: CardNews },
    CardOverdue { ticket: u64 },
    LookedUp { ticket: u64, reading: Box<EgkReading>, answer: Result<Subject, CallError> },
    VisitNumberAsked { visit: VisitId, input: ConcernInput, answer: Result<bool, CallError>, reply: Reply },
    SealingKey(Result<SealingKey, CallError>),
    Print { visit: VisitId, news: PrintNews },
    Delivered(Box<Delivered>),
    Printer(PrinterStatus),
    Service(ServiceStatus),
    Tick,
}

/// What the controller needs of the window: to be shown what is.
pub(crate) trait Window: Send + 'static {
    /// Shows the whole picture.
    fn show(&self, snapshot: &Snapshot);
}

/// The window's end of the loop.
#[derive(Clone)]
pub(crate) struct Handle(pub(crate) mpsc::Sender<Input>);

impl Handle {
    /// Has something done; the answer says whether it was, the new picture comes by itself.
    pub(crate) async fn act(&self, action: Action) -> Result<(), AppError> {
        let (reply, answer) = oneshot::channel();
        self.0.send(Input::Act(action, reply)).await.map_err(|_| AppError::NotNow)?;
        answer.await.unwrap_or(Err(AppError::NotNow))
    }

    /// The present picture.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, AppError> {
        let (reply, answer) = oneshot::channel();
        self.0.send(Input::Show(reply)).await.map_err(|_| AppError::NotNow)?;
        answer.await.map_err(|_| AppError::NotNow)
    }
}

/// A queue for inputs.
pub(crate) fn queue() -> (mpsc::Sender<Input>, mpsc::Receiver<Input>) {
    mpsc::channel(QUEUE)
}

/// An opened desk: everything outside that a visit needs.
pub(crate) struct Desk {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) client: AccountClient,
    /// The desk's name in its certificate.
    pub(crate) desk_id: String,
    pub(crate) printer: Arc<printing::Printer>,
    pub(crate) paper: crate::issue::Paper,
}

/// A card being read.
struct Reading {
    ticket: u64,
    /// Until the card is read; then the service is asked.
    control: Option<JobControl>,
    /// The second try with the same card.
    again: bool,
}

/// The loop's state.
pub(crate) struct Controller<W> {
    pub(crate) window: W,
    pub(crate) inputs: mpsc::Sender<Input>,
    pub(crate) desk: Desk,
    pub(crate) policy: Policy,
    pub(crate) operator: OperatorId,
    pub(crate) state: Workstation,
    pub(crate) sealing_key: Option<SealingKey>,
    /// Wakes the delivery loop.
    pub(crate) outbox: Arc<Notify>,
    /// Stops following a print that nobody wants any more.
    pub(crate) stop_print: Option<oneshot::Sender<()>>,
    constants: Constants,
    readers: Option<ReaderEvent>,
    sessions: HashMap<String, Session>,
    reading: Option<Reading>,
    /// Reader and count of changes of the card that was dealt with last: it isn't read again by itself.
    seen: Option<(String, u32)>,
    tickets: u64,
}

impl<W: Window> Controller<W> {
    pub(crate) fn new(window: W, inputs: mpsc::Sender<Input>, desk: Desk, operator: OperatorId) -> Self {
        Self {
            window,
            inputs,
            policy: desk.settings.policy(),
            constants: Constants::of(&desk.settings),
            operator,
            desk,
            state: Workstation::new(),
            sealing_key: None,
            outbox: Arc::new(Notify::new()),
            stop_print: None,
            readers: None,
            sessions: HashMap::new(),
            reading: None,
            seen: None,
            tickets: 0,
        }
    }

    /// Runs until nobody can send inputs any more.
    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Input>) {
        self.end_interrupted_visits();
        self.count_outbox();
        let _monitor = self.watch_readers();
        self.watch_outside();
        self.show();
        let mut ticks = tokio::time::interval(TICK);
        loop {
            let input = tokio::select! {
                input = queue.recv() => match input { Some(input) => input, None => return },
                _ = ticks.tick() => Input::Tick,
            };
            if self.take(input) {
                self.show();
            }
        }
    }

    /// One input; whether the picture may have changed.
    fn take(&mut self, input: Input) -> bool {
        match input {
            Input::Show(reply) => {
                // A window that went away before its answer needs none.
                drop(reply.send(self.snapshot()));
                return false;
            }
            Input::Act(action, reply) => self.act(action, reply),
            Input::Readers(event) => self.readers_changed(event),
            Input::Card { ticket, news } => self.card_news(ticket, news),
            Input::CardOverdue { ticket } => self.card_overdue(ticket),
            Input::LookedUp { ticket, reading, answer } => self.looked_up(ticket, &reading, answer),
            Input::VisitNumberAsked { visit, input, answer, reply } => {
                self.visit_number_asked(visit, &input, answer, reply);
            }
            Input::SealingKey(answer) => self.sealing_key = answer.ok().or(self.sealing_key.take()),
            Input::Print { visit, news } => self.print_news(visit, news),
            Input::Delivered(delivered) => self.delivered(*delivered),
            Input::Printer(status) => self.state.printer = status,
            Input::Service(status) => self.service_changed(status),
            Input::Tick => return self.tray_timer(),
        }
        true
    }

    fn act(&mut self, action: Action, reply: Reply) {
        self.state.notice = None;
        let done = match action {
            Action::ChooseConcern(input) => return self.ask_for_visit_number(input, reply),
            Action::CancelReading => {
                self.cancel_reading();
                Ok(())
            }
            Action::ReadAgain => {
                self.read_again();
                Ok(())
            }
            Action::EnterDocument(input) => self.enter_document(input),
            Action::AnswerCheck(input) => self.answer_check(input),
            Action::ConfirmDocument => self.confirm_document(),
            Action::AnswerFace(input) => self.answer_face(&input),
            Action::SignAndPrint => self.sign_and_print(),
            Action::HandOver(input) => self.hand_over(input),
            Action::DiscardCode => self.discard_code(),
            Action::GoBack => self.go_back(),
            Action::AbortVisit => self.abort_visit(),
            Action::FinishVisit => self.finish_visit(),
        };
        self.answer(done, reply);
    }

    /// Answers a command and keeps the error for the window's notice.
    pub(crate) fn answer(&mut self, done: Result<(), AppError>, reply: Reply) {
        if let Err(error) = &done {
            self.state.notice = Some(error.clone());
        }
        drop(reply.send(done));
    }

    fn snapshot(&self) -> Snapshot {
        present::snapshot(&self.state, &self.constants, &self.policy, &outside::now())
    }

    fn show(&mut self) {
        self.state.revision = self.state.revision.wrapping_add(1);
        self.window.show(&self.snapshot());
    }

    /// A sender for threads and tasks.
    pub(crate) fn sender(&self) -> mpsc::Sender<Input> {
        self.inputs.clone()
    }

    fn watch_readers(&mut self) -> Option<Monitor> {
        let inputs = self.sender();
        let monitor = Monitor::start(move |event| {
            // The loop has ended; so will this thread.
            drop(inputs.blocking_send(Input::Readers(event)));
        });
        if monitor.is_err() {
            self.state.reader = ReaderStatus::ServiceDown;
            self.state.notice = Some(AppError::ReaderServiceDown);
        }
        monitor.ok()
    }

    fn readers_changed(&mut self, event: ReaderEvent) {
        self.state.reader = card::reader_status(&event);
        self.readers = Some(event);
        if matches!(self.state.mode, Mode::Idle(_)) {
            self.look_at_card();
        }
    }

    /// Back at the start: whatever card went in meanwhile is read.
    pub(crate) fn wait_for_card(&mut self) {
        self.reading = None;
        self.state.mode = Mode::Idle(CardPane::Empty);
        self.look_at_card();
    }

    /// Outside a visit: a new card is read, a mute one is named, after a pulled one the desk waits for the next.
    fn look_at_card(&mut self) {
        let Mode::Idle(pane) = &self.state.mode else { return };
        match self.waiting_card() {
            Some(card) if self.seen.as_ref() != Some(&card) => self.read_card(card, false),
            Some(_) => {}
            None => {
                self.seen = None;
                let mute = matches!(self.state.reader, ReaderStatus::CardMute { .. });
                match pane {
                    _ if mute => self.fail_card(AppError::CardMute),
                    // That the card was pulled too early is said until the next one; a reading under way will say it.
                    CardPane::Failed { error: AppError::CardRemoved } | CardPane::Reading { .. } => {}
                    CardPane::Failed { .. } | CardPane::Read { .. } | CardPane::Empty => {
                        self.state.mode = Mode::Idle(CardPane::Empty);
                        self.state.notice = None;
                    }
                }
            }
        }
    }

    /// The card that was read is the one in the reader.
    pub(crate) fn card_is_still_in(&self) -> bool {
        self.seen.is_some() && self.seen == self.waiting_card()
    }

    /// The first card that answers, as reader and count of changes.
    fn waiting_card(&self) -> Option<(String, u32)> {
        let reader =
            self.readers.as_ref()?.readers.iter().find(|it| matches!(it.card, CardState::Present { .. }))?;
        Some((reader.name.clone(), reader.changes))
    }

    fn read_card(&mut self, card: (String, u32), again: bool) {
        let reader = card.0.clone();
        self.seen = Some(card);
        self.tickets += 1;
        let ticket = self.tickets;
        if !self.sessions.get(&reader).is_some_and(Session::is_serving) {
            match Session::open(&reader, LengthForm::Short) {
                Ok(session) => drop(self.sessions.insert(reader.clone(), session)),
                Err(_) => return self.fail_card(AppError::ReaderRemoved),
            }
        }
        let Some(session) = self.sessions.get(&reader) else { return };
        let inputs = self.sender();
        let control = card::read(session, move |news| {
            // Never waits: a session that has ended answers on this very thread. The queue has room for many cards.
            inputs.try_send(Input::Card { ticket, news }).ok();
        });
        self.reading = Some(Reading { ticket, control: Some(control), again });
        self.state.notice = None;
        self.state.mode = Mode::Idle(CardPane::Reading {
            step: ReadStep::Version,
            done: 0,
            total: card::PARTS,
            facts: CardFacts::default(),
        });
        let inputs = self.sender();
        tokio::task::spawn_local(async move {
            // The deadline itself is checked between APDUs; this is for a card that stops answering altogether.
            tokio::time::sleep(card::DEADLINE + Duration::from_secs(1)).await;
            drop(inputs.send(Input::CardOverdue { ticket }).await);
        });
    }

    fn card_news(&mut self, ticket: u64, news: CardNews) {
        if self.reading.as_ref().is_none_or(|it| it.ticket != ticket) || self.state.in_progress().is_some() {
            return;
        }
        match news {
            CardNews::Facts { step, done, facts } => {
                self.state.mode = Mode::Idle(CardPane::Reading { step, done, total: card::PARTS, facts });
            }
            CardNews::Done(Err(error)) => {
                let again = self.reading.take().is_some_and(|it| it.again);
                match self.waiting_card() {
                    // It answers the reader now: it was still being pushed in.
                    Some(card) if error == AppError::CardMute && !again => self.read_card(card, true),
                    _ => self.fail_card(error),
                }
            }
            CardNews::Done(Ok(reading)) => {
                if let Some(it) = &mut self.reading {
                    it.control = None;
                }
                self.look_up(ticket, reading);
            }
        }
    }

    fn card_overdue(&mut self, ticket: u64) {
        let overdue =
            self.reading.as_ref().filter(|it| it.ticket == ticket).and_then(|it| it.control.as_ref());
        if let Some(control) = overdue {
            let error = card::job_error(control.give_up());
            self.reading = None;
            self.fail_card(error);
        }
    }

    pub(crate) fn fail_card(&mut self, error: AppError) {
        self.state.mode = Mode::Idle(CardPane::Failed { error });
    }

    fn cancel_reading(&mut self) {
        match self.reading.as_ref().map(|it| &it.control) {
            // The job says itself that it was cancelled.
            Some(Some(control)) => control.cancel(),
            Some(None) if self.state.in_progress().is_none() => {
                self.reading = None;
                self.fail_card(AppError::ReadingCancelled);
            }
            Some(None) | None => {}
        }
    }

    /// Reads the card that is in, whatever became of it before.
    fn read_again(&mut self) {
        if matches!(self.state.mode, Mode::Visit(_))
            || matches!(self.state.mode, Mode::Idle(CardPane::Reading { .. }))
        {
            return;
        }
        match self.waiting_card() {
            Some(card) => self.read_card(card, false),
            None => self.state.mode = Mode::Idle(CardPane::Empty),
        }
    }

    /// The reading that a look-up or a cancelled job belonged to is over.
    pub(crate) fn reading_is(&self, ticket: u64) -> bool {
        self.reading.as_ref().is_some_and(|it| it.ticket == ticket) && self.state.in_progress().is_none()
    }

    fn service_changed(&mut self, status: ServiceStatus) {
        // Anew after each outage: keys are changed in maintenance windows.
        if status == ServiceStatus::Connected && self.state.service != ServiceStatus::Connected {
            self.fetch_sealing_key();
            self.outbox.notify_one();
        }
        self.state.service = status;
    }

    fn fetch_sealing_key(&self) {
        let (client, inputs) = (self.desk.client.clone(), self.sender());
        tokio::task::spawn_local(async move {
            let answer = client.sealing_key().await;
            drop(inputs.send(Input::SealingKey(answer)).await);
        });
    }
}
