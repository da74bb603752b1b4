//! The only crate that links PC/SC. It knows readers and how to talk to a card in one, never what a card means.
//!
//! - [`Monitor`] watches on a thread of its own and tells the whole picture of readers and cards each time it changes.
//! - [`Session`] is a thread for one reader. It takes jobs, and gives each an exclusive conversation with the card
//!   ([`smartcard::CardChannel`]), a deadline and a [`Cancel`] flag.
//! - [`look`] is the picture of this moment, for programs that don't stay.
//!
//! A PIN can be asked for at a reader's own pad (PC/SC Part 10, [`has_pin_pad`]); the card is reset afterwards whatever
//! was asked for. That is proven over the real service with a virtual reader whose pad takes the request at its word; no
//! reader of a maker has been tried.
//!
//! PC/SC calls block, and a card that never answers blocks for ever: hence threads, never an async pool, and hence an
//! owner who can [give up](JobControl::give_up) on a thread instead of waiting for it.

mod channel;
mod error;
mod extended_length;
mod job;
mod life;
mod monitor;
mod pin_pad;
mod service;
mod session;
mod watch;

pub use job::{Cancel, Ending, JobControl, JobError, JobHandle, JobOptions};
pub use life::abandoned_sessions;
pub use monitor::Monitor;
pub use pin_pad::{PIN_ENTRY_MAX, has_pin_pad};
pub use service::ServiceState;
pub use session::{JOB_QUEUE, Session};
pub use watch::{Atr, CardState, Interface, ReaderEvent, ReaderState, look};
