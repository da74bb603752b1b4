//! The printer, looked at from time to time for the status line, and the delivery beside the loop.

use std::time::Duration;

use bridge::PrinterStatus;
use printing::{PrinterState, Severity, StateReason};

use crate::{
    controller::{Controller, Input, Window},
    delivery,
};

/// Between two looks at the printer.
const PRINTER: Duration = Duration::from_secs(5);

impl<W: Window> Controller<W> {
    /// Starts the watchers and the delivery; they end with the loop.
    pub(crate) fn watch_outside(&mut self) {
        let printer = self.desk.printer.clone();
        let name = self.desk.settings.desk.printer.name.clone();
        let inputs = self.sender();
        tokio::task::spawn_local(async move {
            while inputs.send(Input::Printer(status(&name, printer.status().await))).await.is_ok() {
                tokio::time::sleep(PRINTER).await;
            }
        });
        let (store, clients) = (self.desk.store.clone(), self.clients.subscribe());
        let run = delivery::run(store, clients, self.outbox.clone(), self.sender());
        self.deliveries = Some(tokio::task::spawn_local(run).abort_handle());
    }
}

fn status(name: &str, answer: Result<printing::PrinterStatus, printing::Error>) -> PrinterStatus {
    let name = name.to_owned();
    let Ok(status) = answer else { return PrinterStatus::Unreachable { name } };
    match (hindrance(&status.reasons), status.state) {
        (Some(reason), _) => PrinterStatus::Stopped { name, reason },
        (None, PrinterState::Stopped) => PrinterStatus::Stopped { name, reason: String::from("other") },
        (None, _) if !status.accepting => PrinterStatus::Stopped { name, reason: String::from("other") },
        (None, PrinterState::Processing) => PrinterStatus::Busy { name },
        (None, PrinterState::Idle | PrinterState::Unknown) => PrinterStatus::Ready { name },
    }
}

/// What a printer waits for a person to do. Severity alone doesn't tell: some report an empty tray as a warning while the
/// job stands still.
pub(crate) fn hindrance(reasons: &[StateReason]) -> Option<String> {
    const WANTS_A_HAND: [&str; 9] = [
        "media-empty",
        "media-jam",
        "media-needed",
        "cover-open",
        "door-open",
        "input-tray-missing",
        "marker-supply-empty",
        "toner-empty",
        "paused",
    ];
    reasons
        .iter()
        .find(|reason| reason.severity == Severity::Error || WANTS_A_HAND.contains(&reason.keyword.as_str()))
        .map(|reason| reason.keyword.clone())
}
