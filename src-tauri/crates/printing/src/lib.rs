//! Printing straight to a printer by IPP (RFC 8010, RFC 8011) over TLS or over loopback: printers, jobs, states.
//!
//! This crate does not know what it prints. It names the desk towards the printer, never the person at it; it keeps no
//! document; and no error says anything about a job's content.
//!
//! ```no_run
//! # async fn example(pdf: &[u8], closing: impl Future<Output = ()>) -> Result<(), printing::Error> {
//! use std::time::Duration;
//! use printing::{Document, Outcome, Printer, Transport, Trust};
//!
//! let printer = Printer::new("ipps://drucker-3.example/ipp/print", Transport::TlsRequired, Trust::System)?;
//! let job = printer.print(Document { bytes: pdf, format: "application/pdf", name: "Platz 3" }).await?;
//! let on_change = |progress: &printing::Progress| println!("{:?}", progress.printer_reasons);
//! let outcome = printer.follow(job, Duration::from_secs(300), closing, on_change).await?;
//! assert_eq!(outcome, Outcome::Completed);
//! # Ok(())
//! # }
//! ```

mod address;
mod codec;
mod error;
mod follow;
mod http;
mod printer;
mod state;
mod trust;

pub use address::Transport;
pub use error::Error;
pub use follow::{Outcome, Progress};
pub use printer::{Document, ListedJob, MAX_DOCUMENT, Printer};
pub use state::{JobId, JobState, JobStatus, PrinterState, PrinterStatus, Severity, StateReason};
pub use trust::Trust;
