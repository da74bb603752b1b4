//! The desk's one loop: everything that happens arrives as an [`Input`], one match arm each, nothing hidden in tasks.
//!
//! Commands of the window, cards, answers of the service and of the printer, time: each changes the state, what must last
//! is on disk first, and the whole picture goes to the window.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use account::{AccountClient, DeskIdentity, Endpoint, SealingKey};
use bridge::{
    AppError, PrinterStatus, Snapshot,
    input::{
        AccessAlertId, BlockInput, CanInput, CarerInput, CheckInput, ChipConsentInput, ChipKeyInput,
        ConcernId, ConcernInput, DocumentInput, FaceInput, FindInput, HandOverInput, HoldInput, OpenInput,
        PersonInput, PinEntryInput, ProofInput, ReviewInput, SecondLookInput, SignInInput, SignInput, TaskId,
        VisitId as VisitInput,
    },
};
use identification::{CodeId, Line, Policy};
use pcsc_reader::ReaderEvent;
use scanner::ScannerEvent;
use settings::Settings;
use store::{Store, StoreError};
use tokio::{
    sync::{Notify, mpsc, oneshot, watch},
    task::AbortHandle,
};
use vault::Vault;

use crate::{
    card::CardNews,
    chip::ChipNews,
    concerns::Answered,
    delivery::Delivered,
    erasing::Erased,
    line::ServiceNews,
    outside,
    picture::Shelf,
    pin::PinNews,
    present::{self, Constants},
    print_watch::PrintNews,
    reading::Cards,
    staff_contacts::StaffContacts,
    state::{Mode, Step, Workstation},
    upkeep::{Fetched, Upkeep},
};

/// Inputs that may wait. People and cards make a few a second; a full queue means that the loop hangs.
const QUEUE: usize = 256;
/// How often time itself is an input: the tray's timer.
const TICK: Duration = Duration::from_secs(1);

/// What the window asks for.
#[derive(Debug)]
pub(crate) enum Action {
    SignIn(SignInInput),
    SignOut,
    Lock,
    Unlock(SignInInput),
    ResumeVisit,
    DiscardInterrupted,
    CancelReading,
    ReadAgain,
    EnterCan(CanInput),
    ProveWithPin(PinEntryInput),
    CancelPin,
    AgreeToChip(ChipConsentInput),
    DeclineChip,
    PrintChipConsent,
    OpenChip(ChipKeyInput),
    CancelChip,
    RevokeChip,
    BeginWithNumber(PersonInput),
    BeginAsCarer(CarerInput),
    AddPerson(PersonInput),
    PresentProof(ProofInput),
    WithdrawConcern(ConcernId),
    ConfirmConcerns,
    ChooseConcern(ConcernInput),
    EnterDocument(DocumentInput),
    AnswerCheck(CheckInput),
    ConfirmDocument,
    AnswerFace(FaceInput),
    SecondLook(SecondLookInput),
    SignAndPrint(SignInput),
    HandOver(HandOverInput),
    DiscardCode,
    GoBack,
    AbortVisit,
    RefuseVisit,
    PrintRefusal(ConcernId),
    FinishVisit,
    ShowToday,
    ShowReviews,
    OpenReview(OpenInput),
    Review(ReviewInput),
    ShowStart,
    ShowSearch,
    FindVisit(FindInput),
    HoldVisit(HoldInput),
    ReleaseHold(VisitInput),
    CloseTask(TaskId),
    CloseAccessAlert(AccessAlertId),
    ShowBlock,
    Block(BlockInput),
    ShowAbout,
    TryAgain,
    ExportUndelivered,
    BeginAnew,
}

impl Action {
    /// What may be done at a desk that nobody attends.
    const fn is_for_everybody(&self) -> bool {
        matches!(self, Self::SignIn(_) | Self::Unlock(_))
    }
}

/// Answers a command of the window.
pub(crate) type Reply = oneshot::Sender<Result<(), AppError>>;

