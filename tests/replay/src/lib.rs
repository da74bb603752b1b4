//! Replays recorded conversations with cards against the code that reads cards: every byte it sends must be the recorded
//! one.
//!
//! Two kinds of `*.jsonl` are known by their first line:
//! - A **recording** ([`recording`]) as gematik publishes them (OpenHealth-Core, `test-vectors/apdu-replay`): bytes as they
//!   went over the wire, the CAN and the terminal's ephemeral PACE keys. [`session`] has the product run PACE with these
//!   keys, takes secure messaging off the recorded commands by code of its own ([`terminal`], [`messaging`]: elliptic
//!   curve by `bp256`, ciphers by OpenSSL, each what the product does *not* use for it) and sends the plain commands
//!   through the product's secure channel.
//! - A **transcript** ([`smartcard::transcript`]), which [`reading`] answers [`egk::read`] from. What the reading was given
//!   besides (CAN, random numbers) and how it ended stands beside `NAME.jsonl` in `NAME.given.json`.
//!
//! Nothing of a person is told: of data only the lengths.

pub mod folder;
pub mod messaging;
pub mod reading;
pub mod recording;
pub mod report;
pub mod session;
pub mod terminal;
mod vsd;
