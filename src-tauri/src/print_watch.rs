//! A letter on its way to paper: sent to the printer, followed until it is complete or given up.

use std::{sync::Arc, time::Duration};

use bridge::{AppError, PrintStep};
use identification::{CodeId, CodeState, Command, VoidReason};
use printing::{Document, Error, Outcome, Printer, Progress};
use tokio::sync::{mpsc, oneshot};
use zeroize::Zeroizing;

use crate::{
    controller::{Controller, Input, Window},
    issue::Sheets,
    watch,
};

/// How long a print may take, with somebody fetching paper in between.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// News of a print.
pub(crate) enum PrintNews {
    Step(PrintStep),
    /// All of it is printed.
    Completed,
    /// There is no usable sheet.
    Failed(AppError),
    /// The letter is complete, its receipt isn't.
    ReceiptFailed,
}

/// Sends the letter and follows it, then its receipt; `stopped` ends it.
pub(crate) async fn print(
    printer: Arc<Printer>,
    sheets: Sheets,
    name: String,
    code: CodeId,
    inputs: mpsc::Sender<Input>,
    stopped: oneshot::Receiver<()>,
) {
    let Sheets { letter, receipt } = sheets;
    let document = Document { bytes: &letter, format: "application/pdf", name: &name };
    let sent = printer.print(document).await;
    drop(letter);
    let news = match sent {
        Err(error) => PrintNews::Failed(app_error(&error)),
        Ok(job) => {
            let tell = inputs.clone();
            let on_change = move |progress: &Progress| {
                // A full queue only costs an intermediate picture.
                drop(tell.try_send(Input::Print { code, news: PrintNews::Step(step(progress)) }));
            };
            let unwanted = async {
                // Dropping the sender asks to stop as well.
                drop(stopped.await);
            };
            match printer.follow(job, PATIENCE, unwanted, on_change).await {
                Ok(Outcome::Completed) => PrintNews::Completed,
                Ok(Outcome::Canceled | Outcome::Aborted) => PrintNews::Failed(AppError::PrintFailed),
                Ok(Outcome::GaveUp) | Err(_) => {
                    // Whether this reaches the printer or not: the code is void.
                    printer.cancel(job).await.ok();
                    PrintNews::Failed(AppError::PrintFailed)
                }
            }
        }
    };
    let completed = matches!(news, PrintNews::Completed);
    drop(inputs.send(Input::Print { code, news }).await);
    let receipt = Document { bytes: &receipt, format: "application/pdf", name: &name };
    if completed && let Err(error) = printer.print(receipt).await {
        tracing::warn!(%error, "the receipt was not printed");
        drop(inputs.send(Input::Print { code, news: PrintNews::ReceiptFailed }).await);
    }
}

/// Sends a page without a code; that it couldn't be printed is all that must be told.
pub(crate) async fn print_page(
    printer: Arc<Printer>,
    page: Zeroizing<Vec<u8>>,
    name: String,
    inputs: mpsc::Sender<Input>,
) {
    let document = Document { bytes: &page, format: "application/pdf", name: &name };
    if let Err(error) = printer.print(document).await {
        drop(inputs.send(Input::PageNotPrinted(app_error(&error))).await);
    }
}

impl<W: Window> Controller<W> {
    pub(crate) fn print_news(&mut self, code: CodeId, news: PrintNews) {
        let Some(it) = self.state.in_progress_mut() else { return };
        let mut codes = it.visit.concerns.iter().flat_map(|concern| &concern.codes);
        let Some(state) = codes.find(|it| it.id == code).map(|it| it.state) else { return };
        if matches!(news, PrintNews::ReceiptFailed) {
            self.state.notice = Some(AppError::ReceiptNotPrinted);
            return;
        }
        if state != CodeState::Generated {
            // Discarded meanwhile: the code is void, whatever became of the sheet.
            return;
        }
        let done = match news {
            PrintNews::Step(step) => {
                it.print = step;
                return;
            }
            PrintNews::Completed | PrintNews::ReceiptFailed => self.apply(Command::Printed),
            PrintNews::Failed(error) => {
                self.apply(Command::VoidCode { reason: VoidReason::PrintFailed }).and(Err(error))
            }
        };
        self.stop_print = None;
        if let Err(error) = done {
            self.state.notice = Some(error);
        }
    }
}

fn step(progress: &Progress) -> PrintStep {
    watch::hindrance(&progress.printer_reasons)
        .map_or(PrintStep::AtPrinter, |reason| PrintStep::Waiting { reason })
}

fn app_error(error: &Error) -> AppError {
    tracing::warn!(%error, "the printer did not take the job");
    match error {
        Error::Unreachable | Error::Tls => AppError::PrinterUnreachable,
        // It may be printing: the code is void, the sheet in the tray as well.
        Error::Unconfirmed => AppError::PrintFailed,
        Error::Address
        | Error::PlainForbidden
        | Error::Trust
        | Error::NotAccepting
        | Error::Busy
        | Error::FormatUnsupported
        | Error::DocumentTooLarge
        | Error::NoSuchJob
        | Error::Refused { .. }
        | Error::Http { .. }
        | Error::Protocol
        | Error::TooLarge => AppError::PrinterRefused,
    }
}