/// Everything that can happen.
pub(crate) enum Input {
    Act(Action, Reply),
    Show(oneshot::Sender<Snapshot>),
    Readers(ReaderEvent),
    Card {
        ticket: u64,
        news: CardNews,
    },
    CardOverdue {
        ticket: u64,
    },
    /// The reader with the visit's card has a pad, or none.
    PinPad {
        found: bool,
    },
    Pin {
        ticket: u64,
        news: PinNews,
    },
    Chip {
        ticket: u64,
        news: ChipNews,
    },
    Scanner(ScannerEvent),
    /// The service answered what was asked while that was being done; nothing else may have begun since.
    Answered {
        doing: u64,
        answered: Box<Answered>,
        reply: Option<Reply>,
    },
    Fetched(Fetched),
    /// A run of deletions is over.
    Erased(Result<Erased, StoreError>),
    Print {
        code: CodeId,
        news: PrintNews,
    },
    PageNotPrinted(AppError),
    /// Somebody wanted to close the window while a sheet lies in the tray.
    CloseRefused,
    Delivered(Box<Delivered>),
    Printer(PrinterStatus),
    Service(Box<ServiceNews>),
    Tick,
}

/// What the controller needs of the window: to be shown what is.
pub(crate) trait Window: Send + 'static {
    /// Shows the whole picture.
    fn show(&self, snapshot: &Snapshot);
}

/// The window's end of the loop.
#[derive(Clone)]
pub(crate) struct Handle {
    inputs: mpsc::Sender<Input>,
    /// A sheet is being printed or lies in the tray.
    sheet_in_tray: Arc<AtomicBool>,
}

impl Handle {
    pub(crate) fn new(inputs: mpsc::Sender<Input>, sheet_in_tray: Arc<AtomicBool>) -> Self {
        Self { inputs, sheet_in_tray }
    }

    /// Whether the window may close now. Nobody walks away from a sheet in the tray: the window says so instead.
    pub(crate) fn may_close(&self) -> bool {
        let may = !self.sheet_in_tray.load(Ordering::Relaxed);
        if !may {
            // A loop that takes nothing more has nothing to show either.
            self.inputs.try_send(Input::CloseRefused).ok();
        }
        may
    }

    /// Has something done; the answer says whether it was, the new picture comes by itself.
    pub(crate) async fn act(&self, action: Action) -> Result<(), AppError> {
        let (reply, answer) = oneshot::channel();
        self.inputs.send(Input::Act(action, reply)).await.map_err(|_| AppError::NotNow)?;
        answer.await.unwrap_or(Err(AppError::NotNow))
    }

    /// The present picture.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, AppError> {
        let (reply, answer) = oneshot::channel();
        self.inputs.send(Input::Show(reply)).await.map_err(|_| AppError::NotNow)?;
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
    /// Who the desk is to the service, and with what it signs.
    pub(crate) identity: DeskIdentity,
    /// Where the service is.
    pub(crate) endpoint: Endpoint,
    /// Whose word counts for what the insurer signs, PEM.
    pub(crate) authorities: String,
    pub(crate) vault: Vault,
    /// What was known of line and clock when the last run ended.
    pub(crate) line: Line,
    /// Number of the last event of the insurer that was acted on.
    pub(crate) last_event: u64,
    /// The service's key of the last run.
    pub(crate) sealing_key: Option<SealingKey>,
    pub(crate) printer: Arc<printing::Printer>,
    pub(crate) paper: crate::issue::Paper,
    /// Who may work here.
    pub(crate) accounts: staff::Accounts,
    /// Whom the desk trusts to vouch for health cards.
    pub(crate) trust: Arc<egk::TrustStore>,
    /// Whom it trusts to vouch for travel documents.
    pub(crate) documents: Arc<mrtd::trust::TrustStore>,
}

