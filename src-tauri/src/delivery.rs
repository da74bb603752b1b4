//! The outbox: rows are leased, sent under their own id, settled; what the service says of a code goes back to its visit.

use std::{sync::Arc, time::Duration};

use account::{AccountClient, CodeState, DeliveryError, DeliveryKind, ProblemCode};
use bridge::AppError;
use identification::{CodeId, Command, ConcernId, VisitId};
use jiff::{SignedDuration, Timestamp};
use store::{OutboxRow, Outcome, Store};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::{
    controller::{Controller, Input, Window},
    outside, records,
    state::Mode,
};

/// Longer than any call may take, so that a row is never sent twice at once.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// When what was refused, but can't be given up, is sent again.
const REFUSED_AGAIN: Duration = Duration::from_secs(60 * 60);
/// How long the loop sleeps when nothing wakes it.
const NAP: Duration = Duration::from_secs(1);

/// What became of a row. The controller records it and settles the row then: an answer is never lost in between.
pub(crate) struct Delivered {
    row: OutboxRow,
    answer: Answer,
    /// Told when the row is settled.
    settled: oneshot::Sender<()>,
}

/// What the service said.
struct Answer {
    outcome: Outcome,
    /// `Some` when a hand-over or a blocking was accepted, or refused for good.
    command: Option<Command>,
    /// The service's receipt for a piece of the journal.
    checkpoint: Option<String>,
    /// The service says that the insurer has revoked this desk.
    revoked: bool,
    /// The service knows another record in this one's place.
    behind: bool,
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, command: None, checkpoint: None, revoked: false, behind: false }
    }
}

/// Delivers until nobody listens any more.
pub(crate) async fn run(
    store: Store,
    clients: watch::Receiver<AccountClient>,
    wake: Arc<Notify>,
    inputs: mpsc::Sender<Input>,
) {
    while !inputs.is_closed() {
        match store.lease(timestamp(), LEASE) {
            Ok(Some(row)) => {
                let client = clients.borrow().clone();
                let answer = deliver(&row, &client).await;
                let (settled, done) = oneshot::channel();
                let delivered = Delivered { row, answer, settled };
                if inputs.send(Input::Delivered(Box::new(delivered))).await.is_ok() {
                    // Dropped unsent when the row could not be settled; its lease ends by itself.
                    done.await.ok();
                }
            }
            Ok(None) => drop(tokio::time::timeout(NAP, wake.notified()).await),
            Err(error) => {
                tracing::error!(%error, "the outbox could not be read");
                tokio::time::sleep(NAP).await;
            }
        }
    }
}

async fn deliver(row: &OutboxRow, client: &AccountClient) -> Answer {
    let Ok(delivery) = records::delivery(row) else {
        // A row that this version can't read: a person must look.
        tracing::error!(id = %row.id, "an outbox row is not readable");
        return Outcome::Unreadable.into();
    };
    let code = CodeId::new(delivery.id);
    // Sending a row again asks and tells in one: the service knows it by its id.
    match (client.deliver(&delivery).await, delivery.kind) {
        (Ok(delivered), DeliveryKind::HandOver) => {
            let command = after_hand_over(delivered.code).map(|accepted| accepted(code));
            Answer { command, ..Outcome::Delivered.into() }
        }
        (Ok(delivered), DeliveryKind::Segment) => {
            Answer { checkpoint: delivered.checkpoint, ..Outcome::Delivered.into() }
        }
        (Ok(_), DeliveryKind::Blocking) => {
            let command = Command::BlockingAccepted { concern: ConcernId::new(delivery.id) };
            Answer { command: Some(command), ..Outcome::Delivered.into() }
        }
        (
            Ok(_),
            DeliveryKind::Identification
            | DeliveryKind::Representation
            | DeliveryKind::Code
            | DeliveryKind::Void
            | DeliveryKind::Review
            | DeliveryKind::Refusal,
        ) => Outcome::Delivered.into(),
        // Every later piece continues this one: what the service misses of the journal must be mended there first.
        (Err(DeliveryError::Refused(problem)), DeliveryKind::Segment) => {
            tracing::error!(%problem, "a piece of the journal was refused");
            Outcome::RetryAt(next(row, Some(REFUSED_AGAIN))).into()
        }
        // The desk's records are older than what the service has of them. None of it is lost to a refusal for good.
        (Err(DeliveryError::Refused(problem)), _) if problem.code == ProblemCode::RecordChainForked => {
            tracing::error!(%problem, "the service knows another record in its place");
            Answer { behind: true, ..Outcome::RetryAt(next(row, Some(REFUSED_AGAIN))).into() }
        }
        (Err(DeliveryError::Refused(problem)), kind) => {
            tracing::warn!(kind = kind.as_str(), %problem, "refused for good");
            let command = match kind {
                DeliveryKind::Code | DeliveryKind::HandOver => Some(Command::ServiceRefused { code }),
                DeliveryKind::Blocking => {
                    Some(Command::BlockingRefused { concern: ConcernId::new(delivery.id) })
                }
                DeliveryKind::Identification
                | DeliveryKind::Representation
                | DeliveryKind::Void
                | DeliveryKind::Review
                | DeliveryKind::Refusal
                | DeliveryKind::Segment => None,
            };
            Answer { command, ..Outcome::Refused { problem: records::problem(problem.code) }.into() }
        }
        (Err(DeliveryError::Unknown), _) => Outcome::Unknown { ask_at: next(row, None) }.into(),
        (Err(DeliveryError::RetryAfter(time)), _) => Outcome::RetryAt(next(row, Some(time))).into(),
        (Err(DeliveryError::Unreachable | DeliveryError::NotAuthenticated), _) => {
            Outcome::NotSent { retry_at: next(row, None) }.into()
        }
        (Err(DeliveryError::Revoked), _) => {
            Answer { revoked: true, ..Outcome::NotSent { retry_at: next(row, None) }.into() }
        }
    }
}

