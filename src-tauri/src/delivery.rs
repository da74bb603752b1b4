//! The outbox: rows are leased, sent under their own id, settled; what the service says of a code goes back to its visit.

use std::{sync::Arc, time::Duration};

use account::{AccountClient, DeliveryError, DeliveryKind};
use identification::{CodeId, Command, VisitId};
use jiff::{SignedDuration, Timestamp};
use store::{OutboxRow, Outcome, Store, StoreError};
use tokio::sync::{Notify, mpsc};

use crate::{
    controller::{Controller, Input, Window},
    outside, records,
};

/// Longer than any call may take, so that a row is never sent twice at once.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// How long the loop sleeps when nothing wakes it.
const NAP: Duration = Duration::from_secs(1);

/// What became of a row.
pub(crate) struct Delivered {
    visit: VisitId,
    /// `Some` when a hand-over was accepted or a code refused for good.
    command: Option<Command>,
}

/// Delivers until nobody listens any more.
pub(crate) async fn run(store: Store, client: AccountClient, wake: Arc<Notify>, inputs: mpsc::Sender<Input>) {
    while !inputs.is_closed() {
        match one(&store, &client).await {
            Ok(Some(delivered)) => drop(inputs.send(Input::Delivered(delivered)).await),
            Ok(None) => drop(tokio::time::timeout(NAP, wake.notified()).await),
            Err(error) => {
                tracing::error!(%error, "the outbox could not be read");
                tokio::time::sleep(NAP).await;
            }
        }
    }
}

async fn one(store: &Store, client: &AccountClient) -> Result<Option<Delivered>, StoreError> {
    let Some(row) = store.lease(timestamp(), LEASE)? else { return Ok(None) };
    let Ok(delivery) = records::delivery(&row) else {
        // A row that this version can't read: a person must look, and nothing behind it may overtake.
        store.settle(row.id, Outcome::Refused, timestamp())?;
        return Ok(Some(Delivered { visit: row.visit, command: None }));
    };
    let code = CodeId::new(delivery.id);
    // Sending a row again asks and tells in one: the service knows it by its id.
    let answer = client.deliver(&delivery).await;
    let (outcome, command) = match (answer, delivery.kind) {
        (Ok(_), DeliveryKind::HandOver) => (Outcome::Delivered, Some(Command::ServiceAccepted { code })),
        (Ok(_), _) => (Outcome::Delivered, None),
        (Err(DeliveryError::Refused(problem)), kind) => {
            tracing::warn!(kind = kind.as_str(), %problem, "refused for good");
            let concerns_code = matches!(kind, DeliveryKind::Code | DeliveryKind::HandOver);
            (Outcome::Refused, concerns_code.then_some(Command::ServiceRefused { code }))
        }
        (Err(DeliveryError::Unknown), _) => (Outcome::Unknown { ask_at: next(&row, None) }, None),
        (Err(DeliveryError::RetryAfter(time)), _) => (Outcome::RetryAt(next(&row, Some(time))), None),
        (Err(DeliveryError::Unreachable | DeliveryError::NotAuthenticated | DeliveryError::Revoked), _) => {
            (Outcome::RetryAt(next(&row, None)), None)
        }
    };
    store.settle(row.id, outcome, timestamp())?;
    Ok(Some(Delivered { visit: row.visit, command }))
}

fn next(row: &OutboxRow, retry_after: Option<Duration>) -> Timestamp {
    let retry_after = retry_after.and_then(|time| SignedDuration::try_from(time).ok());
    store::next_attempt(timestamp(), row.attempts, retry_after, &mut outside::entropy)
}

fn timestamp() -> Timestamp {
    outside::now().timestamp()
}

impl<W: Window> Controller<W> {
    pub(crate) fn delivered(&mut self, delivered: &Delivered) {
        self.count_outbox();
        let Some(command) = delivered.command.clone() else { return };
        let current = self.state.in_progress().is_some_and(|it| it.visit.id == Some(delivered.visit));
        let done = if current {
            self.apply(command)
        } else {
            let now = outside::now();
            self.load(delivered.visit).and_then(|visit| self.record(visit, command, None, &now)).map(|_| ())
        };
        if let Err(error) = done {
            tracing::warn!(?error, "the service's answer could not be recorded");
        }
    }
}