/// The loop's state.
pub(crate) struct Controller<W> {
    pub(crate) window: W,
    pub(crate) inputs: mpsc::Sender<Input>,
    pub(crate) desk: Desk,
    pub(crate) policy: Policy,
    pub(crate) state: Workstation,
    pub(crate) sealing_key: Option<SealingKey>,
    /// Tells the delivery loop of a new certificate.
    pub(crate) clients: watch::Sender<AccountClient>,
    pub(crate) upkeep: Upkeep,
    /// What waits for a supervisor, as of the last look at it.
    pub(crate) tasks: Vec<store::Task>,
    /// Ends the delivery loop.
    pub(crate) deliveries: Option<AbortHandle>,
    /// Wakes the delivery loop.
    pub(crate) outbox: Arc<Notify>,
    /// Stops following a print that nobody wants any more.
    pub(crate) stop_print: Option<oneshot::Sender<()>>,
    pub(crate) constants: Constants,
    /// Told to whoever closes the window.
    sheet_in_tray: Arc<AtomicBool>,
    /// What is in the readers, and the reading under way.
    pub(crate) cards: Cards,
    /// Where the window fetches the picture out of a document's chip.
    pub(crate) shelf: Shelf,
}

impl<W: Window> Controller<W> {
    pub(crate) fn new(
        window: W,
        inputs: mpsc::Sender<Input>,
        desk: Desk,
        sheet_in_tray: Arc<AtomicBool>,
        shelf: Shelf,
    ) -> Self {
        Self {
            window,
            inputs,
            policy: desk.settings.policy(outside::now().date()),
            constants: Constants::of(&desk.settings, &desk.accounts, &desk.paper),
            state: Workstation::new(
                desk.line,
                StaffContacts::remembered(&desk.store),
                desk.last_event,
                outside::now().timestamp(),
            ),
            sealing_key: desk.sealing_key.clone(),
            clients: watch::Sender::new(desk.client.clone()),
            upkeep: Upkeep::default(),
            tasks: Vec::new(),
            desk,
            deliveries: None,
            outbox: Arc::new(Notify::new()),
            stop_print: None,
            sheet_in_tray,
            cards: Cards::default(),
            shelf,
        }
    }

