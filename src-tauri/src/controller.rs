//! The desk's one loop: everything that happens arrives as an [`Input`], one match arm each, nothing hidden in tasks.
//!
//! Commands of the window, cards, answers of the service and of the printer, time: each changes the state, what must last
//! is on disk first, and the whole picture goes to the window.

use std::{sync::Arc, time::Duration};

use account::{AccountClient, CallError, SealingKey, Subject};
use bridge::{
    AppError, PrinterStatus, ServiceStatus, Snapshot,
    input::{CheckInput, ConcernInput, DocumentInput, FaceInput, HandOverInput},
};
use egk::EgkReading;
use identification::{OperatorId, Policy, VisitId};
use pcsc_reader::ReaderEvent;
use settings::Settings;
use store::Store;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::{
    card::CardNews,
    delivery::Delivered,
    outside,
    present::{self, Constants},
    print_watch::PrintNews,
    reading::Cards,
    state::Workstation,
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
    /// What is in the readers, and the reading under way.
    pub(crate) cards: Cards,
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
            cards: Cards::default(),
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