/// What the code's state at the service means for a hand-over that was delivered; nothing yet while it waits for a release.
fn after_hand_over(state: Option<CodeState>) -> Option<fn(CodeId) -> Command> {
    match state? {
        CodeState::Active | CodeState::Redeemed => Some(|code| Command::ServiceAccepted { code }),
        CodeState::Accepted => None,
        CodeState::Expired | CodeState::Locked | CodeState::Revoked | CodeState::Voided => {
            Some(|code| Command::ServiceRefused { code })
        }
    }
}

fn next(row: &OutboxRow, retry_after: Option<Duration>) -> Timestamp {
    let retry_after = retry_after.and_then(|time| SignedDuration::try_from(time).ok());
    store::next_attempt(timestamp(), row.attempts, retry_after, &mut outside::entropy)
}

fn timestamp() -> Timestamp {
    outside::now().timestamp()
}

impl<W: Window> Controller<W> {
    pub(crate) fn delivered(&mut self, delivered: Delivered) {
        let Delivered { row, answer, settled } = delivered;
        let Answer { outcome, command, checkpoint, revoked, behind } = answer;
        self.state.records_behind |= behind;
        if matches!(outcome, Outcome::Delivered | Outcome::Refused { .. }) {
            self.line_answers();
        }
        let recorded = match (command, row.visit, checkpoint) {
            (Some(command), Some(visit), _) => self.service_answered(visit, command),
            (_, _, Some(checkpoint)) => self.countersigned(row.id, checkpoint),
            (_, _, None) => Ok(()),
        };
        let outcome = match recorded {
            // What was recorded before is not recorded twice: an earlier answer arrived, its settling didn't.
            Ok(()) | Err(AppError::NotNow) => outcome,
            Err(error) => {
                tracing::error!(?error, "the service's answer could not be recorded; it is asked for again");
                Outcome::Unknown { ask_at: next(&row, None) }
            }
        };
        match self.desk.store.settle(row.id, outcome, timestamp()) {
            Ok(()) => drop(settled.send(())),
            Err(error) => tracing::error!(%error, "an outbox row could not be settled"),
        }
        self.count_outbox();
        if matches!(self.state.mode, Mode::Today(_))
            && let Err(error) = self.show_today()
        {
            self.state.notice = Some(error);
        }
        if revoked {
            self.wipe(bridge::WipeCause::Revoked);
        }
    }

    /// The code whose letter is being printed.
    fn code_printing(&self) -> Option<CodeId> {
        let concerns = self.state.in_progress().into_iter().flat_map(|it| &it.visit.concerns);
        let mut codes = concerns.flat_map(|concern| &concern.codes);
        codes.find(|code| code.state == identification::CodeState::Generated).map(|code| code.id)
    }

    pub(crate) fn service_answered(&mut self, visit: VisitId, command: Command) -> Result<(), AppError> {
        let refused = if let Command::ServiceRefused { code } = &command { Some(*code) } else { None };
        if self.state.in_progress().is_some_and(|it| it.visit.id == Some(visit)) {
            let printing = self.code_printing();
            self.apply(command)?;
            if refused.is_some() {
                self.state.notice = Some(AppError::CodeRefused);
            }
            if refused.is_some() && refused == printing {
                // Whatever becomes of the sheet, it must not be handed over; another letter's goes on.
                self.stop_print = None;
            }
            return Ok(());
        }
        let loaded = self.load(visit)?;
        let (answered, _) = self.record(loaded, command, None, &outside::now())?;
        self.show_blocking(answered);
        Ok(())
    }
}