    /// Runs until nobody can send inputs any more.
    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Input>) {
        self.find_interrupted_visits();
        self.count_outbox();
        let _monitor = self.watch_readers();
        let _scanner = self.watch_scanner();
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
        // Whatever was under way when the desk was taken out of service changes nothing any more.
        let wiped = matches!(self.state.mode, Mode::Wiped(_));
        if wiped && !matches!(input, Input::Show(_) | Input::Act(..)) {
            return false;
        }
        match input {
            Input::Show(reply) => {
                self.place_picture_anew();
                // A window that went away before its answer needs none.
                drop(reply.send(self.snapshot()));
                return false;
            }
            Input::Act(action, reply) => self.act(action, reply),
            Input::Readers(event) => self.readers_changed(event),
            Input::Card { ticket, news } => self.card_news(ticket, news),
            Input::CardOverdue { ticket } => self.card_overdue(ticket),
            Input::PinPad { found } => self.pin_pad_found(found),
            Input::Pin { ticket, news } => self.pin_news(ticket, news),
            Input::Chip { ticket, news } => self.chip_news(ticket, news),
            Input::Scanner(event) => self.scanner_news(event),
            Input::Answered { doing, answered, reply } => self.answered(doing, *answered, reply),
            Input::PageNotPrinted(error) => self.state.notice = Some(error),
            Input::CloseRefused => self.state.notice = Some(AppError::SheetInTray),
            Input::Fetched(fetched) => self.fetched(fetched),
            Input::Erased(erased) => self.erased(erased),
            Input::Print { code, news } => self.print_news(code, news),
            Input::Delivered(delivered) => self.delivered(*delivered),
            Input::Printer(status) => self.state.printer = status,
            Input::Service(news) => {
                self.heartbeat_is_over();
                self.service_news(*news);
            }
            Input::Tick => {
                let closed = self.close_overdue();
                let clock = self.watch_clock();
                self.keep_up();
                return self.tray_timer() || closed || clock;
            }
        }
        true
    }

    fn act(&mut self, action: Action, reply: Reply) {
        if matches!(self.state.mode, Mode::Wiped(_)) {
            return self.answer(Err(AppError::NotNow), reply);
        }
        if self.state.attended().is_none() && !action.is_for_everybody() {
            return self.answer(Err(AppError::NotNow), reply);
        }
        // What happened behind the lock is still to be read.
        if self.state.attended().is_some() {
            self.state.notice = None;
        }
        let done = match action {
            Action::BeginWithNumber(input) => return self.begin_with_number(&input, reply),
            Action::BeginAsCarer(input) => return self.begin_as_carer(&input, reply),
            Action::Block(input) => return self.block(&input, reply),
            Action::AddPerson(input) => return self.add_person(&input, reply),
            Action::ChooseConcern(input) => return self.ask_for_visit_number(input, reply),
            Action::EnterDocument(input) => {
                self.forget_key();
                return self.enter_document(input, reply);
            }
            Action::CancelReading => {
                self.cancel_reading();
                Ok(())
            }
            Action::ReadAgain => {
                self.read_again();
                Ok(())
            }
            Action::EnterCan(input) => self.enter_can(&input),
            Action::ProveWithPin(input) => self.prove_with_pin(input),
            Action::CancelPin => {
                self.cancel_pin();
                Ok(())
            }
            Action::AgreeToChip(input) => self.agree_to_chip(input),
            Action::DeclineChip => self.decline_chip(),
            Action::PrintChipConsent => self.print_chip_consent(),
            Action::OpenChip(input) => self.open_chip(&input),
            Action::CancelChip => {
                self.cancel_chip();
                Ok(())
            }
            Action::RevokeChip => self.revoke_chip(),
            Action::SignIn(input) => self.sign_in(input),
            Action::SignOut => self.sign_out(),
            Action::Lock => self.lock(),
            Action::Unlock(input) => self.unlock(input),
            Action::ResumeVisit => self.resume_visit(),
            Action::DiscardInterrupted => self.discard_interrupted(),
            Action::PresentProof(input) => self.present_proof(input),
            Action::WithdrawConcern(input) => self.withdraw_concern(&input.concern),
            Action::ConfirmConcerns => self.confirm_concerns(),
            Action::AnswerCheck(input) => self.answer_check(input),
            Action::ConfirmDocument => self.confirm_document(),
            Action::AnswerFace(input) => self.answer_face(&input),
            Action::SecondLook(input) => self.second_look(input),
            Action::SignAndPrint(input) => self.sign_and_print(input),
            Action::HandOver(input) => self.hand_over(input),
            Action::DiscardCode => self.discard_code(),
            Action::GoBack => self.go_back(),
            Action::AbortVisit => self.abort_visit(),
            Action::RefuseVisit => self.refuse_visit(),
            Action::PrintRefusal(input) => self.print_refusal(&input.concern),
            Action::FinishVisit => self.finish_visit(),
            Action::ShowToday => self.show_today(),
            Action::ShowReviews => self.show_reviews(),
            Action::OpenReview(input) => self.open_review(&input),
            Action::Review(input) => self.review(input),
            Action::ShowStart => self.show_start(),
            Action::ShowSearch => self.show_search(),
            Action::FindVisit(input) => self.find_visit(&input),
            Action::HoldVisit(input) => self.hold_visit(&input),
            Action::ReleaseHold(input) => self.release_hold(&input.visit),
            Action::CloseTask(input) => self.close_task(&input.task),
            Action::CloseAccessAlert(input) => self.close_access_alert(&input),
            Action::ShowBlock => self.show_block(),
            Action::ShowAbout => self.show_about(),
            // Of a desk that can't be opened; this one is.
            Action::TryAgain | Action::ExportUndelivered | Action::BeginAnew => Err(AppError::NotNow),
        };
        self.count_outbox();
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
        present::snapshot(self, &outside::now())
    }

    fn show(&mut self) {
        self.state.revision = self.state.revision.wrapping_add(1);
        let waiting = matches!(self.step(), Some(Step::Printing | Step::HandOver));
        self.sheet_in_tray.store(waiting, Ordering::Relaxed);
        self.place_picture();
        self.window.show(&self.snapshot());
    }

    /// The desk has another certificate.
    pub(crate) fn client_changed(&self) {
        self.clients.send_replace(self.desk.client.clone());
    }

    /// A sender for threads and tasks.
    pub(crate) fn sender(&self) -> mpsc::Sender<Input> {
        self.inputs.clone()
    }
}
